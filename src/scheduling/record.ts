// What a record is, and every rule that it must pass before it may be sent.
// A record is told all that is wrong with it, in the order of its fields; then what depends on the zones and the clock
// (`fitTime`), and on the campaign (`fitCampaign`). The first problem decides its kind.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignDefinition } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import { maskPhoneNumber, redact } from '../foundation/redaction.ts';
import type { TimeZone } from '../foundation/time-zone.ts';
import { headers, mandatoryHeaders, maxPriority, minPriority } from '../upstream/contract.ts';
import { headerProblem, phpNameOf } from './custom-header.ts';
import {
  expectedExpiry,
  expectedTime,
  formatDialerTime,
  parseExpiry,
  parseTime,
  type TimeProblem,
} from './dialer-time.ts';
import { createPhoneNumberParser, type PhoneNumber, type PhoneNumberParser } from './phone-number.ts';
import { type Finding, failureOf, type RecordFailure, type RecordProblemReason } from './record-problem.ts';
import { cleanNumeral, cleanText } from './text.ts';
import { encodeValue, nameProblem, valueProblem } from './value-text.ts';

/** A record as the caller wrote it. */
export interface CampaignRecord {
  reference?: string | null | undefined;
  phoneNumber?: string | null | undefined;
  scheduledTime?: string | null | undefined;
  name?: string | null | undefined;
  priority?: number | null | undefined;
  expiryDate?: string | null | undefined;
  agentId?: string | null | undefined;
  skill?: string | null | undefined;
  customFields?: readonly CustomField[] | null | undefined;
}

export interface CustomField {
  header: string;
  value: string;
}

/** A record that passed every rule. */
export interface CheckedRecord extends Row {
  /** E.164. */
  phoneNumber: string;
  /** Epoch milliseconds. */
  scheduledTime: number;
  name: string | null;
  agentId: string | null;
  skill: string | null;
}

/** What is sent of a record. */
export interface Row {
  /** Headers, the mandatory two first. */
  readonly columns: readonly string[];
  /** A value for each of them. */
  readonly values: readonly string[];
}

/** What a record is checked against: one for all records of a request. */
export interface Circumstances extends CharacterRules {
  /** Epoch milliseconds. */
  now: number;
  horizonDays: number;
  /** The zone of times that state no offset. */
  inputZone: TimeZone;
  /** The zone on whose clock the dialer reads times. */
  dialerZone: TimeZone;
  /** What is known of the campaign's mapping: with no `headers`, any header is let through. */
  campaign: CampaignDefinition;
}

/** A row longer than this is refused: the dialer replays rows as query strings, and servers refuse long URLs. */
export const maxRowBytes = 4096;

const dayMs = 86_400_000;
/** A time that lies so far ahead is still to come when a caller who is told of it has sent it. */
const resendMs = 10_000;

/** Prepares the rules of a region once; the returned function checks one record. */
export function createRecordCheck(region: CountryCode) {
  const parsePhoneNumber = createPhoneNumberParser(region);
  // Lists are of one kind: a record whose columns are those of the one before shares them with it.
  let columnsBefore: readonly string[] = [];

  return (record: CampaignRecord, circumstances: Circumstances): CheckedRecord | RecordFailure => {
    const findings: Finding[] = [];
    const phoneNumber = checkPhoneNumber(record.phoneNumber, parsePhoneNumber, findings);
    const scheduledTime = checkScheduledTime(record.scheduledTime, findings);
    const name = textOf(record.name);
    const agentId = textOf(record.agentId);
    const skill = textOf(record.skill);
    if (name !== null) checkValue('name', nameProblem(name, circumstances), findings);
    checkPriority(record.priority, findings);
    if (agentId !== null) checkValue('agentId', valueProblem(agentId, circumstances), findings);
    if (skill !== null) checkValue('skill', valueProblem(skill, circumstances), findings);
    const customFields = checkCustomFields(record.customFields ?? [], circumstances, findings);
    const expiryDate = cleanNumeral(record.expiryDate ?? '') || null;
    const times = fitTime(scheduledTime, expiryDate, circumstances, findings);

    const columns: string[] = [headers.phoneNumber, headers.scheduledTime];
    const values = [phoneNumber?.dialed ?? '', dialerTimeOf(times.scheduled, circumstances)];
    const put = (header: string, value: string | null) => {
      if (value === null) return;
      columns.push(header);
      values.push(encodeValue(value, circumstances));
    };
    put(headers.name, name);
    put(headers.priority, record.priority?.toString() ?? null);
    put(headers.expiryDate, times.expiry === null ? null : dialerTimeOf(times.expiry, circumstances));
    put(headers.agentId, agentId);
    put(headers.skill, skill);
    for (const { header, value } of customFields) put(header, value);
    if (!isSame(columns, columnsBefore)) columnsBefore = columns;
    fitCampaign(columnsBefore, values, customFields, circumstances.campaign, findings);
    if (findings.length > 0 || phoneNumber === null || times.scheduled === null) return failureOf(findings);
    return {
      phoneNumber: phoneNumber.e164,
      scheduledTime: times.scheduled,
      name,
      agentId,
      skill,
      columns: columnsBefore,
      values,
    };
  };
}

