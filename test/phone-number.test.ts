// Numbers are the library's to judge: what is told without asking it is what it would have said, in every region.

import fc from 'fast-check';
import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { expect, it } from 'vitest';
import { createPhoneNumberParser } from '../src/campaign/phone-number.ts';

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

it.each(getCountries())('a number is read as the library reads it: %s', (region) => {
  const parse = createPhoneNumberParser(region);
  let valid = 0;
  fc.assert(
    fc.property(numbersOf(region), (text) => {
      const number = parsePhoneNumberFromString(text, { defaultCountry: region, extract: false });
      const read = parse(text);
      if (!number?.isValid()) {
        expect(read).toBeTypeOf('string');
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
