// A long list with a key, whose owner stands still until another process has taken the list over, and whose database is
// killed in mid-run. Whatever is told on the way is true, and the same key asked again brings the list to its end: nobody is
// left out, and nobody is called twice.

import { randomUUID } from 'node:crypto';
import { describe, type ExpectStatic, inject, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { counts, lead, type Payload } from '../harness.ts';
import { createTestDatabase, startPostgres } from '../postgres.ts';
import type { OnFinished } from '../process.ts';
import { expectTruth, type Replica, startReplica } from '../replica.ts';

const concurrency = 4;
const rowsPerRequest = 100;
const patient = { interval: 20 };

function longList() {
  const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
  return {
    campaignName: 'Sales_Demo',
    idempotencyKey: randomUUID(),
    records: Array.from({ length: 3_000 }, (_, n) => lead(n, { scheduledTime })),
  };
}

type LongList = ReturnType<typeof longList>;

function schedulesOf({ requests }: Sandbox): number {
  return requests.filter(({ kind }) => kind === 'schedule').length;
}

/** Asks with the same key until asking again changes nothing, and nothing invites to. */
async function askUntilSettled(
  expect: ExpectStatic,
  replica: Replica,
  sandbox: Sandbox,
  list: LongList,
): Promise<Payload> {
  let before = '';
  for (let round = 1; ; round++) {
    const payload = await replica.schedule(list);
    expectTruth(expect, sandbox, list, payload);
    const isOpen = payload.results.some((result) => 'retryable' in result && result.retryable);
    const now = JSON.stringify(payload);
    if (round === 10 || (!isOpen && (payload.summary.unknown === 0 || now === before))) return payload;
    before = now;
  }
}

/** The list takes it a second at least: time to be cut off in. */
async function startSlowSandbox(onFinished: OnFinished): Promise<Sandbox> {
  const sandbox = await createSandbox();
  onFinished(() => sandbox.close());
  sandbox.script({ fault: 'latency', latencyMs: 150, times: Infinity });
  return sandbox;
}

const settings = { DIALER_CONCURRENCY: String(concurrency), DIALER_SETTLE_MS: '0' };

describe.concurrent('a list of 3,000', () => {
  it.concurrent.for(['basic', 'v1'])(
    'that is taken over while its owner stands still, and then again from the one who took it, with %s',
    { timeout: 180_000 },
    async (DIALER_AUTH, { expect, onTestFinished }) => {
      const sandbox = await startSlowSandbox(onTestFinished);
      const env = { ...settings, DIALER_AUTH, DATABASE_URL: await createTestDatabase() };
      const start = () => startReplica(sandbox, env, onTestFinished);
      const [owner, other] = await Promise.all([start(), start()]);
      const list = longList();

      const asked = owner.schedule(list);
      await expect.poll(() => sandbox.ledger.length, patient).toBeGreaterThan(1000);
      owner.pause();
      // What the owner has under way arrives after it stands still; what comes beyond that is the other's.
      const ownersLast = schedulesOf(sandbox) + concurrency;
      const askedOther = other.schedule(list).catch(() => null);
      await expect.poll(() => schedulesOf(sandbox), patient).toBeGreaterThan(ownersLast + 5);
      owner.resume();
      // Both go on: the owner meets what the other has begun.
      await expect.poll(() => schedulesOf(sandbox), patient).toBeGreaterThan(ownersLast + 10);
      await other.kill();
      await askedOther;
      expectTruth(expect, sandbox, list, await asked);

      const last = await askUntilSettled(expect, owner, sandbox, list);
      // v1 cannot be asked for what was under way as the two were stopped.
      const unknown = DIALER_AUTH === 'v1' ? last.summary.unknown : 0;
      expect(unknown).toBeLessThanOrEqual(2 * concurrency * rowsPerRequest);
      expect(counts(last)).toEqual({
        ScheduledRecord: list.records.length - unknown,
        ...(unknown > 0 && { OutcomeUnknownError: unknown }),
      });
    },
  );

  it.concurrent('whose database is killed in mid-run: what the key may still send is never called "not accepted"', async ({
    expect,
    onTestFinished,
  }) => {
    const sandbox = await startSlowSandbox(onTestFinished);
    const postgres = await startPostgres({ durable: true, files: inject('postgresFiles') });
    onTestFinished(() => postgres.stop());
    const env = { ...settings, DATABASE_URL: await postgres.createDatabase() };
    const replica = await startReplica(sandbox, env, onTestFinished);
    const list = longList();

    const asked = replica.schedule(list);
    await expect.poll(() => sandbox.ledger.length, patient).toBeGreaterThan(1000);
    await postgres.kill();
    const cut = await asked;
    expectTruth(expect, sandbox, list, cut);
    expect(Object.keys(counts(cut)).sort()).toEqual(['OutcomeUnknownError', 'ScheduledRecord']);

    await postgres.restart();
    expect(counts(await askUntilSettled(expect, replica, sandbox, list))).toEqual({
      ScheduledRecord: list.records.length,
    });
    // Asked once more, it is told again, and sends nothing.
    const sent = schedulesOf(sandbox);
    expect(counts(await replica.schedule(list))).toEqual({ ScheduledRecord: list.records.length });
    expect(schedulesOf(sandbox)).toBe(sent);
  }, 180_000);
});
