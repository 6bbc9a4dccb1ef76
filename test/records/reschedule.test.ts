// Records that are given another time: scheduled anew, and then the former ones are cancelled, whatever fails in between.

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import type { ScriptedFault } from '../../src/sandbox/sandbox.ts';
import { post, startWith } from '../credentials.ts';
import {
  type RescheduleCampaignRecordsInput,
  RescheduleRecordsDocument,
  type RescheduleRecordsMutation,
} from '../gql/graphql.ts';
import {
  answered,
  lead,
  leads,
  type Stack,
  type StackOptions,
  sharedStore,
  startStack,
  withKeys,
} from '../harness.ts';
import { asked, cancelled, deletions, kindsOf, list, listings, nodes, waitingIds } from './listing.ts';

type Result = NonNullable<RescheduleRecordsMutation['rescheduleCampaignRecords']>;
type Payload = Extract<Result, { __typename: 'RescheduleCampaignRecordsPayload' }>;

async function rescheduleResult({ send }: Stack, input: RescheduleCampaignRecordsInput): Promise<Result> {
  return answered((await send(RescheduleRecordsDocument, { input })).rescheduleCampaignRecords);
}

async function rescheduled(stack: Stack, input: RescheduleCampaignRecordsInput): Promise<Payload> {
  const result = await rescheduleResult(stack, input);
  if (result.__typename !== 'RescheduleCampaignRecordsPayload') throw new Error(result.message);
  return result;
}

async function startWithRecords(count: number, options: StackOptions = {}): Promise<Stack> {
  const stack = await startStack(options);
  await stack.scheduled({ records: leads(count) });
  return stack;
}

const later = '2026-11-27 11:30:00';
const to = (ids: readonly string[], scheduledTime = later) => ids.map((id) => ({ id, scheduledTime }));

/** Of each number that waits for its time, how often. */
function waiting({ sandbox }: Stack): Record<string, string[]> {
  const times: Record<string, string[]> = {};
  for (const { phoneNumber, scheduledTime, deleted, handedOver } of sandbox.ledger)
    if (!deleted && !handedOver) times[phoneNumber] = [...(times[phoneNumber] ?? []), scheduledTime];
  return times;
}

describe('records that are rescheduled', () => {
  it.each(['basic', 'token'])('have their new time, and all of their columns (%s)', async (DIALER_AUTH) => {
    const stack = await startStack({ env: { DIALER_AUTH } });
    const full = {
      name: 'Asha Rao',
      priority: 7,
      expiryDate: '2026-11-30',
      agentId: 'a-1',
      skill: 'hindi',
      customFields: [{ header: 'City', value: 'Pune' }],
    };
    await stack.scheduled({
      records: [lead(1, full), lead(2, { phoneNumber: '+44 20 7946 0958' }), lead(3)],
    });
    const payload = await rescheduled(stack, {
      records: [
        { id: '2', scheduledTime: '2026-11-27T06:00:00Z' },
        { id: '1', scheduledTime: later },
      ],
    });
    expect(payload).toMatchObject({
      status: 'RESCHEDULED',
      summary: { total: 2, rescheduled: 2, bothScheduled: 0, valid: 0, failed: 0, unknown: 0 },
      results: [
        {
          __typename: 'RescheduledRecord',
          index: 0,
          id: '2',
          campaignName: 'Sales_Demo',
          formerScheduledTime: '2026-11-26T04:30:00.000Z',
          scheduledTime: '2026-11-27T06:00:00.000Z',
          dialerTime: later,
        },
        { __typename: 'RescheduledRecord', index: 1, id: '1' },
      ],
    });
    expect(waitingIds(stack)).toHaveLength(3);
    const [, , , ...added] = stack.sandbox.ledger;
    const { ScheduledTime: _, ...columns } = stack.sandbox.ledger[0]?.fields ?? {};
    const anew = added.find(({ phoneNumber }) => phoneNumber === '9810000001');
    for (const [header, value] of Object.entries(columns)) expect(anew?.fields[header]).toBe(value);
    const newIds = payload.results.map((result) => ('newId' in result ? result.newId : null));
    expect(newIds).toEqual(
      ['+442079460958', '9810000001'].map(
        (number) => added.find(({ phoneNumber }) => phoneNumber === number)?.id,
      ),
    );
    expect(
      nodes(await list(stack))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['3', ...newIds].sort());
  });

  it('share requests to the dialer', async () => {
    const stack = await startWithRecords(150);
    const ids = Array.from({ length: 150 }, (_, n) => String(n + 1));
    const before = asked(stack, 'schedule').length;
    expect(await rescheduled(stack, { records: to(ids) })).toMatchObject({ summary: { rescheduled: 150 } });
    expect(asked(stack, 'schedule').length - before).toBe(2);
    expect(deletions(stack)).toHaveLength(2);
    expect(Object.values(waiting(stack))).toEqual(Array(150).fill([later]));
  });

  it('may have one number more than once', async () => {
    const stack = await startStack();
    await stack.scheduled({ records: [lead(1), lead(1), lead(1)] });
    const { results } = await rescheduled(stack, { records: to(['1', '2']) });
    const ids = results.flatMap((result) => ('newId' in result ? [result.newId] : []));
    expect(new Set(ids).size).toBe(2);
    expect(waiting(stack)).toEqual({ 9810000001: ['2026-11-26 10:00:00', later, later] });
  });

  it('are checked alone with validateOnly', async () => {
    const stack = await startWithRecords(2);
    const payload = await rescheduled(stack, {
      records: [...to(['1']), ...to(['2'], '2020-01-01 10:00:00')],
      validateOnly: true,
    });
    expect(payload).toMatchObject({ status: 'VALIDATED', summary: { valid: 1, failed: 1 } });
    expect(kindsOf(payload)).toEqual(['ReschedulableRecord', 'ScheduledTimeOutOfRangeError']);
    expect(waitingIds(stack)).toEqual(['1', '2']);
    expect(asked(stack, 'schedule')).toHaveLength(1);
  });
});

