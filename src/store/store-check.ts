// Checks whether the store can be used: the server answers, and its tables are of this version or can become so; or DATA_DIR can
// be written. Nothing is changed: the tables are migrated at the start, since older processes may still work with them.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Finding } from '../dialer/account-check.ts';
import type { Query } from './database/driver.ts';
import { migrations } from './database/migrations.ts';
import { openServer } from './database/server.ts';

export interface CheckedStore {
  databaseUrl: string | undefined;
  dataDir: string;
}

export async function checkStore({ databaseUrl, dataDir }: CheckedStore): Promise<Finding> {
  return databaseUrl === undefined ? checkFolder(dataDir) : checkServer(databaseUrl);
}

async function checkServer(url: string): Promise<Finding> {
  const subject = 'DATABASE_URL';
  let server: ReturnType<typeof openServer> | undefined;
  try {
    server = openServer(url);
    return { subject, ...(await readTables(server.query)) };
  } catch (error) {
    return { verdict: 'failed', subject, text: (error as Error).message };
  } finally {
    await server?.close();
  }
}

async function readTables(query: Query): Promise<Omit<Finding, 'subject'>> {
  const [server] = await query<{ version: string; writable: boolean; exists: boolean; creates: boolean }>(
    `SELECT current_setting('server_version') AS version,
      current_setting('transaction_read_only') = 'off' AS writable,
      to_regclass('dialgraph.migrations') IS NOT NULL AS exists,
      CASE WHEN to_regnamespace('dialgraph') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
        ELSE has_schema_privilege('dialgraph', 'CREATE') END AS creates`,
  );
  const { version = '', writable, exists, creates } = server ?? {};
  const answers = `PostgreSQL ${version} answers`;
  if (!writable) return { verdict: 'failed', text: `${answers}, but takes no writes: it is a standby` };
  if (!exists)
    return creates
      ? { verdict: 'ok', text: `${answers}; the first start makes the tables` }
      : { verdict: 'failed', text: `${answers}, but this user may not create the tables` };
  const [last] = await query<{ number: number }>(
    'SELECT coalesce(max(number), 0) AS number FROM dialgraph.migrations',
  );
  const behind = migrations.length - (last?.number ?? 0);
  if (behind < 0)
    return {
      verdict: 'failed',
      text: `${answers}, but its tables are a newer Dialgraph's: run that, or newer`,
    };
  const state = behind === 0 ? 'its tables are up to date' : 'the next start brings its tables up to date';
  return { verdict: 'ok', text: `${answers}; ${state}` };
}

async function checkFolder(dataDir: string): Promise<Finding> {
  const subject = `DATA_DIR ${dataDir}`;
  for (let folder = resolve(dataDir); ; folder = dirname(folder))
    try {
      if (!(await stat(folder)).isDirectory())
        return { verdict: 'failed', subject, text: `${folder} is no folder` };
      await access(folder, constants.W_OK | constants.X_OK);
      return { verdict: 'ok', subject, text: 'the embedded database can keep its files there' };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' && folder !== dirname(folder)) continue;
      return { verdict: 'failed', subject, text: `${folder} cannot be written (${code})` };
    }
}
