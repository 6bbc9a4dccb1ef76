import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTimeZone, timeZone } from '../src/time-zone.ts';

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

/** The runtime's own reading, taken without our cache. */
function readingOf(instantMs: number, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
    instantMs,
  );
}

describe('a time zone', () => {
  it.each(['Asia/Kolkata', 'UTC', 'Europe/Berlin', 'Etc/GMT+5'])('%s exists', (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(['', 'Mars/Olympus', '+05:30', 'Asia/', ' Asia/Kolkata', 'null'])('%j does not exist', (name) => {
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

  it('takes the earlier of two instants that read the same', () => {
    expect(timeZone('Europe/Berlin').fromWallClock(Date.parse('2026-10-25T02:30:00Z'))).toBe(
      Date.parse('2026-10-25T00:30:00Z'),
    );
  });
});
