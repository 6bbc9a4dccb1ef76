// Dates as people and spreadsheets write them, turned into ISO form where there is one reading alone: of a record's times, and of the
// cells of a file. What is not certain is left as it stands, so that it is refused as a time, or is told here.
// Certain in every format: the year first, or the month by its name, wherever it stands. Certain only where the file's format is given:
// numbers with the day or the month first. Never: a year of two digits, and a bare number of days as spreadsheets count them.

import { monthOf, weekdayOf } from '../foundation/calendar-names.ts';
import { mayEndRange, offsetForm, problemBehind, rangeOrOffset, type TimeProblem } from './time-problem.ts';

/** How numbers of a date are ordered where the year does not come first. ISO: not at all; such dates are refused. */
export type DateFormat = 'ISO' | 'DAY_MONTH_YEAR' | 'MONTH_DAY_YEAR';

/** Nothing is to be done: as nearly all times are. */
const plainIso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.,+ -]*(?:Z|UTC)?$/i;

const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/;
const numbersFirst = /^(\d{1,2})([-/ ]|\. ?)(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;

const day = String.raw`(?<day>\d{1,2})`;
const month = String.raw`(?<month>[\p{L}\p{M}]{2,14})[.\u0970]?`;
const year = String.raw`(?<year>\d{4}|\d{2})`;
/** `5-Dec-2026`, `5. Dezember 2026`, `5 de dez. de 2026`, `1er août 2026`. */
const dayFirst = new RegExp(
  String.raw`^${day}(?:st|nd|rd|th|er|º)?(?:[-/.]|\.? (?:(?:de|of) )?)${month}(?:[-/. ,]{1,2}|,? del? )${year}(?!\d)`,
  'iu',
);
/** `December 5, 2026`; no time may be taken for a year. */
const monthFirst = new RegExp(
  String.raw`^${month}[-/ ]{1,2}${day}(?:st|nd|rd|th)?[-/ ,]{1,2}${year}(?![\d:])`,
  'iu',
);
const monthSecond = new RegExp(String.raw`^(?<year>\d{4})[-/. ]${month}[-/ ]${day}(?!\d)`, 'iu');
const weekdayBefore = /^([\p{L}\p{M}-]{2,15})[.,]{0,2} /u;

/** Before a time stands what the languages have there: `at`, `um`, `à`, `a las`, `às`, `को`. */
const between = String.raw`(?:T\s*|,?(?: (?:at|um|[aà]\u0300?s?|a las?|को))?\s+)`;
/** Behind the hour of a clock of 24 hours. */
const oClock = '(?:uhr|hrs?|hours|h|heures?|horas?|बजे)';
const timeBehind = new RegExp(
  String.raw`^(?:${between}(\d{1,2})(?:(?:[:.]|\s?h\s?)(\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?|(?=\s?(?:[ap]\.?\s?m|${oClock})))(?:\s?(?:([ap])\.?\s?m|${oClock})\.?)?(?:\s*(${offsetForm})(?: \([^()]*\))?)?(?: बजे)?)?$`,
  'i',
);

/** Days from 1954 to 2173, with a time of day or without. */
const serial = /^[2-9]\d{4}(?:[.,]\d{1,15})?$/;

/** Of the dates with numbers first, how many can be read in the given format alone, and how many in the other alone. */
export interface DateEvidence {
  agreeing: number;
  contradicting: number;
}

/** `text` comes from `cleanNumeral`. */
export function readDate(text: string, format: DateFormat, evidence?: DateEvidence): string | TimeProblem {
  if (plainIso.test(text)) return text;
  if (serial.test(text))
    return {
      reason: 'UNREADABLE_TIME',
      problem:
        'is a number of days, as spreadsheets count time: write the date; for a file, format the column as YYYY-MM-DD HH:MM:SS before saving it, or upload the workbook itself',
    };
  const [zone = ''] = zoneInBrackets.exec(text) ?? [];
  const found = findDate(text);
  if (found === undefined)
    return dayFirst.test(text) ? { reason: 'UNREADABLE_TIME', problem: noMonth } : text;
  if ('one' in found && format === 'ISO') return text;
  const time = timeBehind.exec(found.rest);
  if (time === null) {
    if (found.year.length === 2 || isoDate.test(text)) return text;
    return problemBehind(found.rest);
  }
  const date = 'one' in found ? inOrder(found, format, evidence) : found;
  const iso = 'problem' in date ? date : written(date, time);
  return typeof iso === 'string' ? `${iso}${zone}` : iso;
}

const noMonth =
  'names a month that is not known here: write it in English, or put the year first, in numbers';
/** What stands behind such a date is for the pass to read. */
const isoDate = /^\d{4}-\d\d-\d\d(?!\d)/;

interface Written {
  readonly year: string;
  /** Behind the date: its time, or nothing. */
  readonly rest: string;
  /** Which day of the week it says that it is. */
  readonly weekday?: number | undefined;
}
interface CertainDate extends Written {
  readonly month: number;
  readonly day: string;
}
/** Of its first two numbers one is the day, and one the month. */
interface OrderedDate extends Written {
  readonly one: string;
  readonly other: string;
}

/** Behind all else: `[Asia/Kolkata]`. */
const zoneInBrackets = /\[[^\][]{1,64}\]$/;

function findDate(whole: string): CertainDate | OrderedDate | undefined {
  const text = whole.replace(zoneInBrackets, '').trimEnd();
  const bare = findBare(text);
  if (bare !== undefined) return bare;
  // Not before: `Mar` is a month and a Tuesday.
  const [before = '', called = ''] = weekdayBefore.exec(text) ?? [];
  const weekday = weekdayOf(called);
  const found = weekday === undefined ? undefined : findBare(text.slice(before.length));
  return weekday === undefined || found === undefined ? undefined : { ...found, weekday };
}

function findBare(text: string): CertainDate | OrderedDate | undefined {
  const numbers = yearFirst.exec(text);
  if (numbers !== null) {
    const [all, year = '', , month, day = ''] = numbers;
    return { year, month: Number(month), day, rest: text.slice(all.length) };
  }
  const ordered = numbersFirst.exec(text);
  if (ordered !== null) {
    const [all, one = '', , other = '', year = ''] = ordered;
    return { year, one, other, rest: text.slice(all.length) };
  }
  for (const form of [dayFirst, monthFirst, monthSecond]) {
    const found = form.exec(text);
    const { year = '', month = '', day = '' } = found?.groups ?? {};
    const number = monthOf(month);
    if (found !== null && number !== undefined)
      return { year, month: number, day, rest: text.slice(found[0].length) };
  }
  return undefined;
}

function inOrder(
  { year, weekday, rest, one, other }: OrderedDate,
  format: DateFormat,
  evidence: DateEvidence | undefined,
): CertainDate | TimeProblem {
  const [day, month] = format === 'DAY_MONTH_YEAR' ? [one, other] : [other, one];
  if (evidence !== undefined) {
    if (Number(day) > 12 && Number(month) <= 12) evidence.agreeing++;
    if (Number(month) > 12 && Number(day) <= 12) evidence.contradicting++;
  }
  if (Number(month) < 1 || Number(month) > 12)
    return {
      reason: 'NONEXISTENT_TIME',
      problem: `has no month ${Number(month)}, and dateFormat is ${format}: write the row as the others, or put the year first`,
    };
  return { year, weekday, rest, day, month: Number(month) };
}

function written(
  { year, month, day, weekday, rest }: CertainDate,
  time: RegExpExecArray,
): string | TimeProblem {
  if (year.length === 2)
    return {
      reason: 'AMBIGUOUS_DATE',
      problem: 'has a year of two digits, and which century is meant is not said: write four',
    };
  const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
  if (weekday !== undefined && weekday !== new Date(`${date}T00:00:00Z`).getUTCDay())
    return {
      reason: 'NONEXISTENT_TIME',
      problem:
        'names another day of the week than that of its date: correct one of them, or leave the day of the week out',
    };
  const [, hours, minutes = '00', seconds, half, offset = ''] = time;
  if (hours === undefined) return date;
  const isByHand = seconds === undefined && !/^t/i.test(rest);
  if (offset !== '' && isByHand && mayEndRange(`${twoDigits(hours)}:${minutes}`, offset))
    return rangeOrOffset;
  const hour = half === undefined ? hours : hourOf(Number(hours), half.toLowerCase());
  if (hour === undefined)
    return {
      reason: 'NONEXISTENT_TIME',
      problem:
        'has an hour that no half of a day has: write the time as 22:00 or 10:00 PM, and nothing behind it but an offset',
    };
  return `${date} ${twoDigits(hour)}:${minutes}:${seconds ?? '00'}${offset}`;
}

function twoDigits(number: number | string): string {
  return String(number).padStart(2, '0');
}

/** 12 AM is midnight, 12 PM is noon. Undefined for an hour that is in no half of a day. */
function hourOf(hours: number, half: string): number | undefined {
  if (hours < 1 || hours > 12) return undefined;
  return (hours % 12) + (half === 'p' ? 12 : 0);
}

/** The formats in which a date of numbers can be read whose year is not first; undefined for every other text. */
export function possibleFormats(text: string): DateFormat[] | undefined {
  const found = findDate(text);
  if (found === undefined || !('one' in found) || !timeBehind.test(found.rest)) return undefined;
  const { one, other } = found;
  const isMonth = (number: string) => Number(number) >= 1 && Number(number) <= 12;
  const isDay = (number: string) => Number(number) >= 1 && Number(number) <= 31;
  return [
    ...(isDay(one) && isMonth(other) ? (['DAY_MONTH_YEAR'] as const) : []),
    ...(isMonth(one) && isDay(other) ? (['MONTH_DAY_YEAR'] as const) : []),
  ];
}

/** Whether a text is a date with a time of day, in whatever form. */
export function isTimeLike(text: string): boolean {
  const rest = findDate(text)?.rest;
  return rest !== undefined && rest !== '' && timeBehind.test(rest);
}

export function isDateLike(text: string): boolean {
  const rest = findDate(text)?.rest;
  return rest !== undefined && timeBehind.test(rest);
}
