// Numbers are the library's to judge: what is told without asking it is what it would have said, in every region. And
// however a number is written, it is that number or none.

import fc from 'fast-check';
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { createPhoneNumberParser } from '../../src/scheduling/phone-number.ts';
import { cleanText } from '../../src/scheduling/text.ts';

/** Example numbers with digits changed, added or cut off, written nationally, with a country code, or with a prefix. */
const numbersOf = (region: CountryCode) =>
  fc
    .record({
      prefix: fc.constantFrom('', '', '+', '00', '0', '1', '8', '011'),
      code: fc.constantFrom('', getCountryCallingCode(region), '91', '1'),
      changes: fc.array(fc.tuple(fc.nat(14), fc.nat(9)), { maxLength: 5 }),
      cut: fc.constantFrom(0, 0, 0, 1, 2),
      tail: fc.constantFrom('', '', '', '0', '12'),
    })
    .map(({ prefix, code, changes, cut, tail }) => {
      const digits = [...examples[region]];
      for (const [at, digit] of changes) if (at < digits.length) digits[at] = String(digit);
      return `${prefix}${code}${digits.slice(cut).join('')}${tail}`;
    });

it.each(getCountries())('a number is read as the library reads it, or could be another: %s', (region) => {
  const parse = createPhoneNumberParser(region);
  let valid = 0;
  fc.assert(
    fc.property(numbersOf(region), (text) => {
      const number = parsePhoneNumberFromString(text, { defaultCountry: region, extract: false });
      const read = parse(text);
      if (!number?.isValid()) {
        expect(read).toHaveProperty('reason');
        return;
      }
      if ('reason' in read) {
        const other = parsePhoneNumberFromString(`+${text.replace(/^0{1,2}/, '')}`, { extract: false });
        expect([read.reason, text[0], other?.isValid()]).toEqual([
          'AMBIGUOUS_NUMBER',
          expect.not.stringMatching(/\+/),
          true,
        ]);
        expect(other?.number).not.toBe(number.number);
        return;
      }
      valid++;
      const { country, countryCallingCode, nationalNumber } = number;
      expect(read).toEqual({
        e164: number.number,
        dialed: country === region ? nationalNumber : `%2B${countryCallingCode}${nationalNumber}`,
      });
    }),
    {
      numRuns: 60,
      examples: [[examples[region]], [`+${getCountryCallingCode(region)}${examples[region]}`]],
    },
  );
  expect(valid).toBeGreaterThan(0);
});

/** What a record check makes of a text: the E.164 form, or the reason. */
function read(text: string, region: CountryCode = 'IN'): string {
  const number = createPhoneNumberParser(region)(cleanText(text));
  return 'e164' in number ? number.e164 : number.reason;
}

const good = '+919876543210';

