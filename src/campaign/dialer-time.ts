// Times as callers write them, and as the dialer wants them: `YYYY-MM-DD HH:mm:ss` on its own clock.

import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import utc from 'dayjs/plugin/utc.js';
import { timeFormat } from '../dialer/contract.ts';
import type { TimeZone } from '../time-zone.ts';

dayjs.extend(utc);
dayjs.extend(customParseFormat);

/** What callers are told to write. */
export const expectedTime = 'ISO 8601 with an offset (2026-11-25T10:00:00+05:30), or YYYY-MM-DD HH:mm:ss';
export const expectedExpiry = `${expectedTime}, or YYYY-MM-DD for the end of that day`;

const localForm = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const dateForm = /^\d{4}-\d{2}-\d{2}$/;
const isoForm =
  /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:Z|([+-])(\d{2}):?(\d{2}))$/i;

/** The instant in epoch milliseconds, cut to the second; or what is wrong, in words that fit behind "<value> ". */
export function parseTime(text: string, zone: TimeZone): number | string {
  if (localForm.test(text)) return fromWallClock(text, zone);
  const iso = isoForm.exec(text);
  if (iso === null) {
    return /^\d{4}-\d{2}-\d{2}T[\d:.]+$/i.test(text)
      ? 'has no offset, such as Z or +05:30, so the T form cannot tell which instant it means'
      : 'is not a time in a form that is read here';
  }
  const [, date, minutes, seconds = '00', sign, offsetHours = '0', offsetMinutes = '0'] = iso;
  const wallMs = parseStrictly(`${date} ${minutes}:${seconds}`);
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
  return dayjs.utc(zone.toWallClock(instantMs)).format(timeFormat);
}

function fromWallClock(text: string, zone: TimeZone): number | string {
  const wallMs = parseStrictly(text);
  if (wallMs === null) return 'does not exist in the calendar or on the clock';
  return (
    zone.fromWallClock(wallMs) ??
    `does not exist in ${zone.name}: daylight saving moves the clocks past it that day`
  );
}

/** dayjs' strict mode alone refuses 31 February, hour 24 and second 60; its loose mode rolls them over. */
function parseStrictly(text: string): number | null {
  const parsed = dayjs.utc(text, timeFormat, true);
  return parsed.isValid() ? parsed.valueOf() : null;
}
