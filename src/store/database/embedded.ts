// The embedded database: PGlite in a thread of its own, in files that one process alone may hold.
// There is one session, so whatever is asked takes turns, and a transaction keeps its turn to its end.
// Where the thread dies or hangs, what it had been asked is rejected; the next turn starts another, on the same files.
// An idle thread does not keep the process alive; one that is cut off so has nothing unwritten.

import { mkdir, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type LineAnswer, lockDirectory } from './directory-lock.ts';
import { type Driver, type Query, refusedStatement, runTransaction, StoreError } from './driver.ts';
import type { Reply, Statement } from './embedded-worker.ts';

/** The first opening takes some 4 s on two idle cores, and far longer where they are busy. */
const openingMs = 60_000;
/** A statement takes milliseconds. The one session hangs with what hangs in it. */
const statementMs = 15_000;
/** What runs when it is to close has so long. */
const closeMs = 5000;
/** What a new database's files take, and as much again. */
const leastFreeBytes = 80 * 1024 * 1024;

export interface EmbeddedOptions {
  dataDir: string;
  /** Answers what is told to the process that holds the files. */
  answer?: LineAnswer | undefined;
  /** Aborted while it opens, it is given up. */
  signal: AbortSignal;
}

/** Returns before the database itself has opened, which its first statement waits for. */
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
        session = new Session(join(directory, 'pg'), session === undefined ? openingMs : statementMs);
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

/** As `recursive` would, which never ends where a folder in /proc cannot be made. */
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

/** On a disk that fills up while it is made, PGlite computes for half a minute before it says so. */
async function refuseFullDisk(directory: string): Promise<void> {
  const isThere = await stat(join(directory, 'pg', 'PG_VERSION')).catch(() => undefined);
  if (isThere !== undefined) return;
  const { blocks, bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  // Some file systems do not say.
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

/** One thread's life. States: running (opening at first; statements wait in its inbox) → (exit) ended. */
class Session {
  readonly #directory: string;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #lastWords: string | undefined;
  /** How long its next statement has: the first waits for the opening. */
  #deadlineMs: number;
  isOpen = false;
  ended = false;

  constructor(directory: string, openingMs: number) {
    this.#directory = directory;
    this.#deadlineMs = openingMs;
    this.#worker = startWorker(directory);
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
    // The thread ends rather than answers, which rejects this.
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

function startWorker(directory: string): Worker {
  const source = import.meta.url.endsWith('.ts');
  // Its output stays unread: PostgreSQL's chatter may quote what it was given, and reading keeps a process alive.
  return new Worker(new URL(source ? './embedded-worker.ts' : './embedded-worker.js', import.meta.url), {
    workerData: directory,
    execArgv: source ? ['--import', loader()] : [],
    stdout: true,
    stderr: true,
  });
}

/**
 * A process run from source need not have tsx (vitest's has not), and on Node 20 `--import tsx` leaves out threads.
 * tsx's CommonJS half looks for its loader in the wrong folder; the other lies beside it.
 */
function loader(): string {
  const path = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  const code = `import { register } from ${JSON.stringify(pathToFileURL(path).href)}; register();`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

function refusal({ message, code }: { message: string; code: string | undefined }): StoreError {
  const cause = new Error(message);
  if (code !== undefined) return refusedStatement(code, cause);
  return new StoreError('The embedded database could not carry out a statement', { cause });
}
