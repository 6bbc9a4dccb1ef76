// Records that are cancelled: by id and by number, before and after the hand-over, twice, and where the dialer's answer is lost.

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import type { ScriptedFault } from '../../src/sandbox/sandbox.ts';
import { post, startWith } from '../credentials.ts';
import { CancelRecordsDocument } from '../gql/graphql.ts';
import { lead, leads, type Stack, startStack } from '../harness.ts';
import {
  asked,
  cancelled,
  cancelResult,
  deletions,
  kindsOf,
  list,
  listed,
  listing,
  listings,
  nodes,
  waitingIds,
} from './listing.ts';

async function startWithRecords(count: number, env: Record<string, string> = {}): Promise<Stack> {
  const stack = await startStack({ env });
  await stack.scheduled({ records: leads(count) });
  return stack;
}

const hourMs = 3_600_000;

describe('records that are named by their ids', () => {
  it.each(['basic', 'token'])('are deleted, and only they (%s)', async (DIALER_AUTH) => {
    const stack = await startWithRecords(5, { DIALER_AUTH });
    const payload = await cancelled(stack, { ids: ['2', ' 4\u200B\n'] });
    expect(payload).toMatchObject({
      status: 'CANCELLED',
      summary: { total: 2, cancelled: 2, valid: 0, failed: 0, unknown: 0 },
      results: [
        {
          __typename: 'CancelledRecord',
          index: 0,
          id: '2',
          campaignName: 'Sales_Demo',
          scheduledTime: '2026-11-26T04:30:00.000Z',
          dialerTime: '2026-11-26 10:00:00',
          removedFromCampaign: false,
        },
        { __typename: 'CancelledRecord', index: 1, id: '4' },
      ],
    });
    expect(waitingIds(stack)).toEqual(['1', '3', '5']);
    expect(deletions(stack).map(({ rowId }) => rowId)).toEqual(['2,4']);
    expect(nodes(await list(stack)).map(({ id }) => id)).toEqual(['1', '3', '5']);
  });

  it('have a result each, in their order: unknown ones, odd ones, and the same one twice', async () => {
    const stack = await startWithRecords(3);
    const ids = ['99', '2', '1-3', '2', '', '9999999999999999999999', '1,3'];
    const payload = await cancelled(stack, { ids });
    expect(kindsOf(payload)).toEqual([
      'CampaignRecordNotFoundError',
      'CancelledRecord',
      'CampaignRecordNotFoundError',
      'CancelledRecord',
      ...Array(3).fill('CampaignRecordNotFoundError'),
    ]);
    expect(payload).toMatchObject({ status: 'PARTIALLY_CANCELLED', summary: { cancelled: 2, failed: 5 } });
    expect(waitingIds(stack)).toEqual(['1', '3']);
    expect(payload.results[0]).toMatchObject({
      code: 'CAMPAIGN_RECORD_NOT_FOUND',
      givenId: '99',
      retryable: false,
    });
  });

  it('are not found the second time, and the dialer is asked to delete nothing', async () => {
    const stack = await startWithRecords(1);
    expect(kindsOf(await cancelled(stack, { ids: ['1'] }))).toEqual(['CancelledRecord']);
    const again = await cancelled(stack, { ids: ['1'] });
    expect(again).toMatchObject({ status: 'NOT_CANCELLED' });
    expect(kindsOf(again)).toEqual(['CampaignRecordNotFoundError']);
    expect(deletions(stack)).toHaveLength(1);
  });

  it('may be 10,000, which go in requests of a hundred', async () => {
    const stack = await startStack();
    stack.sandbox.fill(10_050);
    const ids = Array.from({ length: 10_000 }, (_, n) => String(10_050 - n));
    const { summary } = await cancelled(stack, { ids });
    expect(summary).toMatchObject({ total: 10_000, cancelled: 10_000 });
    expect(waitingIds(stack)).toHaveLength(50);
    expect(deletions(stack)).toHaveLength(100);
    expect(listings(stack)).toHaveLength(1);
    const tooMany = await cancelResult(stack, { ids: [...ids, '1'] });
    expect(tooMany).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['input', 'ids'] }] });
  });

  it('are looked up alone with validateOnly', async () => {
    const stack = await startWithRecords(2);
    const payload = await cancelled(stack, { ids: ['1', '7'], validateOnly: true, idempotencyKey: 'k' });
    expect(payload).toMatchObject({ status: 'VALIDATED', summary: { valid: 1, failed: 1 } });
    expect(kindsOf(payload)).toEqual(['CancellableRecord', 'CampaignRecordNotFoundError']);
    expect(deletions(stack)).toEqual([]);
    expect(waitingIds(stack)).toEqual(['1', '2']);
  });

  it('that were scheduled a moment ago are found, though a list was fetched before', async () => {
    const stack = await startWithRecords(1);
    await list(stack);
    stack.sandbox.fill(1);
    expect(kindsOf(await cancelled(stack, { ids: ['2'] }))).toEqual(['CancelledRecord']);
  });
});

