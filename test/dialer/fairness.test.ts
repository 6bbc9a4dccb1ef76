// A large mutation does not starve the small ones, nor they it: callers take turns, and some slots are kept for the small.

import { describe, expect, it } from 'vitest';
import { createFairQueue, type Slot } from '../../src/dialer/fair-queue.ts';
import { counts, lead, leads, startStack } from '../harness.ts';

describe('a small mutation', () => {
  it.each(['1', '2', '8'])(
    'does not wait for a large one to end, with %s slots',
    async (DIALER_CONCURRENCY) => {
      const { scheduled, sandbox } = await startStack({ env: { DIALER_CONCURRENCY } });
      sandbox.script({ fault: 'latency', latencyMs: 30, times: Infinity });
      const large = scheduled({ records: leads(4000) });
      await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBeGreaterThan(0);
      const before = sandbox.requests.length;
      expect(counts(await scheduled({ records: [lead(5000)] }))).toEqual({ ScheduledRecord: 1 });
      // Of the large one, what was on its way and at most two turns more.
      expect(sandbox.requests.length - before).toBeLessThanOrEqual(3 * Number(DIALER_CONCURRENCY));
      expect(counts(await large)).toEqual({ ScheduledRecord: 4000 });
    },
  );

  it('does not keep a large one from being done, however many come', async () => {
    const { scheduled, sandbox } = await startStack({
      env: { DIALER_CONCURRENCY: '2', COALESCE_WINDOW_MS: '0' },
    });
    sandbox.script({ fault: 'latency', latencyMs: 10, times: Infinity });
    let done = false;
    let numbers = 10_000;
    const large = scheduled({ records: leads(1000) }).finally(() => {
      done = true;
    });
    const caller = async () => {
      while (!done) await scheduled({ records: [lead(numbers++)] });
    };
    await Promise.all([large, ...Array.from({ length: 6 }, caller)]);
    expect(counts(await large)).toEqual({ ScheduledRecord: 1000 });
  });
});

describe('the fair queue', () => {
  const take = (
    queue: ReturnType<typeof createFairQueue>,
    caller: object,
    small = false,
    mutation = caller,
  ) => queue.take({ caller, mutation, small });

  it('are handed to callers in turns', async () => {
    const queue = createFairQueue(1);
    const [one, other] = [{}, {}];
    const order: string[] = [];
    const first = await take(queue, one);
    const work = (name: string, caller: object) =>
      take(queue, caller).then((slot) => {
        order.push(name);
        slot?.release();
      });
    const all = [
      work('one', one),
      work('one', one),
      work('one', one),
      work('other', other),
      work('other', other),
    ];
    first?.release();
    await Promise.all(all);
    expect(order).toEqual(['one', 'other', 'one', 'other', 'one']);
  });

  it('are handed to a caller with one mutation as often as to one with nine', async () => {
    const queue = createFairQueue(1);
    const first = await take(queue, {});
    const order: string[] = [];
    const work = async (caller: string, mutation: object) => {
      const slot = await queue.take({ caller, mutation, small: false });
      order.push(caller);
      slot?.release();
    };
    const lists = Array.from({ length: 9 }, () => ({}));
    const all = [...lists, ...lists].map((list) => work('many', list));
    all.push(...Array.from({ length: 6 }, () => work('one', first ?? {})));
    first?.release();
    await Promise.all(all);
    expect(order.slice(0, 12).filter((caller) => caller === 'one')).toHaveLength(6);
  });

  it('are all for the large ones while none is small; then one in eight is kept', async () => {
    const queue = createFairQueue(8);
    const alone = await Promise.all(Array.from({ length: 8 }, () => take(queue, {})));
    for (const slot of alone) slot?.release();
    (await take(queue, {}, true))?.release();
    const held: (Slot | null)[] = [];
    for (let n = 0; n < 10; n++) void take(queue, {}).then((slot) => held.push(slot));
    await Promise.resolve();
    expect(held).toHaveLength(7);
    expect(await take(queue, {}, true)).not.toBeNull();
    held[0]?.release();
    await expect.poll(() => held.length).toBe(8);
  });

  it('are not waited for by those who have left', async () => {
    const queue = createFairQueue(1);
    const caller = new AbortController();
    const slot = await take(queue, {});
    const left = queue.take({ caller: {}, mutation: {}, small: false, signal: caller.signal });
    const late = queue.take({ caller: {}, mutation: {}, small: true, waitMs: 10 });
    caller.abort();
    expect(await left).toBeNull();
    expect(await late).toBeNull();
    slot?.release();
    expect(await take(queue, {})).not.toBeNull();
  });
});
