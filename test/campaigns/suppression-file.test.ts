// What is read from a suppression file, in whatever pieces it comes, and that the digests of numbers find those and no others.

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberCollector, NumberDigests } from '../../src/campaigns/number-digests.ts';
import { SuppressionFileReader } from '../../src/campaigns/suppression-file.ts';
import { createPhoneNumberParser } from '../../src/scheduling/phone-number.ts';
import { createSuppressedNumberReader } from '../../src/scheduling/suppressed-number.ts';
import { runs } from '../property-runs.ts';

const readNumber = createSuppressedNumberReader('IN');

function readFile(...pieces: string[]) {
  const taken: string[] = [];
  const reader = new SuppressionFileReader(readNumber, (number) => taken.push(number));
  for (const piece of pieces) reader.push(piece);
  return { ...reader.end(), taken };
}

const [one, two, three] = ['+919876543210', '+919876543211', '+12125550123'] as const;

describe('a suppression file', () => {
  it.each([
    ['one number a line', '9876543210\n+919876543211\n+12125550123\n'],
    ['no line break at its end', '9876543210\n+919876543211\n+12125550123'],
    ['line breaks of Windows', '9876543210\r\n+919876543211\r\n+12125550123\r\n'],
    ['line breaks of old Macs', '9876543210\r+919876543211\r+12125550123'],
    ['blank lines', '\n9876543210\n\n  \n+919876543211\r\n\r\n+12125550123\n\n'],
    ['numbers as they are dialled', '098765 43210\n91-98765-43211\n0012125550123'],
    ['a header', 'PhoneNumber\n9876543210\n9876543211\n+12125550123'],
    ['a header of its own name', 'Gesperrt\n9876543210\n9876543211\n+12125550123'],
    ['quotes', '"9876543210"\n"+91 98765 43211"\n"+12125550123"'],
    ['a spreadsheet’s formulas', '"=""9876543210"""\n="9876543211"\n\'+12125550123'],
    ['columns', 'id,Phone Number,since\n1,9876543210,2026-01-01\n2,9876543211,\n3,+12125550123,x'],
    ['columns without names', '1,9876543210,2026-01-01\n2,9876543211,\n3,+12125550123,x'],
    ['semicolons', 'id;phone\n1;9876543210\n2;9876543211\n3;+12125550123'],
    ['tabs', 'id\tmobile\n1\t9876543210\n2\t9876543211\n3\t+12125550123'],
    [
      'quotes with separators, quotes and line breaks in them',
      'note,"phonenumber"\n"a, ""b""\nand c","9876543210"\n5" pipe,9876543211\r\n"x\r\ny",+12125550123\n',
    ],
    [
      'two columns, of which one has the very name',
      'Phone,PhoneNumber\n123,9876543210\n,9876543211\n9,+12125550123',
    ],
    ['the digits of other scripts', '९८७६५४३२१०\n+९१९८७६५४३२११\n+12125550123'],
  ])('may have %s', (_, text) => {
    const whole = readFile(text);
    expect(whole).toMatchObject({ taken: [one, two, three], numbers: 3, unreadable: 0 });
    expect(readFile(...text)).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const bounds = [0, ...cuts.sort((a, b) => a - b), text.length];
        expect(readFile(...bounds.map((cut, n) => text.slice(bounds[n - 1] ?? 0, cut)))).toEqual(whole);
      }),
      { numRuns: runs(10) },
    );
  });

  it('with names and no line below them has no number', () => {
    expect(readFile('id,PhoneNumber\n')).toMatchObject({ numbers: 0, unreadable: 0 });
  });

  it('tells the lines from which it reads nothing, as a person counts them', () => {
    const good = Array.from({ length: 40 }, (_, n) => `"a\nb",98765432${10 + n}`);
    const text = ['note,phone', ...good, 'x,not known', '', 'y,12345', ...good].join('\n');
    expect(readFile(text)).toMatchObject({ numbers: 80, unreadable: 2, firstUnreadable: [82, 84] });
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['blanks', '\n\n  \n', 'is empty'],
    [
      'other text',
      '<html>\n<body>\n</body>\n</html>',
      'has no telephone number in 3 of its 3 lines, such as line 2',
    ],
    ['JSON', '{"numbers": [\n"9876543210",\n"9876543211"\n]}', /no column|no telephone number/],
    [
      'one bad line of five',
      '9876543210\n9876543211\nx\n9876543212\n9876543213',
      'in 1 of its 5 lines, such as line 3',
    ],
    ['a column that nobody can tell', 'a,b\n1,9876543210', 'has no column in its first line'],
    ['two that it might be', 'phone,mobile\n1,9876543210', 'has several columns in its first line'],
    ['two columns of numbers', '9876543210,9876543211\n', 'more than one column with telephone numbers'],
    ['the wrong column', 'phone,real\n1,9876543210\n2,9876543211', 'in 2 of its 2 lines'],
    [
      'a quote that is not closed',
      'note,phone\nx,9876543210\n"y,9876543211\n',
      'quote that is not closed in line 3',
    ],
    [
      'a quote that is never closed',
      `9876543210\n"${'9876543211\n'.repeat(5000)}`,
      'a quote that is not closed',
    ],
    ['a line without an end', '9'.repeat(100_000), 'a row of more than 65536 characters'],
  ])('with %s is broken', (_, text, message) => {
    expect(() => readFile(text)).toThrow(message);
  });
});

