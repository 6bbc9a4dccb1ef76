// The command `dialgraph`: what it makes of its arguments, and what `dialgraph check` finds, and changes, before anything is sent.

import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { createCallers } from '../src/auth/callers.ts';
import { check } from '../src/check.ts';
import { parseConfig } from '../src/config/config.ts';
import { createSandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';
import { createDatabase } from '../src/store/database/database.ts';
import { compileApp, packed } from './compile.ts';
import { createTestDatabase } from './postgres.ts';
import { runCommand } from './process.ts';

beforeAll(() => compileApp());

/** The command as it is bundled, which starts sooner, or as it is packed. */
function dialgraph(args: string[], env: Record<string, string> = {}, folder = dirname(inject('app'))) {
  return runCommand([process.execPath, join(folder, 'cli.js'), ...args], env);
}

describe('dialgraph', () => {
  it('serves where there are no arguments', async () => {
    const { child, printed, exited } = dialgraph([], { PORT: '0' }, packed);
    const [, url = ''] = await printed(/GraphQL at (\S+)/);
    const { status, headers } = await fetch(`${url}?query={limits{region}}`);
    // Longer than a balancer's minute.
    expect([status, headers.get('keep-alive')]).toEqual([200, 'timeout=75']);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  });

  it.each([['--help'], ['-h'], ['check', '--help']])('explains itself: %s %s', async (...args) => {
    const { output, exited } = dialgraph(args);
    expect(await exited).toBe(0);
    expect(output()).toMatch(/^dialgraph: .*\n\n {2}dialgraph .* serves;.*\n {2}dialgraph check /);
  });

  it('names its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const { output, exited } = dialgraph(['-v'], {}, packed);
    expect(await exited).toBe(0);
    expect(output()).toBe(`${version}\n`);
  });

  it.each([
    [['--prot', '80'], "Unknown option '--prot'"],
    [['chekc'], "Unknown command 'chekc'"],
    [['toString'], "Unknown command 'toString'"],
    [['check', 'all'], "Unexpected argument 'all'"],
    [['--new-token'], "Unknown option '--new-token'"],
    [['--help=yes'], "Option '-h, --help' does not take an argument"],
  ])('refuses %j in one line', async (args, reason) => {
    const { output, exited } = dialgraph(args);
    expect(await exited).toBe(2);
    expect(output()).toBe(`dialgraph: ${reason} (dialgraph --help lists what there is)\n`);
  });

  it.each([
    ['--api-key=s3cret'],
    ['DIALER_API_KEY=s3cret'],
    ['check', '--key=s3cret'],
    ['check', 'a=s3cret'],
  ])('does not say a secret that somebody takes for an argument: %s %s', async (...args) => {
    const { output, exited } = dialgraph(args);
    expect(await exited).toBe(2);
    expect(output()).toMatch(/^dialgraph: .+\n$/);
    expect(output()).not.toContain('s3cret');
  });
});

describe('dialgraph key', () => {
  it('makes a key that AUTH_FILE takes', async () => {
    const { output, exited } = dialgraph(['key', 'web', 'read']);
    expect(await exited).toBe(0);
    const key = /dg_[\w-]{43}/.exec(output())?.[0] ?? '';
    const entry = JSON.parse(/\{[\s\S]*\}/.exec(output())?.[0] ?? '') as object;
    expect(entry).toMatchObject({ name: 'web', scopes: ['read'] });
    const { callers } = parseConfig({ DIALER_URL: 'sandbox', AUTH: JSON.stringify({ keys: [entry] }) });
    const accounts = ['default'];
    expect(createCallers(callers, accounts).find(`Bearer ${key}`)).toMatchObject({ name: 'web' });
  });

  it.each([[[]], [['web', 'fly']], [['a b']]])('refuses %j, and says what it takes', async (args) => {
    const { output, exited } = dialgraph(['key', ...args]);
    expect(await exited).toBe(2);
    expect(output()).toMatch(/^dialgraph key <name> .*\n$/);
  });
});

const pathOf = (name: string) => `test/tls/${name}.pem`;
const pem = (name: string) => readFileSync(pathOf(name), 'utf8');

const apiKey = 'key-that-nobody-may-read';

async function startDialer(options: SandboxOptions = {}) {
  const sandbox = await createSandbox({ apiKey, ...options });
  onTestFinished(() => sandbox.close());
  const { userName } = sandbox.account;
  const env = { DIALER_URL: sandbox.url, DIALER_API_KEY: apiKey, DIALER_USER_NAME: userName };
  return { sandbox, env };
}

/** The lines, and whether all is well. */
async function checked(env: Record<string, string>, newToken = false) {
  const lines: string[] = [];
  const ok = await check(env, { newToken }, (line) => lines.push(line));
  for (const line of lines) expect(line).not.toContain(apiKey);
  return { ok, lines, last: lines.at(-1) };
}

