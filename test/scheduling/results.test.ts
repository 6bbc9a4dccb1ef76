// The results of a mutation, whatever its records.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lead, ledgerNumbers, startStack } from '../harness.ts';

describe('whatever the records', () => {
  it('there is one result each, in order; the counts agree; nothing is sent twice', async () => {
    const { scheduled, sandbox } = await startStack();
    const record = fc.record(
      {
        reference: fc.option(fc.string()),
        phoneNumber: fc.oneof(
          { weight: 4, arbitrary: fc.integer({ min: 0, max: 300 }).map((n) => lead(n).phoneNumber) },
          fc.string(),
        ),
        scheduledTime: fc.oneof({ weight: 4, arbitrary: fc.constant('2026-11-26 10:00:00') }, fc.string()),
        name: fc.option(fc.string({ unit: 'grapheme' })),
        priority: fc.option(fc.integer({ min: -5, max: 120 })),
      },
      { requiredKeys: ['phoneNumber', 'scheduledTime'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 250 }),
        fc.constantFrom('ALLOW' as const, 'SKIP' as const),
        fc.constantFrom('REJECT_FAILED_RECORDS' as const, 'REJECT_EVERYTHING' as const),
        fc.boolean(),
        async (records, duplicates, errorPolicy, validateOnly) => {
          sandbox.reset();
          const { results, summary, status } = await scheduled({
            records,
            duplicates,
            errorPolicy,
            validateOnly,
          });
          expect(results.map(({ index }) => index)).toEqual(records.map((_, index) => index));
          expect(results.map(({ reference }) => reference)).toEqual(
            records.map(({ reference }) => reference ?? null),
          );

          const count = (kind: string) => results.filter(({ __typename }) => __typename === kind).length;
          const { total, scheduled: sent, valid, failed, skipped, unknown } = summary;
          expect(sent).toBe(count('ScheduledRecord'));
          expect(valid).toBe(count('ValidRecord'));
          expect(skipped).toBe(count('DuplicateRecordError'));
          expect(unknown).toBe(0);
          expect(sent + valid + failed + skipped).toBe(total);
          expect(status === 'VALIDATED').toBe(validateOnly);

          expect(sandbox.ledger).toHaveLength(sent);
          if (duplicates === 'SKIP') expect(new Set(ledgerNumbers(sandbox)).size).toBe(sent);
        },
      ),
      { numRuns: 60 },
    );
  });
});
