// Changes of one record that come at the same time: in one process they take turns, and among several what was lost is taken back.
// Whatever is told is what the dialer has afterwards.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/records/turns.ts';
import type { ScriptedFault } from '../../src/sandbox/sandbox.ts';
import {
  type CancelCampaignRecordsInput,
  type RescheduleCampaignRecordsInput,
  RescheduleRecordsDocument,
} from '../gql/graphql.ts';
import { answered, lead, leads, type Stack, sharedStore, startStack, withKeys } from '../harness.ts';
import { runs } from '../property-runs.ts';
import { asked, cancelResult, kindsOf, list, nodes, waitingIds } from './listing.ts';

const [soon, later] = ['2026-12-14 10:00:00', '2026-12-15 10:00:00'];

interface Told {
  __typename: string;
  message: string;
  id?: string;
  newId?: string | null;
  dialerTime?: string;
}

async function reschedule(
  { send }: Stack,
  ids: readonly string[],
  scheduledTime: string,
  more: Partial<RescheduleCampaignRecordsInput> = {},
): Promise<Told[]> {
  const input = { records: ids.map((id) => ({ id, scheduledTime })), ...more };
  const result = answered((await send(RescheduleRecordsDocument, { input })).rescheduleCampaignRecords);
  if (result.__typename !== 'RescheduleCampaignRecordsPayload') throw new Error(result.message);
  return result.results as Told[];
}

async function cancel(stack: Stack, input: CancelCampaignRecordsInput): Promise<Told[]> {
  const result = await cancelResult(stack, input);
  if (result.__typename !== 'CancelCampaignRecordsPayload') throw new Error(result.message);
  return result.results as Told[];
}

async function startWithRecords(count: number): Promise<Stack> {
  const stack = await startStack();
  await stack.scheduled({ records: leads(count) });
  return stack;
}

/** Another process that serves the same account. */
const startOther = ({ sandbox }: Stack) =>
  startStack({ dialer: { url: sandbox.url, account: sandbox.account } });

const kinds = (told: readonly Told[]) => kindsOf({ results: told });

/** What the list has of the first record's number. */
async function standing(stack: Stack): Promise<{ id: string; dialerTime: string }[]> {
  stack.sandbox.script();
  const other = await startOther(stack);
  const { phoneNumber } = lead(0);
  return nodes(await list(other, { filter: { phoneNumber } })).map(({ id, dialerTime }) => ({
    id,
    dialerTime,
  }));
}

describe('two changes of one record at once', () => {
  it.each([
    ['another time', later, {}],
    ['the same time', soon, {}],
    ['another time under another key', later, { idempotencyKey: 'second' }],
  ])('are two reschedules: the second, to %s, finds it gone', async (_, time, more) => {
    for (let n = 0; n < 5; n++) {
      const stack = await startWithRecords(1);
      const told = (
        await Promise.all([reschedule(stack, ['1'], soon), reschedule(stack, ['1'], time, more)])
      ).flat();
      expect(kinds(told).sort()).toEqual(['CampaignRecordNotFoundError', 'RescheduledRecord']);
      const moved = told.find(({ __typename }) => __typename === 'RescheduledRecord');
      expect(await standing(stack)).toEqual([{ id: moved?.newId, dialerTime: moved?.dialerTime }]);
      expect(asked(stack, 'schedule')).toHaveLength(2);
    }
  });

  it('are a reschedule and a cancellation by its id: the one that comes first is carried out', async () => {
    for (const isFirst of [true, false]) {
      const stack = await startWithRecords(1);
      const move = () => reschedule(stack, ['1'], soon);
      const end = () => cancel(stack, { ids: ['1'] });
      const told = (await Promise.all(isFirst ? [move(), end()] : [end(), move()])).flat();
      const done = kinds(told).filter((kind) => kind !== 'CampaignRecordNotFoundError');
      expect(done).toHaveLength(1);
      expect(await standing(stack)).toHaveLength(done[0] === 'RescheduledRecord' ? 1 : 0);
    }
  });

  it('are a reschedule and a cancellation by its number, which finds it wherever it is', async () => {
    const stack = await startWithRecords(1);
    stack.sandbox.script({ fault: 'latency', latencyMs: 100, on: 'deleteScheduledData' });
    const moving = reschedule(stack, ['1'], soon);
    await expect.poll(() => asked(stack, 'schedule').length).toBe(2);
    const told = await cancel(stack, { campaignName: 'Sales_Demo', phoneNumber: lead(0).phoneNumber });
    expect(kinds(await moving)).toEqual(['RescheduledRecord']);
    expect(told).toMatchObject([{ __typename: 'CancelledRecord', id: '2' }]);
    expect(await standing(stack)).toEqual([]);
  });
});

