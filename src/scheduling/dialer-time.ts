// Times as callers write them, and as the dialer wants them: `YYYY-MM-DD HH:mm:ss` on its own clock.
// dayjs knows which days the calendar has. It is asked once for each day: a list of thousands of times has some days, and dayjs
// takes 10 µs to read or to write one.

import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import { memoize } from '../foundation/memo.ts';
import { isTimeZone, type TimeZone, timeZone } from '../foundation/time-zone.ts';
import {
  isRange,
  mayEndRange,
  offsetForm,
  problemBehind,
  rangeOrOffset,
  type TimeProblem,
} from './time-problem.ts';
import { readDate } from './written-date.ts';

dayjs.extend(utc);

/** What callers are told to write. */
export const expectedTime =
  'ISO 8601 with an offset (2026-11-25T10:00:00+05:30), or YYYY-MM-DD HH:mm:ss or YYYY-MM-DDTHH:mm in timeZone';
export const expectedExpiry = `${expectedTime}, or YYYY-MM-DD for the end of that day`;

/** Seconds, their fraction, and the offset may be left out. */
const timeForm = new RegExp(
  String.raw`^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?: ?(${offsetForm}))?$`,
  'i',
);
const dateForm = /^\d{4}-\d{2}-\d{2}$/;

const dayMs = 86_400_000;
/** Days of ten years. */
const rememberedDays = 3650;
/** As many as there are in some spellings. */
const rememberedOffsets = 100;

/** Which times the dialer takes, in epoch milliseconds: from the second that runs, since it knows whole seconds, to the horizon. */
export interface TimesAhead {
  readonly earliest: number;
  readonly horizon: number;
}

export function timesAhead({ now, horizonDays }: { now: number; horizonDays: number }): TimesAhead {
  const earliest = Math.floor(now / 1000) * 1000;
  return { earliest, horizon: earliest + horizonDays * dayMs };
}

/** The instant in epoch milliseconds, cut to the second; or what is wrong. `text` comes from `cleanNumeral`. */
export function parseTime(text: string, zone: TimeZone): number | TimeProblem {
  const plain = readPlainTime(text);
  if (plain !== undefined) return zone.fromWallClock(plain) ?? skippedIn(zone);
  const read = timeForm.exec(text);
  return read === null ? readByHand(withPlainMarks(text), zone) : instantOf(read, zone);
}

function instantOf(read: RegExpExecArray, zone: TimeZone): number | TimeProblem {
  const [text, date = '', hours = '', minutes = '', seconds, offset] = read;
  const wallMs = wallTime(date, hours, minutes, seconds ?? '00');
  if (wallMs === null) return nonexistent('does not exist in the calendar or on the clock');
  if (offset === undefined) return zone.fromWallClock(wallMs) ?? skippedIn(zone);
  // Where neither a T nor seconds show that a machine wrote it.
  const isByHand = seconds === undefined && text.charCodeAt(10) === blank;
  if (isByHand && mayEndRange(`${hours}:${minutes}`, offset)) return rangeOrOffset;
  const aheadMinutes = minutesOf(offset);
  if (aheadMinutes === undefined)
    return { reason: 'UNKNOWN_OFFSET', problem: `has the offset ${offset}, which no place on earth has` };
  return wallMs - aheadMinutes * 60_000;
}

/** What `withPlainMarks` has left of a text in another form. */
function readByHand(text: string, zone: TimeZone): number | TimeProblem {
  const [, behindTime, zoneName] = bracketForm.exec(text) ?? [];
  if (behindTime !== undefined && zoneName !== undefined) return inNamedZone(behindTime, zoneName, zone);
  const read = timeForm.exec(text);
  if (read !== null) return instantOf(read, zone);
  const written = readDate(text, 'ISO');
  if (typeof written !== 'string') return written;
  const form = timeForm.exec(written);
  if (form !== null) return instantOf(form, zone);
  return problemOfForm(dateForm.test(written) ? written : text);
}

/** `2026-12-01T10:00:00+05:30[Asia/Kolkata]`, as Java writes a time in a zone. */
const bracketForm = /^([^\][]*[^\][ ]) ?\[([^\][]{1,64})\]$/;

