// What outlives a process or is shared by several: idempotency keys, and the state of the account. PostgreSQL either way:
// embedded, for the one process that holds its files, or a server for many. Opens when first needed.

import { createHash } from 'node:crypto';
import type { KeyStore } from '../campaign/idempotency/key-store.ts';
import type { SharedState } from '../dialer/shared-state.ts';
import { createAccountState } from './account-state.ts';
import { createClaims } from './claims.ts';
import { createDatabase } from './database.ts';
import { createKeys } from './idempotency-keys.ts';
import { createWorker } from './worker.ts';

export interface StoreOptions {
  /** A PostgreSQL server's URL. @default undefined: embedded, with files under `dataDir` */
  databaseUrl?: string | undefined;
  dataDir: string;
  keyTtlMs: number;
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

export interface Store {
  /** One account's part, which no other account sees. May be asked for more than once. */
  account(account: StoredAccount): AccountStore;
  /** Whether the database answers; one that has not been opened so far is not asked. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

export function createStore({ databaseUrl, dataDir, keyTtlMs }: StoreOptions): Store {
  const database = createDatabase({ url: databaseUrl, dataDir });
  const worker = createWorker(database);
  const claims = createClaims(database, worker);
  return {
    account({ identity, apiKey }) {
      const account = createHash('sha256').update(identity).digest('base64url');
      return {
        keys: createKeys(database, claims, { account, apiKey, keyTtlMs }),
        shared: databaseUrl === undefined ? undefined : createAccountState(database, account),
      };
    },
    isReachable: database.isReachable,
    async close() {
      claims.close();
      await worker.close();
      await database.close();
    },
  };
}
