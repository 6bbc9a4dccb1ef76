// What the upstream said to one chunk, in words this layer can act on.
// The reading is tolerant of spelling and strict of meaning: a row is `scheduled` or `refused` only where the upstream
// said so of that row with certainty, and everything that cannot be told is `unknown`. Texts are kept redacted.

import type { IncomingHttpHeaders } from 'node:http';
import { redact } from '../redact.ts';
import { type BulkData, headers, texts } from './contract.ts';
import type { Chunk, ChunkAnswer, RefusalReason, RowAnswer } from './dialect.ts';
import { phoneDigits, samePhone } from './dialed-number.ts';
import type { HttpReply } from './http.ts';

/** Reads the reply to a chunk. `secrets` never appear in the answer; `now` dates a `Retry-After`. */
export function readAnswer(
  reply: HttpReply,
  chunk: Chunk,
  secrets: readonly string[],
  now: number,
): ChunkAnswer {
  if (reply.kind === 'not-sent') return { kind: 'unavailable', reason: reply.reason, passing: true };
  if (reply.kind === 'withheld') return readWithheld(reply);
  if (reply.kind === 'no-answer') return { kind: 'unknown', reason: reply.reason };

  const { status } = reply;
  if (status >= 200 && status < 300) {
    if (!reply.complete) return { kind: 'unknown', reason: 'the answer was cut off' };
    return readBody(reply.body, chunk, secrets);
  }
  if (status >= 400 && status < 500) return readClientError(reply, chunk, secrets, now);
  // These say "ask again over there", before any work is done. A 302 or 303 may follow work.
  if (status === 301 || status === 307 || status === 308)
    return {
      kind: 'unavailable',
      reason: `a redirect (HTTP ${status}), which is never followed`,
      passing: false,
    };
  // A 5xx proves nothing, 503 included: a proxy may say so after the dialer took the rows.
  return { kind: 'unknown', reason: `HTTP ${status}` };
}

function readWithheld({ reason, retryAfterSeconds }: HttpReply & { kind: 'withheld' }): ChunkAnswer {
  return retryAfterSeconds === undefined
    ? { kind: 'unavailable', reason, passing: false }
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
  const body = readBody(reply.body, chunk, secrets);
  if (body.kind === 'throttled' || body === contradiction) return body;
  if (body.kind === 'rows' && body.rows.some(({ kind }) => kind === 'scheduled')) return body;
  const said = body.kind === 'refused' ? body.refusal : { reason: 'other' as const, text: `HTTP ${status}` };
  if (said.reason !== 'other') return { kind: 'refused', refusal: said };
  if (status === 401 || status === 403)
    return { kind: 'refused', refusal: { reason: 'account-or-campaign', text: said.text } };
  // These alone may be a row's doing; a 404, say, is met by every request.
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

/** A `Retry-After` beyond an hour is taken for a mistake of a proxy's clock. */
const longestRetryAfter = 3600;

type JsonObject = Record<string, unknown>;

function readBody(body: string, chunk: Chunk, secrets: readonly string[]): ChunkAnswer {
  if (body.trim() === '') return { kind: 'unknown', reason: 'an empty answer' };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { kind: 'unknown', reason: 'an answer that is not JSON' };
  }
  // Some forms leave the envelope out and answer with the entries alone.
  const { status, message } = isObject(json) ? json : { status: undefined, message: json };
  const said = readStatus(status);

  const entries = readEntries(message);
  // Entries that speak for themselves outrank a failed envelope: some of their rows may have been accepted.
  if (entries !== null && (said !== 'failed' || entries.some(speaksForItself)))
    return { kind: 'rows', rows: matchEntries(entries, chunk.bulkData, secrets) };
  // Nothing is sent again that is said anywhere to have been taken.
  if (entries === null && claimsSuccess(message)) return contradiction;
  if (said === 'failed') return readRefusal(message, secrets);
  if (typeof message === 'string') {
    const answer = readRefusal(message, secrets);
    if (answer.kind !== 'refused') return answer;
    const { reason } = answer.refusal;
    // "Number Already Exist" for several rows does not say which; an unknown text may be praise.
    if (reason === 'duplicate' ? chunk.bulkData.data.length === 1 : reason !== 'other') return answer;
  }
  return { kind: 'unknown', reason: 'an answer that says nothing of the records' };
}

