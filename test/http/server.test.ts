// What reaches the server and is no proper request, each answered clearly; and that the server lives on.

import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { LimitsDocument } from '../gql/graphql.ts';
import { kinds, lead, leads, type Stack, startStack } from '../harness.ts';

interface Answer {
  status: number;
  text: string;
  errors: { message: string; extensions?: Record<string, unknown> }[];
}

/** The answer, which is the same when yoga executes, when it executes what is compiled, and when the listener does. */
async function post(stack: Stack, body: string, accept = 'application/json'): Promise<Answer> {
  const answers = [await postOnce(stack, body, accept)];
  // By then the mutation is compiled, and this `accept` known.
  for (let n = 0; n < 2; n++) await postOnce(stack, carriedOut, accept);
  for (let n = 0; n < 2; n++) answers.push(await postOnce(stack, body, accept));
  const [first, ...others] = answers as [Answer, ...Answer[]];
  for (const other of others) expect(other).toEqual(first);
  return first;
}

async function postOnce({ url }: Stack, body: string, accept: string): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'the-same', accept },
    body,
  });
  const text = await response.text();
  let errors: Answer['errors'] = [];
  try {
    errors = (JSON.parse(text) as { errors?: Answer['errors'] }).errors ?? [];
  } catch {}
  return { status: response.status, text, errors };
}

const mutation =
  'mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }';

const carriedOut = JSON.stringify({
  query: mutation,
  variables: { input: { campaignName: 'Sales_Demo', records: [] } },
});

async function expectAlive({ scheduled }: Stack): Promise<void> {
  expect(kinds(await scheduled({ records: leads(1) }))).toEqual(['ScheduledRecord']);
}

describe('a request that is wrong as a whole', () => {
  it.each([
    ['no records', { records: [] }, ['input', 'records'], 'must hold at least one record'],
    ['an empty campaign name', { campaignName: '' }, ['input', 'campaignName'], 'must not be empty'],
    ['a blank campaign name', { campaignName: ' \n' }, ['input', 'campaignName'], 'must not be empty'],
    [
      'a campaign name of 256 characters',
      { campaignName: 'x'.repeat(256) },
      ['input', 'campaignName'],
      '255',
    ],
    ['an unknown zone', { timeZone: 'Mars/Olympus' }, ['input', 'timeZone'], 'IANA'],
    ['an offset for a zone', { timeZone: '+05:30' }, ['input', 'timeZone'], 'IANA'],
  ])('for %s is an InvalidInputError with its path', async (_, input, path, message) => {
    const { schedule, sandbox } = await startStack();
    expect(await schedule({ records: leads(1), ...input })).toMatchObject({
      __typename: 'InvalidInputError',
      message: expect.stringContaining('Nothing was sent'),
      issues: [{ path, message: expect.stringContaining(message) }],
    });
    expect(sandbox.requests).toEqual([]);
  });

  it('says everything that is wrong at once', async () => {
    const { schedule } = await startStack();
    expect(await schedule({ campaignName: '', records: [], timeZone: 'x' })).toMatchObject({
      issues: [
        { path: ['input', 'campaignName'] },
        { path: ['input', 'records'] },
        { path: ['input', 'timeZone'] },
      ],
    });
  });

  it('has too many records', async () => {
    const stack = await startStack();
    expect(await stack.schedule({ records: leads(10_001) })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'records'], message: expect.stringContaining('at most 10000') }],
    });
    expect(stack.sandbox.requests).toEqual([]);
    expect((await stack.scheduled({ records: leads(10_000) })).summary.scheduled).toBe(10_000);
  });

  it('has more records than the configured limit', async () => {
    const { schedule, send } = await startStack({ env: { MAX_RECORDS_PER_MUTATION: '2' } });
    expect((await send(LimitsDocument, {})).limits?.maxRecordsPerMutation).toBe(2);
    expect((await schedule({ records: leads(3) })).__typename).toBe('InvalidInputError');
    expect((await schedule({ records: leads(2) })).__typename).toBe('ScheduleCampaignDataPayload');
  });
});

describe('the limits', () => {
  it('say what the mutation takes', async () => {
    const { send } = await startStack();
    expect((await send(LimitsDocument, {})).limits).toEqual({
      idempotencyKeyHours: 24,
      maxRecordsPerMutation: 10_000,
      recordsPerDialerRequest: 100,
      horizonDays: 30,
      maxRowBytes: 4096,
      minPriority: 1,
      maxPriority: 99,
      timeZone: 'Asia/Kolkata',
      region: 'IN',
    });
  });
});