describe('dialgraph check', () => {
  it('says what works, and exits with 0', async () => {
    const { sandbox, env } = await startDialer();
    const { output, exited } = dialgraph(['check'], env, packed);
    expect(await exited).toBe(0);
    const { host, hostname } = new URL(sandbox.url);
    expect(output().trimEnd().split('\n')).toEqual([
      'ok        settings: every value can be read',
      'ok        DATA_DIR ./data: the embedded database can keep its files there',
      `ok        account default, ${hostname}: found at 1 address`,
      `ok        account default, ${host}: connected, without TLS: keys and numbers can be read on the way`,
      'ok        account default, key: the dialer knows it and the user name; 0 rows wait there',
    ]);
    expect(sandbox.requests.map(({ kind }) => kind)).toEqual(['scheduledData']);
    expect(sandbox.ledger).toEqual([]);
  });

  it('says what does not, and exits with 1', async () => {
    const { env } = await startDialer();
    const { output, exited } = dialgraph(['check'], { ...env, DIALER_API_KEY: 'another' });
    expect(await exited).toBe(1);
    expect(output()).toMatch(/\nfailed {4}account default, key: .* a wrong key or user name, .*\n$/);
  });

  it('looks at every account', async () => {
    const [one, other] = [await startDialer(), await startDialer({ userName: 'other' })];
    const accountOf = ({ sandbox: { url, account } }: typeof one) => ({ url, ...account });
    const accounts = { sales: { ...accountOf(one), apiKey: 'wrong' }, support: accountOf(other) };
    const file = join(tmpdir(), `dialgraph-${randomUUID()}.json`);
    writeFileSync(file, JSON.stringify(accounts), { mode: 0o600 });
    onTestFinished(() => rmSync(file));
    const AUTH = JSON.stringify({
      keys: [{ name: 'web', hash: `sha256:${'0'.repeat(43)}`, scopes: ['read'], account: 'sales' }],
    });
    const { ok, lines } = await checked({ ACCOUNTS_FILE: file, AUTH });
    expect(ok).toBe(false);
    expect(lines.filter((line) => line.includes(', key: '))).toEqual([
      expect.stringMatching(/^failed {4}account sales, key: /),
      expect.stringMatching(/^ok {8}account support, key: /),
    ]);
  });

  it('needs no dialer where the sandbox is embedded', async () => {
    const { ok, last } = await checked({});
    expect([ok, last]).toEqual([
      true,
      'ok        dialer: the embedded sandbox, which calls nobody (no DIALER_URL)',
    ]);
  });

  it('refuses what the start refuses: a sandbox in the place of a dialer that is misspelt', async () => {
    const DATABASE_URL = 'postgresql://127.0.0.1:9/x';
    const env = { DIALER_URI: 'https://dialer.example', DIALER_API_KEY: apiKey, DATABASE_URL };
    expect(await checked({ ...env, NODE_ENV: 'production' })).toEqual({
      ok: false,
      lines: [
        'failed    settings: DIALER_URL or ACCOUNTS_FILE is needed where there is DIALER_URI (DIALER_URL?), DIALER_API_KEY, NODE_ENV=production; DIALER_URL=sandbox asks for the embedded sandbox, which calls nobody',
      ],
      last: expect.any(String),
    });
    const { ok, lines, last } = await checked({
      DIALER_URL: 'sandbox',
      LOGLEVEL: 'warn',
      NODE_ENV: 'production',
    });
    expect([ok, lines[2], last]).toEqual([
      true,
      'warning   settings: LOGLEVEL is no setting, and has no effect: is LOG_LEVEL meant?',
      'ok        dialer: the embedded sandbox, which calls nobody (DIALER_URL=sandbox)',
    ]);
  });

  it('stops at settings that cannot be read', async () => {
    expect(await checked({ DIALER_AUTH: 'oauth' })).toMatchObject({
      ok: false,
      lines: ['failed    settings: DIALER_AUTH accepts v1, basic, token, not "oauth"'],
    });
  });

  it('finds a folder that cannot be written', async () => {
    const { ok, lines } = await checked({ DATA_DIR: 'package.json/data' });
    expect(ok).toBe(false);
    expect(lines[1]).toMatch(
      /^failed {4}DATA_DIR package.json\/data: .*package.json\/data cannot be written \(ENOTDIR\)$/,
    );
  });

  it('leaves the key of v1 unproved, and says so', async () => {
    const { sandbox, env } = await startDialer();
    const { ok, last } = await checked({ ...env, DIALER_AUTH: 'v1' });
    expect([ok, last]).toEqual([
      true,
      expect.stringMatching(/^unproved {2}account default, key: .*only where rows are sent/),
    ]);
    expect(sandbox.requests).toEqual([]);
  });

  it('makes a token only where it is told to', async () => {
    const { sandbox, env } = await startDialer();
    const { ok, last } = await checked({ ...env, DIALER_AUTH: 'token' });
    expect([ok, last]).toEqual([
      true,
      expect.stringMatching(/^unproved {2}account default, key: .*--new-token makes one/),
    ]);
    expect(sandbox.requests).toEqual([]);
    expect((await checked({ ...env, DIALER_AUTH: 'token' }, true)).last).toMatch(/^ok .* the dialer knows/);
    expect([sandbox.tokensGenerated, sandbox.ledger]).toEqual([1, []]);
    const wrong = await checked({ ...env, DIALER_AUTH: 'token', DIALER_API_KEY: 'another' }, true);
    expect([wrong.ok, wrong.last]).toEqual([
      false,
      expect.stringContaining('the dialer says "Invalid User Details": a wrong'),
    ]);
  });

  it.each([
    ['a redirect', { fault: 'redirect-302' }, /^failed .*HTTP 302/],
    ['a page in place of an answer', { fault: 'html-200-before' }, /^failed .*not JSON/],
    ['a server that fails', { fault: 'status-503-before' }, /^failed .*HTTP 503/],
    ['a server that asks for less', { fault: 'status-429' }, /^unproved .*fewer requests/],
    ['a lost connection', { fault: 'reset-before' }, /^failed .*the connection was lost/],
  ] as const)('tells %s', async (_, fault, line) => {
    const { sandbox, env } = await startDialer();
    sandbox.script({ ...fault, on: 'scheduledData' });
    expect((await checked(env)).last).toMatch(line);
    expect(sandbox.requests).toHaveLength(1);
  });

  it('ends where the way to the dialer does', async () => {
    const { env } = await startDialer();
    const nowhere = await checked({ ...env, DIALER_URL: 'https://dialer.invalid' });
    expect(nowhere.last).toMatch(/^failed {4}account default, dialer.invalid: .* could not be resolved$/);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const refused = await checked({ ...env, DIALER_URL: `http://127.0.0.1:${port}` });
    expect(refused.last).toBe(
      `failed    account default, 127.0.0.1:${port}: the dialer refused the connection`,
    );
    expect([nowhere.ok, refused.ok]).toEqual([false, false]);
  });

  it('tells a certificate that is trusted from one that is not', async () => {
    const expired = await startDialer({ tls: { key: pem('key'), cert: pem('expired') } });
    expect((await checked(expired.env)).last).toMatch(
      /^failed .* certificate cannot be trusted \([A-Z_]+\)$/,
    );
    const good = await startDialer({ tls: { key: pem('key'), cert: pem('good') } });
    const { output, exited } = dialgraph(['check'], { ...good.env, NODE_EXTRA_CA_CERTS: pathOf('ca') });
    expect(await exited).toBe(0);
    expect(output()).toMatch(
      /connected over TLSv1.3, with a certificate that is good until \d{4}-\d{2}-\d{2}\n/,
    );
  });
});

