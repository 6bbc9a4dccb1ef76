// Calling hours as a rule: what a clock shows decides, over years, zones and both changes of daylight saving. The rule is held against the
// runtime's own reading of the clocks, minute by minute.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HoursVerdict, hoursCheckOf } from '../../src/campaigns/calling-hours.ts';
import { zonesOfNumber } from '../../src/campaigns/number-zones.ts';
import { type CallingHours, weekDays } from '../../src/config/calling-hours.ts';
import { timeZone } from '../../src/foundation/time-zone.ts';
import { runs } from '../property-runs.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const workDays = ['MON', 'TUE', 'WED', 'THU', 'FRI'] as const;

const hours = (fields: Partial<CallingHours> = {}): CallingHours => ({
  rule: 'Office hours',
  source: 'a decision of ours',
  asOf: '2026-01-01',
  zone: 'CAMPAIGN',
  policy: 'REJECT',
  windows: [{ days: workDays, from: '09:00', to: '18:00' }],
  holidays: [],
  ...fields,
});

/** The verdict, of a rule on the campaign's clock. */
function verdictAt(
  at: number | string,
  {
    zone = 'Asia/Kolkata',
    number = '+919876543210',
    latest = Infinity,
    ...fields
  }: Partial<Omit<CallingHours, 'zone'>> & {
    zone?: string;
    number?: string;
    latest?: number;
    rule?: string;
  } = {},
): HoursVerdict {
  const check = hoursCheckOf(hours(fields), timeZone(zone));
  if (check === null) throw new Error('it is allowed at any time');
  return check(number, typeof at === 'number' ? at : Date.parse(at), latest);
}

const closedUntil = (next: string) => ({
  kind: 'outside',
  reason: 'closed',
  nextAllowedTime: Date.parse(next),
});

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the runtime says that a zone's clocks show: the day of the week, the date, and minutes since midnight. */
function clockOf(zone: string, at: number): { day: string; date: string; minutes: number } {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(zone, format);
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: (part.weekday ?? '').toUpperCase(),
    date: `${part.year}-${part.month}-${part.day}`,
    minutes: Number(part.hour) * 60 + Number(part.minute),
  };
}

/** The rule in its plainest form. */
function isOpen({ windows, holidays }: CallingHours, zone: string, at: number): boolean {
  const { day, date, minutes } = clockOf(zone, at);
  const before = weekDays[(weekDays.indexOf(day as (typeof weekDays)[number]) + 6) % 7];
  const dateBefore = new Date(Date.parse(date) - dayMs).toISOString().slice(0, 10);
  if (holidays.includes(date)) return false;
  return windows.some(({ days, from, to }) => {
    const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
    const [start, end] = [minutesOf(from), minutesOf(to)];
    const isOn = (name: string | undefined) => days.some((one) => one === name);
    if (end > start) return isOn(day) && minutes >= start && minutes < end;
    return (
      (isOn(day) && minutes >= start) || (isOn(before) && !holidays.includes(dateBefore) && minutes < end)
    );
  });
}

