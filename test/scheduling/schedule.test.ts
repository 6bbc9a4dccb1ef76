import { describe, expect, it } from 'vitest';
import {
  type ScheduleCampaignDataInput,
  ScheduleDocument,
  type ScheduleMutationVariables,
} from '../gql/graphql.ts';
import {
  answered,
  counts,
  kinds,
  lead,
  leads,
  ledgerNumbers,
  type Payload,
  sendTo,
  startStack,
} from '../harness.ts';

describe('scheduling', () => {
  it('gives each record its own result, in input order', async () => {
    const { scheduled, sandbox } = await startStack();
    const payload = await scheduled({
      records: [
        lead(0),
        lead(1, { phoneNumber: '12345' }),
        lead(2, { reference: null }),
        lead(3, { priority: 500 }),
      ],
    });
    expect(payload).toMatchObject({
      campaignName: 'Sales_Demo',
      status: 'PARTIALLY_SCHEDULED',
      summary: { total: 4, scheduled: 2, valid: 0, failed: 2, skipped: 0, unknown: 0 },
      results: [
        {
          __typename: 'ScheduledRecord',
          index: 0,
          reference: 'lead-0',
          message: 'Data updated successfully',
        },
        { __typename: 'InvalidPhoneNumberError', index: 1, reference: 'lead-1' },
        { __typename: 'ScheduledRecord', index: 2, reference: null },
        { __typename: 'InvalidFieldError', index: 3, reference: 'lead-3' },
      ],
    });
    expect(sandbox.ledger.map(({ phoneNumber }) => phoneNumber)).toEqual(['9810000000', '9810000002']);
  });

  it.each([
    ['every record is scheduled', { records: leads(2) }, 'SCHEDULED'],
    ['only duplicates are left out', { records: [lead(0), lead(0)], duplicates: 'SKIP' }, 'SCHEDULED'],
    ['some fail', { records: [lead(0), lead(1, { phoneNumber: '' })] }, 'PARTIALLY_SCHEDULED'],
    ['all fail', { records: [lead(1, { phoneNumber: '' })] }, 'NOT_SCHEDULED'],
    ['it only validates', { records: leads(2), validateOnly: true }, 'VALIDATED'],
  ] satisfies [string, Partial<ScheduleCampaignDataInput>, Payload['status']][])(
    'where %s, the status says so',
    async (_, input, status) => {
      const { scheduled } = await startStack();
      expect((await scheduled(input)).status).toBe(status);
    },
  );

  it('sends nothing under REJECT_EVERYTHING unless every record is valid', async () => {
    const { scheduled, sandbox } = await startStack();
    const refused = await scheduled({
      errorPolicy: 'REJECT_EVERYTHING',
      records: [lead(0), lead(1, { phoneNumber: '' })],
    });
    expect(kinds(refused)).toEqual(['ValidRecord', 'MissingPhoneNumberError']);
    expect(refused.status).toBe('NOT_SCHEDULED');
    expect(sandbox.requests).toHaveLength(0);

    const taken = await scheduled({
      errorPolicy: 'REJECT_EVERYTHING',
      duplicates: 'SKIP',
      records: [lead(0), lead(0)],
    });
    expect(kinds(taken)).toEqual(['ScheduledRecord', 'DuplicateRecordError']);
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('takes null for a default', async () => {
    const { scheduled } = await startStack();
    const payload = await scheduled({
      records: leads(1),
      duplicates: null,
      errorPolicy: null,
      validateOnly: null,
      timeZone: null,
    });
    expect(payload.status).toBe('SCHEDULED');
  });

  it('allows a number twice unless told to skip it', async () => {
    const { scheduled, sandbox } = await startStack();
    expect(kinds(await scheduled({ records: [lead(0), lead(0)] }))).toEqual([
      'ScheduledRecord',
      'ScheduledRecord',
    ]);
    sandbox.reset();

    const { results, summary } = await scheduled({
      duplicates: 'SKIP',
      records: [
        lead(1, { phoneNumber: '098100 00000', scheduledTime: 'never' }),
        lead(2, { phoneNumber: '+91 98100 00000' }),
        lead(3, { phoneNumber: '9810000000', scheduledTime: '2026-11-27 10:00:00' }),
      ],
    });
    expect(results).toMatchObject([
      { __typename: 'InvalidDateFormatError' },
      { __typename: 'ScheduledRecord' },
      { __typename: 'DuplicateRecordError', firstIndex: 1, retryable: false },
    ]);
    expect(summary).toEqual({ total: 3, scheduled: 1, valid: 0, failed: 1, skipped: 1, unknown: 0 });
  });

  it('asks the dialer to skip numbers that it has, and tells whose they are', async () => {
    const { scheduled } = await startStack();
    await scheduled({ records: [lead(1)] });
    const { results } = await scheduled({ duplicates: 'SKIP', records: [lead(0), lead(1), lead(2)] });
    expect(results).toMatchObject([
      { __typename: 'ScheduledRecord' },
      { __typename: 'DuplicateRecordError', firstIndex: null },
      { __typename: 'ScheduledRecord' },
    ]);
  });
});

describe('times without an offset', () => {
  const times = { 'Asia/Kolkata': '2026-11-26 10:00:00', 'America/New_York': '2026-11-25 23:30:00' };

  it("are read on the account's clock", async () => {
    const { scheduled, sandbox } = await startStack();
    const { results } = await scheduled({ records: [lead(0, { scheduledTime: times['Asia/Kolkata'] })] });
    expect(results).toMatchObject([{ scheduledTime: '2026-11-26T04:30:00.000Z' }]);
    expect(sandbox.ledger[0]?.scheduledTime).toBe('2026-11-26 10:00:00');
  });

  it("are read on the input's clock, where it names one", async () => {
    const { scheduled, sandbox } = await startStack();
    const { results } = await scheduled({
      timeZone: 'America/New_York',
      records: [lead(0, { scheduledTime: times['America/New_York'] })],
    });
    expect(results).toMatchObject([
      { scheduledTime: '2026-11-26T04:30:00.000Z', dialerTime: '2026-11-26 10:00:00' },
    ]);
    expect(sandbox.ledger[0]?.scheduledTime).toBe('2026-11-26 10:00:00');
  });

  it("are read, and sent, on the campaign's clock, where it has one", async () => {
    const sandbox = { campaigns: { Berlin: { timeZone: 'Europe/Berlin' } }, timeZone: 'Europe/Berlin' };
    const stack = await startStack({ sandbox });
    const { results } = await stack.scheduled({
      campaignName: 'Berlin',
      records: [
        lead(0, { scheduledTime: '2026-11-26 10:00:00' }),
        lead(1, { scheduledTime: '2026-11-26T10:00:00Z' }),
      ],
    });
    expect(results).toMatchObject([
      { scheduledTime: '2026-11-26T09:00:00.000Z', dialerTime: '2026-11-26 10:00:00' },
      { scheduledTime: '2026-11-26T10:00:00.000Z', dialerTime: '2026-11-26 11:00:00' },
    ]);
    expect(stack.sandbox.ledger.map(({ scheduledTime }) => scheduledTime)).toEqual([
      '2026-11-26 10:00:00',
      '2026-11-26 11:00:00',
    ]);
  });

  it('that daylight saving skips are refused, with the reason', async () => {
    const { scheduled, clock } = await startStack();
    clock.now = Date.parse('2027-03-20T00:00:00Z');
    const { results } = await scheduled({
      timeZone: 'Europe/Berlin',
      records: [
        lead(0, { scheduledTime: '2027-03-28 02:30:00' }),
        lead(1, { scheduledTime: '2027-03-28 03:30:00' }),
      ],
    });
    expect(results).toMatchObject([
      { __typename: 'InvalidDateFormatError', message: expect.stringContaining('daylight saving') },
      { __typename: 'ScheduledRecord', scheduledTime: '2027-03-28T01:30:00.000Z' },
    ]);
  });
});

describe('a date alone as expiry', () => {
  it('ends with the last second of that day, though its last hour comes twice', async () => {
    const { scheduled, clock, sandbox } = await startStack();
    clock.now = Date.parse('2027-04-01T00:00:00Z');
    // 23:30 for the second time.
    const record = lead(0, { scheduledTime: '2027-04-04T03:30:00Z', expiryDate: '2027-04-03' });
    const { results } = await scheduled({ timeZone: 'America/Santiago', records: [record] });
    expect(results).toMatchObject([{ __typename: 'ScheduledRecord' }]);
    expect(sandbox.ledger[0]?.fields.ExpiryDate).toBe('2027-04-04 09:29:59');
  });
});

describe('a request', () => {
  it.each(['BST', 'CST', 'IST', 'PST', 'SystemV/EST5', '+05:30'])(
    'with the zone %s is refused: it is no name of the IANA data base',
    async (timeZone) => {
      const { schedule, sandbox } = await startStack();
      expect(await schedule({ timeZone, records: leads(1) })).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [{ path: ['input', 'timeZone'], message: expect.stringContaining('IANA') }],
      });
      expect(sandbox.requests).toEqual([]);
    },
  );

  it.each(['EST5EDT', 'GB', 'US/Eastern', 'europe/berlin', 'Asia/Kolkata\u200B'])(
    'with the zone %s is carried out',
    async (timeZone) => {
      const { scheduled } = await startStack();
      expect(kinds(await scheduled({ timeZone, validateOnly: true, records: leads(1) }))).toEqual([
        'ValidRecord',
      ]);
    },
  );

  it.each(['\u200BSales_Demo\uFEFF', ' Sales_Demo\u00A0', '\u2066Sales_Demo\u2069'])(
    'for the campaign %j goes to Sales_Demo',
    async (campaignName) => {
      const { scheduled, sandbox } = await startStack();
      expect((await scheduled({ campaignName, records: leads(1) })).campaignName).toBe('Sales_Demo');
      expect(sandbox.ledger.map((row) => row.campaignName)).toEqual(['Sales_Demo']);
    },
  );

  it.each([
    ['\u200B\u2060', 'must not be empty'],
    ['Sales\u0007Demo', 'U+0007'],
  ])('for the campaign %j is refused', async (campaignName, message) => {
    const { schedule, sandbox } = await startStack();
    const result = await schedule({ campaignName, records: leads(1) });
    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'campaignName'], message: expect.stringContaining(message) }],
    });
    expect(sandbox.requests).toEqual([]);
  });
});

