// What whoever runs the service sees and does: a store that is not there, or newer, when it starts; a dialer that asks for a
// pause; a new configuration. Over real sockets, with the process as it is deployed where its start or its end counts.

import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { hashOf } from '../src/auth/callers.ts';
import { parseConfig } from '../src/config/config.ts';
import { resume } from '../src/resume.ts';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { createService } from '../src/service.ts';
import { createDatabase } from '../src/store/database/database.ts';
import { ScheduleDocument } from './gql/graphql.ts';
import { answered, lead, sendTo } from './harness.ts';
import { createTestDatabase } from './postgres.ts';
import { type Running, runApp, runCommand } from './process.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialgraph-operations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface App {
  url: string;
  ready(): Promise<number>;
  sample(name: string): Promise<number>;
  schedule(key?: string): Promise<string>;
  /** Resolves when what it printed, or logged, has matched. */
  printed(pattern: RegExp): Promise<unknown>;
}

function appAt(url: string, metricsUrl: string): Omit<App, 'printed'> {
  const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
  return {
    url,
    ready: async () => (await fetch(new URL('/readyz', url))).status,
    async sample(name) {
      const text = await (await fetch(metricsUrl)).text();
      const line = text.split('\n').find((line) => line.startsWith(`${name} `));
      return Number(line?.split(' ')[1] ?? Number.NaN);
    },
    async schedule(idempotencyKey) {
      const input = { campaignName: 'Sales_Demo', records: [lead(1, { scheduledTime })], idempotencyKey };
      const result = answered((await sendTo(url, ScheduleDocument, { input })).scheduleCampaignData);
      return 'results' in result ? (result.results[0]?.__typename ?? '') : result.__typename;
    },
  };
}

async function startApp(env: Record<string, string>): Promise<App & Running> {
  const app = runApp({ PORT: '0', METRICS_PORT: '0', DIALER_URL: 'sandbox', ...env });
  const [, url = ''] = await app.printed(/GraphQL at (\S+)/);
  const [, metricsUrl = ''] = await app.printed(/Metrics: +(\S+)/);
  return { ...app, ...appAt(url, metricsUrl) };
}

interface ServiceApp extends App {
  reload(env: Record<string, string>): void;
  /** As a signal has it. */
  end(): Promise<void>;
}

/** The same in the tests' own process, which starts in a hundredth of the time. */
async function startService(env: Record<string, string>): Promise<ServiceApp> {
  const configOf = (env: Record<string, string>) =>
    parseConfig({ DIALER_URL: 'sandbox', METRICS_PORT: '0', ...env });
  const log: string[] = [];
  const standIn = await createSandbox();
  const service = await createService(configOf(env), { standIn, log: { write: (line) => log.push(line) } });
  service.store.open().catch(() => undefined);
  const listen = async (server: HttpServer) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  let ended: Promise<void> | undefined;
  const end = () => {
    service.server.close().closeAllConnections();
    ended ??= service
      .finish()
      .then(() => service.close())
      .then(standIn.close);
    return ended;
  };
  onTestFinished(end);
  return {
    ...appAt(
      `${await listen(service.server)}/graphql`,
      `${await listen(service.monitoring as HttpServer)}/metrics`,
    ),
    printed: (pattern) => expect.poll(() => log.join('')).toMatch(pattern),
    reload: (next) => service.reload(configOf(next)),
    end,
  };
}

async function ends({ child, exited }: Running): Promise<void> {
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
}

/** A port on which nobody listens, until it is told to pass everything on to a database. */
async function startLateDatabase() {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => server.close(resolve));
  const target = new URL(await createTestDatabase());
  const url = new URL(target);
  url.port = String(port);
  const open = () =>
    new Promise<void>((resolve) => {
      const relay = createServer((socket) => {
        const other = connect(Number(target.port), '127.0.0.1');
        for (const each of [socket, other]) each.on('error', () => undefined);
        socket.pipe(other).pipe(socket);
      });
      onTestFinished(() => void relay.close());
      relay.listen(port, '127.0.0.1', resolve);
    });
  return { url: url.href, open };
}

