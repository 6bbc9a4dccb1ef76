// Reads what the upstream answered to one chunk.
// The reading is tolerant of spelling and strict about meaning: a row is `scheduled` or `refused` only if the upstream certainly
// said so of that row. Everything else is `unknown`. Texts are redacted.

import type { IncomingHttpHeaders } from 'node:http';
import { redact } from '../../foundation/redaction.ts';
import { type BulkData, headers, maxRowsPerRequest, texts } from '../../upstream/contract.ts';
import type { Chunk, ChunkAnswer, RefusalReason, RowAnswer } from '../chunk.ts';
import { phoneDigits, samePhone } from '../dialed-number.ts';
import type { HttpReply } from '../transport/http-client.ts';
import { type AnswerJson, parseAnswer } from './answer-json.ts';
import {
  contains,
  isObject,
  type JsonObject,
  type Message,
  readMessage,
  readStatus,
  type Status,
} from './message.ts';
import { usualAnswer } from './usual-answer.ts';

/** Reads the reply to a chunk. `secrets` never appear in the answer; `now` dates a `Retry-After`. */
export function readAnswer(
  reply: HttpReply,
  chunk: Chunk,
  secrets: readonly string[],
  now: number,
): ChunkAnswer {
  if (reply.kind === 'not-sent')
    return reply.lasting
      ? { kind: 'unavailable', reason: reply.reason, passing: false }
      : { kind: 'unavailable', reason: reply.reason, passing: true, away: true };
  if (reply.kind === 'withheld') return readWithheld(reply);
  if (reply.kind === 'no-answer') return { kind: 'unknown', reason: reply.reason };

  const { status } = reply;
  if (status >= 200 && status < 300) {
    if (reply.unreadable !== undefined) return { kind: 'unknown', reason: reply.unreadable };
    if (!reply.complete) return { kind: 'unknown', reason: 'the answer was cut off' };
    return readBody(reply.body, chunk, secrets);
  }
  if (status >= 400 && status < 500) return readClientError(reply, chunk, secrets, now);
  // These redirect before any work is done. A 302 or 303 may come after the work.
  if (status === 301 || status === 307 || status === 308)
    return {
      kind: 'unavailable',
      reason: `a redirect (HTTP ${status}), which is never followed`,
      passing: false,
    };
  // A 5xx proves nothing, 503 included: a proxy may say so after the dialer took the rows.
  return { kind: 'unknown', reason: `HTTP ${status}` };
}

type Withheld = HttpReply & { kind: 'withheld' };

function readWithheld({ reason, retryAfterSeconds, passing = false }: Withheld): ChunkAnswer {
  return retryAfterSeconds === undefined
    ? { kind: 'unavailable', reason, passing, ...(passing && { away: true }) }
    : { kind: 'throttled', retryAfterSeconds, text: reason, passing: false };
}

function readClientError(
  reply: HttpReply & { kind: 'response' },
  chunk: Chunk,
  secrets: readonly string[],
  now: number,
): ChunkAnswer {
  const { status } = reply;
  if (status === 429) {
    const retryAfterSeconds = readRetryAfter(reply.headers, now);
    return { kind: 'throttled', retryAfterSeconds, text: 'HTTP 429', passing: true };
  }
  if (status === 408 || status === 425)
    return { kind: 'unavailable', reason: `HTTP ${status}`, passing: true };
  // A 4xx accepted nothing, so only what its body says of the whole request can matter.
  const parsed = parseAnswer(reply.body);
  const body = readParsed(parsed, chunk, secrets);
  if (body.kind === 'throttled' || body === contradiction || body === tooLarge) return body;
  if (body.kind === 'rows' && readAll(parsed.json).claimsSuccess) return body;
  const said = body.kind === 'refused' ? body.refusal : { reason: 'other' as const, text: `HTTP ${status}` };
  if (said.reason !== 'other') return { kind: 'refused', refusal: said };
  if (status === 401 || status === 403)
    return { kind: 'refused', refusal: { reason: 'account-or-campaign', text: said.text } };
  // Only these may be caused by a row. A 404, for example, would meet every request.
  if (body.kind === 'refused' || [400, 413, 414, 422, 431].includes(status))
    return { kind: 'refused', refusal: said };
  return { kind: 'unavailable', reason: said.text, passing: false };
}

