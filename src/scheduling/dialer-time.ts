// Times as callers write them, and as the dialer wants them: `YYYY-MM-DD HH:mm:ss` on its own clock.
// dayjs knows which days the calendar has. It is asked once for each day: a list of thousands of times has some days, and dayjs
// takes 10 µs to read or to write one.

import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import utc from 'dayjs/plugin/utc.js';
import { memoize } from '../foundation/memo.ts';
import type { TimeZone } from '../foundation/time-zone.ts';

dayjs.extend(utc);
dayjs.extend(customParseFormat);

/** What callers are told to write. */
export const expectedTime =
  'ISO 8601 with an offset (2026-11-25T10:00:00+05:30), or YYYY-MM-DD HH:mm:ss or YYYY-MM-DDTHH:mm in timeZone';
export const expectedExpiry = `${expectedTime}, or YYYY-MM-DD for the end of that day`;

/** What is wrong with a time, in words that fit behind "<value> ". */
export interface TimeProblem {
  reason:
    | 'UNREADABLE_TIME'
    | 'AMBIGUOUS_DATE'
    | 'MISSING_TIME_OF_DAY'
    | 'NONEXISTENT_TIME'
    | 'UNKNOWN_OFFSET';
  problem: string;
}

/** Seconds, their fraction, and the offset may be left out. */
const timeForm =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?: ?(Z|UTC|([+-])(\d{2})(?::?(\d{2}))?))?$/i;
const dateForm = /^\d{4}-\d{2}-\d{2}$/;

const dayMs = 86_400_000;
/** Days of ten years. */
const rememberedDays = 3650;

/** The instant in epoch milliseconds, cut to the second; or what is wrong. `text` comes from `cleanNumeral`. */
export function parseTime(text: string, zone: TimeZone): number | TimeProblem {
  const read = timeForm.exec(text) ?? timeForm.exec(text.replace(/\u2212/g, '-'));
  if (read === null) return problemOfForm(text);
  const [
    ,
    date = '',
    hours = '',
    minutes = '',
    seconds = '00',
    utcOrOffset,
    sign,
    offsetHours,
    offsetMinutes,
  ] = read;
  const wallMs = wallTime(date, hours, minutes, seconds);
  if (wallMs === null) return nonexistent('does not exist in the calendar or on the clock');
  if (utcOrOffset === undefined)
    return (
      zone.fromWallClock(wallMs) ??
      nonexistent(`does not exist in ${zone.name}: daylight saving moves the clocks past it that day`)
    );
  if (sign === undefined) return wallMs;
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes ?? 0));
  if (!offsetMinutesInUse.has(offset) || Number(offsetMinutes ?? 0) > 59)
    return {
      reason: 'UNKNOWN_OFFSET',
      problem: `has the offset ${utcOrOffset}, which no place on earth has`,
    };
  return wallMs - offset * 60_000;
}

/** As `parseTime`; a date alone means its last second. */
export function parseExpiry(text: string, zone: TimeZone): number | TimeProblem {
  if (!dateForm.test(text)) return parseTime(text, zone);
  const startOfDay = startOf(text);
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

function problemOfForm(text: string): TimeProblem {
  if (dateForm.test(text)) return { reason: 'MISSING_TIME_OF_DAY', problem: 'has no time of day' };
  if (/^(?:\d{1,2}([-/. ])\d{1,2}\1(?:\d{4}|\d{2}))(?!\d)/.test(text))
    return {
      reason: 'AMBIGUOUS_DATE',
      problem: 'does not say which of its numbers is the day, and which the month: put the year first',
    };
  return { reason: 'UNREADABLE_TIME', problem: 'is not a time in a form that is read here' };
}

/** The reading of the dialer's clock at an instant. */
export function formatDialerTime(instantMs: number, zone: TimeZone): string {
  const wallMs = zone.toWallClock(instantMs);
  const startOfDay = Math.floor(wallMs / dayMs) * dayMs;
  const seconds = Math.floor((wallMs - startOfDay) / 1000);
  return `${dateOf(startOfDay)} ${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

/** A reading as milliseconds of that reading taken for UTC; null for one that no clock shows. */
function wallTime(date: string, hours: string, minutes: string, seconds: string): number | null {
  const startOfDay = startOf(date);
  if (startOfDay === null || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  return startOfDay + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

/** dayjs' strict mode alone refuses 31 February; its loose mode rolls it over. */
const startOf = memoize(rememberedDays, (date: string) => {
  const parsed = dayjs.utc(date, 'YYYY-MM-DD', true);
  return parsed.isValid() ? parsed.valueOf() : null;
});

const dateOf = memoize(rememberedDays, (startOfDayMs: number) =>
  dayjs.utc(startOfDayMs).format('YYYY-MM-DD'),
);

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