describe('a database server that is out of reach at the start', () => {
  it('is waited for in the background, and told of', async () => {
    const { url: DATABASE_URL, open } = await startLateDatabase();
    const app = await startApp({ DATABASE_URL });
    expect(await app.ready()).toBe(503);
    expect(await app.sample('dialgraph_store_up')).toBe(0);
    await app.printed(/"level":"error".*The store: No PostgreSQL server listens where DATABASE_URL points/);
    // What needs no store works; what has a key says that it was not sent.
    expect(await app.schedule()).toBe('ScheduledRecord');
    expect(await app.schedule('monday')).not.toBe('ScheduledRecord');
    expect(await app.sample('dialgraph_store_errors_total{kind="unreachable"}')).toBeGreaterThan(0);
    expect(app.output().match(/The store: /g)).toHaveLength(1);

    await open();
    await expect.poll(() => app.ready()).toBe(200);
    await app.printed(/the store answers again/);
    expect(await app.sample('dialgraph_store_up')).toBe(1);
    expect(await app.schedule('tuesday')).toBe('ScheduledRecord');
    await ends(app);
  });

  it.each([
    [
      'has no such database',
      (url: URL) => Object.assign(url, { pathname: '/no_such' }),
      /no database of the name/,
    ],
    ['refuses the user', (url: URL) => Object.assign(url, { username: 'nobody' }), /refused the user name/],
  ])('or %s', async (_, change, text) => {
    const app = await startService({ DATABASE_URL: change(new URL(inject('postgresUrl'))).href });
    expect(await app.ready()).toBe(503);
    await app.printed(text);
    expect(await app.sample('dialgraph_store_errors_total{kind="configuration"}')).toBeGreaterThan(0);
    await app.end();
  });

  it('ends where its tables are lost or it takes no writes, for readiness', async () => {
    const DATABASE_URL = await createTestDatabase();
    const app = await startService({ DATABASE_URL });
    await expect.poll(() => app.ready()).toBe(200);
    const database = createDatabase({ url: DATABASE_URL, dataDir: '' });
    onTestFinished(() => database.close());
    const name = new URL(DATABASE_URL).pathname.slice(1);
    const renew = () =>
      database.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
        [name],
      );
    await database.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await renew();
    await expect.poll(() => app.ready()).toBe(503);
    await database.query(`ALTER DATABASE ${name} SET default_transaction_read_only = off`);
    await renew();
    await expect.poll(() => app.ready()).toBe(200);
    await database.query('DROP SCHEMA dialgraph CASCADE');
    expect(await app.ready()).toBe(503);
    expect(await app.sample('dialgraph_store_errors_total{kind="tables"}')).toBeGreaterThan(0);
    await app.end();
  });
});

describe('a database that is newer', () => {
  const later = 'INSERT INTO dialgraph.migrations (number) VALUES (9999)';

  it('on a server refuses the start, with one line and exit code 1', async () => {
    const DATABASE_URL = await createTestDatabase();
    const database = createDatabase({ url: DATABASE_URL, dataDir: '' });
    await database.query(later);
    await database.close();
    const { exited, output } = runApp({ PORT: '0', DIALER_URL: 'sandbox', DATABASE_URL });
    expect(await exited).toBe(1);
    const lines = output()
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('{'));
    expect(lines).toEqual([expect.stringMatching(/^The database is newer than this Dialgraph/)]);
  });

  it('in DATA_DIR ends the process as soon as that is known', async () => {
    const DATA_DIR = join(folder, 'newer');
    cpSync(inject('dataDir'), DATA_DIR, { recursive: true });
    const database = createDatabase({ url: undefined, dataDir: DATA_DIR });
    await database.query(later);
    await database.close();
    const { exited, output } = runApp({ PORT: '0', DIALER_URL: 'sandbox', DATA_DIR });
    expect(await exited).toBe(1);
    expect(output()).toMatch(/^The database is newer than this Dialgraph: it has migration 9999/m);
  }, 180_000);
});