describe('a number as people and machines write it', () => {
  it.each([
    ...[
      '98765.43210',
      '(+91) 98765 43210',
      "'9876543210",
      '\u20199876543210',
      '="9876543210"',
      '"9876543210"',
    ],
    ...['98765\u221243210', '98765\u201143210', '98765\u201343210', '98765\uFF0D43210', '[98765] 43210'],
    ...[
      '९८७६५४३२१०',
      '९८७६५ ४३२१०',
      '٩٨٧٦٥٤٣٢١٠',
      '۹۸۷۶۵۴۳۲۱۰',
      '৯৮৭৬৫৪৩২১০',
      '９８７６５４３２１０',
      '𝟗𝟖𝟕𝟔𝟓𝟒𝟑𝟐𝟏𝟎',
      '𝟿𝟾𝟽𝟼𝟻𝟺𝟹𝟸𝟷𝟶',
    ],
    ...[
      '＋91 98765 43210',
      '+91-(0)-98765-43210',
      '098765 43210',
      '0091 98765 43210',
      '919876543210',
      'tel:+91-98765-43210',
    ],
    ...['p:+919876543210', 'Mob.: 98765 43210', '"ph : (+91) 98765 43210"', 'callto://+919876543210'],
    ...[
      '9876543210.0',
      '+919876543210.0',
      '9876543210.00',
      '98765_43210',
      '98765/43210',
      '+91 (98765)-43210',
    ],
    ...[
      '\u202A+91 98765 43210\u202C',
      '\u2068+919876543210\u2069',
      '98765\u00A043210',
      '98765\u202F43210',
      '98765\u00AD43210',
    ],
    ...[
      '\uFEFF9876543210',
      '\u061C9876543210',
      '98765\u200B43210',
      '98765\u2060\u200E\u200F43210',
      '98765\u300043210',
    ],
  ])('%j is the number', (text) => {
    expect(read(text)).toBe(good);
  });

  it.each([
    ['(+44)121.496.0123', '+441214960123'],
    ['+1 415.555.2671', '+14155552671'],
    ['+33 6.12.34.56.78', '+33612345678'],
    ['+33 6.12.34.56.00', '+33612345600'],
    ['98765.432.10', '+919876543210'],
    ['+49 30.123456', '+4930123456'],
    ['+49 30/123456', '+4930123456'],
    ['0049 30 / 123456', '+4930123456'],
    ['+49 30 12345-0', '+4930123450'],
    ['+32 2/633.12.34', '+3226331234'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+493012345678.0', '+493012345678'],
    ['1800103123.0', '+911800103123'],
    ['4155216849', '+914155216849'],
    ['98765 98766', '+919876598766'],
  ])('%j is %s', (text, e164) => {
    expect(read(text)).toBe(e164);
  });

  it.each([
    ...[
      ...[
        '+49 30 123456 / 123457',
        '+43 1 51234 / 51235',
        '040 2345678/9',
        '+49 30 123456/7',
        '+43 1 51234\uFF0F51235',
      ],
      ...[
        '+43 1 51234/5',
        '+49 30/123456/7',
        '9876543210 or 9876543211',
        '9876543210, 9876543211',
        '9876543210;9876543211',
      ],
      ...[
        '9876543210 & 9876543211',
        '9876543210\n9876543211',
        '+49 30 123456\r\n123457',
        '+49 30 123456\t123457',
      ],
      ...[
        '+49 30 123456 123457',
        '+49 30 123456 - 123457',
        '+43 1 51234 01 51235',
        '+49 30 123456 +49 30 123457',
      ],
      ...[
        '9876543210 9876543211',
        '+49 30 123456 | 123457',
        '040 2345678,9',
        '02-1234-5678~9',
        '+4930123456\u2028123457',
        ...['040 2345678 [9]', '040 2345678 ... 80', '040 2345678. 80', '040 2345678 _ 9'],
        ...['+49 (40) 2345678 (-79)', '040 2345678 (79', '040 2345678 – 9 – 10', '347 1234567 [8]'],
      ],
    ].map((text) => [text, 'TWO_NUMBERS']),
    ['98765 43210.0', 'DECIMAL_FRACTION'],
    ['+49 30 1234567.0', 'DECIMAL_FRACTION'],
    ['+49301234567.8', 'DECIMAL_FRACTION'],
    ['+4930123456.00', 'DECIMAL_FRACTION'],
    ['98765432.10', 'DECIMAL_FRACTION'],
    ['-98765432.10', 'DECIMAL_FRACTION'],
    ['+9198765432\uFF0E18', 'DECIMAL_FRACTION'],
    ['98,76,54,32,10', 'DECIMAL_FRACTION'],
    ['9876543210,0', 'DECIMAL_FRACTION'],
    ['9,876,543,210', 'DECIMAL_FRACTION'],
    ['9.19877E+11', 'SCIENTIFIC_NOTATION'],
    ['9,19877E+11', 'SCIENTIFIC_NOTATION'],
    ['9876543210 x12', 'EXTENSION'],
    ['9876543210 ext. 4', 'EXTENSION'],
    ['9876543210#12', 'EXTENSION'],
    ['tel:+91-98765-43210;ext=4', 'EXTENSION'],
    ['1-800-FLOWERS', 'LETTERS'],
    ...[
      'f:+919876543210',
      'Fax: 98765 43210',
      'tel/fax: 9876543210',
      'sip:+919876543210',
      'call:9876543210',
    ].map((text) => [text, 'LETTERS']),
    ['p:+919876543210 f:+919876543211', 'TWO_NUMBERS'],
    ['m: 98765 43210 t: 98765 43211', 'LETTERS'],
    ['call 9876543210', 'LETTERS'],
    ['987654321.0', 'TOO_SHORT'],
    ['+91987654321.0', 'TOO_SHORT'],
    ['+39 347 1234567 8', 'TOO_LONG'],
    ...['+(323) 555-2671', '+8 (495) 123-45-67', '+(967) 353-8864'].map((text) => [text, 'AMBIGUOUS_NUMBER']),
    ['98765', 'TOO_SHORT'],
    ['+', 'TOO_SHORT'],
    ['+91 98765 4321', 'TOO_SHORT'],
    ['+91 98765 432109', 'TOO_LONG'],
    ['9'.repeat(40), 'TOO_LONG'],
    ['9'.repeat(400), 'TOO_LONG'],
    ['+52 1 55 1234 5678', 'OBSOLETE_PREFIX'],
    ['0919876543210', 'TRUNK_PREFIX'],
    ['9876543210 (ext 5)', 'EXTENSION'],
    ['98765 43210 poste 12', 'EXTENSION'],
    ['9876543210+', 'REFUSED_CHARACTER'],
    ['+91+9876543210', 'REFUSED_CHARACTER'],
    ['9876543210 +919876543211', 'TWO_NUMBERS'],
    ['+999 12345678', 'UNKNOWN_COUNTRY_CODE'],
    ['+91 11111 11111', 'NO_SUCH_NUMBER'],
    ['98765*43210', 'REFUSED_CHARACTER'],
    ['98765\u000043210', 'REFUSED_CHARACTER'],
    ['9876543210\u00B2', 'REFUSED_CHARACTER'],
    ['\u06009876543210', 'REFUSED_CHARACTER'],
  ])('%j is refused: %s', (text, reason) => {
    expect(read(text)).toBe(reason);
  });

  it('is told of in words that fit how it was written', () => {
    const parse = createPhoneNumberParser('IN');
    const problemOf = (text: string) => {
      const number = parse(text);
      return 'problem' in number ? number.problem : '';
    };
    expect(problemOf('98765')).toContain('needs + and its country code');
    expect(problemOf('+91 98765')).not.toContain('country code');
    expect(problemOf('987654321.0')).toContain('".0"');
    expect(problemOf('98765 43210.0')).toContain('".0"');
    expect(problemOf('98765\u000043210')).toContain('U+0000');
  });
});

/** One digit of each row of ten that Unicode has: a script's own zero. */
const zeros = Array.from({ length: 0x20000 }, (_, code) => code).filter(
  (code) => /\p{Nd}/u.test(String.fromCodePoint(code)) && !/\p{Nd}/u.test(String.fromCodePoint(code - 1)),
);
const marks = [
  ...[
    ' ',
    ' ',
    ' ',
    '-',
    '-',
    '.',
    '(',
    ')',
    '[',
    ']',
    '/',
    '_',
    '\u00B7',
    '\u2010',
    '\u2011',
    '\u2013',
    '\u2014',
    '\u2212',
    '\uFF0D',
  ],
  ...[
    '\u00A0',
    '\u2009',
    '\u202F',
    '\u3000',
    '\u00AD',
    '\u200B',
    '\u200C',
    '\u200D',
    '\u200E',
    '\u200F',
    '\u202A',
    '\u202C',
    '\u202D',
  ],
  ...[
    '\u202E',
    '\u2060',
    '\u2066',
    '\u2069',
    '\uFEFF',
    '\u061C',
    '\u180E',
    '\uFE0F',
    '\u034F',
    '\uFF0E',
    '\uFF08',
    '\uFF09',
    '\uFF0F',
    '\u2044',
  ],
];
const odd = [
  ',',
  ';',
  '\n',
  '\t',
  '#',
  'x',
  '&',
  ' or ',
  '~',
  '+',
  '*',
  '\u0000',
  "'",
  '"',
  '\u02BC',
  '%',
  ':',
  '=',
  '\u0600',
];

describe.each([
  'IN',
  'US',
  'GB',
  'DE',
  'AT',
  'FR',
  'IT',
  'MX',
  'BR',
  'AR',
  'CN',
  'JP',
  'FI',
  'LU',
  'ID',
  'AD',
] as const)('a number of %s', (region) => {
  const code = getCountryCallingCode(region);
  const decorated = fc.record({
    national: numbersOf(region).map((text) => text.replace('+', '')),
    international: fc.boolean(),
    zero: fc.constantFrom(0x30, 0x30, ...zeros),
    put: fc.array(
      fc.tuple(
        fc.nat(20),
        fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...marks) }, fc.constantFrom(...odd)),
      ),
      { maxLength: 6 },
    ),
  });

  it('is the same or none, whatever stands between its digits, and in whatever script', () => {
    let same = 0;
    fc.assert(
      fc.property(decorated, ({ national, international, zero, put }) => {
        const bare = international ? `+${code}${national}` : national;
        const signs: string[] = [...bare].map((sign) =>
          sign === '+' ? sign : String.fromCodePoint(zero + Number(sign)),
        );
        for (const [at, mark] of put) signs.splice(Math.min(at, signs.length), 0, mark);
        const text = signs.join('');
        // A single digit behind a dot is a spreadsheet's fraction, which is read otherwise, or not at all.
        fc.pre(!/[.\uFF0E]\P{Nd}*\p{Nd}$/u.test(text));
        const found = read(text, region);
        if (!found.startsWith('+')) return;
        same++;
        // A + set before the first digit makes it another text.
        const hasPlus = /^\P{Nd}*[+]/u.test(text);
        expect(found).toBe(read(hasPlus && !bare.startsWith('+') ? `+${bare}` : bare, region));
      }),
      { numRuns: 400 },
    );
    expect(same).toBeGreaterThan(0);
  });
});
