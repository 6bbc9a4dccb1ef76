// Each row gets its own entry of an answer, or none: also where numbers come twice, or are alike, and entries come in another order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chunk } from '../../src/dialer/chunk.ts';
import { readAnswer } from '../../src/dialer/dialects/schedule-reply.ts';
import { runs } from '../property-runs.ts';
import { replyOf } from './three-rows.ts';

const map = ['PhoneNumber', 'ScheduledTime', 'Name'];

type Row = readonly [phone: string, time: string, name: string];

function chunkOf(data: readonly Row[]): Chunk {
  const bulkData = { map, data };
  return { campaignName: 'Sales_Demo', checkDuplicate: false, timeZone: 'Asia/Kolkata', bulkData };
}

interface Style {
  repeats: readonly ('ScheduleTime' | 'Name')[];
  index: 'own' | 'position' | 'zero' | 'none';
  isDecoded: boolean;
}

/** The entries of rows in some order; those of `taken` succeeded. */
function bodyOf(data: readonly Row[], order: readonly number[], taken: ReadonlySet<number>, style: Style) {
  const message = order.map((n, position) => {
    const [phone, time, name] = data[n] as Row;
    const index = { own: n, position, zero: 0, none: undefined }[style.index];
    return {
      Response: taken.has(n) ? 'success' : 'error',
      msg: taken.has(n) ? 'Data updated successfully' : 'Agent not found',
      PhoneNumber: style.isDecoded ? phone.replace('%2B', '+') : phone,
      ...(style.repeats.includes('ScheduleTime') && { ScheduleTime: time }),
      ...(style.repeats.includes('Name') && { Name: name }),
      ...(index !== undefined && { index: String(index) }),
    };
  });
  return JSON.stringify({ status: 'success', message });
}

function kindsOf(data: readonly Row[], body: string): string[] {
  const answer = readAnswer(replyOf(body), chunkOf(data), [], 0);
  return answer.kind === 'rows' ? answer.rows.map(({ kind }) => kind) : [answer.kind];
}

const [ten, eleven] = ['2026-12-05 10:00:00', '2026-12-05 11:00:00'];
const all: Style = { repeats: ['ScheduleTime', 'Name'], index: 'none', isDecoded: true };

describe('entries in another order', () => {
  const alike: [what: string, data: Row[]][] = [
    [
      'one number at two times',
      [
        ['9876000001', ten, 'A'],
        ['9876000001', eleven, 'B'],
      ],
    ],
    [
      'one number with two names',
      [
        ['9876000001', ten, 'A'],
        ['9876000001', ten, 'B'],
      ],
    ],
    [
      'numbers that end alike',
      [
        ['%2B14155216860', ten, 'A'],
        ['4155216860', ten, 'A'],
      ],
    ],
  ];
  const indexes = ['own', 'position', 'zero', 'none'] as const;

  it.each(alike.flatMap(([what, data]) => indexes.map((index) => [what, index, data] as const)))(
    'are told apart by what they repeat: %s, index %s',
    (_, index, data) => {
      const body = bodyOf(data, [1, 0], new Set([0]), { ...all, index });
      expect(kindsOf(data, body)).toEqual(['scheduled', 'refused']);
    },
  );

  it('leave unknown what they do not tell apart', () => {
    const [, data] = alike[0] as (typeof alike)[number];
    const body = bodyOf(data, [1, 0], new Set([0]), { ...all, repeats: [] });
    expect(kindsOf(data, body)).toEqual(['unknown', 'unknown']);
  });

  it('do not matter where two rows are the same, or have the same answer', () => {
    const twice: Row[] = [
      ['9876000001', ten, 'A'],
      ['9876000001', ten, 'A'],
    ];
    expect(kindsOf(twice, bodyOf(twice, [0, 1], new Set([0]), all)).sort()).toEqual(['refused', 'scheduled']);
    const [, data] = alike[0] as (typeof alike)[number];
    const body = bodyOf(data, [1, 0], new Set([0, 1]), { ...all, repeats: [] });
    expect(kindsOf(data, body)).toEqual(['scheduled', 'scheduled']);
  });
});

it('never gives a row the verdict of another one, whatever is repeated, in any order', () => {
  const row = fc.tuple(
    fc.constantFrom('9876000001', '9876000002', '%2B919876000001', '4155216860', '%2B14155216860'),
    fc.constantFrom(ten, eleven),
    fc.constantFrom('A', 'B', ''),
  );
  const cases = fc.uniqueArray(row, { minLength: 1, maxLength: 5, selector: String }).chain((data) =>
    fc.record({
      data: fc.constant(data),
      order: fc.shuffledSubarray([...data.keys()], { minLength: data.length }),
      taken: fc.subarray([...data.keys()]).map((rows) => new Set(rows)),
      repeats: fc.subarray(['ScheduleTime', 'Name'] as const),
      index: fc.constantFrom('own', 'zero', 'none'),
      isDecoded: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(cases, ({ data, order, taken, ...style }) => {
      const told = kindsOf(data, bodyOf(data, order, taken, style));
      for (const [n, kind] of told.entries())
        if (kind !== 'unknown') expect(kind).toBe(taken.has(n) ? 'scheduled' : 'refused');
      if (style.repeats.length === 2) expect(told).not.toContain('unknown');
    }),
    { numRuns: runs(2000) },
  );
});
