// The embedded database's thread. PGlite works synchronously, and would block the event loop of the main thread for seconds while
// it opens. The thread answers one message at a time, in order.
// States: (there is no database) making, in a thread below it → opening → serving → ended: when it is asked to close, or when PGlite
// cannot go on. The main thread then starts another.

import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { startThread } from '../../foundation/thread.ts';
import { isMade, openFiles } from './embedded-files.ts';

/** Without `sql` it asks the thread to close, and is the last. */
export interface Statement {
  id: number;
  sql: string | undefined;
  parameters: readonly unknown[];
}

export type Reply =
  | { id: number; rows: object[] }
  /** `code` is the SQLSTATE, where PostgreSQL answered. */
  | { id: number; failure: { message: string; code: string | undefined } }
  /** Why the thread is going to end. */
  | { id: undefined; failure: { message: string } };

/** `make`: the thread only makes the database, and ends. */
export interface EmbeddedTask {
  directory: string;
  make?: true;
}

if (parentPort !== null) {
  const { directory, make } = workerData as EmbeddedTask;
  if (make) await (await openFiles(directory)).close();
  else await serve(parentPort, directory);
}

async function serve(port: MessagePort, directory: string): Promise<void> {
  const reply = (message: Reply): void => port.postMessage(message);
  const giveUp = (error: unknown): never => {
    reply({ id: undefined, failure: { message: (error as Error).message } });
    process.exit(1);
  };

  if (!isMade(directory)) await makeInThread(directory).catch(giveUp);
  const database = await openFiles(directory).catch(giveUp);
  let turn: Promise<void> = Promise.resolve();
  port.on('message', (statement: Statement) => {
    turn = turn.then(() => answer(statement)).catch(giveUp);
  });

  async function answer({ id, sql, parameters }: Statement): Promise<void> {
    if (sql === undefined) {
      await database.close();
      process.exit(0);
    }
    try {
      reply({ id, rows: (await database.query<object>(sql, parameters.map(plain))).rows });
    } catch (error) {
      const { message, severity } = error as Error & { severity?: string };
      // After a panic, or an abort of the WebAssembly, PGlite answers nothing any more.
      if (severity === 'PANIC' || severity === 'FATAL') giveUp(error);
      const code = sqlState(error);
      if (code === undefined) await database.query('SELECT 1').catch(giveUpUnlessRefused);
      reply({ id, failure: { message, code } });
    }
  }

  function giveUpUnlessRefused(error: unknown): void {
    if (sqlState(error) === undefined) giveUp(error);
  }
}

/** Making a database takes half a gigabyte, which goes back with the thread: PGlite gives none of it back. */
async function makeInThread(directory: string): Promise<void> {
  const task: EmbeddedTask = { directory, make: true };
  const thread = startThread(import.meta.url, 'embedded-worker', { workerData: task });
  // Rejects with what it failed of.
  await once(thread, 'exit');
}

/** Numbers are passed as text, as the server's driver does, so that PostgreSQL reads them the same way in both. */
function plain(parameter: unknown): unknown {
  return typeof parameter === 'number' ? String(parameter) : (parameter ?? null);
}

function sqlState(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}
