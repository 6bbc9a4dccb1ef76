// What the internet sends to a server that stands in it: other origins' pages, forms, documents made to cost much, and senders
// who take their time. Whatever way an answer is made, its headers are the same.

import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createDocumentCaches } from '../../src/http/document-limits.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, readAnswer, type Stack, shortBodies, startStack, tooLongForShort } from '../harness.ts';

const json = { 'content-type': 'application/json' };
const mutation = JSON.stringify({
  query: `${ScheduleDocument}`,
  variables: { input: { campaignName: 'Sales_Demo', records: [lead(0)] } },
});

async function post({ url }: Stack, query: string, variables = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ query, variables }),
  });
  const answer = await readAnswer<{ data?: unknown; errors?: unknown }>(response);
  return { status: response.status, text: JSON.stringify(answer), ...answer };
}

describe('security headers', () => {
  it.each<[string, number, string, RequestInit]>([
    ['data', 200, '', { method: 'POST', headers: json, body: mutation }],
    ['malformed JSON', 400, '', { method: 'POST', headers: json, body: '{' }],
    ['a form', 415, '', { method: 'POST', body: new URLSearchParams({ query: '{ __typename }' }) }],
    ['another method', 405, '', { method: 'PUT' }],
    ['another path', 404, '/nowhere', {}],
    ['too long a body', 413, '', { method: 'POST', headers: json, body: 'x'.repeat(tooLongForShort) }],
  ])('stand on the answer to %s', async (_, status, path, init) => {
    const { url } = await startStack({ env: shortBodies });
    // New, compiled after the second time, known.
    for (let n = 0; n < 4; n++) {
      const response = await fetch(url + path, init);
      await response.text();
      expect(response.status).toBe(status);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

describe('a name that is not this machine’s', () => {
  const ask = async (url: string, host: string, path = '/graphql') => {
    const { hostname, port } = new URL(url);
    const headers = { ...json, host };
    return new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ hostname, port, path, method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once('error', reject);
      asked.end(JSON.stringify({ query: '{ __typename }' }));
    });
  };

  it('is refused where everybody may call: a page whose name resolves here is nobody to be served', async () => {
    const { url } = await startStack();
    for (const host of [
      'evil.example',
      'evil.example:4000',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '10.0.0.1',
    ])
      expect(await ask(url, host), host).toBe(403);
    for (const host of ['localhost', 'localhost:4000', '127.0.0.1:1', '[::1]:4000'])
      expect(await ask(url, host), host).toBe(200);
  });

  it('is no matter where callers must show who they are', async () => {
    const keys = [{ name: 'web', hash: `sha256:${'x'.repeat(43)}`, scopes: ['read'] }];
    const { url } = await startStack({ env: { AUTH: JSON.stringify({ keys }) } });
    expect(await ask(url, 'dialgraph.example')).toBe(401);
  });

  it('nor does a path that only ends like the endpoint lead there', async () => {
    const { url } = await startStack();
    for (const path of ['/x/graphql', '/x?y=/graphql', '/graphql/', '/x/health'])
      expect(await ask(url, 'localhost', path), path).toBe(404);
  });
});

describe('a POST that a browser sends without asking first', () => {
  const form = new FormData();
  form.set('operations', mutation);
  form.set('map', '{}');

  it.each<[string, Record<string, string>, NonNullable<RequestInit['body']>]>([
    ['a multipart form', {}, form],
    ['an urlencoded form', {}, new URLSearchParams({ query: '{ __typename }' })],
    ['plain text', { 'content-type': 'text/plain' }, mutation],
    ['a GraphQL document', { 'content-type': 'application/graphql' }, '{ __typename }'],
    ['two types at once', { 'content-type': 'application/json, text/plain' }, mutation],
    ['another charset', { 'content-type': 'application/json; charset=utf-7' }, mutation],
    ['something compressed', { ...json, 'content-encoding': 'gzip' }, mutation],
    ['no type', {}, new Blob([mutation])],
  ])('is refused: %s', async (_, headers, body) => {
    const { url, sandbox } = await startStack();
    for (const target of [url, `${url}?a=b`]) {
      const response = await fetch(target, {
        method: 'POST',
        headers: { origin: 'https://evil.example', ...headers },
        body,
      });
      expect(response.status).toBe(415);
      expect(await readAnswer(response)).toEqual({
        errors: [
          {
            message:
              'A POST takes JSON: send it with content-type: application/json, in UTF-8 and not compressed.',
            extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' },
          },
        ],
      });
    }
    expect(sandbox.requests).toEqual([]);
  });

  it('is taken as JSON, however that is written', async () => {
    const { url } = await startStack();
    for (const type of [
      'application/json',
      'Application/JSON; charset=UTF-8',
      'application/json;charset="utf-8"',
    ])
      for (let n = 0; n < 2; n++) {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': type },
          body: mutation,
        });
        expect(await response.json()).toMatchObject({
          data: { scheduleCampaignData: { status: 'SCHEDULED' } },
        });
      }
  });
});

describe('a document that costs much', () => {
  const times = (count: number, write: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => write(n)).join(' ');

  it.each([
    ['10,000 aliases', `{ ${times(10_000, (n) => `a${n}: limits { region }`)} }`, 'TOO_MANY_ALIASES'],
    ['10,000 aliases of __typename', `{ ${times(10_000, (n) => `a${n}: __typename`)} }`, 'TOO_MANY_ALIASES'],
    [
      '101 aliases in fragments',
      `{ ...F } fragment F on Query { ${times(101, (n) => `a${n}: __typename`)} }`,
      'TOO_MANY_ALIASES',
    ],
    ['1,000 directives', `{ __typename ${times(1000, () => '@include(if: true)')} }`, 'TOO_MANY_DIRECTIVES'],
    [
      '1,000 unknown directives',
      `query ${times(1000, (n) => `@d${n}`)} { __typename }`,
      'TOO_MANY_DIRECTIVES',
    ],
    ['a million fields', `{ ${'a '.repeat(1_000_000)} }`, 'TOO_LONG'],
    [
      'a chain of fragments',
      `{ ...F0 } ${times(4000, (n) => `fragment F${n} on Query { ...F${n + 1} }`)} fragment F4000 on Query { __typename }`,
      'TOO_MANY_FRAGMENTS',
    ],
    [
      'fragments in circles',
      `{ ...F0 } ${times(95, (n) => `fragment F${n} on Query { ...F${(n + 1) % 95} ...F${(n + 2) % 95} limits { region } }`)}`,
      'TOO_COMPLEX',
    ],
    ['100 levels', `{ ${'a { '.repeat(100)} b ${'}'.repeat(100)} }`, 'TOO_DEEP'],
  ])('is a 400 of one error: %s', async (_, query, code) => {
    const stack = await startStack();
    for (let n = 0; n < 2; n++) {
      const { status, errors, text } = await post(stack, query);
      expect(status).toBe(400);
      expect(errors).toMatchObject(
        [{ message: /^The document /, extensions: { code: `DOCUMENT_${code}` } }].map(
          ({ message, ...rest }) => ({ message: expect.stringMatching(message), ...rest }),
        ),
      );
      expect(text.length).toBeLessThan(300);
    }
    expect(stack.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it.each([
    ['the same field 20,000 times', `{ limits { ${'region timeZone '.repeat(10_000)} } }`],
    [
      'the schema within the schema',
      `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`,
    ],
  ])('is a 400 of graphql-js: %s', async (_, query) => {
    const { url } = await startStack();
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...json, accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });

  it('is none where it has 100 aliases, or as many records inline as people have', async () => {
    const stack = await startStack();
    expect((await post(stack, `{ ${times(100, (n) => `a${n}: limits { region }`)} }`)).status).toBe(200);
    const time = 'scheduledTime: "2026-11-26 10:00:00"';
    const whole = (n: number) =>
      `{ reference: "${n}", phoneNumber: "98${10_000_000 + n}", ${time}, name: "Asha: @Rao", priority: 50, expiryDate: "2026-11-27", agentId: "7", skill: "x", customFields: [{ header: "City", value: "Pune" }, { header: "Plan", value: "Gold" }] }`;
    const plain = (n: number) => `{ phoneNumber: "98${10_000_000 + n}", ${time} }`;
    for (const [total, records] of [
      [1000, times(1000, whole)],
      [5000, times(5000, plain)],
    ]) {
      const query = `mutation { scheduleCampaignData(input: { campaignName: "Sales_Demo", records: [${records}], validateOnly: true }) { ... on ScheduleCampaignDataPayload { summary { total valid } } } }`;
      expect(await post(stack, query)).toMatchObject({
        status: 200,
        data: { scheduleCampaignData: { summary: { total } } },
      });
    }
  });

  it('is not remembered where it is long', () => {
    const { documentCache, errorCache } = createDocumentCaches();
    for (const cache of [documentCache, errorCache]) {
      const set = (text: string) => cache.set(text, new Error() as never);
      set('{ a }');
      set('a'.repeat(30_000));
      expect([cache.get('{ a }'), cache.get('a'.repeat(30_000))]).toEqual([expect.any(Error), undefined]);
      for (let n = 0; n < 100; n++) set(String(n).padEnd(20_000));
      expect(cache.get('{ a }')).toBeUndefined();
    }
  });
});

describe('a request in a form that is not taken', () => {
  it('is refused as a batch', async () => {
    const { url, sandbox } = await startStack();
    const response = await fetch(url, { method: 'POST', headers: json, body: `[${mutation},${mutation}]` });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ message: 'Batching is not supported.' }] });
    expect(sandbox.requests).toEqual([]);
  });

  it('is refused as a GET of a mutation', async () => {
    const { url, sandbox } = await startStack();
    const response = await fetch(`${url}?${new URLSearchParams(JSON.parse(mutation))}`);
    expect([response.status, response.headers.get('allow')]).toEqual([400, null]);
    const parameters = {
      query: `${ScheduleDocument}`,
      variables: JSON.stringify(JSON.parse(mutation).variables),
    };
    const get = await fetch(`${url}?${new URLSearchParams(parameters)}`);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
    expect(sandbox.requests).toEqual([]);
  });

  it('is told so, and not quoted, as a GET whose variables are no JSON', async () => {
    const { url } = await startStack();
    const response = await fetch(`${url}?query={__typename}&variables={"a":"9876543210"`);
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ message: expect.stringContaining('must be JSON') }],
    });
    expect(text).not.toContain('987654');
  });
});

describe('a slow sender', () => {
  it.each([
    ['headers', 'POST /graphql HTTP/1.1\r\nhost: localhost\r\n'],
    [
      'body',
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"query',
    ],
  ])('is not waited for: half a %s', async (_, half) => {
    const { url } = await startStack({ env: { REQUEST_TIMEOUT_MS: '300' } });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.write(half);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*"code":"REQUEST_TIMEOUT"/);
  });
});
