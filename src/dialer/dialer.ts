// The upstream as the rest of the house sees it: one account, and one `submitChunk` that never rejects.
// What is certainly not accepted is tried again for some seconds; what may have been accepted is looked up where the
// dialect can, and never sent again. A dialect says how a chunk is written and authenticated.

import { causeText, type StopSignal, waitUnlessStopped } from '../foundation/cancellation.ts';
import type { DialerState, Telemetry } from '../telemetry/events.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import type { DialectName } from '../upstream/contract.ts';
import type { Account, CampaignStatus, Chunk, ChunkAnswer, RowAnswer, SubmitOptions } from './chunk.ts';
import { createCoalescing } from './coalescing.ts';
import type { DialectClient } from './dialects/dialect.ts';
import { dialects } from './dialects/dialects.ts';
import { createFairQueue } from './fair-queue.ts';
import { createReconciliation, type Sent } from './reconciliation.ts';
import { createScheduledRows, type ScheduledRows } from './scheduled-rows.ts';
import { awayMs as usualAwayMs, writeWithinMs } from './transport/deadlines.ts';
import { type AccountGuard, createGuard } from './transport/guard.ts';
import { createHttpClient, type SendOptions } from './transport/http-client.ts';
import { createRateLimit, type RateLimitOptions } from './transport/rate-limit.ts';
import { createLocalState, type SharedState } from './transport/shared-state.ts';

export interface DialerOptions extends Account, RateLimitOptions {
  /** The account's name, for logs and metrics. */
  name: string;
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
  /** How long a list waits for a dialer that has been away at a stretch. @default 30 s */
  awayMs?: number | undefined;
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
  /** How many chunks are sent at a time. The others wait in the fair queue. */
  readonly concurrency: number;
  /**
   * What became of a chunk. It waits for its turn until `writeBy` or the signal ends that; if it is a part of a list, it also
   * waits for a dialer that is away. From its turn on an answer comes within the time-out and 5 s. Never rejects, and never
   * sends again what may have been accepted.
   */
  submitChunk(chunk: Chunk, options: SubmitOptions): Promise<ChunkAnswer>;
  /**
   * A better answer to a chunk that was sent at `sentAt`, or the same where it is clear or nothing is learned. `rivals`
   * are chunks that may have brought the same rows. Sends no row.
   */
  lookUp(chunk: Chunk, answer: ChunkAnswer, sentAt: number, rivals: readonly Chunk[]): Promise<ChunkAnswer>;
  /**
   * What the upstream says of a campaign, with the account's time-out for its answer. Never rejects. Undefined: the account's API
   * cannot be asked.
   */
  readonly campaignStatus:
    | ((campaignName: string, options?: Pick<SendOptions, 'origins'>) => Promise<CampaignStatus>)
    | undefined;
  /** The rows that were scheduled. Null: the account's dialect can neither list them nor take one back. */
  readonly scheduled: ScheduledRows | null;
  state(): DialerState;
  /** The same, after asking what other processes know of a pause. */
  askState(): Promise<DialerState>;
  /** Ends a pause that the upstream asked for. Resolves to the seconds that were left of it. */
  resume(): Promise<number>;
  /** Lets running requests end, then closes the connections. */
  close(): Promise<void>;
}

/** Requests for campaigns that are on their way at a time. Each may hold a connection, beside those for rows, while it hangs. */
const campaignsAtATime = 4;

/** For a chunk that the dialer itself turned away. */
const maxRetries = 3;
const firstPauseMs = 200;
const longestPauseMs = 1000;