describe('records that are left as they are', () => {
  it('say why, and cost their neighbours nothing', async () => {
    const stack = await startWithRecords(4);
    await stack.scheduled({
      records: [
        lead(8, { scheduledTime: '2026-11-25 10:00:50' }),
        lead(9, { scheduledTime: '2026-11-25 10:00:10' }),
      ],
    });
    stack.clock.now += 20_000;
    const payload = await rescheduled(stack, {
      records: [
        ...to(['99', '1']),
        ...to(['2'], '2020-01-01 10:00:00'),
        ...to(['3'], 'soon'),
        ...to(['4'], '2027-11-27 10:00:00'),
        ...to(['5', '6']),
      ],
    });
    expect(payload.results).toMatchObject([
      { __typename: 'CampaignRecordNotFoundError', givenId: '99' },
      { __typename: 'RescheduledRecord', id: '1' },
      { __typename: 'ScheduledTimeOutOfRangeError', problems: [{ reason: 'IN_THE_PAST' }] },
      { __typename: 'InvalidDateFormatError' },
      { __typename: 'ScheduledTimeOutOfRangeError', problems: [{ reason: 'TOO_FAR_AHEAD' }] },
      { __typename: 'RecordDueSoonError', id: '5' },
      { __typename: 'AlreadyHandedOverError', id: '6', handoff: { status: 'ADDED' } },
    ]);
    expect(payload).toMatchObject({
      status: 'PARTIALLY_RESCHEDULED',
      summary: { rescheduled: 1, failed: 6 },
    });
    expect(JSON.stringify(payload.results[2])).toContain('scheduled for its former time still');
    expect(deletions(stack).map(({ rowId }) => rowId)).toEqual(['1']);
  });

  it('are told without the number that somebody took for an id', async () => {
    const stack = await startStack();
    const id = '9812345678';
    for (const { results } of [
      await rescheduled(stack, { records: to([id]) }),
      await cancelled(stack, { ids: [id] }),
    ]) {
      expect(results).toMatchObject([{ __typename: 'CampaignRecordNotFoundError', givenId: id }]);
      expect(results).toMatchObject([{ message: expect.stringContaining('record ***78.') }]);
    }
  });

  it('are those that are due within the time that is set', async () => {
    const stack = await startWithRecords(1, { env: { RESCHEDULE_MARGIN_SECONDS: '86400' } });
    expect(kindsOf(await rescheduled(stack, { records: to(['1']) }))).toEqual(['RecordDueSoonError']);
  });

  it.each<[ScriptedFault['fault'], string]>([
    ['status-429', 'DialerThrottledError'],
    ['reset-on-headers', 'OutcomeUnknownError'],
    ['reset-after', 'OutcomeUnknownError'],
    ['wrong-date', 'InvalidDateFormatError'],
  ])('are those that cannot be scheduled anew, or perhaps (%s)', async (fault, kind) => {
    const stack = await startWithRecords(1);
    stack.sandbox.script({ fault, times: Infinity });
    const payload = await rescheduled(stack, { records: to(['1']) });
    expect(kindsOf(payload)).toEqual([kind]);
    expect(deletions(stack)).toEqual([]);
    expect(waiting(stack)['9810000000']?.[0]).toBe('2026-11-26 10:00:00');
  });

  it.each([
    [[], ['input', 'records']],
    [to(['1', '2', '1']), ['input', 'records', '2', 'id']],
    [to(Array.from({ length: 1001 }, (_, n) => String(n))), ['input', 'records']],
  ])('are all those of a request that is wrong', async (records, path) => {
    const stack = await startStack();
    const result = await rescheduleResult(stack, { records });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path }] });
    expect(listings(stack)).toEqual([]);
  });
});

