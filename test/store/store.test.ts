// The store's database, embedded and on a server: what it promises of statements and transactions, and what it survives.
// The embedded one is a copy of what the run opened for the first time, which takes seconds.

import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { createDatabase, type Database, type Query, StoreError } from '../../src/store/database/database.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { bundled, runChild } from '../child.ts';
import { createTestDatabase } from '../postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialgraph-store-'));
const dataDir = join(folder, 'data');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
cpSync(inject('dataDir'), dataDir, { recursive: true });

describe.each(['embedded', 'server'] as const)('the %s database', (kind) => {
  let url: string | undefined;
  let database: Database;
  beforeAll(async () => {
    if (kind === 'server') url = await createTestDatabase();
    database = createDatabase({ url, dataDir });
    await database.query('CREATE TABLE dialgraph.notes (tag text PRIMARY KEY, n int8)');
  });
  afterAll(() => database.close());

  const notes = async (prefix: string, query: Query = database.query) =>
    (
      await query<{ tag: string }>("SELECT tag FROM dialgraph.notes WHERE tag LIKE $1 || '%' ORDER BY tag", [
        prefix,
      ])
    ).map(({ tag }) => tag);
  const write = (query: Query, tag: string) =>
    query('INSERT INTO dialgraph.notes (tag, n) VALUES ($1, $2)', [tag, 1]);

  it('says whether one process alone can hold it', () => {
    expect(database.exclusive).toBe(kind === 'embedded');
  });

  it('writes through to the disk, where it is ours to say', async () => {
    // The run's server is started without.
    expect(await database.query('SHOW fsync')).toEqual([{ fsync: kind === 'embedded' ? 'on' : 'off' }]);
  });

  it('answers the same shapes', async () => {
    const rows = await database.query(
      `SELECT $1::int8 AS big, $2::text AS text, $3::boolean AS flag, $4::jsonb AS json, $5::text AS nothing,
        to_timestamp($6::float8) AS instant, count(*) AS count, 1.5::float8 AS float,
        '6ee88c7e-68da-4e96-80fb-cbc3d9b597a2'::uuid AS uuid`,
      [1_700_000_000_000, 'ü', true, '{"a":[1]}', null, 1.5],
    );
    expect(rows).toEqual([
      {
        big: 1_700_000_000_000,
        text: 'ü',
        flag: true,
        json: { a: [1] },
        nothing: null,
        instant: new Date(1500),
        count: 1,
        float: 1.5,
        uuid: '6ee88c7e-68da-4e96-80fb-cbc3d9b597a2',
      },
    ]);
  });

  it('takes one statement at a time', async () => {
    await expect(database.query('SELECT 1; SELECT 2')).rejects.toThrow(StoreError);
  });

  it('keeps what a transaction did, and answers what its work answered', async () => {
    const answer = await database.transaction(async (query) => {
      await write(query, 'kept 1');
      await write(query, 'kept 2');
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await notes('kept')).toEqual(['kept 1', 'kept 2']);
  });

  it('takes statements of one transaction at once, and each in its turn', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    await database.transaction((query) =>
      Promise.all(['turn 1', 'turn 2', 'turn 3'].map((tag) => write(query, tag))),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warn);
    expect(await notes('turn')).toEqual(['turn 1', 'turn 2', 'turn 3']);
    expect(warnings).toEqual([]);
  });

  it('rolls back what was done before a throw, and passes that on', async () => {
    const failure = new Error('enough');
    const work = database.transaction(async (query) => {
      await write(query, 'undone');
      throw failure;
    });
    await expect(work).rejects.toBe(failure);
    expect(await notes('undone')).toEqual([]);
  });

  it('rolls back after a failed statement, even where the work goes on', async () => {
    const work = database.transaction(async (query) => {
      await write(query, 'swallowed');
      await query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ name: 'StoreError', code: '22012' });
    expect(await notes('swallowed')).toEqual([]);
  });

  it('refuses a statement that comes after the end of its transaction', async () => {
    const leaked = await database.transaction(async (query) => ({ query }));
    await expect(write(leaked.query, 'late')).rejects.toThrow(/after the end/);
    expect(await notes('late')).toEqual([]);
  });

  it('does not mix transactions that run at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        database.transaction(async (query) => {
          await write(query, `mix ${index} a`);
          await new Promise((resolve) => setImmediate(resolve));
          expect((await notes('mix', query)).filter((tag) => tag.startsWith(`mix ${index} `))).toHaveLength(
            1,
          );
          if (index % 2 === 0) throw new Error('enough');
          await write(query, `mix ${index} b`);
        }),
      ),
    );
    const odd = outcomes.map(({ status }) => status === 'fulfilled');
    expect(odd).toEqual(outcomes.map((_, index) => index % 2 === 1));
    const tags = outcomes.flatMap((_, index) => (index % 2 ? [`mix ${index} a`, `mix ${index} b`] : []));
    expect(await notes('mix')).toEqual(tags.sort());
  });

  it('shows others nothing of a transaction that has not ended', async () => {
    let outside: Promise<string[]> | undefined;
    const work = database.transaction(async (query) => {
      await write(query, 'unseen');
      outside = notes('unseen');
      await query('SELECT 1');
      throw new Error('enough');
    });
    await expect(work).rejects.toThrow('enough');
    expect(await outside).toEqual([]);
  });

  it('names the SQLSTATE of a refused statement, and no value of it', async () => {
    await write(database.query, 'twice +919876543210');
    const again = await write(database.query, 'twice +919876543210').catch((error: unknown) => error);
    expect(again).toBeInstanceOf(StoreError);
    expect(again).toMatchObject({ code: '23505' });
    const wrong = await database.query('SELECT $1::int', ['+91secret']).catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: '22P02', message: expect.not.stringContaining('secret') });
  });

  it('refuses a database that a newer version has migrated', async () => {
    const work = database.transaction(async (query) => {
      await query('INSERT INTO dialgraph.migrations (number) VALUES (9999)');
      await migrate(query);
    });
    await expect(work).rejects.toThrow(/newer than this Dialgraph: it has migration 9999/);
    await expect(database.query('SELECT 1')).resolves.toHaveLength(1);
  });

  // The last here, as each opening costs seconds.
  it('lets running work end before it closes, and refuses what comes after', async () => {
    const order: string[] = [];
    let closed: Promise<unknown> | undefined;
    await database.transaction(async (query) => {
      closed = database.close().then(() => order.push('closed'));
      await query('SELECT 1');
      order.push('done');
    });
    await closed;
    expect(order).toEqual(['done', 'closed']);
    await expect(database.query('SELECT 1')).rejects.toThrow(StoreError);
  });
});

