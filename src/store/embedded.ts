// The embedded database: PGlite in a thread of its own, in files that one process alone may hold.
// There is one session, so whatever is asked takes turns, and a transaction keeps its turn to its end.
// Where the thread dies or hangs, what it had been asked is rejected; the next turn starts another, on the same files.
// An idle thread does not keep the process alive; one that is cut off so has nothing unwritten.

import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { lockDirectory } from './directory-lock.ts';
import { type Driver, type Query, refusedStatement, runTransaction, StoreError } from './driver.ts';
import type { Reply, Statement } from './embedded-worker.ts';

/** The first opening takes some 4 s on two cores; a statement milliseconds. The one session hangs with what hangs in it. */
const deadlineMs = 60_000;

export async function openEmbedded(dataDir: string): Promise<Driver> {
  const directory = resolve(dataDir);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StoreError(`DATA_DIR ${dataDir} cannot be created: ${(cause as Error).message}`, { cause });
  }
  const lock = await lockDirectory(directory);
  let session: Session | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: (query: Query) => Promise<T>): Promise<T> => {
    const turn = last.then(() => {
      if (session === undefined || session.ended) session = new Session(join(directory, 'pg'));
      return work(session.query);
    });
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    query: (sql, parameters) => inTurn((query) => query(sql, parameters)),
    transaction: (work) => inTurn((query) => runTransaction(query, work)),
    async close() {
      await last;
      await session?.close();
      await lock.release();
    },
  };
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
  ended = false;

  constructor(directory: string) {
    this.#directory = directory;
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
      const deadline = setTimeout(() => this.#giveUp(), deadlineMs);
      this.#waiting.set(id, { resolve, reject, deadline });
      this.#worker.ref();
    });
  }

  #settle(reply: Reply): void {
    if (reply.id === undefined) {
      this.#lastWords = reply.failure.message;
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    clearTimeout(waiting?.deadline);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('rows' in reply) waiting?.resolve(reply.rows);
    else waiting?.reject(refusal(reply.failure));
  }

  #giveUp(): void {
    this.#lastWords = `no answer within ${deadlineMs} ms`;
    void this.#worker.terminate();
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
    return new StoreError(`The embedded database in ${this.#directory} stopped: ${cause.message}`, { cause });
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
