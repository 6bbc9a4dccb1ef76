// A dialer that is away for a while, and a process of ours that stands still: a list waits for both and goes on, each record
// scheduled once; what stays away ends the list in its time, with every record told.

import { describe, it, type onTestFinished as onFileTestFinished } from 'vitest';
import { createCampaignStatuses } from '../../src/campaigns/status.ts';
import type { AccountConfig } from '../../src/config/accounts.ts';
import { parseConfig } from '../../src/config/config.ts';
import type { Chunk, ChunkAnswer, SubmitOptions } from '../../src/dialer/chunk.ts';
import { createDialer, type DialerOptions } from '../../src/dialer/dialer.ts';
import { StopController, type StopSignal } from '../../src/foundation/cancellation.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createRates } from '../../src/scheduling/admission.ts';
import type { KeyStore } from '../../src/scheduling/idempotency/key-store.ts';
import type { CampaignRecord } from '../../src/scheduling/record.ts';
import { createScheduling } from '../../src/scheduling/scheduling.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { startDoor } from '../door.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import {
  counts,
  kinds,
  lead,
  leads,
  ledgerNumbers,
  now,
  type Payload,
  sendTo,
  startStack,
} from '../harness.ts';
import { runApp } from '../process.ts';

type OnFinished = typeof onFileTestFinished;

/** A dialer client of its own. */
async function startDialer(
  onFinished: OnFinished,
  options: Partial<DialerOptions> = {},
  telemetry = createTelemetry(),
) {
  const sandbox = await createSandbox({ now: () => now });
  const door = await startDoor(sandbox.url, onFinished);
  const { dialer: config, accounts } = parseConfig({ DIALER_RECONCILE: 'off' });
  const account = { ...(accounts[0] as AccountConfig), ...sandbox.account, url: door.url };
  const clock = { ahead: 0 };
  const dialer = createDialer(
    { ...config, ...account, ...options },
    { telemetry, now: () => now + performance.now() + clock.ahead },
  );
  onFinished(async () => {
    await dialer.close();
    await sandbox.close();
  });
  return { sandbox, door, dialer, clock };
}

const chunkOf = (start: number, size = 1): Chunk => ({
  campaignName: 'Sales_Demo',
  checkDuplicate: false,
  timeZone: 'Asia/Kolkata',
  bulkData: {
    map: ['PhoneNumber', 'ScheduledTime'],
    data: Array.from({ length: size }, (_, n) => [`${9_800_000_000 + start + n}`, '2026-11-26 10:00:00']),
  },
});
const ofList = (options: Partial<SubmitOptions> = {}): SubmitOptions => ({
  caller: {},
  mutation: {},
  small: false,
  ...options,
});
const isScheduled = (answer: ChunkAnswer) =>
  answer.kind === 'rows' && answer.rows.every(({ kind }) => kind === 'scheduled');
const schedulings = ({ requests }: Sandbox) => requests.filter(({ kind }) => kind === 'schedule');

