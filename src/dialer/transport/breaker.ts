// The circuit breaker: it keeps requests from an upstream that fails, and lets one request find out whether it works again.
// States: closed → (more than half of the latest requests failed) open → (the pause is over, and somebody wants to send)
// half-open → (the probe's result) closed, or open for twice as long. A probe that was not sent after all says nothing: the
// next request becomes the probe.
// Whoever waits is woken at each change. A part of a list waits until the upstream has been away for too long. Pauses are
// measured by a clock that is never set back.

import type { StopSignal } from '../../foundation/cancellation.ts';
import type { BreakerState } from '../../telemetry/events.ts';

/** What a request says of the upstream. `nothing`: it was not sent after all. */
export type Health = 'well' | 'failed' | 'nothing';

/** The permission to send one request. */
export interface Permit {
  /** False where the upstream has been found to fail since. */
  isGood(): boolean;
  /** Must be called with what the request says. The first call counts. */
  end(health: Health): void;
}

export interface Breaker {
  /**
   * Waits until the request may be sent, for `waitMs` if that is a number. Null: the time or the signal came first, or the
   * time would come before the end of the pause.
   */
  admit(waitMs: number | 'while it may come back', signal?: StopSignal): Promise<Permit | null>;
  state(): BreakerState;
  /** Whether nothing but failures has come back for longer than lists wait. */
  isGone(): boolean;
  /** Turns away whoever waits, and everybody from now on. */
  close(): void;
}

export interface BreakerOptions {
  /** How many requests go side by side. If each of them fails once, that alone does not open the breaker. */
  concurrency: number;
  /** Whoever waits gives up when the upstream has been away for so long without a break. */
  awayMs: number;
}

/** Fewer results say too little. */
const leastRequests = 5;
/** Older results do not count. Five requests that time out one after the other lie within this time. */
const windowMs = 5 * 60_000;
/** The longest pause is shorter than `writeWithinMs`, so that a small request can wait for a probe. */
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
    // If nobody asked for long, it is not known how the upstream was meanwhile.
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
  const change = (ms: number, signal: StopSignal | undefined) =>
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
        // A probe ends within its own time-out, so its result is waited for.
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
