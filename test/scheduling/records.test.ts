// The rules for one record's number and texts, each seen through the mutation: what is wrong with a record is that record's result.

import { expect } from 'vitest';
import { type Case, describeCases, refused, valid } from '../record-cases.ts';

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
  {
    what: 'what stands for a character that was not decoded',
    fields: { name: 'M\uFFFDller' },
    expected: refused('InvalidFieldError', { message: expect.stringContaining('U+FFFD') }),
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

describeCases('the phone number', phone);
describeCases('the other fields', fields);