function inNamedZone(text: string, name: string, zone: TimeZone): number | TimeProblem {
  if (!isTimeZone(name))
    return unreadable(
      'has brackets behind its time with no name of the IANA data base in them (Asia/Kolkata): write an offset in their place (+05:30)',
    );
  const own = timeZone(name);
  const instant = parseTime(text, own);
  if (typeof instant !== 'number') return instant;
  const [offset] = offsetBehind.exec(text) ?? [];
  if (offset !== undefined) {
    if (own.toWallClock(instant) - instant === (minutesOf(offset) ?? 0) * 60_000) return instant;
    return nonexistent(`does not exist: clocks in ${own.name} have another offset then`);
  }
  if (parseTime(text, zone) === instant) return instant;
  return unreadable(
    `names ${own.name}, and times without an offset are read in ${zone.name} here: write the offset before the brackets, or the zone as timeZone`,
  );
}

/** Behind a time that was read. */
const offsetBehind = new RegExp(`(?:${offsetForm})$`, 'i');

/** Of an offset that some place has. */
const minutesOf = memoize(rememberedOffsets, (offset: string) => {
  const [, sign, hours, minutes = '0'] = /([+-])(\d{1,2}?):?(\d{2})?$/.exec(offset) ?? [];
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes));
  return Number(minutes) < 60 && offsetMinutesInUse.has(ahead) ? ahead : undefined;
});

const longestDate = 10;
/**
 * Word and keyboards for wide characters put other dashes and colons in, a second blank is not seen, a tab stands between two cells, and
 * an apostrophe is a spreadsheet's mark of text. Behind a time that was written by hand a dash is no minus: it stands between two times.
 */
