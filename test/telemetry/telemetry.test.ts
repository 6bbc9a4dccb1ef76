// What the running service says of itself: ids, log lines, and whether it is ready. Nobody's number is in any of it.

import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import type { Span, Telemetry } from '../../src/telemetry/events.ts';
import { createLog, type Log } from '../../src/telemetry/log.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { createReadiness } from '../../src/telemetry/readiness.ts';
import { createStoreReport } from '../../src/telemetry/store-report.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import type { Tracing } from '../../src/telemetry/tracing.ts';
import { LimitsDocument, ScheduleDocument } from '../gql/graphql.ts';
import { lead, leads, type Stack, sendTo, shortBodies, startStack, tooLongForShort } from '../harness.ts';
import { runApp } from '../process.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const query = ScheduleDocument.toString();

interface Line {
  msg: string;
  requestId?: string;
  requestIds?: string[];
  [field: string]: unknown;
}

/** Lines of the log, once there are so many that say `msg`. */
async function lines({ log }: Stack, msg: string, count: number): Promise<Line[]> {
  const found = () => log.map((line): Line => JSON.parse(line)).filter((line) => line.msg === msg);
  await expect.poll(() => found().length).toBe(count);
  return found();
}

function post({ url }: Stack, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function idsOf(response: Response) {
  const { extensions } = (await response.json()) as { extensions?: { requestId?: string } };
  return { header: response.headers.get('x-request-id'), answer: extensions?.requestId };
}

describe('a request id', () => {
  const variables = { input: { campaignName: 'Sales_Demo', records: [lead(0)] } };

  it.each([
    ['a mutation', { query, variables }],
    ['a long answer', { query, variables: { input: { ...variables.input, records: leads(600) } } }],
    ['a query without variables', { query: LimitsDocument.toString() }],
    ['variables of the wrong type', { query, variables: { input: 1 } }],
    ['a syntax error', { query: '{' }],
    ['no JSON', '{"query"'],
    ['a body that is too long', `{"query":"${'x'.repeat(tooLongForShort)}"}`],
  ])('stands in the header and the answer of %s, whichever way it is carried out', async (_, body) => {
    const stack = await startStack({ env: shortBodies });
    for (let n = 0; n < 3; n++) {
      const { header, answer } = await idsOf(await post(stack, body, { 'x-request-id': `id-${n}` }));
      expect([header, answer]).toEqual([`id-${n}`, `id-${n}`]);
    }
  });

  it.each(['GET /graphql', 'GET /nowhere', 'OPTIONS /graphql', 'GET /healthz', 'GET /readyz'])(
    'stands in the header of %s',
    async (request) => {
      const { url } = await startStack();
      const [method = '', path = ''] = request.split(' ');
      const response = await fetch(new URL(path, url), { method, headers: { 'x-request-id': 'mine' } });
      expect(response.headers.get('x-request-id')).toBe('mine');
    },
  );

  it.each([
    ['a', true],
    ['A-z_0.9:x', true],
    ['x'.repeat(64), true],
    ['12345', true],
    ['1839274650192837465', true],
    ['', false],
    ['x'.repeat(65), false],
    ['two words', false],
    ['<script>', false],
    ['9876543210', false],
    ['98765-43210', false],
    ['call-9812345678', false],
    ['call-98123-45678', false],
    ['9812345678.retry-2', false],
    ['lead_919812345678_x', false],
    ['12345678-1234-1234-1234-123456789012', true],
    ['req-12345678-1234-4234-8234-123456789012', true],
    ['12345678901234567890123456789012', true],
    ['00-4bf92f3577b34da6a3ce929d0e0e4736-0012345678901234-01', true],
    ['01234567890123456789ABCDEF', true],
    ['job-2026-11-27-a42', true],
    ['20261127T101500Z-web-123456', true],
  ])('of "%s" is kept: %s', async (given, isKept) => {
    const stack = await startStack();
    const { header } = await idsOf(await post(stack, { query: '{ __typename }' }, { 'x-request-id': given }));
    if (isKept) expect(header).toBe(given);
    else expect(header).toMatch(uuid);
  });

  it('is the request’s own where an idempotency key gives the first answer again', async () => {
    const stack = await startStack();
    const input = { ...variables.input, idempotencyKey: 'monday' };
    const answers = [];
    for (const id of ['first', 'again'])
      answers.push(await (await post(stack, { query, variables: { input } }, { 'x-request-id': id })).json());
    expect(answers[1].data).toEqual(answers[0].data);
    expect(answers.map(({ extensions }) => extensions.requestId)).toEqual(['first', 'again']);
  });
});

describe('the log', () => {
  it('has a line for each request and each request to the dialer, of one id', async () => {
    const stack = await startStack();
    const records = [lead(0), lead(1, { phoneNumber: 'none' }), lead(2)];
    const variables = { input: { campaignName: 'Sales_Demo', records } };
    for (const id of ['one', 'two', 'three']) await post(stack, { query, variables }, { 'x-request-id': id });
    const requests = await lines(stack, 'request', 3);
    for (const [n, line] of requests.entries())
      expect(line).toEqual({
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        requestId: ['one', 'two', 'three'][n],
        operation: 'Schedule',
        status: 200,
        ms: expect.any(Number),
        campaign: 'Sales_Demo',
        records: { ScheduledRecord: 2, InvalidPhoneNumberError: 1 },
        caller: 'everybody',
        account: 'default',
        msg: 'request',
      });
    const [first] = await lines(stack, 'dialer request', 3);
    expect(first).toMatchObject({
      requestId: 'one',
      purpose: 'schedule',
      result: 'answered',
      status: 200,
      rows: 2,
      attempt: 1,
    });
  });

  it('names everybody who shared a request to the dialer', async () => {
    const stack = await startStack({ env: { COALESCE_WINDOW_MS: '200' } });
    // Behind the request of a lone one, the others wait for each other.
    await stack.scheduled({ records: [lead(3)] });
    const ids = ['a', 'b', 'c'];
    await Promise.all(
      ids.map((id, n) =>
        post(
          stack,
          { query, variables: { input: { campaignName: 'Sales_Demo', records: [lead(n)] } } },
          { 'x-request-id': id },
        ),
      ),
    );
    const [, line] = await lines(stack, 'dialer request', 2);
    expect(line?.requestIds?.toSorted()).toEqual(ids);
    expect(line).toMatchObject({ rows: 3 });
    expect(line).not.toHaveProperty('requestId');
  });

  it('counts attempts, and says what came of each', async () => {
    const stack = await startStack();
    stack.sandbox.script({ fault: 'status-429' });
    await stack.scheduled({ records: [lead(0)] });
    expect(await lines(stack, 'dialer request', 2)).toMatchObject([
      { level: 'warn', result: 'throttled', status: 429, attempt: 1 },
      { level: 'info', result: 'answered', status: 200, attempt: 2 },
    ]);
  });

  it('tells a request of which nothing became', async () => {
    const stack = await startStack();
    await post(stack, { query: '{ nope }' });
    expect(await lines(stack, 'request', 1)).toMatchObject([{ status: 200, errors: 1 }]);
  });

  it('has no number, no key and no body in it, whatever carries them', async () => {
    const stack = await startStack();
    const records = [lead(0), lead(1, { name: 'Asha Rao', phoneNumber: '12' })];
    const named =
      'mutation Call9876543210($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }';
    for (const name of ['Call 98765 43210', 'Sales_Demo'])
      await post(stack, { query: named, variables: { input: { campaignName: name, records } } });
    stack.sandbox.script({ fault: 'error-echo-key' });
    await stack.schedule({ records });
    const requests = await lines(stack, 'request', 3);
    expect(requests[0]).toMatchObject({ operation: 'Call***10', campaign: 'Call ***10' });
    expect(stack.log.join('\n')).not.toMatch(/98100000|\b43210\b|sandbox-key|Asha/);
  });

  it('holds what its level lets through', async () => {
    const stack = await startStack({ env: { LOG_LEVEL: 'silent' } });
    await stack.scheduled({ records: [lead(0)] });
    const warns = await startStack({ env: { LOG_LEVEL: 'warn' } });
    warns.sandbox.script({ fault: 'status-429' });
    await warns.scheduled({ records: [lead(0)] });
    expect(await lines(warns, 'dialer request', 1)).toMatchObject([{ result: 'throttled' }]);
    expect(warns.log).toHaveLength(1);
    expect(stack.log).toEqual([]);
  });
});

describe('readiness', () => {
  const well = { account: 'one', running: 0, waiting: 0, breaker: 'closed', pausedSeconds: 0 } as const;
  const failing = { ...well, breaker: 'open' } as const;
  const paused = { ...well, pausedSeconds: 200 } as const;

  it.each([
    ['all is well', [well], 'up', true, ['store: up', 'dialers: 1 closed']],
    ['the dialer is left alone', [failing], 'up', true, ['store: up', 'dialers: 1 open']],
    [
      'an account is paused',
      [failing, paused],
      'up',
      true,
      ['store: up', 'dialers: 1 closed, 1 open, 1 paused'],
    ],
    ['the store opens', [well], 'opening', true, ['store: opening', 'dialers: 1 closed']],
    ['the store is out of reach', [well], 'down', false, ['store: down', 'dialers: 1 closed']],
  ] as const)('where %s', async (_, dialers, store, isReady, details) => {
    const readiness = createReadiness({
      dialers: () => dialers,
      storeState: async () => store,
      suppression: () => [],
    });
    expect(await readiness.report()).toEqual({ isReady, details });
    readiness.drain();
    expect(await readiness.report()).toEqual({ isReady: false, details: [...details, 'draining'] });
  });

  it('stays while the dialer fails, with a word of it', async () => {
    const stack = await startStack();
    const ask = async (path: string) => {
      const response = await fetch(new URL(path, stack.url));
      return [response.status, await response.text()];
    };
    // A busy machine's store is told as down where it takes more than a second.
    await expect.poll(() => ask('/readyz')).toEqual([200, 'ok\nstore: up\ndialers: 1 closed\n']);
    stack.sandbox.script({ fault: 'status-500-before', times: 5 });
    for (let n = 0; n < 5; n++) await stack.scheduled({ records: [lead(n)] });
    await expect.poll(() => ask('/readyz')).toEqual([200, 'ok\nstore: up\ndialers: 1 open\n']);
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
  });

  it('asks a store that hangs once at a time, and does not wait for it', async () => {
    let asked = 0;
    const storeState = () => {
      asked++;
      return new Promise<never>(() => {});
    };
    const readiness = createReadiness({ dialers: () => [well], storeState, suppression: () => [] });
    const reports = await Promise.all([readiness.report(), readiness.report()]);
    expect(reports.map(({ isReady }) => isReady)).toEqual([false, false]);
    expect(asked).toBe(1);
  });

  it('turns first when the process is to end, which serves on for a while', async () => {
    const sandbox = await createSandbox();
    onTestFinished(() => sandbox.close());
    const { child, printed, exited, output } = runApp({
      PORT: '0',
      METRICS_PORT: '0',
      DRAIN_MS: '4000',
      DIALER_URL: sandbox.url,
      DIALER_API_KEY: sandbox.account.apiKey,
      DIALER_USER_NAME: sandbox.account.userName,
    });
    const [, url = ''] = await printed(/GraphQL at (\S+)/);
    const [, metrics = ''] = await printed(/Metrics: +(\S+)/);
    const status = async (base: string, path: string) => (await fetch(new URL(path, base))).status;
    for (const base of [url, metrics]) await expect.poll(() => status(base, '/readyz')).toBe(200);
    expect(await status(metrics, '/graphql')).toBe(404);
    child.kill('SIGTERM');
    await expect.poll(() => status(url, '/readyz'), { interval: 20 }).toBe(503);
    const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
    const input = { campaignName: 'Sales_Demo', records: [lead(0, { scheduledTime })] };
    const [observed, alive, payload] = await Promise.all([
      status(metrics, '/readyz'),
      status(url, '/healthz'),
      sendTo(url, ScheduleDocument, { input }),
    ]);
    expect([observed, alive]).toEqual([503, 200]);
    // On a busy machine a record may be told that it was too late to be sent, which is an answer as well.
    expect(payload).toMatchObject({
      scheduleCampaignData: {
        results: [{ __typename: expect.stringMatching(/^(?:ScheduledRecord|DialerUnavailableError)$/) }],
      },
    });
    expect(await exited).toBe(0);
    // What was logged last is written before the process ends.
    expect(output()).toMatch(/"operation":"Schedule","status":200/);
  });
});

describe('what observes', () => {
  const throwing = () => {
    throw new Error('a sink that fails');
  };
  const everyMethod = <Sink extends object>() => new Proxy({}, { get: () => throwing }) as Sink;
  const odd = [5, {}, null, [], undefined, true, { toString: throwing }, Object.create(null)];

  /** Tells all there is to tell. */
  function tellAll(telemetry: Telemetry, value: never): void {
    const request = telemetry.requestStarted(value, value ?? {});
    Object.assign(request, { operation: value, caller: value, account: value });
    const pass = telemetry.passStarted(value, request);
    const exchange = telemetry.upstreamStarted({ purpose: 'schedule', rows: 1, attempt: 1, origins: [pass] });
    expect(exchange.headers).toBeTypeOf('object');
    exchange.end(value, value);
    pass.end(value, { ScheduledRecord: 1 });
    telemetry.mutationsJoined(value, value);
    telemetry.authenticated(value);
    telemetry.storeAsked(1);
    telemetry.storeAsked(1, { kind: value, text: value });
    telemetry.accountPaused(value, value);
    telemetry.suppressionRead(value, value);
    telemetry.error(value, value);
    request.end(value);
  }

  it('never throws, whatever it is told', () => {
    const lines: string[] = [];
    const log = createLog('trace', { write: (line) => lines.push(line) });
    const metrics = createMetrics({
      version: '1',
      campaignNames: [],
      dialers: () => [],
      askedDialers: async () => [],
      storeState: async () => 'up',
      suppression: () => [],
      imports: { states: [], outcomes: [] },
    });
    for (const value of odd) tellAll(createTelemetry({ log, metrics }), value as never);
    expect(lines.length).toBeGreaterThan(odd.length);
  });

  it('never throws, whatever becomes of it', () => {
    const tracing = { start: () => everyMethod<Span>(), close: async () => {} };
    for (const sinks of [
      { log: everyMethod<Log>() },
      { metrics: everyMethod<Metrics>() },
      { tracing },
      { tracing: everyMethod<Tracing>(), log: everyMethod<Log>(), metrics: everyMethod<Metrics>() },
    ])
      tellAll(createTelemetry(sinks), 'text' as never);
  });

  it('says of a store that fails each kind once, then ever more rarely, and that it answers again', () => {
    const lines: { msg: string }[] = [];
    const log = createLog('trace', { write: (line) => lines.push(JSON.parse(line)) });
    let now = 0;
    const report = createStoreReport(log, () => now);
    const lost = { kind: 'unreachable', text: 'nobody listens' } as const;
    for (let n = 0; n < 10_000; n++) report(lost);
    report({ kind: 'timeout', text: 'too slow' });
    expect(lines.splice(0).map(({ msg }) => msg)).toEqual([
      'The store: nobody listens',
      'The store: too slow',
    ]);
    for (now = 0; now < 3_600_000; now += 1000) report(lost);
    const told = lines.splice(0).map(({ msg }) => msg);
    expect(told[0]).toBe('The store: nobody listens (10010 times)');
    expect(told.length).toBeLessThan(14);
    report(undefined);
    report(undefined);
    expect(lines.splice(0).map(({ msg }) => msg)).toEqual(['the store answers again']);
  });
});
