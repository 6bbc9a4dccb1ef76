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

/** The same again, for as long as the server cannot be reached or asks for a pause. Rejects with what is wrong for good. */
export async function again<Result>(work: () => Promise<Result>, patience: Patience): Promise<Result> {
  const { signal, onUnauthenticated } = patience;
  let isRenewed = false;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (error instanceof UnauthenticatedError && onUnauthenticated !== undefined && !isRenewed) {
        isRenewed = true;
        await onUnauthenticated();
        continue;
      }
      // Pages that lost the server in the same moment do not all come again in the same moment.
      const ms = pauseAfter(error, pauseMs * (0.75 + Math.random() / 2));
      if (ms === null) throw error;
      isRenewed = false;
      await pause(ms, (error as Error).message, patience);
    }
  }
}

function pauseAfter(error: unknown, usualMs: number): number | null {
  if (error instanceof BusyError)
    return error.retryAfterSeconds === null ? usualMs : error.retryAfterSeconds * 1000;
  return error instanceof NetworkError || error instanceof MalformedAnswerError ? usualMs : null;
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
