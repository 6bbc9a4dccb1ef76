import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccountConfig } from '../../src/config/accounts.ts';
import { parseConfig } from '../../src/config/config.ts';
import type { Guard } from '../../src/dialer/dialects/dialect.ts';
import { createTokenSource } from '../../src/dialer/dialects/token-source.ts';
import { createDialer } from '../../src/dialer/dialer.ts';
import type { HttpReply } from '../../src/dialer/transport/http-client.ts';
import { createLocalState } from '../../src/dialer/transport/shared-state.ts';
import { dialectNames } from '../../src/upstream/contract.ts';
import { counts, kinds, lead, leads, ledgerNumbers, now, type Stack, startStack } from '../harness.ts';

const minuteMs = 60_000;

describe.each([
  ['v1', 'InvalidApiKeyOrCampaignError'],
  ['basic', 'InvalidApiKeyError'],
  ['token', 'InvalidApiKeyError'],
])('with DIALER_AUTH=%s', (dialect, wrongKey) => {
  const env = { DIALER_AUTH: dialect };

  it('a list is scheduled whole, each record once', async () => {
    const { scheduled, sandbox } = await startStack({ env });
    expect(counts(await scheduled({ records: leads(250) }))).toEqual({ ScheduledRecord: 250 });
    expect(new Set(ledgerNumbers(sandbox)).size).toBe(250);
    expect(sandbox.ledger).toHaveLength(250);
  });

  it('every character arrives as it was written', async () => {
    const { scheduled, sandbox } = await startStack({ env });
    const name = 'आशा "O\'Neill" 🌸 <b>=?;/\\ محمد';
    expect(kinds(await scheduled({ records: [lead(0, { name, phoneNumber: '+442079460958' })] }))).toEqual([
      'ScheduledRecord',
    ]);
    expect(sandbox.ledger[0]?.fields).toMatchObject({ Name: name, PhoneNumber: '%2B442079460958' });
  });

  it('a wrong API key refuses every record, and sends little', async () => {
    const { scheduled, sandbox } = await startStack({ env, apiKey: 'a-wrong-key' });
    const payload = await scheduled({ records: leads(1500) });
    expect(counts(payload)).toEqual({ [wrongKey]: 1500 });
    expect(payload.results[0]).toMatchObject({ retryable: false });
    // Beside those that were on their way together, a question tells a wrong key from a wrong campaign.
    const sent = sandbox.requests.filter(({ kind }) => kind === 'schedule');
    expect(sent.length).toBeLessThanOrEqual(8);
    expect(sandbox.ledger).toEqual([]);
    expect(JSON.stringify(payload)).not.toContain('a-wrong-key');
  });

  it('a base URL may have a path', async () => {
    const { scheduled, sandbox } = await startStack({ env });
    const behindProxy = await startStack({
      env,
      dialer: { url: `${sandbox.url}/nowhere/`, account: sandbox.account },
    });
    expect(kinds(await behindProxy.scheduled({ records: leads(1) }))).not.toContain('ScheduledRecord');
    expect(kinds(await scheduled({ records: leads(1) }))).toEqual(['ScheduledRecord']);
  });
});

it.concurrent.for(dialectNames)(
  'with DIALER_AUTH=%s, a dialer that is down costs nothing but the time to ask',
  async (dialect, { expect, onTestFinished }) => {
    const { scheduled } = await startStack({
      env: { DIALER_AUTH: dialect },
      dialer: { url: 'http://127.0.0.1:9' },
      onFinished: onTestFinished,
    });
    const payload = await scheduled({ records: leads(3) });
    expect(payload.results).toMatchObject(
      leads(3).map(() => ({ __typename: 'DialerUnavailableError', retryable: true })),
    );
  },
);

