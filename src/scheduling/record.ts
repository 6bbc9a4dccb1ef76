// What a record is, and every rule that it must pass before it may be sent.
// A record is told all that is wrong with it, in the order of its fields; then what depends on the zones and the clock
// (`fitRange`), and on the campaign (row.ts). The first problem decides its kind.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignDefinition } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import { maskPhoneNumber } from '../foundation/redaction.ts';
import type { TimeZone } from '../foundation/time-zone.ts';
import { maxPriority, minPriority } from '../upstream/contract.ts';
import { type CallRules, checkSuppression, fitHours } from './call-permission.ts';
import { headerProblem, phpNameOf } from './custom-header.ts';
import {
  expectedExpiry,
  expectedTime,
  formatDialerTime,
  instantIn,
  isDialerTime,
  parseExpiry,
  parseTime,
  repeatedIn,
  type TimesAhead,
  timesAhead,
} from './dialer-time.ts';
import type { AcceptedRecord } from './outcome.ts';
import { createPhoneNumberParser, type PhoneNumber, type PhoneNumberParser } from './phone-number.ts';
import type { NumberProblem } from './phone-number-text.ts';
import {
  type Finding,
  failureOf,
  invalidField,
  quote,
  quoteTime,
  type RecordFailure,
  type RecordProblemReason,
} from './record-problem.ts';
import { type CustomField, createCampaignCheck, createColumns, type PlacedField, type Row } from './row.ts';
import { cleanNumeral, cleanText } from './text.ts';
import type { TimeProblem } from './time-problem.ts';
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

/** A record that passed every rule: what is sent of it, and what is told of it. In the end it is its own result. */
export interface CheckedRecord extends AcceptedRecord, Row {}

/** What a record is checked against: one for all records of a request. */
export interface Circumstances extends CharacterRules, CallRules {
  /** Epoch milliseconds. */
  now: number;
  horizonDays: number;
  /** The zone on whose clock the dialer reads times. */
  dialerZone: TimeZone;
  /** What is known of the campaign's mapping: with no `headers`, any header is let through. */
  campaign: CampaignDefinition;
}

/** A time that lies so far ahead is still to come when a caller who is told of it has sent it. */
const resendMs = 10_000;

/** Checks one record of a request, at its index there. */
export type RecordCheck = (record: CampaignRecord, index: number) => CheckedRecord | RecordFailure;

/** Prepares the rules of a region once; the returned function prepares those of a request. */
export function createRecordCheck(region: CountryCode): (circumstances: Circumstances) => RecordCheck {
  const parsePhoneNumber = createPhoneNumberParser(region);
  return (circumstances) => createRequestCheck(parsePhoneNumber, circumstances);
}

