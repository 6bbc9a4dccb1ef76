// The upstream as the rest of the house sees it: one account, one `schedule` that never rejects.
// What is certainly not accepted is tried again for some seconds; what may have been accepted is looked up where the
// dialect can, and never sent again. A dialect says how a chunk is written and authenticated; adding one is a file of its
// own and its line below.

import { ExponentialBackoff, fullJitterGenerator, handleWhenResult, retry } from 'cockatiel';
import type { DialectName } from './contract.ts';
import type { Account, Chunk, ChunkAnswer, Dialect, RowAnswer } from './dialect.ts';
import { createGate, patienceMs } from './gate.ts';
import { createHttpClient, type SendOptions } from './http.ts';
import { createPace, type PaceOptions } from './pace.ts';
import { createReconciliation, type Sent } from './reconciliation.ts';
import { createLocalState, type SharedState } from './shared-state.ts';
import { createSlots } from './slots.ts';
import { v1 } from './v1.ts';
import { basic, token } from './v2.ts';

export interface DialerOptions extends Account, PaceOptions {
  auth: DialectName;
  timeoutMs: number;
  concurrency: number;
  /** The account's zone. */
  timeZone: string;
  /** Whether rows whose answer was lost are looked up; v1 cannot. */
  reconcile: boolean;
  settleMs: number;
}

export interface DialerParts {
  /** @default this process alone */
  shared?: SharedState;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
}

export interface Dialer {
  /** How many chunks it carries at a time; more than that wait inside. */
  readonly concurrency: number;
  /**
   * What became of a chunk. It waits for its turn without end, unless `writeBy` or the signal ends it; from then on an
   * answer comes within the time-out and 5 s. Never rejects, never sends again what may have been accepted.
   */
  schedule(chunk: Chunk, options?: SendOptions): Promise<ChunkAnswer>;
  /**
   * A better answer to a chunk that was sent at `sentAt`, or the same where it is clear or nothing is learned. `rivals`
   * are chunks that may have brought the same rows. Sends no row.
   */
  lookUp(chunk: Chunk, answer: ChunkAnswer, sentAt: number, rivals: readonly Chunk[]): Promise<ChunkAnswer>;
  /** Lets running requests end, then closes the connections. */
  close(): Promise<void>;
}

const dialects: Record<DialectName, Dialect> = { v1, basic, token };

const maxRetries = 3;
const backoff = new ExponentialBackoff({ generator: fullJitterGenerator, initialDelay: 200, maxDelay: 1000 });

export function createDialer(
  options: DialerOptions,
  { shared = createLocalState(), now = Date.now }: DialerParts = {},
): Dialer {
  const { concurrency, timeoutMs } = options;
  // One connection more than chunks: a token or a list must not wait for the chunk that waits for it.
  const http = createHttpClient({ ...options, connections: concurrency + 1 }, now);
  const gate = createGate(http, createPace(options, shared, now), now);
  const speaker = dialects[options.auth](options, gate, shared, now);
  const reconciliation =
    options.reconcile && speaker.listScheduled !== undefined
      ? createReconciliation(speaker.listScheduled, options, now)
      : null;
  const slots = createSlots(concurrency);

  const send = async (chunk: Chunk, sendOptions: SendOptions & { writeBy: number }) => {
    let sentAt = now();
    const again = retry(
      handleWhenResult((answer) => isPassing(answer as ChunkAnswer) && now() < sendOptions.writeBy),
      { maxAttempts: maxRetries, backoff },
    );
    const answer = await again.execute(() => {
      sentAt = now();
      return speaker.schedule(chunk, sendOptions);
    }, sendOptions.signal);
    // Between the two it waited for its turn and was written; when, only the answer's end limits for certain.
    return { answer, sent: { earliest: sentAt, latest: now() } };
  };

  const lookUp = async (
    chunk: Chunk,
    answer: ChunkAnswer,
    sent: Sent,
    by: number,
    rivals?: readonly Chunk[],
  ) => {
    if (reconciliation === null || !isUnclear(answer)) return answer;
    return merge(answer, await reconciliation.lookUp(chunk, sent, by, rivals));
  };

  return {
    concurrency,
    async schedule(chunk, { writeBy, ...sendOptions } = {}) {
      const { signal } = sendOptions;
      if (!(await slots.take(signal, writeBy === undefined ? Infinity : Math.max(0, writeBy - now()))))
        return {
          kind: 'unavailable',
          reason: signal?.aborted ? String(signal.reason) : busy,
          passing: false,
        };
      const deadline = writeBy ?? now() + patienceMs;
      const tracked = reconciliation?.track(chunk);
      const { answer, sent } = await send(chunk, { ...sendOptions, writeBy: deadline }).finally(
        slots.release,
      );
      const last = await lookUp(chunk, answer, sent, deadline + timeoutMs);
      tracked?.(last);
      return last;
    },
    // `sentAt` is when its being sent was noted; it may have been tried for some seconds from then on.
    lookUp: (chunk, answer, sentAt, rivals) =>
      lookUp(chunk, answer, { earliest: sentAt, latest: sentAt + patienceMs }, now() + patienceMs, rivals),
    close: () => http.close(),
  };
}

const busy = 'too many other requests were waiting for the dialer';

function isPassing(answer: ChunkAnswer): boolean {
  return (answer.kind === 'throttled' || answer.kind === 'unavailable') && answer.passing;
}

function isUnclear(answer: ChunkAnswer): boolean {
  return answer.kind === 'unknown' || (answer.kind === 'rows' && answer.rows.some(isUnknown));
}

/** What was looked up in place of what is unknown. */
function merge(answer: ChunkAnswer, looked: readonly RowAnswer[]): ChunkAnswer {
  if (looked.every(isUnknown)) return answer;
  if (answer.kind !== 'rows') return { kind: 'rows', rows: [...looked] };
  return { kind: 'rows', rows: answer.rows.map((row, n) => (isUnknown(row) ? (looked[n] ?? row) : row)) };
}

function isUnknown({ kind }: RowAnswer): boolean {
  return kind === 'unknown';
}
