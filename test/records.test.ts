// The rules for one record, each seen through the mutation: what is wrong with a record is that record's result.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerRow } from '../src/sandbox/sandbox.ts';
import type { CampaignRecordInput } from './gql/graphql.ts';
import { kinds, lead, now, type RecordResult, startStack } from './harness.ts';

type Fields = Partial<CampaignRecordInput>;
interface Case {
  what: string;
  fields: Fields;
  expected: Partial<Record<string, unknown>> & { __typename: RecordResult['__typename'] };
}

const refused = (__typename: RecordResult['__typename'], more: Record<string, unknown> = {}) => ({
  __typename,
  ...more,
});
const valid = (more: Record<string, unknown> = {}) => ({ __typename: 'ValidRecord' as const, ...more });
const iso = (time: string | Date) => new Date(time).toISOString();
const horizon = new Date(now + 30 * 86_400_000).toISOString();

const phone: Case[] = [
  {
    what: 'ten national digits',
    fields: { phoneNumber: '9876543210' },
    expected: valid({ phoneNumber: '+919876543210' }),
  },
  {
    what: 'a trunk zero, spaces',
    fields: { phoneNumber: ' 098765 43210 ' },
    expected: valid({ phoneNumber: '+919876543210' }),
  },
  {
    what: '+, dashes, brackets',
    fields: { phoneNumber: '+91 (98765)-43210' },
    expected: valid({ phoneNumber: '+919876543210' }),
  },
  {
    what: 'a landline',
    fields: { phoneNumber: '040 2345 6789' },
    expected: valid({ phoneNumber: '+914023456789' }),
  },
  {
    what: 'another country',
    fields: { phoneNumber: '+44 20 7946 0958' },
    expected: valid({ phoneNumber: '+442079460958' }),
  },
  {
    what: 'nothing',
    fields: { phoneNumber: '' },
    expected: refused('MissingPhoneNumberError', { code: 'MISSING_PHONE_NUMBER' }),
  },
  { what: 'white space', fields: { phoneNumber: ' \t' }, expected: refused('MissingPhoneNumberError') },
  {
    what: 'letters',
    fields: { phoneNumber: '98765ABCDE' },
    expected: refused('InvalidPhoneNumberError', { retryable: false }),
  },
  {
    what: 'a sentence around a number',
    fields: { phoneNumber: 'call 9876543210' },
    expected: refused('InvalidPhoneNumberError'),
  },
  {
    what: 'two numbers',
    fields: { phoneNumber: '9876543210 / 9876543211' },
    expected: refused('InvalidPhoneNumberError'),
  },
  {
    what: '40 digits',
    fields: { phoneNumber: '9'.repeat(40) },
    expected: refused('InvalidPhoneNumberError'),
  },
  { what: 'too few digits', fields: { phoneNumber: '12345' }, expected: refused('InvalidPhoneNumberError') },
  {
    what: 'a country code that is none',
    fields: { phoneNumber: '+999 12345678' },
    expected: refused('InvalidPhoneNumberError'),
  },
  { what: 'an emoji', fields: { phoneNumber: '📞' }, expected: refused('InvalidPhoneNumberError') },
  {
    what: 'null',
    fields: { phoneNumber: null },
    expected: refused('MissingPhoneNumberError', { field: 'phoneNumber' }),
  },
  {
    what: 'absent',
    fields: { phoneNumber: undefined },
    expected: refused('MissingPhoneNumberError', {
      problems: [expect.objectContaining({ reason: 'MISSING' })],
    }),
  },
  {
    what: 'nothing that is seen',
    fields: { phoneNumber: '\u200B\u2066 \u00A0' },
    expected: refused('MissingPhoneNumberError'),
  },
  {
    what: 'a number of another country without its code',
    fields: { phoneNumber: '4155216849' },
    expected: valid({ phoneNumber: '+914155216849' }),
  },
  {
    what: 'a number that a log must not hold',
    fields: { phoneNumber: '98765 4321' },
    expected: refused('InvalidPhoneNumberError', { message: expect.not.stringContaining('4321 ') }),
  },
];

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
    ...['2026-11-26 04:30:00 UTC', '\u200E२०२६-११-२६ १०:००:००'],
  ].map((scheduledTime) => ({
    what: scheduledTime,
    fields: { scheduledTime },
    expected: valid({ scheduledTime: iso('2026-11-26T04:30:00Z') }),
  })),
  ...[
    ['01/12/2026 10:00', 'AMBIGUOUS_DATE'],
    ['12-01-26', 'AMBIGUOUS_DATE'],
    ['01-12-2026 10:00:00', 'AMBIGUOUS_DATE'],
    ['01.12.2026', 'AMBIGUOUS_DATE'],
    ['2026-12-01', 'MISSING_TIME_OF_DAY'],
    ['2026-12-01T10:00:00+05:17', 'UNKNOWN_OFFSET'],
    ['2026-12-01T10:00:00+14:30', 'UNKNOWN_OFFSET'],
    ['2026-12-01T10:00:00-13:00', 'UNKNOWN_OFFSET'],
    ['2026-12-01T10:00:00+03:90', 'UNKNOWN_OFFSET'],
    ['2026-11-31 10:00', 'NONEXISTENT_TIME'],
    ['1796012345678', 'UNREADABLE_TIME'],
    ['1 Dec 2026 10:00', 'UNREADABLE_TIME'],
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

const fields: Case[] = [
  { what: 'priority 1', fields: { priority: 1 }, expected: valid() },
  { what: 'priority 99', fields: { priority: 99 }, expected: valid() },
  {
    what: 'priority 0',
    fields: { priority: 0 },
    expected: refused('InvalidFieldError', { field: 'priority' }),
  },
  {
    what: 'priority 100',
    fields: { priority: 100 },
    expected: refused('InvalidFieldError', { field: 'priority' }),
  },
  { what: 'a name in Arabic', fields: { name: 'محمد علي' }, expected: valid({ name: 'محمد علي' }) },
  { what: 'a name in Hindi', fields: { name: 'आशा राव' }, expected: valid({ name: 'आशा राव' }) },
  { what: 'an emoji in a name', fields: { name: 'Asha 🌸' }, expected: valid({ name: 'Asha 🌸' }) },
  { what: 'an apostrophe and a dash', fields: { name: "Anne-Marie O'Neill" }, expected: valid() },
  { what: 'white space around a name', fields: { name: '  Asha  ' }, expected: valid({ name: 'Asha' }) },
  { what: 'an empty name', fields: { name: '' }, expected: valid({ name: null }) },
  {
    what: 'an ampersand',
    fields: { name: 'Rao & Sons' },
    expected: refused('InvalidFieldError', { field: 'name', message: expect.stringContaining('&') }),
  },
  {
    what: 'a line break',
    fields: { name: 'Asha\nRao' },
    expected: refused('InvalidFieldError', { message: expect.stringContaining('U+000A') }),
  },
  {
    what: 'half a surrogate pair',
    fields: { name: 'Asha \ud83c' },
    expected: refused('InvalidFieldError', { field: 'name' }),
  },
  {
    what: 'a name of 1 MB',
    fields: { name: 'x'.repeat(1_000_000) },
    expected: refused('InvalidFieldError', { field: 'name', message: expect.stringContaining('4096') }),
  },
  {
    what: 'a plus in an agent id',
    fields: { agentId: 'a+b' },
    expected: refused('InvalidFieldError', { field: 'agentId' }),
  },
  {
    what: 'a hash in a skill',
    fields: { skill: '#1' },
    expected: refused('InvalidFieldError', { field: 'skill' }),
  },
  {
    what: 'a header of the mapping',
    fields: { customFields: [{ header: 'City', value: 'Pune' }] },
    expected: valid(),
  },
  {
    what: 'a header that is not in the mapping',
    fields: { customFields: [{ header: 'Shoe', value: '42' }] },
    expected: refused('UnknownHeaderError', {
      header: 'Shoe',
      knownHeaders: expect.arrayContaining(['PhoneNumber', 'City']),
    }),
  },
  {
    what: 'a header in other case',
    fields: { customFields: [{ header: 'city', value: 'Pune' }] },
    expected: refused('UnknownHeaderError', { header: 'city' }),
  },
  {
    what: 'PhoneNumber as a custom field',
    fields: { customFields: [{ header: 'PhoneNumber', value: '1' }] },
    expected: refused('InvalidFieldError', { field: 'customFields[0].header' }),
  },
  {
    what: 'Skill as a custom field',
    fields: { customFields: [{ header: 'Skill', value: '1' }] },
    expected: refused('InvalidFieldError', { message: expect.stringContaining('field of its own') }),
  },
  {
    what: 'a header twice',
    fields: {
      customFields: [
        { header: 'City', value: 'a' },
        { header: ' City ', value: 'b' },
      ],
    },
    expected: refused('InvalidFieldError', { field: 'customFields[1].header' }),
  },
  {
    what: 'an empty header',
    fields: { customFields: [{ header: ' ', value: 'a' }] },
    expected: refused('InvalidFieldError'),
  },
  {
    what: 'a per cent in a value',
    fields: { customFields: [{ header: 'City', value: '5%' }] },
    expected: refused('InvalidFieldError', { field: 'customFields[0].value' }),
  },
  ...['\u200B', ' \u2060', '\u3164', '\u200D', '\u2800', '\uFE0F'].map((agentId) => ({
    what: `an agent id of nothing that is seen (${agentId.codePointAt(0)?.toString(16)})`,
    fields: { agentId },
    expected: valid({ agentId: null }),
  })),
  {
    what: 'invisible characters where they mean nothing',
    fields: {
      agentId: '\u202Aagent\u200D 7\uFE0F\u202C',
      skill: 'Hin\u00ADdi\uFEFF',
      name: 'Asha\u00A0Rao\u200B',
    },
    expected: valid({ agentId: 'agent 7', skill: 'Hindi', name: 'Asha Rao' }),
  },
  ...[
    '👩\u200D💻 Asha',
    '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
    'क्\u200Dष',
    'می\u200Cخواهم',
    '❤\uFE0F',
    '1\uFE0F\u20E3',
  ].map((name) => ({
    what: `joiners that shape a name: ${name}`,
    fields: { name },
    expected: valid({ name }),
  })),
  {
    what: 'marks of an annotation',
    fields: { name: 'Asha\uFFF9Rao' },
    expected: refused('InvalidFieldError', { message: expect.stringContaining('U+FFF9') }),
  },
  ...['constructor', 'toString', '__proto__', 'hasOwnProperty'].map((header) => ({
    what: `the header ${header} with a long value`,
    fields: { customFields: [{ header, value: 'x'.repeat(5000) }] },
    expected: refused('UnknownHeaderError', {
      header,
      field: 'customFields[0].header',
      problems: [
        expect.objectContaining({ reason: 'UNKNOWN_HEADER' }),
        { field: 'customFields[0].value', reason: 'ROW_TOO_LONG', message: expect.any(String) },
      ],
    }),
  })),
  {
    what: 'everything wrong at once',
    fields: {
      phoneNumber: '98765ABCDE',
      scheduledTime: 'soon',
      name: 'Bob & Sally',
      priority: 500,
      expiryDate: '2026-02-31',
      customFields: [
        { header: 'api_key', value: 'x' },
        { header: 'City', value: '5%' },
        { header: 'Shoe', value: '42' },
      ],
    },
    expected: refused('InvalidPhoneNumberError', {
      field: 'phoneNumber',
      problems: [
        ['phoneNumber', 'LETTERS'],
        ['name', 'REFUSED_CHARACTER'],
        ['priority', 'OUT_OF_RANGE'],
        ['customFields[0].header', 'RESERVED_HEADER'],
        ['customFields[1].value', 'REFUSED_CHARACTER'],
        ['scheduledTime', 'UNREADABLE_TIME'],
        ['expiryDate', 'NONEXISTENT_TIME'],
        ['customFields[2].header', 'UNKNOWN_HEADER'],
      ].map(([field, reason]) => ({ field, reason, message: expect.any(String) })),
    }),
  },
  { what: 'no custom fields', fields: { customFields: [] }, expected: valid() },
  {
    what: 'nothing but empty strings',
    fields: {
      reference: '',
      phoneNumber: '',
      scheduledTime: '',
      name: '',
      expiryDate: '',
      agentId: '',
      skill: '',
    },
    expected: refused('MissingPhoneNumberError', { reference: '' }),
  },
];

describe.each([
  ['the phone number', phone],
  ['the times', time],
  ['the other fields', fields],
])('%s of a record', (_, cases) => {
  it.each(cases)('$what', async ({ fields, expected }) => {
    const { scheduled, sandbox } = await startStack();
    const { results } = await scheduled({ validateOnly: true, records: [lead(0, fields)] });
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ index: 0, reference: 'lead-0', ...expected });
    expect(sandbox.requests).toEqual([]);
  });
});

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

