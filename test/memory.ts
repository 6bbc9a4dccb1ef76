// What a caller can make the process hold, against a process of its own whose heap is limited to 512 MB: it lives, refuses what is
// too much in words, answers the next caller, and stays within what the Kubernetes example gives it.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../src/auth/callers.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { compileApp, packed } from './compile.ts';
import { ScheduleDocument } from './gql/graphql.ts';
import { createTestDatabase } from './postgres.ts';
import { runCommand } from './process.ts';

const heapMb = 512;
/** The limit of the Kubernetes example. */
const limitMb = 768;

const keys = [
  { name: 'greedy', hash: hashOf('dg_greedy'), scopes: ['schedule', 'read'] },
  { name: 'poor', hash: hashOf('dg_poor'), scopes: ['schedule', 'read'], recordsPerMinute: 10 },
  { name: 'useless', hash: hashOf('dg_useless'), scopes: ['read'] },
  { name: 'other', hash: hashOf('dg_other'), scopes: ['schedule', 'read'] },
];

beforeAll(() => compileApp());

interface Limited {
  port: number;
  post(key: string, body: string): Promise<Answer>;
  /** A socket on which a request is sent, and nothing is read. */
  send(key: string, body: string, more?: { length?: number; accepted?: string }): Promise<Socket>;
  /** Megabytes, now and at the most. */
  memory(): { now: number; most: number };
  /** Another caller has one lead scheduled. */
  expectOthersServed(): Promise<void>;
}

interface Answer {
  status: number;
  retryAfter: string | null;
  length: number;
  json: { data?: unknown; errors?: { message: string; extensions: { code: string } }[] };
}

