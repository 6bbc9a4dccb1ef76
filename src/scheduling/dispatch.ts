// The second half of the pass: it sends the candidates in chunks, and gives every one an answer.
// A record is sent once or not at all. Only the parts of a chunk that the dialer refused as a whole are sent again: a refusal
// of the whole accepted none of it.

import type { Chunk, ChunkAnswer, RowAnswer } from '../dialer/chunk.ts';
import type { Dialer } from '../dialer/dialer.ts';
import type { RowRange } from '../dialer/row-range.ts';
import { causeText, type StopSignal } from '../foundation/cancellation.ts';
import { giveWay } from '../foundation/event-loop.ts';
import type { Origin } from '../telemetry/events.ts';
import { maxRowsPerRequest } from '../upstream/contract.ts';
import { Narrowing } from './narrowing.ts';
import type { CheckedRecord } from './record.ts';
import type { Row } from './row.ts';

/** What became of a range. Its parts have no answers of their own. */
export interface ChunkResult extends RowRange {
  readonly answer: ChunkAnswer | Unrecorded;
}

/** Not sent, since the intention could not be recorded. The same request with the same key may send it. */
export interface Unrecorded {
  readonly kind: 'unrecorded';
  readonly reason: string;
}

/** What became of one candidate. */
export type CandidateAnswer =
  | RowAnswer
  | Exclude<ChunkAnswer, { kind: 'rows' }>
  | Unrecorded
  /** Certainly not accepted, and its time was over at `at`, in epoch milliseconds: it is sent no more. */
  | { kind: 'expired'; at: number }
  /** Certainly not accepted, and its number is never to be called by now: it is sent no more. */
  | { kind: 'suppressed' };

/** Whether the dialer took it, or may have taken it. */
export function mayBeScheduled({ kind }: CandidateAnswer): boolean {
  return kind === 'scheduled' || kind === 'unknown';
}

/** Candidates that are to be sent for one request. */
export interface Batch {
  readonly campaignName: string;
  readonly checkDuplicate: boolean;
  /** IANA: on whose clock the dialer reads times. */
  readonly dialerZone: string;
  /** Who asks: callers take turns. */
  readonly credential: string;
  readonly origin: Origin | undefined;
  /** Ids of rows that the dialer had before: none of them is a candidate's. */
  readonly known?: ReadonlySet<string> | undefined;
  /** How many there may be. */
  readonly total: number;
  /** Those that are ready so far. */
  readonly candidates: readonly CheckedRecord[];
  /** Makes candidates ready until there are so many, or none is left. May be under way more than once. */
  readTo(count: number): Promise<void>;
}

/** Notes what is about to be sent and what came of it, so that a crash does not lose it. */
export interface Journal {
  /** What the range is called where it is looked up. */
  nameOf(range: RowRange): string;
  /**
   * Resolves when the range's being sent is durable; where it rejects, the range must not be sent. May be called again for
   * the same range: each call notes a new time.
   */
  intend(range: RowRange): Promise<void>;
  /** An answer that cannot be kept is one that a crash may lose. */
  settle(range: RowRange, answer: ChunkAnswer): void;
}

export interface SendingOptions {
  /** Aborted, it stops what was not sent yet. */
  signal: StopSignal;
  /** Epoch milliseconds after which nothing of a small request is sent any more. @default never */
  writeBy?: number | undefined;
  /** @default nothing is kept */
  journal?: Journal | undefined;
  /** Takes what nobody expected; what it happened to is answered as unknown. */
  report(error: unknown): void;
}

/** Whether one request carries it all. */
export function isSmall({ total }: Batch): boolean {
  return total <= maxRowsPerRequest;
}

/** Sends every candidate of a batch. The results cover each of them exactly once, in no order; it has ended when they are there. */
export function sendAll(batch: Batch, dialer: Dialer, options: SendingOptions): Promise<ChunkResult[]> {
  return new Sending(batch, dialer, options).run();
}

/** One answer for each of `count` candidates, in their order. */
export function answersOf(results: readonly ChunkResult[], count: number): CandidateAnswer[] {
  const answers = new Array<CandidateAnswer>(count).fill(noEntry);
  for (const { start, size, answer } of results)
    for (let n = 0; n < size; n++)
      answers[start + n] = answer.kind === 'rows' ? (answer.rows[n] ?? noEntry) : answer;
  return answers;
}

const noEntry: RowAnswer = { kind: 'unknown', reason: 'the answer has no entry for it' };

/** The chunk that carries candidates. `name`: what their sending is called, where it is noted. */
export function chunkOf(
  { campaignName, checkDuplicate, dialerZone, known }: Batch,
  candidates: readonly CheckedRecord[],
  name?: string,
): Chunk {
  const bulkData = buildBulkData(candidates);
  return { campaignName, checkDuplicate, timeZone: dialerZone, bulkData, known, name };
}