describe('dialgraph check, with a PostgreSQL server', () => {
  it('leaves the tables to the start', async () => {
    const DATABASE_URL = await createTestDatabase();
    const line = async () => (await checked({ DATABASE_URL })).lines[1];
    expect(await line()).toMatch(
      /^ok {8}DATABASE_URL: PostgreSQL [\d.]+.* answers; the first start makes the tables$/,
    );
    expect(await line()).toContain('the first start makes the tables');
    const database = createDatabase({ url: DATABASE_URL, dataDir: '' });
    await database.query('SELECT 1');
    expect(await line()).toContain('answers; its tables are up to date');
    await database.query('INSERT INTO dialgraph.migrations (number) VALUES (999)');
    expect(await checked({ DATABASE_URL })).toMatchObject({ ok: false });
    expect(await line()).toMatch(/^failed .* a newer Dialgraph's/);
    await database.query('DELETE FROM dialgraph.migrations WHERE number > 1');
    expect(await line()).toContain('the next start brings its tables up to date');
    await database.close();
  });

  it('finds a user who may not make the tables, and a server that is not there', async () => {
    const url = new URL(await createTestDatabase());
    const admin = new Client({ connectionString: url.href });
    await admin.connect();
    const guest = `guest_${randomUUID().slice(0, 8)}`;
    await admin.query(`CREATE ROLE ${guest} LOGIN`);
    onTestFinished(async () => {
      await admin.query(`DROP OWNED BY ${guest}; DROP ROLE ${guest}`);
      await admin.end();
    });
    url.username = guest;
    const lineOf = async (DATABASE_URL: string) => (await checked({ DATABASE_URL })).lines[1];
    expect(await lineOf(url.href)).toMatch(/^failed .* may not create the tables$/);
    await admin.query(`CREATE SCHEMA dialgraph AUTHORIZATION ${guest}`);
    expect(await lineOf(url.href)).toMatch(/^ok .* the first start makes the tables$/);
    expect(await lineOf('postgresql://u:s3cret@127.0.0.1:9/x')).toBe(
      'failed    DATABASE_URL: No PostgreSQL server listens where DATABASE_URL points',
    );
  });
});
