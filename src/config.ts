// The process's settings: read from the environment once, checked by one schema, frozen.
// Every setting is documented here and, in the same words, in the README. A wrong value throws a ConfigError of
// one line that names the variable and what it accepts; a secret's value is never part of it.

import { z } from 'zod';
import { dialectNames } from './dialer/contract.ts';
import { type AccountConfig, type AccountDefaults, readAccounts } from './settings/accounts.ts';
import { readCallers } from './settings/callers.ts';
import { campaignsSchema } from './settings/campaigns.ts';
import { ConfigError } from './settings/config-error.ts';
import { httpUrl, nameCharacters, origins, region, timeZone, unsafeCharacters } from './settings/fields.ts';
import { readJsonFile } from './settings/json-file.ts';
import { findMisspelt, type Misspelt } from './settings/misspelt.ts';
import { readPersistedOperations } from './settings/persisted-operations.ts';

const integer = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);

const collectorUrl = 'an http or https URL such as http://127.0.0.1:4318 (unset: no traces)';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One setting: its schema, its default, and how to say what it accepts. */
const settings = {
  HOST: { schema: z.string().min(1).default('127.0.0.1'), accepts: 'a host name or address to listen on' },
  PORT: { schema: integer(0, 65_535).default(4000), accepts: 'a port from 0 to 65535 (0: any free one)' },
  DIALER_URL: {
    schema: z.literal('sandbox').or(httpUrl).optional(),
    accepts:
      'an http or https URL such as https://in1-ccaas-api.ozonetel.com, or sandbox (the embedded one, which calls nobody)',
  },
  DIALER_API_KEY: { schema: z.string().min(1).optional(), accepts: "the account's API key" },
  DIALER_USER_NAME: { schema: z.string().min(1).optional(), accepts: "the account's user name" },
  DIALER_AUTH: { schema: z.enum(dialectNames).default('basic'), accepts: dialectNames.join(', ') },
  DIALER_TIME_ZONE: {
    schema: timeZone.default('Asia/Kolkata'),
    accepts: 'an IANA time zone such as Asia/Kolkata',
  },
  DIALER_REGION: {
    schema: region.default('IN'),
    accepts: 'a two-letter ISO 3166 region in capitals such as IN',
  },
  DIALER_HORIZON_DAYS: {
    schema: integer(1, 3650).default(30),
    accepts: 'a whole number of days from 1 to 3650',
  },
  DIALER_UNSAFE_CHARACTERS: {
    schema: unsafeCharacters.default('reject'),
    accepts:
      'reject (a record with & # % or + in a value is refused) or encode (they are sent as %26, %23, %25, %2B)',
  },
  DIALER_NAME_CHARACTERS: {
    schema: nameCharacters.default('any'),
    accepts: "any or vendor (the vendor's rule for names: a-z A-Z 0-9 _ blank ( ) . + $ % - :)",
  },
  DIALER_TIMEOUT_MS: {
    schema: integer(1, 600_000).default(10_000),
    accepts: 'a whole number of milliseconds from 1 to 600000',
  },
  DIALER_CONCURRENCY: { schema: integer(1, 1024).default(8), accepts: 'a whole number from 1 to 1024' },
  SANDBOX_PORT: {
    schema: integer(0, 65_535).optional(),
    accepts: 'a port from 0 to 65535 (0: any free one; unset: 4001, or any free one where that is taken)',
  },
  COALESCE_WINDOW_MS: {
    schema: integer(0, 1000).default(3),
    accepts: 'a whole number of milliseconds from 0 to 1000 (0: small mutations share no request)',
  },
  DIALER_MAX_REQUESTS_PER_SECOND: {
    schema: integer(1, 100_000).optional(),
    accepts: 'a whole number from 1 to 100000 (unset: no cap)',
  },
  DIALER_MAX_REQUESTS_PER_MINUTE: {
    schema: integer(1, 1_000_000).optional(),
    accepts: 'a whole number from 1 to 1000000 (unset: no cap)',
  },
  DIALER_MAX_PAUSE_SECONDS: {
    schema: integer(1, 3600).default(300),
    accepts: 'a whole number of seconds from 1 to 3600',
  },
  DIALER_RECONCILE: {
    schema: z.enum(['on', 'off']).default('on'),
    accepts: 'on (rows whose answer was lost are looked up in the dialer) or off',
  },
  DIALER_SETTLE_MS: {
    schema: integer(0, 86_400_000).default(60_000),
    accepts: 'a whole number of milliseconds from 0 to 86400000',
  },
  DATABASE_URL: {
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    accepts: 'the URL of a PostgreSQL server, postgresql://… (unset: an embedded one, in DATA_DIR)',
  },
  DATA_DIR: { schema: z.string().min(1).default('./data'), accepts: 'the path of a folder' },
  IDEMPOTENCY_KEY_TTL_HOURS: {
    schema: integer(1, 8760).default(24),
    accepts: 'a whole number of hours from 1 to 8760',
  },
  MAX_RECORDS_IN_FLIGHT: {
    schema: integer(1, 100_000_000).default(100_000),
    accepts: 'a whole number from 1 to 100000000',
  },
  MAX_RECORDS_PER_MUTATION: {
    schema: integer(1, 1_000_000).default(10_000),
    accepts: 'a whole number from 1 to 1000000',
  },
  MAX_MEMORY_FOR_REQUESTS_MB: {
    schema: integer(16, 1_000_000).optional(),
    accepts:
      'a whole number of megabytes from 16 to 1000000 (unset: 256, or what two of the longest lists take)',
  },
  CAMPAIGNS_FILE: {
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file: {"<campaign>": {"headers": […], "routing": …, "timeZone": …}}',
  },
  ACCOUNTS_FILE: {
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file with accounts, or several paths with a comma in between',
  },
  AUTH_FILE: {
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file with keys and an issuer of tokens',
  },
  AUTH: { schema: z.string().min(1).optional(), accepts: 'the JSON of AUTH_FILE itself' },
  CORS_ORIGINS: {
    schema: origins.default([]),
    accepts: 'exact origins such as https://app.example.com, separated by commas (unset: none)',
  },
  PERSISTED_OPERATIONS_FILE: {
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file: {"<id>": "<document>"}',
  },
  PERSISTED_OPERATIONS_ONLY: {
    schema: z.enum(['on', 'off']).default('off'),
    accepts: 'on (every other operation is refused) or off',
  },
  COMPRESSION: {
    schema: z.enum(['on', 'off']).default('on'),
    accepts: 'on (answers over 2 kB, for clients that take br or gzip) or off, where a proxy compresses',
  },
  REQUEST_TIMEOUT_MS: {
    schema: integer(1, 3_600_000).default(60_000),
    accepts: 'a whole number of milliseconds from 1 to 3600000',
  },
  LOG_LEVEL: { schema: z.enum(logLevels).default('info'), accepts: logLevels.join(', ') },
  METRICS_PORT: {
    schema: integer(0, 65_535).optional(),
    accepts: 'a port from 0 to 65535 (0: any free one; unset: no metrics)',
  },
  METRICS_HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    accepts: 'a host name or address to listen on',
  },
  DRAIN_MS: {
    schema: integer(0, 600_000).default(0),
    accepts: 'a whole number of milliseconds from 0 to 600000',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: { schema: httpUrl.optional(), accepts: collectorUrl },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: { schema: httpUrl.optional(), accepts: collectorUrl },
} as const;

