// Times as callers write them, and as the dialer wants them: `YYYY-MM-DD HH:mm:ss` on its own clock.
// Which days the calendar has is dayjs' to know. It is asked once a day of the calendar: a list of thousands of times has
// some days, and dayjs takes 10 µs to read or to write one.

import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import utc from 'dayjs/plugin/utc.js';
import { remembered } from '../bounded.ts';
import type { TimeZone } from '../time-zone.ts';

dayjs.extend(utc);
dayjs.extend(customParseFormat);

/** What callers are told to write. */
export const expectedTime = 'ISO 8601 with an offset (2026-11-25T10:00:00+05:30), or YYYY-MM-DD HH:mm:ss';
export const expectedExpiry = `${expectedTime}, or YYYY-MM-DD for the end of that day`;

const localForm = /^(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2}):(\d{2})$/;
const dateForm = /^\d{4}-\d{2}-\d{2}$/;
const isoForm =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:Z|([+-])(\d{2}):?(\d{2}))$/i;

const dayMs = 86_400_000;
/** Ten years of them. */
const rememberedDays = 3650;

/** The instant in epoch milliseconds, cut to the second; or what is wrong, in words that fit behind "<value> ". */
export function parseTime(text: string, zone: TimeZone): number | string {
  const local = localForm.exec(text);
  if (local !== null) {
    const [, date = '', hours = '', minutes = '', seconds = ''] = local;
    return fromWallClock(wallTime(date, hours, minutes, seconds), zone);
  }
  const iso = isoForm.exec(text);
  if (iso === null) {
    return /^\d{4}-\d{2}-\d{2}T[\d:.]+$/i.test(text)
      ? 'has no offset, such as Z or +05:30, so the T form cannot tell which instant it means'
      : 'is not a time in a form that is read here';
  }
  const [
    ,
    date = '',
    hours = '',
    minutes = '',
    seconds = '00',
    sign,
    offsetHours = '0',
    offsetMinutes = '0',
  ] = iso;
  const wallMs = wallTime(date, hours, minutes, seconds);
  if (wallMs === null) return 'does not exist in the calendar or on the clock';
  const offset = Number(offsetHours) * 60 + Number(offsetMinutes);
  if (offset > 14 * 60 || Number(offsetMinutes) > 59) return 'has an offset that no time zone has';
  return wallMs - (sign === '-' ? -offset : offset) * 60_000;
}

/** As `parseTime`; a date alone means its last second. */
export function parseExpiry(text: string, zone: TimeZone): number | string {
  return parseTime(dateForm.test(text) ? `${text} 23:59:59` : text, zone);
}

/** The reading of the dialer's clock at an instant. */
export function formatDialerTime(instantMs: number, zone: TimeZone): string {
  const wallMs = zone.toWallClock(instantMs);
  const startOfDay = Math.floor(wallMs / dayMs) * dayMs;
  const seconds = Math.floor((wallMs - startOfDay) / 1000);
  return `${dateOf(startOfDay)} ${twoDigits(Math.floor(seconds / 3600))}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

function fromWallClock(wallMs: number | null, zone: TimeZone): number | string {
  if (wallMs === null) return 'does not exist in the calendar or on the clock';
  return (
    zone.fromWallClock(wallMs) ??
    `does not exist in ${zone.name}: daylight saving moves the clocks past it that day`
  );
}

/** A reading as milliseconds of that reading taken for UTC; null for one that no clock shows. */
function wallTime(date: string, hours: string, minutes: string, seconds: string): number | null {
  const startOfDay = startOf(date);
  if (startOfDay === null || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  return startOfDay + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

/** dayjs' strict mode alone refuses 31 February; its loose mode rolls it over. */
const startOf = remembered(rememberedDays, (date: string) => {
  const parsed = dayjs.utc(date, 'YYYY-MM-DD', true);
  return parsed.isValid() ? parsed.valueOf() : null;
});

const dateOf = remembered(rememberedDays, (startOfDayMs: number) =>
  dayjs.utc(startOfDayMs).format('YYYY-MM-DD'),
);

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
