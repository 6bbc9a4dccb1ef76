// Whether a number may be called at an instant, by the calling hours that are configured; and when it may be the next time.
// A clock decides: a number may be called while all clocks of its zones show a time inside of a window. So an hour that daylight
// saving skips is in no window, and one that it repeats is in its window twice.
// What is open is worked out once for each day of UTC and each set of zones, so a record costs a look-up.

import { type CallingHours, type CallingWindow, weekDays } from '../config/calling-hours.ts';
import type { TimeZone } from '../foundation/time-zone.ts';
import { zonesOfNumber } from './number-zones.ts';

/** What the calling hours mean for a record: null where it may be called at its time. */
export type HoursVerdict =
  | null
  /** It is to be called at another time, in epoch milliseconds. */
  | { readonly kind: 'shifted'; readonly time: number }
  /**
   * It is not to be called. `nextAllowedTime`: the first second, in epoch milliseconds, at which it might be; null where there is
   * none. `closed`: the hours do not hold at its time. `too-late`: and when they do, it is too late. `never-open`: for a year no
   * time is inside of the hours in all zones of the number. `no-zone`: nobody knows in which zone it is.
   */
  | {
      readonly kind: 'outside';
      readonly reason: 'closed' | 'too-late' | 'never-open' | 'no-zone';
      readonly nextAllowedTime: number | null;
    };

/** `e164`: of a valid number. `at`: epoch milliseconds in whole seconds. `latest`: to which it may be moved. */
export type HoursCheck = (e164: string, at: number, latest: number) => HoursVerdict;

const dayMs = 86_400_000;
const quarterHourMs = 15 * 60_000;
/** Records that are moved to a window's beginning are spread over so much of it. */
const spreadMs = 15 * 60_000;
/** So far ahead the next opening is looked for: hours come again every week, and holidays every year. */
const searchedDays = 366;

const checks = new WeakMap<CallingHours, Map<string, HoursCheck>>();

/** Null where every number may be called at any time. `campaignZone`: for hours on the campaign's clock. */
export function hoursCheckOf(hours: CallingHours | undefined, campaignZone: TimeZone): HoursCheck | null {
  if (hours === undefined || hours.policy === 'ALLOW') return null;
  const known = checks.get(hours) ?? new Map<string, HoursCheck>();
  checks.set(hours, known);
  const check = known.get(campaignZone.name) ?? createHoursCheck(hours, campaignZone);
  known.set(campaignZone.name, check);
  return check;
}

function createHoursCheck(hours: CallingHours, campaignZone: TimeZone): HoursCheck {
  const week = createWeek(hours);
  const ofCampaign = new OpenTimes([campaignZone], week);
  const ofZones = new Map<readonly TimeZone[], OpenTimes>();

  const openTimesOf = (e164: string): OpenTimes | null => {
    if (hours.zone === 'CAMPAIGN') return ofCampaign;
    const zones = zonesOfNumber(e164);
    if (zones === null) return null;
    let times = ofZones.get(zones);
    if (times === undefined) {
      times = new OpenTimes(zones, week);
      ofZones.set(zones, times);
    }
    return times;
  };

  return (e164, at, latest) => {
    const times = openTimesOf(e164);
    if (times === null) return { kind: 'outside', reason: 'no-zone', nextAllowedTime: null };
    if (times.isOpen(at)) return null;
    const next = times.nextOpen(at);
    if (next === null) return { kind: 'outside', reason: 'never-open', nextAllowedTime: null };
    if (hours.policy === 'REJECT') return { kind: 'outside', reason: 'closed', nextAllowedTime: next };
    if (next > latest) return { kind: 'outside', reason: 'too-late', nextAllowedTime: next };
    const room = Math.min(times.openFor(next, spreadMs), latest - next + 1000);
    return { kind: 'shifted', time: next + (spreadOf(e164) % Math.floor(room / 1000)) * 1000 };
  };
}

/** A number's place among others: always the same one, so that the same request is sent with the same times. FNV-1a. */
function spreadOf(e164: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < e164.length; n++) hash = Math.imul(hash ^ e164.charCodeAt(n), 0x01000193);
  // The last digit alone would move neighbouring numbers by the same step.
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** Pairs of a beginning and an end, in order, with gaps in between. */
type Spans = readonly number[];

/** What is open on a day of the calendar, given as days since 1970: milliseconds from the day's midnight, on its clock. */
type Week = (calendarDay: number) => Spans;

/** A holiday has neither its own windows, nor what runs on from the day before, nor on into the next day. */
function createWeek({ windows, holidays }: CallingHours): Week {
  const closed = new Set(holidays.map((day) => Date.parse(day) / dayMs));
  const own = weekDays.map((_, day) => merge(windows.flatMap((window) => ownPart(window, day))));
  const whole = weekDays.map((_, day) => {
    const before = (day + 6) % 7;
    return merge([...(own[day] ?? []), ...windows.flatMap((window) => nextDaysPart(window, before))]);
  });
  return (day) => {
    if (closed.has(day)) return [];
    // 1 January 1970 was a Thursday.
    const weekDay = (((day + 4) % 7) + 7) % 7;
    return (closed.has(day - 1) ? own[weekDay] : whole[weekDay]) ?? [];
  };
}

