// Several accounts behind one service: what belongs to one never reaches another, and what is configured anew takes effect
// without a restart.

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../src/auth/callers.ts';
import { parseConfig } from '../src/config/config.ts';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { ScheduleDocument, type ScheduleMutation } from './gql/graphql.ts';
import { answered, lead, leads, type Result } from './harness.ts';
import { type Running, runApp } from './process.ts';

const keyOf = { sales: newKey(), support: newKey() };

function newKey(): string {
  return `dg_${randomBytes(32).toString('base64url')}`;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'dialgraph-accounts-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function write(path: string, value: unknown, mode = 0o600): string {
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  chmodSync(path, mode);
  return path;
}

const later = () => new Date(Date.now() + 86_400_000).toISOString();

interface Service {
  process: Running;
  sales: Sandbox;
  support: Sandbox;
  files: { accounts: string; auth: string };
  account(sandbox: Sandbox, more?: object): object;
  schedule(key: string, input: object): Promise<Result>;
}

async function startService(): Promise<Service> {
  const [sales, support] = await Promise.all([createSandbox(), createSandbox()]);
  onTestFinished(async () => void (await Promise.all([sales.close(), support.close()])));
  const dir = folder();
  const account = ({ url, account: { userName, apiKey } }: Sandbox, more = {}) => ({
    url,
    userName,
    apiKey,
    ...more,
  });
  const accounts = write(join(dir, 'accounts.json'), {
    sales: account(sales, { concurrency: 1 }),
    support: account(support),
  });
  const auth = write(join(dir, 'auth.json'), {
    keys: (['sales', 'support'] as const).map((name) => ({
      name,
      hash: hashOf(keyOf[name]),
      account: name,
      scopes: ['schedule'],
    })),
  });
  const process = runApp({ PORT: '0', ACCOUNTS_FILE: accounts, AUTH_FILE: auth });
  const [, url = ''] = await process.printed(/GraphQL at (\S+)/);
  return {
    process,
    sales,
    support,
    files: { accounts, auth },
    account,
    async schedule(key, input) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({
          query: ScheduleDocument.toString(),
          variables: { input: { campaignName: 'Sales_Demo', ...input } },
        }),
      });
      const { data, errors } = (await response.json()) as { data?: ScheduleMutation; errors?: unknown };
      if (data === undefined) throw new Error(`${response.status} ${JSON.stringify(errors)}`);
      return answered(data.scheduleCampaignData);
    },
  };
}

const tomorrow = (n: number) => lead(n, { scheduledTime: later() });

