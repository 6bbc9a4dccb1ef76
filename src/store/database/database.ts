// The store's database: PostgreSQL, embedded by default, or a server if a URL is given. The SQL is the same in both.
// States: unopened → (open(), or the first call) opening, which migrates the tables too → open, or failed. While it opens, calls
// wait, each up to waitMs. While it is failed, calls are refused with the same error for as long as the attempt took; after that
// the next call makes it open again, and so does a pause that grows, once open() was called. Any → (close) closed, for good. An
// open database stays so: if its server or its thread goes, single calls fail until it is back.

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
   * Commits what `work` did; if it throws, rolls that back and throws the same. `work` may use no other query than its own: the
   * embedded database has one session, and would wait for itself.
   */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /**
   * Opens it now, and tries again in the background until it is open or closed. Resolves after the first attempt, even a failed
   * one, but rejects with a StoreError of kind `newer` if a newer version has migrated it.
   */
  open(): Promise<void>;
  /** Never resolves. Rejects as `open` does, as soon as any attempt finds a newer version's tables. */
  readonly refused: Promise<never>;
  /** Whether it answers and takes writes at this moment. */
  state(): Promise<StoreState>;
  /** Whether one process alone can have it open (the embedded one). Every process that wrote before has then ended. */
  readonly exclusive: boolean;
  /** Waits some seconds for running calls. Later calls are refused. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL server's URL. Undefined: the embedded database, with files under `dataDir`. */
  url: string | undefined;
  dataDir: string;
  /** With the embedded database: answers the lines that are sent to the process that has its files. */
  answer?: LineAnswer | undefined;
  /** @default no telemetry */
  telemetry?: Telemetry | undefined;
}

/** How long a call waits for an opening. The first one takes about 4 s, and several times that on a busy machine. */
const waitMs = 30_000;
/** Pauses between the attempts in the background. */
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** How long close() waits for running calls, and then for the database. */
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

  /** Opens it. Null: it is open. */
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

/** Opens one database, by one attempt at a time. After a failed one, calls are refused with its error for a while. */
function createOpening(options: DatabaseOptions) {
  const givingUp = new AbortController();
  let opening: Promise<Driver> | undefined;
  let failure: { error: StoreError; restsUntil: number } | undefined;
  let isOpen = false;
  let refuse: (error: StoreError) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  // Without this, a rejection that nobody waits for would end the process.
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
    /** The open database, or the one that is being opened; undefined if there is none or it could not be opened. */
    current: async () => opening?.catch(() => undefined),
    async driver(): Promise<Driver> {
      if (opening === undefined && failure !== undefined && performance.now() < failure.restsUntil)
        throw failure.error;
      opening ??= attempt();
      return isOpen ? opening : soon(opening);
    },
  };
}

/** It fails if the tables are gone. A standby answers that it takes no writes. */
const probe = `SELECT current_setting('transaction_read_only') = 'off' AS writable
  FROM (SELECT max(number) FROM dialgraph.migrations) AS tables`;

/** Rejects after waitMs, so that no call waits for an opening that hangs, as on a network disk. */
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