describe('v1', () => {
  it('goes in the URL while that stays under 4 KB, and as a form above', async () => {
    const { scheduled, sandbox } = await startStack({ env: { DIALER_AUTH: 'v1' } });
    for (const size of [1, 20, 40, 60, 100]) await scheduled({ records: leads(size) });
    const methods = sandbox.requests.map(({ method }) => method);
    expect(methods[0]).toBe('GET');
    expect(methods.at(-1)).toBe('POST');
    for (const { method, urlLength, bodyBytes } of sandbox.requests)
      if (method === 'GET') expect(urlLength).toBeLessThan(4096);
      else expect(bodyBytes).toBeGreaterThan(3500);
    expect(sandbox.ledger).toHaveLength(221);
  });
});

describe('v2', () => {
  it('authenticates by the apiKey header, or by a token alone', async () => {
    const basic = await startStack({ env: { DIALER_AUTH: 'basic' } });
    await basic.scheduled({ records: leads(1) });
    expect(basic.sandbox.requests.map(({ kind, auth }) => [kind, auth])).toEqual([['schedule', 'apiKey']]);

    const token = await startStack({ env: { DIALER_AUTH: 'token' } });
    await token.scheduled({ records: leads(1) });
    expect(token.sandbox.requests.map(({ kind, auth }) => [kind, auth])).toEqual([
      ['token', 'apiKey'],
      ['schedule', 'token'],
    ]);
  });
});

