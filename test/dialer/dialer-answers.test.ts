// Every case of the upstream's contract, as data: what it replies, and what each record is then told.
// The replies are scripted byte for byte, and come over a real socket.

import { describe, expect, it } from 'vitest';
import { kinds, lead, leads, type RecordResult, startStack } from '../harness.ts';

type Kind = RecordResult['__typename'];

interface Case {
  id: string;
  status?: number;
  headers?: Record<string, string>;
  reply: unknown;
  /** One for all three records, or one each. */
  expected: Kind | [Kind, Kind, Kind];
  message?: RegExp;
}

const numbers = [0, 1, 2].map((n) => lead(n).phoneNumber);
const entry = (n: number, fields: object = {}) => ({
  Response: 'success',
  ScheduleTime: '2026-11-26 10:00:00',
  campaign_name: 'Sales_Demo',
  PhoneNumber: numbers[n],
  msg: 'Data updated successfully',
  index: String(n),
  ...fields,
});
const success = (...message: unknown[]) => ({ status: 'success', message });
const error = (message: unknown) => ({ status: 'error', message });
const S = 'ScheduledRecord' as const;
const U = 'OutcomeUnknownError' as const;

const documented: Case[] = [
  { id: 'success', reply: success(entry(0), entry(1), entry(2)), expected: S },
  {
    id: 'invalid api_key or campaign',
    reply: error('api_key or campaign_name is invalid or not found'),
    expected: 'InvalidApiKeyOrCampaignError',
  },
  {
    id: 'ScheduledTime missing from the map',
    reply: error('Mandatory parameter ScheduledTime is in bulkData map'),
    expected: 'MissingScheduledTimeError',
  },
  {
    id: 'bulkData missing, as printed',
    reply: error({ '0-0': 'Success response', '0-1': 'Mandatory parameter bulkData is missing' }),
    expected: 'MissingBulkDataError',
  },
  {
    id: 'bulkData missing, as text',
    reply: error('Mandatory parameter bulkData is missing'),
    expected: 'MissingBulkDataError',
  },
  {
    id: 'PhoneNumber missing in a row',
    reply: success(
      entry(0),
      { Response: 'error', msg: 'Mandatory parameter PhoneNumber is missing', index: '1' },
      entry(2),
    ),
    expected: [S, 'MissingPhoneNumberError', S],
  },
  {
    id: 'invalid date',
    reply: error('Wrong Date format'),
    expected: 'InvalidDateFormatError',
    message: /Wrong Date format/,
  },
  {
    id: 'a duplicate under a success status',
    reply: success(entry(0), entry(1, { msg: 'Number Already Exist' }), entry(2)),
    expected: [S, 'DuplicateRecordError', S],
  },
  {
    id: 'invalid user',
    reply: { status: 'false', message: 'Invalid User Details', data: null },
    expected: 'InvalidApiKeyOrCampaignError',
  },
  { id: 'Max limit exceeded', reply: error('Max limit exceeded'), expected: 'DialerThrottledError' },
  {
    id: 'Request limit exhausted',
    reply: { status: 'false', message: 'Request limit exhausted' },
    expected: 'DialerThrottledError',
  },
  {
    id: 'another process is running',
    reply: { status: 'success', message: 'Already one process is running please try after some time' },
    expected: 'DialerThrottledError',
  },
  {
    id: 'All parameters are mandatory',
    reply: { status: 'failure', message: 'All parameters are mandatory' },
    expected: 'DialerRejectionError',
  },
];

