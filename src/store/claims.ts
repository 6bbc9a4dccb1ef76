// The keys that this process is at, whichever account they are of. Where an account is configured anew, its old and its new
// part are both at work for a while, and must not take each other's keys for left ones.

import type { Database } from './database/database.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import type { Worker } from './process-registry.ts';

export interface Claims {
  readonly worker: Worker;
  readonly journal: JournalWriter;
  /** By the mutation's id, the part of the process that is at it. */
  readonly active: Map<number, object>;
  /** Accounts and keys that are being claimed just now. */
  readonly claiming: Set<string>;
  /** Makes this process known, and has what it is not at given free from time to time. */
  open(): Promise<void>;
  close(): void;
}

/** How often keys are given free that this worker holds without being at them: their end could not be written. */
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
      // Where one process alone can claim, nobody waits for what it holds.
      if (!database.exclusive) tidying ??= setInterval(() => tidy().catch(() => {}), tidyMs).unref();
    },
    close() {
      clearInterval(tidying);
    },
  };
}