describe('a custom header', () => {
  const send = async (header: string, headers?: string[]) => {
    const { scheduled, sandbox } = await startStack({
      sandbox: { campaigns: { Open: {} } },
      campaigns: headers === undefined ? {} : { Open: { headers } },
    });
    const records = [lead(0, { customFields: [{ header, value: '1' }] })];
    const { results } = await scheduled({ campaignName: 'Open', records });
    return { result: results[0], sent: sandbox.requests.map(({ map }) => map) };
  };

  it.each([
    ...[
      'api_key',
      'API_KEY',
      ' api_key ',
      'api.key',
      'api key',
      'Api-Key',
      'apikey',
      'campaign_name',
      'campaignName',
    ],
    ...['action', 'Action', 'PhoneNumber', 'phonenumber', 'Phone Number', 'phone_number', 'ScheduledTime'],
    ...[
      'scheduled.time',
      'bulkData',
      'userName',
      'ｐｈｏｎｅＮｕｍｂｅｒ',
      'checkDuplicate',
      'Name',
      'agentid',
    ],
    ...[
      'PhoneNumber[]',
      'PhoneNumber[0]',
      'a[b]',
      'PhoneNumber=911;x',
      'PhoneNumber%5B%5D',
      'x&action',
      'x=1',
      'x#',
      'a;b',
    ],
    ...['[api_key', '<b>', '', '\u200B', 'x\u0000', 'x'.repeat(129), '.x'],
  ])('%j is refused, with a mapping and without, and nothing is sent', async (header) => {
    for (const headers of [undefined, [header]]) {
      const { result, sent } = await send(header, headers);
      expect(result).toMatchObject({ __typename: 'InvalidFieldError', field: 'customFields[0].header' });
      expect(sent).toEqual([]);
    }
  });

  it.each([
    ...[
      'City',
      'शहर',
      'शहर का नाम',
      'Stadt/Ort',
      'D.O.B.',
      'A/C No.',
      'Loan (₹)',
      'EMI-due',
      'Übergröße',
      '2nd phone',
    ],
    ...['constructor', '__proto__', 'toString', 'Expiry Date', 'action_taken', 'PhoneNumber2'],
  ])('%j is sent', async (header) => {
    const { result, sent } = await send(header);
    expect(result).toMatchObject({ __typename: 'ScheduledRecord' });
    expect(sent).toEqual([['PhoneNumber', 'ScheduledTime', header]]);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    '%s with too long a value has a result of its own, and its neighbours theirs',
    async (header) => {
      const { scheduled } = await startStack({ sandbox: { campaigns: { Open: {} } }, campaigns: {} });
      const records = [lead(0, { customFields: [{ header, value: 'x'.repeat(9000) }] }), lead(1)];
      const { results } = await scheduled({ campaignName: 'Open', records });
      expect(results).toMatchObject([
        {
          __typename: 'InvalidFieldError',
          field: 'customFields[0].value',
          problems: [{ reason: 'ROW_TOO_LONG' }],
        },
        { __typename: 'ScheduledRecord' },
      ]);
    },
  );

  it('that PHP takes for another of the record is a second one', async () => {
    const { scheduled } = await startStack({ sandbox: { campaigns: { Open: {} } }, campaigns: {} });
    const customFields = ['Home.City', 'Home City'].map((header) => ({ header, value: '1' }));
    const { results } = await scheduled({ campaignName: 'Open', records: [lead(0, { customFields })] });
    expect(results).toMatchObject([
      { problems: [{ field: 'customFields[1].header', reason: 'DUPLICATE_HEADER' }] },
    ]);
  });
});

describe('characters that a replay would misread', () => {
  const texts = ['Bob & Sally', 'asha+crm@example.com', '100% #1', '%41sha', 'A&action=STOP'];
  const records = texts.map((name, n) => lead(n, { name, customFields: [{ header: 'City', value: name }] }));
  const saidOf = ({ fields, replayed }: LedgerRow) => ({ ...fields, ...replayed });

  it('are refused by default, with what to do', async () => {
    const { scheduled, sandbox } = await startStack();
    const { results } = await scheduled({ records });
    for (const result of results)
      expect(result).toMatchObject({
        __typename: 'InvalidFieldError',
        field: 'name',
        message: expect.stringMatching(/write ".*" in its place, or .* DIALER_UNSAFE_CHARACTERS=encode/),
      });
    expect(sandbox.requests).toEqual([]);
  });

  it('are encoded where that is set: the replay says what the caller wrote, and so does the result', async () => {
    const { scheduled, sandbox } = await startStack({
      env: { DIALER_UNSAFE_CHARACTERS: 'encode' },
      sandbox: { replay: 'raw' },
    });
    const { results } = await scheduled({ records });
    expect(results.map((result) => 'name' in result && result.name)).toEqual(texts);
    expect(sandbox.ledger.map(({ fields }) => fields.Name)).toEqual([
      ...['Bob %26 Sally', 'asha%2Bcrm@example.com', '100%25 %231', '%2541sha', 'A%26action=STOP'],
    ]);
    expect(sandbox.ledger.map((row) => saidOf(row).Name)).toEqual(texts);
    expect(sandbox.ledger.map((row) => saidOf(row).City)).toEqual(texts);
  });

  it('stay as they were sent where the dialer encodes them itself', async () => {
    const { scheduled, sandbox } = await startStack({
      env: { DIALER_UNSAFE_CHARACTERS: 'encode' },
      sandbox: { replay: 'encoded' },
    });
    await scheduled({ records });
    expect(saidOf(sandbox.ledger[0] as LedgerRow).Name).toBe('Bob %26 Sally');
  });

  it("of a name are the vendor's alone where that is set, and the sandbox can hold to it", async () => {
    const names = ['Asha Rao', "O'Neill", 'आशा', 'Asha (VIP) - $5.00: ok_1'];
    const records = names.map((name, n) => lead(n, { name }));
    const strict = { sandbox: { nameCharacters: 'vendor' as const } };
    const any = await startStack(strict);
    expect(kinds(await any.scheduled({ records }))).toEqual([
      ...['ScheduledRecord', 'DialerRejectionError', 'DialerRejectionError', 'ScheduledRecord'],
    ]);
    const { scheduled } = await startStack({ ...strict, env: { DIALER_NAME_CHARACTERS: 'vendor' } });
    const { results } = await scheduled({ records });
    expect(results).toMatchObject([
      { __typename: 'ScheduledRecord' },
      { __typename: 'InvalidFieldError', message: expect.stringContaining("has the character '") },
      { __typename: 'InvalidFieldError', message: expect.stringContaining('आ (U+0906)') },
      { __typename: 'ScheduledRecord' },
    ]);
  });
});