describe('several accounts', () => {
  it('share no dialer, no request and no idempotency key', async () => {
    const { schedule, sales, support } = await startService();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        schedule(n % 2 === 0 ? keyOf.sales : keyOf.support, { records: [tomorrow(n)] }),
      ),
    );
    expect(answers.every((answer) => 'status' in answer && answer.status === 'SCHEDULED')).toBe(true);
    const numbers = ({ ledger }: Sandbox) => ledger.map(({ phoneNumber }) => Number(phoneNumber) % 2);
    expect(sales.ledger).toHaveLength(10);
    expect(new Set(numbers(sales)).size).toBe(1);
    expect(support.ledger).toHaveLength(10);
    expect(new Set(numbers(support)).size).toBe(1);

    // Neither waits for the other where one hangs.
    sales.script({ fault: 'latency', latencyMs: 1500 });
    let isDone = false;
    const slow = schedule(keyOf.sales, { records: [tomorrow(30)] }).finally(() => {
      isDone = true;
    });
    expect(await schedule(keyOf.support, { records: [tomorrow(31)] })).toMatchObject({ status: 'SCHEDULED' });
    expect(isDone).toBe(false);
    expect(await slow).toMatchObject({ status: 'SCHEDULED' });

    const idempotencyKey = 'the same in both';
    for (const key of [keyOf.sales, keyOf.sales, keyOf.support])
      expect(
        await schedule(key, {
          idempotencyKey,
          records: [lead(50, { scheduledTime: '2099-01-01T00:00:00Z' })],
        }),
      ).toMatchObject({ status: 'NOT_SCHEDULED' });
    // Another input under the key is a conflict within the account that used it.
    expect(await schedule(keyOf.sales, { idempotencyKey, records: leads(2) })).toMatchObject({
      __typename: 'IdempotencyConflictError',
    });
  });

  it('are configured anew on SIGHUP unless a file is wrong, and what is running ends as it began', async () => {
    const { process, schedule, sales, support, files, account } = await startService();
    write(files.accounts, '{');
    process.child.kill('SIGHUP');
    await process.printed(/SIGHUP: everything stays as it was\. ACCOUNTS_FILE \S+ is not JSON/);
    expect(await schedule(keyOf.support, { records: [tomorrow(800)] })).toMatchObject({
      status: 'SCHEDULED',
    });

    for (let chunk = 0; chunk < 3; chunk++) sales.script({ fault: 'latency', latencyMs: 400 });
    const idempotencyKey = 'in the middle of it';
    const records = Array.from({ length: 250 }, (_, n) => tomorrow(n));
    const input = { idempotencyKey, records };
    const running = schedule(keyOf.sales, input);
    await expect.poll(() => sales.ledger.length).toBe(100);

    write(files.accounts, { sales: account(sales, { concurrency: 2 }) });
    const fresh = newKey();
    // The same caller with a new key: idempotency keys are a caller's own.
    write(files.auth, { keys: [{ name: 'sales', hash: hashOf(fresh), scopes: ['schedule'] }] });
    process.child.kill('SIGHUP');
    await process.printed(/SIGHUP: 1 account/);
    for (const key of Object.values(keyOf))
      await expect(schedule(key, { records: [tomorrow(900)] })).rejects.toThrow('401');
    // The key is held by the account as it was: nothing is sent a second time.
    const again = schedule(fresh, input);
    const answer = await running;
    expect(answer).toMatchObject({ status: 'SCHEDULED' });
    expect(await again).toEqual(answer);
    expect(sales.ledger).toHaveLength(250);
    expect(support.ledger).toHaveLength(1);
    expect(await schedule(fresh, { records: [tomorrow(901)] })).toMatchObject({ status: 'SCHEDULED' });
  });
});