describe('records that are named by their number', () => {
  it('are those of the campaign, or of one time of it', async () => {
    const stack = await startStack();
    const at = (n: number, hour: number) => lead(n, { scheduledTime: `2026-11-26 ${hour}:00:00` });
    await stack.scheduled({ records: [at(1, 10), at(1, 11), at(1, 12), at(2, 10)] });
    await stack.scheduled({ campaignName: 'Skills_Demo', records: [at(1, 10)] });
    const number = { campaignName: 'Sales_Demo', phoneNumber: '+91 98100 00001' };
    const one = await cancelled(stack, { ...number, scheduledTime: '2026-11-26T11:00:00+05:30' });
    expect(one.results).toMatchObject([{ __typename: 'CancelledRecord', id: '2' }]);
    const rest = await cancelled(stack, number);
    expect(rest.results).toMatchObject([{ id: '1' }, { id: '3' }]);
    expect(waitingIds(stack)).toEqual(['4', '5']);
    const none = await cancelled(stack, number);
    expect(none.results).toMatchObject([
      { __typename: 'CampaignRecordNotFoundError', index: 0, givenId: null },
    ]);
  });

  it.each([
    [{}, 'campaignName'],
    [{ ids: [] }, 'ids'],
    [{ ids: ['1'], phoneNumber: '9810000001' }, 'ids'],
    [{ campaignName: 'Sales_Demo' }, 'phoneNumber'],
    [{ campaignName: 'Sales_Demo', phoneNumber: '12' }, 'phoneNumber'],
    [{ campaignName: 'Sales_Demo', phoneNumber: '9810000001', scheduledTime: 'soon' }, 'scheduledTime'],
  ])('and named wrongly are refused as a whole: %j', async (input, field) => {
    const stack = await startWithRecords(1);
    const result = await cancelResult(stack, input);
    expect(result).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['input', field] }] });
    expect(listings(stack)).toEqual([]);
  });
});

