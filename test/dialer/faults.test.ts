// Every fault the sandbox knows, met by the real client over a real socket, and what the records are told held against
// the ledger: scheduled means it is there, retryable and refused mean it is not, and only what cannot be told is unknown.
// Then the same idempotency key again: what was certainly not accepted is sent, and the rest is told as before.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWithinMs } from '../../src/dialer/transport/deadlines.ts';
import { type FaultName, faults } from '../../src/sandbox/sandbox.ts';
import type { Store } from '../../src/store/store.ts';
import {
  createTestStore,
  embeddedStore,
  kinds,
  leads,
  type Payload,
  type RecordResult,
  type Stack,
  startStack,
} from '../harness.ts';
import { createTestDatabase } from '../postgres.ts';

const names = Object.keys(faults) as FaultName[];
/** These answer well, if slowly or oddly: the client must read them. */
const readable = new Set<FaultName>([
  'latency',
  'slow-head',
  'slow-body',
  'wrong-content-type',
  'bom-json',
  'padded-json',
  'gzip-json',
  'deflate-json',
  'deflate-raw-json',
  'br-json',
  'gzip-br-json',
  'gzip-twice-named',
  'gzip-in-name-only',
  'warning-json',
  'warnings-json',
  'notice-success-json',
  'interim-response',
  'http-1.0',
  'connection-close',
  'stale-keep-alive',
  'stale-keep-alive-late',
  'stale-keep-alive-rst',
  'entries-shuffled',
  'entries-shuffled-no-index',
  'entries-no-index',
  'entries-index-number',
  'entries-one-based',
  'entries-duplicate-index',
  'entries-extra',
  'entries-no-phone',
  'entries-masked-phone',
  'entries-normalised-phone',
  'message-object',
  'status-uppercase',
  'status-absent',
]);
/** These refuse in words that must be heard: v1 has nobody else to ask. */
const heard = new Set<FaultName>([
  'gzip-error',
  'deflate-error',
  'deflate-raw-error',
  'br-error',
  'gzip-br-error',
  'warning-error',
]);
/** These end within the retries of one mutation. */
const passing = new Set<FaultName>([
  'status-429',
  'status-429-retry-after-seconds',
  'status-429-retry-after-date',
  'status-429-html',
  'status-408',
  'max-limit',
  'max-limit-success',
  'request-limit',
  'process-running',
]);

function expectTruth({ sandbox }: Stack, results: Payload['results']): void {
  const ledger = sandbox.ledger.map(({ phoneNumber }) => phoneNumber);
  expect(new Set(ledger).size).toBe(ledger.length);
  for (const [n, result] of results.entries()) {
    const held = ledger.includes(leads(n + 1)[n]?.phoneNumber ?? '');
    if (result.__typename === 'ScheduledRecord') expect(held).toBe(true);
    else if (result.__typename !== 'OutcomeUnknownError') expect(held).toBe(false);
  }
}

const isRetryable = (result: RecordResult) => 'retryable' in result && result.retryable;
const isOpen = ({ results }: Payload) => results.some(isRetryable);

// Each fault is met by both APIs, and by one of the two ways to sign in to v2, which differ in a header alone. The token is kept in the
// process with the embedded store, whose statements cost several times those of a server.
describe.each([
  ['v1', 'server', names],
  ['basic', 'server', names.filter((_, n) => n % 2 === 0)],
  ['token', 'embedded', names.filter((_, n) => n % 2 === 1)],
] as const)('with DIALER_AUTH=%s, and the %s store', (dialect, kind, some) => {
  let store: Store;
  beforeAll(async () => {
    store =
      kind === 'embedded'
        ? embeddedStore()
        : createTestStore({ databaseUrl: await createTestDatabase(), onFinished: afterAll });
  });
  afterAll(async () => {
    if (kind === 'server') await store.close();
  });

  it.concurrent.for(some)('%s: every record is told the truth, and told it again', async (fault, context) => {
    const { expect } = context;
    const slow = fault === 'latency' || fault.startsWith('slow-') || fault.startsWith('stale-');
    const stack = await startStack({
      running: true,
      store,
      onFinished: context.onTestFinished,
      env: {
        DIALER_AUTH: dialect,
        // Waited out where nothing is answered. Whatever is, is waited for, on a busy machine too.
        DIALER_TIMEOUT_MS: /^(hang|half-open|late-accept|slow-body-endless)/.test(fault) ? '2000' : '60000',
        DIALER_RECONCILE: 'on',
        DIALER_SETTLE_MS: '150',
      },
    });
    const { sandbox } = stack;
    sandbox.script({ fault, ...(slow && { latencyMs: 20 }), status: 200, body: '{}', retryAfter: 1 });
    const request = { records: leads(4), idempotencyKey: `${dialect} ${fault}` };
    const ask = async (input: Parameters<Stack['scheduled']>[0]) => {
      const startedAt = Date.now();
      const payload = await stack.scheduled(input);
      // On a busy machine a deadline of ours may come first. What is told then is true, and says less.
      return { payload, isInTime: Date.now() - startedAt < writeWithinMs };
    };
    const { payload: first, isInTime } = await ask(request);
    // What is told to be retryable was not sent: it came too late.
    const isSent = !first.results.every(isRetryable);
    if (faults[fault].accepts === 'later' && isSent) await expect.poll(() => sandbox.ledger.length).toBe(4);
    expectTruth(stack, first.results);

    const told = new Set(kinds(first));
    if (isInTime) {
      if (readable.has(fault) || passing.has(fault)) expect(told).toEqual(new Set(['ScheduledRecord']));
      if (heard.has(fault)) expect(told).not.toContain('OutcomeUnknownError');
      // What v1 cannot ask for, v2 finds, or finds not to be there.
      if (dialect === 'v1' && fault.endsWith('-before')) {
        const twin = fault.replace(/-before$/, '-after') as FaultName;
        if (twin in faults) expect(told).toEqual(new Set(['OutcomeUnknownError']));
      } else if (dialect !== 'v1') expect(told).not.toContain('OutcomeUnknownError');
    }

    const sent = () => sandbox.requests.filter(({ kind }) => kind === 'schedule').length;
    const before = sent();
    let again = await ask(request);
    if (isOpen(first)) {
      // What was too late to be written is told so, and sent the next time.
      while (isOpen(again.payload)) {
        expectTruth(stack, again.payload.results);
        expect(again.payload.results.filter(isRetryable).map(({ __typename }) => __typename)).toContain(
          'DialerUnavailableError',
        );
        again = await ask(request);
      }
    } else if (isInTime) expect(sent()).toBe(before);
    const { results } = again.payload;
    expectTruth(stack, results);
    for (const [n, result] of first.results.entries())
      if (!isRetryable(result)) expect(isInTime ? results[n] : result).toEqual(result);
      else if (again.isInTime) expect(results[n]?.__typename).toBe('ScheduledRecord');
    const after = sent();
    const replayed = await ask(request);
    if (again.isInTime && replayed.isInTime) expect(replayed.payload).toEqual(again.payload);
    expect(sent()).toBe(after);

    sandbox.reset();
    const anew = await ask({ records: leads(4) });
    if (anew.isInTime) expect(new Set(kinds(anew.payload))).toEqual(new Set(['ScheduledRecord']));
  });
});
