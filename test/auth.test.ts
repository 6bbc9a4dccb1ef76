// Who may call, and how far, by an API key: scopes, campaigns and rates.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../src/auth/callers.ts';
import { post, scheduling, startWith } from './credentials.ts';
import { lead, leads, startStack } from './harness.ts';

const key = `dg_${randomBytes(32).toString('base64url')}`;
const readKey = `dg_${randomBytes(32).toString('base64url')}`;
const slowKey = `dg_${randomBytes(32).toString('base64url')}`;

const keys = [
  { name: 'web', hash: hashOf(key), scopes: ['schedule', 'read'], campaigns: ['Sales_Demo', 'Agent_Demo'] },
  { name: 'report', hash: hashOf(readKey), scopes: ['read'] },
  { name: 'slow', hash: hashOf(slowKey), scopes: ['schedule'], recordsPerMinute: 10 },
];

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

it('a service without authentication lets everybody in', async () => {
  const { scheduled } = await startStack();
  expect(await scheduled({ records: [lead(0)] })).toMatchObject({ status: 'SCHEDULED' });
});