const timesOfDay = fc
  .integer({ min: 0, max: 95 })
  .map((quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${(quarter % 4) * 15 || '00'}`);
const windows = fc.array(
  fc
    .record({
      days: fc.subarray([...weekDays], { minLength: 1 }),
      from: timesOfDay,
      to: fc.oneof(timesOfDay, fc.constant('24:00')),
    })
    .filter(({ from, to }) => from !== to),
  { minLength: 1, maxLength: 3 },
);

/** Zones that change at odd hours, by odd amounts, in either half of the world, or not any more. */
const changing = [
  ...['Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Los_Angeles', 'America/Santiago'],
  ...['Australia/Lord_Howe', 'Australia/Adelaide', 'Pacific/Chatham', 'Africa/Casablanca', 'Asia/Beirut'],
  ...['America/Nuuk', 'America/Havana', 'Asia/Kolkata', 'Africa/Cairo', 'America/St_Johns'],
];

/** The instants at which a zone's offset changes in a year. */
function changesOf(zone: string, year: number): number[] {
  const clock = timeZone(zone);
  const offsetAt = (at: number) => clock.toWallClock(at) - at;
  const changes: number[] = [];
  for (let day = Date.UTC(year, 0); day < Date.UTC(year + 1, 0); day += dayMs)
    if (offsetAt(day) !== offsetAt(day + dayMs))
      for (let at = day; at < day + dayMs; at += hourMs / 2)
        if (offsetAt(at) !== offsetAt(at + hourMs / 2)) changes.push(at + hourMs / 2);
  return changes;
}

describe('calling hours', () => {
  it.each([
    ['inside', '2026-11-25T04:30:00Z', null],
    ['at the first second', '2026-11-25T03:30:00Z', null],
    ['at the last second', '2026-11-25T12:29:59Z', null],
    ['a second before', '2026-11-25T03:29:59Z', closedUntil('2026-11-25T03:30:00Z')],
    ['at the second of closing', '2026-11-25T12:30:00Z', closedUntil('2026-11-26T03:30:00Z')],
    ['on a Friday night', '2026-11-27T20:00:00Z', closedUntil('2026-11-30T03:30:00Z')],
  ])('%s', (_, at, expected) => {
    expect(verdictAt(at)).toEqual(expected);
  });

  it('have several windows a day, and others on other days', () => {
    const windows = [
      { days: workDays, from: '09:00', to: '12:30' },
      { days: workDays, from: '14:00', to: '18:00' },
      { days: ['SAT'] as const, from: '10:00', to: '12:00' },
    ];
    const of = (at: string) => verdictAt(at, { windows });
    expect(of('2026-11-25T12:29:00+05:30')).toBeNull();
    expect(of('2026-11-25T12:30:00+05:30')).toEqual(closedUntil('2026-11-25T14:00:00+05:30'));
    expect(of('2026-11-27T18:00:00+05:30')).toEqual(closedUntil('2026-11-28T10:00:00+05:30'));
    expect(of('2026-11-28T12:00:00+05:30')).toEqual(closedUntil('2026-11-30T09:00:00+05:30'));
  });

  it('go over midnight, into a day that has none of its own', () => {
    const windows = [{ days: ['FRI'] as const, from: '22:00', to: '02:00' }];
    const of = (at: string, holidays: string[] = []) => verdictAt(at, { windows, holidays });
    expect(of('2026-11-27T23:59:59+05:30')).toBeNull();
    expect(of('2026-11-28T01:59:59+05:30')).toBeNull();
    expect(of('2026-11-28T02:00:00+05:30')).toEqual(closedUntil('2026-12-04T22:00:00+05:30'));
    expect(of('2026-11-27T01:00:00+05:30')).toEqual(closedUntil('2026-11-27T22:00:00+05:30'));
    // A holiday closes the night that begins on it, and the rest of the one before.
    expect(of('2026-11-28T01:00:00+05:30', ['2026-11-27'])).toEqual(closedUntil('2026-12-04T22:00:00+05:30'));
    expect(of('2026-11-28T01:00:00+05:30', ['2026-11-28'])).toEqual(closedUntil('2026-12-04T22:00:00+05:30'));
  });

  it('to 00:00 end at midnight, as to 24:00', () => {
    for (const to of ['00:00', '24:00']) {
      const windows = [{ days: ['WED'] as const, from: '20:00', to }];
      expect(verdictAt('2026-11-25T23:59:59+05:30', { windows })).toBeNull();
      expect(verdictAt('2026-11-26T00:00:00+05:30', { windows })).toEqual(
        closedUntil('2026-12-02T20:00:00+05:30'),
      );
    }
  });

  it('leave out holidays, by the date on the clock', () => {
    const holidays = ['2026-11-25', '2026-11-26'];
    expect(verdictAt('2026-11-25T10:00:00+05:30', { holidays })).toEqual(
      closedUntil('2026-11-27T09:00:00+05:30'),
    );
    expect(verdictAt('2026-11-24T17:59:59+05:30', { holidays })).toBeNull();
  });

  it('that skip an hour with the clocks open when it is over, and repeat one with them', () => {
    const windows = [{ days: [...weekDays], from: '02:30', to: '05:00' }];
    const zone = 'Europe/Berlin';
    // 29 March 2026: 02:00 becomes 03:00.
    expect(verdictAt('2026-03-29T00:45:00Z', { windows, zone })).toEqual(closedUntil('2026-03-29T01:00:00Z'));
    expect(verdictAt('2026-03-29T01:00:00Z', { windows, zone })).toBeNull();
    // 25 October 2026: 03:00 becomes 02:00.
    expect(verdictAt('2026-10-25T00:30:00Z', { windows, zone })).toBeNull();
    expect(verdictAt('2026-10-25T01:00:00Z', { windows, zone })).toEqual(closedUntil('2026-10-25T01:30:00Z'));
    expect(verdictAt('2026-10-25T04:00:00Z', { windows, zone })).toEqual(closedUntil('2026-10-26T01:30:00Z'));
  });

  it('that lie in a skipped hour open on the next day', () => {
    const windows = [{ days: [...weekDays], from: '02:00', to: '03:00' }];
    expect(verdictAt('2026-03-29T00:00:00Z', { windows, zone: 'Europe/Berlin' })).toEqual(
      closedUntil('2026-03-30T00:00:00Z'),
    );
  });

  it('mean what a clock shows, around every change of every year', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...changing),
        fc.integer({ min: 2020, max: 2037 }),
        windows,
        fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 2 }),
        fc.integer({ min: -60, max: 36 }),
        (zone, year, windows, days, shift) => {
          const changes = changesOf(zone, year);
          const near = (changes[year % Math.max(changes.length, 1)] ?? Date.UTC(year, 5)) + shift * hourMs;
          const holidays = days.map((day) => clockOf(zone, near + day * dayMs).date);
          const rule = hours({ windows, holidays });
          const check = hoursCheckOf(rule, timeZone(zone));
          // From the last to the first, so that the next opening is known from the steps before. Clocks and windows change at quarters.
          let next: number | null = null;
          const wrong: object[] = [];
          for (let at = near + 36 * hourMs; at >= near; at -= 15 * minuteMs) {
            const verdict = check?.('+919876543210', at, Infinity) ?? null;
            const isAllowed = isOpen(rule, zone, at);
            const told = verdict?.kind === 'outside' ? verdict.nextAllowedTime : null;
            if ((verdict === null) !== isAllowed || (!isAllowed && next !== null && told !== next))
              wrong.push({ at: new Date(at), isAllowed, next, verdict });
            if (isAllowed) next = at;
          }
          expect(wrong).toEqual([]);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('open next where the clock says so, and not a second sooner', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...changing),
        fc.integer({ min: Date.UTC(2020, 0) / 1000, max: Date.UTC(2037, 0) / 1000 }),
        windows,
        (zone, second, windows) => {
          const rule = hours({ windows });
          const at = second * 1000;
          const verdict = hoursCheckOf(rule, timeZone(zone))?.('+919876543210', at, Infinity) ?? null;
          expect(verdict === null).toBe(isOpen(rule, zone, at));
          if (verdict?.kind !== 'outside' || verdict.nextAllowedTime === null) return;
          const next = verdict.nextAllowedTime;
          expect(isOpen(rule, zone, next)).toBe(true);
          expect(isOpen(rule, zone, next - 1000)).toBe(false);
          for (let between = at; between < next; between += Math.max(minuteMs, (next - at) / 50))
            if (isOpen(rule, zone, between)) expect.fail(`open at ${new Date(between).toISOString()}`);
        },
      ),
      { numRuns: runs(200) },
    );
  });
});

describe('calling hours on the recipient’s clock', () => {
  const recipient = (number: string, fields: Partial<CallingHours> = {}) => {
    const check = hoursCheckOf(
      hours({ zone: 'RECIPIENT', windows: [{ days: [...weekDays], from: '09:00', to: '18:00' }], ...fields }),
      timeZone('Asia/Kolkata'),
    );
    return (at: string) => check?.(number, Date.parse(at), Infinity) ?? null;
  };

  it('are those of the number, not of the campaign', () => {
    const newYork = recipient('+12125550123');
    expect(newYork('2026-11-25T04:30:00Z')).toEqual(closedUntil('2026-11-25T14:00:00Z'));
    expect(newYork('2026-07-01T13:00:00Z')).toBeNull();
    expect(recipient('+4930123456')('2026-11-25T08:00:00Z')).toBeNull();
  });

  it('hold in all zones of a number that may be in several', () => {
    // A Russian mobile number may be anywhere from Kaliningrad to Kamchatka.
    const zones = zonesOfNumber('+79161234567') ?? [];
    expect(zones.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Europe/Moscow', 'Asia/Kamchatka', 'Asia/Vladivostok']),
    );
    const windows = [{ days: [...weekDays], from: '08:00', to: '21:00' }];
    const russia = recipient('+79161234567', { windows });
    const rule = hours({ windows });
    for (let at = Date.UTC(2026, 10, 25); at < Date.UTC(2026, 10, 27); at += hourMs / 4)
      expect(russia(new Date(at).toISOString()) === null).toBe(
        zones.every(({ name }) => isOpen(rule, name, at)),
      );
  });

  it('never hold where no time is inside of them in all of its zones', () => {
    // A toll-free number may be anywhere from Guam to Bermuda.
    expect(recipient('+18005550123')('2026-11-25T15:00:00Z')).toEqual({
      kind: 'outside',
      reason: 'never-open',
      nextAllowedTime: null,
    });
  });

  it('do not hold for a number that is in no country', () => {
    expect(recipient('+80012345678')('2026-11-25T15:00:00Z')).toEqual({
      kind: 'outside',
      reason: 'no-zone',
      nextAllowedTime: null,
    });
  });
});

describe('a record that is shifted', () => {
  const policy = 'SHIFT';
  const opening = Date.parse('2026-11-26T09:00:00+05:30');
  const numbers = Array.from({ length: 2000 }, (_, n) => `+9198${10_000_000 + n}`);
  const shifted = (number: string, fields: object = {}) =>
    verdictAt('2026-11-25T20:00:00+05:30', { policy, number, ...fields });
  const timeOf = (verdict: HoursVerdict) => (verdict?.kind === 'shifted' ? verdict.time : Number.NaN);

  it('keeps a time that is allowed', () => {
    expect(verdictAt('2026-11-25T10:00:00+05:30', { policy })).toBeNull();
  });

  it('goes to the window’s first minutes, each number always to the same second, and not all to one', () => {
    const times = numbers.map((number) => timeOf(shifted(number)));
    for (const time of times) expect(isWithin(time, opening, opening + 15 * minuteMs)).toBe(true);
    expect(numbers.map((number) => timeOf(shifted(number)))).toEqual(times);
    const ofSecond = new Map<number, number>();
    for (const time of times) ofSecond.set(time, (ofSecond.get(time) ?? 0) + 1);
    // 2,000 in 900 seconds: 2.2 a second.
    expect(ofSecond.size).toBeGreaterThan(700);
    expect(Math.max(...ofSecond.values())).toBeLessThan(12);
  });

  it('stays inside of a short window, and before what is the latest for it', () => {
    const windows = [{ days: ['THU'] as const, from: '09:00', to: '09:02' }];
    const latest = opening + 3000;
    for (const number of numbers.slice(0, 200)) {
      expect(isWithin(timeOf(shifted(number, { windows })), opening, opening + 2 * minuteMs)).toBe(true);
      expect(isWithin(timeOf(shifted(number, { latest })), opening, latest + 1)).toBe(true);
    }
    expect(timeOf(shifted('+919876543210', { latest: opening }))).toBe(opening);
  });

  it('is spread over a window that goes over midnight of UTC', () => {
    const windows = [{ days: [...weekDays], from: '05:20', to: '06:00' }];
    const midnight = Date.parse('2026-11-26T00:00:00Z');
    const times = numbers.slice(0, 200).map((number) => timeOf(shifted(number, { windows })));
    expect(times.some((time) => time < midnight)).toBe(true);
    expect(times.some((time) => time > midnight)).toBe(true);
  });

  it('is refused where the next window is too late for it', () => {
    expect(shifted('+919876543210', { latest: opening - 1000 })).toEqual({
      kind: 'outside',
      reason: 'too-late',
      nextAllowedTime: opening,
    });
  });

  it('is allowed at its new time, whatever the rule, the zone and the number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...changing),
        fc.integer({ min: Date.UTC(2020, 0) / 1000, max: Date.UTC(2037, 0) / 1000 }),
        windows,
        fc.constantFrom(...numbers.slice(0, 50)),
        fc.integer({ min: 0, max: 10 * 86_400 }),
        (zone, second, windows, number, span) => {
          const rule = hours({ windows, policy });
          const at = second * 1000;
          const latest = at + span * 1000;
          const verdict = hoursCheckOf(rule, timeZone(zone))?.(number, at, latest) ?? null;
          if (verdict?.kind === 'shifted') {
            expect(isOpen(rule, zone, verdict.time)).toBe(true);
            expect(isWithin(verdict.time, at + 1, latest + 1)).toBe(true);
            expect(verdict.time % 1000).toBe(0);
          } else if (verdict !== null) {
            expect(verdict.reason).toBe('too-late');
            expect(verdict.nextAllowedTime).toBeGreaterThan(latest);
          }
        },
      ),
      { numRuns: runs(200) },
    );
  });

  function isWithin(time: number, from: number, to: number): boolean {
    return time >= from && time < to;
  }
});

describe('hours that do not bind', () => {
  it('cost nothing: there is no check', () => {
    expect(hoursCheckOf(undefined, timeZone('UTC'))).toBeNull();
    expect(hoursCheckOf(hours({ policy: 'ALLOW' }), timeZone('UTC'))).toBeNull();
  });
});