describe('a number in a suppression file', () => {
  it.each(['IN', 'US', 'GB', 'DE', 'MX', 'BR', 'AR', 'IT', 'AU', 'RU'] as const)(
    'is the one that it would be in a record of an account in %s',
    (region) => {
      const read = createSuppressedNumberReader(region);
      const parse = createPhoneNumberParser(region);
      const code = { IN: 91, US: 1, GB: 44, DE: 49, MX: 52, BR: 55, AR: 54, IT: 39, AU: 61, RU: 7 }[region];
      const prefix = fc.constantFrom(
        ...[
          '',
          '0',
          '00',
          '1',
          '011',
          `+${code}`,
          `${code}`,
          `+${code}0`,
          `+${code}1`,
          `00${code}`,
          `0${code}`,
        ],
        ...['+', '+1', '+44', '+49', '+521', '+549', '8', '15', '044'],
      );
      const digits = fc.integer({ min: 10_000_000, max: 99_999_999_999 }).map(String);
      fc.assert(
        fc.property(prefix, digits, (prefix, digits) => {
          const number = parse(prefix + digits);
          if ('e164' in number) expect(read(prefix + digits)).toContain(number.e164);
        }),
        { numRuns: runs(1500) },
      );
    },
  );
});

it('a line that people read as two numbers keeps both from being called', () => {
  const read = createSuppressedNumberReader('DE');
  expect([...read('4915123456789')].sort()).toEqual(['+4915123456789', '+494915123456789']);
  expect(read('0151 23456789')).toEqual(['+4915123456789']);
});

describe('the digests of numbers', () => {
  const digestsOf = (numbers: readonly string[], expected: number) => {
    const key = randomBytes(16);
    const collector = new NumberCollector(key, expected);
    for (const number of numbers) collector.add(number);
    return new NumberDigests(key, collector.finish());
  };

  it('find each number of the set, once, and no other', () => {
    const number = fc.integer({ min: 0, max: 2000 }).map((n) => `+4930${100_000 + n}`);
    fc.assert(
      fc.property(
        fc.array(number, { maxLength: 300 }),
        fc.array(number),
        fc.nat(50),
        (set, others, expected) => {
          const digests = digestsOf(set, expected);
          expect(digests.size).toBe(new Set(set).size);
          for (const each of [...set, ...others]) expect(digests.has(each)).toBe(set.includes(each));
          for (const each of set) expect(digests.has(`${each}0`)).toBe(false);
        },
      ),
      { numRuns: runs(50) },
    );
  });

  it('of more numbers than one batch, and than were expected, are complete', () => {
    const numbers = Array.from({ length: 20_000 }, (_, n) => `+9198${10_000_000 + n * 3}`);
    const digests = digestsOf(numbers, 10);
    expect(digests.size).toBe(20_000);
    expect(numbers.filter((number) => !digests.has(number))).toEqual([]);
    const others = Array.from({ length: 20_000 }, (_, n) => `+9198${10_000_001 + n * 3}`);
    expect(others.filter((number) => digests.has(number))).toEqual([]);
  });

  it('take the longest number, and know none that is longer', () => {
    const longest = '+123456789012345';
    const digests = digestsOf([longest], 1);
    expect(digests.has(longest)).toBe(true);
    expect(digests.has(`${longest}6`)).toBe(false);
  });
});
