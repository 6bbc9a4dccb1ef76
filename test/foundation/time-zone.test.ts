import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, parseWallClock, type TimeZone, timeZone } from '../../src/foundation/time-zone.ts';

const zones = [
  'Asia/Kolkata',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'UTC',
];

const instants = fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2037, 0) }).map((ms) => ms - (ms % 1000));

const dayMs = 86_400_000;

/** The day that the zone's clocks show, as its midnight taken for UTC. */
function dayOf(zone: TimeZone, instant: number): number {
  return Math.floor(zone.toWallClock(instant) / dayMs) * dayMs;
}

/** The days about the next changes of a zone's offset within a year. */
function changesAfter(zone: TimeZone, day: number): number[] {
  const offsetAt = (at: number) => zone.toWallClock(at) - at;
  return Array.from({ length: 365 }, (_, n) => day + n * dayMs)
    .filter((at) => offsetAt(at) !== offsetAt(at + dayMs))
    .flatMap((at) => [at - dayMs, at, at + dayMs]);
}

/** The runtime's own reading, taken without our cache. */
function readingOf(instantMs: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
    instantMs,
  );
}

describe('a time zone', () => {
  it.each([
    ...['Asia/Kolkata', 'UTC', 'Europe/Berlin', 'Etc/GMT+5', 'asia/kolkata', 'America/Argentina/Ushuaia'],
    ...[
      'US/Eastern',
      'GB',
      'EST5EDT',
      'EST',
      'GMT0',
      'NZ-CHAT',
      'PRC',
      'Zulu',
      'Asia/Calcutta',
      'America/Indianapolis',
    ],
  ])('%s exists', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it('has the name of the data base, however it was asked for first', () => {
    const links =
      'Mexico/BajaNorte US/East-Indiana Australia/NSW Etc/GMT+5 Etc/UTC Asia/Kolkata America/Knox_IN NZ-CHAT UTC';
    for (const name of [...Intl.supportedValuesOf('timeZone'), ...links.split(' ')])
      expect([timeZone(name.toLowerCase()), timeZone(name.toUpperCase())].map((zone) => zone.name)).toEqual([
        name,
        name,
      ]);
  });

  // The second and third line are what ICU knows besides the data base.
  it.each([
    ...[
      '',
      'Mars/Olympus',
      '+05:30',
      'Asia/',
      ' Asia/Kolkata',
      'null',
      'constructor',
      '__proto__',
      'Factory',
    ],
    ...'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(
      ' ',
    ),
    ...[
      'bst',
      'Ist',
      'SystemV/AST4',
      'SystemV/EST5EDT',
      'US/Pacific-New',
      'Canada/East-Saskatchewan',
      'EDT',
      'CEST',
    ],
  ])('%j does not exist', (name) => {
    expect(isTimeZone(name)).toBe(false);
  });

  it('reads on its clock what the runtime says', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, name) => {
        const wall = new Date(timeZone(name).toWallClock(instant))
          .toISOString()
          .slice(0, 19)
          .replace('T', ' ');
        expect(wall).toBe(readingOf(instant, name));
      }),
      { numRuns: 500 },
    );
  });

  it('finds for each reading an instant that reads so, the first where there are two', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, name) => {
        const zone = timeZone(name);
        const found = zone.fromWallClock(zone.toWallClock(instant));
        expect(found).not.toBeNull();
        expect(found).toBeLessThanOrEqual(instant);
        expect(zone.toWallClock(found ?? Number.NaN)).toBe(zone.toWallClock(instant));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['America/New_York', '2026-03-08T02:30:00Z'],
    ['Europe/Berlin', '2027-03-28T02:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15:00Z'],
  ])('%s has no instant that reads %s: its clocks skip it', (name, wall) => {
    expect(timeZone(name).fromWallClock(Date.parse(wall))).toBeNull();
  });

  it('remembers one zone, however its name is spelled', () => {
    expect(timeZone('EUROPE/berlin')).toBe(timeZone('Europe/Berlin'));
    expect(() => timeZone('BST')).toThrow(RangeError);
  });

  it.each([
    // The last hour comes twice.
    ['America/Santiago', '2027-04-03', '2027-04-04T03:59:59Z'],
    // The last hour is skipped.
    ['America/Nuuk', '2027-03-27', '2027-03-28T00:59:59Z'],
    ['Asia/Kolkata', '2027-04-03', '2027-04-03T18:29:59Z'],
    ['Australia/Lord_Howe', '2027-04-03', '2027-04-03T12:59:59Z'],
  ])('%s ends its %s at %s', (name, day, end) => {
    expect(timeZone(name).endOfDay(Date.parse(day))).toBe(Date.parse(end));
  });

  it('has no end of a day that its clocks skip', () => {
    expect(timeZone('Pacific/Apia').endOfDay(Date.parse('2011-12-30'))).toBeNull();
  });

  it('ends each day with the last second that reads so', () => {
    const days = fc.integer({ min: 0, max: 14 * 365 }).map((n) => Date.UTC(2024, 0, 1) + n * dayMs);
    fc.assert(
      fc.property(fc.constantFrom(...Intl.supportedValuesOf('timeZone')), days, (name, day) => {
        const zone = timeZone(name);
        for (const each of [day, ...changesAfter(zone, day)]) {
          const end = zone.endOfDay(each) ?? Number.NaN;
          expect(dayOf(zone, end)).toBe(each);
          expect(dayOf(zone, end + 1000)).toBeGreaterThan(each);
          // Clocks that go back over midnight begin the next day before this one has ended.
          const halfHours = Array.from({ length: 48 }, (_, n) => dayOf(zone, end + 1000 + n * 1_800_000));
          expect(halfHours).not.toContain(each);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('takes the earlier of two instants that read the same', () => {
    expect(timeZone('Europe/Berlin').fromWallClock(Date.parse('2026-10-25T02:30:00Z'))).toBe(
      Date.parse('2026-10-25T00:30:00Z'),
    );
  });
});

describe('what the dialer says that its clocks show', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(instants, (ms) => {
        const text = new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
        expect(parseWallClock(text)).toBe(ms);
      }),
    );
  });

  it.each([
    ...['0000-00-00 00:00:00', '2026-02-31 10:00:00', '2026-13-01 10:00:00', '2026-12-01 24:00:00'],
    ...['2026-12-01 10:60:00', '2026-12-01T10:00:00', '2026-12-01 10:00', '2026-12-01', ''],
  ])('is no time where it is %j', (text) => {
    expect(parseWallClock(text)).toBeNull();
  });
});
