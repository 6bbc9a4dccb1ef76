// Who may call, and how far: keys, tokens of an issuer, scopes, campaigns and rates.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../src/auth/callers.ts';
import { ScheduleDocument } from './gql/graphql.ts';
import { lead, leads, readAnswer, type Stack, type StackOptions, startStack } from './harness.ts';

const key = `dg_${randomBytes(32).toString('base64url')}`;
const readKey = `dg_${randomBytes(32).toString('base64url')}`;
const slowKey = `dg_${randomBytes(32).toString('base64url')}`;

const keys = [
  { name: 'web', hash: hashOf(key), scopes: ['schedule', 'read'], campaigns: ['Sales_Demo', 'Agent_Demo'] },
  { name: 'report', hash: hashOf(readKey), scopes: ['read'] },
  { name: 'slow', hash: hashOf(slowKey), scopes: ['schedule'], recordsPerMinute: 10 },
];

interface Answer {
  status: number;
  headers: Headers;
  body: { data?: Record<string, never>; errors?: { message: string; extensions?: { code?: string } }[] };
}

function startWith(auth: object, options: StackOptions = {}): Promise<Stack> {
  return startStack({ ...options, env: { AUTH: JSON.stringify(auth) } });
}

async function post(
  url: string,
  authorization: string | undefined,
  body: object = { query: '{ limits { horizonDays } }' },
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await readAnswer(response) };
}

const scheduling = (input: object) => ({
  query: ScheduleDocument.toString(),
  variables: { input: { campaignName: 'Sales_Demo', records: leads(1), ...input } },
});

describe('an API key', () => {
  it('lets its caller in, as a bearer or as the password that a browser asks for', async () => {
    const { url } = await startWith({ keys });
    const basic = Buffer.from(`me:${key}`).toString('base64');
    for (const authorization of [`Bearer ${key}`, `bearer ${key}`, `Basic ${basic}`])
      expect(await post(url, authorization)).toMatchObject({
        status: 200,
        body: { data: { limits: { horizonDays: 30 } } },
      });
  });

  it('that is missing or wrong is a 401 that says nothing else, whatever is asked and however often', async () => {
    const { url, sandbox } = await startWith({ keys });
    // So that the operation is known already, and would be carried out directly.
    for (let n = 0; n < 3; n++) await post(url, `Bearer ${key}`, scheduling({}));
    const sent = sandbox.ledger.length;
    const wrong = [
      undefined,
      '',
      key,
      'Bearer',
      'Bearer ',
      `Bearer ${key.toUpperCase()}`,
      `Bearer ${key} `.concat('x'),
      `Bearer ${key.slice(0, -1)}`,
      `Bearer x${key}`,
      `Bearer "${key}"`,
      `Bearer ${hashOf(key)}`,
      `Token ${key}`,
      `Basic ${Buffer.from(key.slice(1)).toString('base64')}`,
      'Bearer a.b.c',
    ];
    const bodies = [scheduling({}), { query: '{ __schema { types { name } } }' }, { query: '{ limit }' }, []];
    const told = new Set<string>();
    for (const authorization of wrong)
      for (const body of bodies) {
        const answer = await post(url, authorization, body);
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        told.add(`${answer.status} ${JSON.stringify(answer.body)}`);
      }
    expect([...told]).toEqual([
      '401 {"errors":[{"message":"A valid credential is needed.","extensions":{"code":"UNAUTHENTICATED"}}]}',
    ]);
    expect(sandbox.ledger).toHaveLength(sent);
  });

  it('has a browser ask for it, and GraphiQL open with it', async () => {
    const { url } = await startWith({ keys });
    const headers = { accept: 'text/html' };
    const closed = await fetch(url, { headers });
    expect(closed.status).toBe(401);
    expect(closed.headers.get('www-authenticate')).toBe('Basic realm="Dialgraph", charset="UTF-8"');
    const authorization = `Basic ${Buffer.from(`:${key}`).toString('base64')}`;
    const opened = await fetch(url, { headers: { ...headers, authorization } });
    expect(opened.headers.get('content-type')).toContain('text/html');
    await opened.body?.cancel();
  });

  it('goes as far as its scopes and campaigns, on the direct way and on yoga’s', async () => {
    const { url, sandbox } = await startWith({ keys });
    const forbidden = async (authorization: string, body: object, message: string) => {
      for (let n = 0; n < 3; n++) {
        const answer = await post(url, authorization, body);
        expect(answer.body.errors).toEqual([
          expect.objectContaining({ message, extensions: { code: 'FORBIDDEN' } }),
        ]);
      }
    };
    await forbidden(
      `Bearer ${readKey}`,
      scheduling({}),
      'Your credential does not have the scope "schedule".',
    );
    await forbidden(
      `Bearer ${key}`,
      scheduling({ campaignName: 'Other' }),
      'Your credential does not allow this campaign.',
    );
    await forbidden(
      `Bearer ${slowKey}`,
      { query: '{ limits { horizonDays } }' },
      'Your credential does not have the scope "read".',
    );
    expect(sandbox.ledger).toHaveLength(0);
    expect(await post(url, `Bearer ${key}`, scheduling({ campaignName: ' Sales_Demo ' }))).toMatchObject({
      body: { data: { scheduleCampaignData: { status: 'SCHEDULED' } } },
    });
  });

  it('schedules no more records a minute than it may, and validates as many as it likes', async () => {
    const { url, sandbox } = await startWith({ keys });
    const schedule = async (input: object) =>
      (await post(url, `Bearer ${slowKey}`, scheduling(input))).body.data?.scheduleCampaignData;
    expect(await schedule({ records: leads(11) })).toMatchObject({
      __typename: 'InvalidInputError',
      message: expect.stringContaining('at most 10 records'),
    });
    expect(await schedule({ records: leads(10), validateOnly: true })).toMatchObject({ status: 'VALIDATED' });
    expect(await schedule({ records: leads(10) })).toMatchObject({ status: 'SCHEDULED' });
    expect(await schedule({ records: leads(5) })).toMatchObject({
      __typename: 'RateLimitedError',
      retryAfterSeconds: expect.toSatisfy((seconds: number) => seconds > 20 && seconds <= 30),
    });
    expect(sandbox.ledger).toHaveLength(10);
  });
});