const tolerated: Case[] = [
  ...['SUCCESS', 'Success'].map((status) => ({
    id: `status ${status}`,
    reply: { status, message: [entry(0), entry(1), entry(2)] },
    expected: S,
  })),
  { id: 'no status', reply: { message: [entry(0), entry(1), entry(2)] }, expected: S },
  { id: 'no envelope', reply: [entry(0), entry(1), entry(2)], expected: S },
  ...['Error', 'FAIL', 'failure', 'false'].map((status) => ({
    id: `status ${status}`,
    reply: { status, message: 'Wrong Date format' },
    expected: 'InvalidDateFormatError' as const,
  })),
  {
    id: 'entries keyed by index',
    reply: { status: 'success', message: { 0: entry(0), 1: entry(1), 2: entry(2) } },
    expected: S,
  },
  {
    id: 'an entry that failed with a text nobody knows',
    reply: success(entry(0), entry(1, { Response: 'error', msg: 'Agent not found' }), entry(2)),
    expected: [S, 'DialerRejectionError', S],
    message: /Agent not found/,
  },
  {
    id: 'an entry that says nothing',
    reply: success(entry(0), { PhoneNumber: numbers[1], index: '1' }, entry(2)),
    expected: [S, U, S],
  },
  {
    id: 'entries that speak for themselves under a failed status',
    reply: error([entry(0), entry(1, { Response: 'error', msg: 'Agent not found' }), entry(2)]),
    expected: [S, 'DialerRejectionError', S],
  },
  {
    id: 'a text nobody knows',
    reply: error('Server is on holiday'),
    expected: 'DialerRejectionError',
    message: /holiday/,
  },
  { id: 'HTTP 401', status: 401, reply: { error: 'no' }, expected: 'InvalidApiKeyOrCampaignError' },
  {
    id: 'HTTP 401 with an unknown text',
    status: 401,
    reply: { status: 'error', message: 'Unauthorized' },
    expected: 'InvalidApiKeyOrCampaignError',
  },
  {
    id: 'HTTP 403 with HTML',
    status: 403,
    reply: '<html>no</html>',
    expected: 'InvalidApiKeyOrCampaignError',
  },
  {
    id: 'HTTP 404',
    status: 404,
    reply: '<html>no</html>',
    expected: 'DialerUnavailableError',
    message: /HTTP 404/,
  },
  {
    id: 'HTTP 400 with a known text',
    status: 400,
    reply: error('Wrong Date format'),
    expected: 'InvalidDateFormatError',
  },
  {
    id: 'HTTP 429',
    status: 429,
    headers: { 'retry-after': '7' },
    reply: 'slow down',
    expected: 'DialerThrottledError',
    message: /7 s/,
  },
  { id: 'HTTP 408', status: 408, reply: '', expected: 'DialerUnavailableError' },
  ...[408, 425, 429].map((status) => ({
    id: `HTTP ${status} with a body that says that all were taken`,
    status,
    reply: success(entry(0), entry(1), entry(2)),
    expected: 'ScheduledRecord' as const,
  })),
  {
    id: 'a refusal without a word',
    reply: error(''),
    expected: 'DialerRejectionError',
    message: /does not say why/,
  },
  {
    id: 'HTTP 307',
    status: 307,
    headers: { location: '/sandbox/redirected' },
    reply: '',
    expected: 'DialerUnavailableError',
    message: /redirect/,
  },
];

const unknowable: Case[] = [
  {
    id: 'HTTP 500',
    status: 500,
    reply: { status: 'error', message: 'Wrong Date format' },
    expected: U,
    message: /HTTP 500/,
  },
  { id: 'HTTP 503', status: 503, headers: { 'retry-after': '1' }, reply: 'later', expected: U },
  { id: 'HTTP 302', status: 302, headers: { location: '/sandbox/redirected' }, reply: '', expected: U },
  { id: 'HTML', reply: '<html>502</html>', expected: U },
  { id: 'an empty body', reply: '', expected: U },
  { id: 'truncated JSON', reply: JSON.stringify(success(entry(0), entry(1))).slice(0, 40), expected: U },
  { id: 'null', reply: null, expected: U },
  { id: 'the string "null"', reply: { status: 'success', message: 'null' }, expected: U },
  {
    id: 'praise without entries',
    reply: { status: 'success', message: 'Data updated successfully' },
    expected: U,
  },
  { id: 'no entries', reply: success(), expected: U },
  {
    id: 'a duplicate that is not said to be whose',
    reply: { status: 'success', message: 'Number Already Exist' },
    expected: U,
  },
  { id: 'one entry too few, by index', reply: success(entry(0), entry(2)), expected: [S, U, S] },
  {
    id: 'one entry too few, without indexes',
    reply: success(entry(0, { index: undefined }), entry(2, { index: undefined })),
    expected: [S, U, S],
  },
  {
    id: 'an entry of another request',
    reply: success(entry(0), entry(1, { PhoneNumber: '9700000000' }), entry(2)),
    expected: [S, U, S],
  },
  {
    id: 'indexes from 1, without numbers',
    reply: success(
      ...[1, 2, 3].map((index) => ({ Response: 'success', msg: 'Data updated successfully', index })),
    ),
    expected: U,
  },
  {
    id: 'indexes from 1, with numbers',
    reply: success(entry(0, { index: '1' }), entry(1, { index: '2' }), entry(2, { index: '3' })),
    expected: S,
  },
  {
    id: 'one more entry than rows',
    reply: success(entry(0), entry(1), entry(2), entry(0, { index: '3', PhoneNumber: '9700000000' })),
    expected: S,
  },
  { id: 'an index twice', reply: success(entry(0), entry(1, { index: '0' }), entry(2)), expected: S },
  {
    id: 'masked numbers with indexes',
    reply: success(...[2, 0, 1].map((n) => entry(n, { PhoneNumber: '98XXXXXX00' }))),
    expected: S,
  },
  {
    id: 'masked numbers without indexes',
    reply: success(...[0, 1, 2].map((n) => entry(n, { PhoneNumber: '98XXXXXX00', index: undefined }))),
    expected: U,
  },
  {
    id: 'numbers with the country code',
    reply: success(...[0, 1, 2].map((n) => entry(n, { PhoneNumber: `%2B91${numbers[n]}` }))),
    expected: S,
  },
];

const textless = { toString: 'x' };
const nested = (depth: number) => `${'{"x":['.repeat(depth)}"x"${']}'.repeat(depth)}`;

