// TLS between the app and the dialer. What fails before the handshake is done was never sent, so it may be said to be
// safe to send again; once it is done, the truth under faults is the same as without TLS.
// Where the test's own CA has to be trusted, the app runs in a process of its own, with an account for each of these tests: Node reads
// NODE_EXTRA_CA_CERTS only at its start.

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it, type TestContext, vi } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import {
  createSandbox,
  type FaultName,
  type Sandbox,
  type SandboxOptions,
} from '../../src/sandbox/sandbox.ts';
import { type CampaignRecordInput, ScheduleDocument, type ScheduleMutation } from '../gql/graphql.ts';
import { answered, counts, kinds, lead, ledgerNumbers, type Payload, startStack } from '../harness.ts';
import { type OnFinished, runApp } from '../process.ts';

const dialects = ['v1', 'basic', 'token'] as const;
type DialectName = (typeof dialects)[number];

const apiKey = 'key-that-nobody-may-read';
const pathOf = (name: string) => fileURLToPath(new URL(`../tls/${name}.pem`, import.meta.url));
const pem = (name: string) => readFileSync(pathOf(name), 'utf8');

const trusted = [
  ['v1', '127.0.0.1'],
  ['basic', 'localhost'],
  ['token', 'localhost'],
] as const;
const distrusted = [
  ['out of date', 'expired'],
  ['made out to another host', 'wrong-host'],
] as const;

interface Account {
  sandbox: Sandbox;
  schedule(sent: CampaignRecordInput[]): Promise<Payload>;
}

/** By dialect, or by certificate. */
let accounts: Record<string, Account>;
let output: () => string;

/** What `beforeAll` starts is ended by a hook of the file: it may add none itself. */
const ends: (() => unknown)[] = [];
const onFinished: OnFinished = (end) => void ends.push(end);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

beforeAll(async () => {
  ({ accounts, output } = await startApp([
    ...trusted.map(([auth, host]) => ({ name: auth, auth, host, certificate: 'good' })),
    ...distrusted.map(([, certificate]) => ({
      name: certificate,
      auth: 'basic' as const,
      host: 'localhost',
      certificate,
    })),
  ]));
}, 180_000);

describe.concurrent('a dialer whose certificate is trusted', () => {
  it.for(trusted)(
    'is sent to with DIALER_AUTH=%s at %s, and the truth is told under faults',
    { timeout: 180_000 },
    async ([auth]) => {
      const { sandbox, schedule } = accounts[auth] as Account;
      const wellServed = async () => {
        const sent = records(2);
        expect(counts(await schedule(sent))).toEqual({ ScheduledRecord: 2 });
        expect(heldOf(sandbox, sent)).toEqual([true, true]);
      };
      await vi.waitFor(wellServed, { timeout: 60_000, interval: 100 });

      for (const fault of faultsOverTls) {
        const sent = records(4);
        sandbox.script({ fault });
        const { results } = await schedule(sent);
        expect(sandbox.requests.map((seen) => seen.fault)).toContain(fault);
        expectTruth(fault, results, heldOf(sandbox, sent));
        // Faults in a row may make the app hold back for a while; the next one shall be met all the same.
        await vi.waitFor(wellServed, { timeout: 60_000, interval: 100 });
      }
      const numbers = ledgerNumbers(sandbox);
      expect(new Set(numbers).size).toBe(numbers.length);
    },
  );
});

describe.concurrent('a dialer whose certificate is not to be trusted', () => {
  it.for(distrusted)('is sent nothing where it is %s', async ([, certificate]) => {
    const { sandbox, schedule } = accounts[certificate] as Account;
    expectNothingSent(sandbox, await schedule(records(3)));
    expect(output()).not.toContain(apiKey);
  });

  describe.each(dialects)('with DIALER_AUTH=%s', (auth) => {
    it.for([
      ['signed by itself', 'self-signed'],
      ['signed by a stranger', 'good'],
    ] as const)('is sent nothing where it is %s', async ([, certificate], context) => {
      const sandbox = await startSandbox(context, certificate);
      expectNothingSent(sandbox, await scheduleAt(context, sandbox.url, auth));
    });
  });
});

describe.concurrent('a dialer at the wrong kind of URL', () => {
  it.for(dialects)(
    'is sent nothing where it speaks plain HTTP behind an https URL: %s',
    async (auth, context) => {
      const sandbox = await startSandbox(context);
      expectNothingSent(sandbox, await scheduleAt(context, sandbox.url.replace('http:', 'https:'), auth));
    },
  );

  // The request is written, and what comes back is no HTTP: a token that was never got proves that no record left, but
  // the other dialects cannot tell.
  it.for(dialects)(
    'accepts nothing where it speaks TLS behind an http URL, and may be unknown: %s',
    async (auth, context) => {
      const sandbox = await startSandbox(context, 'good');
      const payload = await scheduleAt(context, sandbox.url.replace('https:', 'http:'), auth);
      const kind = auth === 'token' ? 'DialerUnavailableError' : 'OutcomeUnknownError';
      expect(counts(payload)).toEqual({ [kind]: 3 });
      expectSilentMessages(payload);
      expect([sandbox.ledger, sandbox.requests]).toEqual([[], []]);
    },
  );
});

