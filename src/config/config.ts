// The settings of the process. They are read from the environment once, checked by one schema, and frozen.
// A wrong value throws a ConfigError of one line that names the variable and what it accepts. A secret is never part of it.

import { join } from 'node:path';
import type { z } from 'zod';
import { needsUserName } from '../upstream/contract.ts';
import { type AccountConfig, type AccountDefaults, readAccounts } from './accounts.ts';
import { readCallers } from './callers.ts';
import { campaignsSchema } from './campaigns.ts';
import { ConfigError } from './config-error.ts';
import { readJsonFile } from './json-file.ts';
import { findMisspelt, type Misspelt } from './misspelt.ts';
import { readPersistedOperations } from './persisted-operations.ts';
import { settings } from './settings.ts';

/** Every variable that the service reads. */
export const settingNames: readonly string[] = Object.keys(settings);
/** Those, and the variables that only `npm run sandbox` reads. */
const knownNames = [
  ...settingNames,
  ...['HOST', 'API_KEY', 'USER_NAME', 'TIME_ZONE'].map((name) => `SANDBOX_${name}`),
];

export type Config = Readonly<ReturnType<typeof parseConfig>>;

/** Reads the settings from an environment. Throws a ConfigError for the first that is wrong. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>) {
  const read: Read = <Name extends keyof typeof settings>(name: Name) => {
    const { schema, accepts } = settings[name];
    // An empty variable counts as unset: compose files and unit files write "no value" so.
    const result = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (!result.success) throw new ConfigError(`${name} accepts ${accepts}${givenValue(name, env[name])}`);
    return result.data as z.infer<(typeof settings)[Name]['schema']>;
  };

  const maxRecordsPerMutation = read('MAX_RECORDS_PER_MUTATION');
  const maxRecordsInFlight = read('MAX_RECORDS_IN_FLIGHT');
  if (maxRecordsInFlight < maxRecordsPerMutation)
    throw new ConfigError(
      `MAX_RECORDS_IN_FLIGHT ${maxRecordsInFlight} is less than MAX_RECORDS_PER_MUTATION ${maxRecordsPerMutation}`,
    );

  const isSubgraph = read('FEDERATION') === 'on';
  const onlyPersisted = read('PERSISTED_OPERATIONS_ONLY') === 'on';
  if (isSubgraph && onlyPersisted)
    throw new ConfigError(
      'FEDERATION cannot be on where PERSISTED_OPERATIONS_ONLY is: a router writes its operations itself',
    );

  return deepFreeze({
    ...readAccountsAndCallers(env, read),
    port: read('PORT'),
    /** The embedded sandbox. */
    sandbox: {
      /** Undefined: the usual port, or any that is free. */
      port: read('SANDBOX_PORT'),
      replay: read('SANDBOX_REPLAY'),
      nameCharacters: read('SANDBOX_NAME_CHARACTERS'),
      wrongKey: read('SANDBOX_WRONG_KEY'),
    },
    maxRecordsPerMutation,
    /** With so many records of one account in this process, further mutations are refused at once. */
    maxRecordsInFlight,
    /** Undefined: enough for the longest list. */
    maxMemoryForRequestsMb: read('MAX_MEMORY_FOR_REQUESTS_MB'),
    /** A record whose time is nearer is not rescheduled. */
    rescheduleMarginMs: read('RESCHEDULE_MARGIN_SECONDS') * 1000,
    corsOrigins: read('CORS_ORIGINS'),
    /** Whether answers are compressed. */
    compresses: read('COMPRESSION') === 'on',
    /** From a request's first byte to its last. Its headers have at most ten seconds of that. */
    requestTimeoutMs: read('REQUEST_TIMEOUT_MS'),
    persistedOperations: readPersistedOperations(read('PERSISTED_OPERATIONS_FILE'), onlyPersisted),
    /** Whether routers may ask for entities by their keys. */
    isSubgraph,
    /** The settings that are the same for every account. */
    dialer: {
      timeoutMs: read('DIALER_TIMEOUT_MS'),
      coalesceWindowMs: read('COALESCE_WINDOW_MS'),
      reconcile: read('DIALER_RECONCILE') === 'on',
      settleMs: read('DIALER_SETTLE_MS'),
      /** Whether campaigns that are new to this process are asked for before anything is sent. */
      checksCampaigns: read('DIALER_CAMPAIGN_CHECK') === 'on',
      /** The longest pause that a `Retry-After` of the dialer may cause. */
      maxPauseSeconds: read('DIALER_MAX_PAUSE_SECONDS'),
    },
    store: {
      /** Undefined: the embedded database. */
      databaseUrl: read('DATABASE_URL'),
      dataDir: read('DATA_DIR'),
      keyTtlMs: read('IDEMPOTENCY_KEY_TTL_HOURS') * 3_600_000,
      imports: {
        /** Of one account. */
        running: read('IMPORTS_RUNNING'),
        waiting: read('IMPORTS_WAITING'),
        keptMs: read('IMPORT_RETENTION_DAYS') * 24 * 3_600_000,
      },
    },
    imports: readImports(read),
    telemetry: {
      logLevel: read('LOG_LEVEL'),
      /** Undefined: no metrics. */
      metricsPort: read('METRICS_PORT'),
      metricsHost: read('METRICS_HOST'),
      /** How long requests are still served after the process says that it is not ready. */
      drainMs: read('DRAIN_MS'),
      /** Where a collector takes traces; undefined: no traces. */
      tracesUrl: read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? tracesOf(read('OTEL_EXPORTER_OTLP_ENDPOINT')),
    },
  });
}

