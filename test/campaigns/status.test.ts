// A campaign that the dialer does not have: one error for the request, before anything is sent. And what scheduling pays to know it:
// one question for a campaign that is new, and nothing where the answer cannot be had.

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createCampaignStatuses } from '../../src/campaigns/status.ts';
import type { CampaignStatus } from '../../src/dialer/chunk.ts';
import { CampaignDocument, ViewerDocument } from '../gql/graphql.ts';
import {
  counts,
  lead,
  leads,
  ledgerNumbers,
  now,
  type Stack,
  type StackOptions,
  startStack,
} from '../harness.ts';
import { runs } from '../property-runs.ts';

const start = (options: StackOptions = {}) =>
  startStack({ ...options, env: { DIALER_CAMPAIGN_CHECK: 'on', ...options.env } });

const asked = ({ sandbox }: Stack, wanted = 'campaignStatus') =>
  sandbox.requests.filter(({ kind }) => kind === wanted).length;

const nothing = JSON.stringify({ status: 'failure', message: 'no record found' });
const seconds = 1000;

describe.each(['basic', 'token'])('a campaign that is not there, with DIALER_AUTH=%s', (dialect) => {
  const env = { DIALER_AUTH: dialect };
  const campaignName = 'No_Such';

  it.each([
    ['one lead', { records: leads(1) }],
    ['a list', { records: leads(1500) }],
    ['validateOnly', { records: leads(2), validateOnly: true }],
    ['an idempotencyKey', { records: leads(2), idempotencyKey: 'no-such' }],
    ['records that are all wrong', { records: [lead(0, { phoneNumber: '' })] }],
  ])('is one error before anything is sent: %s', async (_, input) => {
    const stack = await start({ env });
    const answer = await stack.schedule({ campaignName, ...input });
    expect(answer).toMatchObject({ __typename: 'UnknownCampaignError', campaignName });
    expect([asked(stack, 'schedule'), asked(stack), stack.sandbox.ledger]).toEqual([0, 1, []]);
  });

  it('is asked for once, however many ask, and again after some seconds', async () => {
    const stack = await start({ env });
    const schedule = () => stack.schedule({ campaignName, records: leads(1) });
    const all = await Promise.all(Array.from({ length: 20 }, schedule));
    expect(new Set(all.map(({ __typename }) => __typename))).toEqual(new Set(['UnknownCampaignError']));
    await schedule();
    expect(asked(stack)).toBe(1);
    stack.clock.now += 11 * seconds;
    await schedule();
    expect(asked(stack)).toBe(2);
    expect(asked(stack, 'schedule')).toBe(0);
  });
});

describe('a campaign that is there', () => {
  it('is asked for once, and not again for as long as rows are taken for it', async () => {
    const stack = await start();
    await Promise.all(leads(20).map((record) => stack.scheduled({ records: [record] })));
    for (let n = 20; n < 30; n++) {
      stack.clock.now += 9 * 60 * seconds;
      await stack.scheduled({ records: [lead(n, { scheduledTime: '2026-12-01 10:00:00' })] });
    }
    expect(asked(stack)).toBe(1);
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(30);
    stack.clock.now += 11 * 60 * seconds;
    await stack.scheduled({
      records: [lead(30, { scheduledTime: '2026-12-01 10:00:00' })],
      validateOnly: true,
    });
    expect(asked(stack)).toBe(2);
  });

  it('and goes while rows are sent to it, is each record’s error, and then one', async () => {
    const stack = await start();
    await stack.scheduled({ records: leads(1) });
    const { sandbox } = stack;
    sandbox.script({ fault: 'account-refused', times: Infinity });
    sandbox.script({ fault: 'custom-before', on: 'campaignStatus', times: Infinity, body: nothing });
    stack.clock.now += 11 * seconds;
    expect(counts(await stack.scheduled({ records: leads(300) }))).toEqual({ CampaignNotFoundError: 300 });
    expect(await stack.schedule({ records: leads(1) })).toMatchObject({ __typename: 'UnknownCampaignError' });
  });
});

describe('an idempotencyKey', () => {
  it('is as new again where its campaign was not there, for another campaign too', async () => {
    const stack = await start();
    const request = { records: leads(2), idempotencyKey: 'misspelt' };
    const misspelt = { ...request, campaignName: 'Sales_Dmeo' };
    expect(await stack.schedule(misspelt)).toMatchObject({ __typename: 'UnknownCampaignError' });
    expect(counts(await stack.scheduled(request))).toEqual({ ScheduledRecord: 2 });
    expect(await stack.schedule(misspelt)).toMatchObject({ __typename: 'IdempotencyConflictError' });
    expect(stack.sandbox.ledger).toHaveLength(2);
  });

  it('tells again what became of its records when the campaign is gone, and is free where nothing was sent', async () => {
    const stack = await start();
    const { sandbox, clock } = stack;
    const first = { records: leads(2), idempotencyKey: 'campaign-gone-1' };
    const second = { records: leads(3), idempotencyKey: 'campaign-gone-2' };
    const payload = await stack.scheduled(first);
    clock.now += 11 * 60 * seconds;
    sandbox.script({ fault: 'custom-before', on: 'campaignStatus', body: nothing });
    for (let n = 0; n < 2; n++)
      expect(await stack.schedule(second)).toMatchObject({ __typename: 'UnknownCampaignError' });
    expect(await stack.scheduled(first)).toEqual(payload);
    expect(sandbox.ledger).toHaveLength(2);
    // The campaign is back.
    clock.now += 11 * seconds;
    expect(counts(await stack.scheduled(second))).toEqual({ ScheduledRecord: 3 });
    expect(counts(await stack.scheduled(second))).toEqual({ ScheduledRecord: 3 });
    expect(sandbox.ledger).toHaveLength(5);
  });
});

