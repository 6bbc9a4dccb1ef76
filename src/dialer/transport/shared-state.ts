// What all processes of one account share: the turns under its caps, the end of its pause, and its token.
// A single process keeps it in memory. If several serve one account, the store keeps it, so that they act as one.

import { type Cap, takeTurn, type Windows } from './rate-windows.ts';

/** All times are epoch milliseconds. A plain object that survives JSON. */
export interface AccountState {
  /** Nothing is sent before: the upstream said `Retry-After`. */
  readonly pausedUntil: number;
  /** Left by versions up to 0.1, which kept every turn here; empty since. */
  readonly turns: readonly number[];
  /** The current token, sealed with the API key. */
  readonly token: { readonly sealed: string; readonly madeAt: number } | null;
  /** Tokens asked for, and asked for because one was refused, within the last hour. */
  readonly tokenAttempts: readonly number[];
  readonly tokenRenewals: readonly number[];
  /** Until when one worker is believed to fetch a token, and the others wait for it. */
  readonly tokenLease: number;
}

export interface Turn {
  /** Milliseconds until it comes. More than `longestWaitMs`: it was not taken. */
  waitMs: number;
  pausedMs: number;
}

/** Takes and returns durations, not times, since the clocks of processes differ. */
export interface SharedState {
  read(): Promise<AccountState>;
  /** Applies a change to the latest state; nobody else's change comes between. For the token alone. */
  update(change: (state: AccountState) => AccountState): Promise<AccountState>;
  /** The next turn under the caps, after a pause. `longestWaitMs`: from 0 to a minute. */
  takeTurn(caps: readonly Cap[], longestWaitMs: number): Promise<Turn>;
  /** Milliseconds for which nothing is to be sent. */
  pausedMs(): Promise<number>;
  /** Nothing is sent for so long, or longer if a longer pause is known. Resolves to how long. */
  pause(ms: number): Promise<number>;
  /** Ends a pause. */
  resume(): Promise<void>;
}

export const initialState: AccountState = {
  pausedUntil: 0,
  turns: [],
  token: null,
  tokenAttempts: [],
  tokenRenewals: [],
  tokenLease: 0,
};

/** A pause that ends later was written by a clock that has been set back since. */
export const furthestPauseMs = 61 * 60_000;

export interface LocalState extends SharedState {
  /** Goes on from what others know. */
  adopt(known: { pausedUntil?: number; windows?: Windows; state?: AccountState }): void;
}

/** The state of an account that one process alone serves. `now`: epoch milliseconds. */
export function createLocalState(now: () => number = Date.now): LocalState {
  let state = initialState;
  let pausedUntil = 0;
  let windows: Windows = {};
  const pauseEnd = () => (pausedUntil <= now() + furthestPauseMs ? pausedUntil : 0);
  return {
    read: async () => state,
    async update(change) {
      state = change(state);
      return state;
    },
    async takeTurn(caps, longestWaitMs) {
      const at = now();
      const turn = takeTurn(windows, caps, at, Math.max(at, pauseEnd()), at + Math.max(0, longestWaitMs));
      windows = turn.windows;
      return { waitMs: turn.at - at, pausedMs: Math.max(0, pauseEnd() - at) };
    },
    pausedMs: async () => Math.max(0, pauseEnd() - now()),
    async pause(ms) {
      pausedUntil = Math.max(pauseEnd(), now() + ms);
      return pausedUntil - now();
    },
    async resume() {
      pausedUntil = 0;
    },
    adopt(known) {
      state = known.state ?? state;
      pausedUntil = known.pausedUntil ?? pausedUntil;
      windows = known.windows ?? windows;
    },
  };
}