/** Every variable that is read. */
export const settingNames: readonly string[] = Object.keys(settings);
/** Those, and what `npm run sandbox` reads besides. */
const knownNames = [
  ...settingNames,
  ...['HOST', 'API_KEY', 'USER_NAME', 'TIME_ZONE', 'REPLAY', 'NAME_CHARACTERS'].map(
    (name) => `SANDBOX_${name}`,
  ),
];

export type Config = Readonly<ReturnType<typeof parseConfig>>;

/** Reads the settings out of an environment. Throws a ConfigError for the first that is wrong. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>) {
  const read: Read = <Name extends keyof typeof settings>(name: Name) => {
    const { schema, accepts } = settings[name];
    // An empty variable is an unset one: that is how compose files and unit files write "no value".
    const result = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (!result.success) throw new ConfigError(`${name} accepts ${accepts}${shown(name, env[name])}`);
    return result.data as z.infer<(typeof settings)[Name]['schema']>;
  };

  const maxRecordsPerMutation = read('MAX_RECORDS_PER_MUTATION');
  const maxRecordsInFlight = read('MAX_RECORDS_IN_FLIGHT');
  if (maxRecordsInFlight < maxRecordsPerMutation)
    throw new ConfigError(
      `MAX_RECORDS_IN_FLIGHT ${maxRecordsInFlight} is less than MAX_RECORDS_PER_MUTATION ${maxRecordsPerMutation}`,
    );

  return deepFreeze({
    ...whoCallsWhom(env, read),
    port: read('PORT'),
    /** Undefined: the usual one, or any that is free. */
    sandboxPort: read('SANDBOX_PORT'),
    maxRecordsPerMutation,
    /** Past so many of one account, in this process, a mutation is refused at once. */
    maxRecordsInFlight,
    /** Undefined: by the longest list. */
    maxMemoryForRequestsMb: read('MAX_MEMORY_FOR_REQUESTS_MB'),
    corsOrigins: read('CORS_ORIGINS'),
    /** Of answers. */
    compresses: read('COMPRESSION') === 'on',
    /** From a request's first byte to its last; its headers have at most ten seconds of that. */
    requestTimeoutMs: read('REQUEST_TIMEOUT_MS'),
    persistedOperations: readPersistedOperations(
      read('PERSISTED_OPERATIONS_FILE'),
      read('PERSISTED_OPERATIONS_ONLY') === 'on',
    ),
    /** What is the same for every account. */
    dialer: {
      timeoutMs: read('DIALER_TIMEOUT_MS'),
      coalesceWindowMs: read('COALESCE_WINDOW_MS'),
      reconcile: read('DIALER_RECONCILE') === 'on',
      settleMs: read('DIALER_SETTLE_MS'),
      /** No `Retry-After` of the dialer stops an account for longer. */
      maxPauseSeconds: read('DIALER_MAX_PAUSE_SECONDS'),
    },
    store: {
      /** Undefined: embedded. */
      databaseUrl: read('DATABASE_URL'),
      dataDir: read('DATA_DIR'),
      keyTtlMs: read('IDEMPOTENCY_KEY_TTL_HOURS') * 3_600_000,
    },
    telemetry: {
      logLevel: read('LOG_LEVEL'),
      /** Undefined: no metrics. */
      metricsPort: read('METRICS_PORT'),
      metricsHost: read('METRICS_HOST'),
      /** How long to serve on after readiness has turned. */
      drainMs: read('DRAIN_MS'),
      /** Where a collector takes traces; undefined: there are none. */
      tracesUrl: read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? tracesOf(read('OTEL_EXPORTER_OTLP_ENDPOINT')),
    },
  });
}