describe('results', () => {
  const records = [lead(0), lead(1, { phoneNumber: null }), lead(0), lead(2)];
  const indexes = async (only: ScheduleMutationVariables['only'], validateOnly = false) => {
    const { send } = await startStack();
    const input = { campaignName: 'Sales_Demo', duplicates: 'SKIP' as const, records, validateOnly };
    const data = await send(ScheduleDocument, { input, ...(only && { only }) });
    const result = answered(data.scheduleCampaignData);
    if (result.__typename !== 'ScheduleCampaignDataPayload') throw new Error(result.message);
    expect(result.summary.total).toBe(4);
    return result.results.map(({ index }) => index);
  };

  it.each([
    [undefined, [0, 1, 2, 3]],
    [['FAILED'], [1]],
    [['SKIPPED'], [2]],
    [['SCHEDULED'], [0, 3]],
    [
      ['FAILED', 'SKIPPED', 'UNKNOWN'],
      [1, 2],
    ],
    [['UNKNOWN'], []],
    [['VALID'], []],
    [[], []],
  ] satisfies [ScheduleMutationVariables['only'], number[]][])(
    'asked for %j are %j',
    async (only, expected) => {
      expect(await indexes(only)).toEqual(expected);
    },
  );

  it('that are valid can be asked for, too', async () => {
    expect(await indexes(['VALID'], true)).toEqual([0, 3]);
  });

  it('say of each error what it speaks of, and nothing where it speaks of no field', async () => {
    const { scheduled } = await startStack();
    const campaignName = 'No_Such_Campaign';
    const { results } = await scheduled({ campaignName, duplicates: 'SKIP', records });
    expect(results).toMatchObject([
      { __typename: 'CampaignNotFoundError', field: null, problems: [] },
      { field: 'phoneNumber', problems: [{ field: 'phoneNumber', reason: 'MISSING' }] },
      { field: 'phoneNumber', problems: [{ field: 'phoneNumber', reason: 'DUPLICATE_RECORD' }] },
      { __typename: 'CampaignNotFoundError' },
    ]);
  });
});

