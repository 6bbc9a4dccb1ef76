// What a workbook's cell holds, as text: numbers with all their digits and never in scientific notation, dates and times in ISO form
// by their number format.

import { memoize } from '../../foundation/memo.ts';

/** `_x000D_` stands for a character that XML does not have, and `_x005F_` for the underscore of such a text. */
export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text;
}

/** As nearly all numbers are. */
const plainInteger = /^(?:0|[1-9]\d{0,14})$/;
const written = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
/** Excel calculates and shows no more. */
const significantDigits = 15;

/** A number as it is written in a workbook (`9.1987654321E+11`) in digits alone (`919876543210`); null for what is none. */
export function numberText(raw: string): string | null {
  if (plainInteger.test(raw)) return raw;
  const [, sign, whole = '', fraction = '', exponent = '0'] = written.exec(raw) ?? [];
  if (sign === undefined || whole + fraction === '') return null;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const split = point <= 0 ? 1 : point;
  const before = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const after = padded.slice(split).replace(/0+$/, '');
  const text = after === '' ? before : roundedText(before, after);
  return sign === '-' && text !== '0' ? `-${text}` : text;
}

/** 19.989999999999998 is how a computer keeps 19.99. */
function roundedText(before: string, after: string): string {
  const digits = (before + after).replace(/^0+/, '').length;
  if (digits <= significantDigits) return `${before}.${after}`;
  const places = after.length - (digits - significantDigits);
  if (places < 0 || places > 100) return `${before}.${after}`;
  // Of 16 and 17 digits, those that are rounded are the last ones: the number is exact enough.
  const text = Number(`${before}.${after}`).toFixed(places);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** How a number is shown: as such, or as what its number format makes of it. */
export type NumberFormat =
  | { readonly kind: 'number' }
  /** `0000000000`: with zeros before it. */
  | { readonly kind: 'padded'; readonly digits: number }
  /** `"+49 "0`: with digits or a + of its own, which belong to what is seen of the number. */
  | { readonly kind: 'marked'; readonly before: string; readonly digits: number; readonly after: string }
  | { readonly kind: 'date'; readonly hasDate: boolean; readonly hasTime: boolean };

const plainNumber: NumberFormat = { kind: 'number' };

/** What the standard formats without a code are, ECMA-376 18.8.30, with those of East Asia. */
function builtInFormat(id: number): NumberFormat {
  const date = (hasDate: boolean, hasTime: boolean): NumberFormat => ({ kind: 'date', hasDate, hasTime });
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54))
    return date(true, false);
  if (id === 57 || id === 58) return date(true, false);
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id === 55 || id === 56)
    return date(false, true);
  return id === 22 ? date(true, true) : plainNumber;
}

/** `code`: where the workbook defines the format itself. */
export function numberFormatOf(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return builtInFormat(id);
  const [section = ''] = withoutLiterals(code).split(';');
  const hasDate = /[yde]/i.test(section) || /^[^hs]*m[^hs]*$/i.test(section);
  const hasTime = /[hs]/i.test(section);
  if (hasDate || hasTime) return { kind: 'date', hasDate, hasTime };
  const padded = /^0{2,}$/.test(section)
    ? ({ kind: 'padded', digits: section.length } as const)
    : plainNumber;
  return markedFormat(code) ?? padded;
}

const formatParts = /"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|General|([0#?])|(.)/gis;

/** Null where the text around the digits has neither digits nor a +. */
function markedFormat(code: string): NumberFormat | null {
  let [before, within, after, digits, hasBegun] = ['', '', '', 0, false];
  for (const [part, quoted, escaped, place, other = ''] of code.slice(0, 1024).matchAll(formatParts)) {
    if (other === ';') break;
    if (place !== undefined || /^General$/i.test(part)) {
      if (place === '0') digits++;
      within += after;
      after = '';
      hasBegun = true;
    } else if (hasBegun) after += quoted ?? escaped ?? other;
    else before += quoted ?? escaped ?? other;
  }
  if (!/[\d+]/.test(before + within + after)) return null;
  if (/\d/.test(within)) after += ' (digits within the number format)';
  return { kind: 'marked', before, digits, after };
}

/** Without texts in quotes, characters behind `\ _ *`, colours and conditions; `[h]` is an hour. `General` is no format of a date. */
function withoutLiterals(code: string): string {
  return code
    .slice(0, 1024)
    .replace(/"[^"]*"|[\\_*]./gs, '')
    .replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
    .replace(/General|E[+-]|AM\/PM|A\/P/gi, '');
}

const dayMs = 86_400_000;
const secondsOfDay = 86_400;
/** Day 0, when Excel counts from 1900: it takes 1900 for a leap year, so that days before March of it lie one later. */
const epoch1900 = Date.UTC(1899, 11, 30);
/** How much later day 0 is when it counts from 1904. */
const days1904 = 1462;
/** A day that Excel has, and no calendar. */
const leapDay1900 = 60;
/** 31 December 9999. */
const lastDay = 2_958_465;

/** A cell's number as text. `raw`: as the workbook has it. Null for what is no number. */
export function formatNumber(raw: string, format: NumberFormat, is1904: boolean): string | null {
  const date = format.kind === 'date' && plainSerial.test(raw) ? dateText(Number(raw), format, is1904) : null;
  if (date !== null) return date;
  const text = numberText(raw);
  if (text === null || !('digits' in format)) return text;
  const padded = plainInteger.test(text) ? text.padStart(format.digits, '0') : text;
  return format.kind === 'marked' ? `${format.before}${padded}${format.after}` : padded;
}

const plainSerial = /^\d{1,7}(?:\.\d+)?(?:[eE][+-]?\d{1,2})?$/;

/** Null where it is no day of a calendar. The time of day is written where the cell has one, or shows one. */
function dateText(
  serial: number,
  { hasDate, hasTime }: { hasDate: boolean; hasTime: boolean },
  is1904: boolean,
): string | null {
  const seconds = Math.round(serial * secondsOfDay);
  const day = Math.floor(seconds / secondsOfDay);
  const ofDay = seconds - day * secondsOfDay;
  const days = is1904 ? day + days1904 : day;
  if (days > lastDay) return null;
  if (day === 0 && !(hasDate && is1904)) return timeOf(ofDay);
  return ofDay === 0 && !hasTime ? dateOf(days) : `${dateOf(days)} ${timeOf(ofDay)}`;
}

function timeOf(seconds: number): string {
  return `${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** Days of ten years: a list has some. */
const rememberedDays = 3650;

const dateOf = memoize(rememberedDays, (days: number) =>
  days === leapDay1900
    ? '1900-02-29'
    : new Date(epoch1900 + (days < leapDay1900 ? days + 1 : days) * dayMs).toISOString().slice(0, 10),
);
