// What a whole test run shares: a PostgreSQL server, on which each worker has a database, and a test can have one of its own; the app,
// bundled for the many processes; and the files of an embedded store that was opened once, since a copy of them opens several times as
// fast.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { bundle, bundleApp } from './compile.ts';
import { makeWorkerDatabases, type PostgresFiles, startPostgres } from './postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
    /** For a server of a test's own. */
    postgresFiles: PostgresFiles;
    /** The bundled `serve.js`, with `cli.js` beside it. */
    app: string;
    /** For files that no test removes: the run's end does. */
    folder: string;
    /** A DATA_DIR to copy. */
    dataDir: string;
    /** The longest time for which its first opening held up the event loop, as a share of the whole. */
    stallOfOpening: number;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'dialgraph-tests-'));
  const dataDir = join(folder, 'opened');
  const [postgres, stallOfOpening] = await Promise.all([startPostgres(), openFirst(dataDir), bundleApp()]);
  await makeWorkerDatabases(postgres.url, project.config.maxWorkers);
  project.provide('postgresUrl', postgres.url);
  project.provide('postgresFiles', postgres.files);
  project.provide('app', join(bundle, 'serve.js'));
  project.provide('folder', folder);
  project.provide('dataDir', dataDir);
  project.provide('stallOfOpening', stallOfOpening);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** V8 does not optimise the WebAssembly: that would cost more than the opening gains. */
async function openFirst(dataDir: string): Promise<number> {
  const options = ['--liftoff-only', '--import', 'tsx', 'test/first-opening.ts', dataDir];
  return Number((await promisify(execFile)(process.execPath, options)).stdout);
}