describe('a DATA_DIR that cannot be', () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const broken = join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'pg'), '');

  const expectRefused = async (app: App) => {
    expect(await app.schedule('monday')).not.toBe('ScheduledRecord');
    await expect.poll(() => app.ready()).toBe(503);
    expect(await app.schedule()).toBe('ScheduledRecord');
    await app.printed(/"level":"error".*The store: /);
  };

  it.each([
    ['a file', file],
    ['within a file', join(file, 'data')],
    ['where no folder can be made', '/proc/nowhere/data'],
    ['with a file in the place of the database', broken],
  ])('%s answers a mutation with a key at once, and holds up no end', async (_, DATA_DIR) => {
    const app = await startService({ DATA_DIR });
    await expectRefused(app);
    await app.end();
  });

  it('lets the process start and end', async () => {
    const app = await startApp({ DATA_DIR: file });
    await expectRefused(app);
    await ends(app);
  });

  it('since another holds it is waited for', async () => {
    const DATA_DIR = join(folder, 'held');
    cpSync(inject('dataDir'), DATA_DIR, { recursive: true });
    const first = await startService({ DATA_DIR });
    await expect.poll(() => first.sample('dialgraph_store_up')).toBe(1);
    const second = await startService({ DATA_DIR });
    await expect.poll(() => second.ready()).toBe(503);
    expect(await second.schedule('monday')).not.toBe('ScheduledRecord');
    await first.end();
    await expect.poll(() => second.ready()).toBe(200);
    expect(await second.schedule('monday')).toBe('ScheduledRecord');
    await second.end();
  }, 180_000);

  it('ends while it opens for the first time', async () => {
    const app = await startApp({ DATA_DIR: join(folder, 'first') });
    await ends(app);
  });
});

