// Answers on the wire: compressed for those who take it, and the same for all.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage, request as requestOfNode } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { prefersGzip } from '../../src/http/compression.ts';
import { leads, type Stack, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

const fields = `... on ScheduleCampaignDataPayload { results { __typename ... on ValidRecord { index reference phoneNumber dialerTime } } }`;
const query = `mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { ${fields} } }`;
const validating = (count: number) => ({
  query,
  variables: { input: { campaignName: 'Sales_Demo', records: leads(count), validateOnly: true } },
});

/** The answer as it came, and as it is read. */
async function ask({ url }: Stack, body: object, headers: Record<string, string> = {}) {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'one', ...headers },
    body: JSON.stringify(body),
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const { 'content-encoding': encoding, 'content-length': length, vary } = answer.headers;
  return {
    encoding,
    length,
    vary,
    size: bytes.length,
    text: decode(bytes, encoding),
    status: answer.statusCode,
  };
}

function decode(bytes: Buffer, encoding: string | string[] | undefined): string {
  switch (encoding) {
    case 'br':
      return brotliDecompressSync(bytes).toString();
    case 'gzip':
      return gunzipSync(bytes).toString();
    case 'deflate':
      return inflateSync(bytes).toString();
    default:
      return bytes.toString();
  }
}

