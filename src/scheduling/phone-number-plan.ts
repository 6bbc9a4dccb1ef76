// The numbering plans of countries, by the library's own patterns: which digits are a number, and what is wrong with those
// that are none.

import type { CountryCode } from 'libphonenumber-js/max';
import { getCountryCallingCode, Metadata, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { memoize } from '../foundation/memo.ts';
import type { NumberProblem, WrittenNumber } from './phone-number-text.ts';

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
  ...['VOIP', 'PERSONAL_NUMBER', 'PAGER', 'UAN'],
];

/**
 * Whether these are the national digits of a valid number where no prefix could be meant, by the library's own rules.
 * False: ask the library.
 */
export function createNationalCheck(
  region: CountryCode,
): (digits: string, international: boolean) => boolean {
  const plan = planOf(region);
  // Which country of +1 or +44 a number belongs to takes more than its digits.
  if (countriesOf(getCountryCallingCode(region)).length !== 1) return () => false;

  const nationalPrefix = plan.nationalPrefixForParsing();
  const prefixes = { national: startOf(nationalPrefix), international: startOf(plan.IDDPrefix()) };
  const isNational = nationalNumbersOf(region);
  return (digits, international) =>
    /^\d+$/.test(digits) &&
    plan.possibleLengths().includes(digits.length) &&
    !prefixes.national?.test(digits) &&
    (international || !prefixes.international?.test(digits)) &&
    isNational(digits);
}

/** Whether digits are a number of the country, by its patterns alone. Built once for each of the 250 that are asked for. */
const nationalNumbersOf = memoize(300, (country: CountryCode) => {
  const plan = planOf(country);
  const general = wholeOf(plan.nationalNumberPattern());
  const kinds = types.flatMap((name) => {
    const type = plan.type(name);
    if (!type?.pattern()) return [];
    return [{ pattern: wholeOf(type.pattern()), lengths: type.possibleLengths() ?? plan.possibleLengths() }];
  });
  return (digits: string) =>
    general.test(digits) &&
    kinds.some(({ pattern, lengths }) => lengths.includes(digits.length) && pattern.test(digits));
});

/**
 * The number in E.164 that digits stand for by their form alone, whether it exists or not: with a + and a country code; or as they
 * are dialled in the region, with the country code or a trunk 0 or without them. Null: ask the library.
 */
export function createPlainReader(region: CountryCode): (digits: string) => string | null {
  const plan = planOf(region);
  const code = getCountryCallingCode(region);
  const general = wholeOf(plan.nationalNumberPattern());
  const nationalPrefix = plan.nationalPrefixForParsing();
  const prefix = startOf(nationalPrefix);
  const abroad = startOf(plan.IDDPrefix());
  const hasTrunkZero = nationalPrefix === '0';
  const isBare = (digits: string) => general.test(digits) && !prefix?.test(digits);

  return (text) => {
    if (text.startsWith('+')) return isPlainInternational(text) ? text : null;
    if (!/^\d+$/.test(text) || abroad?.test(text)) return null;
    const withCode = text.startsWith(code) && isBare(text.slice(code.length));
    if (isBare(text)) return withCode ? null : `+${code}${text}`;
    if (general.test(text)) return null;
    if (withCode) return `+${text}`;
    const national = text.slice(1);
    return hasTrunkZero && text.startsWith('0') && isBare(national) ? `+${code}${national}` : null;
  };
}

/** Whether a + and digits are a country code and what has no prefix in any of the code's countries. */
function isPlainInternational(text: string): boolean {
  if (!/^\+[1-9]\d{6,14}$/.test(text)) return false;
  for (let length = 2; length <= 4; length++) {
    const prefixes = prefixesOf(text.slice(1, length));
    if (prefixes !== null) return !prefixes.some((prefix) => prefix.test(text.slice(length)));
  }
  return false;
}

/** What may stand before national numbers of a country code; null where it is none of a country. */
const prefixesOf = memoize(1000, (callingCode: string) => {
  const countries = countriesOf(callingCode);
  if (countries.length === 0 || countries.includes('001')) return null;
  return countries.flatMap(
    (country) => startOf(planOf(country as CountryCode).nationalPrefixForParsing()) ?? [],
  );
});

/**
 * What digits without a + may stand for besides the number that they are read as in the region. They may begin with its own country
 * code (`4915123456789` in Germany), also behind a trunk 0 where that makes a mobile number of it; or with the 00 of other regions.
 * Null: nothing else.
 */
export function otherReading(digits: string, e164: string, region: CountryCode): string | null {
  if (digits.startsWith('+')) return null;
  const code = getCountryCallingCode(region);
  const [, zeros = '', behind = ''] = /^(0{0,2})(\d+)$/.exec(digits) ?? [];
  if (`+${behind}` === e164 || (zeros !== '00' && !behind.startsWith(code))) return null;
  const number = parsePhoneNumberFromString(`+${behind}`, { extract: false });
  if (!number?.isValid() || number.number === e164) return null;
  return zeros !== '0' || number.getType()?.includes('MOBILE') ? number.number : null;
}

/** Says why digits that are not taken for a valid number are none. */
export function diagnose({ digits, dropped, groups }: WrittenNumber, region: CountryCode): NumberProblem {
  const found = diagnoseDigits(digits, groups, region);
  return dropped === ''
    ? found
    : { ...found, problem: `without the "${dropped}" at its end, which spreadsheets add, ${found.problem}` };
}