describe.concurrent('a list of 10,000', () => {
  it.for([
    ['v1', 300],
    ['token', 300],
    ['basic', 10_000],
  ] as const)(
    'is scheduled whole over a dialer (%s) that refuses connections for %i ms, each record once',
    { timeout: 180_000 },
    async ([dialect, awayMs], { expect, onTestFinished: onFinished }) => {
      const env = { DIALER_AUTH: dialect };
      const sandbox = await createSandbox({ now: () => now });
      onFinished(() => sandbox.close());
      const door = await startDoor(sandbox.url, onFinished);
      const stack = await startStack({
        onFinished,
        running: true,
        env,
        dialer: { ...sandbox, url: door.url },
      });
      const answer = stack.scheduled({ records: leads(10_000) });
      await expect.poll(() => sandbox.ledger.length, { interval: 5 }).toBeGreaterThan(2000);
      door.shut();
      expect(sandbox.ledger.length).toBeLessThan(9000);
      const open = new Promise((resolve) => setTimeout(resolve, awayMs)).then(async () => {
        await expect.poll(() => stack.log.join()).toContain('"result":"unavailable"');
        await door.open();
      });
      expect(counts(await answer)).toEqual({ ScheduledRecord: 10_000 });
      await open;
      expect(sandbox.ledger).toHaveLength(10_000);
      expect(new Set(ledgerNumbers(sandbox)).size).toBe(10_000);
    },
  );

  it('is scheduled whole by a process that stands still for longer than the time-out, with what was answered meanwhile', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const sandbox = await createSandbox();
    onFinished(() => sandbox.close());
    const { child, printed } = runApp(
      {
        PORT: '0',
        DIALER_URL: sandbox.url,
        DIALER_API_KEY: sandbox.account.apiKey,
        DIALER_USER_NAME: sandbox.account.userName,
        DIALER_AUTH: 'v1',
        DIALER_TIMEOUT_MS: '4000',
      },
      onFinished,
    );
    const [, url = ''] = await printed(/GraphQL at (\S+)/);
    sandbox.script({ fault: 'latency', latencyMs: 60, times: Infinity });
    const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
    const records = Array.from({ length: 10_000 }, (_, n) => lead(n, { scheduledTime }));
    const answer = sendTo(url, ScheduleDocument, { input: { campaignName: 'Sales_Demo', records } });
    for (const accepted of [2000, 5000]) {
      await expect.poll(() => sandbox.ledger.length, { interval: 5 }).toBeGreaterThan(accepted);
      const stoppedAt = Date.now();
      child.kill('SIGSTOP');
      await expect.poll(() => Date.now() - stoppedAt).toBeGreaterThan(5500);
      child.kill('SIGCONT');
    }
    const { scheduleCampaignData: payload } = await answer;
    const lost = (payload as Payload).results.filter(({ __typename }) => __typename !== 'ScheduledRecord');
    expect(lost.map((result) => (result as { message: string }).message).slice(0, 5)).toEqual([]);
    expect(payload).toMatchObject({ status: 'SCHEDULED' });
    expect(new Set(ledgerNumbers(sandbox)).size).toBe(10_000);
    expect(sandbox.ledger).toHaveLength(10_000);
  }, 180_000);
});

describe.concurrent('a list over a dialer that stays away', { timeout: 180_000 }, () => {
  /** A scheduling pass without keys. */
  const start = async (onFinished: OnFinished, options: Partial<DialerOptions> = {}) => {
    const { dialer, door, sandbox } = await startDialer(onFinished, options);
    door.shut();
    const limits = {
      region: 'IN',
      timeZone: 'Asia/Kolkata',
      horizonDays: 30,
      maxRecordsInFlight: 50_000,
    } as const;
    const rules = { campaigns: {}, unsafeCharacters: 'reject', nameCharacters: 'any' } as const;
    const settings = { account: 'default', ...limits, ...rules };
    const scheduling = createScheduling(settings, {
      dialer,
      statuses: createCampaignStatuses(dialer, { checksCampaigns: false }, () => now),
      keys: {} as KeyStore,
      rates: createRates(),
      now: () => now,
      telemetry: createTelemetry(),
    });
    const schedule = (signal?: StopSignal) =>
      scheduling.schedule(
        {
          campaignName: 'Sales_Demo',
          records: leads(10_000) as CampaignRecord[],
          credential: 'test',
          timeZone: undefined,
          duplicates: 'ALLOW',
          errorPolicy: 'REJECT_FAILED_RECORDS',
          idempotencyKey: undefined,
          validateOnly: false,
        },
        signal,
      );
    return { schedule, scheduling, dialer, sandbox };
  };

  it('ends when it has been away for too long at a stretch, with every record told', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    // Thirteen times as long, if each chunk waited for itself.
    const { schedule, sandbox } = await start(onFinished, { awayMs: 5000 });
    const { counts, results } = await schedule();
    expect(counts).toEqual({ DialerUnavailableError: 10_000 });
    expect(new Set(results.map(({ index }) => index)).size).toBe(10_000);
    expect(sandbox.requests).toEqual([]);
  });

  it.for(['caller', 'service'] as const)(
    'ends at once when its %s goes, with every record told',
    async (who, { expect, onTestFinished: onFinished }) => {
      const { schedule, scheduling, dialer } = await start(onFinished);
      const caller = new StopController();
      const answer = schedule(caller.signal);
      await expect.poll(() => dialer.state().breaker).toBe('open');
      if (who === 'caller') caller.cancel('caller-gone');
      else await scheduling.close();
      expect((await answer).counts).toEqual({ DialerUnavailableError: 10_000 });
    },
  );

  it('ends at once when the dialer is closed', async ({ expect, onTestFinished: onFinished }) => {
    const { dialer, door } = await startDialer(onFinished);
    door.shut();
    const answers = Array.from({ length: 20 }, (_, n) => dialer.submitChunk(chunkOf(100 * n, 100), ofList()));
    await expect.poll(() => dialer.state().breaker).toBe('open');
    await dialer.close();
    for (const answer of await Promise.all(answers)) expect(answer.kind).toBe('unavailable');
  });
});

