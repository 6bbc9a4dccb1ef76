// What is tried again, how long is waited before it, and what is not tried again.

import { BusyError, MalformedAnswerError, NetworkError, UnauthenticatedError } from './errors.ts';

export interface Patience {
  signal: AbortSignal;
  /** Called where the credential is refused, before the same is sent once more. */
  onUnauthenticated?: (() => void | Promise<void>) | undefined;
  /** Told why it waits; null: it goes on. */
  onWait(reason: string | null): void;
}

const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** A server that asks for more may be back before: a page is not left waiting for an hour. */
const longestAskedMs = 300_000;

/** In ms: as long as the server asks for, if that is no less than `atLeastMs`. What it asks for may be anything. */
export function waitMs(askedSeconds: unknown, atLeastMs: number): number {
  const ms = Number(askedSeconds ?? 0) * 1000;
  return ms > atLeastMs ? Math.min(ms, longestAskedMs) : atLeastMs;
}

/** In ms, one wait after the other: each is at least about twice as long as the one before. */
export function createBackOff(): (askedSeconds?: number | null) => number {
  let pauseMs = firstPauseMs;
  return (askedSeconds) => {
    // Pages that lost the server in the same moment do not all come again in the same moment.
    const usualMs = pauseMs * (0.75 + Math.random() / 2);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    return waitMs(askedSeconds, usualMs);
  };
}

/** The same again, for as long as the server cannot be reached or asks for a pause. Rejects with what is wrong for good. */
export async function again<Result>(work: () => Promise<Result>, patience: Patience): Promise<Result> {
  const { signal, onUnauthenticated } = patience;
  const backOff = createBackOff();
  let isRenewed = false;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (error instanceof UnauthenticatedError && onUnauthenticated !== undefined && !isRenewed) {
        isRenewed = true;
        await onUnauthenticated();
        continue;
      }
      if (!mayPass(error)) throw error;
      isRenewed = false;
      await pause(backOff(error.retryAfterSeconds), error.message, patience);
    }
  }
}

function mayPass(error: unknown): error is Error & { retryAfterSeconds?: number | null } {
  return [BusyError, NetworkError, MalformedAnswerError].some((kind) => error instanceof kind);
}

/** Rejects with what the signal is aborted with. */
export async function pause(ms: number, reason: string, { signal, onWait }: Patience): Promise<void> {
  onWait(reason);
  await sleep(ms, signal);
  onWait(null);
}

export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