function givenValue(name: string, value: string | undefined): string {
  const secret = name === 'DIALER_API_KEY' || name === 'DATABASE_URL' || name === 'AUTH';
  return secret || value === undefined ? '' : `, not ${JSON.stringify(value)}`;
}

/** The address for traces, which OpenTelemetry's standard makes from the collector's. */
function tracesOf(endpoint: string | undefined): string | undefined {
  return endpoint && `${endpoint.replace(/\/$/, '')}/v1/traces`;
}

type Read = <Name extends keyof typeof settings>(name: Name) => z.infer<(typeof settings)[Name]['schema']>;

const megabyte = 1024 * 1024;

function readImports(read: Read) {
  const patienceHours = Math.min(read('IMPORT_PATIENCE_HOURS'), 0.9 * read('IDEMPOTENCY_KEY_TTL_HOURS'));
  return {
    uploadsDir: read('UPLOADS_DIR') ?? join(read('DATA_DIR'), 'uploads'),
    maxFileBytes: read('IMPORT_MAX_FILE_MB') * megabyte,
    maxDecodedBytes: read('IMPORT_MAX_DECODED_MB') * megabyte,
    maxRows: read('IMPORT_MAX_ROWS'),
    maxRowBytes: read('IMPORT_MAX_ROW_KB') * 1024,
    maxColumns: read('IMPORT_MAX_COLUMNS'),
    patienceMs: patienceHours * 3_600_000,
  };
}

/** The accounts, the callers and the host. They are read together, since what is allowed of each depends on the others. */
function readAccountsAndCallers(env: Readonly<Record<string, string | undefined>>, read: Read) {
  const misspelt = findMisspelt(env, knownNames);
  // A warning would be read when people who must not be called have been called.
  const unheeded = misspelt.find(({ near }) => near === 'SUPPRESSION_FILES');
  if (unheeded !== undefined)
    throw new ConfigError(`${unheeded.name} is no setting: is SUPPRESSION_FILES meant?`);
  const accounts = accountsOf(env, read, misspelt);
  const callers = readCallers(
    { file: read('AUTH_FILE'), json: read('AUTH') },
    accounts.map(({ name }) => name),
  );
  if (callers === undefined && accounts.length > 1)
    throw new ConfigError('ACCOUNTS_FILE has several accounts: AUTH_FILE must say whose calls go to which');
  const host = read('HOST');
  const isOpen = callers === undefined && !isLoopback(host);
  const isSandbox = accounts.every(({ url }) => url === undefined);
  if (isOpen && !isSandbox)
    throw new ConfigError(
      `HOST ${host} would let everybody who reaches it call people: set AUTH_FILE (dialgraph key makes a key), or listen on 127.0.0.1`,
    );
  const warnings = misspelt.map(warningOf);
  if (isSandbox && read('DIALER_URL') === undefined && read('DATABASE_URL') !== undefined)
    warnings.push('DATABASE_URL is set, and DIALER_URL is not: the sandbox stands in, which calls nobody');
  if (isOpen) warnings.push(`HOST ${host} lets everybody who reaches it in; the sandbox calls nobody`);
  return {
    /** There is at least one. */
    accounts,
    /** Undefined: everybody who reaches the port may call. */
    callers,
    host,
    /** Whether only this machine reaches the port, and everybody who reaches it may call. */
    isOfThisMachine: callers === undefined && !isOpen,
    /** One line each, for whoever starts the process. */
    warnings,
  };
}