describe.concurrent('the circuit breaker', () => {
  it('lets one request probe, and those who wait are sent after it', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const env = { DIALER_CONCURRENCY: '1' };
    const stack = await startStack({ onFinished, running: true, env });
    stack.sandbox.script({ fault: 'close-before', times: 6 });
    const payload = await stack.scheduled({ records: leads(2000) });
    // Five, and the probe.
    expect(counts(payload)).toEqual({ OutcomeUnknownError: 600, ScheduledRecord: 1400 });
    expect(stack.sandbox.requests).toHaveLength(20);
  });

  it('has small requests wait for as long as a person does, and then told that they were not sent', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const env = { DIALER_CONCURRENCY: '3', COALESCE_WINDOW_MS: '0' };
    const stack = await startStack({ onFinished, running: true, env });
    stack.sandbox.script({ fault: 'close-before', times: Infinity });
    const one = async (n: number) => kinds(await stack.scheduled({ records: [lead(n)] }))[0];
    for (let n = 0; n < 5; n++) expect(await one(n)).toBe('OutcomeUnknownError');
    // One of them probes after one second, and one after two more, unless the machine was too busy for it; the next pause is too
    // long for the third.
    const told = await Promise.all([one(5), one(6), one(7)]);
    const sent = stack.sandbox.requests.length - 5;
    expect([1, 2]).toContain(sent);
    expect(told.filter((kind) => kind === 'OutcomeUnknownError')).toHaveLength(sent);
    expect(told.filter((kind) => kind === 'DialerUnavailableError')).toHaveLength(3 - sent);
    stack.sandbox.reset();
    let n = 8;
    await expect.poll(() => one(n++)).toBe('ScheduledRecord');
  });

  it('of scheduling is not kept shut by look-ups that succeed', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const { dialer, sandbox } = await startDialer(onFinished, {
      concurrency: 1,
      reconcile: true,
      settleMs: 0,
      awayMs: 500,
    });
    sandbox.script({ fault: 'close-before', times: Infinity });
    for (let n = 0; n < 20 && dialer.state().breaker === 'closed'; n++)
      await dialer.submitChunk(chunkOf(n), ofList());
    expect(dialer.state().breaker).not.toBe('closed');
    expect(schedulings(sandbox)).toHaveLength(5);
    expect(sandbox.requests.length).toBeGreaterThan(5);
  });

  it('of scheduling is not opened by look-ups that fail', async ({ expect, onTestFinished: onFinished }) => {
    const { dialer, sandbox } = await startDialer(onFinished, {
      reconcile: true,
      settleMs: 0,
      timeoutMs: 5000,
    });
    sandbox.script({ fault: 'status-500-before', on: 'scheduledData', times: Infinity });
    // Each of the four asks again and again; on a busy machine less often than it takes to open the breaker.
    do {
      sandbox.script({ fault: 'html-200-before', times: 4 });
      const lost = [0, 1, 2, 3].map((n) => dialer.submitChunk(chunkOf(n), ofList({ small: true })));
      for (const answer of await Promise.all(lost)) expect(answer.kind).toBe('unknown');
    } while (sandbox.requests.filter(({ kind }) => kind === 'scheduledData').length < 5);
    expect(dialer.state().breaker).toBe('closed');
    expect(isScheduled(await dialer.submitChunk(chunkOf(99), ofList()))).toBe(true);
  });

  it('is not opened when each lane fails once among successes', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const { dialer, sandbox } = await startDialer(onFinished, { concurrency: 8 });
    const sendEight = (from: number) =>
      Promise.all(Array.from({ length: 8 }, (_, n) => dialer.submitChunk(chunkOf(from + n), ofList())));
    await sendEight(0);
    await sendEight(8);
    sandbox.script({ fault: 'close-before', times: 8 });
    expect((await sendEight(16)).map(({ kind }) => kind)).toEqual(Array(8).fill('unknown'));
    expect(dialer.state().breaker).toBe('closed');
    expect((await sendEight(24)).every(isScheduled)).toBe(true);
  });
});

