// What a record is, and every rule that it must pass before it may be sent.
// GraphQL has seen to the types. A record is told the first thing that is wrong with it, in the order of its fields; then
// what depends on the zones and the clock (`fitTime`), and on the campaign (`fitCampaign`).

import type { CountryCode } from 'libphonenumber-js/max';
import { headers, mandatoryHeaders, maxPriority, minPriority, standardHeaders } from '../dialer/contract.ts';
import { maskPhoneNumber, redact } from '../redact.ts';
import type { CampaignDefinition } from '../settings/campaigns.ts';
import type { TimeZone } from '../time-zone.ts';
import { expectedExpiry, expectedTime, formatDialerTime, parseExpiry, parseTime } from './dialer-time.ts';
import { createPhoneNumberParser, type PhoneNumber, type PhoneNumberParser } from './phone-number.ts';

/** A record as the caller wrote it. */
export interface CampaignRecord {
  reference?: string | null | undefined;
  phoneNumber: string;
  scheduledTime: string;
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

/** Why a record may not be sent. `kind` is the GraphQL type's name. */
export type RecordFailure =
  | { kind: 'MissingPhoneNumberError'; message: string }
  | { kind: 'MissingScheduledTimeError'; message: string }
  | { kind: 'InvalidPhoneNumberError'; message: string }
  | { kind: 'InvalidDateFormatError'; message: string; field: string; value: string | null; expected: string }
  | { kind: 'ScheduledTimeOutOfRangeError'; message: string; earliest: number; latest: number }
  | { kind: 'InvalidFieldError'; message: string; field: string }
  | { kind: 'MissingAgentIdError'; message: string }
  | { kind: 'UnknownHeaderError'; message: string; header: string; knownHeaders: readonly string[] };

/** What a record is checked against: one for all records of a request. */
export interface Circumstances {
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

/** Prepares the rules of a region once; the returned function checks one record. */
export function createRecordCheck(region: CountryCode) {
  const parsePhoneNumber = createPhoneNumberParser(region);
  // Lists are of one kind: a record whose columns are those of the one before shares them with it.
  let columnsBefore: readonly string[] = [];

  return (record: CampaignRecord, circumstances: Circumstances): CheckedRecord | RecordFailure => {
    const phoneNumber = checkPhoneNumber(record.phoneNumber, parsePhoneNumber);
    if ('kind' in phoneNumber) return phoneNumber;
    const scheduledTime = record.scheduledTime.trim();
    if (scheduledTime === '')
      return {
        kind: 'MissingScheduledTimeError',
        message: 'scheduledTime is empty: every record needs the time of its call.',
      };
    const name = textOf(record.name);
    const expiryDate = textOf(record.expiryDate);
    const agentId = textOf(record.agentId);
    const skill = textOf(record.skill);
    const customFields = record.customFields ?? [];
    const failure =
      checkText('name', name) ??
      checkPriority(record.priority) ??
      checkText('expiryDate', expiryDate) ??
      checkText('agentId', agentId) ??
      checkText('skill', skill) ??
      checkCustomFields(customFields);
    if (failure !== null) return failure;
    const times = fitTime(scheduledTime, expiryDate, circumstances);
    if ('kind' in times) return times;

    const columns: string[] = [headers.phoneNumber, headers.scheduledTime];
    const values = [phoneNumber.dialed, formatDialerTime(times.scheduled, circumstances.dialerZone)];
    const put = (header: string, value: string | null) => {
      if (value === null) return;
      columns.push(header);
      values.push(value);
    };
    put(headers.name, name);
    put(headers.priority, record.priority?.toString() ?? null);
    put(
      headers.expiryDate,
      times.expiry === null ? null : formatDialerTime(times.expiry, circumstances.dialerZone),
    );
    put(headers.agentId, agentId);
    put(headers.skill, skill);
    for (const { header, value } of customFields) put(header.trim(), value.trim());
    if (!isSame(columns, columnsBefore)) columnsBefore = columns;
    return (
      fitCampaign(columnsBefore, values, circumstances.campaign) ?? {
        phoneNumber: phoneNumber.e164,
        scheduledTime: times.scheduled,
        name,
        agentId,
        skill,
        columns: columnsBefore,
        values,
      }
    );
  };
}

function checkPhoneNumber(written: string, parse: PhoneNumberParser): PhoneNumber | RecordFailure {
  const text = written.trim();
  if (text === '')
    return {
      kind: 'MissingPhoneNumberError',
      message: 'phoneNumber is empty: every record needs one.',
    };
  const number = parse(text);
  if (typeof number !== 'string') return number;
  const message = `phoneNumber ${maskPhoneNumber(text)} is not a dialable number: ${number}. Write it in full, best with + and the country code.`;
  return { kind: 'InvalidPhoneNumberError', message };
}

/** Without the blanks around it; null where nothing is left. */
function textOf(written: string | null | undefined): string | null {
  return written?.trim() || null;
}

function checkText(field: string, text: string | null): RecordFailure | null {
  const problem = text === null ? null : textProblem(text);
  return problem === null ? null : invalidField(field, problem);
}

function checkPriority(priority: number | null | undefined): RecordFailure | null {
  if (priority === null || priority === undefined) return null;
  return Number.isInteger(priority) && priority >= minPriority && priority <= maxPriority
    ? null
    : invalidField('priority', `must be a whole number from ${minPriority} to ${maxPriority}`);
}

function checkCustomFields(fields: readonly CustomField[]): RecordFailure | null {
  const seen = new Set<string>();
  for (const [index, { header, value }] of fields.entries()) {
    const field = `customFields[${index}]`;
    const name = header.trim();
    if (name === '') return invalidField(`${field}.header`, 'is empty: name a header of the mapping file');
    const reserved = standardHeaders.find((standard) => standard.toLowerCase() === name.toLowerCase());
    if (reserved !== undefined)
      return invalidField(`${field}.header`, `${reserved} has a field of its own in the record: use that`);
    if (seen.has(name)) return invalidField(`${field}.header`, `${quote(name)} stands here a second time`);
    seen.add(name);
    const failure = checkText(`${field}.header`, name) ?? checkText(`${field}.value`, value);
    if (failure !== null) return failure;
  }
  return null;
}

function fitTime(
  scheduledTime: string,
  expiryDate: string | null,
  { now, horizonDays, inputZone }: Circumstances,
): { scheduled: number; expiry: number | null } | RecordFailure {
  const scheduled = parseTime(scheduledTime, inputZone);
  if (typeof scheduled === 'string')
    return invalidDate('scheduledTime', scheduledTime, scheduled, expectedTime);
  const expiry = expiryDate === null ? null : parseExpiry(expiryDate, inputZone);
  if (typeof expiry === 'string') return invalidDate('expiryDate', expiryDate ?? '', expiry, expectedExpiry);

  const horizon = now + horizonDays * dayMs;
  const outOfRange = (latest: number, problem: string): RecordFailure => ({
    kind: 'ScheduledTimeOutOfRangeError',
    message: `scheduledTime ${quote(scheduledTime)} ${problem}.`,
    earliest: now,
    latest,
  });
  if (scheduled < now) return outOfRange(horizon, `is in the past: it is now ${new Date(now).toISOString()}`);
  if (scheduled > horizon)
    return outOfRange(horizon, `is more than ${horizonDays} days ahead, further than the dialer takes`);
  if (expiry !== null && scheduled > expiry)
    return outOfRange(expiry, `is after this record's own expiryDate ${quote(expiryDate ?? '')}`);
  return { scheduled, expiry };
}

function fitCampaign(
  columns: readonly string[],
  values: readonly string[],
  campaign: CampaignDefinition,
): RecordFailure | null {
  if (campaign.routing === 'agent-wise' && !columns.includes(headers.agentId))
    return {
      kind: 'MissingAgentIdError',
      message: 'agentId is empty, and this campaign is agent-wise: name the agent who is to make the call.',
    };
  const known = campaign.headers && [...mandatoryHeaders, ...campaign.headers];
  let bytes = 0;
  let longest = 0;
  for (let n = 0; n < columns.length; n++) {
    const [header, value] = [columns[n] ?? '', values[n] ?? ''];
    if (known !== undefined && !known.includes(header))
      return {
        kind: 'UnknownHeaderError',
        message: `The campaign's mapping has no header ${quote(header)}. It has: ${known.join(', ')}.`,
        header,
        knownHeaders: known,
      };
    bytes += Buffer.byteLength(header) + Buffer.byteLength(value);
    if (value.length > (values[longest] ?? '').length) longest = n;
  }
  if (bytes <= maxRowBytes) return null;
  return invalidField(
    fieldOf.get(columns[longest] ?? '') ?? 'customFields',
    `makes the row ${bytes} bytes long with its headers; ${maxRowBytes} is the most`,
  );
}

/** The input's own names of the standard headers. */
const fieldOf: ReadonlyMap<string, string> = new Map([
  [headers.name, 'name'],
  [headers.agentId, 'agentId'],
  [headers.skill, 'skill'],
]);

/**
 * Control characters and halves of surrogate pairs are no text. `&`, `#`, `%` and `+` would end or change a value when
 * the dialer replays the row as a query string.
 */
const refusedCharacter = /[\p{Cc}\p{Cs}\u2028\u2029&#%+]/u;

function textProblem(text: string): string | null {
  const refused = refusedCharacter.exec(text)?.[0];
  if (refused === undefined) return null;
  const shown = /[&#%+]/.test(refused)
    ? refused
    : `U+${refused.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  return `has the character ${shown}, which the dialer does not take: leave it out`;
}

function invalidField(field: string, problem: string): RecordFailure & { kind: 'InvalidFieldError' } {
  return { kind: 'InvalidFieldError', message: `${field} ${problem}.`, field };
}

function invalidDate(field: string, value: string, problem: string, expected: string): RecordFailure {
  return {
    kind: 'InvalidDateFormatError',
    message: `${field} ${quote(value)} ${problem}. Write ${expected}.`,
    field,
    value: shorten(value),
    expected,
  };
}

/** For a message: columns get mixed up, and a number may stand where a time is expected. */
function quote(text: string): string {
  return redact(shorten(text));
}

function shorten(text: string): string {
  return text.length <= 64 ? text : `${text.slice(0, 64)}…`;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, n) => text === other[n]);
}