function ownPart({ days, from, to }: CallingWindow, day: number): number[] {
  if (!isOn(days, day)) return [];
  const [start, end] = [msOf(from), msOf(to)];
  return [start, end > start ? end : dayMs];
}

function nextDaysPart({ days, from, to }: CallingWindow, day: number): number[] {
  const end = msOf(to);
  return isOn(days, day) && end > 0 && end <= msOf(from) ? [0, end] : [];
}

function isOn(days: CallingWindow['days'], day: number): boolean {
  return days.some((name) => name === weekDays[day]);
}

function msOf(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000;
}

/** What is open in all of some zones. */
class OpenTimes {
  readonly #zones: readonly TimeZone[];
  readonly #week: Week;
  readonly #days = new Map<number, Spans>();

  constructor(zones: readonly TimeZone[], week: Week) {
    this.#zones = zones;
    this.#week = week;
  }

  isOpen(at: number): boolean {
    const spans = this.#spansOf(Math.floor(at / dayMs));
    for (let n = 0; n < spans.length; n += 2)
      if (at >= (spans[n] ?? 0) && at < (spans[n + 1] ?? 0)) return true;
    return false;
  }

  /** The first instant from `at` on; null where there is none within a year. */
  nextOpen(at: number): number | null {
    const today = Math.floor(at / dayMs);
    for (let day = today; day <= today + searchedDays; day++) {
      const spans = this.#spansOf(day);
      for (let n = 0; n < spans.length; n += 2)
        if (at < (spans[n + 1] ?? 0)) return Math.max(at, spans[n] ?? 0);
    }
    return null;
  }

  /** How long it stays open from an instant at which it is, `most` at most, which is less than a day. */
  openFor(at: number, most: number): number {
    const today = Math.floor(at / dayMs);
    const spans = merge([...this.#spansOf(today), ...this.#spansOf(today + 1)]);
    const end = spans.find((bound, n) => n % 2 === 1 && bound > at) ?? at;
    return Math.min(most, end - at);
  }

  #spansOf(day: number): Spans {
    let spans = this.#days.get(day);
    if (spans === undefined) {
      if (this.#days.size > mostDays) this.#days.clear();
      const start = day * dayMs;
      spans = [start, start + dayMs];
      for (const zone of this.#zones) spans = intersect(spans, openInZone(zone, this.#week, start));
      this.#days.set(day, spans);
    }
    return spans;
  }
}

/** More than the longest horizon has. */
const mostDays = 5000;

/** What is open in one zone on the day of UTC that begins at `start`. */
function openInZone(zone: TimeZone, week: Week, start: number): Spans {
  const spans: number[] = [];
  for (const { from, to, offset } of offsetsOfDay(zone, start)) {
    const lastDay = Math.floor((to + offset - 1) / dayMs);
    for (let day = Math.floor((from + offset) / dayMs); day <= lastDay; day++) {
      const midnight = day * dayMs - offset;
      const bounds = week(day);
      for (let n = 0; n < bounds.length; n += 2) {
        const begin = Math.max(from, midnight + (bounds[n] ?? 0));
        const end = Math.min(to, midnight + (bounds[n + 1] ?? 0));
        if (begin < end) spans.push(begin, end);
      }
    }
  }
  return merge(spans);
}

/** What a zone's clocks are ahead of UTC on a day: one offset, or one for each quarter of an hour where they change. */
function offsetsOfDay(zone: TimeZone, start: number): { from: number; to: number; offset: number }[] {
  const end = start + dayMs;
  const offset = zone.toWallClock(start) - start;
  if (zone.toWallClock(end) - end === offset) return [{ from: start, to: end, offset }];
  return Array.from({ length: dayMs / quarterHourMs }, (_, n) => {
    const from = start + n * quarterHourMs;
    return { from, to: from + quarterHourMs, offset: zone.toWallClock(from) - from };
  });
}

/** Spans in any order, those that touch or overlap made one. */
function merge(bounds: readonly number[]): Spans {
  const spans: [number, number][] = [];
  for (let n = 0; n < bounds.length; n += 2) spans.push([bounds[n] ?? 0, bounds[n + 1] ?? 0]);
  spans.sort(([one], [other]) => one - other);
  const merged: number[] = [];
  for (const [from, to] of spans) {
    const last = merged.length - 1;
    if (last > 0 && from <= (merged[last] ?? 0)) merged[last] = Math.max(merged[last] ?? 0, to);
    else merged.push(from, to);
  }
  return merged;
}

function intersect(one: Spans, other: Spans): Spans {
  const both: number[] = [];
  for (let n = 0; n < one.length; n += 2)
    for (let m = 0; m < other.length; m += 2) {
      const from = Math.max(one[n] ?? 0, other[m] ?? 0);
      const to = Math.min(one[n + 1] ?? 0, other[m + 1] ?? 0);
      if (from < to) both.push(from, to);
    }
  return both;
}
