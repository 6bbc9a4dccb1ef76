// What leaves towards a log, an error or a message: numbers are masked, dates and times are shown, in whatever form.

import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { redact, redactValue } from '../../src/foundation/redaction.ts';
import { runs } from '../property-runs.ts';

const two = (value: number) => String(value).padStart(2, '0');

/** As each language that is known writes a date with the name of its month. */
const namedDates = fc
  .record({
    at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
    language: fc.constantFrom('en-US', 'en-GB', 'en-IN', 'de', 'fr', 'es', 'es-MX', 'pt-BR', 'hi'),
    dateStyle: fc.constantFrom<'long'>('long', 'full' as 'long', 'medium' as 'long'),
    timeStyle: fc.constantFrom<'short' | undefined>('short', 'medium' as 'short', undefined),
    change: fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => text.normalize('NFD').replace(/[\u0300-\u036F\u093C]/g, ''),
    ),
  })
  .map(({ at, language, change, ...styles }) =>
    change(new Intl.DateTimeFormat(language, { ...styles, timeZone: 'UTC' } as object).format(at)),
  );

/** Digits that begin as a date does, and are a telephone number: one more group or more, with the same mark between all. */
const dateLikeNumbers = fc
  .record({
    day: fc.integer({ min: 1, max: 31 }),
    month: fc.integer({ min: 1, max: 12 }),
    year: fc.integer({ min: 1900, max: 2199 }),
    rest: fc.stringMatching(/^\d{1,4}$/),
    sizes: fc.constantFrom([2, 2, 4], [2, 2, 2, 2], [2, 4, 2], [4, 2, 2], [2, 2, 2, 2, 2], [2, 3, 3]),
    mark: fc.constantFrom(' ', '-', '.', '. ', '/', ' / ', '_', '\u00A0', '\u2013'),
  })
  .map(({ day, month, year, rest, sizes, mark }) => {
    let digits = `${two(day)}${two(month)}${year}${rest}`;
    const groups = sizes.map((size) => {
      const group = digits.slice(0, size);
      digits = digits.slice(size);
      return group;
    });
    return [...groups, digits].filter((group) => group !== '').join(mark);
  });

const dates = fc
  .record({
    at: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
    separator: fc.constantFrom('-', '/', '.'),
  })
  .chain(({ at, separator }) => {
    const [year, month, day] = [at.getUTCFullYear(), two(at.getUTCMonth() + 1), two(at.getUTCDate())];
    const time = at.toISOString().slice(11, 19);
    const daysFirst = [
      [day, month, year],
      [month, day, year],
      [Number(day), Number(month), year],
    ];
    return fc.constantFrom(
      at.toISOString(),
      at.toISOString().replace('T', ' '),
      at.toISOString().slice(0, 16),
      `${year}-${month}-${day}`,
      `${year}-${month}-${day} ${time} +0530`,
      `${year}-${month}-${day}T${time}-03:30`,
      at.toUTCString(),
      at.toString(),
      at.toLocaleString('en-US'),
      at.toLocaleString('en-GB'),
      at.toLocaleString('de-DE'),
      [year, month, day].join('/'),
      ...daysFirst.map((parts) => parts.join(separator)),
      ...daysFirst.map((parts) => `${parts.join(separator)} ${time}`),
      ...daysFirst.map((parts) => `${time} ${parts.join(separator)}`),
      ...[`${Number(day)}. ${Number(month)}. ${year}`, `${day}. ${month}. ${year} ${time}`],
      `${day}${separator}${month}${separator}${two(year % 100)} ${time}`,
    );
  });

const numbers = fc.constantFrom(...getCountries()).chain((country) => {
  const number = getExampleNumber(country, examples);
  const forms =
    number === undefined
      ? ['+91 98765 43210']
      : [number.number, number.formatInternational(), number.formatNational()];
  return fc
    .tuple(
      fc.constantFrom(...forms),
      fc.constantFrom(' ', '-', '.', '_', '\u00A0', '\u2011', '\u2013', '\u2212', '/', '\u200B '),
    )
    .map(([form, between]) => form.replace(/[ -]/g, between));
});