describe('a token', () => {
  const audience = 'dialgraph';
  let signing: Awaited<ReturnType<typeof generateKeyPair>>;
  let other: Awaited<ReturnType<typeof generateKeyPair>>;
  beforeAll(async () => {
    [signing, other] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
  });

  const issuer = 'https://issuer.example';
  const claims = (more: JWTPayload = {}): JWTPayload => ({
    iss: issuer,
    aud: audience,
    sub: 'asha',
    exp: Math.floor(Date.now() / 1000) + 60,
    scope: 'openid schedule read',
    ...more,
  });
  const sign = (payload: JWTPayload, { privateKey } = signing, header: object = {}) =>
    new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(privateKey);

  /** Its keys can be had while `up`. */
  async function startIssuer() {
    const state = { up: true, asked: 0 };
    const jwk = { ...(await exportJWK(signing.publicKey)), kid: 'k1', alg: 'ES256' };
    const server = createServer((_, res) => {
      state.asked++;
      res.writeHead(state.up ? 200 : 503, { 'content-type': 'application/json' });
      res.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return { state, jwt: { issuer, audience, jwksUri: `http://127.0.0.1:${port}/jwks` } };
  }

  it('lets its subject in, and is checked once for a minute', async () => {
    const { jwt, state } = await startIssuer();
    const { url } = await startWith({ jwt });
    const token = await sign(claims());
    for (let n = 0; n < 3; n++)
      expect(await post(url, `Bearer ${token}`, scheduling({}))).toMatchObject({
        status: 200,
        body: { data: { scheduleCampaignData: { status: 'SCHEDULED' } } },
      });
    expect(state.asked).toBe(1);
  });

  it('has the scopes and campaigns that it names', async () => {
    const { jwt } = await startIssuer();
    const { url } = await startWith({ jwt: { ...jwt, campaigns: ['Sales_Demo'] } });
    const codeOf = async (more: JWTPayload, campaignName = 'Sales_Demo') =>
      (await post(url, `Bearer ${await sign(claims(more))}`, scheduling({ campaignName }))).body.errors?.[0]
        ?.extensions?.code;
    expect(await codeOf({})).toBeUndefined();
    expect(await codeOf({ scope: 'read' })).toBe('FORBIDDEN');
    expect(await codeOf({ scope: ['schedule'] })).toBe('FORBIDDEN');
    expect(await codeOf({ scope: 'reschedule' })).toBe('FORBIDDEN');
    expect(await codeOf({}, 'Agent_Demo')).toBe('FORBIDDEN');
    expect(await codeOf({ campaigns: ['Agent_Demo'] }, 'Agent_Demo')).toBe('FORBIDDEN');
    expect(await codeOf({ campaigns: 'Sales_Demo' })).toBe('FORBIDDEN');
  });

  it('that is expired, forged, unsigned, for others, or none at all is a 401', async () => {
    const { jwt } = await startIssuer();
    const { url } = await startWith({ jwt });
    const past = Math.floor(Date.now() / 1000) - 60;
    const good = await sign(claims());
    const [head = '', , signature = ''] = good.split('.');
    const payload = Buffer.from(JSON.stringify(claims({ sub: 'mallory' }))).toString('base64url');
    const without = (claim: string) =>
      Object.fromEntries(Object.entries(claims()).filter(([name]) => name !== claim));
    const bad = {
      expired: await sign(claims({ exp: past })),
      'not yet good': await sign(claims({ nbf: Math.floor(Date.now() / 1000) + 60 })),
      'without an end': await sign(without('exp')),
      'without a subject': await sign(without('sub')),
      'of another issuer': await sign(claims({ iss: 'https://other.example' })),
      'for another audience': await sign(claims({ aud: 'other' })),
      'signed by another': await sign(claims(), other),
      'of a key that the issuer does not have': await sign(claims(), other, { kid: 'k2' }),
      'with its payload changed': `${head}.${payload}.${signature}`,
      unsigned: new UnsecuredJWT(claims()).encode(),
      'with its signature cut off': good.slice(0, good.lastIndexOf('.') + 1),
      'signed with the public key as a secret': await new SignJWT(claims())
        .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
        .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(signing.publicKey)))),
      'for an account that is not there': await sign(claims({ account: 'other' })),
      'not a token': 'a.b.c',
    };
    for (const [what, token] of Object.entries(bad))
      expect((await post(url, `Bearer ${token}`)).status, what).toBe(401);
    expect((await post(url, `Bearer ${good}`)).status).toBe(200);
  });

  it('cannot be told while the issuer is down: a 503, and later an answer', async () => {
    const { jwt, state } = await startIssuer();
    const { url } = await startWith({ jwt });
    state.up = false;
    const token = await sign(claims());
    expect(await post(url, `Bearer ${token}`)).toMatchObject({
      status: 503,
      body: { errors: [{ extensions: { code: 'AUTHENTICATION_UNAVAILABLE' } }] },
    });
    state.up = true;
    expect((await post(url, `Bearer ${token}`)).status).toBe(200);
  });
});

it('a service without authentication lets everybody in', async () => {
  const { scheduled } = await startStack();
  expect(await scheduled({ records: [lead(0)] })).toMatchObject({ status: 'SCHEDULED' });
});