function accountsOf(
  env: Readonly<Record<string, string | undefined>>,
  read: Read,
  misspelt: readonly Misspelt[],
): AccountConfig[] {
  const defaults: AccountDefaults = {
    auth: read('DIALER_AUTH'),
    timeZone: read('DIALER_TIME_ZONE'),
    region: read('DIALER_REGION'),
    horizonDays: read('DIALER_HORIZON_DAYS'),
    unsafeCharacters: read('DIALER_UNSAFE_CHARACTERS'),
    nameCharacters: read('DIALER_NAME_CHARACTERS'),
    concurrency: read('DIALER_CONCURRENCY'),
    maxRequestsPerSecond: read('DIALER_MAX_REQUESTS_PER_SECOND'),
    maxRequestsPerMinute: read('DIALER_MAX_REQUESTS_PER_MINUTE'),
    suppressionFiles: read('SUPPRESSION_FILES'),
  };
  const file = read('ACCOUNTS_FILE');
  if (file !== undefined) {
    for (const name of ['DIALER_URL', 'DIALER_API_KEY', 'DIALER_USER_NAME', 'CAMPAIGNS_FILE'] as const)
      if (read(name) !== undefined)
        throw new ConfigError(`${name} cannot be set where ACCOUNTS_FILE is: what it says stands in there`);
    return readAccounts(file, defaults, env);
  }
  const url = read('DIALER_URL');
  const apiKey = read('DIALER_API_KEY');
  const userName = read('DIALER_USER_NAME');
  if (url === undefined) refuseUnwantedSandbox(env, misspelt);
  else if (url !== 'sandbox') {
    if (apiKey === undefined) throw new ConfigError('DIALER_API_KEY is needed where DIALER_URL is set');
    if (userName === undefined && needsUserName[defaults.auth])
      throw new ConfigError(
        `DIALER_USER_NAME is needed where DIALER_URL is set and DIALER_AUTH is ${defaults.auth}`,
      );
  }
  const path = read('CAMPAIGNS_FILE');
  const campaigns = path === undefined ? undefined : readJsonFile('CAMPAIGNS_FILE', path, campaignsSchema);
  const credentials = { apiKey: apiKey ?? '', userName: userName ?? '' };
  return [
    {
      ...defaults,
      name: 'default',
      url: url === 'sandbox' ? undefined : url,
      ...credentials,
      campaigns,
      callingHours: undefined,
    },
  ];
}

/** Nobody sets these to try the service out. DATABASE_URL is not among them: it is set to try the store out. */
const signsOfDialer = ['DIALER_API_KEY', 'DIALER_USER_NAME', 'AUTH_FILE', 'AUTH'] as const;

/** Refuses the sandbox where people are meant to be called: it would answer SCHEDULED and call nobody. */
function refuseUnwantedSandbox(
  env: Readonly<Record<string, string | undefined>>,
  misspelt: readonly Misspelt[],
): void {
  const signs = [
    ...misspelt
      .filter(({ isOfDialer }) => isOfDialer)
      .map(({ name, near }) => (near ? `${name} (${near}?)` : name)),
    ...signsOfDialer.filter((name) => (env[name] ?? '') !== ''),
    ...(/^prod(uction)?$/i.test(env.NODE_ENV ?? '') ? [`NODE_ENV=${env.NODE_ENV}`] : []),
  ];
  if (signs.length === 0) return;
  throw new ConfigError(
    `DIALER_URL or ACCOUNTS_FILE is needed where there is ${signs.join(', ')}; DIALER_URL=sandbox asks for the embedded sandbox, which calls nobody`,
  );
}

function warningOf({ name, near }: Misspelt): string {
  return `${name} is no setting, and has no effect${near ? `: is ${near} meant?` : ''}`;
}

function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|::1)$/i.test(host);
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  return Object.freeze(value);
}
