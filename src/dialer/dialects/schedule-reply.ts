// Reads what the upstream answered to one chunk.
// The reading is tolerant of spelling and strict about meaning: a row is `scheduled` or `refused` only if the upstream certainly
// said so of that row. Everything else is `unknown`. Texts are redacted.

import type { IncomingHttpHeaders } from 'node:http';
import { redact } from '../../foundation/redaction.ts';
import { type BulkData, headers, maxRowsPerRequest, texts } from '../../upstream/contract.ts';
import type { Chunk, ChunkAnswer, RefusalReason, RowAnswer } from '../chunk.ts';
import type { HttpReply } from '../transport/http-client.ts';
import { type AnswerJson, parseAnswer } from './answer-json.ts';
import { type Entry, entriesOfRows, readEntries, saysTheSame } from './entries.ts';
import { contains, isObject, type JsonObject, type Message, readMessage, readStatus } from './message.ts';
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
  const parsed = parseAnswer(reply.body);
  const body = readParsed(parsed, chunk, secrets);
  // A 4xx accepted nothing, unless its body says so: then nothing of it is sent again.
  if (body === contradiction || body === tooLarge) return body;
  if (body.kind === 'rows' && readAll(parsed.json).claimsSuccess) return body;
  if (parsed.json === undefined && mayHaveAccepted(reply)) return halfRead;
  if (status === 429) {
    const retryAfterSeconds = readRetryAfter(reply.headers, now);
    return { kind: 'throttled', retryAfterSeconds, text: 'HTTP 429', passing: true };
  }
  if (status === 408 || status === 425)
    return { kind: 'unavailable', reason: `HTTP ${status}`, passing: true };
  if (body.kind === 'throttled') return body;
  const said = body.kind === 'refused' ? body.refusal : { reason: 'other' as const, text: `HTTP ${status}` };
  if (said.reason !== 'other') return { kind: 'refused', refusal: said };
  if (status === 401 || status === 403)
    return { kind: 'refused', refusal: { reason: 'account-or-campaign', text: said.text } };
  // Only these may be caused by a row. A 404, for example, would meet every request.
  if (body.kind === 'refused' || [400, 413, 414, 422, 431].includes(status))
    return { kind: 'refused', refusal: said };
  return { kind: 'unavailable', reason: said.text, passing: false };
}

/** Whether a body that is no JSON may be the account of rows that were taken. A page of HTML is a proxy's. */
function mayHaveAccepted({ body, complete, unreadable }: HttpReply & { kind: 'response' }): boolean {
  if (contains(body, texts.updated)) return true;
  if (/^\s*</.test(body)) return false;
  return !complete || unreadable !== undefined || /success/i.test(body) || /[\0\uFFFD]/.test(body);
}

const halfRead: ChunkAnswer = { kind: 'unknown', reason: 'a refusal whose words cannot be read' };

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
    return { kind: 'rows', rows: readEntriesOf(entries, chunk.bulkData, secrets) };
  const all = readAll(json);
  // A row that is said anywhere to have been taken is never sent again.
  if (all.claimsSuccess || (all.namesNumber && entries === null)) return contradiction;
  if (!all.isWhole) return tooLarge;
  if (said === 'unclear') return { kind: 'unknown', reason: 'an answer whose status cannot be read' };
  if (said === 'failed') return countsTaken(all.text) ? contradiction : readRefusal(message, secrets);
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

/** `2 of 3 records inserted`, `partially updated`: a refusal that took some of the rows, and does not say which. */
function countsTaken(text: string): boolean {
  const [, count = ''] =
    /\b[1-9]\d*\b([^.;,]*)\b(?:inserted|added|accepted|saved|updated|uploaded|scheduled)\b/i.exec(text) ?? [];
  return /\bparti(?:al|ally|tially)\b/i.test(text) || (count !== '' && !/\b(?:not|be|cannot)\b/i.test(count));
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

/** What each row's entry says. A row without a certain entry is unknown. */
function readEntriesOf(
  entries: readonly Entry[],
  bulkData: BulkData,
  secrets: readonly string[],
): RowAnswer[] {
  const timeColumn = bulkData.map.indexOf(headers.scheduledTime);
  // Most entries say the same as the one before, and are read once.
  let before: Entry | null = null;
  let answer = noEntry;
  return entriesOfRows(entries, bulkData).map((found, i) => {
    if (found === null) return noEntry;
    const isOwn = found.time === bulkData.data[i]?.[timeColumn];
    const entry = isOwn ? { ...found, time: null } : found;
    if (before === null || !saysTheSame(before, entry)) {
      answer = readRow(entry, secrets);
      before = entry;
    }
    return answer;
  });
}

const noEntry: RowAnswer = { kind: 'unknown', reason: 'the answer has no entry that is certainly its own' };

function readRow({ said, text, isWhole, time }: Entry, secrets: readonly string[]): RowAnswer {
  const safe = redact(text, secrets);
  const reason = readReason(text, null);
  const isPraise = contains(text, texts.updated);
  const isRefusal = reason !== 'other';
  const isContradiction =
    said === 'unclear' ||
    (isPraise && (isRefusal || said === 'failed')) ||
    // A filtered duplicate is reported under a success status.
    (said === 'succeeded' &&
      ((isRefusal ? reason !== 'duplicate' : !isPraise && denial.test(text)) || isThrottling(text)));
  if (!isWhole || isContradiction) return unclearEntry;
  if (isRefusal || said === 'failed') return { kind: 'refused', refusal: { reason, text: safe } };
  if (said === 'succeeded' || isPraise) return { kind: 'scheduled', dialerTime: time, text: safe };
  return unclearEntry;
}

/** Words with which nobody says that a row was taken. */
const denial =
  /\b(?:not?|none|never|can't|cannot|couldn't|wasn't|dnd|dnc|empty|fail\w*|invalid|errors?|wrong|unable|missing|reject\w*|refus\w*|denied|block\w*|ignored|skipped|exceed\w*|exhausted|expired|unsuccessful\w*)\b/i;

const unclearEntry: RowAnswer = { kind: 'unknown', reason: 'its entry says neither yes nor no' };