describe('records that were handed over', () => {
  async function startHandedOver(): Promise<Stack> {
    const stack = await startStack();
    const at = (minute: string) => ({ scheduledTime: `2026-11-25 10:${minute}:00` });
    await stack.scheduled({
      records: [
        lead(1, at('30')),
        lead(2, { ...at('30'), phoneNumber: '9000000001' }),
        lead(3, { scheduledTime: '2026-11-26 10:00:00' }),
        lead(1, at('31')),
      ],
    });
    stack.sandbox.advance(hourMs);
    return stack;
  }

  it('are left there, and told what became of them', async () => {
    const stack = await startHandedOver();
    const payload = await cancelled(stack, { ids: ['1', '2', '3'] });
    expect(payload.results).toMatchObject([
      { __typename: 'AlreadyHandedOverError', id: '1', handoff: { status: 'ADDED' }, retryable: false },
      { handoff: { status: 'REJECTED', rejection: 'DO_NOT_DISTURB' } },
      { __typename: 'CancelledRecord', id: '3' },
    ]);
    expect(asked(stack, 'deleteCampaignData')).toEqual([]);
  });

  it('are taken out of the campaign by number where the caller asks for it', async () => {
    const stack = await startHandedOver();
    const afterHandover = 'REMOVE_FROM_CAMPAIGN' as const;
    const input = { ids: ['1', '2', '4', '3'], afterHandover };
    const checked = await cancelled(stack, { ...input, validateOnly: true });
    expect(checked.results[0]).toMatchObject({ __typename: 'CancellableRecord', removedFromCampaign: true });
    const payload = await cancelled(stack, input);
    expect(payload.results).toMatchObject([
      { __typename: 'CancelledRecord', removedFromCampaign: true },
      { __typename: 'AlreadyHandedOverError', handoff: { status: 'REJECTED', rejection: 'DO_NOT_DISTURB' } },
      { __typename: 'AlreadyHandedOverError', handoff: { status: 'REJECTED', rejection: 'DUPLICATE' } },
      { __typename: 'CancelledRecord', removedFromCampaign: false },
    ]);
    expect(JSON.stringify(payload.results[0])).toContain('other records of the number');
    expect(stack.sandbox.ledger[0]).toMatchObject({ removed: true });
    const again = await cancelled(stack, { ids: ['1'], afterHandover: 'REMOVE_FROM_CAMPAIGN' });
    expect(kindsOf(again)).toEqual(['AlreadyHandedOverError']);
  });

  it('and whose removal is not answered are unknown, and are not removed again', async () => {
    const stack = await startHandedOver();
    stack.sandbox.script({ fault: 'reset-after', on: 'deleteCampaignData' });
    const payload = await cancelled(stack, { ids: ['1'], afterHandover: 'REMOVE_FROM_CAMPAIGN' });
    expect(kindsOf(payload)).toEqual(['OutcomeUnknownError']);
    expect(asked(stack, 'deleteCampaignData')).toHaveLength(1);
  });

  it('while they are cancelled are told as such, and their neighbours are cancelled', async () => {
    const stack = await startWithRecords(2);
    await stack.scheduled({ records: [lead(7, { scheduledTime: '2026-11-25 10:00:30' })] });
    expect((await list(stack)).totalCount).toBe(3);
    // In the list that is known it waits.
    stack.clock.now += 60_000;
    const payload = await cancelled(stack, { ids: ['1', '3'] });
    expect(payload.results).toMatchObject([
      { __typename: 'CancelledRecord' },
      { __typename: 'AlreadyHandedOverError', handoff: { status: 'ADDED' } },
    ]);
  });

  it('perhaps, since their time came meanwhile, are unknown, or certain where the campaign is asked too', async () => {
    for (const [afterHandover, kind] of [
      ['REFUSE', 'OutcomeUnknownError'],
      ['REMOVE_FROM_CAMPAIGN', 'CancelledRecord'],
    ] as const) {
      const stack = await startStack();
      await stack.scheduled({ records: [lead(1, { scheduledTime: '2026-11-25 10:00:01' })] });
      const payload = await cancelled(stack, { ids: ['1'], afterHandover });
      expect(kindsOf(payload)).toEqual([kind]);
    }
  });
});

