// A telephone number as a person writes it, and as the dialer wants it.
// The whole text must be one dialable number of its region; nothing is fished out of a longer text.
// The library decides, and takes 25 µs for it, most of them to build regular expressions. A number that needs none of its
// guessing is told by its own patterns, built once: digits of the region in full, where no prefix could be meant.

import type { CountryCode } from 'libphonenumber-js/max';
import { getCountryCallingCode, Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/max';

export interface PhoneNumber {
  /** E.164: `+919876543210`. */
  e164: string;
  /** National digits for the account's own region, else `%2B` and the country code: a raw `+` would become a space. */
  dialed: string;
}

/** Reads numbers, those without a country code as the region's: the number, or what is wrong with it. */
export type PhoneNumberParser = (text: string) => PhoneNumber | string;

const digitsAndPunctuation = /^[+\uFF0B]?[\p{Nd}\s().\-‐-―/]+$/u;

/** What is wrong comes in words that fit behind "is not a dialable number: ". */
export function createPhoneNumberParser(region: CountryCode): PhoneNumberParser {
  const callingCode = `+${getCountryCallingCode(region)}`;
  const isPlain = createPlainCheck(region);

  return (text) => {
    const international = text.startsWith(callingCode);
    const digits = international ? text.slice(callingCode.length) : text;
    if (isPlain(digits, international)) return { e164: callingCode + digits, dialed: digits };

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
  };
}

/** What of the library's `Metadata` its types leave out. */
interface Plan {
  IDDPrefix(): string;
  nationalPrefixForParsing(): string | undefined;
  nationalNumberPattern(): string;
  possibleLengths(): number[];
  type(name: string): { pattern(): string; possibleLengths(): number[] | undefined } | undefined;
}

const types = [
  ...['FIXED_LINE', 'MOBILE', 'PREMIUM_RATE', 'TOLL_FREE', 'SHARED_COST'],
  ...['VOIP', 'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'],
];

/** Whether these are the national digits of a valid number, by the library's own rules. False: ask the library. */
function createPlainCheck(region: CountryCode): (digits: string, international: boolean) => boolean {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(region);
  const plan = metadata.numberingPlan as unknown as Plan;
  const { getCountryCodesForCallingCode } = metadata as unknown as {
    getCountryCodesForCallingCode(callingCode: string): string[] | undefined;
  };
  // Which country of +1 or +44 a number belongs to takes more than its digits.
  const countries = getCountryCodesForCallingCode.call(metadata, getCountryCallingCode(region));
  if (countries?.length !== 1) return () => false;

  const nationalPrefix = plan.nationalPrefixForParsing();
  const prefixes = { national: startOf(nationalPrefix), international: startOf(plan.IDDPrefix()) };
  const general = wholeOf(plan.nationalNumberPattern());
  const kinds = types.flatMap((name) => {
    const type = plan.type(name);
    if (!type?.pattern()) return [];
    return [{ pattern: wholeOf(type.pattern()), lengths: type.possibleLengths() ?? plan.possibleLengths() }];
  });

  return (digits, international) =>
    /^\d+$/.test(digits) &&
    plan.possibleLengths().includes(digits.length) &&
    !prefixes.national?.test(digits) &&
    (international || !prefixes.international?.test(digits)) &&
    general.test(digits) &&
    kinds.some(({ pattern, lengths }) => lengths.includes(digits.length) && pattern.test(digits));
}

function wholeOf(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function startOf(pattern: string | undefined): RegExp | undefined {
  return pattern ? new RegExp(`^(?:${pattern})`) : undefined;
}
