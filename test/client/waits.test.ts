// How long @dialgraph/client waits, whatever a server asks for: never less than it would by itself, and never for hours.

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  fetchTransport,
  memoryStore,
  scheduleAll,
  type Transport,
  uploadImport,
  watchImport,
} from '../../client/src/index.ts';
import { leads } from '../harness.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

type Work = (transport: Transport, signal: AbortSignal) => Promise<unknown>;

const options = () => ({ campaignName: 'Sales_Demo', runId: randomUUID(), store: memoryStore() });
const list: Work = (transport, signal) => scheduleAll(leads(1), { ...options(), transport, signal });
const file: Work = (transport, signal) => uploadImport(new Blob(['x']), { ...options(), transport, signal });
const watch: Work = (transport, signal) => watchImport(transport, 'x', () => {}, { signal });

/** Has it work for a minute from its first request on. */
async function forAMinute(work: Work, transport: Transport, requests: () => number, ms = 60_000) {
  const stop = new AbortController();
  const ended = work(transport, stop.signal).catch((error: Error) => error.message);
  // What is digested before takes real time.
  while (requests() === 0) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(ms);
  stop.abort(new Error('enough'));
  expect(await ended).toBe('enough');
}

function expectBetween(requests: number, fewest: number, most: number): void {
  expect(requests).toBeGreaterThanOrEqual(fewest);
  expect(requests).toBeLessThanOrEqual(most);
}

const dateIn = (ms: number) => new Date(Date.now() + ms).toUTCString();

describe.each<[string, () => string | undefined, number, number]>([
  ['nothing', () => undefined, 6, 10],
  ['0', () => '0', 6, 10],
  ['-5', () => '-5', 6, 10],
  ['0.001', () => '0.001', 6, 10],
  ['NaN', () => 'NaN', 6, 10],
  ['1e400', () => '1e400', 6, 10],
  ['a date that is past', () => dateIn(-60_000), 6, 10],
  ['20', () => '20', 3, 4],
  ['a date in 20 s', () => dateIn(20_000), 3, 5],
  ['a month', () => '2592000', 1, 1],
  ['a date in a month', () => dateIn(2_592_000_000), 1, 1],
])('a server that is busy for a minute, and asks for %s', (_, retryAfter, fewest, most) => {
  it.each([
    ['a list', list],
    ['a file', file],
    ['an import that is watched', watch],
  ])('is asked seldom by %s', async (_name, work) => {
    let requests = 0;
    const fetch = async () => {
      requests++;
      const wait = retryAfter();
      const headers: Record<string, string> = wait === undefined ? {} : { 'retry-after': wait };
      // A proxy and the service itself.
      const errors = [{ message: 'Busy.', extensions: { code: 'OVERLOADED' } }];
      return new Response(requests % 2 ? JSON.stringify({ errors }) : '', { status: 503, headers });
    };
    await forAMinute(work, fetchTransport({ url: 'http://127.0.0.1/graphql', fetch }), () => requests);
    expectBetween(requests, fewest, most);
  });
});

it('a server that asks for a month is asked again after five minutes', async () => {
  let requests = 0;
  const fetch = async () => {
    requests++;
    return new Response('', { status: 503, headers: { 'retry-after': '2592000' } });
  };
  const transport = fetchTransport({ url: 'http://127.0.0.1/graphql', fetch });
  await forAMinute(list, transport, () => requests, 301_000);
  expect(requests).toBe(2);
});

describe.each([
  [0, 6, 10],
  [-1, 6, 10],
  [0.01, 6, 10],
  [Number.NaN, 6, 10],
  [20, 3, 4],
])('a wait of %d s that is asked for as data', (retryAfterSeconds, fewest, most) => {
  const throttled = {
    ...{ __typename: 'DialerThrottledError', index: 0, code: 'DIALER_THROTTLED', message: 'Later.' },
    ...{ retryable: true, retryAfterSeconds },
  };
  it.each([
    ['the whole', { __typename: 'OverloadedError', message: 'Busy.', retryAfterSeconds }],
    ['a record', { __typename: 'ScheduleCampaignDataPayload', results: [throttled] }],
  ])('has %s sent again seldom', async (_, answer) => {
    let requests = 0;
    await forAMinute(
      list,
      async ({ query }) => {
        if (query.includes('query Limits'))
          return { data: { limits: { maxRecordsPerMutation: 100, idempotencyKeyHours: 24 } } };
        requests++;
        return { data: { scheduleCampaignData: answer } };
      },
      () => requests,
    );
    expectBetween(requests, fewest, most);
  });
});

it('a record whose wait is longer than patience is not waited for', async () => {
  const throttled = { __typename: 'DialerThrottledError', index: 0, code: 'X', message: 'Later.' };
  const results = [{ ...throttled, retryable: true, retryAfterSeconds: 2_592_000 }];
  const transport: Transport = async ({ query }) =>
    query.includes('query Limits')
      ? { data: { limits: { maxRecordsPerMutation: 100, idempotencyKeyHours: 24 } } }
      : { data: { scheduleCampaignData: { __typename: 'ScheduleCampaignDataPayload', results } } };
  expect(await list(transport, new AbortController().signal)).toMatchObject({ results });
});

it.each([
  [0, 60, 61],
  [-1, 60, 61],
  [0.5, 60, 61],
  [5, 12, 13],
  [2_592_000, 1, 1],
])('an import that says to be asked again after %d s is asked so', async (pollAfterSeconds, fewest, most) => {
  let requests = 0;
  await forAMinute(
    watch,
    async () => {
      requests++;
      return { data: { import: { id: 'x', version: 1, state: 'CHECKING', pollAfterSeconds } } };
    },
    () => requests,
  );
  expectBetween(requests, fewest, most);
});
