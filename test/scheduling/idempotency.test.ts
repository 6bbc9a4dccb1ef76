// The same idempotency key: the first answer again, and nothing sent, whoever asks, whenever, and whatever happened in
// between; on both stores.

import { randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createDatabase } from '../../src/store/database/database.ts';
import type { Store } from '../../src/store/store.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import {
  counts,
  createTestStore,
  kinds,
  lead,
  leads,
  ledgerNumbers,
  type StackOptions,
  sendTo,
  startStack,
} from '../harness.ts';
import { createTestDatabase } from '../postgres.ts';
import { runs } from '../property-runs.ts';

const hourMs = 3_600_000;
/** As keyboards for wide characters write it. */
const wide = (text: string | null | undefined) =>
  (text ?? '')
    .replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
    .replace(/ /g, '\u3000');
const mixed = [lead(0), lead(1, { phoneNumber: 'none' }), lead(0), lead(2, { name: 'POISON' })];

describe.each(['embedded', 'server'])('with the %s store', (kind) => {
  const [dataDir, otherDir] = [1, 2].map(() => join(tmpdir(), `dialgraph-${randomUUID()}`)) as [
    string,
    string,
  ];
  let databaseUrl: string | undefined;
  let store: Store;
  /** Whose keys are kept for a millisecond; in a place of its own, where it is embedded. */
  let shortLived: Store;
  const open = () => createTestStore({ databaseUrl, dataDir, onFinished: afterAll });
  const start = (options: StackOptions = {}) => startStack({ store, ...options });

  beforeAll(async () => {
    if (kind === 'server') databaseUrl = await createTestDatabase();
    else for (const place of [dataDir, otherDir]) cpSync(inject('dataDir'), place, { recursive: true });
    store = open();
    shortLived = createTestStore({ databaseUrl, dataDir: otherDir, keyTtlMs: 1, onFinished: afterAll });
  });
  afterAll(() => Promise.all([store.close(), shortLived.close()]));

  it('gives the first answer again, and sends nothing', async () => {
    const { scheduled, sandbox } = await start();
    const request = { idempotencyKey: randomUUID(), records: mixed, duplicates: 'SKIP' as const };
    const first = await scheduled(request);
    expect(kinds(first)).toEqual([
      'ScheduledRecord',
      'InvalidPhoneNumberError',
      'DuplicateRecordError',
      'InvalidDateFormatError',
    ]);
    const requests = sandbox.requests.length;
    for (let n = 0; n < 3; n++) expect(await scheduled(request)).toEqual(first);
    expect(sandbox.requests).toHaveLength(requests);
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('gives the first answer of a long list again, each record its own', async () => {
    const { scheduled, sandbox } = await start();
    const records = leads(1030).map((record, n) =>
      n > 1000 && n % 7 === 5 ? { ...record, name: 'POISON' } : record,
    );
    sandbox.script({ fault: 'entries-missing-one' }, { fault: 'partial-error' });
    const first = await scheduled({ idempotencyKey: 'long', records });
    expect(Object.keys(counts(first)).length).toBeGreaterThan(3);
    expect(await scheduled({ idempotencyKey: 'long', records })).toEqual(first);
  });

  it('answers as without a key, though each chunk is written down before it goes', async () => {
    const [plain, keyed] = [await start(), await start()];
    const kinds = [{}, { phoneNumber: 'none' }, { scheduledTime: '' }, { name: 'POISON' }];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(150), fc.constantFrom(...kinds)), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 350 }),
        fc.constantFrom('ALLOW' as const, 'SKIP' as const),
        fc.constantFrom('REJECT_FAILED_RECORDS' as const, 'REJECT_EVERYTHING' as const),
        async (changes, size, duplicates, errorPolicy) => {
          for (const { sandbox } of [plain, keyed]) sandbox.reset();
          const records = leads(size).map((record, n) => {
            const [to, change] = changes.find(([at]) => n % 151 === at) ?? [0, undefined];
            return change === undefined ? record : { ...record, ...lead(to), ...change };
          });
          const request = { records, duplicates, errorPolicy };
          const told = await keyed.scheduled({ ...request, idempotencyKey: randomUUID() });
          expect(told).toEqual(await plain.scheduled(request));
          expect(ledgerNumbers(keyed.sandbox).sort()).toEqual(ledgerNumbers(plain.sandbox).sort());
        },
      ),
      { numRuns: runs(6) },
    );
  });

  it('lets the second wait while the first still runs', async () => {
    const { scheduled, sandbox } = await start();
    sandbox.script({ fault: 'latency', latencyMs: 200 });
    const request = { idempotencyKey: randomUUID(), records: leads(3) };
    const answers = await Promise.all(Array.from({ length: 10 }, () => scheduled(request)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(sandbox.requests).toHaveLength(1);
    expect(sandbox.ledger).toHaveLength(3);
  });

  it.each([
    ['another number', { records: [lead(1)] }],
    ['another reference', { records: [lead(0, { reference: 'x' })] }],
    ['one record more', { records: leads(2) }],
    ['another campaign', { campaignName: 'Skills_Demo' }],
    ['another duplicate policy', { duplicates: 'SKIP' as const }],
    ['another zone', { timeZone: 'Europe/Berlin' }],
  ])('answers a conflict to %s, and sends nothing', async (_, change) => {
    const { schedule, sandbox } = await start();
    const request = { idempotencyKey: randomUUID(), records: leads(1) };
    await schedule(request);
    expect(await schedule({ ...request, ...change })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      message: expect.stringContaining('Nothing was sent'),
    });
    sandbox.script({ fault: 'latency', latencyMs: 50 });
    const other = { ...request, idempotencyKey: randomUUID() };
    const both = await Promise.all([schedule(other), schedule({ ...other, ...change })]);
    expect(both.map(({ __typename }) => __typename)).toEqual([
      'ScheduleCampaignDataPayload',
      'IdempotencyConflictError',
    ]);
    expect(sandbox.ledger).toHaveLength(2);
  });

  it('takes null for what is not given, and the same number written otherwise for another input', async () => {
    const { schedule, scheduled } = await start();
    const request = { idempotencyKey: randomUUID(), records: [lead(0)] };
    const first = await scheduled(request);
    expect(await scheduled({ ...request, timeZone: null, records: [lead(0, { name: null })] })).toEqual(
      first,
    );
    expect(
      (await schedule({ ...request, records: [lead(0, { phoneNumber: '098 10000000' })] })).__typename,
    ).toBe('IdempotencyConflictError');
  });

  it('is not touched by validateOnly', async () => {
    const { scheduled, sandbox } = await start();
    const request = { idempotencyKey: randomUUID(), records: leads(2) };
    expect((await scheduled({ ...request, validateOnly: true })).status).toBe('VALIDATED');
    expect((await scheduled(request)).status).toBe('SCHEDULED');
    expect((await scheduled({ ...request, validateOnly: true })).status).toBe('VALIDATED');
    expect(sandbox.ledger).toHaveLength(2);
  });

  it('keeps a key for its time by the clock of the database, and no longer', async () => {
    const { scheduled, sandbox, clock } = await start({ store: shortLived });
    const request = () => ({
      idempotencyKey: 'again and again',
      records: [lead(0, { scheduledTime: '2026-12-01 10:00:00' })],
    });
    await scheduled(request());
    await scheduled(request());
    expect(sandbox.ledger).toHaveLength(2);
    // A replica whose own clock is days ahead takes no key for over.
    const { scheduled: other, clock: ahead, ...stack } = await start();
    const key = randomUUID();
    await other({ ...request(), idempotencyKey: key });
    ahead.now += 3 * 24 * hourMs;
    expect(kinds(await other({ ...request(), idempotencyKey: key }))).toEqual(['ScheduledRecord']);
    expect(stack.sandbox.ledger).toHaveLength(1);
    expect(clock.now).toBeLessThan(ahead.now);
  });

  it('does not begin a request anew whose key expires while it runs', async () => {
    const { scheduled, sandbox } = await start({ store: shortLived, env: { DIALER_CONCURRENCY: '1' } });
    sandbox.script({ fault: 'latency', latencyMs: 150, times: 3 });
    const running = scheduled({ idempotencyKey: randomUUID(), records: leads(300) });
    await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBe(1);
    await scheduled({ idempotencyKey: randomUUID(), records: [lead(900)] });
    const payload = await running;
    expect(counts(payload)).toEqual({ ScheduledRecord: 300 });
    expect(sandbox.ledger).toHaveLength(301);
  });

  it('gives the first answer again to records that are refused here, though time has passed', async () => {
    const { scheduled, clock: stackClock } = await start();
    const records = [lead(0), lead(1, { scheduledTime: '2026-11-20 10:00:00' })];
    const request = { idempotencyKey: randomUUID(), records };
    const first = await scheduled(request);
    stackClock.now += hourMs;
    expect(await scheduled(request)).toEqual(first);
  });

  it('is not broken by what the dialer says', async () => {
    const { scheduled, sandbox } = await start({ env: { DIALER_AUTH: 'v1' } });
    const text = `refused \u0000 \ud83d ${'🌸'.repeat(200)}`;
    sandbox.script({ fault: 'partial-error', text });
    const request = { idempotencyKey: randomUUID(), records: leads(2) };
    const first = await scheduled(request);
    expect(kinds(first)).toEqual(['ScheduledRecord', 'DialerRejectionError']);
    expect(await scheduled(request)).toEqual(first);
  });

  it('sends again what was certainly not accepted, and tells what was refused again', async () => {
    const { scheduled, sandbox } = await start({ running: true });
    const request = {
      idempotencyKey: randomUUID(),
      records: [lead(0), lead(1), lead(2, { name: 'POISON' })],
    };
    sandbox.script({ fault: 'max-limit', times: Infinity });
    expect(counts(await scheduled(request))).toEqual({ DialerThrottledError: 3 });
    expect(counts(await scheduled(request))).toEqual({ DialerThrottledError: 3 });
    sandbox.reset();
    const settled = await scheduled(request);
    expect(counts(settled)).toEqual({ ScheduledRecord: 2, InvalidDateFormatError: 1 });
    sandbox.reset();
    expect(await scheduled(request)).toEqual(settled);
    expect(sandbox.requests).toEqual([]);
  });

  it('sends nothing again whose time has passed meanwhile, and says so from then on', async () => {
    const { scheduled, sandbox, clock } = await start();
    const records = [lead(0, { scheduledTime: '2026-11-25 10:30:00' }), lead(1)];
    const request = { idempotencyKey: randomUUID(), records };
    sandbox.script({ fault: 'status-404', times: 1 });
    expect(counts(await scheduled(request))).toEqual({ DialerUnavailableError: 2 });
    clock.now += hourMs;
    const late = await scheduled(request);
    expect(kinds(late)).toEqual(['ScheduledTimeOutOfRangeError', 'ScheduledRecord']);
    expect(late.results[0]).toMatchObject({ retryable: false });
    expect(ledgerNumbers(sandbox)).toEqual([lead(1).phoneNumber]);
    clock.now -= hourMs;
    expect(await scheduled(request)).toEqual(late);
  });

  it('takes the same request written otherwise for the same', async () => {
    const { scheduled, sandbox } = await start();
    const idempotencyKey = randomUUID();
    const first = await scheduled({ idempotencyKey, records: [lead(0)] });
    const others = [
      { name: '', customFields: [] },
      { agentId: null, skill: '  ' },
      { phoneNumber: ` ${lead(0).phoneNumber} ` },
      { phoneNumber: wide(lead(0).phoneNumber), scheduledTime: wide(lead(0).scheduledTime) },
    ];
    for (const other of others)
      expect(await scheduled({ idempotencyKey: ` ${idempotencyKey} `, records: [lead(0, other)] })).toEqual(
        first,
      );
    expect(sandbox.ledger).toHaveLength(1);
    const another = randomUUID();
    for (const reference of [null, '', undefined]) {
      const records = [lead(1, { reference })];
      expect(kinds(await scheduled({ idempotencyKey: another, records }))).toEqual(['ScheduledRecord']);
    }
    expect(sandbox.ledger).toHaveLength(2);
  });

  it('sends the rest, and only that, where the first caller went away half-way', async () => {
    const { url, scheduled, sandbox } = await start({ env: { DIALER_CONCURRENCY: '2' } });
    sandbox.script({ fault: 'latency', latencyMs: 30, times: 12 });
    const input = { campaignName: 'Sales_Demo', records: leads(2000), idempotencyKey: randomUUID() };
    const caller = new AbortController();
    const answer = sendTo(url, ScheduleDocument, { input }, caller.signal);
    await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBeGreaterThan(4);
    caller.abort();
    await expect(answer).rejects.toThrow();
    expect(sandbox.requests.length).toBeLessThan(12);
    expect(counts(await scheduled(input))).toEqual({ ScheduledRecord: 2000 });
    expect(sandbox.ledger).toHaveLength(2000);
    expect(new Set(ledgerNumbers(sandbox)).size).toBe(2000);
    expect(sandbox.requests).toHaveLength(20);
  });

  it('goes on for a second caller where the first goes away', async () => {
    const { url, scheduled, sandbox } = await start({ env: { DIALER_CONCURRENCY: '1' } });
    sandbox.script({ fault: 'latency', latencyMs: 20, times: 5 });
    const input = { campaignName: 'Sales_Demo', records: leads(500), idempotencyKey: randomUUID() };
    const caller = new AbortController();
    const first = sendTo(url, ScheduleDocument, { input }, caller.signal);
    await expect.poll(() => sandbox.requests.length, { interval: 5 }).toBeGreaterThan(0);
    const second = scheduled(input);
    // The second is in when it has been answered for nothing else.
    await scheduled({ records: [lead(999, { phoneNumber: '' })] });
    caller.abort();
    await expect(first).rejects.toThrow();
    expect(counts(await second)).toEqual({ ScheduledRecord: 500 });
    expect(sandbox.requests).toHaveLength(5);
  });

  it('outlives a restart', async () => {
    const first = await start();
    const request = { idempotencyKey: randomUUID(), records: mixed };
    const answer = await first.scheduled(request);
    await first.shutDown();
    await store.close();
    store = open();
    const second = await start({ dialer: first.sandbox });
    const sent = first.sandbox.requests.length;
    expect(await second.scheduled(request)).toEqual(answer);
    expect(first.sandbox.requests).toHaveLength(sent);
  });

  it('answers a shutdown truthfully, and sends the rest after it', async () => {
    const first = await start({ env: { DIALER_CONCURRENCY: '1' } });
    first.sandbox.script({ fault: 'latency', latencyMs: 100, times: 2 });
    const request = { idempotencyKey: randomUUID(), records: leads(500) };
    const running = first.scheduled(request);
    await expect.poll(() => first.sandbox.ledger.length, { interval: 5 }).toBe(100);
    await first.shutDown();
    const answer = await running;
    expect(counts(answer)).toEqual({ ScheduledRecord: 100, DialerUnavailableError: 400 });
    expect(answer.results[499]?.message).toContain('shutting down');
    const second = await start({ dialer: first.sandbox });
    expect(counts(await second.scheduled(request))).toEqual({ ScheduledRecord: 500 });
    expect(first.sandbox.ledger).toHaveLength(500);
    expect(new Set(ledgerNumbers(first.sandbox)).size).toBe(500);
  });

  it('stores no number, no key and no token', async () => {
    const { scheduled, sandbox } = await start({ env: { DIALER_AUTH: 'token' } });
    const key = 'call +91 98765 43210 at ten';
    sandbox.script({ fault: 'error-echo-key' }, { fault: 'error-unknown-text' }, { fault: 'partial-error' });
    await scheduled({
      idempotencyKey: key,
      records: [...leads(120), lead(200, { phoneNumber: '9876543210x' })],
    });
    await store.close();
    const database = createDatabase({ url: databaseUrl, dataDir });
    const tables = ['workers', 'accounts', 'mutations', 'spans'];
    const rows = await Promise.all(
      tables.map((table) =>
        database.query<{ text: string }>(`SELECT t::text AS text FROM dialgraph.${table} t`),
      ),
    );
    await database.close();
    store = open();
    const stored = rows.flat().map(({ text }) => text);
    expect(stored.length).toBeGreaterThan(0);
    const tokenText = /sandbox-[0-9a-f]{8}-/;
    for (const text of stored) {
      expect(text).not.toContain('sandbox-key');
      expect(text).not.toMatch(tokenText);
      expect(text).not.toContain('43210');
      for (const number of ledgerNumbers(sandbox)) expect(text).not.toContain(number);
    }
  });
});

describe('without a key', () => {
  it('nothing is stored, and no store is opened', async () => {
    const dataDir = join(tmpdir(), `dialgraph-${randomUUID()}`);
    const store = createTestStore({ dataDir });
    const { scheduled } = await startStack({ store });
    await scheduled({ records: leads(300) });
    await store.close();
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('a key', () => {
  it.each([
    ['', 'at least one'],
    ['x'.repeat(256), '255'],
  ])('of a wrong length is an InvalidInputError', async (idempotencyKey, message) => {
    const { schedule } = await startStack();
    expect(await schedule({ records: leads(1), idempotencyKey })).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'idempotencyKey'], message: expect.stringContaining(message) }],
    });
  });
});
