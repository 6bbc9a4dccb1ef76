// Columns that change which number or which time is meant, and that are no field: a country beside the number, a time zone or half of
// the day beside the time. Without them another person would be called, or at another time.

import { type CountryCode, getCountries, getCountryCallingCode } from 'libphonenumber-js/max';
import { memoize } from '../foundation/memo.ts';
import { type Finding, quote } from '../scheduling/record-problem.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import { plainName, wordsOf } from './mapping-names.ts';

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
      'gmt',
      'utc',
      'utc gmt',
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
    ...['hora', 'horario', 'horário', 'samay', 'समय', 'slot', 'time slot'],
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

/** Words in a longer name, such as `Billing Country`: the column is meant if its values look so, too. */
const words: Readonly<Record<Qualifier, RegExp>> = {
  country:
    /country|\b(?:nation|land|laender\w*|landes\w*|pays|pais|paese|desh|isd|ddi|(?:dial|dialing|dialling|calling|area|std|city) code|vorwahl|indicatif|prefijo|prefixo|indicativo)\b|देश/,
  extension:
    /\b(?:ext|extn|xtn|extension|extensions|durchwahl|durchw|nebenstelle|apparat|dw|ramal|anexo|poste)\b/,
  timeZone:
    /time ?zone|\btz\b|zeit ?zone|fuseau|huso horario|fuso horario|zona horaria|(?:utc|gmt) ?(?:offset|diff\w*)|समय क्षेत्र/,
  timeOfDay:
    /\b(?:time|times|hour|hours|slot|start|from|clock|uhrzeit|zeit|anrufuhrzeit|heure|horaire|hora|horario|samay)\b|uhrzeit|hh ?mm|समय/,
  halfOfDay: /\b(?:am pm|a p|a m p m|meridiem|half|day part|part of day|session|shift)\b/,
};

/** With these words a country is none of the telephone number's: it is where somebody wants to go, or was born. */
const otherCountries =
  /\b(?:interest\w*|prefer\w*|desired|destination\w*|target|study|visa|travel\w*|visit\w*|birth|citizenship|choice|appl\w*|job|manager|club|head|university|tour|trip|package|course|size|plot|acres?|owner|area(?! code))\b/;

