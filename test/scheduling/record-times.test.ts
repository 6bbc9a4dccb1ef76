// The rules for one record's times, each seen through the mutation.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeZone } from '../../src/foundation/time-zone.ts';
import { parseTime } from '../../src/scheduling/dialer-time.ts';
import { lead, now, startStack } from '../harness.ts';
import { type Case, describeCases, horizon, iso, refused, valid } from '../record-cases.ts';

const time: Case[] = [
  {
    what: 'the local form',
    fields: { scheduledTime: '2026-11-26 10:00:00' },
    expected: valid({ scheduledTime: iso('2026-11-26T04:30:00Z'), dialerTime: '2026-11-26 10:00:00' }),
  },
  {
    what: 'ISO in UTC',
    fields: { scheduledTime: '2026-11-26T04:30:00Z' },
    expected: valid({ dialerTime: '2026-11-26 10:00:00' }),
  },
  {
    what: 'ISO with milliseconds',
    fields: { scheduledTime: '2026-11-26T04:30:00.999Z' },
    expected: valid({ scheduledTime: iso('2026-11-26T04:30:00Z') }),
  },
  {
    what: 'ISO with an offset',
    fields: { scheduledTime: '2026-11-26T10:00:00+05:30' },
    expected: valid({ scheduledTime: iso('2026-11-26T04:30:00Z') }),
  },
  {
    what: 'ISO with a western offset, no colon',
    fields: { scheduledTime: '2026-11-25T23:30:00-0500' },
    expected: valid({ dialerTime: '2026-11-26 10:00:00' }),
  },
  {
    what: 'ISO without seconds',
    fields: { scheduledTime: '2026-11-26T10:00+05:30' },
    expected: valid({ dialerTime: '2026-11-26 10:00:00' }),
  },
  { what: 'this very second', fields: { scheduledTime: '2026-11-25 10:00:00' }, expected: valid() },
  {
    what: 'the last second of the horizon',
    fields: { scheduledTime: '2026-12-25 10:00:00' },
    expected: valid(),
  },
  {
    what: 'nothing',
    fields: { scheduledTime: '' },
    expected: refused('MissingScheduledTimeError', { code: 'MISSING_SCHEDULED_TIME' }),
  },
  {
    what: '31 February',
    fields: { scheduledTime: '2026-02-31 10:00:00' },
    expected: refused('InvalidDateFormatError', { message: expect.stringContaining('calendar') }),
  },
  {
    what: '31 February in ISO',
    fields: { scheduledTime: '2026-02-31T10:00:00Z' },
    expected: refused('InvalidDateFormatError'),
  },
  {
    what: 'hour 24',
    fields: { scheduledTime: '2026-11-26 24:00:00' },
    expected: refused('InvalidDateFormatError'),
  },
  {
    what: 'an offset of 25 hours',
    fields: { scheduledTime: '2026-11-26T10:00:00+25:00' },
    expected: refused('InvalidDateFormatError', { message: expect.stringContaining('offset') }),
  },
  {
    what: 'day first',
    fields: { scheduledTime: '26/11/2026 10:00' },
    expected: refused('InvalidDateFormatError', {
      expected: expect.stringContaining('YYYY-MM-DD HH:mm:ss'),
      message: expect.stringContaining('26/11/2026 10:00'),
      problems: [expect.objectContaining({ reason: 'AMBIGUOUS_DATE' })],
    }),
  },
  ...['31.12.2026 10:00', '13/12/2026 10:00', '12-31-2026'].map((scheduledTime) => ({
    what: `${scheduledTime}, of whose numbers one alone can be the day`,
    fields: { scheduledTime },
    expected: refused('InvalidDateFormatError', {
      message: expect.stringMatching(/^scheduledTime \S+(?: 10:00)? has its year last.*YYYY-MM-DD HH:mm:ss/),
    }),
  })),
  {
    what: 'a datetime-local field',
    fields: { scheduledTime: '2026-11-26T10:00' },
    expected: valid({ dialerTime: '2026-11-26 10:00:00' }),
  },
  ...['2026-11-26 10:00', '2026-11-26T10:00:00', '2026-11-26T10:00:00.250', '2026-11-26\u00A010:00:00'].map(
    (scheduledTime) => ({
      what: `${scheduledTime}, in the known zone`,
      fields: { scheduledTime },
      expected: valid({ scheduledTime: iso('2026-11-26T04:30:00Z') }),
    }),
  ),
  ...[
    ...[
      '2026-11-26 10:00:00+05:30',
      '2026-11-26 10:00:00 +0530',
      '2026-11-26 04:30:00Z',
      '2026-11-26 04:30Z',
    ],
    ...['2026-11-26T10:15:00+05:45', '2026-11-25 23:30:00-05', '2026-11-26T01:00:00\u221203:30'],
    ...['2026-11-26 10:00 UTC+5:30', '2026-11-26 10:00:00 GMT+0530', '2026-11-25 23:30 UTC-5'],
    ...['2026-11-25 21:30 UTC\u20137', '2026-11-26 04:30 GMT', '2026-11-26 12:30 UTC +08'],
    ...['2026-11-26 04:30:00 UTC', '\u200E२०२६-११-२६ १०:००:००'],
  ].map((scheduledTime) => ({
    what: scheduledTime,
    fields: { scheduledTime },
    expected: valid({ scheduledTime: iso('2026-11-26T04:30:00Z') }),
  })),
  ...[
    ...['2026\u201111\u201126 10:00', '2026\u201311\u201326 10:00:00', '2026\u221211\u221226 10:00:00'],
    ...[
      '2026-11-26 10\uFF1A00',
      '2026-11-26 10\uFF1A00\uFF1A00',
      '2026-11-26  10:00',
      '2026-11-26  10:00:00',
    ],
    ...['2026-11-25T23:30:00\u201305:00', '２０２６－１１－２６\u3000１０：００'],
  ].map((scheduledTime) => ({
    what: `${scheduledTime}, and sends it in the plain form`,
    fields: { scheduledTime, expiryDate: '2026\u201111\u201126' },
    expected: valid({
      scheduledTime: iso('2026-11-26T04:30:00Z'),
      dialerTime: '2026-11-26 10:00:00',
    }),
  })),
  ...[
    ['01\u201312\u20132026 10:00', 'AMBIGUOUS_DATE'],
    ['2026\u201312\u201301', 'MISSING_TIME_OF_DAY'],
    ['01/12/2026 10:00', 'AMBIGUOUS_DATE'],
    ['12-01-26', 'AMBIGUOUS_DATE'],
    ['01-12-2026 10:00:00', 'AMBIGUOUS_DATE'],
    ['01.12.2026', 'AMBIGUOUS_DATE'],
    ['2026-12-01', 'MISSING_TIME_OF_DAY'],
    ['2026-12-01T10:00:00+05:17', 'UNKNOWN_OFFSET'],
    ['2026-12-01T10:00:00+14:30', 'UNKNOWN_OFFSET'],
    ['2026-12-01T10:00:00-13:00', 'UNKNOWN_OFFSET'],
    ['2026-12-01T10:00:00+03:90', 'UNKNOWN_OFFSET'],
    ['2026-12-01 10:00 UTC+5:17', 'UNKNOWN_OFFSET'],
    ['2026-12-01 10:00 GMT+23', 'UNKNOWN_OFFSET'],
    ['2026-11-31 10:00', 'NONEXISTENT_TIME'],
    ['1796012345678', 'UNREADABLE_TIME'],
    ['1 Brumaire 2026 10:00', 'UNREADABLE_TIME'],
    ['2026-12-01 10:00\u201312:00', 'UNREADABLE_TIME'],
    ['2026-12-01 10:00:00\u201412:00', 'UNREADABLE_TIME'],
    ['2026-12-01 10:00\u201311', 'UNREADABLE_TIME'],
    ['2026-12-01 09:00-10:00', 'UNREADABLE_TIME'],
    ['2026-12-01 09:00-09:30', 'UNREADABLE_TIME'],
    ['2026-12-01 10:00 - 12:00', 'UNREADABLE_TIME'],
    ['2026-12-01 09:00 \u221210', 'UNREADABLE_TIME'],
  ].map(([value = '', reason]) => ({
    what: `${value}: ${reason}`,
    fields: { scheduledTime: value },
    expected: refused('InvalidDateFormatError', {
      // A row of digits may be a number in the wrong column.
      ...(!/^\d+$/.test(value) && { value, message: expect.stringContaining(value) }),
      field: 'scheduledTime',
      problems: [{ field: 'scheduledTime', reason, message: expect.any(String) }],
    }),
  })),
  {
    what: 'a number where a time should be',
    fields: { scheduledTime: '+91 98765 43210' },
    expected: refused('InvalidDateFormatError', {
      value: '***10',
      message: expect.not.stringContaining('43210'),
    }),
  },
  {
    what: 'a number with other separators where a time should be',
    fields: { scheduledTime: '98765|43210' },
    expected: refused('InvalidDateFormatError', {
      value: '*****|***10',
      message: expect.not.stringContaining('43210'),
    }),
  },
  { what: 'null', fields: { scheduledTime: null }, expected: refused('MissingScheduledTimeError') },
  { what: 'absent', fields: { scheduledTime: undefined }, expected: refused('MissingScheduledTimeError') },
  {
    what: 'an expiry with an offset',
    fields: { expiryDate: '2026-11-26T12:00:00+05:30' },
    expected: valid(),
  },
  {
    what: 'an expiry that has passed',
    fields: { expiryDate: '2026-11-24' },
    expected: refused('ScheduledTimeOutOfRangeError', {
      field: 'expiryDate',
      message: expect.stringContaining('has expired'),
      latest: horizon,
      problems: [{ field: 'expiryDate', reason: 'EXPIRED', message: expect.any(String) }],
    }),
  },
  {
    what: 'a time in the past of a record that expires today',
    fields: { scheduledTime: '2026-11-24 10:00', expiryDate: '2026-11-25' },
    expected: refused('ScheduledTimeOutOfRangeError', {
      field: 'scheduledTime',
      latest: iso('2026-11-25T18:29:59Z'),
    }),
  },
  { what: 'a word', fields: { scheduledTime: 'tomorrow' }, expected: refused('InvalidDateFormatError') },
  {
    what: 'a text of 1,000 characters',
    fields: { scheduledTime: 'x'.repeat(1000) },
    expected: refused('InvalidDateFormatError', { value: `${'x'.repeat(64)}…` }),
  },
  {
    what: 'a second ago',
    fields: { scheduledTime: '2026-11-25 09:59:59' },
    expected: refused('ScheduledTimeOutOfRangeError', {
      message:
        'scheduledTime 2026-11-25 09:59:59 is in the past: it is now 2026-11-25T04:30:00Z (2026-11-25 10:00:00 in Asia/Kolkata).',
      earliest: new Date(now + 10_000).toISOString(),
      latest: horizon,
    }),
  },
  {
    what: '1970',
    fields: { scheduledTime: '1970-01-01 00:00:00' },
    expected: refused('ScheduledTimeOutOfRangeError'),
  },
  {
    what: '9999',
    fields: { scheduledTime: '9999-12-31 23:59:59' },
    expected: refused('ScheduledTimeOutOfRangeError', { code: 'SCHEDULED_TIME_OUT_OF_RANGE' }),
  },
  {
    what: 'a second beyond the horizon',
    fields: { scheduledTime: '2026-12-25 10:00:01' },
    expected: refused('ScheduledTimeOutOfRangeError', { message: expect.stringContaining('30 days') }),
  },
  { what: 'an expiry later that day', fields: { expiryDate: '2026-11-26' }, expected: valid() },
  { what: 'an expiry at that second', fields: { expiryDate: '2026-11-26 10:00:00' }, expected: valid() },
  { what: 'an expiry in 2099', fields: { expiryDate: '2099-01-01T00:00:00Z' }, expected: valid() },
  {
    what: 'an expiry before it',
    fields: { expiryDate: '2026-11-25' },
    expected: refused('ScheduledTimeOutOfRangeError', { latest: iso('2026-11-25T18:29:59Z') }),
  },
  {
    what: 'an expiry that is no date',
    fields: { expiryDate: '30 Nov' },
    expected: refused('InvalidDateFormatError', { field: 'expiryDate', value: '30 Nov' }),
  },
];

