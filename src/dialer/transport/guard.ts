// The guard that every request to the upstream passes: the circuit breaker, the account's rate limit, and the sender's last
// word (`beforeSending`). A request that does not pass is withheld. It is then certain that nothing was written.

import { causeText, type StopSignal } from '../../foundation/cancellation.ts';
import type { BreakerState, Telemetry, UpstreamRequest, UpstreamResult } from '../../telemetry/events.ts';
import type { Guard } from '../dialects/dialect.ts';
import { readRetryAfter } from '../dialects/schedule-reply.ts';
import { type BreakerOptions, createBreaker, type Health, type Permit } from './breaker.ts';
import { writeWithinMs } from './deadlines.ts';
import {
  type HttpClient,
  type HttpReply,
  type HttpRequest,
  type SendOptions,
  tooLate,
} from './http-client.ts';
import type { RateLimit } from './rate-limit.ts';

export interface AccountGuard extends Guard {
  /** Of the requests without which no row can be sent: schedule and token. */
  breaker(): BreakerState;
  /** Whether the upstream has been away for longer than a list waits. */
  isGone(): boolean;
  /** Turns away whoever waits, and everybody from now on. */
  close(): void;
}

/** Wraps a client. One function, since its parts share the breakers. */
export function createGuard(
  http: HttpClient,
  rateLimit: RateLimit,
  telemetry: Telemetry,
  now: () => number,
  options: BreakerOptions,
): AccountGuard {
  // One for each purpose: a look-up that fails or succeeds says nothing of scheduling.
  const breakers = {
    schedule: createBreaker(options),
    token: createBreaker(options),
    list: createBreaker(options),
    status: createBreaker(options),
    delete: createBreaker(options),
    remove: createBreaker(options),
  } satisfies Record<UpstreamRequest['purpose'], unknown>;
  const needed = [breakers.schedule, breakers.token];
  let isClosed = false;

  /** Why a request may not be sent now; undefined if it may. */
  const withhold = async (
    { signal, beforeSending }: SendOptions,
    writeBy: number,
    permit: Permit,
  ): Promise<HttpReply | undefined> => {
    const seconds = await rateLimit.turn(writeBy, signal);
    if (seconds !== null)
      return { kind: 'withheld', reason: 'the next request may not go yet', retryAfterSeconds: seconds };
    if (signal?.aborted) return stopped(signal);
    try {
      await beforeSending?.();
    } catch (error) {
      return { kind: 'withheld', reason: error instanceof Error ? error.message : String(error) };
    }
    if (!permit.isGood()) return { ...leftAlone, passing: true };
    // A request that is late here says nothing of the dialer.
    return now() > writeBy ? tooLate : undefined;
  };

  const exchangeAndRead = async <Answer>(
    request: HttpRequest,
    read: (reply: HttpReply) => Answer | Promise<Answer>,
    options: SendOptions,
    permit: Permit,
  ): Promise<Answer> => {
    const { purpose, rows = 0 } = request;
    const { attempt = 1, origins = [] } = options;
    const told = telemetry.upstreamStarted({ purpose, rows, attempt, origins });
    const headers = { ...request.headers, ...told.headers };
    const reply = await http.exchange({ ...request, headers }, options);
    permit.end(healthOf(reply));
    const status = reply.kind === 'response' ? reply.status : undefined;
    let answer: Answer;
    try {
      answer = await read(reply);
    } catch (error) {
      told.end('unknown', status);
      throw error;
    }
    if (reply.kind !== 'withheld') told.end(resultOf(reply, answer), status);
    const retryAfter = reply.kind === 'response' ? readRetryAfter(reply.headers, now()) : null;
    // Scheduling does not wait for what is only asked to tell more.
    const pauses = purpose !== 'status' && retryAfter !== null && retryAfter > 0;
    if (pauses) await rateLimit.pause(retryAfter);
    return answer;
  };

  const waitOf = ({ writeBy, lowPriority }: SendOptions) => {
    if (writeBy !== undefined) return writeBy - now();
    return lowPriority ? 'while it may come back' : writeWithinMs;
  };

  return {
    async request(request, read, options = {}) {
      const { signal } = options;
      // All waiting comes before the last word: the time that it notes must be the time at which the request is written.
      const permit = await breakers[request.purpose].admit(waitOf(options), signal);
      if (permit === null) return read(signal?.aborted ? stopped(signal) : isClosed ? ending : leftAlone);
      try {
        const writeBy = options.writeBy ?? now() + writeWithinMs;
        const withheld = await withhold(options, writeBy, permit);
        if (withheld !== undefined) return await read(withheld);
        return await exchangeAndRead(request, read, { ...options, writeBy }, permit);
      } finally {
        permit.end('nothing');
      }
    },
    breaker() {
      const states = needed.map((breaker) => breaker.state());
      return (
        states.find((state) => state === 'open') ?? states.find((state) => state !== 'closed') ?? 'closed'
      );
    },
    isGone: () => needed.some((breaker) => breaker.isGone()),
    close() {
      isClosed = true;
      for (const breaker of Object.values(breakers)) breaker.close();
    },
  };
}

const leftAlone = {
  kind: 'withheld',
  reason: 'the dialer fails, and is left alone for a moment',
} as const satisfies HttpReply;

const ending: HttpReply = { kind: 'withheld', reason: 'the connection to the dialer is being closed' };

function stopped(signal: StopSignal): HttpReply {
  return { kind: 'withheld', reason: causeText(signal) };
}

/** No connection, no answer and an error of the server are failures. A 429 or a refusal shows that the upstream works. */
function healthOf(reply: HttpReply): Health {
  switch (reply.kind) {
    case 'response':
      return reply.status >= 500 || !reply.complete ? 'failed' : 'well';
    case 'withheld':
      return 'nothing';
    case 'not-sent':
    case 'no-answer':
      return 'failed';
    default:
      return reply satisfies never;
  }
}

/** The kind of the answer that was read, if it has one. A list that could not be read is null. */
function resultOf(reply: HttpReply, answer: unknown): UpstreamResult {
  const { kind } = (answer ?? {}) as { kind?: unknown };
  if (kind === 'refused' || kind === 'throttled' || kind === 'unavailable' || kind === 'unknown') return kind;
  if (reply.kind === 'no-answer') return 'unknown';
  const isAnswer = reply.kind === 'response' && reply.status < 300 && answer !== null;
  return isAnswer ? 'answered' : 'unavailable';
}
