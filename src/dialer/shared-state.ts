// What all workers of one account share: how fast it may be asked, until when it wants to be left alone, and its token.
// One process keeps it in memory; where several serve one account, the store keeps it, so that they act as one.

/** All times are epoch milliseconds. A plain object that survives JSON. */
export interface AccountState {
  /** Nothing is sent before: the upstream said `Retry-After`. */
  readonly pausedUntil: number;
  /** When the latest requests were, or will be, written, oldest first; kept only as far as the caps look back. */
  readonly turns: readonly number[];
  /** The current token, sealed with the API key. */
  readonly token: { readonly sealed: string; readonly madeAt: number } | null;
  /** Tokens asked for, and asked for because one was refused, within the last hour. */
  readonly tokenAttempts: readonly number[];
  readonly tokenRenewals: readonly number[];
  /** Until when one worker is believed to fetch a token, and the others wait for it. */
  readonly tokenLease: number;
}

export interface SharedState {
  read(): Promise<AccountState>;
  /** Applies a change to the latest state; nobody else's change comes between. */
  update(change: (state: AccountState) => AccountState): Promise<AccountState>;
}

export const initialState: AccountState = {
  pausedUntil: 0,
  turns: [],
  token: null,
  tokenAttempts: [],
  tokenRenewals: [],
  tokenLease: 0,
};

/** The state of an account that one process alone serves. */
export function createLocalState(): SharedState {
  let state = initialState;
  return {
    read: async () => state,
    async update(change) {
      state = change(state);
      return state;
    },
  };
}