describe('a refused key', () => {
  it.each(['basic', 'token'])('is each record’s error, as it is found out: %s', async (dialect) => {
    const stack = await start({ env: { DIALER_AUTH: dialect }, apiKey: 'a-wrong-key' });
    const payload = await stack.scheduled({ records: leads(3) });
    expect(counts(payload)).toEqual({ InvalidApiKeyError: 3 });
    expect(payload.results[0]).toMatchObject({ code: 'INVALID_API_KEY', retryable: false, problems: [] });
  });
});

describe('a status API that does not answer', () => {
  it.each(['hang-before', 'half-open', 'reset-before', 'status-500-before', 'html-200-before'])(
    'changes nothing: every record is scheduled once, and known as before: %s',
    async (name) => {
      const fault = name === 'half-open' ? 'half-open-before' : (name as 'hang-before');
      const stack = await start();
      stack.sandbox.script({ fault, on: 'campaignStatus', times: Infinity });
      const payloads = await Promise.all(leads(20).map((record) => stack.scheduled({ records: [record] })));
      for (const payload of payloads) expect(counts(payload)).toEqual({ ScheduledRecord: 1 });
      expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(20);
      const refused = await stack.scheduled({ campaignName: 'No_Such', records: leads(2) });
      expect(counts(refused)).toEqual({ InvalidApiKeyOrCampaignError: 2 });
      const only = await stack.scheduled({
        campaignName: 'No_Such_2',
        records: leads(2),
        validateOnly: true,
      });
      expect(counts(only)).toEqual({ ValidRecord: 2 });
    },
  );

  it('and asks for a pause, does not pause scheduling', async () => {
    const stack = await start();
    stack.sandbox.script({
      fault: 'status-429-retry-after-seconds',
      retryAfter: 3600,
      on: 'campaignStatus',
      times: Infinity,
    });
    for (const record of leads(3))
      expect(counts(await stack.scheduled({ records: [record] }))).toEqual({ ScheduledRecord: 1 });
  });

  it('is waited for once, and asked again beside the records until it answers', async () => {
    const stack = await start();
    stack.sandbox.script({ fault: 'status-500-before', on: 'campaignStatus' });
    const schedule = (campaignName: string) => stack.schedule({ campaignName, records: leads(1) });
    const untold = { results: [{ __typename: 'InvalidApiKeyOrCampaignError' }] };
    expect(await schedule('No_1')).toMatchObject(untold);
    await vi.waitFor(async () => {
      expect(await schedule('No_2')).toMatchObject({ __typename: 'UnknownCampaignError' });
    });
  });
});

describe('the check', () => {
  it('takes nothing from a rate where it refuses, and has a status in the metrics', async () => {
    const stack = await start();
    expect((await stack.send(ViewerDocument, {})).viewer).toMatchObject({ rate: null });
    await stack.schedule({ campaignName: 'No_Such', records: leads(1) });
    const line = stack.log.map((text) => JSON.parse(text)).find(({ purpose }) => purpose === 'status');
    expect(line).toMatchObject({ msg: 'dialer request', result: 'answered', rows: 0 });
    expect(line.requestId).toMatch(/^[\da-f-]{36}$/);
  });

  it('asks for no more names than the vendor allows a minute, and leaves scheduling alone', async () => {
    const stack = await start();
    const names = Array.from({ length: 200 }, (_, n) => `No_${n}`);
    await Promise.all(names.map((name) => stack.send(CampaignDocument, { name })));
    expect(asked(stack)).toBeLessThan(180);
    expect(counts(await stack.scheduled({ records: leads(5) }))).toEqual({ ScheduledRecord: 5 });
  });

  it('can be left out', async () => {
    const stack = await start({ env: { DIALER_CAMPAIGN_CHECK: 'off' } });
    await stack.scheduled({ records: leads(1) });
    expect(asked(stack)).toBe(0);
  });
});

describe('what is remembered', () => {
  it('says that a campaign is missing only if the dialer just said so, and took no row since', async () => {
    const events = fc.constantFrom(
      'found',
      'missing',
      'refused',
      'unavailable',
      'taken',
      'check',
      'wait',
      'refusal',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(events, { maxLength: 30 }), async (sequence) => {
        let at = now;
        let next: CampaignStatus = { kind: 'found', id: null, position: null };
        let toldAt = -Infinity;
        let last = '';
        const statuses = createCampaignStatuses(
          {
            campaignStatus: async () => {
              toldAt = at;
              last = next.kind;
              return next;
            },
          },
          { checksCampaigns: true },
          () => at,
        );
        for (const event of sequence) {
          if (event === 'wait') at += 6 * seconds;
          else if (event === 'taken') {
            statuses.noteTaken('A');
            last = event;
          } else if (event === 'refusal') await statuses.whichIsRefused('A');
          else if (event === 'check') {
            const isMissing = await statuses.isMissing('A');
            if (isMissing) expect([last, at - toldAt < 10 * seconds]).toEqual(['missing', true]);
            else expect(last === 'missing' && at - toldAt < 10 * seconds).toBe(false);
          } else if (event === 'found') next = { kind: event, id: null, position: null };
          else if (event === 'unavailable') next = { kind: event, reason: '' };
          else next = { kind: event };
        }
      }),
      { numRuns: runs(200) },
    );
  });
});