async function startLimited(env: Record<string, string> = {}): Promise<Limited> {
  const sandbox = await createSandbox();
  onTestFinished(() => sandbox.close());
  const node = [process.execPath, `--max-old-space-size=${heapMb}`, join(packed, 'serve.js')];
  const app = runCommand(node, {
    PORT: '0',
    LOG_LEVEL: 'error',
    AUTH: JSON.stringify({ keys }),
    DIALER_URL: sandbox.url,
    DIALER_API_KEY: sandbox.account.apiKey,
    DIALER_USER_NAME: sandbox.account.userName,
    // As in the Kubernetes example: the embedded one takes hundreds of megabytes of its own.
    DATABASE_URL: await createTestDatabase(),
    ...env,
  });
  const [, given] = await app.printed(/GraphQL at http:\/\/127\.0\.0\.1:(\d+)/);
  const port = Number(given);

  const post: Limited['post'] = async (key, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body,
    });
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      length: text.length,
      json: JSON.parse(text),
    };
  };

  return {
    port,
    post,
    async send(key, body, { length = Buffer.byteLength(body), accepted = 'identity' } = {}) {
      const socket = connect(port, '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      socket.pause();
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer ${key}\r\ncontent-length: ${length}\r\naccept-encoding: ${accepted}\r\n\r\n`,
      );
      await new Promise((resolve) => socket.write(body, resolve));
      return socket;
    },
    memory() {
      const status = readFileSync(`/proc/${app.child.pid}/status`, 'utf8');
      const megabytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
      return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
    },
    async expectOthersServed() {
      const { status, json } = await post('dg_other', list(1));
      expect([status, json.errors]).toEqual([200, undefined]);
      expect(json.data).toMatchObject({ scheduleCampaignData: { status: 'SCHEDULED' } });
    },
  };
}

const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
let lists = 0;

function list(count: number, input: object = {}, reference = (n: number) => `lead-${n}`): string {
  const first = 9_800_000_000 + lists++ * 100_000;
  const records = Array.from({ length: count }, (_, n) => ({
    reference: reference(n),
    phoneNumber: String(first + n),
    scheduledTime: tomorrow,
    name: 'Asha Rao',
  }));
  return JSON.stringify({
    query: `${ScheduleDocument}`,
    variables: { input: { campaignName: 'Sales_Demo', records, ...input } },
  });
}

function expectRefused({ status, retryAfter, json }: Answer): void {
  expect([429, 503]).toContain(status);
  expect(Number(retryAfter)).toBeGreaterThan(0);
  expect(json.errors).toMatchObject([
    { message: expect.stringContaining('again'), extensions: { code: expect.any(String) } },
  ]);
}

describe.skipIf(process.platform !== 'linux')('a process with 512 MB of heap', { timeout: 180_000 }, () => {
  it('lives through sixty lists of 50,000 at once', async () => {
    const { post, memory, expectOthersServed } = await startLimited({ MAX_RECORDS_PER_MUTATION: '50000' });
    const body = list(50_000, { validateOnly: true });
    const waiting = Array.from({ length: 60 }, () => post('dg_greedy', body));
    await expectOthersServed();
    const answers = await Promise.all(waiting);
    const refused = answers.filter(({ status }) => status !== 200);
    for (const answer of refused) expectRefused(answer);
    expect(refused.length).toBeLessThan(60);
    await expectOthersServed();
    expect(memory().most).toBeLessThan(limitMb);
  });

  it.each(['identity', 'gzip', 'br'])(
    'lives through 25 callers who never read their answers (%s)',
    async (accepted) => {
      const { send, post, memory, expectOthersServed } = await startLimited();
      // More than the kernel takes in their place, compressed too.
      const body = list(10_000, { validateOnly: true }, () => randomBytes(1100).toString('base64'));
      for (let n = 0; n < 25; n++) await send('dg_greedy', body, { accepted });
      const answers: Answer[] = [];
      await expect
        .poll(async () => answers.unshift(await post('dg_greedy', body)) && answers[0]?.status)
        .toBe(429);
      expectRefused(answers[0] as Answer);
      await expectOthersServed();
      expect(memory().most).toBeLessThan(limitMb);
    },
  );

  it('lives through 20 bodies of 20 MB that never end', async () => {
    const { send, memory, expectOthersServed } = await startLimited();
    const half = `{"query":"${'x'.repeat(19_000_000)}`;
    for (let n = 0; n < 20; n++) await send('dg_greedy', half, { length: 20_000_000 });
    await expectOthersServed();
    expect(memory().most).toBeLessThan(limitMb);
  });

  it('lives through bodies that are all empty lists', async () => {
    const { post, memory, expectOthersServed } = await startLimited();
    const body = `{"query":"{ __typename }","variables":{"x":[${'{},'.repeat(8_000_000)}1]}}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('dg_greedy', body)));
    // Each takes more than one caller may have.
    for (const answer of answers)
      if (answer.status === 413) expect(answer.json.errors?.[0]?.extensions.code).toBe('REQUEST_TOO_LARGE');
      else expectRefused(answer);
    await expectOthersServed();
    expect(memory().most).toBeLessThan(limitMb);
  });

  it.each([
    ['49 documents of 15 kB', 49, 15_000],
    ['150 documents of 4.5 kB', 150, 4500],
    ['150 documents that are compiled', 150, 1000],
  ])('does not grow with %s', async (_, count, length) => {
    const { post, memory, expectOthersServed } = await startLimited();
    await expectOthersServed();
    const before = memory().now;
    const send = async (key: string, n: number) => {
      const start = `mutation M${n}($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { ... on ScheduleCampaignDataPayload { results { ... on RecordError { `;
      const fields = 'index code message retryable reference ';
      const query = `${start}${fields.repeat((length - start.length) / fields.length)} } } } } }`;
      const input = { campaignName: 'Sales_Demo', records: [], validateOnly: true };
      return post(key, JSON.stringify({ query, variables: { input } }));
    };
    const sendAll = async (key: string) => {
      for (let n = 0; n < count; n += 5)
        await Promise.all(Array.from({ length: 5 }, (_, more) => send(key, n + more)));
    };
    for (const key of ['dg_useless', 'dg_greedy', 'dg_greedy', 'dg_greedy']) await sendAll(key);
    await expectOthersServed();
    expect(memory().now - before).toBeLessThan(100);
  });
});
