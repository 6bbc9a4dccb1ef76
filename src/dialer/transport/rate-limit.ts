// The rate limit: caps on requests a second and a minute, and pauses that the upstream asked for. A turn that would come too
// late is not taken at all, so requests do not pile up behind it.
// States: running → (a pause that begins here, or is found in the shared state) paused → (its end, or resume) running.

import { type StopSignal, waitUnlessStopped } from '../../foundation/cancellation.ts';
import { type Cap, furthestTurnMs } from './rate-windows.ts';
import type { SharedState } from './shared-state.ts';

export interface RateLimitOptions {
  /** @default undefined: no cap */
  maxRequestsPerSecond?: number | undefined;
  maxRequestsPerMinute?: number | undefined;
  /** No pause is longer, whatever the upstream asks for. */
  maxPauseSeconds: number;
}

export interface RateLimit {
  /** Waits for a turn. Null: it has come. A number: none comes before `latest`, but one does after so many seconds. */
  turn(latest: number, signal?: StopSignal): Promise<number | null>;
  /** Keeps every worker of the account from sending for so long, within `maxPauseSeconds`. */
  pause(seconds: number): Promise<void>;
  /** Ends a pause. Resolves to the seconds that were left of it; 0: there was none. */
  resume(): Promise<number>;
  /** How many seconds the pause still lasts, as far as this process knows. `ask` asks what the other processes know. */
  pausedSeconds(): number;
  ask(): Promise<void>;
}

/** `onPause` is called with the seconds of a pause that begins or is found, and with 0 at its end. */
export function createRateLimit(
  options: RateLimitOptions,
  shared: SharedState,
  now: () => number,
  onPause: (seconds: number) => void = () => undefined,
): RateLimit {
  const caps = [
    { requests: options.maxRequestsPerSecond, withinMs: 1000 },
    { requests: options.maxRequestsPerMinute, withinMs: 60_000 },
  ].filter((cap): cap is Cap => cap.requests !== undefined);
  let pausedUntil = 0;
  let ending: NodeJS.Timeout | undefined;

  const learn = (ms: number): void => {
    const wasPaused = ending !== undefined;
    pausedUntil = ms > 0 ? now() + ms : 0;
    clearTimeout(ending);
    ending = ms > 0 ? setTimeout(() => learn(Math.max(0, pausedUntil - now())), ms).unref() : undefined;
    if (wasPaused !== ms > 0) onPause(Math.ceil(ms / 1000));
  };

  const askPause = async (): Promise<number> => {
    const ms = await shared.pausedMs();
    learn(ms);
    return ms;
  };

  const take = async (longestWaitMs: number): Promise<number> => {
    if (caps.length === 0) return askPause();
    const { waitMs, pausedMs } = await shared.takeTurn(caps, longestWaitMs);
    learn(pausedMs);
    return waitMs;
  };

  return {
    async turn(latest, signal) {
      for (;;) {
        const longestWaitMs = Math.min(Math.max(0, latest - now()), furthestTurnMs);
        const waitMs = await take(longestWaitMs);
        if (waitMs > longestWaitMs) return Math.ceil(waitMs / 1000);
        if (waitMs <= 0 || !(await waitUnlessStopped(waitMs, signal))) return null;
        // If a pause began meanwhile, the turn does not count any more.
        if (caps.length > 0 && (await askPause()) === 0) return null;
      }
    },

    async pause(seconds) {
      learn(await shared.pause(Math.min(seconds, options.maxPauseSeconds) * 1000));
    },

    async resume() {
      const ms = await askPause();
      await shared.resume();
      learn(0);
      return Math.ceil(ms / 1000);
    },

    pausedSeconds: () => Math.max(0, Math.ceil((pausedUntil - now()) / 1000)),
    async ask() {
      await askPause();
    },
  };
}
