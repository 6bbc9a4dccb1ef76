// The jobs of imports: pg-boss on the store's own database, with tables of its own in the schema `dialgraph_jobs`. It is opened with
// the first import. A job says which import is to be worked on; what there is to do stands in the import itself.
// States of a job are pg-boss' own: created → (fetched) active → completed; active → (its time is over) retry → (fetched) active.
// Each account has a queue, so that a process takes only what it has an account for.

import PgBoss from 'pg-boss';
import type { Database, Query } from './database/database.ts';

export interface Job {
  id: string;
  /** The import's id. */
  import: string;
}

export interface Jobs {
  /** Makes the account's queue, if it is not there. Must have resolved before anything is sent to it, or fetched. */
  ready(account: string): Promise<void>;
  /** As a part of the query's transaction. It is fetched when so many seconds have passed. */
  send(query: Query, account: string, job: Job, delaySeconds?: number): Promise<void>;
  /** As a part of the query's transaction. Null: none is due. */
  fetch(query: Query, account: string): Promise<Job | null>;
  complete(account: string, id: string): Promise<void>;
  /** Offers jobs again whose time is over, and removes old ones. */
  maintain(): Promise<void>;
}

const schema = 'dialgraph_jobs';
/** An import goes on with another job where its process has ended: this one is only removed some time. */
const expireInSeconds = 120;
/** An import is what ends the tries, never their number. */
const retryLimit = 1_000_000;

export function createJobs(database: Database): Jobs {
  const queues = new Map<string, Promise<void>>();
  let opened: Promise<PgBoss> | undefined;

  const open = async (): Promise<PgBoss> => {
    const boss = new PgBoss({
      db: { executeSql: (text, values) => execute(database, text, values) },
      schema,
      // Nothing runs by the clock, and it is looked after by whoever works on imports.
      schedule: false,
      supervise: false,
    });
    // Each call rejects with what is emitted too.
    boss.on('error', () => undefined);
    return boss.start();
  };

  const boss = (): Promise<PgBoss> => {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  const ready = (account: string): Promise<void> => {
    const queue =
      queues.get(account) ??
      boss()
        .then((open) => open.createQueue(nameOf(account)))
        .catch((error) => {
          queues.delete(account);
          throw error;
        });
    queues.set(account, queue);
    return queue;
  };

  return {
    ready,
    async send(query, account, { id, import: of }, delaySeconds = 0) {
      const options = {
        id,
        db: within(query),
        expireInSeconds,
        retryLimit,
        retryDelay: 1,
        startAfter: delaySeconds,
      };
      const sent = await (await boss()).send(nameOf(account), { import: of }, options);
      if (sent === null) throw new Error('pg-boss took no job');
    },
    async fetch(query, account) {
      const options = { db: within(query) };
      const [job] = await (await boss()).fetch<{ import: string }>(nameOf(account), options);
      return job === undefined ? null : { id: job.id, import: job.data.import };
    },
    async complete(account, id) {
      await (await boss()).complete(nameOf(account), id);
    },
    async maintain() {
      await (await boss()).maintain();
    },
  };
}

/** pg-boss' way into a transaction. */
function within(query: Query) {
  return {
    executeSql: async (text: string, values: unknown[]) => ({ rows: await query(text, values.map(plain)) }),
  };
}

function nameOf(account: string): string {
  return `imports-${account}`;
}

/** pg-boss sends scripts as one text. They run as one transaction; the store's own driver takes one statement at a time. */
async function execute(database: Database, text: string, values: readonly unknown[] = []) {
  if (!/^\s*BEGIN;/.test(text)) return { rows: await database.query(text, values.map(plain)) };
  const statements = statementsOf(text).filter((statement) => !/^(BEGIN|COMMIT)$/.test(statement));
  try {
    await database.transaction(async (query) => {
      for (const statement of statements) await query(statement);
    });
  } catch (error) {
    // pg-boss knows by PostgreSQL's own words that another process was faster. A script has no value of a caller in it.
    const { cause } = error as Error;
    throw cause instanceof Error ? new Error(cause.message, { cause: error }) : error;
  }
  return { rows: [] };
}

/** Parts at semicolons that stand in no text and in no function's body. */
function statementsOf(script: string): string[] {
  const parts = script.match(/(?:\$\$[\s\S]*?\$\$|'(?:[^']|'')*'|[^;])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** As the store's drivers take parameters. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return `{${value.join()}}`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
