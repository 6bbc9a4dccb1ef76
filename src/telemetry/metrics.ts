// The metrics, in Prometheus' format. Campaign names are callers' input, so only those become labels that are configured or have
// a record that the dialer took, and at most 200.

import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import {
  type AuthenticationResult,
  authenticationResults,
  breakerStates,
  type DialerState,
  type RecordCounts,
  type StoreErrorKind,
  type StoreState,
  type SuppressionState,
  storeErrorKinds,
  type UpstreamRequest,
  type UpstreamResult,
} from './events.ts';

export interface MetricsParts {
  version: string;
  /** Campaigns that are labels from the start. */
  campaignNames: readonly string[];
  dialers(): readonly DialerState[];
  /** The same, after asking what other processes know of the accounts' pauses. */
  askedDialers(): Promise<readonly DialerState[]>;
  storeState(): Promise<StoreState>;
  suppression(): readonly SuppressionState[];
  /** What an import may be, and what may become of its rows. */
  imports: { states: readonly string[]; outcomes: readonly string[] };
}

export interface Metrics {
  /** `errors`: how many top-level errors its answer has. */
  request(status: number, ms: number, errors: number): void;
  /** `campaign`: undefined if it is of several. */
  pass(campaign: string | undefined, status: string, records: RecordCounts): void;
  upstream(purpose: UpstreamRequest['purpose'], result: UpstreamResult, ms: number): void;
  joined(mutations: number, rows: number): void;
  authenticated(result: AuthenticationResult): void;
  store(ms: number, failure: StoreErrorKind | undefined): void;
  paused(account: string, seconds: number): void;
  suppressionRead(result: 'read' | 'broken'): void;
  /** `counts`: of one that is over. */
  importChanged(state: string, counts: Readonly<Record<string, number | null>>): void;
  readonly contentType: string;
  /** All metrics, in Prometheus' text format. */
  expose(): Promise<string>;
}

const mostCampaigns = 200;
/** A single lead takes milliseconds, a dialer that hangs ten seconds (its time-out), a long list minutes. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
/** Mutations that share a request to the dialer: at most one for each of its rows. */
const shares = [1, 2, 5, 10, 20, 50, 100];

