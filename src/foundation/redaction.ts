// Makes a text of others fit to be shown: secrets are taken out, telephone numbers keep their last two digits, and dates and
// times stay. It is used on everything that goes to a log, an error or a message.

import { withoutAccents } from './accents.ts';
import { monthNames } from './calendar-names.ts';

/** What may be between the digits of one number, visible or not. */
const between = String.raw`[\s()[\].\-/_\p{Pd}\u2212\u00B7\p{Default_Ignorable_Code_Point}]{0,3}`;
/** Seven digits or more, as people and machines write them in one number, whatever is beside them. */
const phoneLike = new RegExp(String.raw`(?:\+|%2B)?\p{Nd}(?:${between}\p{Nd}){6,}`, 'giu');

/** Word and telephones write other dashes than ASCII has. */
const dash = String.raw`[-\p{Pd}\u2212]`;
/** `10h00` too. */
const colon = '[:\uFF1Ah]';
/** Of many digits only where an offset is behind them: in a line of a file a telephone number may stand behind a time and a comma. */
const fraction = String.raw`(?:[.,]\d{1,18}(?=Z|[+-]\d{2}:\d{2}(?!\d))|\.\d{1,9}|,\d{1,6}(?!${between}\d))`;
const time = String.raw`\d{1,2}${colon}\d{2}(?:${colon}\d{2}${fraction}?)?(?: ?(?:[ap]m|Z|(?:GMT|UTC)?(?:\+|${dash})\d{2}${colon}?\d{2}|(?:GMT|UTC)(?:\+|${dash})\d{1,2}(?::?\d{2})?))?(?!\d)`;
const dottedTime = String.raw`(?:[01]?\d|2[0-3])\.[0-5]\d(?:\.[0-5]\d)?(?!\.?\d)`;
const blanks = '[ \\t]{1,4}';
/** Between a date and its time, also in words: `at`, `um`, `à`, `a las`, `às`, `को`. */
const gap = `(?:,?(?: (?:at|um|[aà]\u0300?s?|a las?|को))?${blanks}|T|_| ?${dash} ?)`;
const year = '(?:19|20|21)\\d{2}';
/** Of the Buddhist calendar too, where a time says that it is a date. */
const anyYear = '(?:19|20|21|25)\\d{2}';
const day = '(?:0?[1-9]|[12]\\d|3[01])';
const twoOfMonth = '(?:0[1-9]|1[0-2])';
const twoOfDay = '(?:0[1-9]|[12]\\d|3[01])';
const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?';
const nth = '(?:st|nd|rd|th|er|º)?';
/** A name of a month in a language that is read, with its accents or without. */
const named = `(?:${[...new Set(monthNames.flatMap(spellings))].join('|')})[.\u0970]?`;
const mark = `(?:[/._]|${dash})`;
/** No digits before it belong to it: otherwise the groups would be a part of a telephone number. */
const alone = String.raw`(?=\d)(?<!\d|\+|(?<!:\d\d)(?<=\d)[\s()./_\-\p{Pd}\u2212]{1,2})`;
const last = String.raw`(?!${between}\d)`;
/** Dates and times as people and machines write them. A date whose year has two digits counts only with a time after it. */
const dateForms = [
  String.raw`(?<!\d)(?:\d{4}-\d{2}-\d{2}(?:T|${blanks})${time}|(?<!\d[-./_])[12]\d{3}-\d{2}-\d{2}(?![-./]?\d))`,
  // Years of more than four digits. Without a T most of them could be the first group of a number, which never is 10000.
  String.raw`(?<!\p{Nd}|\p{Nd}[\s()./_])(?:\+|${dash})\d{6}-${twoOfMonth}-${twoOfDay}T${time}`,
  String.raw`${alone}[1-9]\d{4}-${twoOfMonth}-${twoOfDay}T${time}`,
  `${alone}10000-${twoOfMonth}-${twoOfDay}(?: ${time}|${last})`,
  String.raw`(?<!\d)${year}[/.]${day}[/.]${day}(?:(?:T|${blanks})${time}|${last})`,
  `${alone}${year}${mark}${day}${mark}${day}(?:${gap}${time}|${last})`,
  String.raw`(?<!\d)${year}\d{4}T\d{4,6}Z?(?!\d)`,
  `${alone}${day}${mark}${day}${mark}${year}(?:${gap}${time}|${last})`,
  `${alone}${day}(?:${mark}| )${day}(?:${mark}| )${anyYear}${gap}${time}`,
  String.raw`${alone}${day}\.${day}\.${year} ${dottedTime}`,
  String.raw`${alone}${day}\. ${day}\. ${year}(?:${gap}${time}|${last})`,
  String.raw`${alone}\d{1,2}[-/.]${day}[-/.]\d{2},?[ T]${time}`,
  String.raw`(?<![\p{L}\p{M}\d])${named}[-/ ]{1,2}${day}${nth}[-/ ,]{1,2}${anyYear}(?:${gap}${time}|${last})`,
  `${alone}${year}[-/. ]${named}[-/ ]${day}(?:${gap}${time}|${last})`,
  String.raw`(?<!\d)\d{1,2}[-/. ]{1,2}${month}[-/. ,]{1,2}(?:${year}|\d{2})(?:${gap}(?:${time}|${dottedTime})|${last})`,
  // The months of other languages, weeks, and days of a year.
  String.raw`(?<!\d)\d{1,2}${nth}(?:[-/.]${named}[-/.]|\.? (?:(?:de|of) )?(?:${named}|[\p{L}\p{M}]{3,12}[.\u0970]?),? (?:del? )?)${year}(?:${gap}${time}|${last})`,
  String.raw`(?<!\d)${year}年\d{1,2}月\d{1,2}日(?: ?${time}|${last})`,
  String.raw`(?<!\d)${year}-W[0-5]\d(?:-[1-7])?(?:T${time}|${last})`,
  String.raw`(?<!\d)${year}-[0-3]\d{2}T${time}`,
];
const dateLike = new RegExp(`(${dateForms.join('|')})`, 'iu');
/** With the time of day that stands before the date. */
const timeOrDate = new RegExp(`((?:(?<![\\d:])${time},? )?(?:${dateForms.join('|')}))`, 'iu');
/** Characters that a database refuses, or a terminal obeys. */
const unprintable = /(?![\n\t])\p{Cc}|\p{Cs}/gu;

