// The metrics, for Prometheus to read. Names of campaigns are callers' input: those become labels of which the dialer took a
// record or which are configured, and no more than 200 of them.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  breakerStates,
  type DialerState,
  type RecordCounts,
  type UpstreamRequest,
  type UpstreamResult,
} from './events.ts';

export interface MetricsParts {
  version: string;
  /** Labels from the start. */
  campaignNames: readonly string[];
  dialers(): readonly DialerState[];
}

export interface Metrics {
  request(status: number, ms: number): void;
  pass(campaign: string, status: string, records: RecordCounts): void;
  upstream(purpose: UpstreamRequest['purpose'], result: UpstreamResult, ms: number): void;
  joined(mutations: number, rows: number): void;
  readonly contentType: string;
  /** All of it, in Prometheus' text format. */
  expose(): Promise<string>;
}

const mostCampaigns = 200;
/** A lone lead takes milliseconds, a dialer that hangs its time-out of ten seconds, a long list minutes. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
/** Up to what a request carries. */
const shares = [1, 2, 5, 10, 20, 50, 100];

export function createMetrics({ version, campaignNames, dialers }: MetricsParts): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });

  const records = new Counter({
    name: 'dialgraph_records_total',
    help: 'Results told to callers, by kind and campaign; those told again for an idempotencyKey included.',
    labelNames: ['outcome', 'campaign'],
    registers,
  });
  const mutations = new Counter({
    name: 'dialgraph_mutations_total',
    help: 'Mutations, by status; or by the error for which nothing was carried out.',
    labelNames: ['status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'dialgraph_request_duration_seconds',
    help: "Requests, from their head to the answer's last byte, by HTTP status (499: the caller went away).",
    labelNames: ['status'],
    buckets: seconds,
    registers,
  });
  const upstreamRequests = new Counter({
    name: 'dialgraph_upstream_requests_total',
    help: 'Requests to the dialer, by what they ask for and what came of them.',
    labelNames: ['purpose', 'result'],
    registers,
  });
  const upstreamSeconds = new Histogram({
    name: 'dialgraph_upstream_request_duration_seconds',
    help: 'Requests to the dialer, by what they ask for.',
    labelNames: ['purpose'],
    buckets: seconds,
    registers,
  });
  const sharedMutations = new Histogram({
    name: 'dialgraph_coalesced_mutations',
    help: 'Small mutations in one request to the dialer: sum divided by count is the ratio.',
    buckets: shares,
    registers,
  });
  const sharedRows = new Histogram({
    name: 'dialgraph_coalesced_rows',
    help: 'Rows in one request of small mutations to the dialer.',
    buckets: shares,
    registers,
  });
  new Gauge({
    name: 'dialgraph_upstream_queue',
    help: 'Requests with rows that wait for their turn, and that are on their way.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of ['waiting', 'running'] as const)
        this.set(
          { state },
          dialers().reduce((sum, dialer) => sum + dialer[state], 0),
        );
    },
  });
  new Gauge({
    name: 'dialgraph_upstream_breaker',
    help: 'Dialer accounts, by the state of their circuit breaker: open, nothing is sent.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of breakerStates)
        this.set({ state }, dialers().filter(({ breaker }) => breaker === state).length);
    },
  });
  new Gauge({
    name: 'dialgraph_build_info',
    help: 'Always 1: what runs.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);

  const campaigns = new Set(campaignNames.slice(0, mostCampaigns));
  const labelOf = (campaign: string, isTaken: boolean) => {
    if (campaigns.has(campaign)) return campaign;
    if (!isTaken || campaigns.size >= mostCampaigns) return 'other';
    campaigns.add(campaign);
    return campaign;
  };

  return {
    request: (status, ms) => requestSeconds.observe({ status }, ms / 1000),
    pass(campaignName, status, counts) {
      mutations.inc({ status });
      const campaign = labelOf(campaignName, (counts.ScheduledRecord ?? 0) > 0);
      for (const [outcome, count] of Object.entries(counts)) records.inc({ outcome, campaign }, count);
    },
    upstream(purpose, result, ms) {
      upstreamRequests.inc({ purpose, result });
      upstreamSeconds.observe({ purpose }, ms / 1000);
    },
    joined(mutationCount, rowCount) {
      sharedMutations.observe(mutationCount);
      sharedRows.observe(rowCount);
    },
    contentType: register.contentType,
    expose: () => register.metrics(),
  };
}
