// What people read in two ways is never made into one of them: a lost +, a 00 that leads elsewhere, two numbers side by side.

import fc from 'fast-check';
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { createPhoneNumberParser } from '../../src/scheduling/phone-number.ts';

/** National digits of a valid number of the region, of any length that its plan has. */
const nationalOf = (region: CountryCode) =>
  fc
    .record({ kept: fc.nat(4), digits: fc.stringMatching(/^\d{4,12}$/) })
    .map(({ kept, digits }) => examples[region].slice(0, kept) + digits)
    .filter((digits) => {
      const number = parsePhoneNumberFromString(`+${getCountryCallingCode(region)}${digits}`, {
        extract: false,
      });
      return number?.isValid() === true && number.nationalNumber === digits;
    });

const regions = ['IN', 'DE', 'AT', 'ID', 'XK', 'BR', 'IT', 'US', 'GB', 'MX'] as const;

const nationalNumbers = fc
  .constantFrom(...regions)
  .chain((region) => nationalOf(region).map((digits) => ({ region, digits })));

it.each(regions)('a number whose + was lost is itself or refused, in its own country: %s', (region) => {
  const parse = createPhoneNumberParser(region);
  fc.assert(
    fc.property(nationalOf(region), (digits) => {
      const lost = `${getCountryCallingCode(region)}${digits}`;
      for (const text of [lost, `${lost}.0`, `(${lost.slice(0, 2)}) ${lost.slice(2)}`, `00${lost}`]) {
        const number = parse(text);
        if ('e164' in number) expect(number.e164).toBe(`+${lost}`);
        else if ('readings' in number) expect(number.readings).toContain(`+${lost}`);
      }
    }),
    { numRuns: 150 },
  );
});

it.each(['BR', 'KR', 'SG', 'TH', 'HK', 'JP', 'CO', 'US', 'IN', 'DE'] as const)(
  'a number of another country behind 00 is itself or refused: %s',
  (region) => {
    const parse = createPhoneNumberParser(region);
    const abroad = fc
      .constantFrom(...regions)
      .chain((country) => nationalOf(country).map((digits) => `${getCountryCallingCode(country)}${digits}`));
    fc.assert(
      fc.property(abroad, (digits) => {
        const number = parse(`00${digits}`);
        if ('e164' in number) expect(number.e164).toBe(`+${digits}`);
      }),
      { numRuns: 150 },
    );
  },
);

describe('what stands beside a number is no part of it', () => {
  it.each([
    ['DE', '2. 0171 1234567', '3) 0171 1234567', '2) 030 123456', '(2) 030 123456', '12. 030 123456'],
    ['SE', '1) 08-123 456'],
    ['NZ', '2. 021 123 456'],
    ['IN', '2. 98765 43210', '040 2345678 (9)', '022 2345678 - 9', '022 2345678 \u2013 79'],
    ['ID', '021 1234567 (8)'],
    ['DE', '030 123456 (0)', '030 123456 (12)', '089 1234 - 56'],
  ] as const)('%s %s', (region, ...texts) => {
    const parse = createPhoneNumberParser(region);
    for (const text of texts) expect(parse(text), text).toMatchObject({ reason: 'TWO_NUMBERS' });
  });

  it.each(['2026-12-01', '2026/12/01', '01.12.2026', '1/12/2026', '12-31-2026'])('%s is a date', (text) => {
    expect(createPhoneNumberParser('DE')(text)).toMatchObject({ reason: 'NO_SUCH_NUMBER' });
  });

  it.each<[CountryCode, string, string]>([
    ['DE', '089 1234 - 0', '+498912340'],
    ['DE', '089 1234-56', '+4989123456'],
    ['DE', '+49 (0)171 1234567', '+491711234567'],
    ['FR', '06. 12. 34. 56. 78', '+33612345678'],
    ['FR', '(6) 12 34 56 78', '+33612345678'],
    ['US', '1.415.555.2671', '+14155552671'],
    ['US', '(1) 415 555 2671', '+14155552671'],
    ['BR', '(11) 98371-4383', '+5511983714383'],
    ['IN', '(91) 098765 43210', '+919876543210'],
    ['IN', '98765 (43210)', '+919876543210'],
  ])('but for %s %s', (region, text, e164) => {
    expect(createPhoneNumberParser(region)(text)).toMatchObject({ e164 });
  });
});