function shown(name: string, value: string | undefined): string {
  const secret = name === 'DIALER_API_KEY' || name === 'DATABASE_URL' || name === 'AUTH';
  return secret || value === undefined ? '' : `, not ${JSON.stringify(value)}`;
}

/** The standard's way from the collector's address to the one for traces. */
function tracesOf(endpoint: string | undefined): string | undefined {
  return endpoint && `${endpoint.replace(/\/$/, '')}/v1/traces`;
}

type Read = <Name extends keyof typeof settings>(name: Name) => z.infer<(typeof settings)[Name]['schema']>;

/** The two ends, and how far apart they have to be kept. */
function whoCallsWhom(env: Readonly<Record<string, string | undefined>>, read: Read) {
  const misspelt = findMisspelt(env, knownNames);
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
    /** At least one. */
    accounts,
    /** Undefined: whoever reaches the port may call. */
    callers,
    host,
    /** Listens where no other machine comes, and takes every caller that does. */
    isOfThisMachine: callers === undefined && !isOpen,
    /** A line each, for whoever starts it. */
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
  if (url === undefined) refuseSilentSandbox(env, misspelt);
  else if (url !== 'sandbox') {
    if (apiKey === undefined) throw new ConfigError('DIALER_API_KEY is needed where DIALER_URL is set');
    if (userName === undefined && defaults.auth !== 'v1')
      throw new ConfigError(
        `DIALER_USER_NAME is needed where DIALER_URL is set and DIALER_AUTH is ${defaults.auth}`,
      );
  }
  const path = read('CAMPAIGNS_FILE');
  const campaigns = path === undefined ? undefined : readJsonFile('CAMPAIGNS_FILE', path, campaignsSchema);
  const credentials = { apiKey: apiKey ?? '', userName: userName ?? '' };
  return [
    { ...defaults, name: 'default', url: url === 'sandbox' ? undefined : url, ...credentials, campaigns },
  ];
}

/** Nobody sets these to try it. A server's database alone is no such sign: it is how the store is tried. */
const signsOfDialer = ['DIALER_API_KEY', 'DIALER_USER_NAME', 'AUTH_FILE', 'AUTH'] as const;

/** Where people are meant to be called, a sandbox that says SCHEDULED and calls nobody would be a lie. */
function refuseSilentSandbox(
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
