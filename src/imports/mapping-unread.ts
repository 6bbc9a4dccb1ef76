// Columns that change which number or which time is meant, and that are no field: a country beside the number, a time zone or half of
// the day beside the time. Without them another person would be called, or at another time.

import { type CountryCode, getCountryCallingCode } from 'libphonenumber-js/max';
import { memoize } from '../foundation/memo.ts';
import { type Finding, quote } from '../scheduling/record-problem.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import { plainName } from './mapping-names.ts';

export type Qualifier = 'country' | 'extension' | 'timeZone' | 'timeOfDay' | 'halfOfDay';

const names: Readonly<Record<Qualifier, readonly string[]>> = {
  country: [
    ...['country', 'country code', 'country name', 'country iso', 'iso country', 'country prefix', 'nation'],
    ...['phone country', 'phone country code', 'mobile country code', 'country dial code', 'dial code'],
    ...['dialing code', 'dialling code', 'calling code', 'country calling code', 'isd', 'isd code'],
    ...[
      'international code',
      'international prefix',
      'intl code',
      'phone code',
      'phone prefix',
      'prefix',
      'cc',
    ],
    ...['area code', 'phone area code', 'std', 'std code', 'city code'],
    ...[
      'land',
      'ländercode',
      'laendercode',
      'ländervorwahl',
      'laendervorwahl',
      'landesvorwahl',
      'länderkennzahl',
    ],
    ...['landeskennzahl', 'ländername', 'vorwahl', 'ortsvorwahl', 'rufnummernpräfix'],
    ...['pays', 'code pays', 'code du pays', 'indicatif', 'indicatif pays', 'indicatif du pays'],
    ...['indicatif téléphonique', 'indicatif régional', 'préfixe'],
    ...[
      'país',
      'código país',
      'código de país',
      'código del país',
      'prefijo',
      'prefijo país',
      'prefijo telefónico',
    ],
    ...[
      'código de área',
      'indicativo',
      'lada',
      'clave lada',
      'código do país',
      'código de discagem',
      'prefixo',
    ],
    ...['ddi', 'ddd', 'desh', 'desh code', 'desh ka code', 'देश', 'देश कोड', 'देश का कोड'],
  ],
  extension: [
    ...['extension', 'ext', 'ext no', 'extension no', 'extension number', 'phone extension', 'phone ext'],
    ...['durchwahl', 'nebenstelle', 'poste', 'numéro de poste', 'extensión', 'interno', 'anexo', 'ramal'],
  ],
  timeZone: [
    ...[
      'time zone',
      'time zone name',
      'time zone id',
      'tz',
      'tz name',
      'tz offset',
      'utc offset',
      'gmt offset',
    ],
    ...[
      'time offset',
      'time zone offset',
      'offset',
      'iana time zone',
      'local time zone',
      'customer time zone',
    ],
    ...['zeitzone', 'utc abweichung', 'fuseau', 'fuseau horaire', 'décalage horaire', 'décalage utc'],
    ...['zona horaria', 'huso horario', 'desfase horario', 'fuso', 'fuso horário', 'zona horária'],
    ...['samay kshetra', 'समय क्षेत्र', 'टाइम ज़ोन'],
  ],
  timeOfDay: [
    ...[
      'time',
      'time of day',
      'clock time',
      'hour',
      'hours',
      'start time',
      'uhrzeit',
      'zeit',
      'heure',
      'horaire',
    ],
    ...['hora', 'horario', 'horário', 'samay', 'समय'],
  ],
  halfOfDay: [
    ...['am pm', 'am or pm', 'a m p m', 'pm am', 'meridiem', 'meridian', 'am pm indicator', 'half of day'],
    ...['vormittags nachmittags', 'vorm nachm', 'tageshälfte', 'matin après-midi', 'matin soir'],
    ...['mañana tarde', 'manhã tarde', 'पूर्वाह्न अपराह्न'],
  ],
};

const qualifiers = new Map<string, Qualifier>();
for (const kind of Object.keys(names) as Qualifier[])
  for (const name of names[kind]) qualifiers.set(plainName(name), kind);

/** Names that stand for other things as well: the titles of people, copies of a mail. */
const vague: ReadonlySet<string> = new Set(
  ['prefix', 'prefijo', 'prefixo', 'préfixe', 'cc', 'ext', 'interno', 'poste', 'offset'].map(plainName),
);

export function qualifierOf(name: string, values: readonly string[]): Qualifier | undefined {
  const plain = plainName(name);
  const isOther = vague.has(plain) && !values.some((value) => /\d/.test(cleanNumeral(value)));
  return isOther ? undefined : qualifiers.get(plain);
}

/** What counts where nothing else is said. */
export interface Supposed {
  readonly region: CountryCode;
  readonly timeZone: string;
}

