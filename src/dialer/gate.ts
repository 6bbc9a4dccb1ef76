// The gate that every request to the upstream passes, whatever it asks: the circuit breaker, the account's pace, and
// the last word of whoever sends. A request that does not pass is withheld, which is certain: nothing was written.

import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult } from 'cockatiel';
import { readRetryAfter } from './answer.ts';
import type { HttpClient, HttpReply } from './http.ts';
import type { Pace } from './pace.ts';

/** How long a request may wait to be written: together with the upstream's time-out under the 5 s that callers are told. */
export const patienceMs = 4500;

/** Consecutive requests that came to nothing before the upstream is left alone, and for how long. */
const failuresToOpen = 5;
const openMs = 5000;

/** Wraps a client; what comes out of it is as exact as what went in. */
export function createGate(http: HttpClient, pace: Pace, now: () => number): HttpClient {
  const breaker = circuitBreaker(
    handleWhenResult((reply) => isFailure(reply as HttpReply)),
    { breaker: new ConsecutiveBreaker(failuresToOpen), halfOpenAfter: openMs },
  );
  let openUntil = 0;
  breaker.onBreak(() => {
    openUntil = Date.now() + openMs;
  });
  // While one request probes, cockatiel would have the others wait for it.
  const isShut = () =>
    breaker.state === CircuitState.HalfOpen ||
    (breaker.state === CircuitState.Open && Date.now() < openUntil);

  return {
    async send(request, options = {}) {
      if (isShut()) return leftAlone;
      const writeBy = options.writeBy ?? now() + patienceMs;
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
      const reply = await breaker
        .execute(() => http.send(request, { ...options, writeBy }))
        .catch(() => leftAlone);
      const retryAfter = reply.kind === 'response' ? readRetryAfter(reply.headers, now()) : null;
      if (retryAfter !== null && retryAfter > 0) await pace.pause(retryAfter);
      return reply;
    },
    close: () => http.close(),
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
