// Times as people, forms and machines write them: what leaves no doubt is read, and the rest is told what is wrong with it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TimeZone, timeZone } from '../../src/foundation/time-zone.ts';
import { parseExpiry, parseTime } from '../../src/scheduling/dialer-time.ts';
import { quoteTime } from '../../src/scheduling/record-problem.ts';
import { lead, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

const india = timeZone('Asia/Kolkata');

describe('a time that leaves no doubt', () => {
  it('is read through the mutation, and sent as the dialer writes it', async () => {
    const { scheduled } = await startStack();
    const times = [
      ...['2026-12-01 9:00', '2026-12-01 9:00 AM', '2026-12-01 9:00am', '2026-12-01 09:00:00 a.m.'],
      ...[
        '2026/12/01 09:00',
        '2026/12/1 9:00',
        '2026.12.01 9:00',
        '2026-12-01\t09:00:00',
        '2026-12-01 \t 9:00',
      ],
      ...[
        "'2026-12-01 09:00:00",
        '\u20192026-12-01 09:00',
        '2026-12-01 09:00 +5:30',
        '2026-12-01T09:00:00+5:30',
      ],
      ...[
        '2026-12-01T09:00:00+05:30[Asia/Kolkata]',
        '2026-12-01T03:30Z[UTC]',
        '2026-12-01T04:30+01:00[Europe/Paris]',
      ],
      ...['2026-12-01T09:00[Asia/Kolkata]', '2026/12/01 9:00 AM [asia/calcutta]', '2026-12-01 9 AM'],
      ...['1 Dec 2026 9:00', 'December 1, 2026 at 9:00 AM', '1. Dezember 2026, 9 Uhr', '2026-12-01 9h00'],
      ...['Tue Dec 01 2026 09:00:00 GMT+0530 (India Standard Time)', 'Tue, 01 Dec 2026 03:30:00 GMT'],
    ];
    const { results } = await scheduled({
      validateOnly: true,
      records: times.map((scheduledTime, n) => lead(n, { scheduledTime, expiryDate: '2026/12/1' })),
    });
    for (const [n, result] of results.entries())
      expect(result, times[n]).toMatchObject({
        __typename: 'ValidRecord',
        scheduledTime: '2026-12-01T03:30:00.000Z',
        dialerTime: '2026-12-01 09:00:00',
      });
  });

  it.each([
    ['2026-12-01 12:00 AM', '2026-12-01 00:00'],
    ['2026-12-01 12:30 PM', '2026-12-01 12:30'],
    ['2026-12-01 10:00 PM', '2026-12-01 22:00'],
    ['2026-12-01 11:59:59 pm', '2026-12-01 23:59:59'],
  ])('is read on a clock of twelve hours: %s', (text, plain) => {
    expect(parseTime(text, india)).toBe(parseTime(plain, india));
  });

  it.each(['2026/12/01', '2026/12/1', '1 Dec 2026', '1. Dezember 2026', "'2026-12-01"])(
    'may be a day alone where it is an expiry: %s',
    (text) => {
      expect(parseExpiry(text, india)).toBe(Date.parse('2026-12-01T18:29:59Z'));
      expect(parseTime(text, india)).toMatchObject({ reason: 'MISSING_TIME_OF_DAY' });
    },
  );

  it('is the same instant in each form, and is shown as it was written', () => {
    fc.assert(
      fc.property(written, ({ text, instant, zone }) => {
        expect(parseTime(text, zone), `${text} in ${zone.name}`).toBe(instant);
        expect(parseExpiry(text, zone)).toBe(instant);
        expect(quoteTime(text)).toBe(text);
      }),
      { numRuns: runs(1500) },
    );
  });
});

const two = (value: number) => String(value).padStart(2, '0');

/** A time in a zone, in one of the forms that are read, and its instant. */
const written = fc
  .record({
    at: fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2037, 0) }).map((ms) => ms - (ms % 1000)),
    zone: fc.constantFrom('Asia/Kolkata', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'UTC'),
    other: fc.constantFrom('Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe'),
    mark: fc.constantFrom('-', '/', '.', '\u2011'),
    isPadded: fc.boolean(),
    gap: fc.constantFrom(' ', '  ', '\t', ' \t ', 'T', '\u00A0'),
    clock: fc.constantFrom('24', ' AM', 'am', ' a.m.'),
    hasSeconds: fc.boolean(),
    tail: fc.constantFrom('none', 'offset', 'short offset', 'zone', 'offset and zone'),
    isQuoted: fc.boolean(),
  })
  .map(({ at, zone: name, other, mark, isPadded, gap, clock, tail, ...flags }) => {
    const hasOffset = tail.includes('offset');
    const zone = timeZone(name);
    const hasSeconds = flags.hasSeconds || hasOffset;
    const instant = firstOf(
      hasOffset ? timeZone(other) : zone,
      hasSeconds ? at : at - (at % 60_000),
      hasOffset,
    );
    const writer = timeZone(hasOffset ? other : name);
    const wall = new Date(writer.toWallClock(instant));
    const number = isPadded ? two : String;
    const day = [wall.getUTCFullYear(), number(wall.getUTCMonth() + 1), number(wall.getUTCDate())].join(mark);
    const hour = wall.getUTCHours();
    const minutes = `${two(wall.getUTCMinutes())}${hasSeconds ? `:${two(wall.getUTCSeconds())}` : ''}`;
    const half = hour < 12 ? clock : clock.replace('AM', 'PM').replace('a', 'p');
    const time =
      clock === '24' ? `${number(hour)}:${minutes}` : `${number(hour % 12 || 12)}:${minutes}${half}`;
    const offset = hasOffset ? offsetOf(wall.getTime() - instant, tail === 'short offset') : '';
    const bracket = tail.includes('zone') ? `[${writer.name}]` : '';
    const text = `${flags.isQuoted ? "'" : ''}${day}${gap}${time}${offset}${bracket}`.replace('\u00A0', ' ');
    return { text, instant, zone };
  });

