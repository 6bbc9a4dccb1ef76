// Small mutations that arrive together share requests, and nothing else: each caller has the outcomes it would have alone.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import type { Chunk, ChunkAnswer } from '../../src/dialer/chunk.ts';
import { createCoalescing } from '../../src/dialer/coalescing.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import {
  kinds,
  lead,
  ledgerNumbers,
  type Payload,
  type Stack,
  type StackOptions,
  sendTo,
  sharedStore,
  startStack,
  withKeys,
} from '../harness.ts';
import { runs } from '../property-runs.ts';

/** So long that a test's mutations arrive within it, but for a few where the machine is busy. */
const env = { COALESCE_WINDOW_MS: '400' };
const start = ({ onTestFinished }: TestContext, options: StackOptions = {}) =>
  startStack({ env, onFinished: onTestFinished, ...options });

/** The same, just behind a request of a lone lead with these fields: those that follow wait for each other. */
async function startInWindow(context: TestContext, options: StackOptions = {}, fields: object = {}) {
  const stack = await start(context, options);
  await stack.scheduled({ records: [lead(999, fields)] });
  stack.sandbox.reset();
  return stack;
}
const scheduling = ({ sandbox }: Stack) => sandbox.requests.filter(({ kind }) => kind === 'schedule');

/** One mutation a lead. */
function scheduleEach(stack: Stack, count: number, fields: (n: number) => object = () => ({})) {
  return Promise.all(
    Array.from({ length: count }, (_, n) => stack.scheduled({ records: [lead(n, fields(n))] })),
  );
}

describe('mutations of one lead each', () => {
  it('share a request, a hundred at the most, and each has its own outcome', async (context) => {
    const stack = await startInWindow(context);
    const answers = await scheduleEach(stack, 250);
    for (const [n, { results }] of answers.entries())
      expect(results).toMatchObject([
        {
          __typename: 'ScheduledRecord',
          index: 0,
          reference: `lead-${n}`,
          phoneNumber: `+9198${10_000_000 + n}`,
        },
      ]);
    const sizes = scheduling(stack).map(({ rows }) => rows);
    // Three, where all arrive in time.
    expect(sizes.length).toBeLessThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(250);
  });

  it('do not share one with another campaign, other columns or another duplicate policy', async (context) => {
    const stack = await start(context, { sandbox: { campaigns: { A: {}, B: {} } }, campaigns: {} });
    const records = [lead(0)];
    await Promise.all([
      stack.scheduled({ campaignName: 'A', records }),
      stack.scheduled({ campaignName: 'B', records }),
      stack.scheduled({ campaignName: 'A', records: [lead(1, { name: 'Asha' })] }),
      stack.scheduled({ campaignName: 'A', records: [lead(2)], duplicates: 'SKIP' }),
      stack.scheduled({ campaignName: 'A', records: [lead(3)] }),
    ]);
    // The first goes at once, so the last may not have been there in time.
    const sizes = scheduling(stack).map(({ rows }) => rows);
    expect([
      [1, 1, 1, 2],
      [1, 1, 1, 1, 1],
    ]).toContainEqual(sizes.sort());
  });

  it('have each number once in a request', async (context) => {
    const stack = await startInWindow(context);
    const answers = await Promise.all(
      [lead(0), lead(0), lead(1)].map((record) => stack.scheduled({ records: [record] })),
    );
    for (const answer of answers) expect(kinds(answer)).toEqual(['ScheduledRecord']);
    expect(
      scheduling(stack)
        .map(({ rows }) => rows)
        .sort(),
    ).toEqual([1, 2]);
  });

  it('go one by one where the window is 0', async (context) => {
    const stack = await start(context, { env: { COALESCE_WINDOW_MS: '0' } });
    await scheduleEach(stack, 5);
    expect(scheduling(stack)).toHaveLength(5);
  });

  it('pay for no other: a lead that spoils the request costs its own caller only', async (context) => {
    const stack = await startInWindow(context, {}, { name: 'A' });
    const answers = await scheduleEach(stack, 100, (n) =>
      n === 42 || n === 77 ? { name: 'POISON' } : { name: 'A' },
    );
    for (const [n, answer] of answers.entries())
      expect(kinds(answer)).toEqual([n === 42 || n === 77 ? 'InvalidDateFormatError' : 'ScheduledRecord']);
    expect(stack.sandbox.ledger).toHaveLength(98);
    // About 2k·log2(100/k)+2k for k = 2, and not a hundred.
    expect(scheduling(stack).length).toBeLessThan(40);
  });

  it('keep a caller with several leads together, and narrow them down to the bad one', async (context) => {
    const stack = await startInWindow(context, {}, { name: 'A' });
    const [one, other] = await Promise.all([
      stack.scheduled({
        records: [lead(0, { name: 'A' }), lead(1, { name: 'POISON' }), lead(2, { name: 'B' })],
      }),
      stack.scheduled({ records: [lead(3, { name: 'C' }), lead(4, { name: 'D' })] }),
    ]);
    expect(kinds(one)).toEqual(['ScheduledRecord', 'InvalidDateFormatError', 'ScheduledRecord']);
    expect(kinds(other)).toEqual(['ScheduledRecord', 'ScheduledRecord']);
  });

  it.for([
    ['account-refused', 'InvalidApiKeyOrCampaignError'],
    ['reset-after', 'OutcomeUnknownError'],
    ['status-503-before', 'OutcomeUnknownError'],
    ['redirect-307', 'DialerUnavailableError'],
  ] as const)('are each told the truth of a request that failed: %s', async ([fault, kind], context) => {
    const stack = await startInWindow(context);
    stack.sandbox.script({ fault, times: Infinity });
    for (const answer of await scheduleEach(stack, 20)) expect(kinds(answer)).toEqual([kind]);
    expect(scheduling(stack).length).toBeLessThan(5);
  });

  it('are sent without one whose caller has left, and without that alone', async (context) => {
    const stack = await startInWindow(context);
    const input = { campaignName: 'Sales_Demo', records: [lead(900)] };
    const left = sendTo(stack.url, ScheduleDocument, { input }, AbortSignal.timeout(50)).catch(() => null);
    for (const answer of await scheduleEach(stack, 10)) expect(kinds(answer)).toEqual(['ScheduledRecord']);
    await left;
    expect(ledgerNumbers(stack.sandbox)).not.toContain(lead(900).phoneNumber);
  });

  it('leave one that cannot be recorded unsent, and send the others', async (context) => {
    const lost = new Set<number>();
    let claims = 0;
    const losing = withKeys(sharedStore(), (keys) => ({
      ...keys,
      async claim(request) {
        const found = await keys.claim(request);
        if (claims++ === 5 && found.kind === 'mine') lost.add(found.claim.id);
        return found;
      },
      intend: (claim, ...noted) =>
        lost.has(claim.id) ? Promise.reject(new Error('the disk is full')) : keys.intend(claim, ...noted),
    }));
    const stack = await startInWindow(context, { store: losing });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        stack.scheduled({ records: [lead(n)], idempotencyKey: randomUUID() }),
      ),
    );
    const told = answers.flatMap(kinds).sort();
    // Whoever asks with its key again has it sent.
    expect(told).toEqual(['OutcomeUnknownError', ...Array(9).fill('ScheduledRecord')]);
    expect(stack.sandbox.ledger).toHaveLength(9);
  });

  it('hold their keys: the same again sends nothing', async (context) => {
    const stack = await startInWindow(context);
    const inputs = Array.from({ length: 20 }, (_, n) => ({
      records: [lead(n)],
      idempotencyKey: randomUUID(),
    }));
    const first = await Promise.all(inputs.map((input) => stack.scheduled(input)));
    const sent = scheduling(stack).length;
    expect(sent).toBeLessThan(5);
    expect(await Promise.all(inputs.map((input) => stack.scheduled(input)))).toEqual(first);
    expect(scheduling(stack)).toHaveLength(sent);
  });
});

