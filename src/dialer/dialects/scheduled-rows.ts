// Reads the upstream's list of scheduled rows while it comes, with at most so many rows.
// Each listed row carries the query string that is replayed, API key included. Whatever names the key, or has it as its value,
// is dropped here.

import { giveWay } from '../../foundation/event-loop.ts';
import { JsonListReader } from '../../foundation/json-list.ts';
import { redact } from '../../foundation/redaction.ts';
import { headers } from '../../upstream/contract.ts';
import type { Chunk } from '../chunk.ts';
import { type ListAnswer, ListedRow, type NoAnswer } from '../listed-row.ts';
import type { HttpReply } from '../transport/http-client.ts';
import { findJson, maxNoise } from './answer-json.ts';
import { isObject } from './message.ts';
import { readAnswer } from './schedule-reply.ts';

/** With so many rows a list takes some 40 MB of memory; longer ones are given up. */
export const maxListedRows = 100_000;
/** Characters that are kept of all rows together: 600 for each. */
const maxKeptLength = 60_000_000;
/** Characters of one row in the list. A row that is scheduled here has at most 4 kB, some of them encoded more than once. */
const maxRowLength = 256 * 1024;
/** Characters of an answer that is no list. */
const maxOtherLength = 512 * 1024;

/** Nothing of rows is sent, so whatever is answered concerns the account. */
export const noRows: Chunk = {
  campaignName: '',
  checkDuplicate: false,
  timeZone: 'UTC',
  bulkData: { map: [], data: [] },
};

/** Reads one answer. `secrets` never appear in it. */
export function createListReading(secrets: readonly string[], now: () => number) {
  const text = new ListText(secrets);
  let beganAt: number | undefined;
  return {
    /** For HttpRequest. */
    async consume(pieces: AsyncIterable<Buffer>): Promise<void> {
      beganAt = now();
      const decoder = new TextDecoder();
      for await (const piece of pieces) {
        if (!(await text.take(decoder.decode(piece, { stream: true })))) return;
      }
      if (await text.take(decoder.decode())) text.end();
    },
    /** What the reply, body included, comes to. */
    answer(reply: HttpReply): ListAnswer {
      const isRead = reply.kind === 'response' && reply.status === 200 && reply.complete;
      if (isRead && text.found !== undefined) return dated(text.found, reply, beganAt ?? now());
      const body = isRead ? { ...reply, body: text.other } : reply;
      const answer = readAnswer(body, noRows, secrets, now());
      return answer.kind === 'rows' ? notRead : answer;
    },
  };
}

const notRead: NoAnswer = {
  kind: 'unknown',
  reason: 'the dialer lists its rows in a way that cannot be read',
};

/** `beganAt`: when the answer began. To read a long one takes seconds, which are no part of the skew. */
function dated(
  found: Found,
  { headers: { date } }: HttpReply & { kind: 'response' },
  beganAt: number,
): ListAnswer {
  if (found.kind !== 'list') return found;
  const at = Date.parse(date ?? '');
  return { ...found, skewMs: Number.isNaN(at) ? 0 : at - beganAt };
}

const noAccount: NoAnswer = { kind: 'refused', refusal: { reason: 'account-or-campaign', text: 'null' } };

type Found = Exclude<ListAnswer, { kind: 'list' }> | Omit<ListAnswer & { kind: 'list' }, 'skewMs'>;