describe('an answer', () => {
  it.each([
    ['of a few results', validating(30)],
    ['of thousands, which is streamed', validating(2000)],
    ['of errors', { query, variables: { input: { records: Array(60).fill({ priority: 'high' }) } } }],
  ])('%s is the same however it is sent, by yoga and compiled', async (_, body) => {
    const stack = await startStack();
    for (let n = 0; n < 3; n++) {
      const plain = await ask(stack, body);
      expect(plain.encoding).toBeUndefined();
      for (const encoding of ['br', 'gzip', 'deflate']) {
        const answer = await ask(stack, body, { 'accept-encoding': encoding });
        expect(answer).toMatchObject({ encoding, text: plain.text, status: plain.status, length: undefined });
        expect(answer.vary).toMatch(/\baccept-encoding\b/i);
        expect(answer.size).toBeLessThan(plain.size / 2);
      }
      expect(plain.vary).toMatch(/\baccept-encoding\b/i);
    }
  });

  it('is compressed as its reader likes it best', async () => {
    const stack = await startStack();
    const body = validating(30);
    const liked: [string, string | undefined][] = [
      ['gzip, deflate, br', 'br'],
      ['gzip;q=1.0, br;q=0.5', 'gzip'],
      ['br;q=0, gzip', 'gzip'],
      ['*', 'br'],
      ['zstd', undefined],
      ['identity', undefined],
      ['identity, gzip;q=0', undefined],
      ['br;q=0, gzip;q=0, deflate;q=0', undefined],
      ['', undefined],
    ];
    for (const [accepted, encoding] of liked)
      expect([accepted, (await ask(stack, body, { 'accept-encoding': accepted })).encoding]).toEqual([
        accepted,
        encoding,
      ]);
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z*;=0-9., -]{0,40}$/), async (accepted) => {
        const { encoding, text, status } = await ask(stack, body, { 'accept-encoding': accepted });
        expect(status).toBe(200);
        expect([undefined, 'br', 'gzip', 'deflate']).toContain(encoding);
        expect(JSON.parse(text).data.scheduleCampaignData.results).toHaveLength(30);
      }),
      { numRuns: runs(20) },
    );
  });

  it('of a lead or two is sent as it is, and so is every one where compression is off', async () => {
    const accepting = { 'accept-encoding': 'br, gzip' };
    const short = await ask(await startStack(), validating(2), accepting);
    expect(short.encoding).toBeUndefined();
    expect(short.vary).toMatch(/accept-encoding/i);
    expect(Number(short.length)).toBe(short.size);
    const stack = await startStack({ env: { COMPRESSION: 'off' } });
    const { encoding, vary } = await ask(stack, validating(2000), accepting);
    expect([encoding, vary]).toEqual([undefined, expect.not.stringMatching(/accept-encoding/i)]);
  });

  it('whose reader leaves in the middle leaves the next alone', async () => {
    const stack = await startStack();
    const { url } = stack;
    for (const encoding of ['br', 'gzip']) {
      for (let n = 0; n < 4; n++) {
        const answer = await request(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'accept-encoding': encoding },
          body: JSON.stringify(validating(2000)),
        });
        answer.body.on('error', () => {});
        answer.body.destroy();
      }
      expect((await ask(stack, validating(30), { 'accept-encoding': encoding })).encoding).toBe(encoding);
    }
    expect(stack.log.filter((line) => line.includes('Unexpected'))).toEqual([]);
  });

  it('of thousands is small on the wire', async () => {
    const stack = await startStack();
    const sizes: Record<string, number> = {};
    for (const encoding of ['identity', 'gzip', 'br'])
      sizes[encoding] = (await ask(stack, validating(4000), { 'accept-encoding': encoding })).size;
    const { identity = 0, gzip = 0, br = 0 } = sizes;
    expect(gzip).toBeLessThan(identity / 15);
    expect(br).toBeLessThan(gzip);
  });

  it('that is short is never compressed, whoever gives it', async () => {
    const AUTH = JSON.stringify({ keys: [{ name: 'web', hash: hashOf('dg_key'), scopes: ['schedule'] }] });
    const open = await startStack();
    const closed = await startStack({ env: { AUTH } });
    const json = { 'content-type': 'application/json' };
    const asked: [string, string, Parameters<typeof request>[1]][] = [
      ['401', closed.url, { method: 'POST', headers: json, body: '{}' }],
      ['404', `${open.url}/nowhere`, {}],
      ['405', open.url, { method: 'PUT' }],
      ['406', open.url, { headers: { accept: 'image/png' } }],
      ['415', open.url, { method: 'POST', body: 'x' }],
      ['400', open.url, { method: 'POST', headers: json, body: '{' }],
      ['200', open.url, { method: 'POST', headers: json, body: '{"query":"{ nothing }"}' }],
      ['200', open.url, { method: 'POST', headers: json, body: '{"query":"{ __typename }"}' }],
      ['200', `${open.url}?query={__typename}`, {}],
    ];
    for (const [status, url, options] of asked) {
      const headers = { 'accept-encoding': 'br, gzip', ...(options?.headers as Record<string, string>) };
      const answer = await request(url, { ...options, headers });
      const text = await answer.body.text();
      const { 'content-encoding': encoding, 'content-length': length, vary } = answer.headers;
      expect([status, answer.statusCode, encoding, Number(length), String(vary)]).toEqual([
        status,
        Number(status),
        undefined,
        Buffer.byteLength(text),
        expect.stringMatching(/accept-encoding/i),
      ]);
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });

  it('without a body says nothing of it', async () => {
    const { url } = await startStack();
    for (const method of ['HEAD', 'OPTIONS'] as const) {
      const answer = await request(`${url}?query={__typename}`, {
        method,
        headers: { 'accept-encoding': 'br, gzip' },
      });
      expect([method, (await answer.body.text()).length, answer.headers['content-encoding']]).toEqual([
        method,
        0,
        undefined,
      ]);
    }
  });

  it('keeps what CORS says of its origin', async () => {
    const origin = 'https://app.example.com';
    const stack = await startStack({ env: { CORS_ORIGINS: origin } });
    for (const count of [1, 1, 1, 30, 2000]) {
      const { vary } = await ask(stack, validating(count), { origin, 'accept-encoding': 'br' });
      expect(String(vary).toLowerCase().split(', ').sort()).toEqual(['accept-encoding', 'origin']);
    }
  });

  it('is read by fetch and by curl', async () => {
    const stack = await startStack();
    const body = JSON.stringify(validating(2000));
    const headers = { 'content-type': 'application/json', 'x-request-id': 'one' };
    const plain = (await ask(stack, validating(2000))).text;
    const fetched = await fetch(stack.url, { method: 'POST', headers, body });
    expect(fetched.headers.get('content-encoding')).toMatch(/br|gzip/);
    expect(await fetched.text()).toBe(plain);
    const curl = promisify(execFile)(
      'curl',
      [
        '-sS',
        '--compressed',
        '-H',
        'content-type: application/json',
        '-H',
        'x-request-id: one',
        '-d',
        '@-',
        stack.url,
      ],
      { maxBuffer: 100_000_000 },
    );
    curl.child.stdin?.end(body);
    expect((await curl).stdout).toBe(plain);
  });

  it('leaves its connection to the next request', async () => {
    const { url } = await startStack();
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ports = new Set<number | undefined>();
    // More than may be compressed at a time.
    for (let n = 0; n < 40; n++) {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { 'content-type': 'application/json', 'accept-encoding': n % 2 ? 'br' : 'gzip' };
        requestOfNode(url, { agent, method: 'POST', headers }, resolve)
          .on('error', reject)
          .end(JSON.stringify(validating(n % 10 ? 30 : 2000)));
      });
      ports.add(answer.socket.localPort);
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(piece);
      const encoding = answer.headers['content-encoding'];
      expect(encoding).toBe(n % 2 ? 'br' : 'gzip');
      expect(() => JSON.parse(decode(Buffer.concat(pieces), encoding))).not.toThrow();
    }
    expect(ports.size).toBe(1);
  });

  it.concurrent.for(['gzip', 'br'])(
    'that nobody reads is ended in time (%s), and others are answered',
    async (encoding, { expect, onTestFinished }) => {
      const timeouts = { idleMs: 5000, totalMs: 120_000 };
      const stack = await startStack({ timeouts, onFinished: onTestFinished });
      // More than the kernel takes in its reader's place, compressed too.
      const long = validating(9000);
      for (const record of long.variables.input.records)
        record.reference = randomBytes(1100).toString('base64');
      const body = JSON.stringify(long);
      const unexpected: unknown[] = [];
      const note = (error: unknown) => void unexpected.push(error);
      process.on('uncaughtExceptionMonitor', note);
      onTestFinished(() => void process.off('uncaughtExceptionMonitor', note));
      const headOfUnread = async () => {
        const socket = connect(Number(new URL(stack.url).port), '127.0.0.1');
        onTestFinished(() => void socket.destroy());
        socket.write(
          `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept-encoding: ${encoding}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
        const [head] = await once(socket, 'data');
        socket.pause();
        socket.on('error', () => {});
        return String(head);
      };
      const askShort = () => ask(stack, validating(30), { 'accept-encoding': encoding });
      // Executed, and known.
      for (let n = 0; n < 2; n++) {
        expect(await headOfUnread()).toMatch(new RegExp(`content-encoding: ${encoding}`, 'i'));
        for (let time = 0; time < 2; time++) expect((await askShort()).encoding).toBe(encoding);
      }
      // The request's line in the log comes when its connection is closed.
      await expect.poll(() => stack.log.filter((line) => line.includes('"msg":"request"')).length).toBe(6);
      expect(unexpected).toEqual([]);
      expect(stack.log.filter((line) => line.includes('Unexpected'))).toEqual([]);
    },
  );

  it('is sent as it is where its caller has no memory left for more', async () => {
    const keys = ['one', 'other'].map((name) => ({ name, hash: hashOf(`dg_${name}`), scopes: ['schedule'] }));
    const env = { AUTH: JSON.stringify({ keys }), MAX_MEMORY_FOR_REQUESTS_MB: '80' };
    const stack = await startStack({ env });
    const accepting = { 'accept-encoding': 'br', authorization: 'Bearer dg_one' };
    const other = { ...accepting, authorization: 'Bearer dg_other' };
    // Of one caller's 40 MB nearly all, for bodies that come no further.
    const sockets = Array.from({ length: 2 }, () => connect(Number(new URL(stack.url).port), '127.0.0.1'));
    for (const socket of sockets) {
      onTestFinished(() => void socket.destroy());
      socket.write(
        'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nauthorization: Bearer dg_one\r\ncontent-length: 9400000\r\n\r\n{',
      );
    }
    const encodingFor = async (headers: Record<string, string>) => {
      const { status, encoding, text } = await ask(stack, validating(30), headers);
      expect([status, JSON.parse(text).data.scheduleCampaignData.results.length]).toEqual([200, 30]);
      return encoding;
    };
    await expect.poll(() => encodingFor(accepting)).toBeUndefined();
    expect(await encodingFor(other)).toBe('br');
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => encodingFor(accepting)).toBe('br');
  });
});

it.each([
  ['gzip, deflate, br', true],
  ['x-gzip', true],
  ['*', true],
  ['GZIP;q=0.5', true],
  ['gzip;q=0', false],
  ['gzip;q=0, *', false],
  ['identity, gzip;q=0.5', false],
  ['br', false],
  ['', false],
])('the GraphiQL page is compressed for whoever accepts %j: %j', (accepted, expected) => {
  expect(prefersGzip(accepted)).toBe(expected);
});