describe('a record that another process changes', () => {
  const slowly = (on: ScriptedFault['on'], latencyMs = 300): ScriptedFault => ({
    fault: 'latency',
    latencyMs,
    on,
  });

  it.each<[string, (latencyMs: number) => ScriptedFault[], seen: string]>([
    ['is scheduled anew', (latencyMs) => [slowly('schedule', latencyMs)], 'schedule'],
    [
      'is about to be deleted',
      (latencyMs) => [slowly('scheduledData', 1), slowly('scheduledData', latencyMs)],
      'scheduledData',
    ],
  ])('while it %s is not rescheduled as well: the new one is taken back', async (_, faultsOf, seen) => {
    const rescheduleBeside = async (what: string, latencyMs: number) => {
      const faults = faultsOf(latencyMs);
      const stack = await startWithRecords(1);
      const other = await startOther(stack);
      stack.sandbox.script(...faults);
      const before = asked(stack, seen).length;
      const moving = reschedule(stack, ['1'], soon);
      let isMoved = false;
      void moving.then(() => {
        isMoved = true;
      });
      await expect.poll(() => asked(stack, seen).length).toBe(before + faults.length);
      const [first] =
        what === 'cancel' ? await cancel(other, { ids: ['1'] }) : await reschedule(other, ['1'], later);
      // The other process was slower than the dialer: there was nothing to be taken back.
      if (isMoved) return false;
      expect(await moving).toMatchObject([
        {
          __typename: 'CampaignRecordNotFoundError',
          givenId: '1',
          message: expect.stringContaining('taken back'),
        },
      ]);
      const expected = what === 'cancel' ? [] : [{ id: first?.newId, dialerTime: later }];
      expect(await standing(stack)).toEqual(expected);
      return true;
    };
    for (const what of ['cancel', 'reschedule']) {
      let latencyMs = 300;
      while (!(await rescheduleBeside(what, latencyMs))) latencyMs *= 2;
    }
  });

  it('is told to stand twice where the new one cannot be taken back, until the same key does that', async () => {
    const stack = await startWithRecords(1);
    const other = await startOther(stack);
    const more = { idempotencyKey: randomUUID() };
    stack.sandbox.script(slowly('schedule', 1500));
    const moving = reschedule(stack, ['1'], soon, more);
    await expect.poll(() => asked(stack, 'schedule').length).toBe(2);
    expect(kinds(await cancel(other, { ids: ['1'] }))).toEqual(['CancelledRecord']);
    stack.sandbox.script({ fault: 'status-429', on: 'deleteScheduledData', times: 4 });
    expect(await moving).toMatchObject([{ __typename: 'BothScheduledError', ids: ['1', '2'] }]);
    expect(waitingIds(stack)).toEqual(['2']);
    await expect
      .poll(async () => kinds(await reschedule(stack, ['1'], soon, more)))
      .toEqual(['CampaignRecordNotFoundError']);
    expect(await standing(stack)).toEqual([]);
  });

  it('after this one was cut off, before it was deleted, is not taken for deleted by this one', async () => {
    let left = Infinity;
    const store = withKeys(sharedStore(), (keys) => ({
      ...keys,
      async beginRound(...given) {
        if (left-- <= 0) throw new Error('the process ended');
        return keys.beginRound(...given);
      },
    }));
    const stack = await startStack({ store });
    await stack.scheduled({ records: leads(1) });
    const other = await startOther(stack);
    const more = { idempotencyKey: randomUUID() };
    left = 1;
    expect(kinds(await reschedule(stack, ['1'], soon, more))).toEqual(['BothScheduledError']);
    left = Infinity;
    expect(kinds(await cancel(other, { ids: ['1'] }))).toEqual(['CancelledRecord']);
    expect(kinds(await reschedule(stack, ['1'], soon, more))).toEqual(['CampaignRecordNotFoundError']);
    expect(await standing(stack)).toEqual([]);
  });
});

