// What outlives a process or is shared by several: idempotency keys, and the state of the account. PostgreSQL either way:
// embedded, for the one process that holds its files, or a server for many. Opens when told to or first needed.

import type { SharedState } from '../dialer/transport/shared-state.ts';
import type { KeyStore } from '../scheduling/idempotency/key-store.ts';
import type { Telemetry } from '../telemetry/events.ts';
import { accountIdOf, createAccountState } from './account-state.ts';
import { createClaims } from './claims.ts';
import { createDatabase, type Database } from './database/database.ts';
import type { LineAnswer } from './database/directory-lock.ts';
import { createKeys } from './idempotency-keys.ts';
import { createWorker } from './process-registry.ts';

export interface StoreOptions {
  /** A PostgreSQL server's URL. @default undefined: embedded, with files under `dataDir` */
  databaseUrl?: string | undefined;
  dataDir: string;
  keyTtlMs: number;
  /** Embedded, answers lines that the process which holds the files is told (directory-lock.ts). */
  answer?: LineAnswer | undefined;
  /** @default nobody is told */
  telemetry?: Telemetry | undefined;
}

export interface StoredAccount {
  /** What tells accounts apart. */
  identity: string;
  /** The account's API key, under which digests are made: a copy of the store has no number in it that could be guessed. */
  apiKey: string;
}

export interface AccountStore {
  keys: KeyStore;
  /** Undefined where one process alone serves the account: it keeps the state in memory. */
  shared: SharedState | undefined;
}

/** `open`, `refused` and `state` are the database's. */
export interface Store extends Pick<Database, 'open' | 'refused' | 'state'> {
  /** One account's part, which no other account sees. May be asked for more than once. */
  account(account: StoredAccount): AccountStore;
  close(): Promise<void>;
}

export function createStore({ databaseUrl, dataDir, keyTtlMs, answer, telemetry }: StoreOptions): Store {
  const database = createDatabase({ url: databaseUrl, dataDir, answer, telemetry });
  const worker = createWorker(database);
  const claims = createClaims(database, worker);
  return {
    account({ identity, apiKey }) {
      const account = accountIdOf(identity);
      return {
        keys: createKeys(database, claims, { account, apiKey, keyTtlMs }),
        shared: databaseUrl === undefined ? undefined : createAccountState(database, account),
      };
    },
    open: database.open,
    refused: database.refused,
    state: database.state,
    async close() {
      claims.close();
      await worker.close();
      await database.close();
    },
  };
}