function spellings(name: string): string[] {
  const parts = name.normalize('NFD');
  return [name, parts, withoutAccents(name).replace(/\u093C/g, '')];
}

/** Masks a number so that its owner recognises it, and nobody can dial it. */
export function maskPhoneNumber(number: string): string {
  const digits = number.replace(/\P{Nd}/gu, '');
  return digits.length < 4 ? '***' : `***${digits.slice(-2)}`;
}

/**
 * As `redact`, for a value of a caller's, where a telephone number may be written in any way: with seven digits or more besides
 * dates and times, only the last two of them stay. Other texts have counts and ids, which are no numbers to call.
 */
export function redactValue(value: string): string {
  const split = (text: string) => text.split(timeOrDate);
  const others = split(value).filter((_, n) => n % 2 === 0);
  const isNumber = others.join('').replace(/\P{Nd}/gu, '').length >= 7;
  const safe = redact(value);
  if (!isNumber) return safe;
  const parts = split(safe);
  let left = parts
    .filter((_, n) => n % 2 === 0)
    .join('')
    .replace(/\P{Nd}/gu, '').length;
  const mask = (part: string) => part.replace(/\p{Nd}/gu, (digit) => (left-- > 2 ? '*' : digit));
  return parts.map((part, n) => (n % 2 === 1 ? part : mask(part))).join('');
}

/** The text without the given secrets and with telephone numbers masked, cut to `maxLength` characters. */
export function redact(text: string, secrets: readonly string[] = [], maxLength = 300): string {
  // Only what may be shown is searched, since a text may have megabytes. A number or a secret that is cut in two at its end lies
  // within the margin, which is not shown.
  const margin = Math.max(longestNumber, ...secrets.map(({ length }) => length));
  const isCut = text.length > 4 * maxLength + margin;
  let safe = isCut ? text.slice(0, 4 * maxLength + margin) : text;
  for (const secret of secrets) if (secret !== '') safe = safe.replaceAll(secret, '***');
  safe = safe
    .split(dateLike)
    .map((part, n) => (n % 2 === 1 ? part : part.replace(phoneLike, maskPhoneNumber)))
    .join('');
  if (isCut) safe = safe.slice(0, -margin);
  const short = !isCut && safe.length <= maxLength ? safe : `${safe.slice(0, maxLength)}…`;
  return short.replace(unprintable, ' ');
}

/** Characters of the longest number or date, so that a part of one is never shown. */
const longestNumber = 64;