describe.concurrent('the last word before a request is written', () => {
  it('is asked for anew with each try, and within the time that the request may then be written in', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const { dialer, door, sandbox } = await startDialer(onFinished);
    door.shut();
    const asked: number[] = [];
    const beforeSending = async () => {
      asked.push(performance.now());
    };
    const answer = dialer.submitChunk(chunkOf(0), ofList({ beforeSending }));
    await expect.poll(() => asked.length).toBeGreaterThan(5);
    await door.open();
    const openedAt = performance.now();
    expect(isScheduled(await answer)).toBe(true);
    expect(asked.at(-1)).toBeGreaterThan(openedAt);
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('that comes too late has a list try again, and a small request told', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    for (const small of [false, true]) {
      const { dialer, sandbox, clock } = await startDialer(onFinished);
      let asked = 0;
      const beforeSending = async () => {
        // As if the process had been stopped here.
        if (asked++ === 0) clock.ahead += 10_000;
      };
      const answer = await dialer.submitChunk(chunkOf(0), ofList({ small, beforeSending }));
      if (small) expect(answer).toMatchObject({ kind: 'unavailable' });
      else expect(isScheduled(answer)).toBe(true);
      expect(asked).toBe(small ? 1 : 2);
      expect(sandbox.ledger).toHaveLength(small ? 0 : 1);
    }
  });

  it('that is a no stays a no', async ({ expect, onTestFinished: onFinished }) => {
    const { dialer, sandbox } = await startDialer(onFinished);
    const beforeSending = () => Promise.reject(new Error('the disk is full'));
    expect(await dialer.submitChunk(chunkOf(0), ofList({ beforeSending }))).toMatchObject({
      kind: 'unavailable',
      reason: 'the disk is full',
    });
    expect(sandbox.requests).toEqual([]);
  });
});

describe.concurrent('what fails in the client itself', () => {
  it('costs its own chunk a certain answer, nobody else theirs, and is told without what was being read', async ({
    expect,
    onTestFinished: onFinished,
  }) => {
    const told: string[] = [];
    const telemetry = { ...createTelemetry(), error: (text: string) => void told.push(text) };
    let failing = true;
    const breaking = {
      ...telemetry,
      upstreamStarted: () => ({
        headers: {},
        end() {
          if (failing) throw new Error('number 9800000000');
        },
      }),
    };
    const { dialer, sandbox } = await startDialer(onFinished, { coalesceWindowMs: 20 }, breaking);
    const alone = await dialer.submitChunk(chunkOf(0), ofList());
    const shared = await Promise.all(
      [1, 2, 3].map((n) =>
        dialer.submitChunk(chunkOf(n), { caller: {}, mutation: {}, small: true, mayShare: true }),
      ),
    );
    for (const answer of [alone, ...shared]) expect(answer.kind).toBe('unknown');
    expect(sandbox.ledger).toHaveLength(4);
    expect(told.length).toBeGreaterThan(0);
    expect(told.join()).toMatch(/\n\s+at /);
    expect(told.join()).not.toContain('9800000000');
    failing = false;
    expect(isScheduled(await dialer.submitChunk(chunkOf(9), ofList()))).toBe(true);
    expect(dialer.state()).toMatchObject({ running: 0, waiting: 0 });
  });
});