describe('any changes of one record', () => {
  const change = fc.record({
    what: fc.constantFrom('soon', 'later', 'keyed', 'id', 'number'),
    /** It comes when the dialer has seen so many requests more. */
    after: fc.nat({ max: 4 }),
    process: fc.nat({ max: 1 }),
  });
  const latencies = fc.array(fc.constantFrom(1, 5, 20), { minLength: 8, maxLength: 8 });

  const send = (stack: Stack, what: string): Promise<Told[]> => {
    if (what === 'id') return cancel(stack, { ids: ['1'] });
    if (what === 'number')
      return cancel(stack, { campaignName: 'Sales_Demo', phoneNumber: lead(0).phoneNumber });
    const more = what === 'keyed' ? { idempotencyKey: randomUUID() } : {};
    return reschedule(stack, ['1'], what === 'later' ? later : soon, more);
  };

  it.each([
    ['in one process', 1],
    ['in two processes', 2],
  ])('%s come to what is told of them', async (_, processes) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 2, maxLength: 4 }),
        latencies,
        async (changes, delays) => {
          const stack = await startWithRecords(1);
          const stacks = processes === 1 ? [stack] : [stack, await startOther(stack)];
          stack.sandbox.script(
            ...delays.map((latencyMs) => ({ fault: 'latency', latencyMs, on: 'any' }) as const),
          );
          const seen = stack.sandbox.requests.length;
          const sent: Promise<Told[]>[] = [];
          for (const { what, after, process } of changes) {
            const isReached = () => stack.sandbox.requests.length >= seen + after;
            const isIdle = Promise.all(sent).then(() => true);
            const poll = async () => {
              while (!isReached()) {
                if (await Promise.race([isIdle, new Promise((resolve) => setImmediate(resolve, false))]))
                  return;
              }
            };
            await poll();
            sent.push(send(stacks[process % stacks.length] as Stack, what));
          }
          const told = (await Promise.all(sent)).flat();
          const rows = await standing(stack);
          const count = (kind: string) => told.filter(({ __typename }) => __typename === kind).length;
          const moved = told.filter(({ __typename }) => __typename === 'RescheduledRecord');
          expect(
            told.filter(
              ({ __typename }) =>
                !/^(?:Rescheduled|Cancelled)Record$|^CampaignRecordNotFound|^BothScheduled/.test(__typename),
            ),
          ).toEqual([]);
          if (processes === 1) expect(count('BothScheduledError')).toBe(0);
          expect(moved.length).toBeLessThanOrEqual(1);
          if (count('BothScheduledError') > 0) return;
          expect({ told, rows: rows.map(({ dialerTime }) => dialerTime) }).toEqual({
            told,
            rows: count('CancelledRecord') > 0 ? [] : moved.map(({ dialerTime }) => dialerTime),
          });
        },
      ),
      { numRuns: runs(8) },
    );
  });
});

describe('turns', () => {
  it('are taken in order, of all records at once, whatever fails', async () => {
    const turns = createTurns();
    const done: string[] = [];
    const work = (name: string) => async () => {
      done.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      done.push(`${name} ends`);
      if (name === 'b') throw new Error(name);
    };
    await Promise.allSettled([
      turns.take(['1', '2'], work('a')),
      turns.take(['2', '3', '2'], work('b')),
      turns.take(['3', '1', 'constructor'], work('c')),
    ]);
    expect(done).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });
});
