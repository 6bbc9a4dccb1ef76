// JSON that is read and written a slice at a time is the JSON that it would be in one go, whatever the text.

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, TooDeep } from '../../src/foundation/json-reader.ts';
import { isLong, WrittenList, writeJson } from '../../src/foundation/json-writer.ts';
import { runs } from '../property-runs.ts';
import { createRandom } from '../soak/random.ts';

const sliceLengths = [1, 2, 3, 5, 8, 16, 32];

/** What JSON.parse makes of a text, or that it makes nothing of it. */
function parsed(text: string): { value: unknown } | 'no JSON' {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return 'no JSON';
  }
}

/** Cut at random places. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = random.below(3) === 0 ? random.below(text.length + 1) : random.below(5);
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

async function expectAsInOneGo(text: string, sliceLength: number): Promise<void> {
  const read = await parseJson(piecesOf(text), { sliceLength }).then(
    (value) => ({ value }),
    (error: unknown) => {
      if (error instanceof SyntaxError) return 'no JSON' as const;
      throw error;
    },
  );
  const whole = parsed(text);
  // The order of members as well.
  if (!isDeepStrictEqual(read, whole) || JSON.stringify(read) !== JSON.stringify(whole))
    expect.fail(`${text} in slices of ${sliceLength} is ${JSON.stringify(read)}`);
}

async function written(value: unknown, pieceLength: number): Promise<string> {
  let text = '';
  for await (const piece of writeJson(value, pieceLength)) text += piece;
  return text;
}

const random = createRandom(Date.now(), 'json');
const one = <Value>(values: readonly Value[]) => values[random.below(values.length)] as Value;

const names = [
  ...[
    'records',
    'rec\\u006frds',
    'input',
    'variables',
    '__proto__',
    '\\u005f_proto__',
    'constructor',
    'toJSON',
  ],
  ...['1', '0', '', '\\"', '\\\\', '},{', '[', '\\u0022', 'é', '\u2028'],
];
const values = [
  ...['1', '-0', '1e5', '12345678901234567890', 'true', 'null', '[]', '{}'],
  ...['"x"', '""', '"\\""', '"\\\\"', '"\\\\\\""', '"],[{"', '"a,b"', '"\\u2028"', '"records"'],
];
const blanks = ['', '', '', '', ' ', '\n', '\t\r '];

function writeText(depth: number): string {
  if (depth === 0 || random.chance(0.3)) return one(values);
  const count = random.below(random.chance(0.1) ? 12 : 4);
  const isList = random.chance(0.5);
  const items = Array.from({ length: count }, () => {
    const value = one(blanks) + writeText(depth - 1) + one(blanks);
    return isList ? value : `${one(blanks)}"${one(names)}"${one(blanks)}:${value}`;
  });
  return isList ? `[${items.join(',')}${one(blanks)}]` : `{${items.join(',')}${one(blanks)}}`;
}

const bits = ['"', '\\', ',', '[', ']', '{', '}', ':', ' ', '1', '\u0000', 'null', '"a":', '{}', '[]', ',,'];

/** The text with a character or two put in, taken out, a piece of it twice, or one bracket for another. */
function spoil(text: string): string {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + random.below(4));
  const brackets = [...text.matchAll(/[[\]{}]/g)].map(({ index }) => index);
  switch (random.below(brackets.length === 0 ? 3 : 4)) {
    case 3: {
      const bracket = one(brackets);
      return text.slice(0, bracket) + one(['[', ']', '{', '}']) + text.slice(bracket + 1);
    }
    case 0:
      return text.slice(0, at) + one(bits) + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    default:
      return text.slice(0, to) + text.slice(at);
  }
}

