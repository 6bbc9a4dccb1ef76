// What a whole test run shares: a PostgreSQL server, on which a test takes a database of its own; the app, bundled for the
// many processes and compiled for the few that are about how it is packed; and the files of an embedded store that was
// opened once, since a copy of them opens twenty times as fast.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { createDatabase, type StoreError } from '../src/store/database/database.ts';
import { bundleApp, compileApp } from './compile.ts';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    /** The bundled `serve.js`, with `cli.js` beside it. */
    app: string;
    /** The compiled `serve.js`, likewise. */
    compiledApp: string;
    /** For files that no test removes: the run's end does. */
    folder: string;
    /** A DATA_DIR to copy. */
    dataDir: string;
  }
}

const bundle = 'node_modules/.cache/dialgraph/bundle';
const compiled = 'node_modules/.cache/dialgraph/compiled';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'dialgraph-tests-'));
  const dataDir = join(folder, 'opened');
  const [postgres] = await Promise.all([
    startPostgres(),
    bundleApp(bundle),
    compileApp(compiled),
    openOnce(dataDir),
  ]);
  project.provide('postgresUrl', postgres.url);
  project.provide('app', join(bundle, 'serve.js'));
  project.provide('compiledApp', join(compiled, 'serve.js'));
  project.provide('folder', folder);
  project.provide('dataDir', dataDir);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function openOnce(dataDir: string): Promise<void> {
  const database = createDatabase({ url: undefined, dataDir });
  // Longer than a caller would be kept waiting, on a machine that does much else.
  const isOpening = () =>
    database.query('SELECT 1').then(
      () => false,
      (error: StoreError) => {
        if (error.kind === 'opening') return true;
        throw error;
      },
    );
  while (await isOpening());
  await database.close();
}