describe('a pause that the dialer asks for', () => {
  type Told = { output: string; code: number | null };

  const command = async (env: Record<string, string>, ...args: string[]): Promise<Told> => {
    const file = join(dirname(inject('app')), 'cli.js');
    const { exited, output } = runCommand([process.execPath, file, 'resume', ...args], env);
    const code = await exited;
    return { output: output().trim(), code };
  };
  /** What the command carries out, in this process. */
  const resumed = async (env: Record<string, string>, ...args: string[]): Promise<Told> => {
    const said: string[] = [];
    const spies = (['log', 'error'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation((line) => void said.push(line)),
    );
    const code = await resume(env, args).finally(() => {
      for (const spy of spies) spy.mockRestore();
    });
    return { output: said.join('\n'), code };
  };
  const startDialer = async () => {
    const sandbox = await createSandbox();
    onTestFinished(() => sandbox.close());
    const { url, account } = sandbox;
    const { apiKey, userName } = account;
    const env = { DIALER_URL: url, DIALER_API_KEY: apiKey, DIALER_USER_NAME: userName };
    return { sandbox, env: { ...env, DIALER_CAMPAIGN_CHECK: 'off' } };
  };

  /** Over `apps`, which share a store: one learns of the pause, all keep it, and one command ends it for all. */
  const expectPause = async (sandbox: Sandbox, apps: readonly App[], lift: () => Promise<Told>) => {
    const [app] = apps as [App];
    await expect.poll(() => app.sample('dialgraph_store_up')).toBe(1);
    expect(await lift()).toEqual({ output: 'default: it is not paused', code: 0 });

    sandbox.script({ fault: 'status-429-retry-after-seconds', retryAfter: 3600 });
    expect(await app.schedule()).toBe('DialerThrottledError');
    for (const each of apps) {
      expect(await each.schedule()).toBe('DialerThrottledError');
      const seconds = await each.sample('dialgraph_paused_seconds{account="default"}');
      expect(seconds).toBeGreaterThan(280);
      expect(seconds).toBeLessThanOrEqual(300);
      await expect.poll(() => each.ready()).toBe(200);
      await each.printed(/"level":"warn".*"account":"default".*the dialer asked for a pause/);
    }
    expect(sandbox.requests).toHaveLength(1);
    expect(await app.sample('dialgraph_pauses_total{account="default"}')).toBe(1);

    expect(await lift()).toEqual({
      output: expect.stringMatching(/^default: the pause is lifted, which had (29\d|300) s to go$/),
      code: 0,
    });
    for (const each of apps) {
      // Another process hears of it a moment later.
      await expect.poll(() => each.schedule(), { interval: 20 }).toBe('ScheduledRecord');
      await each.printed(/"level":"info".*"account":"default".*the pause is over/);
      expect(await each.sample('dialgraph_paused_seconds{account="default"}')).toBe(0);
    }
  };

  it('is capped, told of, and lifted by the command in the process that has DATA_DIR', async () => {
    const { sandbox, env } = await startDialer();
    const DATA_DIR = join(folder, 'pause');
    cpSync(inject('dataDir'), DATA_DIR, { recursive: true });
    const app = await startApp({ ...env, DATA_DIR });
    await expectPause(sandbox, [app], () => command({ ...env, DATA_DIR }, 'default'));
    await ends(app);
  }, 180_000);

  it('is capped, told of, and lifted by the command in all that share a server', async () => {
    const { sandbox, env } = await startDialer();
    const settings = { ...env, DATABASE_URL: await createTestDatabase() };
    const apps = await Promise.all([startService(settings), startService(settings)]);
    await expectPause(sandbox, apps, () => resumed(settings, 'default'));
    expect(await resumed(settings, 'nobody')).toMatchObject({ code: 1 });
    expect(await resumed(settings)).toMatchObject({ code: 2 });
  });

  it('cannot be lifted where no process holds DATA_DIR', async () => {
    const { output, code } = await resumed({ DATA_DIR: join(folder, 'nobody') }, 'default');
    expect([output, code]).toEqual([expect.stringContaining('No process with DATA_DIR'), 1]);
  });
});

describe('a configuration that is read again', () => {
  it('fills no rate again of a caller that is configured as before', async () => {
    const keys = ['one', 'two'].map((name) => ({ name, text: `dialgraph_${name}` }));
    const file = join(folder, 'auth.json');
    const write = (rates: readonly number[]) =>
      writeFileSync(
        file,
        JSON.stringify({
          keys: keys.map(({ name, text }, n) => ({
            name,
            hash: hashOf(text),
            scopes: ['schedule'],
            recordsPerMinute: rates[n],
          })),
        }),
      );
    write([2, 2]);
    const app = await startService({ AUTH_FILE: file, DATABASE_URL: inject('postgresUrl') });
    const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
    const schedule = async (n: number) => {
      const input = {
        campaignName: 'Sales_Demo',
        records: [lead(1, { scheduledTime }), lead(2, { scheduledTime })],
      };
      const response = await fetch(app.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${keys[n]?.text}` },
        body: JSON.stringify({ query: ScheduleDocument.toString(), variables: { input } }),
      });
      const { data } = (await response.json()) as { data: { scheduleCampaignData: { __typename: string } } };
      return data.scheduleCampaignData.__typename;
    };
    for (const n of [0, 1]) expect(await schedule(n)).toBe('ScheduleCampaignDataPayload');
    for (const n of [0, 1]) expect(await schedule(n)).toBe('RateLimitedError');
    write([2, 3]);
    app.reload({ AUTH_FILE: file });
    expect(await schedule(0)).toBe('RateLimitedError');
    expect(await schedule(1)).toBe('ScheduleCampaignDataPayload');
    expect(await app.sample('dialgraph_mutations_total{status="RATE_LIMITED"}')).toBe(3);

    const ask = (headers: Record<string, string>) => fetch(app.url, { headers });
    await ask({});
    await ask({ authorization: 'Digest x' });
    await ask({ authorization: 'Bearer wrong' });
    await ask({ authorization: 'Bearer a.b.c' });
    for (const result of ['missing', 'malformed', 'key', 'token'])
      expect(await app.sample(`dialgraph_authentications_total{result="${result}"}`)).toBe(1);
    expect(await app.sample('dialgraph_authentications_total{result="accepted"}')).toBe(6);
  });
});