function checkPhoneNumber(
  written: string | null | undefined,
  parse: PhoneNumberParser,
  findings: Finding[],
): PhoneNumber | null {
  const field = 'phoneNumber';
  const text = cleanText(written ?? '');
  if (text === '') {
    const message = 'phoneNumber is empty: every record needs one.';
    findings.push({ kind: 'MissingPhoneNumberError', field, reason: 'MISSING', message });
    return null;
  }
  const number = parse(text);
  if ('e164' in number) return number;
  const { reason, problem } = number;
  const message = `phoneNumber ${maskPhoneNumber(text)} cannot be dialled: ${problem}.`;
  findings.push({ kind: 'InvalidPhoneNumberError', field, reason, message });
  return null;
}

function checkScheduledTime(written: string | null | undefined, findings: Finding[]): string | null {
  const text = cleanNumeral(written ?? '');
  if (text !== '') return text;
  findings.push({
    kind: 'MissingScheduledTimeError',
    field: 'scheduledTime',
    reason: 'MISSING',
    message: 'scheduledTime is empty: every record needs the time of its call.',
  });
  return null;
}

/** Null where nothing is left that a person sees. */
function textOf(written: string | null | undefined): string | null {
  return written === null || written === undefined ? null : cleanText(written) || null;
}

function checkValue(field: string, problem: string | null, findings: Finding[]): void {
  if (problem !== null) findings.push(invalidField(field, 'REFUSED_CHARACTER', problem));
}

function checkPriority(priority: number | null | undefined, findings: Finding[]): void {
  if (priority === null || priority === undefined) return;
  if (Number.isInteger(priority) && priority >= minPriority && priority <= maxPriority) return;
  const problem = `must be a whole number from ${minPriority} to ${maxPriority}`;
  findings.push(invalidField('priority', 'OUT_OF_RANGE', problem));
}

interface PlacedField extends CustomField {
  /** Where its header stands in the input: `customFields[1].header`. */
  place: string;
}

const noFields: readonly PlacedField[] = [];

/** Those whose header is good. */
function checkCustomFields(
  fields: readonly CustomField[],
  circumstances: Circumstances,
  findings: Finding[],
): readonly PlacedField[] {
  if (fields.length === 0) return noFields;
  const seen = new Set<string>();
  const good: PlacedField[] = [];
  for (const [index, given] of fields.entries()) {
    const place = `customFields[${index}].header`;
    const header = cleanText(given.header);
    const value = cleanText(given.value);
    const failed = checkHeader(header, seen);
    if (failed === null) good.push({ place, header, value });
    else findings.push(invalidField(place, failed.reason, failed.problem));
    seen.add(phpNameOf(header));
    checkValue(`customFields[${index}].value`, valueProblem(value, circumstances), findings);
  }
  return good;
}

function checkHeader(
  header: string,
  seen: ReadonlySet<string>,
): { reason: RecordProblemReason; problem: string } | null {
  if (header === '') return { reason: 'MISSING', problem: 'is empty: name a header of the mapping file' };
  const failed = headerProblem(header);
  if (failed !== null) return { reason: failed.reason, problem: `${quote(header)} ${failed.problem}` };
  if (!seen.has(phpNameOf(header))) return null;
  const problem = `${quote(header)} stands here a second time, a blank, a dot and _ being the same to the dialer`;
  return { reason: 'DUPLICATE_HEADER', problem };
}

interface Times {
  scheduled: number | null;
  expiry: number | null;
}

function fitTime(
  scheduledTime: string | null,
  expiryDate: string | null,
  circumstances: Circumstances,
  findings: Finding[],
): Times {
  const zone = circumstances.inputZone;
  const scheduled = scheduledTime === null ? null : parseTime(scheduledTime, zone);
  const expiry = expiryDate === null ? null : parseExpiry(expiryDate, zone);
  if (typeof scheduled === 'object' && scheduled !== null)
    findings.push(invalidDate('scheduledTime', scheduledTime ?? '', scheduled, expectedTime));
  if (typeof expiry === 'object' && expiry !== null)
    findings.push(invalidDate('expiryDate', expiryDate ?? '', expiry, expectedExpiry));
  const times = {
    scheduled: typeof scheduled === 'number' ? scheduled : null,
    expiry: typeof expiry === 'number' ? expiry : null,
  };
  fitRange(times, scheduledTime ?? '', expiryDate ?? '', circumstances, findings);
  return times;
}

