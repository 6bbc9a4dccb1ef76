// Rows whose answer was lost, looked up in the dialer's own list: found, found absent, or left unknown, and always true.

import { randomUUID } from 'node:crypto';
import { describe, it } from 'vitest';
import { writeWithinMs } from '../../src/dialer/transport/deadlines.ts';
import type { FaultName, ScriptedFault } from '../../src/sandbox/sandbox.ts';
import type { Store } from '../../src/store/store.ts';
import {
  counts,
  kinds,
  lead,
  leads,
  now,
  type Stack,
  type StackOptions,
  sharedStore,
  startStack,
  withKeys,
} from '../harness.ts';

interface Context {
  onTestFinished: NonNullable<StackOptions['onFinished']>;
}

function start({ onTestFinished }: Context, env: Record<string, string> = {}, store?: Store): Promise<Stack> {
  return startStack({
    running: true,
    onFinished: onTestFinished,
    ...(store && { store }),
    // A look-up ends when the lost request's time-out would have: on a busy machine too it has to come to its end.
    env: { DIALER_RECONCILE: 'on', DIALER_SETTLE_MS: '100', DIALER_TIMEOUT_MS: '60000', ...env },
  });
}

/** Waited out where nothing is answered. */
const hangingMs = 2500;
const hanging = { DIALER_TIMEOUT_MS: String(hangingMs) };

/** Whether the look-up of a request that hung had its time. A machine that took all of it for other things is told nothing. */
function createWatch(): () => boolean {
  const startedAt = Date.now();
  return () => Date.now() - startedAt < writeWithinMs + hangingMs;
}

const listings = ({ sandbox }: Stack) => sandbox.requests.filter(({ kind }) => kind === 'scheduledData');
const schedulings = ({ sandbox }: Stack) => sandbox.requests.filter(({ kind }) => kind === 'schedule');

describe.concurrent.each(['basic', 'token'])('with DIALER_AUTH=%s, a lost answer', (dialect) => {
  const env = { DIALER_AUTH: dialect };

  it.for(['reset-after', 'hang-after', 'status-503-after', 'html-200-after'] as const)(
    'of rows that were taken (%s) becomes scheduled',
    async (fault, context) => {
      const hangs = fault === 'hang-after';
      const stack = await start(context, { ...env, DIALER_SETTLE_MS: '120000', ...(hangs && hanging) });
      stack.sandbox.script({ fault });
      const hasTime = createWatch();
      const { results } = await stack.scheduled({ records: leads(3) });
      if (hangs && !hasTime()) return;
      context.expect(results).toMatchObject(
        leads(3).map(({ reference }) => ({
          __typename: 'ScheduledRecord',
          reference,
          dialerTime: '2026-11-26 10:00:00',
          message: 'Found in the dialer after its answer was lost',
        })),
      );
      context.expect(schedulings(stack)).toHaveLength(1);
    },
  );

  it('of rows that were not taken becomes not accepted, once they have had time to settle', async (context) => {
    const stack = await start(context, env);
    stack.sandbox.script({ fault: 'reset-before' });
    const { results } = await stack.scheduled({ records: leads(3) });
    for (const result of results)
      context.expect(result).toMatchObject({ __typename: 'DialerUnavailableError', retryable: true });
    context.expect(schedulings(stack)).toHaveLength(1);
  });

  it('of rows of which half were taken is told row by row', async (context) => {
    const stack = await start(context, env);
    stack.sandbox.script({ fault: 'partial-then-reset' });
    context
      .expect(kinds(await stack.scheduled({ records: leads(4) })))
      .toEqual([...Array(2).fill('ScheduledRecord'), ...Array(2).fill('DialerUnavailableError')]);
  });
});