const looksLike: Readonly<Record<Qualifier, (value: string) => boolean>> = {
  country: (value) =>
    /^\(?(?:\+|00)?\d{1,5}\)?$|^(?:[a-z]{2}|[A-Z]{2,3})$|\+\d{1,3}\b/.test(value) ||
    countryNames(languages).has(plainName(value)),
  extension: (value) => /^(?:x|ext\.?|extn\.?|durchwahl|dw\.?)?\s*[#.:]?\s*\d{1,6}$/i.test(value),
  timeZone: () => true,
  timeOfDay: (value) => clock.test(value) || /^\d{1,2}(?:[.:]?\d{2})?$/.test(value),
  halfOfDay: (value) => halfOfDay.test(value),
};

const clock =
  /^\d{1,2}(?:(?:[:h]\d{2})(?::\d{2})?|(?=\s*[aphu]))\s*(?:[ap]\.?\s?m\.?|uhr|hrs?|h)?(?:\s*(?:-|to|bis)\s*\d{1,2}(?:[:h.]\d{2})?\s*(?:[ap]\.?\s?m\.?|uhr|hrs?|h)?)?$/i;
const halfOfDay = /^[ap]\.?\s?m\.?$|^(?:morning|afternoon|evening)$/i;

/** Values that are nothing else, whatever the column's name is. */
const unmistakable: ReadonlyMap<Qualifier, RegExp> = new Map([
  ['country', /^\(?(?:\+|00)\d{1,3}\)?$/],
  [
    'timeZone',
    /^(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Canada|Etc|Europe|Indian|Pacific|US)\/[\w+/-]+$|^(?:UTC|GMT)\s*[+-]\s*\d{1,2}(?::?\d{2})?$|^[+-]\d{1,2}:\d{2}$/i,
  ],
  ['timeOfDay', clock],
  ['halfOfDay', /^[ap]\.?\s?m\.?$/i],
]);

/** What its name says that a column may be; it is so if its values look so. */
function hintOf(header: string): Qualifier | undefined {
  const exact = qualifiers.get(plainName(header));
  if (exact !== undefined) return exact;
  const text = wordsOf(header);
  const kind = (Object.keys(words) as Qualifier[]).find((kind) => words[kind].test(text));
  return kind === 'country' && otherCountries.test(text) ? undefined : kind;
}

function isMeant(hint: Qualifier, header: string, values: readonly string[]): boolean {
  const plain = plainName(header);
  if (vague.has(plain)) return values.some((value) => /\d/.test(cleanNumeral(value)));
  return qualifiers.has(plain) || values.some((value) => looksLike[hint](cleanNumeral(value)));
}

function kindByValues(values: readonly string[]): Qualifier | undefined {
  if (values.length === 0) return undefined;
  const [kind] =
    [...unmistakable].find(([, form]) => values.every((value) => form.test(cleanNumeral(value)))) ?? [];
  return kind;
}

/** `header`: null: it has none. `values`: none of them empty. */
export function qualifierOf(header: string | null, values: readonly string[]): Qualifier | undefined {
  const hint = header === null ? undefined : hintOf(header);
  return hint !== undefined && header !== null && isMeant(hint, header, values) ? hint : kindByValues(values);
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

/** As a preview tells it. */
export interface UnreadColumn {
  readonly index: number;
  readonly header: string | null;
  readonly samples: readonly string[];
}

/** `columns`: those that are not read. `placeOf`: where a field is. Undefined: none of them changes a call. */
export function createQualifierCheck(
  columns: readonly UnreadColumn[],
  placeOf: (field: string) => number | undefined,
  supposed: Supposed,
): QualifierCheck | undefined {
  const unread = columns.flatMap(({ index, header, samples }) => {
    const hint = header === null ? undefined : hintOf(header);
    const kind = hint ?? kindByValues(samples);
    if (kind === undefined) return [];
    const form = unmistakable.get(kind);
    const isSo = (value: string) =>
      hint !== undefined && header !== null
        ? isMeant(hint, header, [value])
        : form?.test(cleanNumeral(value));
    return [{ index, kind, isSo, name: nameOf(index, header), place: placeOf(qualified[kind]) }];
  });
  if (unread.length === 0) return undefined;
  return (cells) => {
    for (const { index, kind, isSo, name, place } of unread) {
      const value = (cells[index] ?? '').trim();
      if (value === '' || !isSo(value) || sayWhatIsSupposed(kind, [value], supposed)) continue;
      if (place !== undefined && sayItThemselves(kind, [cells[place] ?? ''])) continue;
      const message = `${name} says ${quote(value)} of this row: it ${unreadAdvice[kind]}.`;
      return { kind: 'InvalidFieldError', field: qualified[kind], reason: 'UNKNOWN_HEADER', message };
    }
    return undefined;
  };
}

export function nameOf(index: number, header: string | null): string {
  return header === null ? `Column ${index + 1}` : `Column ${quote(header)}`;
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

/** In all of these languages, without the codes. */
const countryNames = memoize(1, (inLanguages: readonly string[]): ReadonlySet<string> => {
  const names = inLanguages.flatMap((language) => {
    const inLanguage = new Intl.DisplayNames(language, { type: 'region' });
    return getCountries().map((region) => plainName(inLanguage.of(region) ?? ''));
  });
  return new Set([...names, ...[...shortNames.values()].flat().map(plainName)]);
});

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
  halfOfDay: /\d\s*[ap]\.?m\.?(?:\s|$)|[T ](?:1[3-9]|2[0-3])[:.]\d/i,
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
