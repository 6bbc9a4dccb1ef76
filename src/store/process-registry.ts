// This process (a worker) among those that share a database, and whether the others are alive.
// States of a worker: unknown → (join) alive, while its last heartbeat is at most five seconds old by the database's clock →
// (none comes) dead → (one comes) alive; → (close) unknown. The embedded database belongs to one process at a time, so every
// other worker in it is dead.

import { randomUUID } from 'node:crypto';
import type { Database } from './database/database.ts';

const heartbeatMs = 1000;
/** An SQL interval: five heartbeats. */
const deadAfter = '5 seconds';

/** An SQL condition on a column that holds a worker's id. */
export function isAlive(column: string): string {
  return `EXISTS (SELECT FROM dialgraph.workers
    WHERE workers.id = ${column} AND workers.seen_at > now() - interval '${deadAfter}')`;
}

export interface Worker {
  readonly id: string;
  /** Makes this worker known. More calls do nothing, unless it failed. */
  join(): Promise<void>;
  /** Removes this worker, so that others can take over its keys at once. */
  close(): Promise<void>;
}

export function createWorker(database: Database): Worker {
  const id = randomUUID();
  let joined: Promise<void> | null = null;
  let heartbeat: NodeJS.Timeout | undefined;

  const beat = async () => {
    await database.query(
      `INSERT INTO dialgraph.workers (id, seen_at) VALUES ($1, now())
       ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
      [id],
    );
  };

  const join = async () => {
    if (database.exclusive) {
      await database.query('DELETE FROM dialgraph.workers');
      return;
    }
    await database.query(`DELETE FROM dialgraph.workers WHERE seen_at < now() - interval '1 day'`);
    await beat();
    // A heartbeat may fail: if too many do, the others rightly take this worker for dead.
    heartbeat = setInterval(() => beat().catch(() => {}), heartbeatMs).unref();
  };

  return {
    id,
    join() {
      joined ??= join().catch((error) => {
        joined = null;
        throw error;
      });
      return joined;
    },
    async close() {
      clearInterval(heartbeat);
      if (heartbeat === undefined) return;
      await database.query('DELETE FROM dialgraph.workers WHERE id = $1', [id]).catch(() => {});
    },
  };
}
