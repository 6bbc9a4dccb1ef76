// Pages of other origins, and of this machine: which may call, and what is said of those that may not.

import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, type Stack, startStack } from '../harness.ts';

const json = { 'content-type': 'application/json' };
const mutation = JSON.stringify({
  query: `${ScheduleDocument}`,
  variables: { input: { campaignName: 'Sales_Demo', records: [lead(0)] } },
});

describe('another origin', () => {
  const friend = 'https://app.example.com';
  const env = { CORS_ORIGINS: `${friend}, http://localhost:5173` };
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };

  const allowed = async ({ url }: Stack, origin: string) => {
    const answers = [
      await fetch(url, { method: 'OPTIONS', headers: { origin, ...preflight } }),
      await fetch(`${url}?query={__typename}`, { headers: { origin } }),
      await fetch(url, { method: 'POST', headers: { origin, ...json }, body: '{' }),
    ];
    for (let n = 0; n < 4; n++)
      answers.push(await fetch(url, { method: 'POST', headers: { origin, ...json }, body: mutation }));
    for (const answer of answers) {
      await answer.text();
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
    return answers.map(({ headers }) => headers.get('access-control-allow-origin'));
  };

  it('is let in by its exact name, preflight and answers', async () => {
    const stack = await startStack({ env });
    expect(await allowed(stack, friend)).toEqual(Array(7).fill(friend));
    expect(await allowed(stack, 'http://localhost:5173')).toEqual(Array(7).fill('http://localhost:5173'));
    const response = await fetch(stack.url, { method: 'OPTIONS', headers: { origin: friend, ...preflight } });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-methods': 'GET,POST,PUT,HEAD,PATCH',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '7200',
      vary: 'Origin, Access-Control-Request-Headers',
    });
  });

  it.each([
    'https://evil.example',
    `${friend}.evil.example`,
    'http://app.example.com',
    `${friend}:8443`,
    'null',
  ])('is not let in as %s', async (origin) => {
    expect(await allowed(await startStack({ env }), origin)).toEqual(Array(7).fill(null));
  });

  it('learns that it needs a credential, and may ask with one', async () => {
    const AUTH = JSON.stringify({ keys: [{ name: 'web', hash: hashOf('dg_key'), scopes: ['schedule'] }] });
    const { url } = await startStack({ env: { ...env, AUTH } });
    const asked = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: friend,
        ...preflight,
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization,content-type');
    const response = await fetch(url, {
      method: 'POST',
      headers: { origin: friend, ...json },
      body: mutation,
    });
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([401, friend]);
  });

  it('is not let in where none is named', async () => {
    expect(await allowed(await startStack(), friend)).toEqual(Array(7).fill(null));
  });
});

describe('a page of this machine', () => {
  const local = ['http://localhost:5173', 'https://localhost', 'http://127.0.0.1:8080', 'http://[::1]:3000'];
  const others = [
    'https://evil.example',
    'http://localhost.evil.example',
    'http://localhost:1@evil.example',
    'null',
  ];
  const preflight = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  };
  const isLetIn = async (url: string, origin: string) => {
    const asked = await fetch(url, { method: 'OPTIONS', headers: { origin, ...preflight } });
    const body = '{"query":"{__typename}"}';
    const answered = await fetch(url, { method: 'POST', headers: { origin, ...json }, body });
    await answered.text();
    const allowed = [asked, answered].map(({ headers }) => headers.get('access-control-allow-origin'));
    expect(allowed[1]).toBe(allowed[0]);
    return allowed[0] === origin;
  };
  const keys = [{ name: 'web', hash: hashOf('dg_key'), scopes: ['schedule'] }];

  it('may call where nothing is configured and nobody can be called', async () => {
    const { url } = await startStack();
    for (const origin of local) expect(await isLetIn(url, origin), origin).toBe(true);
    for (const origin of others) expect(await isLetIn(url, origin), origin).toBe(false);
  });

  it.each<[string, Record<string, string>]>([
    ['callers show who they are', { AUTH: JSON.stringify({ keys }) }],
    ['origins are configured', { CORS_ORIGINS: 'https://app.example.com' }],
    [
      'people can be called',
      { DIALER_URL: 'http://127.0.0.1:9', DIALER_API_KEY: 'k', DIALER_USER_NAME: 'u' },
    ],
    ['other machines reach it', { HOST: '0.0.0.0' }],
  ])('may not where %s', async (_, env) => {
    const { url } = await startStack({ env });
    for (const origin of local) expect(await isLetIn(url, origin), origin).toBe(false);
  });

  it('or of any other that asks in vain is told of in the log, once, with the setting', async () => {
    const stack = await startStack();
    const said = () =>
      stack.log.map((line) => JSON.parse(line)).filter(({ setting }) => setting === 'CORS_ORIGINS');
    for (const origin of [...others, ...others, ...local]) await isLetIn(stack.url, origin);
    expect(said().map(({ origin }) => origin)).toEqual(others);
    expect(said()[0]).toMatchObject({ level: 'warn' });
    const many = Array.from({ length: 150 }, (_, n) => `https://a${n}.example`);
    for (const origin of many)
      await fetch(stack.url, { method: 'OPTIONS', headers: { origin, ...preflight } });
    expect(said()).toHaveLength(100);
  });
});