describe('a text that is read in slices', () => {
  it('is what JSON.parse says, or no JSON, for 10,000 texts', async () => {
    let good = 0;
    for (let n = 0; n < 10_000; n++) {
      const whole = writeText(1 + random.below(4));
      const text = random.chance(0.5) ? whole : spoil(whole);
      if (parsed(text) !== 'no JSON') good++;
      await expectAsInOneGo(text, one(sliceLengths));
    }
    expect(good).toBeGreaterThan(5000);
    expect(good).toBeLessThan(9000);
  });

  it('is what JSON.parse says of anything that has a text', async () => {
    const lengths = fc.constantFrom(...sliceLengths);
    await fc.assert(
      fc.asyncProperty(
        fc.json({ maxDepth: 6 }),
        lengths,
        fc.constantFrom('', ' ', ',', ']', '}'),
        (text, length, end) => expectAsInOneGo(text + end, length),
      ),
      { numRuns: runs(400) },
    );
  });

  const records = Array.from({ length: 4000 }, (_, n) => ({
    n,
    name: 'Asha Rao',
    rows: [{ awkward: '},{"' }],
  }));
  const text = JSON.stringify(records);

  it.each([
    ['records under several variables', `{"variables":{"a":{"records":${text}},"b":{"records":${text}}}}`],
    ['a key that is written with an escape', `{"a":{"rec\\u006frds":${text}},"b":{"records":${text}}}`],
    ['the same key twice', `{"records":${text},"b":1,"records":[1]}`],
    ['the same key twice, the longer last', `{"records":[1],"b":1,"records":${text}}`],
    ['a prototype for a key', `{"variables":{"__proto__":{"records":${text}}}}`],
    ['lists within lists', `[[[${text}],[]],${text}]`],
    ['a list that is the whole', text],
    ['a text that is the whole', JSON.stringify('x'.repeat(300_000))],
    [
      'a wide object',
      JSON.stringify(Object.fromEntries(records.map((record) => [`key-${record.n}`, record]))),
    ],
    ['a deep list', `["${'x'.repeat(200_000)}",${'['.repeat(250)}${']'.repeat(250)}]`],
    ['lists that each end in another', `${`["${'x'.repeat(50_000)}",`.repeat(10)}1${']'.repeat(10)}`],
    ['much white space', `{"records":${' '.repeat(200_000)}[1]}`],
  ])('is what JSON.parse says, with %s', async (_, whole) => {
    for (const sliceLength of [1000, 65_536]) {
      const read = await parseJson(whole.match(/.{1,65536}/gs) ?? [], { sliceLength });
      expect(JSON.stringify(read) === JSON.stringify(JSON.parse(whole))).toBe(true);
    }
  });

  it.each([
    ['cut short', (whole: string) => whole.slice(0, -1)],
    ['cut short in a string', (whole: string) => whole.slice(0, whole.lastIndexOf('"'))],
    ['with a broken record', (whole: string) => whole.replace('"n":3000', '"n":')],
    ['with a second end', (whole: string) => `${whole}]`],
    ['with a second text', (whole: string) => whole + whole],
    ['with a comma at its end', (whole: string) => `${whole.slice(0, -1)},]`],
    ['with two commas', (whole: string) => whole.replace('{"n":3000', ',{"n":3000')],
    ['with the wrong bracket', (whole: string) => `${whole.slice(0, -1)}}`],
  ])('is no JSON where it is %s', async (_, change) => {
    await expect(parseJson(piecesOf(change(text)))).rejects.toThrow(SyntaxError);
  });

  it('is refused where it is deeper than it may be, or has more values', async () => {
    const deep = `[${'['.repeat(70)}${']'.repeat(70)},"${'x'.repeat(200_000)}"]`;
    await expect(parseJson([deep], { maxDepth: 64 })).rejects.toThrow(TooDeep);
    await expect(parseJson([deep.replace('[', '['.repeat(200))])).rejects.toThrow(TooDeep);
    await expect(parseJson([deep], { maxDepth: 71 })).resolves.toEqual(JSON.parse(deep));
    let told = 0;
    await parseJson([text], { onValues: (count) => (told += count) });
    // Brackets and commas: three of each record's own, two in it, and one behind it.
    expect(told).toBe(1 + 4000 * 6 - 1);
    const tooMany = () => {
      throw new Error('too many');
    };
    await expect(parseJson([text], { onValues: tooMany })).rejects.toThrow('too many');
  });

  it('lets others have their turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++);
    await parseJson([`[${Array.from({ length: 20 }, () => text).join(',')}]`]);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('a value that is written in pieces', () => {
  class Point {
    readonly x = 1;
    readonly y = 'y'.repeat(30);
  }
  // biome-ignore lint/suspicious/noSparseArray: it is what is written as null
  const sparse = [1, , 'x'.repeat(20), , undefined];
  const said = { toJSON: (key: string) => ({ key, long: 'x'.repeat(30), toJSON: () => 'not asked' }) };

  it.each<[string, unknown]>([
    [
      'members without a text',
      { a: undefined, b: () => 1, c: Symbol('c'), d: ['x'.repeat(50)], e: undefined },
    ],
    ['items without a text', [undefined, () => 1, Symbol('c'), 'x'.repeat(50)]],
    ['a list with holes', { sparse, more: [sparse, sparse] }],
    ['dates', { dates: Array.from({ length: 9 }, (_, n) => new Date(n)) }],
    ['values that say what they are written as', { list: ['x'.repeat(40), said, [said]], member: said }],
    ['numbers that have no text', [Number.NaN, Infinity, -0, 'x'.repeat(40)]],
    ['boxed values', [new String('x'.repeat(40)), new Number(1), Object(false)]],
    ['classes, maps and lists with members', [new Point(), new Map([[1, 2]]), Object.assign([1], { a: 1 })]],
    [
      'a key that is a prototype',
      JSON.parse('{"__proto__":{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},"b":[1,2,3]}'),
    ],
    ['inherited members', Object.assign(Object.create({ inherited: 1 }), { own: 'x'.repeat(40) })],
    ['long texts', { text: 'x'.repeat(100), list: ['"\u2028\\'.repeat(50)] }],
    ['lists that are written', [{ a: new WrittenList(['1,{"b":2}', '3']) }, new WrittenList([])]],
    ['nothing', null],
    ['nothing in it', { a: [], b: {} }],
  ])('is what JSON.stringify says of %s', async (_, value) => {
    for (const pieceLength of sliceLengths)
      expect(await written(value, pieceLength)).toBe(JSON.stringify(value));
  });

  it('is what JSON.stringify says of any value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.anything({
          withDate: true,
          withSparseArray: true,
          withNullPrototype: true,
          withObjectString: true,
        }),
        fc.constantFrom(...sliceLengths),
        async (value, length) => {
          expect(await written(value, length)).toBe(JSON.stringify(value) ?? '');
        },
      ),
      { numRuns: runs(1000) },
    );
  });

  it('has no text where it has none, and none where it goes in a circle', async () => {
    expect(await written(undefined, 1)).toBe('');
    const circle: unknown[] = ['x'.repeat(20)];
    circle.push(circle);
    await expect(written(circle, 5)).rejects.toThrow(TypeError);
    await expect(written([1n, 'x'.repeat(20)], 5)).rejects.toThrow(TypeError);
  });

  it('comes in pieces, however few its items are', async () => {
    const value = { results: [{ reference: 'x'.repeat(100_000), again: 'y'.repeat(100_000) }] };
    expect(isLong(value)).toBe(true);
    const pieces: string[] = [];
    for await (const piece of writeJson(value)) pieces.push(piece);
    expect(pieces.join('')).toBe(JSON.stringify(value));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(110_000);
  });
});