function fitRange(
  { scheduled, expiry }: Times,
  scheduledTime: string,
  expiryDate: string,
  { now, horizonDays }: Circumstances,
  findings: Finding[],
): void {
  // The dialer knows whole seconds: the one that runs is not past.
  const second = Math.floor(now / 1000) * 1000;
  const horizon = second + horizonDays * dayMs;
  const isPast = scheduled !== null && scheduled < second;
  const isFar = scheduled !== null && scheduled > horizon;
  const isExpired = expiry !== null && expiry < second;
  const isAfterExpiry = scheduled !== null && expiry !== null && scheduled > expiry;
  if (!isPast && !isFar && !isExpired && !isAfterExpiry) return;

  const earliest = Math.ceil(now / 1000) * 1000 + resendMs;
  // There is no time left that would do, unless the record expires later.
  const hasExpired = expiry !== null && expiry < earliest;
  const latest = expiry === null || hasExpired ? horizon : Math.min(horizon, expiry);
  const add = (field: string, text: string, reason: RecordProblemReason, problem: string) => {
    const message = `${field} ${quote(text)} ${problem}.`;
    findings.push({ kind: 'ScheduledTimeOutOfRangeError', field, reason, message, earliest, latest });
  };
  const nowText = new Date(now).toISOString();
  if (hasExpired)
    add(
      'expiryDate',
      expiryDate,
      'EXPIRED',
      `leaves no time for a call: it is now ${nowText}. The record has expired`,
    );
  if (isPast) add('scheduledTime', scheduledTime, 'IN_THE_PAST', `is in the past: it is now ${nowText}`);
  if (isFar) {
    const problem = `is more than ${horizonDays} days ahead, further than the dialer takes`;
    add('scheduledTime', scheduledTime, 'TOO_FAR_AHEAD', problem);
  }
  if (isAfterExpiry && !hasExpired) {
    const problem = `is after this record's own expiryDate ${quote(expiryDate)}`;
    add('scheduledTime', scheduledTime, 'AFTER_EXPIRY', problem);
  }
}

/** Empty for a time that could not be read, in a row that is not sent. */
function dialerTimeOf(time: number | null, { dialerZone }: Circumstances): string {
  return time === null ? '' : formatDialerTime(time, dialerZone);
}

function fitCampaign(
  columns: readonly string[],
  values: readonly string[],
  customFields: readonly PlacedField[],
  campaign: CampaignDefinition,
  findings: Finding[],
): void {
  if (campaign.routing === 'agent-wise' && !columns.includes(headers.agentId))
    findings.push({
      kind: 'MissingAgentIdError',
      field: 'agentId',
      reason: 'MISSING',
      message: 'agentId is empty, and this campaign is agent-wise: name the agent who is to make the call.',
    });
  const known = campaign.headers && [...mandatoryHeaders, ...campaign.headers];
  let bytes = 0;
  let longest = 0;
  for (let n = 0; n < columns.length; n++) {
    const [header, value] = [columns[n] ?? '', values[n] ?? ''];
    if (known !== undefined && !known.includes(header))
      findings.push({
        kind: 'UnknownHeaderError',
        field: fieldOf.get(header) ?? placeOf(header, customFields),
        reason: 'UNKNOWN_HEADER',
        message: `The campaign's mapping has no header ${quote(header)}. It has: ${known.join(', ')}.`,
        header,
        knownHeaders: known,
      });
    bytes += Buffer.byteLength(header) + Buffer.byteLength(value);
    if (value.length > (values[longest] ?? '').length) longest = n;
  }
  if (bytes <= maxRowBytes) return;
  const widest = columns[longest] ?? '';
  findings.push(
    invalidField(
      fieldOf.get(widest) ?? placeOf(widest, customFields).replace(/header$/, 'value'),
      'ROW_TOO_LONG',
      `makes the row ${bytes} bytes long with its headers; ${maxRowBytes} is the most`,
    ),
  );
}

/** The input's own names of the standard headers. */
const fieldOf: ReadonlyMap<string, string> = new Map([
  [headers.name, 'name'],
  [headers.priority, 'priority'],
  [headers.expiryDate, 'expiryDate'],
  [headers.agentId, 'agentId'],
  [headers.skill, 'skill'],
]);

function placeOf(header: string, customFields: readonly PlacedField[]): string {
  return customFields.find((field) => field.header === header)?.place ?? 'customFields';
}

function invalidField(field: string, reason: RecordProblemReason, problem: string): Finding {
  return { kind: 'InvalidFieldError', field, reason, message: `${field} ${problem}.` };
}

function invalidDate(
  field: string,
  value: string,
  { reason, problem }: TimeProblem,
  expected: string,
): Finding {
  const shown = quote(value);
  const message = `${field} ${shown} ${problem}. Write ${expected}.`;
  return { kind: 'InvalidDateFormatError', field, reason, message, value: shown, expected };
}

/** For a message: columns get mixed up, and a number may stand where a time is expected. */
function quote(text: string): string {
  return redact(text.length <= 64 ? text : `${text.slice(0, 64)}…`);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, n) => text === other[n]);
}