describe('both records', () => {
  it.each<ScriptedFault['fault']>(['status-429', 'reset-before', 'hang-before'])(
    'are scheduled where the former one cannot be cancelled (%s), and the same key cancels it',
    async (fault) => {
      const stack = await startWithRecords(2, { env: { DIALER_TIMEOUT_MS: '500' } });
      stack.sandbox.script({ fault, on: 'deleteScheduledData', times: 4 });
      const input = { records: to(['1']), idempotencyKey: randomUUID() };
      const payload = await rescheduled(stack, input);
      expect(payload).toMatchObject({ status: 'INDETERMINATE', summary: { bothScheduled: 1 } });
      expect(payload.results).toMatchObject([{ __typename: 'BothScheduledError', ids: ['1', '3'] }]);
      expect(waitingIds(stack)).toEqual(['1', '2', '3']);
      await expect.poll(async () => kindsOf(await rescheduled(stack, input))).toEqual(['RescheduledRecord']);
      expect(waitingIds(stack)).toEqual(['2', '3']);
      expect(asked(stack, 'schedule')).toHaveLength(2);
    },
  );

  it('are never scheduled where the answer to the deletion is lost alone', async () => {
    for (const fault of ['reset-after', 'hang-after', 'html-200-after'] as const) {
      const stack = await startWithRecords(2, { env: { DIALER_TIMEOUT_MS: '1000' } });
      stack.sandbox.script({ fault, on: 'deleteScheduledData' });
      expect(kindsOf(await rescheduled(stack, { records: to(['1', '2']) }))).toEqual(
        Array(2).fill('RescheduledRecord'),
      );
      expect(waitingIds(stack)).toEqual(['3', '4']);
    }
  });

  it('are told where the former one is handed over meanwhile', async () => {
    const stack = await startStack({ env: { RESCHEDULE_MARGIN_SECONDS: '0' }, running: true });
    await stack.scheduled({ records: [lead(1, { scheduledTime: '2026-11-25 10:01:00' })] });
    await list(stack);
    stack.sandbox.script({ fault: 'latency', latencyMs: 300, on: 'deleteScheduledData' });
    const answer = rescheduled(stack, { records: to(['1']) });
    await expect.poll(() => deletions(stack).length).toBe(1);
    stack.clock.now += 120_000;
    const { results } = await answer;
    expect(results).toMatchObject([{ __typename: 'BothScheduledError', ids: ['1', '2'] }]);
  });
});

