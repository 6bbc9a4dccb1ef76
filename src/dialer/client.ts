// The upstream as the rest of the house sees it: one account, one `schedule` that never rejects.
// What is certainly not accepted is tried again for some seconds; what may have been accepted is looked up where the
// dialect can, and never sent again. A dialect says how a chunk is written and authenticated; adding one is a file of its
// own and its line below.

import { ExponentialBackoff, fullJitterGenerator, handleWhenResult, retry } from 'cockatiel';
import type { DialerState, Telemetry } from '../telemetry/events.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { createCoalescing } from './coalescing.ts';
import type { DialectName } from './contract.ts';
import type { Account, Chunk, ChunkAnswer, Dialect, RowAnswer, ScheduleOptions } from './dialect.ts';
import { createGate, patienceMs } from './gate.ts';
import { createHttpClient, type SendOptions } from './http.ts';
import { createLanes } from './lanes.ts';
import { createPace, type PaceOptions } from './pace.ts';
import { createReconciliation, type Sent } from './reconciliation.ts';
import { createLocalState, type SharedState } from './shared-state.ts';
import { v1 } from './v1.ts';
import { basic, token } from './v2.ts';

export interface DialerOptions extends Account, PaceOptions {
  auth: DialectName;
  timeoutMs: number;
  /** Requests with rows that are on their way at a time. */
  concurrency: number;
  /** How long small chunks wait for others to share a request with; 0: they do not. */
  coalesceWindowMs: number;
  /** The account's zone. */
  timeZone: string;
  /** Whether rows whose answer was lost are looked up; v1 cannot. */
  reconcile: boolean;
  settleMs: number;
}

export interface DialerParts {
  /** @default this process alone */
  shared?: SharedState;
  /** @default nobody is told */
  telemetry?: Telemetry;
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
  schedule(chunk: Chunk, options: ScheduleOptions): Promise<ChunkAnswer>;
  /**
   * A better answer to a chunk that was sent at `sentAt`, or the same where it is clear or nothing is learned. `rivals`
   * are chunks that may have brought the same rows. Sends no row.
   */
  lookUp(chunk: Chunk, answer: ChunkAnswer, sentAt: number, rivals: readonly Chunk[]): Promise<ChunkAnswer>;
  state(): DialerState;
  /** Lets running requests end, then closes the connections. */
  close(): Promise<void>;
}

const dialects: Record<DialectName, Dialect> = { v1, basic, token };

const maxRetries = 3;
const backoff = new ExponentialBackoff({ generator: fullJitterGenerator, initialDelay: 200, maxDelay: 1000 });

export function createDialer(
  options: DialerOptions,
  { shared = createLocalState(), telemetry = createTelemetry(), now = Date.now }: DialerParts = {},
): Dialer {
  const { concurrency, timeoutMs } = options;
  // One connection more than chunks: a token or a list must not wait for the chunk that waits for it.
  const http = createHttpClient({ ...options, connections: concurrency + 1 }, now);
  const gate = createGate(http, createPace(options, shared, now), telemetry, now);
  const speaker = dialects[options.auth](options, gate, shared, now);
  const reconciliation =
    options.reconcile && speaker.listScheduled !== undefined
      ? createReconciliation(speaker.listScheduled, options, now)
      : null;
  const lanes = createLanes(concurrency);

  const send = async (chunk: Chunk, sendOptions: SendOptions & { writeBy: number }) => {
    let sentAt = now();
    const again = retry(
      handleWhenResult((answer) => isPassing(answer as ChunkAnswer) && now() < sendOptions.writeBy),
      { maxAttempts: maxRetries, backoff },
    );
    const answer = await again.execute(({ attempt }) => {
      sentAt = now();
      return speaker.schedule(chunk, { ...sendOptions, attempt: attempt + 1 });
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

  const scheduleAlone = async (
    chunk: Chunk,
    { writeBy, caller, mutation, small, ...options }: ScheduleOptions,
  ) => {
    const { signal } = options;
    const waitMs = writeBy === undefined ? undefined : Math.max(0, writeBy - now());
    const lane = await lanes.take({ caller, mutation, small, signal, waitMs });
    if (lane === null) {
      const reason = signal?.aborted ? String(signal.reason) : busy;
      return { kind: 'unavailable', reason, passing: false } as const;
    }
    const deadline = writeBy ?? now() + patienceMs;
    const tracked = reconciliation?.track(chunk);
    const { answer, sent } = await send(chunk, { ...options, writeBy: deadline, unhurried: !small }).finally(
      lane.release,
    );
    const last = await lookUp(chunk, answer, sent, deadline + timeoutMs);
    tracked?.(last);
    return last;
  };
  const scheduleTogether =
    options.coalesceWindowMs > 0
      ? createCoalescing(scheduleAlone, options.coalesceWindowMs, telemetry)
      : scheduleAlone;

  return {
    concurrency,
    schedule: (chunk, options) =>
      options.mayShare ? scheduleTogether(chunk, options) : scheduleAlone(chunk, options),
    // `sentAt` is when its being sent was noted; it may have been tried for some seconds from then on.
    lookUp: (chunk, answer, sentAt, rivals) =>
      lookUp(chunk, answer, { earliest: sentAt, latest: sentAt + patienceMs }, now() + patienceMs, rivals),
    state: () => ({ ...lanes.load(), breaker: gate.breaker() }),
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