describe('chunks', () => {
  it.each([
    [1, 1],
    [100, 1],
    [101, 2],
    [1000, 10],
  ])('%i records make %i requests of at most 100', async (count, requests) => {
    const { scheduled, sandbox } = await startStack();
    const payload = await scheduled({ records: leads(count) });
    expect(counts(payload)).toEqual({ ScheduledRecord: count });
    expect(sandbox.requests).toHaveLength(requests);
    expect(Math.max(...sandbox.requests.map(({ rows }) => rows))).toBeLessThanOrEqual(100);
    expect(new Set(ledgerNumbers(sandbox)).size).toBe(count);
  });

  it('share a map of the headers that any of their rows uses', async () => {
    const { scheduled, sandbox } = await startStack();
    await scheduled({ records: [lead(0), lead(1, { name: 'Asha' }), lead(2, { priority: 5 })] });
    expect(sandbox.requests.map(({ map }) => map)).toEqual([
      ['PhoneNumber', 'ScheduledTime', 'Name', 'Priority'],
    ]);
  });

  it('go out over few connections, which are kept', async () => {
    const { scheduled, sandbox } = await startStack({ env: { DIALER_CONCURRENCY: '3' } });
    await scheduled({ records: leads(2000) });
    expect(sandbox.requests).toHaveLength(20);
    // One for each request if they were not kept; three more each time that the machine stands still.
    expect(new Set(sandbox.requests.map(({ remotePort }) => remotePort)).size).toBeLessThanOrEqual(10);
  });

  it('that were not sent yet are not sent once the account or campaign is refused, and every record says so', async () => {
    const { scheduled, sandbox } = await startStack({ env: { DIALER_CONCURRENCY: '2' } });
    const payload = await scheduled({ campaignName: 'No_Such_Campaign', records: leads(1000) });
    expect(counts(payload)).toEqual({ CampaignNotFoundError: 1000 });
    expect(payload.status).toBe('NOT_SCHEDULED');
    expect(sandbox.requests.filter(({ kind }) => kind === 'schedule').length).toBeLessThanOrEqual(2);
  });

  it('that were not sent yet are not sent once the caller has gone', async () => {
    const { url, scheduled, sandbox } = await startStack({ env: { DIALER_CONCURRENCY: '1' } });
    sandbox.script({ fault: 'latency', latencyMs: 50, times: Infinity });
    const input = { campaignName: 'Sales_Demo', records: leads(2000) };
    const caller = new AbortController();
    const answer = sendTo(url, ScheduleDocument, { input }, caller.signal);
    await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBeGreaterThan(0);
    caller.abort();
    await expect(answer).rejects.toThrow();
    await scheduled({ records: [lead(5000)] });
    expect(sandbox.requests.length).toBeLessThan(10);
  });

  it('with one bad row cost that row alone', async () => {
    const { scheduled, sandbox } = await startStack();
    const records = leads(100);
    records[37] = lead(37, { name: 'POISON' });
    const payload = await scheduled({ records });
    expect(counts(payload)).toEqual({ ScheduledRecord: 99, InvalidDateFormatError: 1 });
    expect(payload.results[37]).toMatchObject({
      __typename: 'InvalidDateFormatError',
      value: '2026-11-26 10:00:00',
    });
    expect(new Set(ledgerNumbers(sandbox)).size).toBe(99);
    expect(sandbox.ledger).toHaveLength(99);
    expect(sandbox.requests.length).toBeLessThanOrEqual(16);
  });
});
