// What is said where GraphQL has no say: a body with a message and a code, in the type that the client accepts; the wait as a
// header; the codes in the log.

import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, leads, shortBodies, startStack, tooLongForShort } from '../harness.ts';

const json = { 'content-type': 'application/json' };
const keyed = {
  AUTH: JSON.stringify({
    keys: [
      { name: 'web', hash: hashOf('dg_key'), scopes: ['schedule', 'read'], recordsPerMinute: 2 },
      { name: 'eyes', hash: hashOf('dg_eyes'), scopes: ['read'] },
    ],
  }),
};

describe('a refusal', () => {
  const tooLong = 'x'.repeat(tooLongForShort);

  it.each<
    [number, string, string, Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }, object]
  >([
    [401, 'UNAUTHENTICATED', '', { method: 'POST', headers: json, body: '{}' }, keyed],
    [403, 'HOST_NOT_ALLOWED', '', { headers: { host: 'evil.example' } }, {}],
    [404, 'NOT_FOUND', '/nowhere', {}, {}],
    [405, 'BAD_REQUEST', '', { method: 'PUT' }, {}],
    [413, 'BODY_TOO_LARGE', '', { method: 'POST', headers: json, body: tooLong }, shortBodies],
    [413, 'BODY_TOO_LARGE', '?a=b', { method: 'POST', headers: json, body: tooLong }, shortBodies],
    [415, 'UNSUPPORTED_MEDIA_TYPE', '', { method: 'POST', body: 'x' }, {}],
    [400, 'BAD_REQUEST', '', { method: 'POST', headers: json, body: '{' }, {}],
    [400, 'BODY_TOO_DEEP', '', { method: 'POST', headers: json, body: '[ '.repeat(100_000) }, {}],
  ])(
    '%i %s has a body of the type that is accepted, and its code is in the log',
    async (status, code, path, init, env) => {
      const stack = await startStack({ env: env as Record<string, string> });
      for (const [accept, type] of [
        ['application/graphql-response+json', 'application/graphql-response+json'],
        ['application/json', 'application/json'],
        ['*/*', 'application/json'],
      ] as const) {
        const { host, ...headers }: Record<string, string> = { ...init.headers, accept };
        const response = await (host
          ? fetchAs(host, stack.url, headers)
          : fetch(stack.url + path, { ...init, headers }));
        expect([response.status, response.headers.get('content-type')]).toEqual([
          status,
          `${type}; charset=utf-8`,
        ]);
        const { errors, extensions } = (await response.json()) as {
          errors: { message: string }[];
          extensions: object;
        };
        expect(errors).toMatchObject([{ message: expect.stringMatching(/./), extensions: { code } }]);
        expect(extensions).toMatchObject({ requestId: response.headers.get('x-request-id') });
        if (status === 404) expect(errors[0]?.message).toContain('/graphql');
      }
      await expect
        .poll(() => stack.log.map((line) => JSON.parse(line)).filter((line) => line.msg === 'request'))
        .toMatchObject(Array(3).fill({ status, codes: [code] }));
    },
  );

  it('is told by its codes in the log, each once, where GraphQL says it', async () => {
    const stack = await startStack();
    const ask = (body: object) =>
      fetch(stack.url, { method: 'POST', headers: json, body: JSON.stringify(body) });
    await ask({ query: '{ nothing, besides }' });
    await ask({ query: `${ScheduleDocument}`, variables: { input: { campaignName: 1, records: 2 } } });
    await ask({ query: '{ limits { region } }' });
    await expect
      .poll(() => stack.log.map((line) => JSON.parse(line).codes))
      .toEqual([['GRAPHQL_VALIDATION_FAILED'], ['BAD_USER_INPUT'], undefined]);
  });
});

