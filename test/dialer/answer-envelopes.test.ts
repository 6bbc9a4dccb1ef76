// What an answer says of its rows against what it says of the whole: entries that speak for themselves are believed under any
// envelope, and rows that are named anywhere else are never taken for refused.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChunkAnswer } from '../../src/dialer/chunk.ts';
import { readAnswer } from '../../src/dialer/dialects/schedule-reply.ts';
import { texts } from '../../src/upstream/contract.ts';
import { chunk, numbers, replyOf } from './three-rows.ts';

function read(json: unknown, status = 200): ChunkAnswer {
  return readAnswer(replyOf(JSON.stringify(json), status), chunk, [], 0);
}

const good = fc.constantFrom('success', 'SUCCESS', 'ok', 'true', true);
const bad = fc.constantFrom('error', 'FAIL', 'failure', 'failed', 'false', false);
const refusal = fc.constantFrom('Agent not found', texts.wrongDateFormat, texts.numberExists);

/** An entry of the row at `n`, and what is to be made of it. */
const entryOf = (n: number) =>
  fc.tuple(fc.boolean(), good, bad, refusal, fc.boolean()).map(([isTaken, yes, no, text, hasIndex]) => ({
    expected: isTaken ? 'scheduled' : 'refused',
    entry: {
      Response: isTaken ? yes : no,
      msg: isTaken ? texts.updated : text,
      PhoneNumber: numbers[n],
      ...(hasIndex && { index: String(n) }),
    },
  }));

describe('an answer with entries', () => {
  it('is believed entry by entry, whatever its envelope says of the whole', () => {
    fc.assert(
      fc.property(
        fc.tuple(...numbers.map((_, n) => entryOf(n))),
        fc.oneof(good, bad, fc.constant(undefined)),
        fc.constantFrom('list', 'map'),
        (rows, status, form) => {
          const entries = rows.map(({ entry }) => entry);
          const message = form === 'list' ? entries : Object.fromEntries(Object.entries(entries));
          const answer = read({ status, message });
          expect(answer.kind === 'rows' && answer.rows.map(({ kind }) => kind)).toEqual(
            rows.map(({ expected }) => expected),
          );
        },
      ),
    );
  });
});

describe('an answer that names a number where no entry is', () => {
  it('is unknown, however it is said to have failed', () => {
    const named = fc.constantFrom(...numbers).map((PhoneNumber) => ({ PhoneNumber }));
    const key = fc.constantFrom('data', 'rows', 'rejected', 'details', 'error');
    const inner = fc.oneof(
      named,
      fc.array(named, { minLength: 1, maxLength: 3 }),
      fc.tuple(key, named).map(([at, value]) => ({ [at]: value })),
    );
    fc.assert(
      fc.property(bad, key, inner, fc.boolean(), (status, at, value, isBeside) => {
        const json = isBeside
          ? { status, message: texts.wrongDateFormat, [at]: value }
          : { status, message: { [at]: value } };
        expect(read(json).kind).toBe('unknown');
      }),
    );
  });
});
