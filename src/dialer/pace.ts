// When the next request to the upstream may go: caps on requests a second and a minute, and pauses that the upstream
// asked for. A turn that would come too late is not taken at all, so that waiting requests never pile up behind it.

import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountState, SharedState } from './shared-state.ts';

export interface PaceOptions {
  /** @default undefined: no cap */
  maxRequestsPerSecond?: number | undefined;
  maxRequestsPerMinute?: number | undefined;
}

export interface Pace {
  /** Waits for a turn. Null: it has come. A number: none comes before `latest`, and so many seconds would have to pass. */
  turn(latest: number, signal?: AbortSignal): Promise<number | null>;
  /** Keeps every worker of the account from sending for so long. */
  pause(seconds: number): Promise<void>;
}

/** What lies further ahead than any pause or turn can was written by a clock that has been set back since. */
const furthestPauseMs = 61 * 60_000;
const furthestTurnMs = 60_000;

export function createPace(options: PaceOptions, shared: SharedState, now: () => number): Pace {
  const caps = [
    { requests: options.maxRequestsPerSecond, withinMs: 1000 },
    { requests: options.maxRequestsPerMinute, withinMs: 60_000 },
  ].filter((cap): cap is Cap => cap.requests !== undefined);
  const kept = Math.max(0, ...caps.map(({ requests }) => requests));

  /** The time of the next turn; where that is early enough, it is taken. */
  const take = async (latest: number): Promise<number> => {
    if (caps.length === 0) return pauseOf(await shared.read(), now());
    let at = 0;
    await shared.update((state) => {
      at = nextTurn(state, caps, now());
      return at > latest ? state : { ...state, turns: [...state.turns, at].slice(-kept) };
    });
    return at;
  };

  return {
    async turn(latest, signal) {
      let at = await take(latest);
      while (at > now()) {
        if (at > latest) return Math.ceil((at - now()) / 1000);
        if (!(await waited(at - now(), signal))) return null;
        // A pause that began meanwhile has voided the turn.
        at = pauseOf(await shared.read(), now()) > now() ? await take(latest) : 0;
      }
      return null;
    },

    async pause(seconds) {
      const until = now() + seconds * 1000;
      await shared.update((state) => ({ ...state, pausedUntil: Math.max(state.pausedUntil, until) }));
    },
  };
}

interface Cap {
  requests: number;
  withinMs: number;
}

/** A request may go once the one that many before it has left the cap's span of time. */
function nextTurn(state: AccountState, caps: readonly Cap[], now: number): number {
  const turns = state.turns.filter((turn) => turn <= now + furthestTurnMs);
  return Math.max(
    now,
    pauseOf(state, now),
    ...caps.map(({ requests, withinMs }) => (turns.at(-requests) ?? -Infinity) + withinMs),
  );
}

function pauseOf({ pausedUntil }: AccountState, now: number): number {
  return pausedUntil <= now + furthestPauseMs ? pausedUntil : 0;
}

/** False where the caller went away first. */
function waited(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return sleep(ms, true, { signal }).catch(() => false);
}
