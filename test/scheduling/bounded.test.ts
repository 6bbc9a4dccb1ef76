// What the process takes at most, and how it ends: too much is refused before any work, and a shutdown finishes what was
// sent and refuses what was not.

import { describe, expect, it } from 'vitest';
import { ScheduleDocument } from '../gql/graphql.ts';
import { counts, lead, leads, sendTo, startStack } from '../harness.ts';

describe('more records than the process takes', () => {
  const env = { MAX_RECORDS_PER_MUTATION: '250', MAX_RECORDS_IN_FLIGHT: '300', DIALER_CONCURRENCY: '1' };

  it('are refused at once, with when to come back, and nothing of them is sent', async () => {
    const { schedule, scheduled, sandbox } = await startStack({ env });
    sandbox.script({ fault: 'latency', latencyMs: 300 });
    const running = scheduled({ records: leads(250) });
    await expect.poll(() => sandbox.requests.length).toBe(1);
    expect(await schedule({ records: leads(51), idempotencyKey: 'k' })).toEqual({
      __typename: 'OverloadedError',
      message: expect.stringMatching(/^Nothing was sent: .* again in 5 s\.$/),
      retryAfterSeconds: 5,
    });
    expect(sandbox.requests).toHaveLength(1);
    // What still fits is taken.
    expect(counts(await scheduled({ records: [lead(900)] }))).toEqual({ ScheduledRecord: 1 });
    expect(counts(await running)).toEqual({ ScheduledRecord: 250 });
    // The key was not used up by the refusal.
    expect(counts(await scheduled({ records: leads(51), idempotencyKey: 'k' }))).toEqual({
      ScheduledRecord: 51,
    });
  });

  it('are forgotten when their callers leave, or their requests fail', async () => {
    const { url, scheduled, sandbox } = await startStack({ env });
    sandbox.script({ fault: 'latency', latencyMs: 50, times: 5 });
    for (let n = 0; n < 5; n++) {
      const input = { campaignName: 'Sales_Demo', records: leads(250) };
      await sendTo(url, ScheduleDocument, { input }, AbortSignal.timeout(20)).catch(() => {});
    }
    await expect
      .poll(() => scheduled({ records: leads(250) }).then(counts, () => null))
      .toEqual({ ScheduledRecord: 250 });
  });
});

describe('a shutdown', () => {
  it('finishes what was sent, and refuses what was not', async () => {
    const { scheduled, sandbox, shutDown } = await startStack({ env: { DIALER_CONCURRENCY: '2' } });
    sandbox.script({ fault: 'latency', latencyMs: 150, times: 2 });
    const running = scheduled({ records: leads(1000) });
    await expect.poll(() => sandbox.requests.length).toBe(2);
    await shutDown();
    const payload = await running;
    expect(counts(payload)).toEqual({ ScheduledRecord: 200, DialerUnavailableError: 800 });
    expect(payload.results[999]).toMatchObject({
      retryable: true,
      message: 'Not accepted: the service is shutting down. Send this record again later.',
    });
    expect(sandbox.ledger).toHaveLength(200);
  });

  it('answers those who come after it began, and sends nothing', async () => {
    const { scheduled, sandbox, shutDown } = await startStack();
    await shutDown();
    expect(counts(await scheduled({ records: leads(3) }))).toEqual({ DialerUnavailableError: 3 });
    expect(sandbox.requests).toEqual([]);
  });

  it('waits for an answer that is on its way, look-ups included', async () => {
    const { scheduled, sandbox, shutDown } = await startStack({
      running: true,
      env: { DIALER_RECONCILE: 'on', DIALER_TIMEOUT_MS: '200' },
    });
    sandbox.script({ fault: 'hang-after' });
    const running = scheduled({ records: leads(2) });
    await expect.poll(() => sandbox.ledger.length).toBe(2);
    await shutDown();
    expect(counts(await running)).toEqual({ ScheduledRecord: 2 });
  });
});
