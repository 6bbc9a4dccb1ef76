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

/** What the name of a column says. `vagueName`: it may be the title of a person as well. `words`: it has such words among others. */
interface Hint {
  readonly kind: Qualifier;
  readonly by: 'name' | 'vagueName' | 'words';
}

function hintOf(header: string | null): Hint | undefined {
  const plain = plainName(header ?? '');
  const exact = qualifiers.get(plain);
  if (exact !== undefined) return { kind: exact, by: vague.has(plain) ? 'vagueName' : 'name' };
  const text = wordsOf(header ?? '');
  const kind = (Object.keys(words) as Qualifier[]).find((kind) => words[kind].test(text));
  if (kind === undefined || (kind === 'country' && otherCountries.test(text))) return undefined;
  return { kind, by: 'words' };
}

/** What a value may be in a column of such a name: what the name says, and, where it does not look so, what its form says. */
function kindsOf(hint: Hint | undefined, value: string): readonly Qualifier[] {
  const text = cleanNumeral(value);
  const said = hint !== undefined && (hint.by !== 'vagueName' || /\d/.test(text)) ? hint : undefined;
  if (said !== undefined && looksLike[said.kind](text)) return [said.kind];
  const formed = [...unmistakable].filter(([, form]) => form.test(text)).map(([kind]) => kind);
  return said === undefined || said.by === 'words' ? formed : [said.kind, ...formed];
}

/** What counts where nothing else is said. */
export interface Supposed {
  readonly region: CountryCode;
  readonly timeZone: string;
}

/** Whether nothing changes if it is not read: it says what is supposed anyway. */
function saysWhatIsSupposed(kind: Qualifier, value: string, supposed: Supposed): boolean {
  if (kind === 'country')
    return namesOf(supposed.region).has(plainName(cleanNumeral(value).replace(/^(?:\+|00)/, '')));
  return kind === 'timeZone' && value.toLowerCase() === supposed.timeZone.toLowerCase();
}

/** As a preview tells it. */
export interface UnreadColumn {
  readonly index: number;
  readonly header: string | null;
}

/** A value in a column that is not read, which would change the row's call. */
export interface FoundQualifier {
  readonly column: UnreadColumn;
  readonly kind: Qualifier;
  readonly value: string;
}

export interface Surroundings {
  /** The cells of the file's first rows, without its header. */
  readonly first: readonly (readonly string[])[];
  /** Where a field is. */
  readonly placeOf: (field: QualifiedField) => number | undefined;
  readonly supposed: Supposed;
}

/** Finds them in a row, wherever in the file it stands. `columns`: those that are not read. */
export function createQualifierFinder(
  columns: readonly UnreadColumn[],
  { first, placeOf, supposed }: Surroundings,
): (cells: readonly string[]) => FoundQualifier[] {
  const valueAt = (cells: readonly string[], index: number) => (cells[index] ?? '').trim();
  const looked = columns.flatMap((column) => {
    const hint = hintOf(column.header);
    const values = first.map((cells) => valueAt(cells, column.index)).filter((value) => value !== '');
    // In a column of any name, a value says something if all do: among notes, 10:30 is a note.
    const isLooked = hint !== undefined || values.every((value) => kindsOf(hint, value).length > 0);
    return isLooked ? [{ column, hint }] : [];
  });
  const changes = (cells: readonly string[], { column, kind, value }: FoundQualifier) => {
    const place = placeOf(qualified[kind]);
    if (place === column.index || saysWhatIsSupposed(kind, value, supposed)) return false;
    if (place === undefined) return true;
    const beside = valueAt(cells, place);
    // Without a number or a time there is no call that it could change.
    return beside !== '' && ownForms[kind]?.test(cleanNumeral(beside)) !== true;
  };
  return (cells) =>
    looked.flatMap(({ column, hint }) => {
      const value = valueAt(cells, column.index);
      if (value === '') return [];
      const found = kindsOf(hint, value).map((kind) => ({ column, kind, value }));
      return found.filter((one) => changes(cells, one));
    });
}

/** What is wrong with a row whose value in such a column would change the call: the first rows may have had none. */
export function createQualifierCheck(
  columns: readonly UnreadColumn[],
  surroundings: Surroundings,
): (cells: readonly string[]) => Finding | undefined {
  const find = createQualifierFinder(columns, surroundings);
  return (cells) => {
    const [found] = find(cells);
    if (found === undefined) return undefined;
    const { column, kind, value } = found;
    const message = `${nameOf(column)} says ${quote(value)} of this row: it ${unreadAdvice[kind]}.`;
    return { kind: 'InvalidFieldError', field: qualified[kind], reason: 'UNKNOWN_HEADER', message };
  };
}

export function nameOf({ index, header }: UnreadColumn): string {
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

/** Of numbers and times that say it all by themselves. */
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
export type QualifiedField = (typeof qualified)[Qualifier];

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
