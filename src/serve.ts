// The process edge: the environment, the sandbox, listening, signals and exit codes.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { type Config, parseConfig } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { endpoint } from './http/server.ts';
import { createSandbox, type Sandbox, usualPort } from './sandbox/sandbox.ts';
import { createService, type Service } from './service.ts';
import { createShutdown, endDeadlineMs, flushMs } from './shutdown.ts';

/** After so long a database server that cannot be reached is not waited for. */
const storeMs = 3500;

/**
 * How much what is in use may grow before V8 looks for what is not. By itself it waits for up to four times as much where
 * a lot is made and left: 330 MB beside a file of a million leads instead of 230.
 */
setFlagsFromString('--heap-growing-percent=85');

try {
  await start(parseConfig(process.env));
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}

async function start(config: Config): Promise<void> {
  for (const warning of config.warnings) console.error(`Warning: ${warning}`);
  const sandbox = await sandboxFor(config);
  const service = await createService(config, { standIn: sandbox }).catch(async (error: unknown) => {
    // It would keep the process from ending.
    await sandbox?.close();
    throw error;
  });
  const { server, monitoring, store } = service;
  const { metricsPort, metricsHost, drainMs } = config.telemetry;

  let stopped: Promise<void>;
  const { close, end, endOnSignals } = createShutdown(
    [
      [
        'DRAIN_MS to pass',
        () => {
          // Balancers are told first, and have time to react.
          service.drain();
          return server.listening && sleep(drainMs);
        },
      ],
      [
        'the dialer to answer what was sent',
        () => {
          stopped = stopListening(server);
          return service.finish();
        },
      ],
      [
        'callers to take their answers',
        async () => {
          // Every answer is written by now. An idle connection would keep the process from ending.
          const grace = setTimeout(() => server.closeAllConnections(), flushMs);
          await stopped;
          clearTimeout(grace);
        },
      ],
      ['the service to close', service.close],
      ['the sandbox to close', () => sandbox?.close()],
    ],
    endDeadlineMs({ drainMs, timeoutMs: config.dialer.timeoutMs }),
  );
  endOnSignals();
  try {
    await openStore(store, config.store.databaseUrl !== undefined);
    if (monitoring && metricsPort !== undefined)
      await listen(monitoring, metricsHost, metricsPort, 'METRICS_');
    await listen(server, config.host, config.port);
  } catch (error) {
    await close();
    throw error;
  }
  store.refused.catch((error: Error) => {
    console.error(error.message);
    end(1);
  });
  process.on('SIGHUP', async () => {
    try {
      const next = parseConfig(process.env);
      await service.reload(next);
      console.log(`SIGHUP: ${next.accounts.length} account(s) as configured now`);
    } catch (error) {
      console.error(`SIGHUP: everything stays as it was. ${(error as Error).message}`);
    }
  });
  greet(config, portOf(server), sandbox?.url, monitoring && portOf(monitoring));
}

/** A database server that works answers at once. One that does not, and an embedded database, go on opening in the background. */
async function openStore(store: Service['store'], isServer: boolean): Promise<void> {
  const opened = store.open().catch((error: Error) => {
    throw new ConfigError(error.message);
  });
  if (isServer) await Promise.race([opened, sleep(storeMs)]);
  // `refused` reports it.
  opened.catch(() => undefined);
}

/** At its usual port, so that its page can stay open in a browser, or at any other if that is taken. */
async function sandboxFor({ accounts, port, sandbox, telemetry }: Config): Promise<Sandbox | null> {
  const [account] = accounts;
  if (account === undefined || account.url !== undefined) return null;
  const options = { ...sandbox, timeZone: account.timeZone };
  const isTaken = [port, telemetry.metricsPort].includes(usualPort);
  try {
    return await createSandbox({ ...options, port: sandbox.port ?? (isTaken ? 0 : usualPort) });
  } catch (error) {
    if (sandbox.port === undefined) return await createSandbox(options);
    throw cannotListen(error as NodeJS.ErrnoException, '127.0.0.1', sandbox.port, 'SANDBOX_');
  }
}

/** `prefix`: of the names of its settings. */
function listen(server: Server, host: string, port: number, prefix = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port, prefix)));
    server.listen(port, host, resolve);
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number, prefix: string): ConfigError {
  const reason =
    error.code === 'EADDRINUSE'
      ? `${prefix}PORT ${port} is taken`
      : `${prefix}HOST ${host} ${prefix}PORT ${port}: ${error.message}`;
  return new ConfigError(`Cannot listen: ${reason}`);
}

/** Resolves when the last running request has been answered. */
function stopListening(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    // A kept-alive connection that was busy at first becomes idle later.
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
  { host, accounts, callers, persistedOperations: { documents, only }, telemetry }: Config,
  port: number,
  sandboxUrl: string | undefined,
  metricsPort: number | undefined,
): void {
  const url = urlOf(host, port, endpoint);
  const time = new Date(
    Date.now() + Math.min(...accounts.map(({ horizonDays }) => horizonDays)) * 43_200_000,
  ).toISOString();
  // With a real dialer the example only validates.
  const example = `mutation { scheduleCampaignData(input: { campaignName: \\"Sales_Demo\\"${sandboxUrl ? '' : ', validateOnly: true'}, records: [{ reference: \\"lead-1\\", phoneNumber: \\"098765 43210\\", scheduledTime: \\"${time}\\" }, { reference: \\"lead-2\\", phoneNumber: \\"12345\\", scheduledTime: \\"${time}\\" }] }) { ... on ScheduleCampaignDataPayload { status results { __typename ... on ScheduledRecord { reference dialerTime message } ... on ValidRecord { reference message } ... on RecordError { reference code message } } } ... on InvalidInputError { message } } }`;
  console.log(
    [
      `Dialgraph serves GraphQL at ${url}`,
      sandboxUrl
        ? `Dialer:   the embedded sandbox, which calls nobody. What it accepted: ${sandboxUrl}/`
        : `Dialer:   ${accounts.map(({ name, url }) => `${new URL(url ?? '').host} (${name})`).join(', ')}, which calls people.`,
      callers === undefined
        ? 'Open:     whoever reaches this port may call. AUTH_FILE closes it.'
        : 'Callers:  those of AUTH_FILE.',
      ...(metricsPort === undefined
        ? []
        : [`Metrics:  ${urlOf(telemetry.metricsHost, metricsPort, '/metrics')}`]),
      ...(only
        ? [
            `Takes:    the ${Object.keys(documents).length} operations of PERSISTED_OPERATIONS_FILE, and no others.`,
          ]
        : [
            `GraphiQL: open ${url} in a browser`,
            'Try it:',
            `  curl -s ${url} -H 'content-type: application/json'${callers ? ' -H "authorization: Bearer $KEY"' : ''} -d '{"query":"${example}"}'`,
          ]),
    ].join('\n'),
  );
}