/** `Retry-After` in seconds from now, written as seconds or as an HTTP date; null where there is none. */
export function readRetryAfter({ 'retry-after': value }: IncomingHttpHeaders, now: number): number | null {
  if (value === undefined) return null;
  const seconds = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isNaN(seconds) ? null : Math.min(longestRetryAfter, Math.max(0, Math.ceil(seconds)));
}

/** Seconds. A longer `Retry-After` is taken for the mistake of a proxy's clock. */
const longestRetryAfter = 3600;

function readBody(body: string, chunk: Chunk, secrets: readonly string[]): ChunkAnswer {
  const first = usualAnswer(body, chunk.bulkData);
  if (first === undefined) return readWhole(body, chunk, secrets);
  const { map, data } = chunk.bulkData;
  const answer = readWhole(first, { ...chunk, bulkData: { map, data: data.slice(0, 1) } }, secrets);
  const [row] = answer.kind === 'rows' ? answer.rows : [];
  // Only a row that was taken is the same answer as all of its neighbours'.
  if (row?.kind !== 'scheduled') return readWhole(body, chunk, secrets);
  return { kind: 'rows', rows: new Array<RowAnswer>(data.length).fill(row) };
}

function readWhole(body: string, chunk: Chunk, secrets: readonly string[]): ChunkAnswer {
  if (body.trim() === '') return { kind: 'unknown', reason: 'an empty answer' };
  const parsed = parseAnswer(body);
  if (parsed.json === undefined) return { kind: 'unknown', reason: 'an answer that is not JSON' };
  return readParsed(parsed, chunk, secrets);
}

/** If the text before the JSON speaks of success, a refusal in the JSON is not believed. It may be a variable's name only. */
function readParsed({ json, noise }: AnswerJson, chunk: Chunk, secrets: readonly string[]): ChunkAnswer {
  const answer = readJson(json, chunk, secrets);
  const refusesNone = answer.kind === 'rows' && answer.rows.every(({ kind }) => kind !== 'refused');
  return refusesNone || !/success/i.test(noise) ? answer : contradiction;
}

function readJson(json: unknown, chunk: Chunk, secrets: readonly string[]): ChunkAnswer {
  if (sizeOf(json) > maxEntries) return tooLarge;
  // Some forms leave the envelope out and answer with the entries alone.
  const { status, message }: JsonObject = isObject(json) ? json : { message: json };
  const said = readStatus(status);

  if (sizeOf(message) > maxEntries) return tooLarge;
  const entries = readEntries(message);
  // Entries that speak for themselves outrank a failed envelope: some of their rows may have been accepted.
  if (entries !== null && (said !== 'failed' || entries.some(speaksForItself)))
    return { kind: 'rows', rows: matchEntries(entries, chunk.bulkData, secrets) };
  const all = readAll(json);
  // A row that is said anywhere to have been taken is never sent again.
  if (all.claimsSuccess || (all.namesNumber && entries === null)) return contradiction;
  if (!all.isWhole) return tooLarge;
  if (said === 'unclear') return { kind: 'unknown', reason: 'an answer whose status cannot be read' };
  if (said === 'failed') return readRefusal(message, secrets);
  if (typeof message === 'string') {
    const answer = readRefusal(message, secrets);
    if (answer.kind !== 'refused') return answer;
    const { reason } = answer.refusal;
    // "Number Already Exist" for several rows does not say for which one. An unknown text may report a success.
    if (reason === 'duplicate' ? chunk.bulkData.data.length === 1 : reason !== 'other') return answer;
  }
  return { kind: 'unknown', reason: 'an answer that says nothing of the records' };
}