export function createDialer(
  options: DialerOptions,
  { telemetry = createTelemetry(), now = Date.now, shared = createLocalState(now) }: DialerParts = {},
): Dialer {
  const { name, concurrency, timeoutMs, awayMs = usualAwayMs } = options;
  // One connection more than there are chunks at a time: a chunk may wait for a token or a list, which needs a connection too.
  const http = createHttpClient({ ...options, connections: concurrency + 1 + campaignsAtATime }, now);
  const rateLimit = createRateLimit(options, shared, now, (seconds) =>
    telemetry.accountPaused(name, seconds),
  );
  const guard = createGuard(http, rateLimit, telemetry, now, { concurrency, awayMs });
  const client = dialects[options.auth].connect(options, guard, shared, now);
  const reconciliation =
    options.reconcile && client.scheduled !== undefined
      ? createReconciliation(client.scheduled.list, options, now)
      : null;
  const queue = createFairQueue(concurrency);
  const campaignQueue = createFairQueue(campaignsAtATime);
  const running = new Set<Promise<unknown>>();
  let isClosed = false;
  /** Grows with each chunk that may have brought rows. */
  let revision = 0;
  const track = <Answer>(work: Promise<Answer>): Promise<Answer> => {
    running.add(work);
    return work.finally(() => running.delete(work));
  };

  /** Reports a bug. The chunk that met it is unknown, and all others go on. */
  const failed = (error: unknown) => telemetry.error(`The dialer client failed: ${framesOf(error)}`);

  const sender = { client, guard, now, awayMs, failed, isClosed: () => isClosed };

  const lookUp = async (
    chunk: Chunk,
    answer: ChunkAnswer,
    sent: Sent,
    by: number,
    rivals?: readonly Chunk[],
  ) => {
    if (reconciliation === null || !isUnclear(answer)) return answer;
    try {
      return merge(answer, await reconciliation.lookUp(chunk, sent, by, rivals));
    } catch (error) {
      failed(error);
      return answer;
    }
  };

  const submitAlone = async (chunk: Chunk, { caller, mutation, small, ...options }: SubmitOptions) => {
    const { signal } = options;
    const waitMs = options.writeBy === undefined ? undefined : Math.max(0, options.writeBy - now());
    const slot = await queue.take({ caller, mutation, small, signal, waitMs });
    if (slot === null) return signal?.aborted ? stopped(signal) : busy;
    const writeBy = options.writeBy ?? (small ? now() + writeWithinMs : undefined);
    const end = reconciliation?.track(chunk);
    let last: ChunkAnswer = { kind: 'unknown', reason: 'what became of it was lost' };
    try {
      const sending = send(sender, chunk, { ...options, writeBy, lowPriority: !small });
      const { answer, sent } = await sending.finally(slot.release);
      last = await lookUp(chunk, answer, sent, (writeBy ?? sent.earliest + writeWithinMs) + timeoutMs);
      return last;
    } finally {
      revision++;
      end?.(last);
    }
  };
  const submitTogether =
    options.coalesceWindowMs > 0
      ? createCoalescing(submitAlone, options.coalesceWindowMs, telemetry, failed)
      : submitAlone;

  const { campaignStatus: ask } = client;
  const campaignStatus: Dialer['campaignStatus'] =
    ask &&
    (async (campaignName, given) => {
      const slot = await campaignQueue.take({ caller: campaignName, mutation: campaignQueue, small: true });
      try {
        return await ask(campaignName, given);
      } catch (error) {
        failed(error);
        return notAsked;
      } finally {
        slot?.release();
      }
    });

  const state = (): DialerState => ({
    ...queue.load(),
    account: name,
    breaker: guard.breaker(),
    pausedSeconds: rateLimit.pausedSeconds(),
  });

  return {
    concurrency,
    submitChunk(chunk, options) {
      return track(options.mayShare ? submitTogether(chunk, options) : submitAlone(chunk, options));
    },
    scheduled:
      client.scheduled === undefined
        ? null
        : createScheduledRows(
            { client: client.scheduled, queue, now, track, failed, isClosed: () => isClosed },
            () => revision,
          ),
    // `sentAt` is the time that was noted last. The request was written within `writeWithinMs` of it.
    lookUp: (chunk, answer, sentAt, rivals) =>
      lookUp(
        chunk,
        answer,
        { earliest: sentAt, latest: sentAt + writeWithinMs },
        now() + writeWithinMs,
        rivals,
      ),
    campaignStatus,
    state,
    async askState() {
      await rateLimit.ask();
      return state();
    },
    resume: () => rateLimit.resume(),
    async close() {
      isClosed = true;
      guard.close();
      await Promise.all(running);
      await http.close();
    },
  };
}