describe('chunks that share a request', () => {
  const chunkOf = (number: string): Chunk => ({
    campaignName: 'Sales_Demo',
    checkDuplicate: false,
    timeZone: 'UTC',
    bulkData: { map: ['PhoneNumber'], data: [[number]] },
  });
  const scheduled: ChunkAnswer = { kind: 'rows', rows: [{ kind: 'scheduled', dialerTime: null, text: '' }] };
  const refused: ChunkAnswer = { kind: 'refused', refusal: { reason: 'wrong-date', text: '' } };

  it('go at once where none went before, and within the window behind it wait for each other', async ({
    onTestFinished,
  }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const sent: number[] = [];
    const windowMs = 20;
    const together = createCoalescing(
      async ({ bulkData }) => {
        sent.push(bulkData.data.length);
        return {
          kind: 'rows',
          rows: bulkData.data.map(() => ({ kind: 'scheduled', dialerTime: null, text: '' })),
        };
      },
      windowMs,
      createTelemetry(),
      () => {},
    );
    const send = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () =>
          together(chunkOf(String(numbers++)), { caller: {}, mutation: {}, small: true }),
        ),
      );
    /** What has arrived is looked at between the timers. */
    const pass = async (ms: number) => {
      for (let n = 0; n < ms; n++) {
        vi.advanceTimersByTime(1);
        await new Promise(setImmediate);
      }
    };
    let numbers = 0;
    await send(2);
    expect(sent).toEqual([2]);
    const behind = [send(1), send(250)];
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(sent).toEqual([2, 100, 100]);
    await pass(windowMs - 1);
    expect(sent).toEqual([2, 100, 100]);
    await pass(1);
    await Promise.all(behind);
    expect(sent).toEqual([2, 100, 100, 51]);
    await pass(windowMs);
    await send(1);
    expect(sent).toEqual([2, 100, 100, 51, 1]);
  });

  it('all have an answer when something breaks, and no half is left to itself', async () => {
    const told: unknown[] = [];
    let endSlowHalf = () => {};
    const slow = new Promise<void>((resolve) => {
      endSlowHalf = resolve;
    });
    const together = createCoalescing(
      async ({ bulkData }) => {
        if (bulkData.data.length > 2) return refused;
        if (bulkData.data.length === 2) throw new Error('a bug');
        await slow;
        return scheduled;
      },
      1,
      createTelemetry(),
      (error) => told.push(error),
    );
    const answers = ['1', '2', '3'].map((number) =>
      together(chunkOf(number), { caller: {}, mutation: {}, small: true }),
    );
    for (const answer of answers.slice(0, 2)) expect((await answer).kind).toBe('unknown');
    endSlowHalf();
    expect(await answers[2]).toBe(scheduled);
    expect(told).toEqual([new Error('a bug')]);
  });

  describe('whose last word is no', () => {
    const throwing = () => {
      throw undefined;
    };
    const rejecting = () => Promise.reject(null);

    it.each([
      ['one', [undefined, throwing, undefined]],
      ['some', [undefined, throwing, rejecting]],
      ['all', [throwing, rejecting, throwing]],
    ])('are left unsent, and the others are sent: %s of three', async (_, lastWords) => {
      const told: unknown[] = [];
      const sent: number[] = [];
      const together = createCoalescing(
        async ({ bulkData }, { beforeSending }) => {
          const withheld = await beforeSending?.().then(
            () => false,
            () => true,
          );
          if (withheld) return { kind: 'unavailable', reason: 'withheld', passing: false };
          sent.push(bulkData.data.length);
          return {
            kind: 'rows',
            rows: bulkData.data.map(() => ({ kind: 'scheduled', dialerTime: null, text: '' })),
          };
        },
        1,
        createTelemetry(),
        (error) => told.push(error),
      );
      const answers = await Promise.all(
        lastWords.map((beforeSending, n) =>
          together(chunkOf(String(n)), { caller: {}, mutation: {}, small: true, beforeSending }),
        ),
      );
      expect(answers.map(({ kind }) => kind)).toEqual(
        lastWords.map((lastWord) => (lastWord === undefined ? 'rows' : 'unavailable')),
      );
      const good = lastWords.filter((lastWord) => lastWord === undefined).length;
      expect(sent).toEqual(good > 0 ? [good] : []);
      expect(told).toEqual([]);
    });
  });
});

