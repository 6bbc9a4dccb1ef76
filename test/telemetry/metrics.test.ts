// What Prometheus reads, and that the dashboard and the alert rules ask for nothing else.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import type { BreakerState, DialerState } from '../../src/telemetry/events.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, sendTo } from '../harness.ts';
import { runApp } from '../process.ts';

interface Exposed {
  text: string;
  /** By metric, its labels. */
  labels: Map<string, Set<string>>;
  value(sample: string): number;
}

function read(text: string): Exposed {
  const labels = new Map<string, Set<string>>();
  for (const [, name = '', list = ''] of text.matchAll(/^([a-z_]\w*)(?:\{(.*)\})? \S+$/gm)) {
    const known = labels.get(name) ?? new Set();
    for (const [, label = ''] of list.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(name, known);
  }
  const value = (sample: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${sample} `))
        ?.split(' ')[1],
    );
  return { text, labels, value };
}

describe('the running server', () => {
  let exposed: Exposed;
  /** Requests with rows, as the dialer got them. */
  let received: number;

  beforeAll(async () => {
    const ends: (() => void | Promise<void>)[] = [];
    const sandbox = await createSandbox();
    const suppressed = join(mkdtempSync(join(tmpdir(), 'dialgraph-')), 'numbers.txt');
    writeFileSync(suppressed, '9876500000\n');
    const { printed, child, exited } = runApp(
      {
        PORT: '0',
        METRICS_PORT: '0',
        COALESCE_WINDOW_MS: '200',
        SUPPRESSION_FILES: suppressed,
        // So that the rows of an unknown campaign are sent.
        DIALER_CAMPAIGN_CHECK: 'off',
        DIALER_URL: sandbox.url,
        DIALER_API_KEY: sandbox.account.apiKey,
        DIALER_USER_NAME: sandbox.account.userName,
      },
      (end) => ends.push(end),
    );
    const [, url = ''] = await printed(/GraphQL at (\S+)/);
    const [, metrics = ''] = await printed(/Metrics: +(\S+)/);
    const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
    const send = (campaignName: string, ...numbers: number[]) =>
      sendTo(url, ScheduleDocument, {
        input: { campaignName, records: numbers.map((n) => lead(n, { scheduledTime })) },
      });
    // Behind the request of a lone one, the others wait for each other.
    await send('Sales_Demo', 6);
    await Promise.all([send('Sales_Demo', 0, 1), send('Sales_Demo', 2), send('Sales_Demo', 3)]);
    await send('No_Such_9876543210', 4);
    sandbox.script({ fault: 'status-429' });
    await send('Sales_Demo', 5);
    // The last answer may be on its way out still, as far as the server knows.
    await vi.waitFor(
      async () => {
        exposed = read(await (await fetch(metrics)).text());
        expect(exposed.value('dialgraph_request_duration_seconds_count{status="200"}')).toBe(6);
      },
      { timeout: 60_000 },
    );
    received = sandbox.requests.filter(({ kind }) => kind === 'schedule').length;
    child.kill('SIGTERM');
    await exited;
    await sandbox.close();
    for (const end of ends) await end();
  });

  it.each([
    ['dialgraph_records_total{outcome="ScheduledRecord",campaign="Sales_Demo"}', 6],
    ['dialgraph_records_total{outcome="CampaignNotFoundError",campaign="other"}', 1],
    ['dialgraph_mutations_total{status="SCHEDULED"}', 5],
    ['dialgraph_mutations_total{status="NOT_SCHEDULED"}', 1],
    ['dialgraph_mutations_total{status="UNKNOWN_CAMPAIGN"}', 0],
    ['dialgraph_upstream_requests_total{purpose="status",result="answered"}', 1],
    ['dialgraph_upstream_requests_total{purpose="schedule",result="refused"}', 1],
    ['dialgraph_upstream_requests_total{purpose="schedule",result="throttled"}', 1],
    ['dialgraph_coalesced_mutations_sum', 6],
    ['dialgraph_coalesced_rows_sum', 7],
    ['dialgraph_upstream_queue{state="waiting"}', 0],
    ['dialgraph_upstream_queue{state="running"}', 0],
    ['dialgraph_upstream_breaker{state="closed"}', 1],
    ['dialgraph_upstream_breaker{state="open"}', 0],
    [`dialgraph_build_info{version="0.1.0",node="${process.version}"}`, 1],
  ])('exposes %s %d', (sample, value) => {
    expect(exposed.value(sample)).toBe(value);
  });

  it('counts requests with rows as the dialer got them, of which a busy machine may have made more', () => {
    // One of them was throttled, one refused, and the throttled one was sent again.
    expect(exposed.value('dialgraph_upstream_request_duration_seconds_count{purpose="schedule"}')).toBe(
      received,
    );
    expect(exposed.value('dialgraph_upstream_requests_total{purpose="schedule",result="answered"}')).toBe(
      received - 2,
    );
    expect(exposed.value('dialgraph_coalesced_mutations_count')).toBe(received - 1);
    expect(received).toBeLessThanOrEqual(7);
  });

  it('exposes the lag of its event loop', () => {
    expect(exposed.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('exposes nobody’s number, and no campaign that the dialer does not know', () => {
    // Seconds have as many digits as a number: 2.2981000000000003.
    const withoutValues = exposed.text.replace(/ \S+$/gm, '');
    expect(withoutValues).not.toMatch(/No_Such|9876543210|98100000/);
  });

  it.each([
    [
      'ops/grafana-dashboard.json',
      () => expressions('ops/grafana-dashboard.json', /"expr": ("(?:[^"\\]|\\.)*")/g),
    ],
    ['ops/alerts.yml', () => expressions('ops/alerts.yml', /^ +expr: (.+)$/gm)],
  ])('exposes every metric and every label that %s asks for', (_, list) => {
    const asked = list();
    expect(asked.length).toBeGreaterThan(8);
    for (const expression of asked) {
      const { metrics, labels } = askedFor(expression);
      expect(metrics, expression).not.toEqual([]);
      const offered = new Set(['job', 'le']);
      // Prometheus' own, of each process that it asks.
      exposed.labels.set('up', new Set(['job', 'instance']));
      for (const metric of metrics) {
        expect([...exposed.labels.keys()], expression).toContain(metric);
        for (const label of exposed.labels.get(metric) ?? []) offered.add(label);
      }
      for (const label of labels) expect([...offered], expression).toContain(label);
    }
  });

  it('is told apart from one whose dashboard is wrong', () => {
    expect(askedFor('sum by (le, purpose) (rate(dialgraph_gone_total{job=~"$job",reslt="x"}[5m]))')).toEqual({
      metrics: ['dialgraph_gone_total'],
      labels: ['le', 'purpose', 'job', 'reslt'],
    });
  });
});

function expressions(file: string, pattern: RegExp): string[] {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, text = '']) =>
    text.startsWith('"') ? (JSON.parse(text) as string) : text,
  );
}

/** Metrics and labels in an expression of Prometheus' language, as far as these files use it. */
function askedFor(expression: string): { metrics: string[]; labels: string[] } {
  const names = (list: string) => list.split(',').map((name) => name.trim());
  return {
    metrics: [...expression.matchAll(/\b(?:(?:dialgraph|nodejs|process)_\w+|up(?=\{))/g)].map(
      ([name]) => name,
    ),
    labels: [
      ...[...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => names(list)),
      ...[...expression.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label),
    ],
  };
}

describe('campaigns as labels', () => {
  const dialer = {
    account: 'one',
    running: 1,
    waiting: 2,
    breaker: 'open' as BreakerState,
    pausedSeconds: 7,
  };
  const dialers = (): DialerState[] => [
    dialer,
    { ...dialer, account: 'two', breaker: 'closed', pausedSeconds: 0 },
  ];
  const create = (campaignNames: string[]) =>
    createMetrics({
      version: '1',
      campaignNames,
      dialers,
      askedDialers: async () => dialers(),
      storeState: async () => 'down',
      suppression: () => [],
      imports: { states: [], outcomes: [] },
    });
  const taken = { ScheduledRecord: 1 };

  it('are the configured ones, those of which a record was taken, and no more than 200', async () => {
    const metrics = create(['Configured']);
    metrics.pass('Configured', 'NOT_SCHEDULED', { DialerUnavailableError: 1 });
    metrics.pass('Guessed', 'NOT_SCHEDULED', { InvalidApiKeyOrCampaignError: 1 });
    for (let n = 0; n < 250; n++) metrics.pass(`C${n}`, 'SCHEDULED', taken);
    const { text, value } = read(await metrics.expose());
    const labels = new Set([...text.matchAll(/campaign="([^"]*)"/g)].map(([, label]) => label));
    expect(labels.size).toBe(201);
    expect(labels).toContain('Configured');
    expect(labels).not.toContain('Guessed');
    expect(value('dialgraph_records_total{outcome="ScheduledRecord",campaign="other"}')).toBe(51);
  });

  it('stand beside the sum of all dialers', async () => {
    const { value } = read(await create([]).expose());
    expect(value('dialgraph_upstream_queue{state="waiting"}')).toBe(4);
    expect(value('dialgraph_upstream_breaker{state="open"}')).toBe(1);
    expect(value('dialgraph_upstream_breaker{state="closed"}')).toBe(1);
    expect(value('dialgraph_paused_seconds{account="one"}')).toBe(7);
    expect(value('dialgraph_paused_seconds{account="two"}')).toBe(0);
    expect(value('dialgraph_store_up')).toBe(0);
  });
});
