// The rules for one record, each seen through the mutation: what is wrong with a record is that record's result.

import { describe, expect, it } from 'vitest';
import type { CampaignRecordInput } from './gql/graphql.ts';
import { lead, now, type RecordResult, startStack } from './harness.ts';

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
const iso = (text: string) => new Date(text).toISOString();
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
    what: 'T without an offset',
    fields: { scheduledTime: '2026-11-26T10:00:00' },
    expected: refused('InvalidDateFormatError', {
      field: 'scheduledTime',
      value: '2026-11-26T10:00:00',
      message: expect.stringContaining('no offset'),
    }),
  },
  {
    what: 'no seconds',
    fields: { scheduledTime: '2026-11-26 10:00' },
    expected: refused('InvalidDateFormatError', { expected: expect.stringContaining('YYYY-MM-DD HH:mm:ss') }),
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
    expected: refused('InvalidDateFormatError'),
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
      earliest: new Date(now).toISOString(),
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