/** One pass. */
class Sending {
  readonly #batch: Batch;
  readonly #dialer: Dialer;
  readonly #options: SendingOptions;
  readonly #small: boolean;
  readonly #origins: readonly Origin[];
  readonly #narrowing = new Narrowing();
  readonly #results: ChunkResult[] = [];
  #taken = 0;

  constructor(batch: Batch, dialer: Dialer, options: SendingOptions) {
    this.#batch = batch;
    this.#dialer = dialer;
    this.#options = options;
    this.#small = isSmall(batch);
    this.#origins = batch.origin === undefined ? [] : [batch.origin];
  }

  async run(): Promise<ChunkResult[]> {
    if (this.#small) {
      const only = await this.#nextChunk();
      if (only !== undefined) await this.#send(only);
    } else await this.#sendSideBySide(() => this.#nextChunk());
    for (;;) {
      const ranges = this.#narrowing.next()?.[Symbol.iterator]();
      if (ranges === undefined) break;
      await this.#sendSideBySide(() => ranges.next().value);
    }
    return [...this.#results, ...this.#narrowing.standing()];
  }

  /** The next hundred candidates, checked now that their turn has come; undefined where none is left. */
  async #nextChunk(): Promise<RowRange | undefined> {
    const start = this.#taken;
    this.#taken += maxRowsPerRequest;
    await this.#batch.readTo(this.#taken);
    const size = Math.min(maxRowsPerRequest, this.#batch.candidates.length - start);
    return size > 0 ? { start, size } : undefined;
  }

  /** No more at a time than the dialer carries, so that a refusal can still stop the rest. */
  async #sendSideBySide(next: () => RowRange | undefined | Promise<RowRange | undefined>): Promise<void> {
    let failed = false;
    const sendAllOfOne = async () => {
      try {
        while (!failed) {
          if (!this.#small) await giveWay();
          const range = await next();
          if (range === undefined) return;
          await this.#send(range);
        }
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    const atATime = this.#small ? smallAtATime : this.#dialer.concurrency;
    await endOfAll(Array.from({ length: atATime }, sendAllOfOne));
  }

  async #send(range: RowRange): Promise<void> {
    const answer = await this.#ask(range);
    const parts = answer.kind === 'unrecorded' ? undefined : this.#narrowing.learn(range, answer);
    if (parts === undefined) this.#results.push({ ...range, answer });
    else await endOfAll(parts.map((part) => this.#send(part)));
  }

  /** Whether it is all there is to send, and leaves room in a request. */
  #isWhole({ size }: RowRange): boolean {
    return this.#small && size === this.#batch.candidates.length && size < maxRowsPerRequest;
  }

  async #ask(range: RowRange): Promise<ChunkResult['answer']> {
    const { signal, writeBy, journal, report } = this.#options;
    const { refusal } = this.#narrowing;
    if (refusal !== undefined) return { kind: 'refused', refusal };
    if (signal.aborted) return { kind: 'unavailable', reason: causeText(signal), passing: false };

    let isNoted = false;
    let rejection: Error | undefined;
    const note = async () => {
      try {
        await journal?.intend(range);
        isNoted = true;
        rejection = undefined;
      } catch (error) {
        rejection = error as Error;
        throw error;
      }
    };
    const candidates = this.#batch.candidates.slice(range.start, range.start + range.size);
    const chunk = chunkOf(this.#batch, candidates, journal?.nameOf(range));
    const answer = await this.#dialer
      .submitChunk(chunk, {
        caller: this.#batch.credential,
        mutation: this,
        origins: this.#origins,
        small: this.#small,
        // One that the dialer has refused already would only spoil the others'.
        mayShare: this.#isWhole(range),
        signal,
        writeBy,
        beforeSending: journal && note,
      })
      .catch((error: unknown): ChunkAnswer => {
        report(error);
        return { kind: 'unknown', reason: 'an unexpected error in this service' };
      });
    if (rejection !== undefined && answer.kind === 'unavailable')
      return { kind: 'unrecorded', reason: rejection.message };
    if (isNoted) journal?.settle(range, answer);
    return answer;
  }
}

/** Both halves of a chunk. */
const smallAtATime = 2;

/** Resolves, or rejects, when all have ended: nothing goes on that nobody waits for. */
async function endOfAll(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}

/** One map for all rows, of the headers that any of them uses; the mandatory two come first. */
function buildBulkData(rows: readonly Row[]) {
  const map = rows[0]?.columns ?? [];
  if (rows.every(({ columns }) => columns === map)) return { map, data: rows.map(({ values }) => values) };
  const used = [...new Set(rows.flatMap(({ columns }) => columns))];
  const data = rows.map(({ columns, values }) => used.map((header) => values[columns.indexOf(header)] ?? ''));
  return { map: used, data };
}