describe('a request that is no proper GraphQL', () => {
  it.each([
    ['malformed JSON', '{"query":', 400],
    ['no query', '{}', 400],
    ['a query that is no string', '{"query":1}', 400],
    ['a syntax error', '{"query":"{"}', 400],
    ['10,000 nested braces', JSON.stringify({ query: '{a'.repeat(10_000) }), 400],
    ['100,000 nested brackets in an argument', JSON.stringify({ query: `{a(b:${'['.repeat(100_000)}` }), 400],
    [
      'a body of 30 MB',
      JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(30_000_000) } }),
      413,
    ],
  ])('for %s is answered with its status', async (_, body, status) => {
    const stack = await startStack();
    const answer = await post(stack, body, 'application/graphql-response+json');
    expect(answer.status).toBe(status);
    expect(answer.errors).toHaveLength(1);
    expect(answer.text).not.toMatch(/\bat .*\.(?:ts|js):\d/);
    await expectAlive(stack);
  });

  it('for malformed JSON echoes nothing of it', async () => {
    const stack = await startStack();
    const answer = await post(stack, '{"a":"9876543210"', 'application/graphql-response+json');
    expect(answer).toMatchObject({ status: 400, errors: [{ message: 'POST body sent invalid JSON.' }] });
    expect(answer.text).not.toContain('987654');
  });

  it('may nest brackets in strings and comments as deeply as it likes', async () => {
    const stack = await startStack();
    const query = `# ${'{'.repeat(100)}\n query ($a: String = "${'[{('.repeat(100)}") { limits { region } __type(name: $a) { name } }`;
    expect(await post(stack, JSON.stringify({ query }))).toMatchObject({ status: 200, errors: [] });
  });

  it.each([
    [
      'variable of the wrong type',
      { input: { campaignName: 'Sales_Demo', records: [{ ...lead(0), phoneNumber: 9876543210 }] } },
    ],
    [
      'unknown field',
      { input: { campaignName: 'Sales_Demo', records: [{ ...lead(0), phone: '9876543210' }] } },
    ],
    [
      'priority that is no number',
      { input: { campaignName: 'Sales_Demo', records: [{ ...lead(0), priority: '9876543210' }] } },
    ],
    [
      'missing field',
      { input: { campaignName: 'Sales_Demo', records: [{ customFields: [{ header: '9876543210' }] }] } },
    ],
    ['list that is none', { input: { campaignName: 'Sales_Demo', records: '9876543210' } }],
  ])('for a %s says where, and echoes no value', async (_, variables) => {
    const stack = await startStack();
    const answer = await post(stack, JSON.stringify({ query: mutation, variables }));
    expect(answer.errors[0]?.message).toMatch(/^Variable "\$input" got an invalid value/);
    expect(answer.errors[0]?.message).toMatch(/records|phone/);
    expect(answer.text).not.toMatch(/9876543210|Sales_Demo|lead-0|9810000000/);
    await expectAlive(stack);
  });

  it('for a literal of the wrong type echoes no number', async () => {
    const stack = await startStack();
    const query =
      'mutation { scheduleCampaignData(input: { campaignName: "x", records: [{ phoneNumber: 9876543210, scheduledTime: "" }] }) { __typename } }';
    const answer = await post(stack, JSON.stringify({ query }));
    expect(answer.errors[0]?.message).toContain('String cannot represent a non string value');
    expect(answer.text).not.toContain('9876543210');
  });

  it('is not let in from other origins', async () => {
    const { url } = await startStack();
    const response = await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the log', () => {
  it('holds no whole number, whatever went wrong', async () => {
    const stack = await startStack();
    await post(stack, JSON.stringify({ query: mutation, variables: { input: { records: [lead(0)] } } }));
    await stack.scheduled({ records: [lead(0), lead(1, { phoneNumber: '98100000001234' })] });
    stack.sandbox.script({ fault: 'error-echo-key' });
    await stack.scheduled({ records: leads(1) });
    expect(stack.log.join('\n')).not.toMatch(/98100000|sandbox-key/);
  });
});

/** What comes back for bytes on one connection, until it is closed. */
async function exchangeBytes(url: string, ...pieces: string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => {});
  for (const piece of pieces) socket.write(piece, 'latin1');
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

function bytesOf(body: string, ...headers: string[]): string {
  const head = ['POST /graphql HTTP/1.1', 'host: localhost', 'content-type: application/json', ...headers];
  return `${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

describe('what is no request', () => {
  it.each([
    ['garbage', 'GARBAGE\r\n\r\n'],
    ['a body that is longer than its length', '   '],
    ['another request, after the last', bytesOf('{}'), 'connection: close'],
  ])('leaves the answer to the request before it as it is: %s', async (_, junk, ...headers) => {
    const { url, sandbox } = await startStack();
    sandbox.script({ fault: 'latency', latencyMs: 50 });
    const input = { campaignName: 'Sales_Demo', records: leads(1) };
    const body = JSON.stringify({ query: mutation, variables: { input } });
    const answer = await exchangeBytes(url, bytesOf(body, ...headers), junk);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('scheduleCampaignData');
    expect(answer).not.toContain('BAD_REQUEST');
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('and is not asked for where its headers refuse it', async () => {
    const { url } = await startStack();
    const expecting = 'expect: 100-continue';
    const query = JSON.stringify({ query: '{ __typename }' });
    expect(await exchangeBytes(url, bytesOf(query, expecting, 'connection: close'))).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /,
    );
    for (const [status, ...headers] of [
      ['415', 'content-type: text/plain', 'content-length: 9'],
      ['406', 'content-type: application/json', 'accept: text/plain', 'content-length: 9'],
      ['413', 'content-type: application/json', 'content-length: 990000000'],
    ]) {
      const head = ['POST /graphql HTTP/1.1', 'host: localhost', 'connection: close', expecting, ...headers];
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      const [data] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(data.toString()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    }
  });

  it('is told what would be one: another path, a WebSocket, a byte order mark', async () => {
    const { url } = await startStack();
    const elsewhere = await fetch(new URL('/api', url), { method: 'POST', body: 'x' });
    expect([elsewhere.status, await elsewhere.text()]).toEqual([404, expect.stringContaining('/graphql')]);
    const handshake =
      'GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, close\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';
    expect(await exchangeBytes(url, handshake)).toContain('server-sent events');
    const marked = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `\uFEFF${JSON.stringify({ query: '{ __typename }' })}`,
    });
    expect(marked.status).toBe(200);
  });

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'BAD_REQUEST'],
    [
      'long headers',
      `GET /graphql HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'BAD_REQUEST'],
  ])('is refused in words: %s', async (_, text, status, code) => {
    const { url } = await startStack();
    const answer = await exchangeBytes(url, text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.stringMatching(/\w/), extensions: { code } }],
    });
  });
});