describe('what is shown of a text', () => {
  it('has each date and time as it was written', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(redact(`scheduledTime "${date}" is in the past.`)).toBe(
          `scheduledTime "${date}" is in the past.`,
        );
      }),
      { numRuns: runs(400) },
    );
  });

  it('has no telephone number that begins as a date does', () => {
    const before = fc.constantFrom('', 'Tel ', 'May ', 'out: ', '5 Dec ', 'at ', '+');
    fc.assert(
      fc.property(dateLikeNumbers, before, (number, before) => {
        const digits = number.replace(/\D/g, '');
        for (const shown of [redact(before + number), redactValue(before + number)])
          expect(shown.replace(/^5 Dec /, '').replace(/\D/g, '')).toBe(digits.slice(-2));
      }),
      { numRuns: runs(400) },
    );
  });

  it('has no telephone number', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('"', ' ', '(', ''), (number, around) => {
        const digits = number.replace(/\D/g, '');
        fc.pre(digits.length >= 7);
        const shown = redact(`phone ${around}${number}${around} at 10:00`);
        expect(shown.replace(/ at 10:00$/, '').replace(/\D/g, '')).toBe(digits.slice(-2));
      }),
      { numRuns: runs(400) },
    );
  });

  it.each([
    ['call +91 98765 43210 on 01-12-2026 10:00:00', 'call ***10 on 01-12-2026 10:00:00'],
    ['+45 20-12-2026', '***26'],
    ['06.12.11.26.78', '***78'],
    ['20261201', '***01'],
    ['20261201 1000', '***00'],
    ['05 12 20 26 10', '***10'],
    ['5. 12. 2026 10', '***10'],
    ['+45 5. 12. 2026', '***26'],
    ['May 12 2026 76543', 'May ***43'],
    ['98765 01 12 2026', '***26'],
    ['+91 01 12 2026 10', '***10'],
    ['2026-12-0198765', '***65'],
    // A number behind a time.
    ['2026-12-01 10:00:00,9876543210', '2026-12-01 10:00:00,***10'],
    ['2026-12-01 10:00:00,987654321', '2026-12-01 10:00:00,***21'],
    ['2026-12-01T10:00:00.9876543210', '2026-12-01T10:00:00.***10'],
    // Rotterdam and Cracow, without the country.
    ['10123-05-06', '***06'],
    ['12345-10-12 10:00', '***10:00'],
    ['10000-01-01-98', '***98'],
    ['+10000-01-01', '***01'],
    ['98765 20 +002026-12-01', '***20 ***01'],
    ['98765.43210', '***10'],
  ])('%j is shown as %j', (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  it.each([
    ...['2026-12-1 10:00', '2026-1-2 9:00', '2026-12-1', '2026-12-01-10:00:00', '2026_12_01 10:00'],
    ...['2026\u201312\u201301 10:00:00', '2026\u201112\u201101', '2026\u221212\u221201 10:00'],
    ...['2026\uFF0D12\uFF0D01 10\uFF1A00', '2026-12-01  10:00', '2026-12-01T10:00:00\u201305:00'],
    ...['01 12 2026 10:00', '01.12.2026 10.00', '01.12.2026 - 10:00', '01/12/2569 10:00'],
    ...['1 Dec 2026 10:00', '1-Dec-26', '1 Dec 2026 10.30'],
    ...['01/12/2026 10h00', '1. Dezember 2026 10:00', '1 de diciembre de 2026', '2026年12月1日 10:00'],
    ...['+002026-12-01T10:00:00Z', '-000001-12-01T10:00:00Z', '2026-12-01T10:00:00.1234567890Z'],
    ...['2026-12-01 10:00:00.123456789012+05:30', '2026-12-01T10:00:00,1234567Z'],
    ...['10000-01-01', '10000-01-01 10:00', '12026-12-01T10:00:00.5Z'],
    ...['2026-W49-2T10:00', '2026-W49', '2026-335T10:00'],
  ])('%j is a date, and stays', (date) => {
    expect(redact(`scheduledTime "${date}" is not read.`)).toBe(`scheduledTime "${date}" is not read.`);
    expect(redactValue(date)).toBe(date);
  });

  it('has no telephone number behind a time, nor one whose first group could be a long year', () => {
    const digits = fc.stringMatching(/^[1-9]\d{8,9}$/).filter((number) => !number.startsWith('10000'));
    const before = fc.constantFrom('', '+', 'Tel ', '2026-12-01 10:00:00,', '2026-12-01 10:00:00;');
    fc.assert(
      fc.property(digits, before, fc.constantFrom('-', '', ' ', '.'), (number, before, mark) => {
        const written = [number.slice(0, 5), number.slice(5, 7), number.slice(7)].join(mark);
        for (const shown of [redact(before + written), redactValue(before + written)])
          expect(shown.replace(/^2026-12-01 10:00:00/, '').replace(/\D/g, '')).toBe(number.slice(-2));
      }),
      { numRuns: runs(400) },
    );
  });
});

