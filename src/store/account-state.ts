// The state that all workers of one account share, as one row. While the database is out of reach each worker goes by what
// it saw last: a cap may then be passed by the number of workers, which is better than nobody being called.

import { setTimeout as sleep } from 'node:timers/promises';
import { type AccountState, initialState, type SharedState } from '../dialer/shared-state.ts';
import type { Database } from './database.ts';

/** A database that hangs would hold up every request: it has so long to answer, and is left alone after it failed. */
const answerMs = 1000;
const restMs = 5000;

export function createAccountState(database: Database, account: string): SharedState {
  let last = initialState;
  let restsUntil = 0;

  /** Null where the database is out of reach. */
  const ask = async (work: () => Promise<AccountState>): Promise<AccountState | null> => {
    if (Date.now() < restsUntil) return null;
    const answer = await Promise.race([work().catch(() => null), sleep(answerMs, null, { ref: false })]);
    if (answer === null) restsUntil = Date.now() + restMs;
    else last = answer;
    return answer;
  };

  const read = async () => {
    const [row] = await database.query<{ state: AccountState }>(
      'SELECT state FROM dialgraph.accounts WHERE id = $1',
      [account],
    );
    return row?.state ?? initialState;
  };

  const update = (change: (state: AccountState) => AccountState) =>
    database.transaction(async (query) => {
      await query('INSERT INTO dialgraph.accounts (id, state) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        account,
        JSON.stringify(initialState),
      ]);
      const [row] = await query<{ state: AccountState }>(
        'SELECT state FROM dialgraph.accounts WHERE id = $1 FOR UPDATE',
        [account],
      );
      const changed = change(row?.state ?? initialState);
      await query('UPDATE dialgraph.accounts SET state = $2 WHERE id = $1', [
        account,
        JSON.stringify(changed),
      ]);
      return changed;
    });

  return {
    read: async () => (await ask(read)) ?? last,
    async update(change) {
      const changed = await ask(() => update(change));
      if (changed !== null) return changed;
      last = change(last);
      return last;
    },
  };
}
