// What a record is, and every rule that it must pass before it may be sent.
// The zod schema knows what can be told from the record alone; `fitCampaign` and `fitTime` know what depends on the
// campaign, the zones and the clock. A record is told the first thing that is wrong with it, in the order of its fields.

import type { CountryCode } from 'libphonenumber-js/max';
import { z } from 'zod';
import type { CampaignDefinition } from '../config.ts';
import { headers, mandatoryHeaders, maxPriority, minPriority, standardHeaders } from '../dialer/contract.ts';
import { maskPhoneNumber, redact } from '../redact.ts';
import type { TimeZone } from '../time-zone.ts';
import { expectedExpiry, expectedTime, formatDialerTime, parseExpiry, parseTime } from './dialer-time.ts';
import { type PhoneNumber, parsePhoneNumber } from './phone-number.ts';

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
  customFields?: readonly { header: string; value: string }[] | null | undefined;
}

/** A record that passed every rule. */
export interface CheckedRecord {
  /** E.164. */
  phoneNumber: string;
  /** Epoch milliseconds. */
  scheduledTime: number;
  name: string | null;
  agentId: string | null;
  skill: string | null;
  /** What is sent, by header, the mandatory two first. */
  row: ReadonlyMap<string, string>;
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

/** Compiles the rules once; the returned function checks one record. */
export function createRecordCheck(region: CountryCode) {
  const schema = createRecordSchema(region);
  return (record: CampaignRecord, circumstances: Circumstances): CheckedRecord | RecordFailure => {
    const parsed = schema.safeParse(record);
    if (!parsed.success) return failureOf(parsed.error);
    const { data } = parsed;
    const times = fitTime(data, circumstances);
    if ('kind' in times) return times;
    const row = new Map([
      [headers.phoneNumber as string, data.phoneNumber.dialed],
      [headers.scheduledTime, formatDialerTime(times.scheduled, circumstances.dialerZone)],
    ]);
    const put = (header: string, value: string | undefined) => value !== undefined && row.set(header, value);
    put(headers.name, data.name);
    put(headers.priority, data.priority?.toString());
    put(
      headers.expiryDate,
      times.expiry === null ? undefined : formatDialerTime(times.expiry, circumstances.dialerZone),
    );
    put(headers.agentId, data.agentId);
    put(headers.skill, data.skill);
    for (const { header, value } of data.customFields ?? []) row.set(header, value);
    return (
      fitCampaign(row, circumstances.campaign) ?? {
        phoneNumber: data.phoneNumber.e164,
        scheduledTime: times.scheduled,
        name: data.name ?? null,
        agentId: data.agentId ?? null,
        skill: data.skill ?? null,
        row,
      }
    );
  };
}

/** Rules that need nothing but the record. Each issue carries the failure that it stands for. */
function createRecordSchema(region: CountryCode) {
  const phoneNumber = z.string().transform((written, context): PhoneNumber => {
    const text = written.trim();
    if (text === '')
      return fail(context, {
        kind: 'MissingPhoneNumberError',
        message: 'phoneNumber is empty: every record needs one.',
      });
    const number = parsePhoneNumber(text, region);
    if (typeof number !== 'string') return number;
    const message = `phoneNumber ${maskPhoneNumber(text)} is not a dialable number: ${number}. Write it in full, best with + and the country code.`;
    return fail(context, { kind: 'InvalidPhoneNumberError', message });
  });

  const scheduledTime = z
    .string()
    .trim()
    .refine((text) => text !== '', {
      params: {
        kind: 'MissingScheduledTimeError',
        message: 'scheduledTime is empty: every record needs the time of its call.',
      } satisfies RecordFailure,
    });

  const priority = z
    .number()
    .refine((value) => Number.isInteger(value) && value >= minPriority && value <= maxPriority, {
      params: invalidField('priority', `must be a whole number from ${minPriority} to ${maxPriority}`),
    });

  const customField = (
    index: number,
    { header, value }: { header: string; value: string },
    seen: Set<string>,
  ) => {
    const field = `customFields[${index}]`;
    const name = header.trim();
    if (name === '') return invalidField(`${field}.header`, 'is empty: name a header of the mapping file');
    const reserved = standardHeaders.find((standard) => standard.toLowerCase() === name.toLowerCase());
    if (reserved !== undefined)
      return invalidField(`${field}.header`, `${reserved} has a field of its own in the record: use that`);
    if (seen.has(name)) return invalidField(`${field}.header`, `${quote(name)} stands here a second time`);
    seen.add(name);
    const problem = textProblem(name);
    if (problem !== null) return invalidField(`${field}.header`, problem);
    const valueProblem = textProblem(value);
    return valueProblem === null ? null : invalidField(`${field}.value`, valueProblem);
  };

  const customFields = z
    .array(z.object({ header: z.string(), value: z.string() }))
    .superRefine((fields, context) => {
      const seen = new Set<string>();
      for (const [index, field] of fields.entries()) {
        const failure = customField(index, field, seen);
        if (failure !== null) return fail(context, failure);
      }
    })
    .transform((fields) =>
      fields.map(({ header, value }) => ({ header: header.trim(), value: value.trim() })),
    );

  return z.object({
    phoneNumber,
    scheduledTime,
    name: optionalText('name'),
    priority: z.preprocess(absentAsUndefined, priority.optional()),
    expiryDate: optionalText('expiryDate'),
    agentId: optionalText('agentId'),
    skill: optionalText('skill'),
    customFields: z.preprocess(absentAsUndefined, customFields.optional()),
  });
}

type CheckedFields = z.output<ReturnType<typeof createRecordSchema>>;

function fitTime(
  { scheduledTime, expiryDate }: CheckedFields,
  { now, horizonDays, inputZone }: Circumstances,
): { scheduled: number; expiry: number | null } | RecordFailure {
  const scheduled = parseTime(scheduledTime, inputZone);
  if (typeof scheduled === 'string')
    return invalidDate('scheduledTime', scheduledTime, scheduled, expectedTime);
  const expiry = expiryDate === undefined ? null : parseExpiry(expiryDate, inputZone);
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

function fitCampaign(row: ReadonlyMap<string, string>, campaign: CampaignDefinition): RecordFailure | null {
  if (campaign.routing === 'agent-wise' && !row.has(headers.agentId))
    return {
      kind: 'MissingAgentIdError',
      message: 'agentId is empty, and this campaign is agent-wise: name the agent who is to make the call.',
    };
  const known = campaign.headers && [...mandatoryHeaders, ...campaign.headers];
  let bytes = 0;
  for (const [header, value] of row) {
    if (known !== undefined && !known.includes(header))
      return {
        kind: 'UnknownHeaderError',
        message: `The campaign's mapping has no header ${quote(header)}. It has: ${known.join(', ')}.`,
        header,
        knownHeaders: known,
      };
    bytes += Buffer.byteLength(header) + Buffer.byteLength(value);
  }
  if (bytes <= maxRowBytes) return null;
  const [longest = ''] = [...row].reduce((one, other) => (other[1].length > one[1].length ? other : one));
  return invalidField(
    fieldOf[longest] ?? 'customFields',
    `makes the row ${bytes} bytes long with its headers; ${maxRowBytes} is the most`,
  );
}

/** The input's own names of the standard headers. */
const fieldOf: Readonly<Record<string, string>> = {
  [headers.name]: 'name',
  [headers.agentId]: 'agentId',
  [headers.skill]: 'skill',
};

function optionalText(field: string) {
  return z.preprocess(
    (value) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined),
    z
      .string()
      .superRefine((text, context) => {
        const problem = textProblem(text);
        if (problem !== null) fail(context, invalidField(field, problem));
      })
      .optional(),
  );
}

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

function absentAsUndefined(value: unknown): unknown {
  return value ?? undefined;
}

/** For a message: columns get mixed up, and a number may stand where a time is expected. */
function quote(text: string): string {
  return redact(shorten(text));
}

function shorten(text: string): string {
  return text.length <= 64 ? text : `${text.slice(0, 64)}…`;
}

function fail(context: z.RefinementCtx, failure: RecordFailure): never {
  context.addIssue({ code: 'custom', params: failure, message: failure.message });
  return z.NEVER;
}

function failureOf(error: z.ZodError): RecordFailure {
  const [issue] = error.issues;
  if (issue?.code === 'custom' && issue.params !== undefined) return issue.params as RecordFailure;
  // GraphQL's own types come first, so no other issue can arise from a request.
  throw new Error(`A record failed a rule that names no failure: ${issue?.code}`);
}