function createRequestCheck(parsePhoneNumber: PhoneNumberParser, circumstances: Circumstances): RecordCheck {
  const { inputZone, dialerZone } = circumstances;
  const fitCampaign = createCampaignCheck(circumstances.campaign);
  const columnsOf = createColumns();
  const ahead = timesAhead(circumstances);

  return (record, index) => {
    const findings: Finding[] = [];
    const phoneNumber = checkPhoneNumber(record.phoneNumber, parsePhoneNumber, findings);
    checkSuppression(phoneNumber, circumstances, findings);
    const timeText = checkScheduledTime(record.scheduledTime, findings);
    const name = textOf(record.name);
    const agentId = textOf(record.agentId);
    const skill = textOf(record.skill);
    const priority = record.priority ?? null;
    if (name !== null) checkValue('name', nameProblem(name, circumstances), findings);
    if (priority !== null) checkPriority(priority, findings);
    if (agentId !== null) checkValue('agentId', valueProblem(agentId, circumstances), findings);
    if (skill !== null) checkValue('skill', valueProblem(skill, circumstances), findings);
    const customFields = checkCustomFields(record.customFields ?? [], circumstances, findings);
    const expiryText = cleanNumeral(record.expiryDate ?? '') || null;
    const asked = timeText === null ? null : readScheduledTime(timeText, inputZone, findings);
    const expiry = expiryText === null ? null : readExpiry(expiryText, inputZone, findings);
    fitRange(asked, expiry, timeText ?? '', expiryText ?? '', circumstances, ahead, findings);
    const scheduledTime = fitHours(
      phoneNumber,
      timeText ?? '',
      asked,
      expiry,
      circumstances,
      ahead,
      findings,
    );

    // A row without a number or a time is not sent.
    const isAsSent =
      scheduledTime === asked && inputZone === dialerZone && timeText !== null && isDialerTime(timeText);
    if (scheduledTime !== null && !isAsSent)
      checkRepeated('scheduledTime', timeText ?? '', scheduledTime, dialerZone, findings);
    if (expiry !== null) checkRepeated('expiryDate', expiryText ?? '', expiry, dialerZone, findings);
    const dialerTime =
      scheduledTime === null ? '' : isAsSent ? timeText : formatDialerTime(scheduledTime, dialerZone);
    const values = [phoneNumber?.dialed ?? '', dialerTime];
    let choice = 0;
    if (name !== null) choice |= put(values, name, circumstances, 1);
    if (priority !== null) choice |= put(values, priority.toString(), circumstances, 2);
    if (expiry !== null) choice |= put(values, formatDialerTime(expiry, dialerZone), circumstances, 4);
    if (agentId !== null) choice |= put(values, agentId, circumstances, 8);
    if (skill !== null) choice |= put(values, skill, circumstances, 16);
    for (const { value } of customFields) put(values, value, circumstances, 0);
    const columns = columnsOf(choice, customFields);
    fitCampaign(columns, values, customFields, findings);
    if (findings.length > 0 || phoneNumber === null || scheduledTime === null) return failureOf(findings);
    return {
      kind: 'ValidRecord',
      index,
      reference: record.reference ?? null,
      phoneNumber: phoneNumber.e164,
      scheduledTime,
      dialerTime,
      shiftedFrom: scheduledTime === asked ? null : asked,
      name,
      agentId,
      skill,
      message: '',
      columns,
      // A list that has grown holds room for a dozen values more.
      values: values.slice(),
    };
  };
}

/** Returns its bit of the choice, by which `standardColumns` are found. */
function put(values: string[], value: string, circumstances: Circumstances, bit: number): number {
  values.push(encodeValue(value, circumstances));
  return bit;
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
  findings.push(invalidPhoneNumber(text, number));
  return null;
}

export function invalidPhoneNumber(
  text: string,
  { reason, problem }: Pick<NumberProblem, 'reason' | 'problem'>,
): Finding {
  const message = `phoneNumber ${maskPhoneNumber(text)} cannot be dialled: ${problem}.`;
  return { kind: 'InvalidPhoneNumberError', field: 'phoneNumber', reason, message };
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

function checkPriority(priority: number, findings: Finding[]): void {
  if (Number.isInteger(priority) && priority >= minPriority && priority <= maxPriority) return;
  const problem = `must be a whole number from ${minPriority} to ${maxPriority}`;
  findings.push(invalidField('priority', 'OUT_OF_RANGE', problem));
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

function readScheduledTime(text: string, zone: TimeZone, findings: Finding[]): number | null {
  const time = parseTime(text, zone);
  if (typeof time === 'number') return time;
  findings.push(invalidDate('scheduledTime', text, time, expectedTime));
  return null;
}

function readExpiry(text: string, zone: TimeZone, findings: Finding[]): number | null {
  const time = parseExpiry(text, zone);
  if (typeof time === 'number') return time;
  findings.push(invalidDate('expiryDate', text, time, expectedExpiry));
  return null;
}

function checkRepeated(
  field: string,
  text: string,
  instantMs: number,
  zone: TimeZone,
  findings: Finding[],
): void {
  const problem = repeatedIn(instantMs, zone);
  if (problem !== null) findings.push(invalidDate(field, text, problem, expectedTime));
}

function fitRange(
  scheduled: number | null,
  expiry: number | null,
  scheduledTime: string,
  expiryDate: string,
  { now, horizonDays, inputZone }: Circumstances,
  { earliest: second, horizon }: TimesAhead,
  findings: Finding[],
): void {
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
  const nowText = instantIn(inputZone, now);
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

function invalidDate(
  field: string,
  value: string,
  { reason, problem }: TimeProblem,
  expected: string,
): Finding {
  const shown = quoteTime(value);
  const message = `${field} ${shown} ${problem}. Write ${expected}.`;
  return { kind: 'InvalidDateFormatError', field, reason, message, value: shown, expected };
}