/** Leaves out whether the envelope calls itself a success, which says nothing of a row. */
function readAll(json: unknown): Message {
  if (!isObject(json)) return readMessage(json);
  const { status, ...rest } = json;
  return readMessage([status, rest]);
}

const contradiction: ChunkAnswer = {
  kind: 'unknown',
  reason: 'an answer that says yes and no, and not of which records',
};

const tooLarge: ChunkAnswer = { kind: 'unknown', reason: 'an answer that is larger than is read' };

/** Ten times as many as a request has rows. An answer with more is no account of them. */
const maxEntries = 10 * maxRowsPerRequest;

function sizeOf(message: unknown): number {
  if (Array.isArray(message)) return message.length;
  return isObject(message) ? Object.keys(message).length : 0;
}

function speaksForItself({ said, text }: Entry): boolean {
  return said !== 'unsaid' || contains(text, texts.updated);
}

function readRefusal(message: unknown, secrets: readonly string[]): ChunkAnswer {
  const { text } = readMessage(message);
  const safe = redact(text, secrets);
  if (isThrottling(text)) return { kind: 'throttled', retryAfterSeconds: null, text: safe, passing: true };
  return { kind: 'refused', refusal: { reason: readReason(text, message), text: safe } };
}

const throttlingTexts: readonly string[] = [texts.maxLimit, texts.requestLimit, texts.processRunning];

/** Whether the upstream's words ask for fewer requests. */
export function isThrottling(text: string): boolean {
  return throttlingTexts.some((known) => contains(text, known));
}

function readReason(text: string, message: unknown): RefusalReason {
  if (contains(text, texts.accountOrCampaign) || contains(text, texts.invalidUser))
    return 'account-or-campaign';
  if (contains(text, texts.wrongDateFormat)) return 'wrong-date';
  if (contains(text, texts.numberExists)) return 'duplicate';
  if (contains(text, 'mandatory parameter ScheduledTime')) return 'missing-scheduled-time';
  if (contains(text, 'mandatory parameter PhoneNumber')) return 'missing-phone-number';
  // The documents print this one garbled, with `message` an object.
  if (contains(text, 'mandatory parameter bulkData')) return 'missing-bulk-data';
  if (isObject(message) && contains(text, 'bulkData') && !contains(text, headers.scheduledTime))
    return 'missing-bulk-data';
  return 'other';
}

/** The entries of a success, or null where `message` holds none. */
function readEntries(message: unknown): Entry[] | null {
  if (Array.isArray(message)) {
    const objects = message.filter(isObject);
    return objects.length === message.length && objects.length > 0 ? objects.map(readEntry) : null;
  }
  if (!isObject(message)) return null;
  if (isEntry(message)) return [readEntry(message)];
  const pairs = Object.entries(message);
  const numbered = pairs.every(([key, value]) => /^\d+$/.test(key) && isObject(value));
  if (!numbered || pairs.length === 0) return null;
  return pairs.map(([key, value]) => readEntry({ index: key, ...(value as JsonObject) }));
}

function isEntry(value: JsonObject): boolean {
  return ['Response', 'msg', headers.phoneNumber].some((key) => Object.hasOwn(value, key));
}

interface Entry {
  index: number | null;
  /** Digits, without leading zeros; null where none or only a masked number is given. */
  phone: string | null;
  said: Status;
  text: string;
  /** False if it says more than is read. */
  isWhole: boolean;
  /** Null where none is given, or the one that was sent. */
  time: string | null;
}

function readEntry(entry: JsonObject): Entry {
  const index = typeof entry.index === 'number' ? String(entry.index) : entry.index;
  const phone = entry[headers.phoneNumber];
  const time = entry.ScheduleTime ?? entry[headers.scheduledTime];
  const { text, isWhole } = readMessage(entry.msg ?? entry.message);
  return {
    index: typeof index === 'string' && /^\d{1,6}$/.test(index) ? Number(index) : null,
    phone: typeof phone === 'string' || typeof phone === 'number' ? phoneDigits(String(phone)) : null,
    said: readEntryStatus(entry),
    text,
    isWhole,
    time: typeof time === 'string' && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(time) ? time : null,
  };
}

