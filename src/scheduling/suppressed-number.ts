// Reads the numbers of suppression files: the same number as a record's would be, for every text that a record may have. Files have
// millions of them, so what is plain is told by its form. A number that does not exist is read too: no record has it.

import type { CountryCode } from 'libphonenumber-js/max';
import { createPhoneNumberParser } from './phone-number.ts';
import { createPlainReader } from './phone-number-plan.ts';
import { cleanNumeral } from './text.ts';

/** The returned function gives E.164: none for what is no number, and several for a text that may stand for any of them. */
export function createSuppressedNumberReader(region: CountryCode): (text: string) => readonly string[] {
  const readPlain = createPlainReader(region);
  const parse = createPhoneNumberParser(region);
  return (text) => {
    const clean = cleanNumeral(text);
    if (clean === '') return [];
    const plain = readPlain(clean);
    if (plain !== null) return [plain];
    const number = parse(clean);
    return 'e164' in number ? [number.e164] : (number.readings ?? []);
  };
}
