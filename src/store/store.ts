// What outlives a process or is shared by several: idempotency keys, and the accounts' states. The database is PostgreSQL:
// embedded, for the one process that has its files, or a server for many. It opens when it is told to, or is first needed.

import type { SharedState } from '../dialer/transport/shared-state.ts';
import type { ImportStore } from '../imports/import-store.ts';
import type { KeyStore } from '../scheduling/idempotency/key-store.ts';
import type { Telemetry } from '../telemetry/events.ts';
import { accountIdOf, createAccountState } from './account-state.ts';
import { createClaims } from './claims.ts';
import { createDatabase, type Database } from './database/database.ts';
import type { LineAnswer } from './database/directory-lock.ts';
import { createKeys } from './idempotency-keys.ts';
import { createImports, type ImportLimits } from './imports.ts';
import { createWorker } from './process-registry.ts';

export interface StoreOptions {
  /** A PostgreSQL server's URL. @default undefined: embedded, with files under `dataDir` */
  databaseUrl?: string | undefined;
  dataDir: string;
  keyTtlMs: number;
  imports: Omit<ImportLimits, 'keyMs'>;
  /** With the embedded database: answers the lines that are sent to the process that has its files (directory-lock.ts). */
  answer?: LineAnswer | undefined;
  /** @default no telemetry */
  telemetry?: Telemetry | undefined;
}

export interface StoredAccount {
  /** What accounts are told apart by. */
  identity: string;
  /** The account's API key, with which digests are made: without it nobody can guess a number from a copy of the store. */
  apiKey: string;
}

export interface AccountStore {
  /** What it is called in the store. */
  id: string;
  keys: KeyStore;
  /** Undefined if one process alone serves the account: it keeps the state in memory. */
  shared: SharedState | undefined;
}

/** `open`, `refused` and `state` are those of the database. */
export interface Store extends Pick<Database, 'open' | 'refused' | 'state'> {
  /** The part of one account, which no other account sees. May be called more than once. */
  account(account: StoredAccount): AccountStore;
  readonly imports: ImportStore;
  close(): Promise<void>;
}

/** A slice's key is not used so long before its end: a job that begins to use it ends in a minute. */
function marginOf(keyTtlMs: number): number {
  return Math.min(15 * 60_000, keyTtlMs / 4);
}

export function createStore({
  databaseUrl,
  dataDir,
  keyTtlMs,
  imports,
  answer,
  telemetry,
}: StoreOptions): Store {
  const database = createDatabase({ url: databaseUrl, dataDir, answer, telemetry });
  const worker = createWorker(database);
  const claims = createClaims(database, worker);
  return {
    account({ identity, apiKey }) {
      const account = accountIdOf(identity);
      return {
        id: account,
        keys: createKeys(database, claims, { account, apiKey, keyTtlMs }),
        shared: databaseUrl === undefined ? undefined : createAccountState(database, account),
      };
    },
    imports: createImports(database, claims, { ...imports, keyMs: keyTtlMs - marginOf(keyTtlMs) }),
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
