// The dialer's list, by page: what each record tells, filters, cursors, whose records are seen, how often the dialer is asked, and lists
// that cannot be had.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import type { ScriptedFault } from '../../src/sandbox/sandbox.ts';
import { post, startWith } from '../credentials.ts';
import { type CampaignRecordFilter, CampaignRecordsDocument } from '../gql/graphql.ts';
import { lead, leads, type Stack, type StackOptions, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';
import { list, listed, listing, listings, nodes } from './listing.ts';

async function startListing(rows: readonly object[], options: StackOptions = {}): Promise<Stack> {
  const stack = await startStack(options);
  stack.sandbox.script(listing(rows));
  return stack;
}

describe('a record of the list', () => {
  it.each(['basic', 'token'])('tells what was scheduled, and no secret (%s)', async (DIALER_AUTH) => {
    const stack = await startStack({ env: { DIALER_AUTH } });
    const fields = { name: 'Asha Rao', priority: 5, customFields: [{ header: 'City', value: 'Pune' }] };
    await stack.scheduled({ records: [lead(1, fields), lead(2, { phoneNumber: '+44 20 7946 0958' })] });
    const page = await list(stack);
    expect(page).toMatchObject({ totalCount: 2, error: null, pageInfo: { hasNextPage: false } });
    expect(nodes(page)).toMatchObject([
      {
        id: '1',
        campaignName: 'Sales_Demo',
        phoneNumber: '+919810000001',
        scheduledTime: '2026-11-26T04:30:00.000Z',
        dialerTime: '2026-11-26 10:00:00',
        createdTime: '2026-11-25T04:30:00.000Z',
        handoff: { status: 'PENDING', rejection: null, dialerMessage: null, time: null },
      },
      { id: '2', phoneNumber: '+442079460958' },
    ]);
    expect(nodes(page)[0]?.headers).toEqual([
      { header: 'Name', value: 'Asha Rao' },
      { header: 'Priority', value: '5' },
      { header: 'City', value: 'Pune' },
    ]);
    expect(JSON.stringify(page)).not.toContain('sandbox-key');
  });

  it('tells what its campaign made of it at its time', async () => {
    const words = (status: string, message: string) => JSON.stringify({ status, message });
    const cases: [response: string, handoff: object][] = [
      ['Successfully Updated, Progressive was started', { status: 'ADDED', rejection: null }],
      [words('SUCCESS', 'SuccessFully Updated, Progressive was started'), { status: 'ADDED' }],
      [
        words('FAIL', 'PhoneNumber Added is a DND Number'),
        { status: 'REJECTED', rejection: 'DO_NOT_DISTURB' },
      ],
      [words('SUCCESS', 'Number Already Exist'), { status: 'REJECTED', rejection: 'DUPLICATE' }],
      ['Phone Number is Empty!', { status: 'REJECTED', rejection: 'EMPTY_NUMBER' }],
      ['No User Found', { status: 'REJECTED', rejection: 'ACCOUNT_NOT_FOUND' }],
      [words('FAIL', 'Feed of 9810000001 for sandbox-key'), { status: 'REJECTED', rejection: null }],
      ['Feed stopped', { status: 'UNKNOWN', dialerMessage: 'Feed stopped' }],
      ['', { status: 'UNKNOWN', dialerMessage: null }],
    ];
    const sent = { IsRequestSent: '1', RequestTime: '2026-11-26 10:00:01' };
    const rows = cases.map(([Response], n) => listed(n, { ...sent, Response }));
    const page = await list(await startListing(rows));
    expect(nodes(page)).toMatchObject(
      cases.map(([, handoff]) => ({ handoff: { time: '2026-11-26T04:30:01.000Z', ...handoff } })),
    );
    expect(nodes(page)[6]?.handoff.dialerMessage).toBe('Feed of ***01 for ***');
  });

  it('is told as the dialer has it, where that is odd', async () => {
    const rows = [
      listed(1, { ScheduleTime: 'soon', CreatedDate: '' }, { PhoneNumber: '' }),
      listed(
        2,
        {},
        { PhoneNumber: '%2B442079460958', 'Odd Header': 'a&b=c', City: 'key sandbox-key', apiKey: 'x' },
      ),
      listed(3, { IsRequestSent: 'maybe' }, { PhoneNumber: 'unknown' }),
    ];
    const page = await list(await startListing(rows));
    expect(nodes(page)).toMatchObject([
      { id: '2', phoneNumber: '+442079460958', headers: [{ header: 'Odd Header', value: 'a&b=c' }] },
      { id: '3', phoneNumber: 'unknown', handoff: { status: 'UNKNOWN' } },
      { id: '1', phoneNumber: '', scheduledTime: null, dialerTime: 'soon', createdTime: null },
    ]);
  });

  it('has its values as they were meant, where they are encoded for the dialer', async () => {
    const stack = await startStack({ env: { DIALER_UNSAFE_CHARACTERS: 'encode' } });
    await stack.scheduled({ records: [lead(1, { name: 'A & B + 100% %41' })] });
    expect(nodes(await list(stack))[0]?.headers).toEqual([{ header: 'Name', value: 'A & B + 100% %41' }]);
  });

  it('has the instant of its campaign, where the campaign has a clock of its own', async () => {
    const campaigns = { Sales_Demo: {}, Berlin: { timeZone: 'Europe/Berlin' } };
    const rows = [listed(1, { ScheduleTime: '2026-11-26 08:00:00' }, { campaign_name: 'Berlin' }), listed(2)];
    const page = await list(await startListing(rows, { campaigns }));
    expect(nodes(page)).toMatchObject([
      { id: '2', scheduledTime: '2026-11-26T04:30:00.000Z' },
      { id: '1', scheduledTime: '2026-11-26T07:00:00.000Z', dialerTime: '2026-11-26 08:00:00' },
    ]);
  });
});

describe('pages', () => {
  it('hold every record once, in order, and pass over what has gone meanwhile', async () => {
    const stack = await startStack();
    const minutes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(minutes, fc.integer({ min: 1, max: 7 }), fc.nat(5), async (times, first, gone) => {
        stack.sandbox.reset();
        const rows = times.map((minute, n) => listed(n + 1, { ScheduleTime: `2026-11-26 10:0${minute}:00` }));
        const inOrder = [...rows.keys()].sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
        const remaining = inOrder.slice(gone);
        stack.sandbox.script(listing(rows));
        // A list that was kept would be told again.
        await stack.schedule({ records: [lead(0)] });
        const ids: string[] = [];
        let after: string | null | undefined = null;
        for (let more = true; more; ) {
          const page = await list(stack, { first, after });
          expect(nodes(page).length).toBeLessThanOrEqual(first);
          ids.push(...nodes(page).map(({ id }) => id));
          after = page.pageInfo.endCursor;
          more = page.pageInfo.hasNextPage;
          expect(page.totalCount).toBe(rows.length);
        }
        expect(ids).toEqual(inOrder.map((n) => String(n + 1)));

        stack.sandbox.reset();
        stack.sandbox.script(listing(rows.filter((_, n) => remaining.includes(n))));
        const [firstGone] = (await list(stack, { first: 1 })).edges ?? [];
        await stack.schedule({ records: [lead(0)] });
        const behind = await list(stack, { first: 100, after: firstGone?.cursor ?? null });
        expect(nodes(behind).map(({ id }) => id)).toEqual(
          (gone > 0 ? remaining : remaining.slice(1)).map((n) => String(n + 1)),
        );
      }),
      { numRuns: runs(5) },
    );
  });

  it('hold what passes the filter', async () => {
    const sent = { IsRequestSent: '1', Response: 'Successfully Updated, Progressive was started' };
    const rows = [
      listed(1, {}, { PhoneNumber: '2079460958' }),
      listed(2, { ScheduleTime: '2026-11-26 11:00:00' }, { PhoneNumber: '%2B442079460958' }),
      listed(3, { ScheduleTime: '2026-11-26 12:00:00' }, { PhoneNumber: '919810000001' }),
      listed(4, { ScheduleTime: '2026-11-26 13:00:00', ...sent }, { campaign_name: 'Agents_Demo' }),
      listed(5, { ScheduleTime: 'soon' }, { PhoneNumber: '09810000001' }),
    ];
    const stack = await startListing(rows);
    const ids = async (filter: CampaignRecordFilter) =>
      nodes(await list(stack, { filter })).map(({ id }) => id);
    expect(await ids({ campaignName: 'Agents_Demo' })).toEqual(['4']);
    expect(await ids({ campaignName: 'No_Such' })).toEqual([]);
    // The end of another number is no number.
    expect(await ids({ phoneNumber: '+44 20 7946 0958' })).toEqual(['2']);
    expect(await ids({ phoneNumber: '098100 00001' })).toEqual(['3', '4', '5']);
    expect(await ids({ scheduledFrom: '2026-11-26T11:00:00+05:30' })).toEqual(['2', '3', '4']);
    expect(await ids({ scheduledFrom: '2026-11-26 11:00', scheduledBefore: '2026-11-26 13:00' })).toEqual([
      '2',
      '3',
    ]);
    expect(await ids({ handoff: 'ADDED' })).toEqual(['4']);
    expect(await ids({ handoff: 'PENDING', phoneNumber: '9810000001' })).toEqual(['3', '5']);
    expect(listings(stack)).toHaveLength(1);
  });

  it('that are asked for wrongly say what is wrong, and ask the dialer nothing', async () => {
    const stack = await startStack();
    const filter = { phoneNumber: '12', scheduledFrom: 'soon', scheduledBefore: '2026-02-31 10:00' };
    for (const first of [0, 101, -1]) {
      const { edges, error } = await list(stack, { first, after: 'no cursor', filter });
      expect(edges).toBeNull();
      expect(error).toMatchObject({ __typename: 'InvalidInputError' });
      const issues = error?.__typename === 'InvalidInputError' ? error.issues : [];
      expect(issues.map(({ path }) => path.join('.'))).toEqual([
        'first',
        'after',
        'filter.phoneNumber',
        'filter.scheduledFrom',
        'filter.scheduledBefore',
      ]);
    }
    expect(listings(stack)).toEqual([]);
  });
});

