// The process's settings: read from the environment once, checked by one schema, frozen.
// Every setting is documented here and, in the same words, in the README. A wrong value throws a ConfigError of
// one line that names the variable and what it accepts; a secret's value is never part of it.

import { readFileSync } from 'node:fs';
import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import { z } from 'zod';
import { dialectNames } from './dialer/contract.ts';
import { isTimeZone } from './time-zone.ts';

/** What a campaign's mapping file defines, as far as this layer has been told. */
export interface CampaignDefinition {
  /**
   * Headers of the mapping file besides PhoneNumber and ScheduledTime; a record with any other is refused here.
   * @default undefined: unknown, so every header is passed on
   */
  headers?: readonly string[] | undefined;
  /** Agent-wise campaigns need an agent id in every record; skill-wise ones route by `skill`. */
  routing?: 'agent-wise' | 'skill-wise' | undefined;
  /** The zone in which the dialer reads this campaign's times. @default the account's */
  timeZone?: string | undefined;
}

export type CampaignDefinitions = Readonly<Record<string, CampaignDefinition>>;

export class ConfigError extends Error {}

const integer = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);

const timeZone = z.string().refine(isTimeZone);

const httpUrl = z.url({ protocol: /^https?$/ });

const collectorUrl = 'an http or https URL such as http://127.0.0.1:4318 (unset: no traces)';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One setting: its schema, its default, and how to say what it accepts. */
const settings = {
  HOST: { schema: z.string().min(1).default('127.0.0.1'), accepts: 'a host name or address to listen on' },
  PORT: { schema: integer(0, 65_535).default(4000), accepts: 'a port from 0 to 65535 (0: any free one)' },
  DIALER_URL: {
    schema: httpUrl.optional(),
    accepts: 'an http or https URL such as https://in1-ccaas-api.ozonetel.com (unset: the embedded sandbox)',
  },
  DIALER_API_KEY: { schema: z.string().min(1).optional(), accepts: "the account's API key" },
  DIALER_USER_NAME: { schema: z.string().min(1).optional(), accepts: "the account's user name" },
  DIALER_AUTH: { schema: z.enum(dialectNames).default('basic'), accepts: dialectNames.join(', ') },
  DIALER_TIME_ZONE: {
    schema: timeZone.default('Asia/Kolkata'),
    accepts: 'an IANA time zone such as Asia/Kolkata',
  },
  DIALER_REGION: {
    schema: z
      .string()
      .refine(isSupportedCountry)
      .transform((region) => region as CountryCode)
      .default('IN'),
    accepts: 'a two-letter ISO 3166 region in capitals such as IN',
  },
  DIALER_HORIZON_DAYS: {
    schema: integer(1, 3650).default(30),
    accepts: 'a whole number of days from 1 to 3650',
  },
  DIALER_TIMEOUT_MS: {
    schema: integer(1, 600_000).default(10_000),
    accepts: 'a whole number of milliseconds from 1 to 600000',
  },
  DIALER_CONCURRENCY: { schema: integer(1, 1024).default(8), accepts: 'a whole number from 1 to 1024' },
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
  CAMPAIGNS_FILE: {
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file: {"<campaign>": {"headers": […], "routing": …, "timeZone": …}}',
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

const campaignsSchema = z.record(
  z.string().min(1),
  z.strictObject({
    headers: z.array(z.string().trim().min(1)).optional(),
    routing: z.enum(['agent-wise', 'skill-wise']).optional(),
    timeZone: timeZone.optional(),
  }),
);

export type Config = Readonly<ReturnType<typeof parseConfig>>;
export type DialerConfig = Config['dialer'];

/** Reads the settings out of an environment. Throws a ConfigError for the first that is wrong. */
export function parseConfig(env: Readonly<Record<string, string | undefined>>) {
  const read = <Name extends keyof typeof settings>(
    name: Name,
  ): z.infer<(typeof settings)[Name]['schema']> => {
    const { schema, accepts } = settings[name];
    // An empty variable is an unset one: that is how compose files and unit files write "no value".
    const result = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (!result.success) throw new ConfigError(`${name} accepts ${accepts}${shown(name, env[name])}`);
    return result.data as z.infer<(typeof settings)[Name]['schema']>;
  };

  const url = read('DIALER_URL');
  const auth = read('DIALER_AUTH');
  const apiKey = read('DIALER_API_KEY');
  const userName = read('DIALER_USER_NAME');
  if (url !== undefined) {
    if (apiKey === undefined) throw new ConfigError('DIALER_API_KEY is needed where DIALER_URL is set');
    if (userName === undefined && auth !== 'v1')
      throw new ConfigError(`DIALER_USER_NAME is needed where DIALER_URL is set and DIALER_AUTH is ${auth}`);
  }
  const campaignsFile = read('CAMPAIGNS_FILE');
  const maxRecordsPerMutation = read('MAX_RECORDS_PER_MUTATION');
  const maxRecordsInFlight = read('MAX_RECORDS_IN_FLIGHT');
  if (maxRecordsInFlight < maxRecordsPerMutation)
    throw new ConfigError(
      `MAX_RECORDS_IN_FLIGHT ${maxRecordsInFlight} is less than MAX_RECORDS_PER_MUTATION ${maxRecordsPerMutation}`,
    );

  return deepFreeze({
    host: read('HOST'),
    port: read('PORT'),
    maxRecordsPerMutation,
    /** Past so many in this process a mutation is refused at once. */
    maxRecordsInFlight,
    /** The default region of phone numbers, and the one whose numbers go out in national digits. */
    region: read('DIALER_REGION'),
    timeZone: read('DIALER_TIME_ZONE'),
    horizonDays: read('DIALER_HORIZON_DAYS'),
    campaigns: campaignsFile === undefined ? undefined : readCampaigns(campaignsFile),
    dialer: {
      /** Undefined: the embedded sandbox stands in. */
      url,
      auth,
      apiKey,
      userName,
      timeoutMs: read('DIALER_TIMEOUT_MS'),
      concurrency: read('DIALER_CONCURRENCY'),
      coalesceWindowMs: read('COALESCE_WINDOW_MS'),
      maxRequestsPerSecond: read('DIALER_MAX_REQUESTS_PER_SECOND'),
      maxRequestsPerMinute: read('DIALER_MAX_REQUESTS_PER_MINUTE'),
      reconcile: read('DIALER_RECONCILE') === 'on',
      settleMs: read('DIALER_SETTLE_MS'),
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
  const secret = name === 'DIALER_API_KEY' || name === 'DATABASE_URL';
  return secret || value === undefined ? '' : `, not ${JSON.stringify(value)}`;
}

/** The standard's way from the collector's address to the one for traces. */
function tracesOf(endpoint: string | undefined): string | undefined {
  return endpoint && `${endpoint.replace(/\/$/, '')}/v1/traces`;
}

function readCampaigns(path: string): CampaignDefinitions {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`CAMPAIGNS_FILE ${path} cannot be read as JSON: ${(error as Error).message}`);
  }
  const result = campaignsSchema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ConfigError(`CAMPAIGNS_FILE ${path} at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`);
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value))
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner as object);
  return Object.freeze(value);
}