describe('with an idempotencyKey', () => {
  it('what was told is told again, and nothing is scheduled twice', async () => {
    const stack = await startWithRecords(3);
    const input = { records: to(['1', '2']), idempotencyKey: randomUUID() };
    const first = await rescheduled(stack, input);
    expect(await rescheduled(stack, input)).toEqual(first);
    expect(waitingIds(stack)).toEqual(['3', '4', '5']);
    expect(await rescheduleResult(stack, { ...input, records: to(['1']) })).toMatchObject({
      __typename: 'IdempotencyConflictError',
    });
  });

  it.each([
    ['it was scheduled anew, before that was noted', 1],
    ['the former one was cancelled, before that was noted', 2],
  ])('a crash after %s is gone on from', async (_, writes) => {
    // A store that fails from its n-th write of this mutation on, as if the process had ended there.
    let left = Infinity;
    const dying =
      <Rest extends unknown[], Answer>(write: (...rest: Rest) => Promise<Answer>) =>
      async (...rest: Rest): Promise<Answer> => {
        if (left-- <= 0) throw new Error('the process ended');
        return write(...rest);
      };
    const store = withKeys(sharedStore(), (keys) => ({
      ...keys,
      beginRound: dying(keys.beginRound),
      finish: dying(keys.finish),
    }));
    const stack = await startWithRecords(1, { store });
    const input = { records: to(['1']), idempotencyKey: randomUUID() };
    left = writes;
    expect(kindsOf(await rescheduled(stack, input))).not.toEqual(['CampaignRecordNotFoundError']);
    expect(waiting(stack)['9810000000']).toContain(later);
    left = Infinity;
    const again = await rescheduled(stack, input);
    expect(kindsOf(again)).toEqual(['RescheduledRecord']);
    expect(waiting(stack)).toEqual({ 9810000000: [later] });
    expect(await rescheduled(stack, input)).toEqual(again);
  });

  it('whose note cannot be written begins nothing', async () => {
    let isDown = false;
    const store = withKeys(sharedStore(), (keys) => ({
      ...keys,
      async beginRound(...given) {
        if (isDown) throw new Error('no store');
        return keys.beginRound(...given);
      },
    }));
    const stack = await startWithRecords(1, { store });
    isDown = true;
    const input = { records: to(['1']), idempotencyKey: randomUUID() };
    expect(kindsOf(await rescheduled(stack, input))).toEqual(['OutcomeUnknownError']);
    expect(waitingIds(stack)).toEqual(['1']);
    isDown = false;
    expect(kindsOf(await rescheduled(stack, input))).toEqual(['RescheduledRecord']);
    expect(waitingIds(stack)).toEqual(['2']);
  });

  it('and an answer to a new record that the dialer did not take, is sent again, though the former one has its number', async () => {
    const stack = await startWithRecords(2, {
      running: true,
      env: { DIALER_RECONCILE: 'on', DIALER_SETTLE_MS: '0' },
    });
    stack.sandbox.script({ fault: 'reset-on-headers' });
    const input = { records: to(['1', '2']), idempotencyKey: randomUUID() };
    expect(kindsOf(await rescheduled(stack, input))).toEqual(Array(2).fill('DialerUnavailableError'));
    expect(waitingIds(stack)).toEqual(['1', '2']);
    const { results } = await rescheduled(stack, input);
    expect(results).toMatchObject(['3', '4'].map((newId) => ({ __typename: 'RescheduledRecord', newId })));
    expect(waitingIds(stack)).toEqual(['3', '4']);
  });

  it('what was not accepted is not sent any more once the former record is due', async () => {
    const stack = await startWithRecords(1);
    stack.sandbox.script({ fault: 'status-429', times: Infinity });
    const input = { records: to(['1']), idempotencyKey: randomUUID() };
    expect(kindsOf(await rescheduled(stack, input))).toEqual(['DialerThrottledError']);
    const requests = asked(stack, 'schedule').length;
    stack.clock.now = Date.parse('2026-11-26T04:29:30Z');
    expect(kindsOf(await rescheduled(stack, input))).toEqual(['RecordDueSoonError']);
    expect(asked(stack, 'schedule')).toHaveLength(requests);
  });

  it('and an answer to the new record that was lost, is looked up, and the record is not scheduled twice', async () => {
    const stack = await startWithRecords(1, {
      running: true,
      env: { DIALER_RECONCILE: 'on', DIALER_TIMEOUT_MS: '1000' },
    });
    stack.sandbox.script(
      { fault: 'reset-after' },
      { fault: 'latency', latencyMs: 1, on: 'scheduledData' },
      { fault: 'status-500-before', on: 'scheduledData', times: 4 },
    );
    const input = { records: to(['1']), idempotencyKey: randomUUID() };
    await expect
      .poll(async () => kindsOf(await rescheduled(stack, input).catch(() => ({ results: [] }))))
      .toEqual(['RescheduledRecord']);
    expect(waiting(stack)).toEqual({ 9810000000: [later] });
    expect(asked(stack, 'schedule')).toHaveLength(2);
  });
});

describe('who may reschedule', () => {
  it('is whoever may schedule and cancel, in its campaigns', async () => {
    const keys = ['schedule cancel', 'schedule', 'cancel'].map((scopes) => ({
      name: scopes.replace(' ', '-'),
      hash: hashOf(`dg_${scopes}`.replace(' ', '-')),
      scopes: scopes.split(' '),
      campaigns: ['Sales_Demo'],
    }));
    const stack = await startWith({ keys });
    stack.sandbox.fill(1, { campaignName: 'Agents_Demo' });
    const body = {
      query: RescheduleRecordsDocument.toString(),
      variables: { input: { records: to(['1']) } },
    };
    const good = await post(stack.url, 'Bearer dg_schedule-cancel', body);
    expect(good.body.data?.rescheduleCampaignRecords).toMatchObject({
      results: [{ __typename: 'CampaignRecordNotFoundError' }],
    });
    for (const [name, missing] of [
      ['schedule', 'cancel'],
      ['cancel', 'schedule'],
    ]) {
      const { body: refused } = await post(stack.url, `Bearer dg_${name}`, body);
      expect(refused.errors?.[0]).toMatchObject({
        message: `Your credential does not have the scope "${missing}".`,
        extensions: { code: 'FORBIDDEN' },
      });
    }
  });
});