describe('a deletion whose answer is lost', () => {
  it.each<[fault: ScriptedFault['fault'], sent: number]>([
    ['reset-after', 1],
    ['hang-after', 1],
    ['status-503-after', 1],
    ['html-200-after', 1],
    ['truncated-json-after', 1],
    ['partial-then-reset', 2],
    ['reset-before', 2],
    ['hang-before', 2],
    ['html-200-before', 2],
  ])('by %s is looked up, and sent again where it was not carried out', async (fault, sent) => {
    const stack = await startWithRecords(5, { DIALER_TIMEOUT_MS: '1500' });
    stack.sandbox.script({ fault, on: 'deleteScheduledData' });
    const payload = await cancelled(stack, { ids: ['1', '2', '3'] });
    expect(payload).toMatchObject({ status: 'CANCELLED' });
    expect(waitingIds(stack)).toEqual(['4', '5']);
    expect(deletions(stack)).toHaveLength(sent);
  });

  it.each<ScriptedFault['fault']>(['reset-before', 'reset-after'])(
    'by %s stays unknown where the list cannot be had, and is told by the next request',
    async (fault) => {
      const stack = await startWithRecords(2);
      stack.sandbox.script(
        { fault, on: 'deleteScheduledData' },
        { fault: 'latency', latencyMs: 1, on: 'scheduledData' },
        { fault: 'truncated-json-before', on: 'scheduledData' },
      );
      const idempotencyKey = randomUUID();
      const payload = await cancelled(stack, { ids: ['1'], idempotencyKey });
      expect(payload).toMatchObject({ status: 'INDETERMINATE', summary: { unknown: 1 } });
      const again = await cancelled(stack, { ids: ['1'], idempotencyKey });
      expect(kindsOf(again)).toEqual(['CancelledRecord']);
      expect(waitingIds(stack)).toEqual(['2']);
    },
  );

  it('twice leaves unknown what is listed still', async () => {
    const stack = await startWithRecords(2);
    stack.sandbox.script({ fault: 'reset-before', on: 'deleteScheduledData', times: Infinity });
    const payload = await cancelled(stack, { ids: ['1'] });
    expect(kindsOf(payload)).toEqual(['OutcomeUnknownError']);
    expect(deletions(stack)).toHaveLength(2);
  });
});

describe('a deletion that is refused', () => {
  it.each<[ScriptedFault['fault'], string]>([
    ['status-429', 'DialerThrottledError'],
    ['reset-on-headers', 'OutcomeUnknownError'],
  ])('by %s for ever is told as such, and nothing is gone', async (fault, kind) => {
    const stack = await startWithRecords(2);
    stack.sandbox.script({ fault, on: 'deleteScheduledData', times: Infinity });
    expect(kindsOf(await cancelled(stack, { ids: ['1', '2'] }))).toEqual([kind, kind]);
    expect(waitingIds(stack)).toEqual(['1', '2']);
  });

  it('in words that are not known has them in its result', async () => {
    const stack = await startWithRecords(1);
    const body = JSON.stringify({ status: 'error', message: 'Not on Sundays' });
    stack.sandbox.script({ fault: 'custom-before', on: 'deleteScheduledData', status: 200, body });
    const { results } = await cancelled(stack, { ids: ['1'] });
    expect(results).toMatchObject([{ __typename: 'DialerRejectionError', dialerMessage: 'Not on Sundays' }]);
  });

  it('since somebody else was faster is not found', async () => {
    const stack = await startWithRecords(1);
    const body = JSON.stringify({ status: 'error', message: 'No data found' });
    stack.sandbox.script(
      { fault: 'latency', latencyMs: 1, on: 'scheduledData' },
      { fault: 'custom-before', on: 'deleteScheduledData', status: 200, body },
      listing([listed(7)]),
    );
    const { results } = await cancelled(stack, { ids: ['1'] });
    expect(kindsOf({ results })).toEqual(['CampaignRecordNotFoundError']);
    expect(JSON.stringify(results)).toContain('somebody else has cancelled or rescheduled it');
  });
});