describe('what is shown of a value', () => {
  it.each([
    ['9876,543,210', '****,***,*10'],
    ['98765    43210', '*****    ***10'],
    ['98:76:54:32:10', '**:**:**:**:10'],
    ['98765|43210', '*****|***10'],
    ['98765 x 43210', '***** x ***10'],
    ['98765*43210', '*********10'],
    ['+91 (98765)  -  43210', '*****)  -  ***10'],
    ['٩٨٧٦٥|٤٣٢١٠', '*****|***١٠'],
    ['98765 43210', '***10'],
    ['98765, 43210 at 2026-12-01 10:00', '*****, ***10 at 2026-12-01 10:00'],
    ['2026-12-01 10:00', '2026-12-01 10:00'],
    ['10:00:00 01/12/2026', '10:00:00 01/12/2026'],
    ['1 Dec 2026 10:00', '1 Dec 2026 10:00'],
    ['Q1 of 2024', 'Q1 of 2024'],
    ...[
      'December 5, 2026 at 10:00 AM',
      '5. 12. 2026 10:00',
      '5th of December 2026, 10:00',
      '2026-Dec-05 10:00',
      '5-déc.-2026 10:00',
      'Dec 5, 2026 10:00 UTC+5:30 / Dec 6, 2026 10:00 UTC+5:30',
    ].map((date) => [date, date]),
  ])('%j is shown as %j', (value, shown) => {
    expect(redactValue(value)).toBe(shown);
  });

  it('has each date and time as it was written', () => {
    fc.assert(
      fc.property(dates, (date) => {
        expect(redactValue(date)).toBe(date);
      }),
      { numRuns: runs(400) },
    );
  });

  it('has each date in the words of its language', () => {
    fc.assert(
      fc.property(namedDates, (date) => {
        expect(redactValue(date)).toBe(date);
        expect(redact(`scheduledTime "${date}" is not read.`)).toBe(`scheduledTime "${date}" is not read.`);
        expect(redactValue(`${date} until ${date}`)).toBe(`${date} until ${date}`);
      }),
      { numRuns: runs(300) },
    );
  });

  it('has two digits of a telephone number, whatever is between them', () => {
    const between = fc.constantFrom(',', '    ', ':', '|', ' x ', '*', ')  -  ', '~', ' / ', ';');
    fc.assert(
      fc.property(numbers, between, (number, separator) => {
        fc.pre(number.replace(/\D/g, '').length >= 7);
        const shown = redactValue(number.replace(/\D+(?=\d)/g, separator));
        expect(shown.replace(/\D/g, '').length).toBeLessThanOrEqual(2);
      }),
      { numRuns: runs(400) },
    );
  });
});
