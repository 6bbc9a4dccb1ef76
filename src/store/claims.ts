// The idempotency keys that this process works on, for all accounts together. When an account is configured anew, its old and its
// new part work side by side for a while, and neither may take over a key that the other works on.
// States of a key here: claiming (a claim of it runs) → active (this process has it) → none (it was finished or released). The
// database may then still name this process as the owner, because the end could not be written; such owners are removed every
// tidyMs.

import type { Database } from './database/database.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import type { Worker } from './process-registry.ts';

export interface Claims {
  readonly worker: Worker;
  readonly journal: JournalWriter;
  /** The part of the process that works on a mutation, by the mutation's id. */
  readonly active: Map<number, object>;
  /** Accounts with their keys that are being claimed at the moment. */
  readonly claiming: Set<string>;
  /** Makes this process known to the others, and begins to free keys that it owns and does not work on. */
  open(): Promise<void>;
  close(): void;
}

const tidyMs = 5000;

export function createClaims(database: Database, worker: Worker): Claims {
  const active = new Map<number, object>();
  let tidying: NodeJS.Timeout | undefined;

  const tidy = () =>
    database.query(
      `UPDATE dialgraph.mutations SET owner = NULL
       WHERE owner = $1 AND id NOT IN (SELECT value::bigint FROM jsonb_array_elements_text($2::jsonb))`,
      [worker.id, JSON.stringify([...active.keys()])],
    );

  return {
    worker,
    journal: createJournalWriter(database),
    active,
    claiming: new Set(),
    async open() {
      await worker.join();
      // If only this process can claim keys, no other waits for those that it owns.
      if (!database.exclusive) tidying ??= setInterval(() => tidy().catch(() => {}), tidyMs).unref();
    },
    close() {
      clearInterval(tidying);
    },
  };
}
