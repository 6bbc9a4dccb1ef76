// The store's database: PostgreSQL, embedded in files of our own by default, a server where a URL is given. The same
// SQL in both. It opens, and brings its tables up to date, when it is told to or first needed; one attempt at a time, and
// after one that failed it rests for as long as that took.
// States: unopened → opening → open → (close) closed; an opening that failed leaves it failed → (a call, or in time) opening.

import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreState, Telemetry } from '../telemetry/events.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import type { LineAnswer } from './directory-lock.ts';
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
  /**
   * Opens it now, and tries again until it is open or closed. Resolves after the first attempt, whatever came of it,
   * and rejects with a StoreError of kind `newer` where a newer version has migrated it. So does `refused`, whenever.
   */
  open(): Promise<void>;
  /** Never resolves; rejects once an attempt finds that a newer version has migrated it. */
  readonly refused: Promise<never>;
  /** Whether it answers, and can be written, at this moment. */
  state(): Promise<StoreState>;
  /** Where one process alone can hold it (the embedded one), whoever wrote before is gone. */
  readonly exclusive: boolean;
  /** Waits some seconds for what runs. Whatever is asked afterwards is refused. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL server's URL. Undefined: embedded, in files under `dataDir`. */
  url: string | undefined;
  dataDir: string;
  /** Embedded, answers lines that the holder of the files is told. */
  answer?: LineAnswer | undefined;
  /** @default nobody is told */
  telemetry?: Telemetry | undefined;
}

/** How long a call waits for an opening: a first one takes some 4 s, on a busy machine several times that. */
const waitMs = 30_000;
/** Between attempts that nobody asked for. */
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** What runs has so long to end when it is to close. */
const closeMs = 5000;

export function createDatabase(options: DatabaseOptions): Database {
  const { url, telemetry = createTelemetry() } = options;
  const givingUp = new AbortController();
  let isClosing = false;
  const running = new Set<Promise<unknown>>();
  let opening: Promise<Driver> | undefined;
  let failure: { error: StoreError; restsUntil: number } | undefined;
  let isOpen = false;
  let closed: Promise<void> | undefined;
  let refuse: (error: StoreError) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  // Who does not care hears nothing of it.
  refused.catch(() => undefined);

  const attempt = async (): Promise<Driver> => {
    const startedAt = performance.now();
    try {
      const driver = await openDriver(options, givingUp.signal);
      isOpen = true;
      failure = undefined;
      return driver;
    } catch (caught) {
      const error =
        caught instanceof StoreError
          ? caught
          : new StoreError('The database could not be opened', { kind: 'opening', cause: caught });
      const endedAt = performance.now();
      failure = { error, restsUntil: endedAt + (endedAt - startedAt) };
      opening = undefined;
      if (error.kind === 'newer') refuse(error);
      throw error;
    }
  };

  const driver = (): Promise<Driver> => {
    if (isClosing) return Promise.reject(new StoreError('The database has been closed'));
    if (opening === undefined && failure !== undefined && performance.now() < failure.restsUntil)
      return Promise.reject(failure.error);
    opening ??= attempt();
    return isOpen ? opening : soon(opening);
  };

  async function run<T>(work: (driver: Driver) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const done = driver().then(work);
    running.add(done);
    try {
      const result = await done;
      telemetry.storeAsked(performance.now() - startedAt);
      return result;
    } catch (error) {
      if (error instanceof StoreError && !isClosing)
        telemetry.storeAsked(performance.now() - startedAt, { kind: error.kind, text: error.message });
      throw error;
    } finally {
      running.delete(done);
    }
  }

  const retry = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await sleep(pauseMs, undefined, { ref: false, signal: givingUp.signal });
      const tried = await run(async () => null).catch((error: StoreError) => error);
      if (tried === null || tried.kind === 'newer') return;
    }
  };

  return {
    query: (sql, parameters) => run(({ query }) => query(sql, parameters)),
    transaction: (work) => run((open) => open.transaction(work)),
    async open() {
      const tried = await run(async () => null).catch((error: StoreError) => error);
      if (tried?.kind === 'newer') throw tried;
      if (tried !== null) retry().catch(() => undefined);
    },
    refused,
    async state() {
      if (!isOpen) {
        const isFirst = url === undefined && failure === undefined && !isClosing;
        return isFirst ? 'opening' : 'down';
      }
      return run(({ query }) => query<{ writable: boolean }>(probe)).then(
        ([row]) => (row?.writable === true ? 'up' : 'down'),
        () => 'down',
      );
    },
    exclusive: url === undefined,
    close() {
      closed ??= (async () => {
        isClosing = true;
        givingUp.abort();
        const late = sleep(closeMs, undefined, { ref: false });
        await Promise.race([Promise.allSettled(running), late]);
        if (opening === undefined) return;
        const open = await Promise.race([opening.catch(() => undefined), late]);
        await Promise.race([open?.close(), sleep(closeMs, undefined, { ref: false })]);
      })();
      return closed;
    },
  };
}

/** Fails where the tables are gone; a standby answers, and takes no writes. */
const probe = `SELECT current_setting('transaction_read_only') = 'off' AS writable
  FROM (SELECT max(number) FROM dialgraph.migrations) AS tables`;

/** So that nobody waits for what hangs: a disk, a folder of another machine's. */
function soon(opening: Promise<Driver>): Promise<Driver> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new StoreError('The database is still being opened', { kind: 'opening' })),
      waitMs,
    );
    opening.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

async function openDriver({ url, dataDir, answer }: DatabaseOptions, signal: AbortSignal): Promise<Driver> {
  const driver = url === undefined ? await openEmbedded({ dataDir, answer, signal }) : openServer(url);
  try {
    await driver.transaction(migrate);
    return driver;
  } catch (error) {
    await driver.close();
    throw error;
  }
}