describe('files of accounts and callers', () => {
  const account = (more: object = {}) => ({
    url: 'https://dialer.example',
    userName: 'acme',
    apiKey: 'key-that-nobody-may-see',
    ...more,
  });
  const read = (accounts: object | string, env: Record<string, string> = {}) =>
    parseConfig({
      ACCOUNTS_FILE: write(join(folder(), 'accounts.json'), accounts),
      AUTH: JSON.stringify({ jwt: { issuer: 'i', audience: 'a', jwksUri: 'https://issuer.example/jwks' } }),
      ...env,
    });

  it('give each account what it says, and the environment’s for the rest', () => {
    const { accounts } = read(
      {
        one: account({ timeZone: 'Europe/Berlin', apiKey: { env: 'ONE' } }),
        two: account({ userName: 'b' }),
      },
      { DIALER_REGION: 'DE', DIALER_CONCURRENCY: '4', ONE: 'from the environment' },
    );
    expect(accounts).toMatchObject([
      {
        name: 'one',
        timeZone: 'Europe/Berlin',
        region: 'DE',
        concurrency: 4,
        apiKey: 'from the environment',
      },
      { name: 'two', timeZone: 'Asia/Kolkata', region: 'DE', apiKey: 'key-that-nobody-may-see' },
    ]);
  });

  it('take a secret from a file, without its line break', () => {
    const file = write(join(folder(), 'secret'), 'from a file\n', 0o640);
    expect(read({ one: account({ apiKey: { file } }) }).accounts[0]?.apiKey).toBe('from a file');
  });

  it.each([
    [
      'an account in two files',
      () => {
        const one = write(join(folder(), 'one.json'), { sales: account() });
        const two = write(join(folder(), 'two.json'), { sales: account({ userName: 'b' }) });
        return parseConfig({ ACCOUNTS_FILE: `${one}, ${two}` });
      },
      /the account sales stands in \S+one\.json and in \S+two\.json/,
    ],
    [
      'an account under two names',
      () => read({ one: account(), two: account() }),
      'one and two are the same account',
    ],
    [
      'a secret file that is not there',
      () => read({ one: account({ apiKey: { file: '/no/such' } }) }),
      '/no/such cannot be read: there is no such file',
    ],
    [
      'a secret file that everybody may read',
      () => {
        const file = write(join(folder(), 'secret'), 'hidden', 0o644);
        return read({ one: account({ apiKey: { file } }) });
      },
      'everybody on this machine may read it (chmod o-rwx)',
    ],
    [
      'a file with a key in it that everybody may read',
      () => parseConfig({ ACCOUNTS_FILE: write(join(folder(), 'open.json'), { one: account() }, 0o644) }),
      'everybody on this machine may read it',
    ],
    [
      'an empty secret',
      () => read({ one: account({ apiKey: { file: write(join(folder(), 'secret'), '\n') } }) }),
      'is empty',
    ],
    [
      'a variable that is not set',
      () => read({ one: account({ apiKey: { env: 'NOT_SET' } }) }),
      'the variable NOT_SET is not set',
    ],
    ['a setting that is not known', () => read({ one: account({ speed: 1 }) }), 'at one: '],
    [
      'no user name where there must be one',
      () => read({ one: account({ userName: undefined }) }),
      'at one.userName: needed where auth is basic',
    ],
    ['no account', () => read({}), 'no account'],
    ['what is no JSON', () => read('{"one": key-that-nobody-may-see}'), 'is not JSON'],
    [
      'settings of the environment besides',
      () => read({ one: account() }, { DIALER_URL: 'https://dialer.example' }),
      'DIALER_URL cannot be set where ACCOUNTS_FILE is',
    ],
    [
      'several accounts for everybody',
      () => read({ one: account(), two: account({ userName: 'b' }) }, { AUTH: '' }),
      'AUTH_FILE must say whose calls go to which',
    ],
    [
      'a key for an account that is not there',
      () => read({ one: account() }, { AUTH: authOf({ account: 'two' }) }),
      'at keys.web.account: there is no account two',
    ],
    [
      'a key for no account where there are several',
      () => read({ one: account(), two: account({ userName: 'b' }) }, { AUTH: authOf({}) }),
      'at keys.web.account: needed',
    ],
    [
      'a hash that is none',
      () => read({ one: account() }, { AUTH: authOf({ hash: 'dg_plain' }) }),
      'not a hash as `dialgraph key` prints it',
    ],
    ['nobody who may call', () => read({ one: account() }, { AUTH: '{}' }), 'neither keys nor jwt'],
    [
      'an issuer without TLS',
      () =>
        read(
          { one: account() },
          {
            AUTH: JSON.stringify({
              jwt: { issuer: 'i', audience: 'a', jwksUri: 'http://issuer.example/jwks' },
            }),
          },
        ),
      'https, or http on this machine',
    ],
    [
      'an address for everybody and no authentication',
      () => {
        const real = { DIALER_URL: 'https://dialer.example', DIALER_API_KEY: 'k', DIALER_USER_NAME: 'acme' };
        return parseConfig({ ...real, HOST: '0.0.0.0' });
      },
      'HOST 0.0.0.0 would let everybody who reaches it call people: set AUTH_FILE',
    ],
  ])('refuse %s in one line that says what to do', (_, parse, message) => {
    expect(parse).toThrow(message);
    try {
      parse();
    } catch (error) {
      expect((error as Error).message).not.toMatch(/\n|key-that-nobody-may-see/);
    }
  });

  function authOf(more: object): string {
    return JSON.stringify({ keys: [{ name: 'web', hash: hashOf('k'), scopes: ['read'], ...more }] });
  }
});
