// Idempotency keys whose store fails, or whose owner is taken for dead: nobody is told what is not so, and nobody is called twice.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { createDatabase } from '../../src/store/database/database.ts';
import type { Store } from '../../src/store/store.ts';
import {
  counts,
  createTestStore,
  lead,
  leads,
  ledgerNumbers,
  type Payload,
  startStack,
  withKeys,
} from '../harness.ts';
import { createTestDatabase, startPostgres } from '../postgres.ts';

describe('a store that cannot be reached', () => {
  it('leaves requests without a key alone, and keeps those with one from being sent', async () => {
    const store = createTestStore({ databaseUrl: 'postgresql://user:pass-word@127.0.0.1:9/none' });
    const { scheduled, sandbox, log } = await startStack({ store });
    expect(counts(await scheduled({ records: leads(2) }))).toEqual({ ScheduledRecord: 2 });
    const payload = await scheduled({ idempotencyKey: 'k', records: leads(2) });
    // Not "not accepted": an earlier request with this key may have sent them.
    expect(counts(payload)).toEqual({ OutcomeUnknownError: 2 });
    expect(payload.results[0]?.message).toMatch(/idempotencyKey could not be looked up/);
    expect(JSON.stringify([payload, log])).not.toContain('pass-word');
    expect(sandbox.ledger).toHaveLength(2);
    await store.close();
  });
});

describe.concurrent('a store that goes away half-way', () => {
  it('stops what could not be recorded from being sent, and leaves every answer true', async ({
    expect,
    onTestFinished,
  }) => {
    const postgres = await startPostgres({ files: inject('postgresFiles') });
    const store = createTestStore({
      databaseUrl: await postgres.createDatabase(),
      onFinished: onTestFinished,
    });
    const { scheduled, sandbox } = await startStack({
      onFinished: onTestFinished,
      store,
      env: { DIALER_CONCURRENCY: '1' },
    });
    sandbox.script({ fault: 'latency', latencyMs: 50, times: 10 });
    const running = scheduled({ idempotencyKey: 'k', records: leads(1000) });
    await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBeGreaterThan(1);
    await postgres.stop();
    const { results, summary } = await running;
    expect(summary.scheduled).toBeGreaterThan(0);
    expect(summary.unknown).toBeGreaterThan(0);
    expect(summary.scheduled + summary.unknown).toBe(1000);
    const held = new Set(ledgerNumbers(sandbox));
    for (const [n, { __typename }] of results.entries())
      expect(held.has(lead(n).phoneNumber)).toBe(__typename === 'ScheduledRecord');
    // Whoever asks with the key again has it sent: under another it would be sent twice.
    expect(results.at(-1)).toMatchObject({
      __typename: 'OutcomeUnknownError',
      message: expect.stringContaining('same idempotencyKey again'),
    });
    await store.close();
  });
});

describe.concurrent('a process that could not write the end of a request', () => {
  it('writes it once it can, so that what was told is told again where the dialer cannot be asked', async ({
    expect,
    onTestFinished,
  }) => {
    const postgres = await startPostgres({ durable: true, files: inject('postgresFiles') });
    const databaseUrl = await postgres.createDatabase();
    const stores = [
      createTestStore({ databaseUrl, onFinished: onTestFinished }),
      createTestStore({ databaseUrl, onFinished: onTestFinished }),
    ] as const;
    const env = { DIALER_DIALECT: 'v1' };
    const first = await startStack({ onFinished: onTestFinished, env, store: stores[0] });
    const second = await startStack({
      onFinished: onTestFinished,
      env,
      store: stores[1],
      dialer: first.sandbox,
    });
    // The database is gone before the answer comes, on a busy machine too.
    first.sandbox.script({ fault: 'latency', latencyMs: 5000 });
    const request = { idempotencyKey: 'k', records: leads(3) };
    const running = first.scheduled(request);
    await expect.poll(() => first.sandbox.requests.length, { interval: 5 }).toBe(1);
    await postgres.kill();
    const answer = await running;
    expect(counts(answer)).toEqual({ ScheduledRecord: 3 });
    // Its answers stand as long as nothing can be looked up.
    expect(await first.scheduled(request)).toEqual(answer);
    await postgres.restart();
    expect(await first.scheduled(request)).toEqual(answer);
    await expect.poll(() => second.scheduled(request)).toEqual(answer);
    expect(first.sandbox.requests).toHaveLength(1);
    await Promise.all(stores.map((store) => store.close()));
    await postgres.stop();
  });

  it('gives its key free, so that no other waits for it without end', async ({ expect, onTestFinished }) => {
    const databaseUrl = await createTestDatabase();
    const one = createTestStore({ databaseUrl, onFinished: onTestFinished });
    const other = createTestStore({ databaseUrl, onFinished: onTestFinished });
    // What the database refuses, as it would anything in an hour without room.
    const failing = withKeys(one, (keys) => ({
      ...keys,
      finish: (claim) => keys.finish(claim, { result: 'no JSON', isSettled: true }),
    }));
    // The dialer cannot be asked: what it answered is kept, though it was to be written with that end.
    const env = { DIALER_DIALECT: 'v1' };
    const first = await startStack({ onFinished: onTestFinished, env, store: failing });
    const second = await startStack({ onFinished: onTestFinished, env, store: other, dialer: first.sandbox });
    const request = { idempotencyKey: 'k', records: leads(3) };
    const answer = await first.scheduled(request);
    expect(await second.scheduled(request)).toEqual(answer);
    expect(first.sandbox.ledger).toHaveLength(3);
    await Promise.all([one.close(), other.close()]);
  });
});

