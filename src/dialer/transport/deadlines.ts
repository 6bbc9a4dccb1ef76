// Every time-out on the way to the upstream, and how they add up. All are milliseconds.
//
// A request waits for its connection, the account's rate and a pause for `writeWithinMs`, and is then written or given up. From
// the first byte written to the last byte read it has the account's own time-out (DIALER_TIMEOUT_MS). A look-up of what was lost
// ends when that request's time-out would have ended at the latest. So a small mutation has its answer within `answerWithin`.
// A list of more than one chunk waits longer for a dialer that is away, up to `awayMs`, and has no other end.
// Of a campaign that is new to the process the dialer is asked first, which is waited for `campaignWithinMs` at most. A query for
// campaigns waits for `campaignsWithinMs`, however many there are.

/** How long a request may wait to be written. */
export const writeWithinMs = 4500;

/** An answer takes a fraction of it. Whoever has waited so long goes on as if nothing could be asked. */
export const campaignWithinMs = 1000;

/** A page that shows campaigns shows the rest of them by then. To ask may take two requests, one after the other. */
export const campaignsWithinMs = 4000;

/** A connection that hangs must not hold up the requests after it. */
export const connectTimeoutMs = 4000;

/** If a timer is so late, the process stood still, or was held up. */
export const stoodStillMs = 100;

/** After that, an answer that has come meanwhile has so long to be read. The answers to other requests are read before it. */
export const catchUpMs = 1000;

/**
 * How long a list waits for a dialer that has been away at a stretch. A restart or a failover takes some seconds; a caller who
 * waits for a list, and what stands between, seldom bear more than a minute.
 */
export const awayMs = 30_000;

/** What a process needs beside the time-outs themselves. */
const processingMs = 500;

/** How long a chunk waits for its answer at most, from its turn on. */
export function answerWithin(timeoutMs: number): number {
  return writeWithinMs + timeoutMs + processingMs;
}
