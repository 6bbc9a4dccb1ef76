// The judge of a soak of imports: each kind of lie about a row is found, and the truth is taken for none.

import { expect, it } from 'vitest';
import type { LedgerRow } from '../../src/sandbox/sandbox.ts';
import type { PlannedRow, RowKind } from './file-plan.ts';
import { judgeFile, type ToldRow } from './file-verdict.ts';

const number = '9810000000';
const time = '2026-11-26 10:00:00';

function planned(kind: RowKind): PlannedRow {
  return { kind, cells: [number, time, 'Lead'] };
}

function row(fields: Partial<LedgerRow> = {}): LedgerRow {
  return { phoneNumber: number, scheduledTime: time, fields: { Name: 'Lead' }, ...fields } as LedgerRow;
}

it.each<[kind: RowKind, outcome: string, ledger: LedgerRow[], violations: string[]]>([
  ['good', 'scheduled', [row()], []],
  ['good', 'scheduled', [], ['lost']],
  ['good', 'scheduled', [row(), row()], ['twice']],
  ['good', 'scheduled', [row({ scheduledTime: '2026-11-27 10:00:00' })], ['false']],
  ['good', 'scheduled', [row({ fields: { Name: 'Another' } })], ['false']],
  ['good', 'scheduled', [row(), row({ phoneNumber: '9810000001' })], ['false']],
  ['good', 'unknown', [row()], []],
  ['good', 'unknown', [], []],
  ['good', 'failed', [], []],
  ['good', 'failed', [row()], ['false']],
  ['good', 'skipped', [], ['false']],
  ['good', 'not-sent', [], ['unsettled']],
  ['good', 'not-sent', [row()], ['false']],
  ['refused', 'failed', [], []],
  ['invalid', 'failed', [], []],
  ['invalid', 'scheduled', [row()], ['false']],
])('a row that is %s is told %s', (kind, outcome, ledger, violations) => {
  expect(judge([planned(kind)], [told(outcome)], ledger)).toEqual(violations);
});

it('a row that repeats a number is skipped, and the number is scheduled once', () => {
  const file = [planned('good'), planned('repeated')];
  expect(judge(file, [told('scheduled'), told('skipped', 3)], [row()])).toEqual([]);
  expect(judge(file, [told('scheduled'), told('scheduled', 3)], [row(), row()])).toEqual([
    'twice',
    'lost',
    'false',
  ]);
});

it('the results are those of the file, and the counts are those of the results', () => {
  const file = [planned('good')];
  const scheduled = [told('scheduled')];
  expect(judge(file, [], [row()])).toContain('shape');
  expect(judge(file, [told('scheduled', 3)], [row()])).toEqual(['shape']);
  expect(judge(file, [{ ...told('scheduled'), cells: ['', time, 'Lead'] }], [row()])).toEqual(['shape']);
  expect(judge(file, scheduled, [row()], { total: 2 })).toEqual(['shape']);
  expect(judge(file, scheduled, [row()], { scheduled: 0, unknown: 1 })).toEqual(['shape', 'shape']);
  const failed = [told('failed')];
  expect(judge(file, failed, [], {}, { errorCounts: [] })).toEqual(['shape']);
  expect(judge(file, failed, [], {}, { firstErrors: [] })).toEqual(['shape']);
});

function told(outcome: string, line = 2): ToldRow {
  const code = outcome === 'failed' ? 'INVALID_FIELD' : '';
  return { cells: [number, time, 'Lead'], line, outcome, code };
}

/** With the counts that the rows have, where no others are given. */
function judge(
  file: readonly PlannedRow[],
  rows: readonly ToldRow[],
  ledger: readonly LedgerRow[],
  counts: object = {},
  errors: object = {},
): string[] {
  const count = (outcome: string) => rows.filter((one) => one.outcome === outcome).length;
  const failed = rows.filter(({ outcome }) => outcome === 'failed');
  const end = {
    counts: {
      total: rows.length,
      valid: 0,
      scheduled: count('scheduled'),
      failed: failed.length,
      skipped: count('skipped'),
      unknown: count('unknown'),
      notSent: count('not-sent'),
      ...counts,
    },
    errorCounts: failed.length === 0 ? [] : [{ code: 'INVALID_FIELD' as const, count: failed.length }],
    firstErrors: failed.map(({ line }) => ({ line })),
    ...errors,
  } as Parameters<typeof judgeFile>[2];
  return judgeFile(file, rows, end, { rows: ledger }).violations.map(({ kind }) => kind);
}