describe('the embedded database', () => {
  it('opens when first needed, and not before', async () => {
    const path = join(folder, 'unused');
    const database = createDatabase({ url: undefined, dataDir: path });
    await database.close();
    expect(existsSync(path)).toBe(false);
    await expect(database.query('SELECT 1')).rejects.toThrow(StoreError);
  });

  it('does not stall the event loop while it opens for the first time', () => {
    // In the loop's own thread it would be most of it.
    expect(inject('stallOfOpening')).toBeLessThan(0.25);
  });

  it('lets nobody else read its files', () => {
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dataDir, 'pg')).mode & 0o777).toBe(0o700);
  });

  it('starts afresh where its first opening was cut short', () => {
    expect(readdirSync(join(dataDir, 'pg'))).toContain('pg_wal');
    expect(existsSync(join(dataDir, 'pg.unfinished'))).toBe(false);
  });

  it.each([
    ['a plain file', (path: string) => writeFileSync(path, 'mine')],
    [
      'a folder with files of others',
      (path: string) => {
        mkdirSync(path);
        writeFileSync(join(path, 'notes'), 'mine');
      },
    ],
  ])('deletes nothing that it did not write: %s', async (_, make) => {
    const own = mkdtempSync(join(tmpdir(), 'dialgraph-others-'));
    onTestFinished(() => rmSync(own, { recursive: true, force: true }));
    const path = join(own, 'pg');
    make(path);
    for (let start = 0; start < 2; start++) {
      const database = createDatabase({ url: undefined, dataDir: own });
      await expect(database.query('SELECT 1')).rejects.toMatchObject({
        cause: { message: expect.stringContaining('move') },
      });
      await database.close();
    }
    const kept = statSync(path).isFile() ? path : join(path, 'notes');
    expect(readFileSync(kept, 'utf8')).toBe('mine');
    expect(readdirSync(own).filter((name) => name.startsWith('pg'))).toEqual(['pg']);
  });

  it('goes on after a panic, with what was committed', async () => {
    const database = open();
    await database.query("INSERT INTO dialgraph.accounts VALUES ('before', '{}')");
    // A disk that fails: the next segment of its log cannot be made.
    renameSync(join(dataDir, 'pg', 'pg_wal'), join(folder, 'gone'));
    await database.query('SELECT pg_switch_wal()');
    const lost = database.query("INSERT INTO dialgraph.accounts VALUES ('lost', '{}')");
    await expect(lost).rejects.toThrow(/stopped/);
    renameSync(join(folder, 'gone'), join(dataDir, 'pg', 'pg_wal'));
    expect(await database.query('SELECT id FROM dialgraph.accounts')).toEqual([{ id: 'before' }]);
    await database.close();
  });

  it('refuses a second holder, keeps what was committed when the first is killed, and then opens at once', async () => {
    const child = runChild(
      `
      import { createDatabase } from '${bundled('database.js')}';
      const database = createDatabase({ url: undefined, dataDir: ${JSON.stringify(dataDir)} });
      for (let id = 1; ; id++) {
        await database.query("INSERT INTO dialgraph.accounts VALUES ('child ' || $1, '{}')", [String(id)]);
        process.stdout.write(id + '\\n');
      }
    `,
      ['--liftoff-only'],
    );
    let committed = 0;
    child.lines.on('line', (line) => {
      committed = Number(line);
    });
    await vi.waitFor(() => expect(committed).toBeGreaterThan(50), 60_000);
    const database = open();
    const refusal = await database.query('SELECT 1').catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StoreError);
    expect(String(refusal)).toContain(`DATA_DIR ${dataDir} is in use by another process`);
    child.process.kill('SIGKILL');
    await once(child.process, 'close');

    // For as long as the attempt took that failed, calls are refused with its error.
    const count = () =>
      database.query<{ count: number }>("SELECT count(*) FROM dialgraph.accounts WHERE id LIKE 'child %'");
    const [row] = await vi.waitFor(count, 60_000);
    expect([committed, committed + 1]).toContain(row?.count);
    await database.close();
  });

  it('does not keep a process alive that has nothing else to do', async () => {
    const child = runChild(
      `
      import { createDatabase } from '${bundled('database.js')}';
      const database = createDatabase({ url: undefined, dataDir: ${JSON.stringify(dataDir)} });
      console.log((await database.query('SELECT 7 AS n'))[0].n);
    `,
      ['--liftoff-only'],
    );
    const output: string[] = [];
    child.lines.on('line', (line) => output.push(line));
    expect(await once(child.process, 'close')).toEqual([0, null]);
    expect(output).toEqual(['7']);
    expect(child.errors()).toBe('');
  });
});

