// What the two drivers have in common: what an open database does, how it fails, and how a transaction runs.
// A StoreError's message has no value in it: PostgreSQL's own messages quote parameters, so they stay in `cause`. It may name
// DATA_DIR, so it is for the log and for those who run the service, not for callers.

import type { StoreErrorKind } from '../../telemetry/events.ts';

/**
 * A parameter is a string, a number, a boolean or null; JSON is passed as text. Both drivers return int8 as a number, timestamptz
 * as a Date, and jsonb parsed.
 */
export type Query = <Row extends object = Record<string, unknown>>(
  sql: string,
  parameters?: readonly unknown[],
) => Promise<Row[]>;

/** An open database. */
export interface Driver {
  readonly query: Query;
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>;
  /** To be called when no call runs any more; a call that hangs is cut off after some seconds. */
  close(): Promise<void>;
}

export interface StoreErrorOptions {
  /** @default statement */
  kind?: StoreErrorKind;
  cause?: unknown;
  code?: string | undefined;
}

export class StoreError extends Error {
  /** Each kind has a remedy of its own. */
  readonly kind: StoreErrorKind;
  /** The SQLSTATE, if the database refused a statement: 23505 for a key that exists already. */
  readonly code: string | undefined;

  constructor(message: string, options: StoreErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'StoreError';
    this.kind = options.kind ?? 'statement';
    this.code = options.code;
  }
}

export function refusedStatement(code: string, cause: unknown): StoreError {
  return new StoreError(`The database refused a statement (SQLSTATE ${code})`, { code, cause });
}

/**
 * Runs `work` between BEGIN and COMMIT of one session, its statements one after the other. A failed statement fails the whole
 * transaction, even if `work` goes on: PostgreSQL would answer the COMMIT with a rollback and no error.
 */
export async function runTransaction<T>(query: Query, work: (query: Query) => Promise<T>): Promise<T> {
  let over = false;
  let failed: { error: unknown } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const within: Query = async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
    if (over) throw new StoreError('A statement came after the end of its transaction');
    const turn = last.then(() => query<Row>(sql, parameters));
    last = turn.catch((error: unknown) => {
      failed ??= { error };
    });
    return turn;
  };

  // The level is named, since a server's default may be stricter: a statement after a lock must see what the lock waited for.
  await query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    const result = await work(within);
    over = true;
    await last;
    if (failed !== undefined) throw failed.error;
    await query('COMMIT');
    return result;
  } catch (error) {
    over = true;
    await last;
    // If this fails too, the session has ended, and its transaction with it.
    await query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
