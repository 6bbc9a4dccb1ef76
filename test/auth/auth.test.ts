// Who may call, and how far, by an API key: scopes, campaigns and rates.

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { post, scheduling, startWith } from '../credentials.ts';
import { lead, leads, startStack } from '../harness.ts';

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

describe('a mutation with several fields', () => {
  const fields = '{ __typename ... on ScheduleCampaignDataPayload { status } }';
  const document = `mutation ($may: ScheduleCampaignDataInput!, $mayNot: ScheduleCampaignDataInput!, $isSkipped: Boolean = false) {
    first: scheduleCampaignData(input: $may) ${fields}
    ...Second
  }
  fragment Second on Mutation {
    ... { second: scheduleCampaignData(input: $mayNot) @skip(if: $isSkipped) ${fields} }
  }`;
  const may = { campaignName: 'Sales_Demo', records: [lead(0)] };

  it('is carried out where its credential may do all of it, and not in part', async () => {
    const { url, sandbox } = await startWith({ keys });
    const ask = async (mayNot: object, more: object = {}) =>
      (await post(url, `Bearer ${key}`, { query: document, variables: { may, mayNot, ...more } })).body;
    const other = { ...may, campaignName: 'Skill_Demo' };
    // Compiled from the third on.
    for (let n = 0; n < 4; n++) {
      expect(await ask(may)).toMatchObject({
        data: { first: { status: 'SCHEDULED' }, second: { status: 'SCHEDULED' } },
      });
      const sent = sandbox.requests.length;
      const { data, errors } = await ask(other);
      expect(data).toEqual({ first: null, second: null });
      const message = 'Your credential does not allow this campaign.';
      expect(errors).toEqual([
        expect.objectContaining({
          path: ['first'],
          message: `Not carried out, since the field "second" of the same request is not allowed: ${message}`,
          extensions: { code: 'FORBIDDEN' },
        }),
        expect.objectContaining({ path: ['second'], message, extensions: { code: 'FORBIDDEN' } }),
      ]);
      expect(sandbox.requests).toHaveLength(sent);
      // What is skipped is not asked for.
      expect(await ask(other, { isSkipped: true })).toMatchObject({
        data: { first: { status: 'SCHEDULED' } },
      });
    }
  });

  it('is looked through once, however often its fragments are spread', async () => {
    const { url, sandbox } = await startWith({ keys });
    // Read anew at each place, they would be 2^90 fields.
    const levels = Array.from(
      { length: 90 },
      (_, n) => `fragment F${n} on Mutation { ...F${n + 1} ...F${n + 1} }`,
    );
    const fields = 'scheduleCampaignData(input: $input) { __typename }';
    const query = `mutation ($input: ScheduleCampaignDataInput!) { one: ${fields} ...F0 }
      ${levels.join('\n')} fragment F90 on Mutation { two: ${fields} }`;
    for (const campaignName of ['Sales_Demo', 'Skill_Demo'])
      for (let n = 0; n < 3; n++) {
        const { body } = await post(url, `Bearer ${key}`, {
          query,
          variables: { input: { ...may, campaignName } },
        });
        const isAllowed = campaignName === 'Sales_Demo';
        const answer = isAllowed ? { __typename: 'ScheduleCampaignDataPayload' } : null;
        expect(body.data).toEqual({ one: answer, two: answer });
      }
    expect(sandbox.ledger).toHaveLength(6);
  });

  it('answers each field for itself in all other respects', async () => {
    const { url } = await startWith({ keys });
    const mayNot = { ...may, records: [] };
    const { body } = await post(url, `Bearer ${key}`, { query: document, variables: { may, mayNot } });
    expect(body).toMatchObject({
      data: { first: { status: 'SCHEDULED' }, second: { __typename: 'InvalidInputError' } },
    });
  });
});

describe('a rate', () => {
  const start = async () => {
    const { url, sandbox } = await startWith({ keys });
    const schedule = async (input: object) =>
      (await post(url, `Bearer ${slowKey}`, scheduling(input))).body.data?.scheduleCampaignData;
    return { schedule, sandbox };
  };
  const limited = { __typename: 'RateLimitedError' };

  it('is that of what is sent: a replay takes nothing, nor does a conflict', async () => {
    const { schedule, sandbox } = await start();
    const request = { records: leads(6), idempotencyKey: 'k' };
    const [first, joined] = await Promise.all([schedule(request), schedule(request)]);
    expect(first).toMatchObject({ status: 'SCHEDULED' });
    expect(joined).toEqual(first);
    for (let n = 0; n < 3; n++) expect(await schedule(request)).toEqual(first);
    expect(await schedule({ ...request, records: leads(5) })).toMatchObject({
      __typename: 'IdempotencyConflictError',
    });
    expect(await schedule({ records: leads(4) })).toMatchObject({ status: 'SCHEDULED' });
    // Nothing is left of it, and what was settled is told all the same.
    expect(await schedule({ records: leads(1) })).toMatchObject(limited);
    expect(await schedule(request)).toEqual(first);
    for (let n = 0; n < 2; n++)
      expect(await schedule({ records: leads(2), idempotencyKey: 'other' })).toMatchObject(limited);
    expect(sandbox.ledger).toHaveLength(10);
  });

  it.each([{}, { idempotencyKey: 'k' }])(
    'is given back what the dialer certainly did not take, with %j',
    async (more) => {
      const { schedule, sandbox } = await start();
      const wrong = { ...lead(0), phoneNumber: '12' };
      const refused = { records: Array(10).fill(wrong), ...more };
      expect(await schedule(refused)).toMatchObject({ status: 'NOT_SCHEDULED' });
      sandbox.script({ fault: 'status-403' });
      const next = 'idempotencyKey' in more ? { idempotencyKey: 'next' } : {};
      expect(await schedule({ records: leads(10), ...next })).toMatchObject({ status: 'NOT_SCHEDULED' });
      expect(await schedule({ records: leads(10) })).toMatchObject({ status: 'SCHEDULED' });
      expect(await schedule({ records: leads(1) })).toMatchObject(limited);
      expect(sandbox.ledger).toHaveLength(10);
    },
  );

  it('that is used up leaves what is known of a keyed request to be told, and the rest for later', async () => {
    const { schedule, sandbox } = await start();
    const request = { records: leads(6), idempotencyKey: 'k' };
    sandbox.script({ fault: 'max-limit', times: 4 });
    expect(await schedule(request)).toMatchObject({ status: 'NOT_SCHEDULED' });
    sandbox.script();
    expect(await schedule({ records: leads(8) })).toMatchObject({ status: 'SCHEDULED' });
    expect(await schedule(request)).toMatchObject({
      status: 'NOT_SCHEDULED',
      results: Array(6).fill({
        __typename: 'DialerUnavailableError',
        message: expect.stringMatching(
          /^Not accepted: your credential may send no more records for \d+ s\. Send the same request with the same idempotencyKey again later\.$/,
        ),
      }),
    });
    expect(sandbox.ledger).toHaveLength(8);
  });
});

it('a service without authentication lets everybody in', async () => {
  const { scheduled } = await startStack();
  expect(await scheduled({ records: [lead(0)] })).toMatchObject({ status: 'SCHEDULED' });
});
