// The process edge: environment, the parts and who owns them, the listener, signals and exit codes.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, endpoint } from './app.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { createDialer } from './dialer/client.ts';
import { createSandbox } from './sandbox/sandbox.ts';
import { createStore } from './store/store.ts';
import { createLog } from './telemetry/log.ts';
import { createMonitoring } from './telemetry/monitoring.ts';
import { createReadiness } from './telemetry/readiness.ts';
import { createTelemetry } from './telemetry/telemetry.ts';
import { version } from './version.ts';

/** From the last answer's being there to the end of connections that nobody uses. */
const flushMs = 2000;

try {
  await start(parseConfig(process.env));
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}

async function start(config: Config): Promise<void> {
  const { timeZone } = config;
  const { url, apiKey, userName } = config.dialer;
  const sandbox = url === undefined ? await createSandbox({ timeZone }) : null;
  const account = sandbox?.account ?? { apiKey: apiKey ?? '', userName: userName ?? '' };
  const store = createStore({
    ...config.store,
    apiKey: account.apiKey,
    // The embedded sandbox has another port each time, and v1 no user name.
    account: url === undefined ? 'sandbox' : `${new URL(url).href} ${account.userName || account.apiKey}`,
  });
  const campaigns = config.campaigns ?? sandbox?.campaigns ?? {};
  const dialers = () => [dialer.state()];
  const { logLevel, metricsPort, metricsHost, drainMs, tracesUrl } = config.telemetry;
  const log = createLog(logLevel);
  // Loaded where they are wanted: they take a tenth of a second.
  const metrics =
    metricsPort === undefined
      ? undefined
      : (await import('./telemetry/metrics.ts')).createMetrics({
          version,
          campaignNames: Object.keys(campaigns),
          dialers,
        });
  const tracing =
    tracesUrl === undefined ? undefined : (await import('./telemetry/tracing.ts')).createTracing(tracesUrl);
  const telemetry = createTelemetry({ log, metrics, tracing });
  const readiness = createReadiness({ dialers, isStoreReachable: store.isReachable });
  const dialer = createDialer(
    { ...config.dialer, ...account, url: url ?? sandbox?.url ?? '', timeZone },
    { telemetry, ...(store.shared && { shared: store.shared }) },
  );
  const app = createApp(config, {
    dialer,
    keys: store.keys,
    campaigns,
    telemetry,
    readiness,
  });
  const server = createServer(app.listener);
  const monitoring = metrics && createMonitoring(metrics, readiness);

  const close = async () => {
    // Whoever sends requests here is told first, and has time to hear it.
    readiness.drain();
    if (server.listening) await sleep(drainMs);
    const stopped = stopListening(server);
    await app.close();
    // Every answer is written by now; a connection on which nobody asks anything would hold the end up for ever.
    const grace = setTimeout(() => server.closeAllConnections(), flushMs);
    await stopped;
    clearTimeout(grace);
    await dialer.close();
    await store.close();
    await sandbox?.close();
    await tracing?.close();
    monitoring?.close().closeAllConnections();
  };
  try {
    if (monitoring && metricsPort !== undefined)
      await listen(monitoring, metricsHost, metricsPort, 'METRICS_');
    await listen(server, config.host, config.port);
  } catch (error) {
    await close();
    throw error;
  }
  let closing = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (closing) process.exit(1);
      closing = true;
      console.log(`${signal}: finishing what was sent (again: stop at once)`);
      close().then(
        () => process.exit(0),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  greet(config, portOf(server), sandbox?.url, monitoring && portOf(monitoring));
}

/** `prefix`: of its settings' names. */
function listen(server: Server, host: string, port: number, prefix = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken =
        error.code === 'EADDRINUSE'
          ? `${prefix}PORT ${port} is taken`
          : `${prefix}HOST ${host} ${prefix}PORT ${port}: ${error.message}`;
      reject(new ConfigError(`Cannot listen: ${taken}`));
    });
    server.listen(port, host, resolve);
  });
}

/** Resolves when the last running request has been answered. */
function stopListening(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    // A kept-alive connection that was busy at first falls idle later.
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function urlOf(host: string, port: number, path: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

function greet(
  { host, horizonDays, dialer, telemetry }: Config,
  port: number,
  sandboxUrl: string | undefined,
  metricsPort: number | undefined,
): void {
  const url = urlOf(host, port, endpoint);
  const time = new Date(Date.now() + horizonDays * 43_200_000).toISOString();
  // What the example schedules is real where the dialer is: it validates only there.
  const example = `mutation { scheduleCampaignData(input: { campaignName: \\"Sales_Demo\\"${sandboxUrl ? '' : ', validateOnly: true'}, records: [{ reference: \\"lead-1\\", phoneNumber: \\"098765 43210\\", scheduledTime: \\"${time}\\" }, { reference: \\"lead-2\\", phoneNumber: \\"12345\\", scheduledTime: \\"${time}\\" }] }) { ... on ScheduleCampaignDataPayload { status results { __typename ... on ScheduledRecord { reference dialerTime message } ... on ValidRecord { reference message } ... on RecordError { reference code message } } } ... on InvalidInputError { message } } }`;
  console.log(
    [
      `Dialgraph serves GraphQL at ${url}`,
      sandboxUrl
        ? `Dialer:   the embedded sandbox, which calls nobody. What it accepted: ${sandboxUrl}/`
        : `Dialer:   ${new URL(dialer.url ?? '').host}, which calls people.`,
      `GraphiQL: open ${url} in a browser`,
      ...(metricsPort === undefined
        ? []
        : [`Metrics:  ${urlOf(telemetry.metricsHost, metricsPort, '/metrics')}`]),
      'Try it:',
      `  curl -s ${url} -H 'content-type: application/json' -d '{"query":"${example}"}'`,
    ].join('\n'),
  );
}