function diagnoseDigits(digits: string, groups: readonly string[], region: CountryCode): NumberProblem {
  const hasPlus = digits.startsWith('+');
  const count = digits.replace('+', '').length;
  const number = parsePhoneNumberFromString(digits, { defaultCountry: region, extract: false });
  if (count < 5) return { reason: 'TOO_SHORT', problem: `it is too short: it has ${digitsOf(count)}` };
  if (isTwoValid(digits, groups, region))
    return { reason: 'TWO_NUMBERS', problem: 'it holds two numbers: give each a record of its own' };
  if (number === undefined && count > 15)
    return {
      reason: 'TOO_LONG',
      problem: `it is too long: it has ${digitsOf(count)}, and no number over 15`,
    };
  const [, zeros, behindZeros] = /^(\+0+|00+)(\d+)$/.exec(digits) ?? [];
  if (number === undefined && zeros !== undefined && isValid(`+${behindZeros}`))
    return {
      reason: 'TRUNK_PREFIX',
      problem: `it begins with ${zeros}: write + alone in its place, and the country code`,
    };
  if (number === undefined)
    return { reason: 'UNKNOWN_COUNTRY_CODE', problem: 'no country code begins like this' };

  const other = otherReading(digits, number.number, region);
  if (other !== null && number.isValid())
    return {
      reason: 'AMBIGUOUS_NUMBER',
      problem: ambiguous(digits, region),
      readings: [number.number, other],
    };
  if (other !== null && digits.startsWith('00'))
    return {
      reason: 'TRUNK_PREFIX',
      problem: `it begins with 00, which does not lead to another country from ${region}: write + in its place`,
    };
  const { countryCallingCode, nationalNumber, country } = number;
  const [first] = countriesOf(countryCallingCode);
  const home = country ?? (first as CountryCode | undefined);
  const place =
    country === undefined ? `country code +${countryCallingCode}` : `${country} (+${countryCallingCode})`;
  const obsolete = countryCallingCode === '52' ? obsoletePrefixOf(digits) : null;
  if (obsolete !== null)
    return {
      reason: 'OBSOLETE_PREFIX',
      problem: `the ${obsolete} before its last ten digits is dialled no more in Mexico: write +52 and the ten digits`,
    };
  const code = getCountryCallingCode(region);
  const [, behind] = new RegExp(`^\\+?0+${code}(\\d+)$`).exec(digits) ?? [];
  if (behind !== undefined && isValid(`+${code}${behind}`))
    return {
      reason: 'TRUNK_PREFIX',
      problem: `it has a 0 before the country code ${code}: write + in its place`,
    };
  const readAs =
    hasPlus || countryCallingCode !== code
      ? ''
      : `; it was read as a number of ${region}, and one of another country needs + and its country code`;
  const amiss = home === undefined ? null : lengthProblem(nationalNumber, home);
  if (amiss === null)
    return { reason: 'NO_SUCH_NUMBER', problem: `no such number exists in ${place}${readAs}` };
  const [reason, words] = amiss < 0 ? (['TOO_SHORT', 'short'] as const) : (['TOO_LONG', 'long'] as const);
  return {
    reason,
    problem: `it is too ${words} for a number of ${place}, by ${digitsOf(Math.abs(amiss))} as far as can be told${readAs}`,
  };
}

/** What was dialled in Mexico until 2019 behind its country code, or without one. */
function obsoletePrefixOf(digits: string): string | null {
  const [, code, prefix = '', number = ''] = /^((?:\+|00)?52)?(1|01|04[45])(\d{10})$/.exec(digits) ?? [];
  const isDialled = prefix !== '' && (code !== undefined || prefix !== '1');
  return isDialled && isValid(`+52${number}`) ? prefix : null;
}

function ambiguous(digits: string, region: CountryCode): string {
  const code = getCountryCallingCode(region);
  return digits.startsWith('00')
    ? `it begins with 00, which in ${region} leads elsewhere than in other countries: write + in its place, and the country code`
    : `it can be read with the country code ${code} at its beginning, and without: write + before the country code`;
}

/**
 * How many digits a number has too many (positive) or too few: as many as must be taken from its end, or added there, to
 * make a number of the country. Null where neither helps.
 */
function lengthProblem(digits: string, country: CountryCode): number | null {
  const isNational = nationalNumbersOf(country);
  for (let n = 1; n <= 9; n++) {
    if (isNational(digits + '234567892'.slice(0, n))) return -n;
    if (isNational(digits.slice(0, -n))) return n;
  }
  return digits.length > Math.max(...planOf(country).possibleLengths()) ? 1 : null;
}

/** Whether the groups before some place, and those behind it, are a number each. */
function isTwoValid(digits: string, groups: readonly string[], region: CountryCode): boolean {
  const plus = digits.startsWith('+') ? '+' : '';
  return groups.some((_, n) => {
    const [head, tail] = [groups.slice(0, n).join(''), groups.slice(n).join('')];
    return head.length > 5 && tail.length > 5 && isValid(plus + head, region) && isValid(tail, region);
  });
}

function isValid(digits: string, region?: CountryCode): boolean {
  const options = region === undefined ? { extract: false } : { defaultCountry: region, extract: false };
  return parsePhoneNumberFromString(digits, options)?.isValid() ?? false;
}

function digitsOf(count: number): string {
  return count === 1 ? '1 digit' : `${count} digits`;
}

function planOf(country: CountryCode): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  return metadata.numberingPlan as unknown as Plan;
}

function countriesOf(callingCode: string): readonly string[] {
  const metadata = new Metadata() as unknown as {
    getCountryCodesForCallingCode(callingCode: string): string[] | undefined;
  };
  return metadata.getCountryCodesForCallingCode(callingCode) ?? [];
}

function wholeOf(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}

function startOf(pattern: string | undefined): RegExp | undefined {
  return pattern ? new RegExp(`^(?:${pattern})`) : undefined;
}