/** Values that cannot be made into text, and more of them than are read. */
const unreadable: Case[] = [
  { id: 'a status that cannot be made into text', reply: { status: textless, message: 'x' }, expected: U },
  {
    id: 'a status that cannot be read, with a text that is known',
    reply: { status: [['error']], message: 'Wrong Date format' },
    expected: U,
  },
  {
    id: 'a Response that cannot be made into text',
    reply: success(entry(0), entry(1, { Response: { toString: null } }), entry(2)),
    expected: [S, U, S],
  },
  {
    id: 'entries of which nothing can be made into text',
    reply: success(...[0, 1, 2].map(() => ({ Response: textless, msg: textless, index: textless }))),
    expected: U,
  },
  { id: 'an error 5,000 deep', reply: `{"status":"error","message":${nested(5000)}}`, expected: U },
  { id: 'HTTP 400 with an error 5,000 deep', status: 400, reply: nested(5000), expected: U },
  {
    id: 'an error with 100,000 texts',
    reply: error(Array.from({ length: 100_000 }, () => 'no')),
    expected: U,
  },
  {
    id: 'an error with the keys of every object',
    reply: '{"status":"error","message":{"__proto__":"Wrong Date format","constructor":1,"toString":2}}',
    expected: 'InvalidDateFormatError',
  },
];

/** A failure as a whole that speaks of rows that were taken: sent again, somebody would be called twice. */
const contradictory: Case[] = [
  {
    id: 'entries that praise without a Response, under an error',
    reply: { ...success(...[0, 1, 2].map((n) => entry(n, { Response: undefined }))), status: 'error' },
    expected: S,
  },
  {
    id: 'some praise and some throttling, under an error',
    reply: {
      ...success(
        entry(0, { Response: undefined }),
        entry(1, { Response: undefined, msg: 'Max limit exceeded' }),
        entry(2, { Response: undefined, msg: 'Max limit exceeded' }),
      ),
      status: 'error',
    },
    expected: [S, U, U],
  },
  {
    id: 'entries with a text among them, under an error',
    reply: { status: 'error', message: [entry(0), 'row 1: Wrong Date format', entry(2)] },
    expected: U,
  },
  {
    id: 'lists of the taken and the refused, under an error',
    reply: {
      status: 'error',
      message: { success: [{ number: numbers[0] }], failed: [{ number: numbers[1] }] },
    },
    expected: U,
  },
  {
    id: 'throttling of one row in a sentence with praise',
    reply: { status: 'success', message: 'Max limit exceeded for 1 row; others: Data updated successfully' },
    expected: U,
  },
  {
    id: 'an error beside a list of the taken',
    reply: { ...error('Some rows were refused'), accepted: [{ number: numbers[0] }] },
    expected: U,
  },
  {
    id: 'entries that say yes and no',
    reply: success(
      entry(0, { Response: 'error' }),
      entry(1, { status: 'error' }),
      entry(2, { msg: 'Wrong Date format' }),
    ),
    expected: U,
  },
  ...['PhoneNumber Added is a DND Number', 'Phone Number is Empty!', 'No User Found', 'Data not updated'].map(
    (msg) => ({
      id: `a success that says: ${msg}`,
      reply: success(entry(0, { msg }), entry(1, { msg }), entry(2, { msg })),
      expected: U,
    }),
  ),
  ...[400, 404, 429].flatMap((status) =>
    [
      'Data updated successfully<br>',
      JSON.stringify(success(entry(0), entry(1), entry(2))).slice(0, 150),
    ].map((reply) => ({ id: `HTTP ${status}: ${reply.slice(0, 25)}`, status, reply, expected: U })),
  ),
  {
    id: 'a list, and then a refusal, under one key',
    reply: `{"status":"success","message":${JSON.stringify([entry(0), entry(1), entry(2)])},"message":"Wrong Date format"}`,
    expected: U,
  },
  { id: 'a refusal that counts what was taken', reply: error('2 of 3 records inserted'), expected: U },
  { id: 'a refusal of a part', reply: error('Partially updated'), expected: U },
  { id: 'HTTP 422 with entries', status: 422, reply: success(entry(0), entry(1), entry(2)), expected: S },
];

describe.each([
  ['documented replies', documented],
  ['replies to be tolerant of', tolerated],
  ['replies that leave it open', unknowable],
  ['replies that contradict themselves', contradictory],
  ['replies that cannot be read', unreadable],
])('%s', (_, cases) => {
  it.each(cases)('$id', async ({ status = 200, headers, reply, expected, message }) => {
    const { scheduled, sandbox } = await startStack();
    const body = typeof reply === 'string' ? reply : JSON.stringify(reply);
    sandbox.script({ fault: 'custom-before', times: Infinity, status, body, ...(headers && { headers }) });
    const payload = await scheduled({ records: leads(3) });
    expect(kinds(payload)).toEqual(Array.isArray(expected) ? expected : [expected, expected, expected]);
    if (message !== undefined)
      expect(payload.results.some((result) => message.test('message' in result ? result.message : ''))).toBe(
        true,
      );
    for (const result of payload.results)
      if (result.__typename === U) expect(result).toMatchObject({ retryable: false });
    if (cases === contradictory || cases === unknowable) expect(sandbox.requests).toHaveLength(1);
  });
});