it('whoever shares a request, every record has one true outcome and is sent once', async () => {
  let numbers = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          size: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 120 })),
          bad: fc.option(fc.nat(119), { freq: 3 }),
          leavesAfterMs: fc.option(fc.nat(40), { freq: 8 }),
        }),
        { minLength: 2, maxLength: 25 },
      ),
      fc.array(
        fc.constantFrom(
          'reset-after',
          'reset-before',
          'status-429',
          'partial-error',
          'entries-shuffled',
          'wrong-date',
        ),
        { maxLength: 4 },
      ),
      async (wanted, faults) => {
        const finishers: (() => unknown)[] = [];
        const stack = await startStack({
          running: true,
          env: { COALESCE_WINDOW_MS: '20' },
          onFinished: (finish) => finishers.push(finish as () => unknown),
        });
        try {
          stack.sandbox.script(...faults.map((fault) => ({ fault }) as const));
          const answers = await Promise.all(
            wanted.map(async ({ size, bad, leavesAfterMs }) => {
              const records = Array.from({ length: size }, (_, n) =>
                lead(numbers++, { name: n === bad ? 'POISON' : 'Asha' }),
              );
              const input = { campaignName: 'Sales_Demo', records };
              const signal = leavesAfterMs === null ? undefined : AbortSignal.timeout(leavesAfterMs);
              const answer = sendTo(stack.url, ScheduleDocument, { input }, signal).catch((error: Error) => {
                if (signal === undefined) throw error;
                return null;
              });
              return { records, payload: (await answer)?.scheduleCampaignData as Payload | undefined };
            }),
          );
          const ledger = ledgerNumbers(stack.sandbox);
          const held = new Set(ledger);
          expect(ledger).toHaveLength(held.size);
          for (const { records, payload } of answers)
            for (const [n, result] of (payload?.results ?? []).entries()) {
              expect(result.reference).toBe(records[n]?.reference);
              const isHeld = held.has(records[n]?.phoneNumber ?? '');
              if (result.__typename === 'ScheduledRecord') expect(isHeld).toBe(true);
              else if (result.__typename !== 'OutcomeUnknownError') expect(isHeld).toBe(false);
            }
        } finally {
          for (const finish of finishers.reverse()) await finish();
        }
      },
    ),
    { numRuns: runs(8) },
  );
}, 180_000);
