// The store's database: PostgreSQL, embedded in files of our own by default, a server where a URL is given. The same
// SQL in both. It opens, and brings its tables up to date, when first needed.
// States: unopened → (first call) opening → open → (close) closed. An opening that failed leaves it unopened.

import { type Driver, type Query, StoreError } from './driver.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrations.ts';
import { openServer } from './server.ts';

export { type Query, StoreError } from './driver.ts';

export interface Database {
  /** One statement. Rejects with a StoreError. */
  readonly query: Query;
  /**
   * Commits what `work` did, or rolls it back where it throws, and passes on what it threw. Nothing within may call
   * the database but through `work`'s own query: embedded, the one session is taken, and it would wait for itself.
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** False where it was open, and does not answer. */
  isReachable(): Promise<boolean>;
  /** Where one process alone can hold it (the embedded one), whoever wrote before is gone. */
  readonly exclusive: boolean;
  /** Waits for what runs. Whatever is asked afterwards is refused. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL server's URL. Undefined: embedded, in files under `dataDir`. */
  url: string | undefined;
  dataDir: string;
}

export function createDatabase({ url, dataDir }: DatabaseOptions): Database {
  let opening: Promise<Driver> | undefined;
  let isOpen = false;
  let closing: Promise<void> | undefined;
  const running = new Set<Promise<unknown>>();

  const driver = (): Promise<Driver> => {
    if (opening !== undefined) return opening;
    const attempt = open(url, dataDir);
    opening = attempt;
    attempt.then(
      () => {
        isOpen = true;
      },
      () => {
        opening = undefined;
      },
    );
    return attempt;
  };

  async function run<T>(work: (driver: Driver) => Promise<T>): Promise<T> {
    if (closing !== undefined) throw new StoreError('The database has been closed');
    const done = driver().then(work);
    running.add(done);
    try {
      return await done;
    } finally {
      running.delete(done);
    }
  }

  return {
    query: (sql, parameters) => run(({ query }) => query(sql, parameters)),
    transaction: (work) => run((open) => open.transaction(work)),
    async isReachable() {
      if (!isOpen) return true;
      return run(({ query }) => query('SELECT 1')).then(
        () => true,
        () => false,
      );
    },
    exclusive: url === undefined,
    close() {
      closing ??= (async () => {
        await Promise.allSettled(running);
        if (opening !== undefined) await (await opening).close();
      })();
      return closing;
    },
  };
}

async function open(url: string | undefined, dataDir: string): Promise<Driver> {
  const driver = url === undefined ? await openEmbedded(dataDir) : openServer(url);
  try {
    await driver.transaction(migrate);
  } catch (error) {
    await driver.close();
    throw error;
  }
  return driver;
}
