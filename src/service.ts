// The composition: makes everything that answers requests, for the process and for the tests.

import type { Server, ServerOptions } from 'node:http';
import { createAccounts, type OpenAccountConfig } from './accounts.ts';
import { type Callers, createCallers } from './auth/callers.ts';
import { createIssuerKeys } from './auth/issuer-keys.ts';
import { createSuppression } from './campaigns/suppression.ts';
import type { AccountConfig } from './config/accounts.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { memoize } from './foundation/memo.ts';
import { version } from './foundation/version.ts';
import { createHttpServer } from './http/server.ts';
import type { AnswerTimeouts } from './http/timeouts.ts';
import { importStates, rowOutcomes } from './imports/import.ts';
import type { Imports } from './imports/imports.ts';
import { answerResume } from './resume.ts';
import { readSuppressionFile } from './scheduling/suppression-reader.ts';
import { createStore, type Store } from './store/store.ts';
import { createLog } from './telemetry/log.ts';
import { createMonitoring } from './telemetry/monitoring.ts';
import { createReadiness } from './telemetry/readiness.ts';
import type { LineWriter } from './telemetry/standard-output.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

/** Headers of at most 16 kB are sent sooner. */
const headersTimeoutMs = 10_000;
/** Balancers keep idle connections for a minute. They must close first, or a request may meet a closing connection. */
const keepAliveMs = 75_000;

/** Stands in for the dialer of accounts that are configured without one. */
export interface StandInDialer extends Pick<OpenAccountConfig, 'url'> {
  account: Pick<AccountConfig, 'apiKey' | 'userName'>;
  campaigns: AccountConfig['campaigns'];
}

export interface ServiceParts {
  /** @default none: then every account needs a dialer's URL */
  standIn?: StandInDialer | null;
  /** @default one of its own, as configured; one that is handed in is not closed */
  store?: Store | undefined;
  /** Takes the log's lines. @default standard output */
  log?: LineWriter;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** Of answers that nobody reads. @default half a minute, and five minutes */
  timeouts?: AnswerTimeouts | undefined;
}

export interface Service {
  readonly store: Pick<Store, 'open' | 'refused'>;
  /** Answers GraphQL, and probes. It does not listen yet. Whoever makes it listen also closes it. */
  readonly server: Server;
  /** Answers metrics, and probes. Undefined where METRICS_PORT is not set. */
  readonly monitoring: Server | undefined;
  /** An account's imports, for whoever brings files in another way than over HTTP. */
  imports(account: string): Imports | undefined;
  /** Takes the accounts and callers of another configuration. Rejects with a ConfigError, and then everything stays as it was. */
  reload(config: Config): Promise<void>;
  /** From now on probes are told that it is not ready. */
  drain(): void;
  /** Stops what was not sent yet, and resolves when every request has its answers. */
  finish(): Promise<void>;
  /** Must be called when no request is at work any more. `waitingFor` is called with each thing that is waited for. */
  close(waitingFor?: (what: string) => void): Promise<void>;
}

/** Throws a ConfigError if the configuration cannot be served. One function, since it is the list of the parts in their order. */
export async function createService(
  config: Config,
  { standIn = null, now = Date.now, timeouts, ...parts }: ServiceParts = {},
): Promise<Service> {
  const { logLevel, metricsPort, tracesUrl } = config.telemetry;
  const log = createLog(logLevel, parts.log);
  // Loaded only if they are configured: they take a tenth of a second.
  const metrics =
    metricsPort === undefined
      ? undefined
      : (await import('./telemetry/metrics.ts')).createMetrics({
          version,
          campaignNames: openAccounts(config, standIn).flatMap(({ campaigns = {} }) =>
            Object.keys(campaigns),
          ),
          dialers: () => accounts.dialers(),
          askedDialers: () => accounts.askedDialers(),
          storeState: () => readiness.storeState(),
          suppression: () => suppression.states(),
          imports: { states: importStates, outcomes: rowOutcomes },
        });
  const tracing =
    tracesUrl === undefined ? undefined : (await import('./telemetry/tracing.ts')).createTracing(tracesUrl);
  const telemetry = createTelemetry({ log, metrics, tracing });
  const answer = answerResume((name) => accounts.resume(name));
  const store = parts.store ?? createStore({ ...config.store, answer, telemetry });
  const suppression = createSuppression({ read: readSuppressionFile, report: telemetry.suppressionRead });
  const accounts = createAccounts({ config, store, suppression, now, telemetry });
  // An issuer may be down when the configuration is read again, so its keys are kept.
  const issuerKeys = memoize(10, (jwksUri: string) => createIssuerKeys(jwksUri));
  let callers: Callers;
  const apply = async (next: Config) => {
    const nextAccounts = openAccounts(next, standIn);
    const names = next.accounts.map(({ name }) => name);
    const nextCallers = createCallers(next.callers, names, issuerKeys);
    await suppression.prepare(nextAccounts);
    accounts.configure(nextAccounts);
    suppression.use(nextAccounts);
    callers = nextCallers;
  };
  let applied: Promise<void> = Promise.resolve();
  /** In the order of the calls: to read the files of suppressed numbers takes its time. */
  const reload = (next: Config) => {
    const applying = applied.then(() => apply(next));
    applied = applying.catch(() => undefined);
    return applying;
  };
  await reload(config);
  const readiness = createReadiness({
    dialers: accounts.dialers,
    storeState: store.state,
    suppression: suppression.states,
  });
  const server = createHttpServer(
    config,
    {
      accounts,
      callers: { find: (credential) => callers.find(credential) },
      telemetry,
      readiness,
      // Loaded only if it is asked for: it is the whole graph once more.
      graph: config.isSubgraph ? (await import('./schema/federation.ts')).subgraph : undefined,
      now,
      timeouts,
    },
    serverOptions(config),
  );
  const monitoring = metrics && createMonitoring(metrics, readiness);

  return {
    store: {
      refused: store.refused,
      async open() {
        await store.open();
        accounts.begin();
      },
    },
    server,
    monitoring,
    reload,
    imports: (account) => accounts.get(account)?.imports,
    drain: readiness.drain,
    finish: accounts.stop,
    async close(waitingFor = () => {}) {
      suppression.close();
      waitingFor('the connections to the dialer to close');
      await accounts.close();
      waitingFor('the store to close');
      if (parts.store === undefined) await store.close();
      waitingFor('the collector to take its traces');
      await tracing?.close();
      monitoring?.close().closeAllConnections();
    },
  };
}

function serverOptions({ requestTimeoutMs }: Config): ServerOptions {
  return {
    keepAliveTimeout: keepAliveMs,
    // It would cut off the upload of a large file: http/slow-senders.ts has one for the other bodies.
    requestTimeout: 0,
    headersTimeout: Math.min(headersTimeoutMs, requestTimeoutMs),
    // How often slow headers are looked for.
    connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
  };
}

function openAccounts({ accounts }: Config, standIn: StandInDialer | null): OpenAccountConfig[] {
  return accounts.map((account) => {
    const { url, campaigns } = account;
    if (url !== undefined) return { ...account, url };
    if (standIn === null)
      throw new ConfigError('DIALER_URL is not set any more: the sandbox needs a restart');
    return { ...account, ...standIn.account, url: standIn.url, campaigns: campaigns ?? standIn.campaigns };
  });
}
