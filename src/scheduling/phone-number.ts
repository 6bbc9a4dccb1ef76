// A telephone number as a person writes it, and as the dialer wants it.
// Nothing but its digits, and whether a + stands before them, decides which number it is; what else stands there either
// means nothing, or is a reason to refuse the text. So no way of writing a number makes another of it.
// The library decides, and takes 25 µs for it, most of them to build regular expressions. A number that needs none of its
// guessing is told by its own patterns, built once.

import type { CountryCode } from 'libphonenumber-js/max';
import { getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { createNationalCheck, diagnose, otherReading } from './phone-number-plan.ts';
import { type NumberProblem, readWritten } from './phone-number-text.ts';
import { cleanNumeral } from './text.ts';

export interface PhoneNumber {
  /** E.164: `+919876543210`. */
  e164: string;
  /** National digits for the account's own region, else `%2B` and the country code: a raw `+` would become a space. */
  dialed: string;
}

/** Reads numbers, those without a country code as the region's: the number, or what is wrong with it. */
export type PhoneNumberParser = (text: string) => PhoneNumber | NumberProblem;

/** A mobile number of Italy with a digit or two too many: the library knows it as the number's mailbox. */
const isMailbox = /^\+393\d{10,}$/;

/** No number is longer, however it is written. */
const maxLength = 64;

export function createPhoneNumberParser(region: CountryCode): PhoneNumberParser {
  const code = getCountryCallingCode(region);
  const callingCode = `+${code}`;
  const isPlain = createNationalCheck(region);

  const parsePlain = (text: string): PhoneNumber | null => {
    // Digits that begin with the country code may have a second reading.
    if (text.startsWith(code)) return null;
    const international = text.startsWith(callingCode);
    const digits = international ? text.slice(callingCode.length) : text;
    if (!isPlain(digits, international)) return null;
    return { e164: international ? text : callingCode + digits, dialed: digits };
  };

  const parseDigits = (digits: string): PhoneNumber | null => {
    const plain = parsePlain(digits);
    if (plain !== null) return plain;
    const number = parsePhoneNumberFromString(digits, { defaultCountry: region, extract: false });
    if (
      !number?.isValid() ||
      isMailbox.test(number.number) ||
      otherReading(digits, number.number, region) !== null
    )
      return null;
    const dialed =
      number.country === region
        ? number.nationalNumber
        : `%2B${number.countryCallingCode}${number.nationalNumber}`;
    return { e164: number.number, dialed };
  };

  return (text) => {
    const plain = parsePlain(text);
    if (plain !== null) return plain;
    if (text.length > maxLength) return { reason: 'TOO_LONG', problem: `it has ${text.length} characters` };
    const written = readWritten(cleanNumeral(text), (digits) => parseDigits(digits)?.e164 ?? null);
    if ('reason' in written) return written;
    return parseDigits(written.digits) ?? diagnose(written, region);
  };
}