describe('a wait', () => {
  const once = 'a: scheduleCampaignData(input: $input) { __typename }';
  const header = (query: string) => `mutation($input: ScheduleCampaignDataInput!) { ${query} }`;

  it('is a header for one who comes while as many records as there may be are in flight', async () => {
    const { url, sandbox } = await startStack({
      env: { MAX_RECORDS_PER_MUTATION: '2', MAX_RECORDS_IN_FLIGHT: '2' },
    });
    sandbox.script({ fault: 'hang-before' });
    const ask = (count: number) =>
      fetch(url, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({
          query: header(once),
          variables: { input: { campaignName: 'Sales_Demo', records: leads(count) } },
        }),
      });
    const running = ask(2);
    await expect.poll(() => sandbox.requests.length).toBe(1);
    const refused = await ask(1);
    expect(await refused.json()).toMatchObject({ data: { a: { __typename: 'OverloadedError' } } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([200, '5']);
    await sandbox.close();
    await running;
  });

  it('is a header where it is all that is answered, executed, compiled and known', async () => {
    const { url } = await startStack({ env: keyed });
    const ask = async (query: string, count: number) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...json, authorization: 'Bearer dg_key' },
        body: JSON.stringify({
          query: header(query),
          variables: { input: { campaignName: 'Sales_Demo', records: leads(count) } },
        }),
      });
      return { wait: response.headers.get('retry-after'), text: await response.text() };
    };
    expect(await ask(once, 2)).toMatchObject({ wait: null, text: expect.stringContaining('Payload') });
    for (let n = 0; n < 4; n++) {
      const { wait, text } = await ask(once, 2);
      expect(text).toContain('RateLimitedError');
      expect(Number(wait)).toBeGreaterThan(0);
      expect(Number(wait)).toBeLessThanOrEqual(60);
    }
    // Codegen's documents for caches ask for the type of the root besides.
    expect(Number((await ask(`__typename ${once}`, 2)).wait)).toBeGreaterThan(0);
    expect(await ask(`${once} b: __typename`, 2)).toMatchObject({ wait: null });
    expect(await ask(once, 3)).toMatchObject({
      wait: null,
      text: expect.stringContaining('InvalidInputError'),
    });
  });
});

describe('variables with many wrong places', () => {
  it('are all counted, and the first fifty told', async () => {
    const { url } = await startStack();
    for (const [count, told] of [
      [1, 1],
      [50, 50],
      [51, 51],
      [4000, 51],
    ] as const)
      for (let n = 0; n < 3; n++) {
        const records = Array.from({ length: count }, (_, at) => ({ ...lead(at), name: at }));
        const response = await fetch(url, {
          method: 'POST',
          headers: json,
          body: JSON.stringify({
            query: `${ScheduleDocument}`,
            variables: { input: { campaignName: 'Sales_Demo', records } },
          }),
        });
        const { errors } = (await response.json()) as { errors: { message: string; extensions: object }[] };
        expect(errors).toHaveLength(told);
        for (const { extensions } of errors) expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
        expect(errors[0]?.extensions).toMatchObject({ path: ['input', 'records', 0, 'name'] });
        if (count > 50) {
          expect(errors.at(-1)?.extensions).toMatchObject({ total: count });
          expect(errors.at(-1)?.message).toContain(String(count));
        }
      }
  });
});

/** fetch sends no Host but its own. */
async function fetchAs(host: string, url: string, headers: Record<string, string>): Promise<Response> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { ...headers, host } }, async (message) => {
      const pieces = [];
      for await (const piece of message) pieces.push(piece);
      const given = Object.entries(message.headers).map(
        ([name, value]) => [name, String(value)] as [string, string],
      );
      resolve(new Response(Buffer.concat(pieces), { status: message.statusCode ?? 0, headers: given }));
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('a request that Node would refuse without a word', () => {
  const send = async (head: string, env: Record<string, string> = {}) => {
    const { url } = await startStack({ env });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    const body = '{"query":"{ __typename }"}';
    socket.end(
      `POST /graphql HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${head}\r\n\r\n${body}`,
    );
    await new Promise((resolve) => socket.once('close', resolve));
    return answer;
  };

  it('is told that it needs a host header', async () => {
    const noHost = /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*"code":"BAD_REQUEST"/;
    for (const env of [{}, keyed]) expect(await send('connection: close', env)).toMatch(noHost);
  });

  it('is answered whatever else it expects', async () => {
    const answer = await send('host: localhost\r\nconnection: close\r\nexpect: the-unexpected');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*"__typename":"Query"/);
  });
});