describe.concurrent('two processes on one database', () => {
  let databaseUrl: string;
  beforeAll(async () => {
    databaseUrl = await createTestDatabase();
  });

  /** A process that stood still is taken for dead, and goes on all the same. */
  const takenForDead = async () => {
    const database = createDatabase({ url: databaseUrl, dataDir: '' });
    await database.query("UPDATE dialgraph.workers SET seen_at = seen_at - interval '1 minute'");
    await database.close();
  };

  it('take a request over from each other at any instant, and tell nothing that is not so', async ({
    expect,
    onTestFinished,
  }) => {
    const stores: Store[] = [
      createTestStore({ databaseUrl, onFinished: onTestFinished }),
      createTestStore({ databaseUrl, onFinished: onTestFinished }),
    ];
    const env = { DIALER_CONCURRENCY: '3', DIALER_RECONCILE: 'on', DIALER_SETTLE_MS: '0' };
    const [one, other] = [
      await startStack({ onFinished: onTestFinished, env, running: true, store: stores[0] as Store }),
      await startStack({ onFinished: onTestFinished, env, running: true, store: stores[1] as Store }),
    ];
    let numbers = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1200 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('latency', 'reset-after', 'reset-before', 'status-429', 'wrong-date'),
        async (size, takeovers, fault) => {
          const { sandbox } = one;
          const second = await startStack({
            onFinished: onTestFinished,
            env,
            running: true,
            store: stores[1] as Store,
            dialer: sandbox,
          });
          sandbox.reset();
          sandbox.script(
            { fault, times: fault === 'latency' ? Infinity : 2 },
            { fault: 'latency', latencyMs: 15, times: Infinity },
          );
          const request = {
            idempotencyKey: randomUUID(),
            records: Array.from({ length: size }, () => lead(numbers++)),
          };
          const first = one.scheduled(request);
          const answers: Promise<Payload>[] = [first];
          for (const after of takeovers) {
            const seen = sandbox.requests.length + after;
            await Promise.race([
              first,
              expect.poll(() => sandbox.requests.length, { interval: 2 }).toBeGreaterThanOrEqual(seen),
            ]);
            answers.push(second.scheduled(request));
            await takenForDead();
          }
          for (const payload of await Promise.all(answers)) expectTrue(payload, request.records);
          // Nothing retryable is left to be told once the dialer takes all.
          sandbox.script();
          const last = await one.scheduled(request);
          expectTrue(last, request.records);
          expect(counts(last)).toEqual({ ScheduledRecord: size });

          function expectTrue({ results }: Payload, records: typeof request.records) {
            const ledger = ledgerNumbers(sandbox);
            const held = new Set(ledger);
            expect(ledger).toHaveLength(held.size);
            const lies = results.filter(
              ({ __typename }, n) =>
                __typename === 'ScheduledRecord' && !held.has(records[n]?.phoneNumber ?? ''),
            );
            expect(lies).toEqual([]);
          }
        },
      ),
      { numRuns: 6 },
    );
    await other.shutDown();
    for (const store of stores) await store.close();
  }, 180_000);
});
