// The gate that every request to the upstream passes, whatever it asks: the circuit breaker, the account's pace, and
// the last word of whoever sends. A request that does not pass is withheld, which is certain: nothing was written.

import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';
import type { BreakerState, Telemetry, UpstreamResult } from '../telemetry/events.ts';
import { readRetryAfter } from './answer.ts';
import type { Gate } from './dialect.ts';
import type { HttpClient, HttpReply, SendOptions } from './http.ts';
import type { Pace } from './pace.ts';

/** How long a request may wait to be written: together with the upstream's time-out under the 5 s that callers are told. */
export const patienceMs = 4500;

/** Consecutive requests that came to nothing before the upstream is left alone, and for how long. */
const failuresToOpen = 5;
const openMs = 5000;

export interface StatefulGate extends Gate {
  breaker(): BreakerState;
}

/** Wraps a client; what comes out of it is as exact as what went in. */
export function createGate(
  http: HttpClient,
  pace: Pace,
  telemetry: Telemetry,
  now: () => number,
): StatefulGate {
  const breaker = circuitBreaker(
    handleWhenResult((reply) => isFailure(reply as HttpReply)),
    { breaker: new ConsecutiveBreaker(failuresToOpen), halfOpenAfter: openMs },
  );
  let openUntil = 0;
  breaker.onBreak(() => {
    openUntil = Date.now() + openMs;
  });
  const isOpen = () => breaker.state === CircuitState.Open && Date.now() < openUntil;
  // While one request probes, cockatiel would have the others wait for it.
  const isShut = () => breaker.state === CircuitState.HalfOpen || isOpen();

  /** What keeps a request from being sent now; undefined once nothing does. */
  const withhold = async (options: SendOptions, writeBy: number): Promise<HttpReply | undefined> => {
    if (isShut()) return leftAlone;
    const seconds = await pace.turn(writeBy, options.signal);
    if (seconds !== null)
      return { kind: 'withheld', reason: 'the next request may not go yet', retryAfterSeconds: seconds };
    if (options.signal?.aborted) return { kind: 'withheld', reason: String(options.signal.reason) };
    try {
      await options.beforeSending?.();
    } catch (error) {
      return { kind: 'withheld', reason: (error as Error).message };
    }
    if (isShut()) return leftAlone;
    // Time that was lost here says nothing of the dialer.
    if (now() > writeBy) return { kind: 'withheld', reason: 'its time was over before it could be sent' };
    return undefined;
  };

  return {
    async send(request, read, options = {}) {
      const writeBy = options.writeBy ?? now() + patienceMs;
      const withheld = await withhold(options, writeBy);
      if (withheld !== undefined) return read(withheld);

      const { purpose, rows = 0 } = request;
      const { attempt = 1, askers = [] } = options;
      const exchange = telemetry.upstreamStarted({ purpose, rows, attempt, askers });
      const headers = { ...request.headers, ...exchange.headers };
      const reply = await breaker
        .execute(() => http.send({ ...request, headers }, { ...options, writeBy }))
        .catch(() => leftAlone);
      const answer = await read(reply);
      if (reply.kind !== 'withheld') exchange.end(resultOf(reply, answer), statusOf(reply));
      const retryAfter = reply.kind === 'response' ? readRetryAfter(reply.headers, now()) : null;
      if (retryAfter !== null && retryAfter > 0) await pace.pause(retryAfter);
      return answer;
    },
    breaker() {
      if (breaker.state === CircuitState.Closed) return 'closed';
      return isOpen() ? 'open' : 'half-open';
    },
  };
}

const leftAlone: HttpReply = {
  kind: 'withheld',
  reason: `the dialer failed ${failuresToOpen} times in a row, and is left alone for a few seconds`,
};

/** No connection, no answer, or a server's error. A 429 or a refusal shows that the upstream is well. */
function isFailure(reply: HttpReply): boolean {
  switch (reply.kind) {
    case 'response':
      return reply.status >= 500 || !reply.complete;
    case 'withheld':
      return false;
    case 'not-sent':
    case 'no-answer':
      return true;
    default:
      return reply satisfies never;
  }
}

function statusOf(reply: HttpReply): number | undefined {
  return reply.kind === 'response' ? reply.status : undefined;
}

/** As it was read, where that says it; a list that could not be read is null. */
function resultOf(reply: HttpReply, answer: unknown): UpstreamResult {
  const { kind } = (answer ?? {}) as { kind?: unknown };
  if (kind === 'refused' || kind === 'throttled' || kind === 'unavailable' || kind === 'unknown') return kind;
  if (reply.kind === 'no-answer') return 'unknown';
  const isAnswer = reply.kind === 'response' && reply.status < 300 && answer !== null;
  return isAnswer ? 'answered' : 'unavailable';
}