interface Sender {
  client: DialectClient;
  guard: AccountGuard;
  now: () => number;
  awayMs: number;
  failed(error: unknown): void;
  isClosed(): boolean;
}

/** Sends a chunk until no further try would help. `sent`: when the last try was written. Never rejects. */
async function send(sender: Sender, chunk: Chunk, options: SendOptions) {
  const { now } = sender;
  const { writeBy = Infinity, signal } = options;
  const goesOn = retryRule(sender, writeBy !== Infinity);
  for (let attempt = 1; ; attempt++) {
    const { answer, sentAt } = await attemptOnce(sender, chunk, { ...options, attempt });
    // The request was written between these two times. Nothing tells more exactly when.
    const sent: Sent = { earliest: sentAt ?? now(), latest: now() };
    if (!goesOn(answer)) return { answer, sent };
    const pauseMs = Math.random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
    if (now() + pauseMs >= writeBy) return { answer, sent };
    await waitUnlessStopped(pauseMs, signal);
    if (signal?.aborted) return { answer: stopped(signal), sent };
  }
}

async function attemptOnce({ client, now, failed }: Sender, chunk: Chunk, options: SendOptions) {
  let sentAt: number | undefined;
  const beforeSending = async () => {
    sentAt = now();
    await options.beforeSending?.();
  };
  try {
    return { answer: await client.postRows(chunk, { ...options, beforeSending }), sentAt };
  } catch (error) {
    failed(error);
    return { answer: sentAt === undefined ? notSent : unread, sentAt };
  }
}

/** A chunk that the dialer turned away is tried again a few times; one that could not be sent, for some time. */
function retryRule({ guard, awayMs, isClosed }: Sender, hasDeadline: boolean) {
  let turnedAway = 0;
  let awaySince: number | undefined;
  return (answer: ChunkAnswer): boolean => {
    if (isClosed() || (answer.kind !== 'unavailable' && answer.kind !== 'throttled')) return false;
    if (answer.kind === 'throttled' || !answer.away) return answer.passing && turnedAway++ < maxRetries;
    // This clock is never set back. The clock of deadlines may be.
    awaySince ??= performance.now();
    const awayFor = performance.now() - awaySince;
    return hasDeadline ? answer.passing && awayFor < writeWithinMs : awayFor < awayMs && !guard.isGone();
  };
}

const unread: ChunkAnswer = { kind: 'unknown', reason: 'its answer could not be read' };

const busy: ChunkAnswer = {
  kind: 'unavailable',
  reason: 'too many other requests were waiting for the dialer',
  passing: false,
};

const notAsked: CampaignStatus = { kind: 'unavailable', reason: 'it could not be asked for' };

const notSent: ChunkAnswer = { kind: 'unavailable', reason: 'it could not be sent', passing: false };

function stopped(signal: StopSignal): ChunkAnswer {
  return { kind: 'unavailable', reason: causeText(signal), passing: false };
}

/** The place where an error was thrown, without its message, which may repeat what was being read. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return [error.name, ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))].join('\n');
}

function isUnclear(answer: ChunkAnswer): boolean {
  return answer.kind === 'unknown' || (answer.kind === 'rows' && answer.rows.some(isUnknown));
}

/** Puts the answers of a look-up in the place of unknown ones. */
function merge(answer: ChunkAnswer, looked: readonly RowAnswer[]): ChunkAnswer {
  if (looked.every(isUnknown)) return answer;
  if (answer.kind !== 'rows') return { kind: 'rows', rows: [...looked] };
  return { kind: 'rows', rows: answer.rows.map((row, n) => (isUnknown(row) ? (looked[n] ?? row) : row)) };
}

function isUnknown({ kind }: RowAnswer): boolean {
  return kind === 'unknown';
}
