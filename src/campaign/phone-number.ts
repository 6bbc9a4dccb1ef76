// A telephone number as a person writes it, and as the dialer wants it.
// The whole text must be one dialable number of its region; nothing is fished out of a longer text.

import type { CountryCode } from 'libphonenumber-js/max';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

export interface PhoneNumber {
  /** E.164: `+919876543210`. */
  e164: string;
  /** National digits for the account's own region, else `%2B` and the country code: a raw `+` would become a space. */
  dialed: string;
}

const digitsAndPunctuation = /^[+\uFF0B]?[\p{Nd}\s().\-‐-―/]+$/u;

/** The number, or what is wrong with it in words that fit behind "is not a dialable number: ". */
export function parsePhoneNumber(text: string, region: CountryCode): PhoneNumber | string {
  if (!digitsAndPunctuation.test(text)) return 'it has characters that belong to no number';
  if (text.length > 64) return 'it is too long';
  const number = parsePhoneNumberFromString(text, { defaultCountry: region, extract: false });
  if (number === undefined) return `it cannot be read as a number of ${region} or of any country code`;
  if (!number.isValid())
    return `no such number exists in ${number.country ?? `country code +${number.countryCallingCode}`}`;
  const dialed =
    number.country === region
      ? number.nationalNumber
      : `%2B${number.countryCallingCode}${number.nationalNumber}`;
  return { e164: number.number, dialed };
}
