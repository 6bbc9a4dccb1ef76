// The circuit breaker: leaves an upstream alone that fails, and lets one request find out whether it is well again.
// States: closed → (more than half of the latest requests failed) open → (the pause is over, and somebody wants to send)
// half-open → that one's result: closed, or open for twice as long; one that says nothing leaves the probe to the next.
// Whoever may wait is told when it changes: a part of a list waits for as long as the upstream has not been away for too
// long. Pauses are measured by a clock that nobody sets back.

import type { BreakerState } from '../../telemetry/events.ts';

/** What a request says of the upstream; `nothing`, where it was not sent after all. */
export type Health = 'well' | 'failed' | 'nothing';

/** Leave to send one request. */
export interface Permit {
  /** False where the upstream has been found to fail since. */
  isGood(): boolean;
  /** To be called with what the request says; the first call counts. */
  end(health: Health): void;
}

export interface Breaker {
  /**
   * Waits for leave to send, for `waitMs` where that is a number. Null: the time or the signal came first, or would come
   * before the end of the pause.
   */
  admit(waitMs: number | 'while it may come back', signal?: AbortSignal): Promise<Permit | null>;
  state(): BreakerState;
  /** Whether nothing but failures has come back for longer than lists wait. */
  isGone(): boolean;
  /** Whoever waits is turned away, now and from now on. */
  close(): void;
}

export interface BreakerOptions {
  /** Requests that go side by side: when each fails once, that alone does not open it. */
  concurrency: number;
  /** How long the upstream may have been away at a stretch before those who wait give it up. */
  awayMs: number;
}

/** Fewer say too little. */
const leastRequests = 5;
/** Results that are older say nothing of now. Five requests that time out one after the other lie within it. */
const windowMs = 5 * 60_000;
/** The longest pause is shorter than a person's patience, so that whoever waits sees a probe. */
const shortestPauseMs = 1000;
const longestPauseMs = 4000;

export function createBreaker({ concurrency, awayMs }: BreakerOptions): Breaker {
  const most = Math.max(2 * leastRequests, 2 * concurrency);
  let state: BreakerState = 'closed';
  /** The latest results, oldest first. */
  let results: { at: number; failed: boolean }[] = [];
  let pauseMs = shortestPauseMs;
  let pausedUntil = 0;
  /** The first failure since the upstream was well, and the latest. */
  let awaySince = Infinity;
  let failedAt = -Infinity;
  let isShut = false;
  const waiting = new Set<() => void>();

  const become = (next: BreakerState) => {
    state = next;
    for (const wake of [...waiting]) wake();
  };

  const open = () => {
    pausedUntil = performance.now() + pauseMs;
    pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    become('open');
  };

  const note = (failed: boolean) => {
    const at = performance.now();
    if (!failed) awaySince = Infinity;
    // Of a time in which nobody asked, nothing is known.
    else if (awaySince === Infinity || at - failedAt > awayMs) awaySince = at;
    if (failed) failedAt = at;
    if (state !== 'closed') return;
    results = [...results, { at, failed }].slice(-most).filter((result) => at - result.at < windowMs);
    const failures = results.filter((result) => result.failed).length;
    if (results.length >= leastRequests && 2 * failures > results.length) open();
  };

  const endProbe = (health: Health) => {
    if (health === 'failed') return open();
    if (health === 'nothing') {
      pausedUntil = 0;
      return become('open');
    }
    results = [];
    pauseMs = shortestPauseMs;
    become('closed');
  };

  const permit = (isProbe: boolean): Permit => {
    let ended = false;
    return {
      isGood: () => isProbe || state === 'closed',
      end(health) {
        if (ended) return;
        ended = true;
        if (health !== 'nothing') note(health === 'failed');
        if (isProbe) endProbe(health);
      },
    };
  };

  /** Resolves when the state changes, the signal is aborted, or the time is over. */
  const change = (ms: number, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        clearTimeout(timer);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const timer = ms === Infinity ? undefined : setTimeout(wake, ms);
      signal?.addEventListener('abort', wake);
      waiting.add(wake);
    });

  return {
    async admit(waitMs, signal) {
      const startedAt = performance.now();
      for (;;) {
        if (isShut || signal?.aborted) return null;
        if (state === 'closed') return permit(false);
        const at = performance.now();
        if (state === 'open' && at >= pausedUntil) {
          become('half-open');
          return permit(true);
        }
        const isPatient = waitMs === 'while it may come back';
        // A probe has its own end; its result is worth waiting for.
        const latest = isPatient ? (state === 'open' ? awaySince + awayMs : Infinity) : startedAt + waitMs;
        const changesAt = state === 'open' ? pausedUntil : Infinity;
        if (at >= latest || (changesAt !== Infinity && changesAt > latest)) return null;
        await change(Math.min(changesAt, latest) - at, signal);
      }
    },
    state: () => (state === 'open' && performance.now() >= pausedUntil ? 'half-open' : state),
    isGone: () => performance.now() - awaySince > awayMs,
    close() {
      isShut = true;
      for (const wake of [...waiting]) wake();
    },
  };
}