describe('the database on a server', () => {
  it('is migrated once by eight that start at once', async () => {
    const url = await createTestDatabase();
    const databases = Array.from({ length: 8 }, () => createDatabase({ url, dataDir }));
    const rows = await Promise.all(
      databases.map(({ query }) => query('SELECT count(*) FROM dialgraph.migrations')),
    );
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(1);
    await Promise.all(databases.map((database) => database.close()));
  });

  it('comes back when its connections are ended', async () => {
    const url = await createTestDatabase();
    const database = createDatabase({ url, dataDir });
    const admin = createDatabase({ url: await createTestDatabase(), dataDir });
    await Promise.all(Array.from({ length: 5 }, () => database.query('SELECT pg_sleep(0.01)')));
    const end = () =>
      admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
        new URL(url).pathname.slice(1),
      ]);

    await end();
    await vi.waitFor(async () => expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]), 60_000);

    // Also where one is within a transaction, and idle.
    const work = database.transaction(async (query) => {
      await query('SELECT 1');
      await end();
      await query('SELECT 1');
    });
    await expect(work).rejects.toThrow(StoreError);
    await vi.waitFor(async () => expect(await database.query('SELECT 1 AS n')).toEqual([{ n: 1 }]), 60_000);
    await Promise.all([database.close(), admin.close()]);
  });

  it('is tried again by the next call where it could not be reached', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const address = unused.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    unused.close();
    const url = `postgresql://dialgraph:hunter2@127.0.0.1:${port}/dialgraph`;
    const database = createDatabase({ url, dataDir });
    for (let attempt = 0; attempt < 2; attempt++) {
      const error = await database.query('SELECT 1').catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(StoreError);
      expect(String(error)).toBe('StoreError: No PostgreSQL server listens where DATABASE_URL points');
    }
    await database.close();
  });

  it.each([
    ['postgresql://dialgraph:hunter2@[/x', /DATABASE_URL is no URL/],
    ['postgresql://dialgraph:hunter2@nowhere.invalid/x', /could not be resolved/],
  ])('refuses %s without its password', async (url, message) => {
    const error = await createDatabase({ url, dataDir })
      .query('SELECT 1')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StoreError);
    expect(String(error)).toMatch(message);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
  });

  it('says that there is no such database', async () => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = 'no_such_database';
    const database = createDatabase({ url: url.href, dataDir });
    await expect(database.query('SELECT 1')).rejects.toThrow(/no database of the name/);
    await database.close();
  });
});

/** A test's own, in the files that all share: whoever had them open has closed them. */
function open(): Database {
  const database = createDatabase({ url: undefined, dataDir });
  onTestFinished(() => database.close());
  return database;
}
