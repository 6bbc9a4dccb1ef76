// The store's database: PostgreSQL, embedded in files of our own by default, a server where a URL is given. The same
// SQL in both. It opens, and brings its tables up to date, when it is told to or first needed; one attempt at a time, and
// after one that failed it rests for as long as that took.
// States: unopened → opening → open → (close) closed; an opening that failed leaves it failed → (a call, or in time) opening.

import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreState, Telemetry } from '../../telemetry/events.ts';
import { createTelemetry } from '../../telemetry/telemetry.ts';
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
   * Opens it now, and tries again behind until it is open or closed. Resolves after the first attempt, whatever came of
   * it, but rejects with a StoreError of kind `newer` where a newer version has migrated it.
   */
  open(): Promise<void>;
  /** Never resolves; rejects likewise as soon as any attempt finds that. */
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
  const opening = createOpening(options);
  const running = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;

  async function run<T>(work: (driver: Driver) => Promise<T>): Promise<T> {
    if (closed !== undefined) throw new StoreError('The database has been closed');
    const startedAt = performance.now();
    const done = opening.driver().then(work);
    running.add(done);
    try {
      const result = await done;
      telemetry.storeAsked(performance.now() - startedAt);
      return result;
    } catch (error) {
      if (error instanceof StoreError && closed === undefined)
        telemetry.storeAsked(performance.now() - startedAt, { kind: error.kind, text: error.message });
      throw error;
    } finally {
      running.delete(done);
    }
  }

  /** Null where it is open. */
  const tried = () => run(async () => null).catch((error: StoreError) => error);

  const retry = async (): Promise<void> => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await sleep(pauseMs, undefined, { ref: false, signal: opening.signal });
      const error = await tried();
      if (error === null || error.kind === 'newer') return;
    }
  };

  return {
    query: (sql, parameters) => run(({ query }) => query(sql, parameters)),
    transaction: (work) => run((open) => open.transaction(work)),
    async open() {
      const error = await tried();
      if (error?.kind === 'newer') throw error;
      if (error !== null) retry().catch(() => undefined);
    },
    refused: opening.refused,
    async state() {
      if (!opening.isOpen()) {
        const isFirst = url === undefined && !opening.hasFailed() && closed === undefined;
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
        const late = sleep(closeMs, undefined, { ref: false });
        opening.giveUp();
        await Promise.race([Promise.allSettled(running), late]);
        const open = await Promise.race([opening.current(), late]);
        await Promise.race([open?.close(), sleep(closeMs, undefined, { ref: false })]);
      })();
      return closed;
    },
  };
}

/** One attempt at a time, and a rest after one that failed, which whoever asks meanwhile is told of. */
function createOpening(options: DatabaseOptions) {
  const givingUp = new AbortController();
  let opening: Promise<Driver> | undefined;
  let failure: { error: StoreError; restsUntil: number } | undefined;
  let isOpen = false;
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

  return {
    refused,
    signal: givingUp.signal,
    giveUp: () => givingUp.abort(),
    isOpen: () => isOpen,
    hasFailed: () => failure !== undefined,
    /** What has been opened, or is being; undefined where that came to nothing. */
    current: async () => opening?.catch(() => undefined),
    async driver(): Promise<Driver> {
      if (opening === undefined && failure !== undefined && performance.now() < failure.restsUntil)
        throw failure.error;
      opening ??= attempt();
      return isOpen ? opening : soon(opening);
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
