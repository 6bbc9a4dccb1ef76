// The rules that hold whatever happens upstream: random faults, sizes and concurrency, callers that leave, and the same
// key sent again. What every record is told is held against the sandbox's exact ledger.

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FaultName, faults, type ScriptedFault } from '../../src/sandbox/sandbox.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, type leads, type Payload, type Stack, sendTo, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

const latencyMs = 15;
/** Long pauses and endless answers say nothing new here, and cost the whole run its time. */
const names = (Object.keys(faults) as FaultName[]).filter((name) => !/retry-after|huge|half-open/.test(name));

/** A list that leaves rows out without a sign of it is a lie, and no reader can tell. */
const honest = names.filter((name) => !name.startsWith('entries-missing'));

const times = fc.integer({ min: 1, max: 3 });
const onRows = fc.record({ fault: fc.constantFrom(...names), times, on: fc.constant('schedule' as const) });
const onList = fc.record({
  fault: fc.constantFrom(...honest),
  times,
  on: fc.constantFrom('scheduledData' as const, 'token' as const),
});
const scripts = fc.array(fc.oneof(onRows, onList), { maxLength: 6 });

const requests = fc.array(
  fc.record({
    size: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 90, max: 320 })),
    bad: fc.uniqueArray(fc.nat(319), { maxLength: 4 }),
    leavesAfterMs: fc.option(fc.nat(60), { freq: 4 }),
    duplicates: fc.constantFrom('ALLOW' as const, 'SKIP' as const),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The numbers of a payload's records in the ledger: how often each. */
function occurrences({ sandbox }: Stack): Map<string, number> {
  const count = new Map<string, number>();
  for (const { phoneNumber } of sandbox.ledger) count.set(phoneNumber, (count.get(phoneNumber) ?? 0) + 1);
  return count;
}

function expectTruth(stack: Stack, records: ReturnType<typeof leads>, { results, summary }: Payload): void {
  expect(results.map(({ index }) => index)).toEqual(records.map((_, n) => n));
  expect(results.map(({ reference }) => reference)).toEqual(records.map(({ reference }) => reference));
  expect(summary.total).toBe(records.length);
  const held = occurrences(stack);
  const lies = results.flatMap((result, n): object[] => {
    const count = held.get(records[n]?.phoneNumber ?? '') ?? 0;
    if (count > 1) return [{ 'sent twice': result }];
    if (result.__typename === 'ScheduledRecord') return count === 1 ? [] : [{ 'not there': result }];
    return result.__typename === 'OutcomeUnknownError' || count === 0 ? [] : [{ 'and there': result }];
  });
  expect(lies).toEqual([]);
}

describe.concurrent.each(['v1', 'basic', 'token'])(
  'with DIALER_AUTH=%s, whatever the dialer does',
  (dialect) => {
    it('every record has one true result, and no number is in the ledger twice', async () => {
      let numbers = 0;
      await fc.assert(
        fc.asyncProperty(
          scripts,
          requests,
          fc.integer({ min: 1, max: 6 }),
          async (script, wanted, concurrency) => {
            const finishers: (() => unknown)[] = [];
            const stack = await startStack({
              running: true,
              onFinished: (finish) => finishers.push(finish as () => unknown),
              env: {
                DIALER_AUTH: dialect,
                DIALER_CONCURRENCY: String(concurrency),
                DIALER_TIMEOUT_MS: '150',
                DIALER_RECONCILE: 'on',
                DIALER_SETTLE_MS: '120',
              },
            });
            try {
              stack.sandbox.script(
                ...script.map((fault): ScriptedFault => ({ ...fault, latencyMs, status: 200, body: '{}' })),
              );
              const answers = await Promise.all(
                wanted.map(async ({ size, bad, leavesAfterMs, duplicates }) => {
                  const records = Array.from({ length: size }, (_, n) =>
                    lead(numbers++, bad.includes(n) ? { name: 'POISON' } : {}),
                  );
                  const input = {
                    campaignName: 'Sales_Demo',
                    records,
                    duplicates,
                    idempotencyKey: randomUUID(),
                  };
                  if (leavesAfterMs !== null) {
                    const caller = AbortSignal.timeout(leavesAfterMs);
                    await sendTo(stack.url, ScheduleDocument, { input }, caller).catch(() => {});
                  }
                  return { input, payload: await stack.scheduled(input) };
                }),
              );
              const isLate = ({ fault }: { fault: string | null }) =>
                fault !== null && faults[fault as FaultName].accepts === 'later';
              // A late acceptance may still be to come.
              if (stack.sandbox.requests.some(isLate))
                await new Promise((resolve) => setTimeout(resolve, 2 * latencyMs));
              for (const { input, payload } of answers) expectTruth(stack, input.records, payload);

              // The same again, until nothing is left that may be sent; then nothing is.
              for (;;) {
                let isRetryable = false;
                const sent = stack.sandbox.requests.filter(({ kind }) => kind === 'schedule').length;
                for (const { input } of answers) {
                  const payload = await stack.scheduled(input);
                  expectTruth(stack, input.records, payload);
                  isRetryable ||= payload.results.some((result) => 'retryable' in result && result.retryable);
                }
                const sentNow = stack.sandbox.requests.filter(({ kind }) => kind === 'schedule').length;
                if (!isRetryable && sentNow === sent) return;
                // A token that could not be had is not asked for again for some seconds.
                await new Promise((resolve) => setTimeout(resolve, 50));
              }
            } finally {
              for (const finish of finishers.reverse()) await finish();
            }
          },
        ),
        { numRuns: runs(6) },
      );
    }, 180_000);
  },
);