/** Without an offset the first of two instants that read the same is meant. */
function firstOf(zone: TimeZone, at: number, hasOffset: boolean): number {
  return hasOffset ? at : (zone.fromWallClock(zone.toWallClock(at)) ?? at);
}

function offsetOf(aheadMs: number, isShort: boolean): string {
  const minutes = Math.abs(aheadMs) / 60_000;
  const hours = Math.floor(minutes / 60);
  const sign = aheadMs < 0 ? '-' : '+';
  return `${sign}${isShort && sign === '+' ? hours : two(hours)}:${two(minutes % 60)}`;
}

describe('a time that is in doubt', () => {
  it.each([
    ['13:00 PM', 'NONEXISTENT_TIME', 'no half of a day has'],
    ['0:30 AM', 'NONEXISTENT_TIME', 'no half of a day has'],
    ['22:00 PM', 'NONEXISTENT_TIME', 'no half of a day has'],
    ['25:00', 'NONEXISTENT_TIME', 'on the clock'],
    ['9:60', 'NONEXISTENT_TIME', 'on the clock'],
    ['10:00 +5:17', 'UNKNOWN_OFFSET', '+5:17'],
    ['10:00 +5', 'UNREADABLE_TIME', 'something behind its time'],
    ['9:00 -5:30', 'UNREADABLE_TIME', 'may be a range'],
    ['9:00 AM - 10:00 AM', 'UNREADABLE_TIME', 'may be a range'],
    ['10:00+02:00[Asia/Kolkata]', 'NONEXISTENT_TIME', 'clocks in Asia/Kolkata have another offset then'],
    ['10:00+02:00[Europe/Berlin]', 'NONEXISTENT_TIME', 'clocks in Europe/Berlin have another offset then'],
    ['10:00[Europe/Berlin]', 'UNREADABLE_TIME', 'are read in Asia/Kolkata here'],
    ['10:00+05:30[IST]', 'UNREADABLE_TIME', 'no name of the IANA data base'],
    ['10:00[Asia/Kolkata][Asia/Kolkata]', 'UNREADABLE_TIME', 'names a zone'],
  ])('is refused: %s', (time, reason, problem) => {
    for (const date of ['2026-12-01', '2026/12/01', '2026/12/1'])
      expect(parseTime(`${date} ${time}`, india), `${date} ${time}`).toEqual({
        reason,
        problem: expect.stringContaining(problem),
      });
  });

  it.each([
    ['2026/02/31 10:00', 'NONEXISTENT_TIME'],
    ['2026/13/01 10:00', 'NONEXISTENT_TIME'],
    ['01/12/2026 10:00 AM', 'AMBIGUOUS_DATE'],
    ["'01/12/2026 10:00", 'AMBIGUOUS_DATE'],
    ['1 Dec 26 10:00', 'AMBIGUOUS_DATE'],
    ['Mon, 1 Dec 2026 10:00', 'NONEXISTENT_TIME'],
    ['2026-12/01 10:00', 'UNREADABLE_TIME'],
  ])('is refused: %s', (text, reason) => {
    expect(parseTime(text, india)).toMatchObject({ reason });
  });

  it('is shown without the fraction of a number of days, and as a telephone number where it may be one', async () => {
    const { scheduled } = await startStack();
    const { results } = await scheduled({
      records: [
        lead(0, { scheduledTime: '46357.4166667' }),
        lead(1, { expiryDate: "'46357,5" }),
        lead(2, { scheduledTime: '98765.43210' }),
      ],
    });
    expect(results).toMatchObject([
      { value: '46357…', message: expect.stringMatching(/^scheduledTime 46357… is a number of days/) },
      { value: "'46357…", field: 'expiryDate' },
      { value: '***10', message: expect.not.stringContaining('987') },
    ]);
  });
});

it.each([
  ['names a zone', '10:00 IST', '10:00:00 EST', '10:00 (CEST)', '10:00IST', '10:00 Asia/Kolkata'],
  ['has AM or PM', '10:00 sharp PM', '10:00 +05:30 PM'],
  ['may be a range', '22:00-02:00', '09:00 -05:00'],
  ['may be a range', '10:00-12:00', '10:00 - 12:00', '10:00 to 12:00', '10 AM - 12 PM', '10h\u201312h'],
  ['has something behind its time', "10:00 o'clock", '10:00 local time', '10:00 approx', '10:00 UTC+5.5'],
  ['has no time of day behind its date', 'morning', '10', '1000', '1000 hrs'],
])('is refused since it %s: %s', (problem, ...texts) => {
  for (const text of texts)
    expect(parseTime(`2026-12-01 ${text}`, india), text).toEqual({
      reason: 'UNREADABLE_TIME',
      problem: expect.stringContaining(problem),
    });
});

it('is no count of seconds, and has separators', () => {
  for (const text of ['1796443200', '1796443200000', '20261205', '202612051000', '20261205100000'])
    for (const written of [text, `${text.slice(0, 8)}T1000`, `${text.slice(0, 8)} 100000`])
      expect(parseTime(written, india), written).toMatchObject({
        problem: expect.stringContaining('seconds or milliseconds since 1970'),
      });
});
