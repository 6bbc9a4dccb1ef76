// The embedded database: PGlite in a thread of its own, with files that one process alone may have.
// There is one session at a time, so statements take turns, and a transaction keeps its turn until its end.
// If the thread ends or hangs, the statements that wait for it are rejected, and the next turn starts another on the same files.
// An idle thread does not keep the process alive. It has nothing unwritten when the process ends.

import { mkdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../../foundation/thread.ts';
import { type LineAnswer, lockDirectory } from './directory-lock.ts';
import { type Driver, type Query, refusedStatement, runTransaction, StoreError } from './driver.ts';
import type { EmbeddedTask, Reply, Statement } from './embedded-worker.ts';

/** The first opening takes about 4 s on two idle cores. A small machine, or a busy one, may need some minutes. */
const openingMs = 300_000;
/** Another opening takes about a second, and longer where the database has to recover or the machine is busy. */
const reopeningMs = 60_000;
/** A statement takes milliseconds; one that hangs keeps the only session from all others. */
const statementMs = 15_000;
/** How long close() waits for running statements. */
const closeMs = 5000;
/** Twice the size of a new database's files. */
const leastFreeBytes = 80 * 1024 * 1024;

export interface EmbeddedOptions {
  dataDir: string;
  /** Answers the lines that are sent to the process that has the files. */
  answer?: LineAnswer | undefined;
  /** Gives up the opening; it has no effect afterwards. */
  signal: AbortSignal;
}

/** Resolves before the database is open; the first statement waits for that. */
export async function openEmbedded({ dataDir, answer, signal }: EmbeddedOptions): Promise<Driver> {
  const directory = resolve(dataDir);
  await makeDirectory(directory).catch((cause: Error) => {
    throw new StoreError(`DATA_DIR ${dataDir} cannot be created: ${cause.message}`, {
      kind: 'directory',
      cause,
    });
  });
  const lock = await lockDirectory(directory, answer);
  let session: Session | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const cutOff = () => session?.cutOff('it was to close');
  signal.addEventListener('abort', () => session?.isOpen || cutOff(), { once: true });

  const inTurn = <T>(work: (query: Query) => Promise<T>): Promise<T> => {
    const turn = last.then(() => {
      if (session === undefined || session.ended)
        session = new Session(join(directory, 'pg'), session === undefined ? openingMs : reopeningMs);
      return work(session.query);
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  try {
    await refuseFullDisk(directory);
    signal.throwIfAborted();
  } catch (error) {
    await lock.release();
    throw error;
  }
  return {
    query: (sql, parameters) => inTurn((query) => query(sql, parameters)),
    transaction: (work) => inTurn((query) => runTransaction(query, work)),
    async close() {
      const late = sleep(closeMs, undefined, { ref: false }).then(cutOff);
      await Promise.race([last, late]);
      await Promise.race([session?.close(), late]);
      await lock.release();
    },
  };
}

/** Does what mkdir's `recursive` does, which never ends for a folder in /proc. */
async function makeDirectory(path: string): Promise<void> {
  const make = () =>
    mkdir(path, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
    });
  await make().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await make();
  });
}

/** If the disk fills up while a database is made, PGlite computes for half a minute before it fails. */
async function refuseFullDisk(directory: string): Promise<void> {
  const isThere = await stat(join(directory, 'pg', 'PG_VERSION')).catch(() => undefined);
  if (isThere !== undefined) return;
  const { blocks, bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  // Some file systems do not tell their size.
  if (blocks > 0 && free < leastFreeBytes)
    throw new StoreError(
      `DATA_DIR ${directory} has ${Math.floor(free / 1024 ** 2)} MB free, and a new database needs ${leastFreeBytes / 1024 ** 2}`,
      { kind: 'directory' },
    );
}

interface Waiting {
  resolve(rows: object[]): void;
  reject(error: StoreError): void;
  deadline: NodeJS.Timeout;
}

/**
 * One thread, and the statements that wait for its answers. States: opening (the thread starts; statements wait in its inbox) →
 * (its first answer) open → (its exit) ended. It exits when close() asks it to, when PGlite cannot go on, or when it is cut off:
 * a statement has no answer in time, or the database is to close while it opens, or does not close in time. An ended session
 * rejects every statement.
 */
class Session {
  readonly #directory: string;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #lastWords: string | undefined;
  /** How long the next statement may take. The first one waits for the opening. */
  #deadlineMs: number;
  isOpen = false;
  ended = false;

  constructor(directory: string, openingMs: number) {
    this.#directory = directory;
    this.#deadlineMs = openingMs;
    // The thread's output is not read: PostgreSQL may print parameters, and reading would keep the process alive.
    this.#worker = startThread(import.meta.url, 'embedded-worker', {
      workerData: { directory } satisfies EmbeddedTask,
      stdout: true,
      stderr: true,
    });
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => {
      this.#lastWords = error.message;
    });
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve(this.#end())));
  }

  readonly query: Query = async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
    (await this.#post(sql, parameters)) as Row[];

  async close(): Promise<void> {
    // The thread ends without an answer, which rejects this.
    if (!this.ended) this.#post(undefined, []).catch(() => undefined);
    await this.#exited;
  }

  #post(sql: string | undefined, parameters: readonly unknown[]): Promise<object[]> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.#endedError());
        return;
      }
      const id = ++this.#lastId;
      this.#worker.postMessage({ id, sql, parameters } satisfies Statement);
      const ms = this.#deadlineMs;
      const deadline = setTimeout(() => this.cutOff(`no answer within ${ms} ms`), ms);
      this.#waiting.set(id, { resolve, reject, deadline });
      this.#worker.ref();
    });
  }

  cutOff(reason: string): void {
    this.#lastWords = reason;
    void this.#worker.terminate();
  }

  #settle(reply: Reply): void {
    if (reply.id === undefined) {
      this.#lastWords = reply.failure.message;
      return;
    }
    this.isOpen = true;
    this.#deadlineMs = statementMs;
    const waiting = this.#waiting.get(reply.id);
    clearTimeout(waiting?.deadline);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('rows' in reply) waiting?.resolve(reply.rows);
    else waiting?.reject(refusal(reply.failure));
  }

  #end(): void {
    this.ended = true;
    for (const { reject, deadline } of this.#waiting.values()) {
      clearTimeout(deadline);
      reject(this.#endedError());
    }
    this.#waiting.clear();
  }

  #endedError(): StoreError {
    const cause = new Error(this.#lastWords ?? 'the thread ended');
    return new StoreError(`The embedded database in ${this.#directory} stopped: ${cause.message}`, {
      kind: 'stopped',
      cause,
    });
  }
}

function refusal({ message, code }: { message: string; code: string | undefined }): StoreError {
  const cause = new Error(message);
  if (code !== undefined) return refusedStatement(code, cause);
  return new StoreError('The embedded database could not carry out a statement', { cause });
}