function withPlainMarks(written: string): string {
  const text = written.replace(/^['\u2019]\s*(?=\d)/, '').replace(/\s+/g, ' ');
  const isByHand = !/^.{10}T/i.test(text);
  return text
    .replace(/(?<=(?:UTC|GMT) ?)\p{Pd}/giu, '-')
    .replace(/[\p{Pd}\u2212]/gu, (dash, at: number) =>
      isByHand && at > longestDate && dash !== '\u2212' ? dash : '-',
    )
    .replace(/\uFF1A/g, ':');
}

/**
 * A reading in the commonest form, `YYYY-MM-DD HH:mm:ss` or with a T, as milliseconds of that reading taken for UTC. Undefined for
 * every other form, and for what no clock shows. A capture of a regular expression would make six strings of it.
 */
function readPlainTime(text: string): number | undefined {
  if (text.length !== 19 || text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return undefined;
  const separator = text.charCodeAt(10);
  if (separator !== blank && separator !== capitalT) return undefined;
  const hours = numberAt(text, 11);
  const minutes = numberAt(text, 14);
  const seconds = numberAt(text, 17);
  if (!(hours < 24 && minutes < 60 && seconds < 60)) return undefined;
  const startOfDay = startOf(text.slice(0, 10));
  return startOfDay === null ? undefined : startOfDay + (hours * 3600 + minutes * 60 + seconds) * 1000;
}

const colon = 0x3a;
const blank = 0x20;
const capitalT = 0x54;

/** Of two digits; Infinity where one of them is none. */
function numberAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Infinity;
}

/** Whether a time that `parseTime` takes is written as the dialer wants it: on the clock of the zone that it was read in. */
export function isDialerTime(text: string): boolean {
  // Not in a form that is only read: with dashes or colons that are none to the dialer.
  const marks = text.length === 19 && text[4] === '-' && text[7] === '-' && text.charCodeAt(10) === blank;
  return marks && text.charCodeAt(13) === colon && text.charCodeAt(16) === colon;
}

function skippedIn(zone: TimeZone): TimeProblem {
  return nonexistent(`does not exist in ${zone.name}: daylight saving moves the clocks past it that day`);
}

/** As `parseTime`; a date alone means its last second. */
export function parseExpiry(text: string, zone: TimeZone): number | TimeProblem {
  let date: string | TimeProblem = text;
  if (!dateForm.test(text)) {
    const time = parseTime(text, zone);
    if (typeof time === 'number' || time.reason !== 'MISSING_TIME_OF_DAY') return time;
    date = readDate(withPlainMarks(text), 'ISO');
    if (typeof date !== 'string' || !dateForm.test(date)) return time;
  }
  const startOfDay = startOf(date);
  const end = startOfDay === null ? null : zone.endOfDay(startOfDay);
  return end ?? nonexistent(`does not exist in the calendar of ${zone.name}`);
}

/**
 * Every whole hour from -12:00 to +14:00, and the halves and quarters that some place's clocks show: Marquesas,
 * Newfoundland (and in summer), Iran, Afghanistan, India, Nepal, Myanmar, Eucla, Central Australia (and in summer, as Lord
 * Howe), the Chathams (and in summer). Source: tzdata 2025b.
 */
const offsetMinutesInUse = new Set([
  ...Array.from({ length: 27 }, (_, n) => (n - 12) * 60),
  ...[-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825],
]);

function nonexistent(problem: string): TimeProblem {
  return { reason: 'NONEXISTENT_TIME', problem };
}

function unreadable(problem: string): TimeProblem {
  return { reason: 'UNREADABLE_TIME', problem };
}

function problemOfForm(text: string): TimeProblem {
  if (dateForm.test(text)) return { reason: 'MISSING_TIME_OF_DAY', problem: 'has no time of day' };
  if (isRange(text)) return rangeOrOffset;
  const [, behind] = /^\d{4}-\d{2}-\d{2}(?!\d)(.+)$/s.exec(text) ?? [];
  if (behind !== undefined) return problemBehind(behind);
  if (digitsAlone.test(text)) return unreadable(neitherCountNorDate);
  const numbers = /^(\d{1,2})([-/ ]|\. ?)(\d{1,2})\2(\d{4}|\d{2})(?!\d)/.exec(text);
  if (numbers !== null) {
    // A year of two digits may as well stand first.
    const isOneTheDay = numbers[4]?.length === 4 && (Number(numbers[1]) > 12 || Number(numbers[3]) > 12);
    const problem = isOneTheDay
      ? 'has its year last, and is read with the year first alone'
      : 'does not say which of its numbers is the day, and which the month: put the year first';
    return { reason: 'AMBIGUOUS_DATE', problem };
  }
  return unreadable('is not a time in a form that is read here');
}

/** Of the lengths that counts of seconds and milliseconds have, and dates without separators. */
const digitsAlone = /^(?:\d{8}|\d{10}|\d{13}|\d{8}[T ]?\d{4}(?:\d{2})?Z?)$/i;
const neitherCountNorDate =
  'is digits alone: neither a number of seconds or milliseconds since 1970 is read, nor a date without separators';

/**
 * Where a zone's clocks show an instant's time for the second time, as when daylight saving ends: nobody who is told that reading knows
 * that this instant is meant. The end of a day is the same second, whichever is meant.
 */
export function repeatedIn(instantMs: number, zone: TimeZone): TimeProblem | null {
  const wallMs = zone.toWallClock(instantMs);
  if (zone.fromWallClock(wallMs) === instantMs) return null;
  const shown = formatDialerTime(instantMs, zone);
  if (shown.endsWith('23:59:59')) return null;
  return {
    reason: 'REPEATED_TIME',
    problem: `cannot be told to the dialer, whose clocks in ${zone.name} show ${shown} twice that night: the first of both would be meant. Choose a time before or after that hour`,
  };
}

/** The reading of the dialer's clock at an instant. */
export function formatDialerTime(instantMs: number, zone: TimeZone): string {
  const wallMs = zone.toWallClock(instantMs);
  const startOfDay = Math.floor(wallMs / dayMs) * dayMs;
  const seconds = Math.floor((wallMs - startOfDay) / 1000);
  return `${dateOf(startOfDay)} ${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

/** For people: `2026-11-25T04:30:00Z`, and what the zone's clocks show then. */
export function instantIn(zone: TimeZone, instantMs: number): string {
  const utcText = `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
  return zone.name === 'UTC' ? utcText : `${utcText} (${formatDialerTime(instantMs, zone)} in ${zone.name})`;
}

/** A reading as milliseconds of that reading taken for UTC; null for one that no clock shows. */
function wallTime(date: string, hours: string, minutes: string, seconds: string): number | null {
  const startOfDay = startOf(date);
  if (startOfDay === null || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  return startOfDay + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

/** dayjs rolls 31 February over. */
const startOf = memoize(rememberedDays, (date: string) => {
  const parsed = dayjs.utc(`${date}T00:00:00Z`);
  return parsed.isValid() && parsed.format('YYYY-MM-DD') === date ? parsed.valueOf() : null;
});

const dateOf = memoize(rememberedDays, (startOfDayMs: number) =>
  dayjs.utc(startOfDayMs).format('YYYY-MM-DD'),
);

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
