// What people read in two ways is never made into one of them: a lost +, a 00 that leads elsewhere, two numbers side by side.

import fc from 'fast-check';
import { type CountryCode, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { expect, it } from 'vitest';
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