it('a place in a list before a number makes no other number of it', () => {
  fc.assert(
    fc.property(
      nationalNumbers,
      fc.integer({ min: 1, max: 199 }),
      fc.constantFrom('. ', ') ', ')', '.\u00A0'),
      ({ region, digits }, place, mark) => {
        const parse = createPhoneNumberParser(region);
        for (const number of [digits, `0${digits}`])
          expect(parse(`${place}${mark}${number}`)).toHaveProperty('reason');
      },
    ),
  );
});

it('two numbers are not joined to one, whatever their plan takes', () => {
  const parse = createPhoneNumberParser('DE');
  const near = fc.stringMatching(/^[2-8]\d{4,6}$/);
  fc.assert(
    fc.property(near, near, fc.constantFrom(' ', ' - ', '/', ' / '), (one, other, mark) => {
      expect(parse(`030 ${one}${mark}${other}`)).toHaveProperty('reason');
      expect(parse(`+49 30 ${one} (${other})`)).toHaveProperty('reason');
    }),
  );
});

it('an amount is no number, whatever its digits would be', () => {
  fc.assert(
    fc.property(
      nationalNumbers,
      fc.constantFrom('', '0', '+', '-'),
      fc.integer({ min: 1, max: 2 }),
      ({ region, digits }, before, places) => {
        const parse = createPhoneNumberParser(region);
        const written = before === '+' ? `+${getCountryCallingCode(region)}${digits}` : before + digits;
        const whole = written.slice(0, -places);
        const number = parse(`${whole}.${written.slice(-places)}`);
        // A spreadsheet's zeros go where a number stands before them.
        if ('e164' in number) expect([number, written]).toEqual([parse(whole), expect.stringMatching(/0$/)]);
        else
          expect(number.reason).toMatch(/^(?:DECIMAL_FRACTION|TOO_SHORT|NO_SUCH_NUMBER|AMBIGUOUS_NUMBER)$/);
      },
    ),
  );
});

it('a label before a number changes nothing of it', () => {
  const labels = fc.constantFrom(
    'p:',
    'P: ',
    'tel:',
    'Tel.: ',
    'phone:',
    'mob:',
    'm: ',
    't:',
    'WhatsApp:',
    'Handy: ',
  );
  fc.assert(
    fc.property(
      labels,
      nationalNumbers,
      fc.constantFrom('', '+', '00', '0'),
      (label, { region, digits }, prefix) => {
        const parse = createPhoneNumberParser(region);
        const code = prefix === '+' || prefix === '00' ? getCountryCallingCode(region) : '';
        const number = `${prefix}${code}${digits}`;
        expect(parse(label + number)).toEqual(parse(number));
      },
    ),
  );
});