const faultsOverTls: readonly FaultName[] = [
  'reset-after',
  'reset-before',
  'truncated-length-after',
  'close-after',
  'stale-keep-alive',
  'status-503-after',
  'hang-after',
  'garbage-after',
];

async function startSandbox(
  { onTestFinished: onFinished }: { onTestFinished: OnFinished },
  certificate?: string,
): Promise<Sandbox> {
  const tls: SandboxOptions['tls'] =
    certificate === undefined ? undefined : { key: pem('key'), cert: pem(certificate) };
  const sandbox = await createSandbox({ apiKey, tls });
  onFinished(() => sandbox.close());
  return sandbox;
}

interface AccountOptions {
  name: string;
  auth: DialectName;
  host: string;
  certificate: string;
}

/** The app in a process of its own that trusts the tests' CA, with accounts at a sandbox each. */
async function startApp(options: readonly AccountOptions[]) {
  const sandboxes = await Promise.all(
    options.map(({ certificate }) => startSandbox({ onTestFinished: onFinished }, certificate)),
  );
  const keyOf = (name: string) => `key-of-${name}`;
  const dialers = options.map(({ name, auth, host }, at) => {
    const { url, account } = sandboxes[at] as Sandbox;
    return [name, { auth, url: url.replace('127.0.0.1', host), apiKey, userName: account.userName }];
  });
  const file = join(inject('folder'), `${randomUUID()}.json`);
  writeFileSync(file, JSON.stringify(Object.fromEntries(dialers)), { mode: 0o600 });
  const keys = options.map(({ name }) => ({
    name,
    hash: hashOf(keyOf(name)),
    scopes: ['schedule'],
    account: name,
  }));
  const { printed, output } = runApp(
    {
      PORT: '0',
      ACCOUNTS_FILE: file,
      AUTH: JSON.stringify({ keys }),
      DIALER_TIMEOUT_MS: '5000',
      NODE_EXTRA_CA_CERTS: pathOf('ca'),
    },
    onFinished,
  );
  const [, url = ''] = await printed(/GraphQL at (\S+)/);
  const scheduleAs =
    (name: string): Account['schedule'] =>
    async (records) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${keyOf(name)}` },
        body: JSON.stringify({
          query: ScheduleDocument.toString(),
          variables: { input: { campaignName: 'Sales_Demo', records } },
        }),
      });
      const { data } = (await response.json()) as { data: ScheduleMutation };
      const result = answered(data.scheduleCampaignData);
      if (result.__typename !== 'ScheduleCampaignDataPayload') throw new Error(result.message);
      return result;
    };
  const accounts = options.map(({ name }, at) => [
    name,
    { sandbox: sandboxes[at] as Sandbox, schedule: scheduleAs(name) },
  ]);
  return { accounts: Object.fromEntries(accounts) as Record<string, Account>, output };
}

/** Schedules three records with an app in this process, which trusts what Node trusts. */
async function scheduleAt(
  { onTestFinished }: TestContext,
  dialerUrl: string,
  auth: DialectName,
): Promise<Payload> {
  const env = { DIALER_AUTH: auth, DIALER_TIMEOUT_MS: '2000' };
  const account = { apiKey, userName: 'sandbox' };
  const { scheduled } = await startStack({
    env,
    dialer: { url: dialerUrl, account },
    onFinished: onTestFinished,
  });
  return scheduled({ records: [lead(0), lead(1), lead(2)] });
}

let recordsMade = 0;

/** Records that nobody has sent yet. */
function records(count: number): CampaignRecordInput[] {
  const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
  return Array.from({ length: count }, () => lead(recordsMade++, { scheduledTime }));
}

function heldOf(sandbox: Sandbox, sent: readonly CampaignRecordInput[]): boolean[] {
  const held = new Set(ledgerNumbers(sandbox));
  return sent.map(({ phoneNumber }) => held.has(phoneNumber ?? ''));
}

/** Scheduled: it is there. Any error but the unknown outcome: it is not. */
function expectTruth(fault: FaultName, results: Payload['results'], held: readonly boolean[]): void {
  for (const [at, { __typename: kind }] of results.entries())
    if (kind !== 'OutcomeUnknownError')
      expect({ fault, kind, held: held[at] }).toEqual({ fault, kind, held: kind === 'ScheduledRecord' });
}

function expectNothingSent(sandbox: Sandbox, payload: Payload): void {
  expect(kinds(payload)).toEqual(Array(3).fill('DialerUnavailableError'));
  expect(payload.results).toMatchObject(Array(3).fill({ retryable: true }));
  expectSilentMessages(payload);
  expect([sandbox.ledger, sandbox.requests]).toEqual([[], []]);
}

/** A message names no host, no address, no port and no key. */
function expectSilentMessages({ results }: Payload): void {
  for (const { message } of results)
    expect(message).not.toMatch(
      new RegExp(`localhost|\\d+\\.\\d+\\.\\d+|::|dialer\\.invalid|:\\d|${apiKey}`, 'i'),
    );
}