/** Whether nothing changes if the column is not read: it says what is supposed anyway, or nothing. */
export function sayWhatIsSupposed(kind: Qualifier, values: readonly string[], supposed: Supposed): boolean {
  if (kind === 'country') {
    const own = namesOf(supposed.region);
    return values.every((value) => own.has(plainName(cleanNumeral(value).replace(/^(?:\+|00)/, ''))));
  }
  const isOwn = (value: string) => value.trim().toLowerCase() === supposed.timeZone.toLowerCase();
  return values.every(kind === 'timeZone' ? isOwn : () => false);
}

/** What is wrong with a row whose value in such a column would change the call: the first rows may have had none. */
export type QualifierCheck = (cells: readonly string[]) => Finding | undefined;

/** `columns`: those that are not read. `placeOf`: where a field is. Undefined: none of them changes a call. */
export function createQualifierCheck(
  columns: readonly { readonly index: number; readonly header: string | null }[],
  placeOf: (field: string) => number | undefined,
  supposed: Supposed,
): QualifierCheck | undefined {
  const unread = columns.flatMap(({ index, header }) => {
    const kind = qualifiers.get(plainName(header ?? ''));
    if (header === null || kind === undefined) return [];
    return [{ index, header, field: qualified[kind], place: placeOf(qualified[kind]) }];
  });
  if (unread.length === 0) return undefined;
  return (cells) => {
    for (const { index, header, field, place } of unread) {
      const value = (cells[index] ?? '').trim();
      const kind = value === '' ? undefined : qualifierOf(header, [value]);
      if (kind === undefined || sayWhatIsSupposed(kind, [value], supposed)) continue;
      if (place !== undefined && sayItThemselves(kind, [cells[place] ?? ''])) continue;
      const message = `Column ${quote(header)} says ${quote(value)} of this row: it ${unreadAdvice[kind]}.`;
      return { kind: 'InvalidFieldError', field, reason: 'UNKNOWN_HEADER', message };
    }
    return undefined;
  };
}

const languages = ['en', 'de', 'fr', 'es', 'pt', 'hi'];
/** As people write them besides. */
const shortNames: ReadonlyMap<CountryCode, readonly string[]> = new Map([
  ['IN', ['IND', 'Bharat', 'Republic of India']],
  ['US', ['USA', 'U.S.', 'U.S.A.', 'United States of America', 'America']],
  ['GB', ['UK', 'U.K.', 'GBR', 'Great Britain', 'Britain', 'England', 'Scotland', 'Wales']],
  ['DE', ['DEU', 'D', 'BRD']],
  ['AE', ['UAE', 'U.A.E.', 'ARE']],
]);

/** What a country is called, and its code. */
const namesOf = memoize(10, (region: CountryCode): ReadonlySet<string> => {
  const inLanguages = languages.map((language) =>
    new Intl.DisplayNames(language, { type: 'region' }).of(region),
  );
  const names = [region, getCountryCallingCode(region), ...inLanguages, ...(shortNames.get(region) ?? [])];
  return new Set(names.map((name) => plainName(name ?? '')));
});

/** Whether the values say it all by themselves. Of no values nobody can tell. */
export function sayItThemselves(kind: Qualifier, values: readonly string[]): boolean {
  const own = ownForms[kind];
  return own !== null && values.length > 0 && values.every((value) => own.test(cleanNumeral(value)));
}

const ownForms: Readonly<Record<Qualifier, RegExp | null>> = {
  country: /^['\u2019(]*\+/,
  extension: null,
  timeZone: /\d\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i,
  // Midnight may be a date alone.
  timeOfDay: /\d[T ](?!00:00|12:00(?::00)?\s*a|0:00)\d{1,2}[:.]\d{2}/i,
  halfOfDay: /\d\s*[ap]\.?m\.?(?:\s|$)/i,
};

/** Which field it belongs to. */
export const qualified = {
  country: 'phoneNumber',
  extension: 'phoneNumber',
  timeZone: 'scheduledTime',
  timeOfDay: 'scheduledTime',
  halfOfDay: 'scheduledTime',
} as const satisfies Record<Qualifier, string>;

export const unreadAdvice: Readonly<Record<Qualifier, string>> = {
  country:
    'seems to be a part of the phone number, and is not read: write each number with + and its country code',
  extension:
    'seems to be an extension, and is not dialled: write the number at which the person is reached directly',
  timeZone:
    'seems to be the time zone of the times, and is not read: write each time with its offset, such as 2026-12-01 10:00 +01:00',
  timeOfDay:
    'seems to be the time of day that belongs to a date, and is not read: write date and time into one column',
  halfOfDay:
    'seems to say whether times are before noon or after it, and is not read: write each time with all 24 hours, or AM or PM behind it',
};