const contradiction: ChunkAnswer = {
  kind: 'unknown',
  reason: 'an answer that says yes and no, and not of which records',
};

function speaksForItself({ said, text }: Entry): boolean {
  return said !== 'unsaid' || contains(text, texts.updated);
}

/** Whether anything in a message, however deep, speaks of rows that were taken. */
function claimsSuccess(message: unknown): boolean {
  if (typeof message === 'string') return contains(message, texts.updated);
  if (Array.isArray(message)) return message.some(claimsSuccess);
  if (!isObject(message)) return false;
  if (readEntry(message).said === 'succeeded' || headers.phoneNumber in message) return true;
  return Object.entries(message).some(
    ([key, value]) =>
      claimsSuccess(value) ||
      (/success|accepted|added|inserted/i.test(key) && value !== null && !isNothing(value)),
  );
}

function isNothing(value: unknown): boolean {
  return (
    value === 0 ||
    value === '0' ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** `status` is spelled success, SUCCESS, error, failure, FAIL, "false", or is absent. */
function readStatus(status: unknown): 'succeeded' | 'failed' | 'unsaid' {
  if (status === undefined || status === null || status === '') return 'unsaid';
  const word = String(status).trim().toLowerCase();
  if (word === 'success' || word === 'true' || word === 'ok') return 'succeeded';
  if (/^(error|fail|failure|failed|false)$/.test(word)) return 'failed';
  return 'unsaid';
}

function readRefusal(message: unknown, secrets: readonly string[]): ChunkAnswer {
  const text = flatten(message);
  const safe = redact(text, secrets);
  if (throttlingTexts.some((known) => contains(text, known)))
    return { kind: 'throttled', retryAfterSeconds: null, text: safe, passing: true };
  return { kind: 'refused', refusal: { reason: readReason(text, message), text: safe } };
}

const throttlingTexts: readonly string[] = [texts.maxLimit, texts.requestLimit, texts.processRunning];

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
  return 'Response' in value || 'msg' in value || headers.phoneNumber in value;
}

interface Entry {
  index: number | null;
  /** Digits, without leading zeros; null where none or only a masked number is given. */
  phone: string | null;
  said: 'succeeded' | 'failed' | 'unsaid';
  text: string;
  time: string | null;
}

function readEntry(entry: JsonObject): Entry {
  const index = typeof entry.index === 'number' ? String(entry.index) : entry.index;
  const phone = entry[headers.phoneNumber];
  const time = entry.ScheduleTime ?? entry[headers.scheduledTime];
  return {
    index: typeof index === 'string' && /^\d{1,6}$/.test(index) ? Number(index) : null,
    phone: typeof phone === 'string' || typeof phone === 'number' ? phoneDigits(String(phone)) : null,
    said: readStatus(entry.Response ?? entry.status),
    text: flatten(entry.msg ?? entry.message ?? ''),
    time: typeof time === 'string' && /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(time) ? time : null,
  };
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
  // Most entries say what the one before said.
  let before: Entry | null = null;
  let answer = noEntry;
  return found.map((entry) => {
    if (entry === null) return noEntry;
    if (before?.said !== entry.said || before.time !== entry.time || before.text !== entry.text) {
      answer = readRow(entry, secrets);
      before = entry;
    }
    return answer;
  });
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

function readRow(entry: Entry, secrets: readonly string[]): RowAnswer {
  const text = redact(entry.text, secrets);
  const reason = readReason(entry.text, null);
  // A filtered duplicate is reported under a success status.
  if (reason === 'duplicate') return { kind: 'refused', refusal: { reason, text } };
  if (entry.said === 'succeeded' || (entry.said === 'unsaid' && contains(entry.text, texts.updated)))
    return { kind: 'scheduled', dialerTime: entry.time, text };
  if (entry.said === 'failed' || reason !== 'other') return { kind: 'refused', refusal: { reason, text } };
  return { kind: 'unknown', reason: 'its entry says neither yes nor no' };
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

/** The words of a message of any shape, in order. */
function flatten(message: unknown): string {
  if (typeof message === 'string') return message.trim();
  if (Array.isArray(message)) return message.map(flatten).filter(Boolean).join('; ');
  if (isObject(message))
    return Object.entries(message)
      .map(([key, value]) => `${key}: ${flatten(value)}`)
      .join('; ');
  return message === undefined || message === null ? '' : String(message);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
