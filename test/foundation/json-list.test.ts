// An object with one long list, read while it comes: whatever its pieces are, it is what JSON.parse reads, or nothing.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonListReader } from '../../src/foundation/json-list.ts';
import { runs } from '../property-runs.ts';

/** As it comes in pieces of these lengths, again and again; undefined where it is refused. */
function read(text: string, lengths: readonly number[]): unknown {
  const reader = new JsonListReader({ member: 'message' });
  const items: unknown[] = [];
  try {
    for (let at = 0, n = 0; at < text.length; n++) {
      const length = lengths[n % lengths.length] ?? 1;
      for (const some of reader.write(text.slice(at, at + length))) items.push(...some);
      at += length;
    }
    const { object, hadList } = reader.end();
    return hadList ? { ...(object as object), message: items } : object;
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return undefined;
  }
}

const lengths = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 4 });
const objects = fc
  .record({
    before: fc.dictionary(fc.string(), fc.jsonValue()),
    message: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
    after: fc.dictionary(fc.string(), fc.jsonValue()),
    repeated: fc.nat(12),
  })
  .map(({ before, message, after, repeated }) => ({
    ...before,
    message: Array.isArray(message) ? Array(repeated).fill(message).flat() : message,
    ...after,
  }));

describe('an object with a list', () => {
  it('is what JSON.parse reads, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(objects, lengths, fc.constantFrom(undefined, 1, '\t'), (object, pieces, space) => {
        const text = JSON.stringify(object, null, space);
        expect(read(text, pieces)).toEqual(JSON.parse(text));
      }),
      { numRuns: runs(60) },
    );
  });

  it('that was cut anywhere, or has anything behind it, is refused', () => {
    fc.assert(
      fc.property(
        objects,
        lengths,
        fc.nat(),
        fc.constantFrom('{}', '1', ',', ']'),
        (object, pieces, at, more) => {
          const text = JSON.stringify(object);
          expect(read(text.slice(0, at % text.length), pieces)).toBeUndefined();
          expect(read(text + more, pieces)).toBeUndefined();
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('of which a character was changed is what JSON.parse reads, or is refused', () => {
    const marks = fc.constantFrom(...'{}[],:"\\ 1e');
    fc.assert(
      fc.property(objects, lengths, fc.nat(), marks, (object, pieces, at, mark) => {
        const text = JSON.stringify(object);
        const changed = text.slice(0, at % text.length) + mark + text.slice((at % text.length) + 1);
        const found = read(changed, pieces);
        if (found !== undefined) expect(found).toEqual(JSON.parse(changed));
      }),
      { numRuns: runs(60) },
    );
  });

  it.each([
    ['an item missing', '{"message":[1,,2]}'],
    ['an item missing at the end', '{"message":[1,]}'],
    ['the list twice', '{"message":[1],"message":[2]}'],
    ['the list closed as an object', '{"message":[1}}'],
    ['a bare list', '[1,2]'],
    ['a text', '"message"'],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => {
    for (const length of [1, 3, 100]) expect(read(text, [length])).toBeUndefined();
  });

  it('keeps no more than the item that is not complete, and refuses one that is longer than is read', () => {
    const reader = new JsonListReader({ member: 'message', maxItemLength: 1000, maxRestLength: 1000 });
    let items = 0;
    const count = (text: string) => {
      for (const some of reader.write(text)) items += some.length;
    };
    count('{"status":"success","message":[0');
    for (let n = 0; n < 100_000; n++) count(`,{"n":${n}}`);
    expect(items).toBeGreaterThan(95_000);
    count(',"');
    expect(() => {
      for (let n = 0; n < 100; n++) count('x'.repeat(500));
    }).toThrow(SyntaxError);
  });
});