describe('the token', () => {
  const env = { DIALER_AUTH: 'token' };
  const one = async ({ scheduled }: Stack, n: number) => kinds(await scheduled({ records: [lead(n)] }))[0];
  const steal = async ({ sandbox }: Stack) => {
    const { body } = await request(`${sandbox.url}/ca_apis/CAToken/generateToken`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', apiKey: sandbox.account.apiKey },
      body: JSON.stringify({ userName: sandbox.account.userName }),
    });
    await body.dump();
  };

  it('is fetched once, however many requests wait for it', async () => {
    const stack = await startStack({ env });
    const answers = await Promise.all(Array.from({ length: 30 }, (_, n) => one(stack, n)));
    expect(new Set(answers)).toEqual(new Set(['ScheduledRecord']));
    expect(stack.sandbox.tokensGenerated).toBe(1);
  });

  it('is kept for 55 of its 60 minutes, and then renewed', async () => {
    const stack = await startStack({ env });
    for (const [minute, generated] of [
      [0, 1],
      [54, 1],
      [56, 2],
      [100, 2],
      [112, 3],
    ] as const) {
      stack.clock.now += minute * minuteMs - (stack.clock.now - Date.parse('2026-11-25T04:30:00Z'));
      expect(await one(stack, minute)).toBe('ScheduledRecord');
      expect(stack.sandbox.tokensGenerated).toBe(generated);
    }
  });

  it('is renewed at once where another process has voided it, and the records are scheduled once', async () => {
    const stack = await startStack({ env });
    expect(await one(stack, 0)).toBe('ScheduledRecord');
    stack.clock.now += 2 * minuteMs;
    await steal(stack);
    expect(await one(stack, 1)).toBe('ScheduledRecord');
    expect(stack.sandbox.tokensGenerated).toBe(3);
    expect(stack.sandbox.ledger).toHaveLength(2);
  });

  it('is not used up by a campaign that does not exist', async () => {
    const stack = await startStack({ env });
    for (let n = 0; n < 20; n++) {
      stack.clock.now += minuteMs;
      const { results } = await stack.scheduled({ campaignName: 'Typo', records: [lead(n)] });
      expect(results[0]?.__typename).toBe('CampaignNotFoundError');
    }
    expect(stack.sandbox.tokensGenerated).toBeLessThanOrEqual(6);
    expect(await one(stack, 99)).toBe('ScheduledRecord');
  });

  it('is never asked for more than ten times in an hour', async () => {
    const stack = await startStack({ env });
    stack.sandbox.script({ fault: 'html-200-before', on: 'token', times: Infinity });
    const answers: (string | undefined)[] = [];
    for (let n = 0; n < 12; n++) {
      stack.clock.now += minuteMs;
      answers.push(await one(stack, n));
    }
    expect(answers.slice(0, 10)).toEqual(Array(10).fill('DialerUnavailableError'));
    expect(answers.slice(10)).toEqual(Array(2).fill('DialerThrottledError'));
    expect(stack.sandbox.requests).toHaveLength(10);

    stack.sandbox.reset();
    stack.clock.now += 61 * minuteMs;
    expect(await one(stack, 99)).toBe('ScheduledRecord');
  });

  it('that did not come is not asked for again by all who wait for it', async () => {
    const stack = await startStack({ env });
    stack.sandbox.script({ fault: 'html-200-before', on: 'token', times: Infinity });
    for (let n = 0; n < 5; n++) expect(await one(stack, n)).toBe('DialerUnavailableError');
    expect(stack.sandbox.requests).toHaveLength(1);
  });

  it('that could not be asked for uses up none of the ten', async () => {
    let at = now;
    let reply: HttpReply = { kind: 'not-sent', reason: 'the dialer refused the connection' };
    const guard: Guard = { request: async (_, read) => read(reply) };
    const account = { url: 'http://127.0.0.1:9', apiKey: 'k', userName: 'u' };
    const tokens = createTokenSource(account, guard, createLocalState(), () => at);
    for (let n = 0; n < 14; n++) {
      expect(await tokens.get(at)).toMatchObject({ kind: 'unavailable', away: true });
      at += 10_000;
    }
    reply = { kind: 'response', status: 200, headers: {}, body: '{"token":"t"}', complete: true };
    expect(await tokens.get(at)).toEqual({ kind: 'token', token: 't' });
  });

  it('that came too late does not take the place of a newer one', async () => {
    const { sandbox, clock } = await startStack();
    const shared = createLocalState();
    const { dialer, accounts } = parseConfig(env);
    const options = { ...dialer, ...(accounts[0] as AccountConfig), ...sandbox.account, url: sandbox.url };
    const workers = [0, 1].map(() => createDialer(options, { shared, now: () => clock.now }));
    onTestFinished(async () => void (await Promise.all(workers.map((worker) => worker.close()))));
    const [slow, quick] = workers;
    const chunk = (n: number) => ({
      campaignName: 'Sales_Demo',
      checkDuplicate: false,
      timeZone: 'Asia/Kolkata',
      bulkData: { map: ['PhoneNumber', 'ScheduledTime'], data: [[`981000000${n}`, '2026-11-26 10:00:00']] },
    });
    const scheduled = { kind: 'rows', rows: [{ kind: 'scheduled' }] };

    sandbox.script({ fault: 'latency', on: 'token', latencyMs: 300 });
    const late = slow?.submitChunk(chunk(0), { caller: {}, mutation: {}, small: true });
    await expect.poll(() => sandbox.tokensGenerated).toBe(1);
    // The other worker takes it for dead, and its own token voids the one that is on its way.
    clock.now += 25_000;
    expect(await quick?.submitChunk(chunk(1), { caller: {}, mutation: {}, small: true })).toMatchObject(
      scheduled,
    );
    expect(await late).toMatchObject({ kind: 'unavailable' });
    expect(await quick?.submitChunk(chunk(2), { caller: {}, mutation: {}, small: true })).toMatchObject(
      scheduled,
    );
    expect(sandbox.tokensGenerated).toBe(2);
  });

  it('that does not come sends no record', async () => {
    const stack = await startStack({ env });
    for (const fault of ['reset-before', 'html-200-before', 'truncated-json-before', 'max-limit'] as const) {
      stack.clock.now += minuteMs;
      stack.sandbox.script({ fault, on: 'token' });
      const [result] = (await stack.scheduled({ records: [lead(0)] })).results;
      expect(result).toMatchObject({ retryable: true });
    }
    expect(stack.sandbox.ledger).toEqual([]);
  });
});