/** An entry may have its status in two places. */
function readEntryStatus({ Response, status }: JsonObject): Status {
  const [one, other] = [readStatus(Response), readStatus(status)];
  if (one === other || other === 'unsaid') return one;
  return one === 'unsaid' ? other : 'unclear';
}

/**
 * Finds each row's entry: by `index` where all that is given of it is plausible, else by position and number, else by a
 * number that only one row and one entry have. A row without a certain entry is unknown.
 */
function matchEntries(
  entries: readonly Entry[],
  { map, data }: BulkData,
  secrets: readonly string[],
): RowAnswer[] {
  const column = map.indexOf(headers.phoneNumber);
  const timeColumn = map.indexOf(headers.scheduledTime);
  const phones = data.map((row) => phoneDigits(row[column] ?? '') ?? '');
  const found = new Array<Entry | null>(data.length).fill(null);
  if (indexesArePlausible(entries, phones)) {
    for (const entry of entries) if (entry.index !== null) found[entry.index] = entry;
  } else if (
    entries.length === data.length &&
    entries.every((entry, i) => entry.phone !== null && samePhone(entry.phone, phones[i] ?? ''))
  ) {
    entries.forEach((entry, i) => {
      found[i] = entry;
    });
  } else {
    for (const [i, phone] of phones.entries()) {
      const candidates = entries.filter((entry) => entry.phone !== null && samePhone(entry.phone, phone));
      const rows = phones.filter((other) => samePhone(other, phone));
      if (candidates.length === 1 && rows.length === 1) found[i] = candidates[0] ?? null;
    }
  }
  // Most entries say the same as the one before, and are read once.
  let before: Entry | null = null;
  let answer = noEntry;
  return found.map((entry, i) => {
    if (entry === null) return noEntry;
    if (entry.time === data[i]?.[timeColumn]) entry.time = null;
    if (before === null || !saysTheSame(before, entry)) {
      answer = readRow(entry, secrets);
      before = entry;
    }
    return answer;
  });
}

function saysTheSame(one: Entry, other: Entry): boolean {
  return (
    one.said === other.said &&
    one.time === other.time &&
    one.text === other.text &&
    one.isWhole === other.isWhole
  );
}

const noEntry: RowAnswer = { kind: 'unknown', reason: 'the answer has no entry that is certainly its own' };

/**
 * Indexes count from 0 and are each row's own. An entry without a number proves nothing alone: indexes counted from 1
 * would look the same but for one row, so then every row must have its entry.
 */
function indexesArePlausible(entries: readonly Entry[], phones: readonly string[]): boolean {
  const seen = new Set<number>();
  for (const { index, phone } of entries) {
    if (index === null || index >= phones.length || seen.has(index)) return false;
    seen.add(index);
    if (phone === null ? entries.length !== phones.length : !samePhone(phone, phones[index] ?? ''))
      return false;
  }
  return true;
}

function readRow({ said, text, isWhole, time }: Entry, secrets: readonly string[]): RowAnswer {
  const safe = redact(text, secrets);
  const reason = readReason(text, null);
  const isPraise = contains(text, texts.updated);
  const isRefusal = reason !== 'other';
  const isContradiction =
    said === 'unclear' ||
    (isPraise && (isRefusal || said === 'failed')) ||
    // A filtered duplicate is reported under a success status.
    (said === 'succeeded' && ((isRefusal && reason !== 'duplicate') || isThrottling(text)));
  if (!isWhole || isContradiction) return unclearEntry;
  if (isRefusal || said === 'failed') return { kind: 'refused', refusal: { reason, text: safe } };
  if (said === 'succeeded' || isPraise) return { kind: 'scheduled', dialerTime: time, text: safe };
  return unclearEntry;
}

const unclearEntry: RowAnswer = { kind: 'unknown', reason: 'its entry says neither yes nor no' };
