// kill -9 between the steps of a rescheduling, and a restart: the same keys find out how far each had come, and go on from there. Real
// processes on real sockets; the sandbox, which is not killed, holds the exact ledger.

import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { createSandbox, type Sandbox, type ScriptedFault } from '../../src/sandbox/sandbox.ts';
import { type RescheduleCampaignRecordsInput, RescheduleRecordsDocument } from '../gql/graphql.ts';
import { answered, sendTo } from '../harness.ts';
import { createTestDatabase } from '../postgres.ts';
import { startReplica } from '../replica.ts';

/** Each is not answered, and the process is killed while it waits: what was done by then, and what was not. */
const steps: [step: string, fault: ScriptedFault | null][] = [
  ['the new ones were on their way', { fault: 'hang-before' }],
  ['the new ones were taken, and that was not answered', { fault: 'hang-after' }],
  ['the former ones were to be deleted', { fault: 'hang-before', on: 'deleteScheduledData' }],
  [
    'the former ones were deleted, and that was not answered',
    { fault: 'hang-after', on: 'deleteScheduledData' },
  ],
  ['all was done, and answered', null],
  // While a list is fetched, no other is: from here on every request waits for one.
  ['the ids of the new ones were asked for', { fault: 'hang-before', on: 'scheduledData' }],
  ['nothing was done', null],
];
const recordsPerStep = 3;

async function placeFor(kind: string): Promise<Record<string, string>> {
  if (kind === 'server') return { DATABASE_URL: await createTestDatabase() };
  const DATA_DIR = join(tmpdir(), `dialgraph-${randomUUID()}`);
  cpSync(inject('dataDir'), DATA_DIR, { recursive: true });
  onTestFinished(() => rm(DATA_DIR, { recursive: true, force: true }));
  return { DATA_DIR };
}

async function startApp(sandbox: Sandbox, place: Record<string, string>) {
  const app = await startReplica(sandbox, {
    DIALER_SETTLE_MS: '0',
    DIALER_TIMEOUT_MS: '60000',
    DIALER_CAMPAIGN_CHECK: 'off',
    // One that hangs would have the next wait for it.
    COALESCE_WINDOW_MS: '0',
    ...place,
  });
  return {
    ...app,
    async reschedule(input: RescheduleCampaignRecordsInput) {
      const result = answered(
        (await sendTo(app.url, RescheduleRecordsDocument, { input })).rescheduleCampaignRecords,
      );
      if (result.__typename !== 'RescheduleCampaignRecordsPayload') throw new Error(result.message);
      return result;
    },
  };
}

it.each(['embedded', 'server'])(
  'kill -9 between any two steps calls nobody twice, and loses nobody (%s)',
  async (kind) => {
    const sandbox = await createSandbox();
    onTestFinished(() => sandbox.close());
    const place = await placeFor(kind);
    sandbox.fill(steps.length * recordsPerStep);
    const numbers = sandbox.ledger.map(({ phoneNumber }) => phoneNumber);
    const scheduledTime = new Date(Math.floor(Date.now() / 1000) * 1000 + 2 * 86_400_000).toISOString();
    const inputs = steps.map((_, step) => ({
      idempotencyKey: randomUUID(),
      records: sandbox.ledger
        .slice(step * recordsPerStep, (step + 1) * recordsPerStep)
        .map(({ id }) => ({ id, scheduledTime })),
    }));

    const first = await startApp(sandbox, place);
    const cut: Promise<unknown>[] = [];
    for (const [step, [, fault]] of steps.entries()) {
      const input = inputs[step] as RescheduleCampaignRecordsInput;
      const seen = sandbox.requests.length;
      // The records are found in a list before.
      if (fault?.on === 'scheduledData') sandbox.script({ fault: 'latency', latencyMs: 1, on: fault.on });
      if (fault !== null) sandbox.script(fault);
      const answer = first.reschedule(input);
      cut.push(answer.catch(() => null));
      if (fault !== null)
        await expect
          .poll(() => sandbox.requests.slice(seen).map((met) => `${met.kind} ${met.fault}`))
          .toContain(`${fault.on ?? 'schedule'} ${fault.fault}`);
      else if (step < steps.length - 1) expect(await answer).toMatchObject({ status: 'RESCHEDULED' });
    }
    await first.kill();
    await Promise.all(cut);
    sandbox.script();

    const second = await startApp(sandbox, place);
    for (const [step, input] of inputs.entries())
      await expect
        .poll(async () => (await second.reschedule(input)).status, { message: steps[step]?.[0] ?? '' })
        .toBe('RESCHEDULED');
    for (const input of inputs) {
      const again = await second.reschedule(input);
      expect(again.results.map(({ __typename }) => __typename)).toEqual(
        Array(recordsPerStep).fill('RescheduledRecord'),
      );
    }
    await second.kill();
    for (const number of numbers) {
      const rows = sandbox.ledger.filter(({ phoneNumber }) => phoneNumber === number);
      expect(rows.map(({ deleted = false }) => deleted)).toEqual([true, false]);
    }
  },
);
