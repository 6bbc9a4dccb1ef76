// Every fault the sandbox knows, met by the real client over a real socket, and what the records are told held against
// the ledger: scheduled means it is there, retryable and refused mean it is not, and only what cannot be told is unknown.

import { describe, expect, it } from 'vitest';
import { type FaultName, faults } from '../src/sandbox/sandbox.ts';
import { kinds, leads, type Payload, type Stack, startStack } from './harness.ts';

const names = Object.keys(faults) as FaultName[];
/** These answer well, if slowly or oddly: the client must read them. */
const readable = new Set<FaultName>([
  'latency',
  'slow-head',
  'slow-body',
  'wrong-content-type',
  'bom-json',
  'padded-json',
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
  'message-single-object',
  'status-uppercase',
  'status-absent',
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

describe.each(['v1', 'basic', 'token'])('with DIALER_AUTH=%s', (dialect) => {
  it.each(names)('%s: every record is told the truth, and the next request is served', async (fault) => {
    const slow = fault === 'latency' || fault.startsWith('slow-') || fault.startsWith('stale-');
    const DIALER_TIMEOUT_MS = readable.has(fault) ? '10000' : '250';
    const stack = await startStack({ env: { DIALER_AUTH: dialect, DIALER_TIMEOUT_MS } });
    stack.sandbox.script({ fault, ...(slow && { latencyMs: 20 }), status: 200, body: '{}' });
    const { results } = await stack.scheduled({ records: leads(4) });
    expectTruth(stack, results);
    if (readable.has(fault) && fault !== 'message-single-object')
      expect(results.map(({ __typename }) => __typename)).toEqual(Array(4).fill('ScheduledRecord'));

    stack.sandbox.reset();
    const after = await stack.scheduled({ records: leads(4) });
    expect(kinds(after)).toEqual(Array(4).fill('ScheduledRecord'));
  });
});