/** A statement takes about a millisecond, and is given up after some seconds. */
const storeSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(parts: MetricsParts): Metrics {
  const { version, campaignNames, dialers } = parts;
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
  // Each status starts at 0: Prometheus does not see the first increase of a counter that was not there before.
  for (const status of mutationStatuses) mutations.inc({ status }, 0);
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
  const requestErrors = new Counter({
    name: 'dialgraph_request_errors_total',
    help: 'Requests whose answer has top-level errors, by HTTP status.',
    labelNames: ['status'],
    registers,
  });
  requestErrors.inc({ status: 200 }, 0);
  const authentications = new Counter({
    name: 'dialgraph_authentications_total',
    help: 'Requests by whether it could be told who sent them, or why not; all but accepted and unavailable are answered with 401.',
    labelNames: ['result'],
    registers,
  });
  for (const result of authenticationResults) authentications.inc({ result }, 0);
  const store = createStoreMetrics(registers, parts);
  const pauses = createPauseMetrics(registers, parts);
  const suppression = createSuppressionMetrics(registers, parts);
  const importChanged = createImportMetrics(registers, parts.imports);
  new Gauge({
    name: 'dialgraph_build_info',
    help: 'Always 1: what runs.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.version }, 1);

  const campaigns = new Set(campaignNames.slice(0, mostCampaigns));
  const labelOf = (campaign: string | undefined, isTaken: boolean) => {
    if (campaign === undefined) return 'other';
    if (campaigns.has(campaign)) return campaign;
    if (!isTaken || campaigns.size >= mostCampaigns) return 'other';
    campaigns.add(campaign);
    return campaign;
  };

  return {
    request(status, ms, errors) {
      requestSeconds.observe({ status }, ms / 1000);
      if (errors > 0) requestErrors.inc({ status });
    },
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
    authenticated: (result) => authentications.inc({ result }),
    store,
    paused: pauses,
    suppressionRead: suppression,
    importChanged,
    contentType: register.contentType,
    expose: () => register.metrics(),
  };
}

/** The values of the payloads' statuses, and the errors of mutations that were not carried out. */
const mutationStatuses = [
  'SCHEDULED',
  'PARTIALLY_SCHEDULED',
  'NOT_SCHEDULED',
  'INDETERMINATE',
  'VALIDATED',
  'CANCELLED',
  'PARTIALLY_CANCELLED',
  'NOT_CANCELLED',
  'RESCHEDULED',
  'PARTIALLY_RESCHEDULED',
  'NOT_RESCHEDULED',
  'OVERLOADED',
  'RATE_LIMITED',
  'UNKNOWN_CAMPAIGN',
  'FAILED',
];

function createStoreMetrics(registers: Registry[], { storeState }: MetricsParts): Metrics['store'] {
  const errors = new Counter({
    name: 'dialgraph_store_errors_total',
    help: 'What the store was asked for and did not do, by what was wrong.',
    labelNames: ['kind'],
    registers,
  });
  for (const kind of storeErrorKinds) errors.inc({ kind }, 0);
  const duration = new Histogram({
    name: 'dialgraph_store_duration_seconds',
    help: 'Statements and transactions of the store, failed ones included.',
    buckets: storeSeconds,
    registers,
  });
  new Gauge({
    name: 'dialgraph_store_up',
    help: 'Whether the store answers and can be written: 1, or 0.',
    registers,
    async collect() {
      this.set((await storeState()) === 'up' ? 1 : 0);
    },
  });
  return (ms, failure) => {
    duration.observe(ms / 1000);
    if (failure !== undefined) errors.inc({ kind: failure });
  };
}

/** Without files there are no samples of them. */
function createSuppressionMetrics(registers: Registry[], parts: MetricsParts): Metrics['suppressionRead'] {
  const reads = new Counter({
    name: 'dialgraph_suppression_reads_total',
    help: 'Readings of suppression files, by whether they could be used.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['read', 'broken']) reads.inc({ result }, 0);
  new Gauge({
    name: 'dialgraph_suppressed_numbers',
    help: 'Numbers that are never to be called, by account.',
    labelNames: ['account'],
    registers,
    collect() {
      this.reset();
      for (const { account, numbers } of parts.suppression()) this.set({ account }, numbers);
    },
  });
  new Gauge({
    name: 'dialgraph_suppression_stale',
    help: 'Whether a suppression file of the account is gone or broken, and what was read last is in use: 1, or 0.',
    labelNames: ['account'],
    registers,
    collect() {
      this.reset();
      for (const { account, isStale } of parts.suppression()) this.set({ account }, isStale ? 1 : 0);
    },
  });
  return (result) => reads.inc({ result });
}

function createImportMetrics(
  registers: Registry[],
  { states, outcomes }: MetricsParts['imports'],
): Metrics['importChanged'] {
  const imports = new Counter({
    name: 'dialgraph_imports_total',
    help: 'Imports, by the states that they came into.',
    labelNames: ['state'],
    registers,
  });
  for (const state of states) imports.inc({ state }, 0);
  const rows = new Counter({
    name: 'dialgraph_import_rows_total',
    help: 'Rows of imports that are over, by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of outcomes) rows.inc({ outcome }, 0);
  return (state, counts) => {
    imports.inc({ state });
    for (const outcome of outcomes) rows.inc({ outcome }, counts[outcome] ?? 0);
  };
}

/** Accounts may be labels, since there are few: they are configured. */
function createPauseMetrics(registers: Registry[], parts: MetricsParts): Metrics['paused'] {
  const pauses = new Counter({
    name: 'dialgraph_pauses_total',
    help: 'Pauses for which the dialer asked by Retry-After, by account, as far as this process met them.',
    labelNames: ['account'],
    registers,
    collect() {
      for (const { account } of parts.dialers()) this.inc({ account }, 0);
    },
  });
  new Gauge({
    name: 'dialgraph_paused_seconds',
    help: 'For how long nothing is sent for an account, since its dialer asked for that; 0: it is not paused.',
    labelNames: ['account'],
    registers,
    async collect() {
      const states = await parts.askedDialers();
      this.reset();
      for (const { account, pausedSeconds } of states) this.set({ account }, pausedSeconds);
    },
  });
  return (account, seconds) => {
    if (seconds > 0) pauses.inc({ account });
  };
}
