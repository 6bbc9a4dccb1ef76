// The database on a PostgreSQL server: a pool of connections, which works again by itself when the server is back.
// No statement is repeated here: if its connection was lost, only the caller knows whether it may run twice.
// A URL that cannot be read is refused, and is not quoted.

import { Client, DatabaseError, Pool, type PoolClient, types } from 'pg';
import type { StoreErrorKind } from '../../telemetry/events.ts';
import { type Driver, type Query, refusedStatement, runTransaction, StoreError } from './driver.ts';

const settings = {
  application_name: 'dialgraph',
  max: 10,
  connectionTimeoutMillis: 3_000,
  keepAlive: true,
  statement_timeout: 5_000,
  // Without a network the server cannot end a statement, so this ends it, a second after the server would have.
  query_timeout: 6_000,
  // A replica that hangs between two statements would keep its locks, and all others would wait.
  idle_in_transaction_session_timeout: 30_000,
  allowExitOnIdle: true,
};

const int8 = 20;

export function openServer(url: string): Driver {
  const pool = createPool(url);
  // An idle connection that ends is replaced when it is needed. Without a listener, its error would end the process.
  pool.on('error', ignore);
  pool.on('connect', (client) => client.on('error', ignore));

  const connect = (): Promise<PoolClient> =>
    pool.connect().catch((error: unknown) => {
      throw storeError(error);
    });

  async function hold<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const client = await connect();
    let broken = false;
    try {
      return await work(async (text, parameters) => {
        // After a statement that hung, the ROLLBACK would hang for as long again.
        if (broken) throw storeError(new Error('terminated'));
        try {
          // The extended protocol, as in the embedded driver: one statement at a time, with or without parameters.
          const query = { text, values: [...(parameters ?? [])], queryMode: 'extended' };
          return (await client.query(query)).rows;
        } catch (error) {
          broken ||= !(error instanceof DatabaseError);
          throw storeError(error);
        }
      });
    } finally {
      client.release(broken);
    }
  }

  return {
    query: (sql, parameters) => hold((query) => query(sql, parameters)),
    transaction: (work) => hold((query) => runTransaction(query, work)),
    close: () => pool.end(),
  };
}

function createPool(connectionString: string): Pool {
  // The pool would read the URL only with its first connection. The error gets no cause, since that has the URL with the password.
  try {
    new Client({ connectionString });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StoreError(
      code === 'ERR_INVALID_URL'
        ? 'DATABASE_URL is no URL such as postgresql://user:password@host:5432/name'
        : `DATABASE_URL cannot be used: ${message}`,
      { kind: 'configuration' },
    );
  }
  return new Pool({
    ...settings,
    connectionString,
    types: {
      getTypeParser: (type, format) => (type === int8 ? Number : types.getTypeParser(type, format)),
    },
  });
}

function ignore(): void {}

function storeError(cause: unknown): StoreError {
  const { code, message } = cause as Error & { code?: string };
  const refused = cause instanceof DatabaseError ? code : undefined;
  const reason = reasonOf(code, message);
  if (reason !== undefined) return new StoreError(reason.text, { kind: reason.kind, cause, code: refused });
  if (refused !== undefined) return refusedStatement(refused, cause);
  return new StoreError(`The connection to the PostgreSQL server failed (${code ?? message})`, {
    kind: 'unreachable',
    cause,
  });
}

interface Reason {
  kind: StoreErrorKind;
  text: string;
}

/** The failures that a person can do something about. The text names settings in place of the host and the user. */
function reasonOf(code: string | undefined, message: string): Reason | undefined {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return unreachable('No PostgreSQL server listens where DATABASE_URL points');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable('The host name in DATABASE_URL could not be resolved');
    case 'ETIMEDOUT':
      return { kind: 'timeout', text: 'Connecting to the PostgreSQL server took too long' };
    case 'ECONNRESET':
    case 'EPIPE':
      return lost;
    case '28000':
    case '28P01':
      return {
        kind: 'configuration',
        text: 'The PostgreSQL server refused the user name or the password in DATABASE_URL',
      };
    case '3D000':
      return {
        kind: 'configuration',
        text: 'The PostgreSQL server has no database of the name in DATABASE_URL',
      };
    case '3F000':
    case '42P01':
      return { kind: 'tables', text: 'The tables of Dialgraph are gone: a start makes them' };
    case '25006':
      return readOnly;
    case '53300':
      return unreachable('The PostgreSQL server has no connection to spare');
    case '57P01':
    case '57P02':
    case '57P03':
      return unreachable('The PostgreSQL server is starting or shutting down');
    case '57014':
      return {
        kind: 'timeout',
        text: `A statement took longer than ${settings.statement_timeout} ms, or was cancelled`,
      };
    case undefined:
      if (/timeout/i.test(message))
        return { kind: 'timeout', text: 'The PostgreSQL server did not answer in time' };
      if (/terminated/i.test(message)) return lost;
      return undefined;
    default:
      return undefined;
  }
}

const unreachable = (text: string): Reason => ({ kind: 'unreachable', text });
const lost = unreachable('The connection to the PostgreSQL server was lost');
const readOnly: Reason = {
  kind: 'read-only',
  text: 'The PostgreSQL server takes no writes: it is a standby',
};