describe.concurrent('a look-up', () => {
  it('finds rows in a list of thousands, which is read in turns', async (context) => {
    const stack = await start(context, { DIALER_SETTLE_MS: '120000' });
    await stack.scheduled({ records: leads(2500) });
    stack.sandbox.script({ fault: 'reset-after' });
    const lost = leads(2503).slice(2500);
    context.expect(kinds(await stack.scheduled({ records: lost }))).toEqual(Array(3).fill('ScheduledRecord'));
    context.expect(listings(stack)).toHaveLength(1);
    context.expect(stack.sandbox.ledger).toHaveLength(2503);
  });

  it('never says "not accepted" before the settling time is over', async (context) => {
    const stack = await start(context, { DIALER_SETTLE_MS: '120000' });
    const latencyMs = 3000;
    stack.sandbox.script({ fault: 'reset-then-accept', latencyMs });
    const startedAt = Date.now();
    const told = counts(await stack.scheduled({ records: leads(2) }));
    // A busy machine may look so late that the rows are there.
    const isEarly = Date.now() - startedAt < latencyMs;
    if (isEarly) context.expect(told).toEqual({ OutcomeUnknownError: 2 });
    else context.expect(told).not.toHaveProperty('DialerUnavailableError');
    await context.expect.poll(() => stack.sandbox.ledger.length).toBe(2);
  });

  it('waits for rows that are taken late', async (context) => {
    const stack = await start(context, { ...hanging, DIALER_SETTLE_MS: '1500' });
    stack.sandbox.script({ fault: 'late-accept', latencyMs: 600 });
    const hasTime = createWatch();
    const payload = await stack.scheduled({ records: leads(2) });
    if (hasTime()) context.expect(counts(payload)).toEqual({ ScheduledRecord: 2 });
  });

  it('sends what it could not tell of at first and is not there later, for those who ask with the same key', async (context) => {
    let skippedMs = 0;
    // The database's clock goes on as the stack's does.
    const later = withKeys(sharedStore(), (keys) => ({
      ...keys,
      async claim(request) {
        const found = await keys.claim(request);
        if (found.kind !== 'mine') return found;
        return { ...found, kept: { ...found.kept, databaseNow: found.kept.databaseNow + skippedMs } };
      },
    }));
    const stack = await start(context, { DIALER_SETTLE_MS: '120000' }, later);
    stack.sandbox.script({ fault: 'reset-before' });
    const absent = { idempotencyKey: randomUUID(), records: [lead(0)] };
    context.expect(kinds(await stack.scheduled(absent))).toEqual(['OutcomeUnknownError']);
    context.expect(schedulings(stack)).toHaveLength(1);
    skippedMs = 130_000;
    stack.clock.now += skippedMs;
    context.expect(kinds(await stack.scheduled(absent))).toEqual(['ScheduledRecord']);
    context.expect(stack.sandbox.ledger).toHaveLength(1);
  });

  it('finds later what it could not find at first, for those who ask with the same key', async (context) => {
    const stack = await start(context, { DIALER_SETTLE_MS: '120000' });
    const spoilt: ScriptedFault = { fault: 'html-200-before', on: 'scheduledData', times: 2 };
    stack.sandbox.script({ fault: 'reset-after' }, spoilt);
    const taken = { idempotencyKey: randomUUID(), records: [lead(0)] };
    context.expect(kinds(await stack.scheduled(taken))).toEqual(['OutcomeUnknownError']);
    context.expect(kinds(await stack.scheduled(taken))).toEqual(['ScheduledRecord']);
    context.expect(schedulings(stack)).toHaveLength(1);
  });

  it('is one request for all who wait, and at most one a second', async (context) => {
    const stack = await start(context, {
      DIALER_SETTLE_MS: '120000',
      DIALER_CONCURRENCY: '4',
    });
    stack.sandbox.script({ fault: 'html-200-after', times: 20 });
    const startedAt = Date.now();
    const payload = await stack.scheduled({ records: leads(2000) });
    context.expect(counts(payload)).toEqual({ ScheduledRecord: 2000 });
    const seconds = Math.ceil((Date.now() - startedAt) / 1000);
    context.expect(listings(stack).length).toBeLessThanOrEqual(Math.max(9, seconds + 1));
  });

  it.for([
    'status-500-before',
    'status-429',
    'html-200-before',
    'truncated-json-before',
    'message-null-string-before',
    'hang-before',
  ] as const satisfies FaultName[])(
    'whose list is spoilt by %s leaves it unknown',
    async (fault, context) => {
      const stack = await start(context, hanging);
      const spoilt: ScriptedFault = { fault, on: 'scheduledData', times: Infinity };
      stack.sandbox.script({ fault: 'reset-after' }, spoilt);
      const told = kinds(await stack.scheduled({ records: leads(1) }));
      context.expect(told).toEqual(['OutcomeUnknownError']);
      context.expect(listings(stack).length).toBeGreaterThan(0);
    },
  );

  it('is not fooled by the same row of an earlier request', async (context) => {
    const stack = await start(context);
    await stack.scheduled({ records: leads(1) });
    stack.clock.now += 10_000;
    stack.sandbox.script({ fault: 'reset-before' });
    // Its number is in the list: whether by this request, the list's own spelling of the date would have to tell.
    context.expect(kinds(await stack.scheduled({ records: leads(1) }))).toEqual(['OutcomeUnknownError']);
  });

  it.for([
    ['another campaign', { campaign_name: 'sales_demo' }, {}],
    ['another spelling of the time', {}, { ScheduleTime: '2026-11-26 10:00:00.0' }],
    ['a date of its own clock', {}, { CreatedDate: '2026-11-25 09:59:00' }],
    ['a date of UTC', {}, { CreatedDate: '2026-11-25 04:30:00' }],
    ['no date', {}, { CreatedDate: '' }],
    ['the country code', { PhoneNumber: '919810000000' }, { CreatedDate: '2026-11-25 09:00:00' }],
  ] as const)(
    'never says "not accepted" of a number that is listed with %s',
    async ([, parameters, row], context) => {
      const stack = await start(context);
      const { phoneNumber } = lead(0);
      const listed = {
        Id: '1',
        ScheduleTime: '2026-11-26 10:00:00',
        CreatedDate: '2026-11-25 10:00:00',
        ScheduleParams: new URLSearchParams({
          api_key: 'k',
          campaign_name: 'Sales_Demo',
          PhoneNumber: phoneNumber,
          ...parameters,
        }).toString(),
        ...row,
      };
      const body = JSON.stringify({ status: 'success', message: [listed] });
      stack.sandbox.script(
        { fault: 'reset-after' },
        { fault: 'custom-before', on: 'scheduledData', status: 200, body, times: Infinity },
      );
      context.expect(kinds(await stack.scheduled({ records: [lead(0)] }))).toEqual(['OutcomeUnknownError']);
    },
  );

  it('counts the settling time from when the request was written, however long it had to wait', async (context) => {
    const stack = await start(context, { DIALER_SETTLE_MS: '1500', DIALER_CONCURRENCY: '2' });
    stack.sandbox.script(
      { fault: 'status-429-retry-after-seconds', retryAfter: 2 },
      { fault: 'reset-then-accept', latencyMs: 1000, times: 2 },
    );
    const first = stack.scheduled({ records: [lead(0)] });
    await context.expect.poll(() => stack.sandbox.requests.length, { interval: 5 }).toBe(1);
    const answers = await Promise.all([first, stack.scheduled({ records: [lead(1)] })]);
    await context.expect.poll(() => stack.sandbox.ledger.length).toBe(2);
    for (const payload of answers) context.expect(kinds(payload)).not.toContain('DialerUnavailableError');
  });

  it('looks again where the list could not be had', async (context) => {
    const stack = await start(context);
    stack.sandbox.script(
      { fault: 'reset-before' },
      { fault: 'status-500-before', on: 'scheduledData', times: 2 },
    );
    context.expect(kinds(await stack.scheduled({ records: leads(1) }))).toEqual(['DialerUnavailableError']);
    context.expect(listings(stack)).toHaveLength(3);
  });

  it('leaves unknown what another request at the same time may have brought', async (context) => {
    const stack = await start(context);
    stack.sandbox.script({ fault: 'reset-before' }, { fault: 'latency', latencyMs: 100 });
    const [one, other] = await Promise.all([
      stack.scheduled({ records: leads(1) }),
      stack.scheduled({ records: leads(1) }),
    ]);
    context
      .expect([...kinds(one), ...kinds(other)].sort())
      .toEqual(['OutcomeUnknownError', 'ScheduledRecord']);
    context.expect(stack.sandbox.ledger).toHaveLength(1);
  });

  it('finds what was taken at the second try, though the first one was a moment ago', async (context) => {
    const stack = await start(context);
    const request = { idempotencyKey: randomUUID(), records: leads(3) };
    stack.sandbox.script({ fault: 'reset-before' }, { fault: 'reset-after' });
    context.expect(counts(await stack.scheduled(request))).toEqual({ DialerUnavailableError: 3 });
    context.expect(counts(await stack.scheduled(request))).toEqual({ ScheduledRecord: 3 });
    context.expect(stack.sandbox.ledger).toHaveLength(3);
  });

  it('counts of a first try only what may have been taken', async (context) => {
    const stack = await start(context);
    stack.sandbox.script({ fault: 'partial-then-reset' }, { fault: 'reset-after' });
    context
      .expect(counts(await stack.scheduled({ records: leads(4) })))
      .toEqual({ ScheduledRecord: 2, DialerUnavailableError: 2 });
    // Of the four, the first two are there twice, and nobody can tell of which request the list speaks.
    context
      .expect(kinds(await stack.scheduled({ records: leads(4) })))
      .toEqual([...Array(2).fill('OutcomeUnknownError'), ...Array(2).fill('ScheduledRecord')]);
  });

  it('counts rows that stand in the chunk twice', async (context) => {
    const stack = await start(context);
    stack.sandbox.script({ fault: 'reset-after' });
    context
      .expect(kinds(await stack.scheduled({ records: [lead(0), lead(0), lead(1)] })))
      .toEqual(Array(3).fill('ScheduledRecord'));
    stack.sandbox.reset();
    stack.clock.now += 10_000;
    stack.sandbox.script({ fault: 'partial-then-reset' });
    context
      .expect(kinds(await stack.scheduled({ records: [lead(2), lead(2)] })))
      .toEqual(Array(2).fill('OutcomeUnknownError'));
  });

  it('does not take a row for absent whose time is near', async (context) => {
    const stack = await start(context);
    stack.sandbox.script({ fault: 'reset-before' });
    const scheduledTime = new Date(now + 30_000).toISOString();
    context
      .expect(kinds(await stack.scheduled({ records: [lead(0, { scheduledTime })] })))
      .toEqual(['OutcomeUnknownError']);
  });

  it('is not made by v1, nor where it is turned off', async (context) => {
    for (const env of [{ DIALER_AUTH: 'v1' }, { DIALER_RECONCILE: 'off' }]) {
      const stack = await start(context, env as Record<string, string>);
      stack.sandbox.script({ fault: 'reset-after' });
      context.expect(kinds(await stack.scheduled({ records: leads(1) }))).toEqual(['OutcomeUnknownError']);
      context.expect(listings(stack)).toEqual([]);
    }
  });
});