/** States: before the list (a warning may stand there) → within → ended: `found` says what it came to, or `other` is the text. */
class ListText {
  found: Found | undefined;
  /** What was answered in place of a list. */
  other = '';
  readonly #reader = new JsonListReader({
    member: 'message',
    maxItemLength: maxRowLength,
    maxRestLength: maxOtherLength,
  });
  readonly #readRow: (listed: unknown) => ListedRow | null;
  readonly #rows: ListedRow[] = [];
  #before = '';
  #isWithin = false;
  #isWhole = true;
  #keptLength = 0;

  constructor(secrets: readonly string[]) {
    this.#readRow = createRowReader(secrets, (length) => {
      this.#keptLength += length;
    });
  }

  /** False where no more is to be read. */
  async take(text: string): Promise<boolean> {
    try {
      const more = this.#isWithin ? text : this.#startOf(text);
      for (const listed of this.#reader.write(more)) {
        if (!this.#keep(listed)) return false;
        await giveWay();
      }
      return true;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.other = this.#before + this.#reader.rest;
      return false;
    }
  }

  end(): void {
    this.other = this.#before + this.#reader.rest;
    if (!this.#isWithin) return;
    try {
      const { object, hadList } = this.#reader.end();
      const { status, message } = isObject(object) ? object : {};
      if (typeof status !== 'string' || status.toLowerCase() !== 'success') return;
      // A wrong key is answered so.
      if (message === 'null' || message === null) this.found = noAccount;
      // One row alone may stand there without a list.
      if (Array.isArray(message) ? hadList : isObject(message) && !hadList && this.#keep([message]))
        this.found ??= { kind: 'list', rows: this.#rows, isWhole: this.#isWhole };
    } catch {
      // It was cut off.
    }
  }

  /** The text from the object on, as soon as that is there. */
  #startOf(text: string): string {
    this.#before += text;
    const { at, isReadable } = findJson(this.#before);
    if (at === -1 && this.#before.length <= maxNoise) return '';
    if (at === -1 || !isReadable) throw new SyntaxError('No list');
    const start = this.#before.slice(at);
    this.#isWhole = this.#before.slice(0, at).trim() === '';
    this.#before = '';
    this.#isWithin = true;
    return start;
  }

  /** False where these are too many, or cannot be read. */
  #keep(listed: readonly unknown[]): boolean {
    for (const one of listed) {
      const row = this.#readRow(one);
      if (row === null) this.found = notRead;
      else if (this.#rows.length === maxListedRows || this.#keptLength > maxKeptLength)
        this.found = { kind: 'too-long' };
      else this.#rows.push(row);
      if (this.found !== undefined) return false;
    }
    return true;
  }
}

/** Of the replay's parameters those that are no columns, in lower case. */
const noColumns = new Set([
  'api_key',
  'apikey',
  'action',
  'username',
  'format',
  'scheduledtime',
  'scheduletime',
]);

/** `kept` is told how many characters a row keeps. */
function createRowReader(secrets: readonly string[], kept: (length: number) => void) {
  /** Rows have few different campaigns, times and answers. */
  const texts = new Map<string, string>();
  const shared = (value: unknown): string => {
    const text = typeof value === 'string' ? value : '';
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  const redacted = new Map<string, string>();
  const redactedOnce = (text: string): string => {
    const known = redacted.get(text) ?? redact(text, secrets);
    redacted.set(text, known);
    return known;
  };
  const encoded = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const hasSecret = (text: string) => encoded.some((secret) => text.includes(secret));

  return (listed: unknown): ListedRow | null => {
    if (!isObject(listed)) return null;
    const { Id, ScheduleTime, ScheduleParams, CreatedDate, RequestTime, IsRequestSent, Response } = listed;
    const id = typeof Id === 'number' ? String(Id) : Id;
    if (typeof id !== 'string' || !/^\w{1,40}$/.test(id)) return null;
    if (typeof ScheduleTime !== 'string' || typeof ScheduleParams !== 'string') return null;
    let campaignName = '';
    let number = '';
    const columns: string[] = [];
    for (const pair of ScheduleParams.split('&')) {
      const [name = '', value = ''] = halves(pair);
      if (name === 'campaign_name') campaignName = decodeForm(value);
      else if (name === headers.phoneNumber) number = decodeForm(value);
      else if (!noColumns.has(name.toLowerCase()) && !hasSecret(pair) && pair !== '') columns.push(pair);
    }
    const parameters = columns.join('&');
    kept(id.length + number.length + parameters.length);
    return new ListedRow({
      id,
      campaignName: shared(campaignName),
      number: hasSecret(number) ? '' : number,
      scheduledTime: shared(ScheduleTime),
      createdTime: shared(CreatedDate) || null,
      isSent: sentOf(IsRequestSent),
      sentTime: shared(RequestTime) || null,
      response: redactedOnce(responseText(Response)),
      parameters,
    });
  };
}

function halves(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

function decodeForm(text: string): string {
  return /[%+]/.test(text) ? (new URLSearchParams(`value=${text}`).get('value') ?? '') : text;
}

function sentOf(value: unknown): boolean | null {
  const text = String(value);
  return text === '1' ? true : text === '0' ? false : null;
}

/** An object, where the campaign's answer stands there unquoted. */
function responseText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}