describeCases('the times', time);

describe('a time close to now', () => {
  it('that is 300 ms ahead is not in the past, and what is told as the earliest works when it is sent at once', async () => {
    const { scheduled, clock } = await startStack();
    clock.now = now + 700;
    const ahead = new Date(now + 999).toISOString();
    const { results } = await scheduled({
      records: [lead(0, { scheduledTime: ahead }), lead(1, { scheduledTime: '2026-11-25 09:59:59' })],
    });
    expect(results).toMatchObject([
      { __typename: 'ScheduledRecord' },
      { __typename: 'ScheduledTimeOutOfRangeError', problems: [{ reason: 'IN_THE_PAST' }] },
    ]);
    const [, past] = results;
    if (past?.__typename !== 'ScheduledTimeOutOfRangeError') throw new Error('it is in the past');
    clock.now += 3000;
    const again = await scheduled({
      records: [past.earliest, past.latest].map((scheduledTime, n) => lead(n, { scheduledTime })),
    });
    expect(again.results).toMatchObject([
      { __typename: 'ScheduledRecord' },
      { __typename: 'ScheduledRecord' },
    ]);
  });

  it('has a range that holds a time, or has expired', async () => {
    const { scheduled } = await startStack();
    const time = fc.integer({ min: -40, max: 800 }).map((hours) => iso(new Date(now + hours * 900_000)));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(time, fc.option(time)), { minLength: 20, maxLength: 20 }),
        async (times) => {
          const records = times.map(([scheduledTime, expiryDate], n) =>
            lead(n, { scheduledTime, expiryDate }),
          );
          const { results } = await scheduled({ validateOnly: true, records });
          for (const result of results) {
            if (result.__typename === 'ValidRecord') continue;
            if (result.__typename !== 'ScheduledTimeOutOfRangeError') throw new Error(result.message);
            expect(Date.parse(result.earliest)).toBeLessThanOrEqual(Date.parse(result.latest));
            const expiry = Date.parse(records[result.index]?.expiryDate ?? '9999-12-31');
            const isExpired = result.problems.some(({ reason }) => reason === 'EXPIRED');
            expect(expiry < Date.parse(result.earliest)).toBe(isExpired);
            if (!isExpired) expect(Date.parse(result.latest)).toBeLessThanOrEqual(expiry);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

it('is never told to the dialer by a reading that stands for another time', async () => {
  const zone = timeZone('America/New_York');
  const { scheduled } = await startStack({
    env: { DIALER_TIME_ZONE: zone.name, DIALER_HORIZON_DAYS: '365' },
  });
  const change = Date.parse('2027-11-07T06:00:00Z');
  const minutes = Array.from({ length: 60 }, (_, n) => (n - 30) * 7);
  const records = minutes.map((minute, n) =>
    lead(n, {
      scheduledTime: iso(new Date(change + minute * 60_000)),
      expiryDate: iso(new Date(change + 864e5)),
    }),
  );
  const { results } = await scheduled({ records });
  for (const [n, result] of results.entries()) {
    const minute = minutes[n] ?? 0;
    // The clocks go back from two to one o'clock at the change.
    if (minute >= 0 && minute < 60)
      expect(result).toMatchObject({
        __typename: 'InvalidDateFormatError',
        problems: [{ reason: 'REPEATED_TIME' }],
      });
    else if (result.__typename !== 'ScheduledRecord') throw new Error(result.message);
    else
      expect(zone.fromWallClock(Date.parse(`${result.dialerTime.replace(' ', 'T')}Z`))).toBe(
        Date.parse(result.scheduledTime),
      );
  }
  const expiring = lead(0, {
    scheduledTime: '2027-11-07T01:50:00-04:00',
    expiryDate: '2027-11-07T01:10:00-05:00',
  });
  expect((await scheduled({ records: [expiring] })).results).toMatchObject([
    { problems: [{ field: 'expiryDate', reason: 'REPEATED_TIME' }] },
  ]);
});

it('has the same offset behind UTC or GMT as without', () => {
  const offsets = fc.record({
    sign: fc.constantFrom('+', '-'),
    hours: fc.nat(23),
    minutes: fc.constantFrom(0, 0, 15, 30, 45),
    word: fc.constantFrom('UTC', 'GMT', ' utc', ' GMT '),
    colon: fc.constantFrom('', ':'),
  });
  fc.assert(
    fc.property(offsets, ({ sign, hours, minutes, word, colon }) => {
      const [shown, rest] = [String(hours).padStart(2, '0'), String(minutes).padStart(2, '0')];
      const plain = parseTime(`2026-12-01T10:00:00${sign}${shown}:${rest}`, timeZone('Asia/Kolkata'));
      for (const digits of [hours, shown])
        for (const behind of minutes === 0 ? ['', `${colon}${rest}`] : [`${colon}${rest}`]) {
          const text = `2026-12-01 10:00${word}${sign}${digits}${behind}`;
          const instant = parseTime(text, timeZone('Asia/Kolkata'));
          if (typeof plain === 'number') expect(instant, text).toBe(plain);
          else expect(instant, text).toMatchObject({ reason: plain.reason });
        }
    }),
  );
});
