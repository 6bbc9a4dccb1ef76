// Which parts of refused chunks are sent next, by the decisions alone: against dialers of any kind, over many lists.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChunkAnswer, RefusalReason } from '../../src/dialer/chunk.ts';
import type { RowRange } from '../../src/dialer/row-range.ts';
import { Narrowing } from '../../src/scheduling/narrowing.ts';

type Rows = (range: RowRange) => ChunkAnswer;

const refused = (reason: RefusalReason): ChunkAnswer => ({
  kind: 'refused',
  refusal: { reason, text: 'no' },
});

/** Refuses a chunk that has a bad row, and takes every other. */
const refusing =
  (bad: ReadonlySet<number>, reason: RefusalReason): Rows =>
  ({ start, size }) => {
    const positions = Array.from({ length: size }, (_, n) => start + n);
    if (positions.some((position) => bad.has(position))) return refused(reason);
    return { kind: 'rows', rows: positions.map(() => ({ kind: 'scheduled', dialerTime: null, text: '' })) };
  };

/** What became of each row, and how many requests that took. A row that is answered twice fails. */
function sendAll(total: number, answer: Rows) {
  const narrowing = new Narrowing();
  const kinds = new Array<string | undefined>(total);
  let requests = 0;
  const settle = ({ start, size }: RowRange, kind: string) => {
    for (let at = start; at < start + size; at++) {
      if (kinds[at] !== undefined) throw new Error(`row ${at} is answered twice`);
      kinds[at] = kind;
    }
  };
  const send = (range: RowRange): void => {
    const { refusal } = narrowing;
    if (refusal === undefined) requests++;
    const told: ChunkAnswer = refusal === undefined ? answer(range) : { kind: 'refused', refusal };
    const parts = narrowing.learn(range, told);
    if (parts === undefined) settle(range, told.kind);
    else for (const part of parts) send(part);
  };
  for (let start = 0; start < total; start += 100) send({ start, size: Math.min(100, total - start) });
  for (let ranges = narrowing.next(); ranges !== undefined; ranges = narrowing.next())
    for (const range of ranges) send(range);
  for (const range of narrowing.standing()) settle(range, 'refused');
  return { kinds, requests };
}

const list = fc
  .integer({ min: 1, max: 1500 })
  .chain((total) => fc.tuple(fc.constant(total), fc.uniqueArray(fc.integer({ min: 0, max: total - 1 }))));

describe('narrowing', () => {
  it.each<RefusalReason>(['wrong-date', 'other'])(
    'gives every row one answer, and where one is scheduled refuses the bad ones alone (%s)',
    (reason) => {
      fc.assert(
        fc.property(list, ([total, positions]) => {
          const bad = new Set(positions);
          const { kinds } = sendAll(total, refusing(bad, reason));
          if (reason === 'wrong-date' || kinds.includes('rows'))
            expect(kinds).toEqual(kinds.map((_, at) => (bad.has(at) ? 'refused' : 'rows')));
          else expect(kinds).toEqual(kinds.map(() => 'refused'));
        }),
      );
    },
  );

  it('costs a list of which every row is refused in unknown words little more than two requests a chunk', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (total) => {
        const { kinds, requests } = sendAll(total, () => refused('other'));
        expect(kinds).toEqual(kinds.map(() => 'refused'));
        expect(requests).toBeLessThanOrEqual(2 * Math.ceil(total / 100) + 50);
      }),
    );
  });

  it('sends nothing more once the account or the campaign is refused, and answers every row so', () => {
    fc.assert(
      fc.property(list, fc.nat({ max: 40 }), ([total, positions], last) => {
        const bad = new Set(positions);
        let sent = 0;
        const { kinds, requests } = sendAll(total, (range) =>
          sent++ >= last ? refused('account-or-campaign') : refusing(bad, 'other')(range),
        );
        expect(kinds).not.toContain(undefined);
        expect(requests).toBeLessThanOrEqual(last + 1);
      }),
    );
  });
});