describe('with an idempotencyKey', () => {
  it('what was told is told again, and another input is a conflict', async () => {
    const stack = await startWithRecords(3);
    const input = { ids: ['1', '9', '2'], idempotencyKey: randomUUID() };
    const first = await cancelled(stack, input);
    expect(await cancelled(stack, input)).toEqual(first);
    expect(deletions(stack)).toHaveLength(1);
    expect(await cancelResult(stack, { ...input, ids: ['1'] })).toMatchObject({
      __typename: 'IdempotencyConflictError',
    });
    // The keys of another mutation are others.
    expect(await stack.scheduled({ records: [lead(9)], idempotencyKey: input.idempotencyKey })).toMatchObject(
      {
        status: 'SCHEDULED',
      },
    );
  });

  it('those who send it at the same time share one run', async () => {
    const stack = await startWithRecords(3);
    stack.sandbox.script({ fault: 'latency', latencyMs: 100, on: 'deleteScheduledData' });
    const number = { campaignName: 'Sales_Demo', phoneNumber: '9810000001', idempotencyKey: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => cancelled(stack, number)));
    for (const answer of answers) expect(kindsOf(answer)).toEqual(['CancelledRecord']);
    expect(kindsOf(await cancelled(stack, number))).toEqual(['CancelledRecord']);
    expect(deletions(stack)).toHaveLength(1);
  });
});

describe('who may cancel', () => {
  const key = 'dg_canceller';
  const reader = 'dg_reader';
  const keys = [
    { name: 'canceller', hash: hashOf(key), scopes: ['cancel'], campaigns: ['Sales_Demo'] },
    { name: 'reader', hash: hashOf(reader), scopes: ['read', 'schedule'] },
  ];
  const cancelling = (input: object) => ({ query: CancelRecordsDocument.toString(), variables: { input } });

  it('is whoever has the scope, in its campaigns: others have no records', async () => {
    const stack = await startWith({ keys });
    stack.sandbox.fill(1, { campaignName: 'Sales_Demo' });
    stack.sandbox.fill(1, { campaignName: 'Agents_Demo' });
    const { body } = await post(stack.url, `Bearer ${key}`, cancelling({ ids: ['1', '2'] }));
    expect(body.data?.cancelCampaignRecords).toMatchObject({
      results: [{ __typename: 'CancelledRecord' }, { __typename: 'CampaignRecordNotFoundError' }],
    });
    expect(waitingIds(stack)).toEqual(['2']);
    for (const [credential, input] of [
      [reader, { ids: ['2'] }],
      [key, { campaignName: 'Agents_Demo', phoneNumber: '9100000001' }],
    ] as const) {
      const refused = await post(stack.url, `Bearer ${credential}`, cancelling(input));
      expect(refused.body.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
  });
});

describe('a request that cannot be carried out', () => {
  it('since v1 cannot is refused as a whole', async () => {
    const stack = await startStack({ env: { DIALER_AUTH: 'v1' } });
    expect(await cancelResult(stack, { ids: ['1'] })).toMatchObject({
      __typename: 'RecordsNotSupportedError',
    });
  });

  it('since the list cannot be had changes nothing', async () => {
    const stack = await startWithRecords(1);
    stack.sandbox.script({ fault: 'truncated-json-before', on: 'scheduledData', times: 2 });
    expect(await cancelResult(stack, { ids: ['1'] })).toMatchObject({
      __typename: 'RecordListUnavailableError',
    });
    expect(deletions(stack)).toEqual([]);
  });

  it('is told in the log and the metrics with its results', async () => {
    const stack = await startWithRecords(1);
    await cancelled(stack, { ids: ['1', '2'] });
    const lines = stack.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const records = { CancelledRecord: 1, CampaignRecordNotFoundError: 1 };
    expect(lines.filter(({ msg }) => msg === 'request').at(-1)).toMatchObject({
      operation: 'CancelRecords',
      records,
    });
    expect(lines.find(({ purpose }) => purpose === 'delete')).toMatchObject({ result: 'answered', rows: 1 });
    expect(stack.log.join('')).not.toMatch(/98100000|sandbox-key/);
  });
});