describe('whose records are seen', () => {
  it('are those of the campaigns that the credential may use, by those who may read', async () => {
    const key = 'dg_reader';
    const other = 'dg_scheduler';
    const keys = [
      { name: 'reader', hash: hashOf(key), scopes: ['read'], campaigns: ['Agents_Demo'] },
      { name: 'scheduler', hash: hashOf(other), scopes: ['schedule'] },
    ];
    const stack = await startWith({ keys });
    stack.sandbox.script(listing([listed(1), listed(2, {}, { campaign_name: 'Agents_Demo' })]));
    const ask = (filter: object) => ({ query: CampaignRecordsDocument.toString(), variables: { filter } });
    const { body } = await post(stack.url, `Bearer ${key}`, ask({}));
    expect(body.data?.campaignRecords).toMatchObject({ totalCount: 1, edges: [{ node: { id: '2' } }] });
    const hidden = await post(stack.url, `Bearer ${key}`, ask({ campaignName: 'Sales_Demo' }));
    expect(hidden.body.data?.campaignRecords).toMatchObject({ totalCount: 0, edges: [], error: null });
    const refused = await post(stack.url, `Bearer ${other}`, ask({}));
    expect(refused.body.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('the dialer is asked', () => {
  it('once a request, however many fields ask, and once for those that come at a time', async () => {
    const stack = await startStack();
    await stack.scheduled({ records: leads(3) });
    stack.sandbox.script({ fault: 'latency', latencyMs: 200, on: 'scheduledData' });
    const query = `{ ${Array.from({ length: 20 }, (_, n) => `a${n}: campaignRecords(first: ${n + 1}) { totalCount }`).join(' ')} }`;
    const ask = async () =>
      (await (
        await fetch(stack.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        })
      ).json()) as { data: Record<string, unknown> };
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    for (const { data } of answers)
      expect(new Set(Object.values(data).map((v) => JSON.stringify(v)))).toEqual(
        new Set(['{"totalCount":3}']),
      );
    expect(listings(stack)).toHaveLength(1);
  });

  it('again where something was scheduled since, and else not for some seconds', async () => {
    const stack = await startStack();
    for (const count of [1, 2, 3]) {
      await stack.scheduled({ records: [lead(count)] });
      for (let n = 0; n < 3; n++) expect((await list(stack)).totalCount).toBe(count);
      expect(listings(stack)).toHaveLength(count);
    }
    stack.sandbox.reset();
    await expect.poll(async () => (await list(stack)).totalCount).toBe(0);
  });

  it('with a line in the log for each time, which names the request', async () => {
    const stack = await startStack();
    await list(stack);
    const lines = stack.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    const request = lines.find(({ msg }) => msg === 'request');
    expect(lines.find(({ msg }) => msg === 'dialer request')).toMatchObject({
      purpose: 'list',
      result: 'answered',
      requestId: request?.requestId,
    });
  });
});

describe('a list that cannot be had', () => {
  it.each<[ScriptedFault['fault'], RegExp]>([
    ['status-500-before', /HTTP 500/],
    ['status-429', /fewer requests/],
    ['html-200-before', /not JSON/],
    ['truncated-json-before', /cut off|not JSON/],
    ['message-null-string-before', /wrong key or user name/],
    ['reset-before', /connection was lost/],
    ['garbage-before', /HTTP\/1\.1 protocol/],
  ])('for %s is an error, and never a part of it', async (fault, message) => {
    const stack = await startStack();
    await stack.scheduled({ records: leads(3) });
    stack.sandbox.script({ fault, on: 'scheduledData' });
    const { edges, totalCount, error } = await list(stack);
    expect({ edges, totalCount }).toEqual({ edges: null, totalCount: null });
    expect(error).toMatchObject({ __typename: 'RecordListUnavailableError' });
    expect(error?.message).toMatch(message);
    expect((await list(stack)).totalCount).toBe(3);
  });

  it('since v1 cannot list is told as such', async () => {
    const stack = await startStack({ env: { DIALER_AUTH: 'v1' } });
    expect((await list(stack)).error).toMatchObject({ __typename: 'RecordsNotSupportedError' });
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('since it has more than 100,000 rows is told as such', async () => {
    const stack = await startStack({ env: { DIALER_TIMEOUT_MS: '120000' } });
    stack.sandbox.fill(100_000);
    const page = await list(stack, { first: 1, filter: { phoneNumber: '9100099999' } });
    expect(page).toMatchObject({ totalCount: 1, edges: [{ node: { id: '100000' } }] });
    await stack.scheduled({ records: [lead(1)] });
    expect((await list(stack)).error).toMatchObject({
      __typename: 'RecordListTooLongError',
      maxRecords: 100_000,
    });
  });
});