describe('slashes, and a 0 in brackets', () => {
  it.each<[CountryCode, string, string]>([
    ['BE', '0475/12/34/56', '+32475123456'],
    ['BE', '02/633/12/34', '+3226331234'],
    ['BE', '+32/475/12.34.56', '+32475123456'],
    ['FR', '06/12/34/56/78', '+33612345678'],
    ['DE', '+49/40/2345678', '+49402345678'],
    ['DE', '0049/40/2345678', '+49402345678'],
    ['AT', '02668/622', '+432668622'],
    ['ES', '+34 (0) 612 345 678', '+34612345678'],
    ['US', '+1 (0) 415 555 2671', '+14155552671'],
    ['IT', '+39 (0)6 1234567', '+39061234567'],
    ['IT', '+39 (0)347 1234567', '+393471234567'],
  ])('of %s %s', (region, text, e164) => {
    expect(createPhoneNumberParser(region)(text)).toMatchObject({ e164 });
  });

  it.each<[CountryCode, string, string]>([
    ['BE', '0475 12 34 56 / 57', 'TWO_NUMBERS'],
    ['DE', '030/123456/57', 'TWO_NUMBERS'],
    ['DE', '040/12/34/56', 'TWO_NUMBERS'],
    ['IN', '9876543210/11/12', 'TWO_NUMBERS'],
    ['IN', '040/2345678/79', 'TWO_NUMBERS'],
    ['IN', '98765/43210/98766', 'TWO_NUMBERS'],
    ['FR', '06,12,34,56,78', 'TWO_NUMBERS'],
    ['IT', '+39 (0)331 123456', 'AMBIGUOUS_NUMBER'],
    ['KR', '0082 2 312 3456', 'TRUNK_PREFIX'],
    ['DE', '+0044 20 7946 0958', 'TRUNK_PREFIX'],
    ['US', '863-1234;phone-context=+1-914-555', 'LETTERS'],
    ['US', '415 555 2671 Ext. No. 5', 'EXTENSION'],
    ['US', '415 555 2671 extn-12', 'EXTENSION'],
    ['US', '+1-415-555-2671;isub=12', 'EXTENSION'],
    ['JP', '03-1234-5678 内線12', 'EXTENSION'],
    ['US', 'TEL;TYPE=FAX:+14155552671', 'LETTERS'],
    ['US', 'TEL;TYPE="work,fax":+14155552671', 'LETTERS'],
  ])('but of %s %s is refused: %s', (region, text, reason) => {
    expect(createPhoneNumberParser(region)(text)).toMatchObject({ reason });
  });

  it('make no other number of one that is another without them', () => {
    fc.assert(
      fc.property(
        nationalNumbers,
        fc.constantFrom(...regions),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
        ({ region, digits }, own, sizes) => {
          const parse = createPhoneNumberParser(own);
          const code = getCountryCallingCode(region);
          const bare = parse(`+${code}${digits}`);
          const zero = parse(`+${code} (0) ${digits}`);
          if ('e164' in zero) expect([bare, parse(`+${code}0${digits}`)]).toContainEqual(zero);
          const parts = [code];
          let at = 0;
          for (const size of [...sizes, digits.length]) {
            parts.push(digits.slice(at, at + size));
            at += size;
          }
          const grouped = parse(`+${parts.filter((part) => part !== '').join('/')}`);
          if ('e164' in grouped) expect(grouped).toEqual(bare);
        },
      ),
    );
  });
});

it('what a number is wrapped in changes nothing of it', () => {
  const wrappings = fc.constantFrom<[string, string]>(
    ['<', '>'],
    ['\u00AB', '\u00BB'],
    ['\u2039', '\u203A'],
    ['"', '"'],
    ['', ';'],
    ['', ', '],
    ['', '.'],
    ['TEL;TYPE=CELL:', ''],
    ['TEL;TYPE="voice,cell";VALUE=uri:tel:', ''],
    ['<tel:', '>'],
  );
  fc.assert(
    fc.property(
      wrappings,
      nationalNumbers,
      fc.constantFrom('', '+', '0'),
      ([open, close], { region, digits }, prefix) => {
        const parse = createPhoneNumberParser(region);
        const code = getCountryCallingCode(region);
        const number = parse(`${prefix}${prefix === '+' ? code : ''}${digits}`);
        expect(parse(`${open}${prefix}${prefix === '+' ? code : ''}${digits}${close}`)).toEqual(number);
        if (prefix !== '+') return;
        for (const link of [
          '%2B',
          'tel:%2B',
          'wa.me/',
          'https://wa.me/',
          'https://api.whatsapp.com/send?phone=',
        ])
          expect(parse(`${link}${code}${digits}`), link).toEqual(number);
        expect(parse(`https://wa.me/${code}${digits}?text=Call%20me%202`)).toEqual(number);
      },
    ),
  );
});
