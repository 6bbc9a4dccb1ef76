// The table of settings: every environment variable that is read. docs/settings.md is generated from it.

import { z } from 'zod';
import { dialectNames } from '../upstream/contract.ts';
import { httpUrl, nameCharacters, origins, paths, region, timeZone, unsafeCharacters } from './fields.ts';

const integer = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= from && value <= to);

const collectorUrl = 'an http or https URL such as http://127.0.0.1:4318 (unset: no traces)';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One setting: what it means, its schema with its default, and how to say what it accepts. */
export const settings = {
  HOST: {
    meaning: 'where to listen',
    schema: z.string().min(1).default('127.0.0.1'),
    accepts: 'a host name or address to listen on',
  },
  PORT: {
    meaning: 'the port of GraphQL, GraphiQL and the probes',
    schema: integer(0, 65_535).default(4000),
    accepts: 'a port from 0 to 65535 (0: any free one)',
  },
  DIALER_URL: {
    meaning: "the dialer's base URL; `sandbox`: the embedded one on purpose",
    schema: z.literal('sandbox').or(httpUrl).optional(),
    accepts:
      'an http or https URL such as https://in1-ccaas-api.ozonetel.com, or sandbox (the embedded one, which calls nobody)',
  },
  DIALER_API_KEY: {
    meaning: "the account's key",
    schema: z.string().min(1).optional(),
    accepts: "the account's API key",
  },
  DIALER_USER_NAME: {
    meaning: "the account's user name; `v1` needs none",
    schema: z.string().min(1).optional(),
    accepts: "the account's user name",
  },
  DIALER_AUTH: {
    meaning:
      'how the account authenticates: `v1` (the older API), `basic` (v2, an `apiKey` header) or `token` (v2, a token that the key buys)',
    schema: z.enum(dialectNames).default('basic'),
    accepts: dialectNames.join(', '),
  },
  DIALER_TIME_ZONE: {
    meaning: "the account's zone, in which the dialer reads times: a name of the IANA data base",
    schema: timeZone.default('Asia/Kolkata'),
    accepts: 'an IANA time zone such as Asia/Kolkata',
  },
  DIALER_REGION: {
    meaning: 'the region of numbers without a country code; its own go out in national digits',
    schema: region.default('IN'),
    accepts: 'a two-letter ISO 3166 region in capitals such as IN',
  },
  DIALER_HORIZON_DAYS: {
    meaning: 'how far ahead the dialer takes a call',
    schema: integer(1, 3650).default(30),
    accepts: 'a whole number of days from 1 to 3650',
  },
  DIALER_UNSAFE_CHARACTERS: {
    meaning:
      "`encode`: `& # % +` in values go out as `%26` and so on, as the vendor's samples write a plus; without it such a record is refused",
    schema: unsafeCharacters.default('reject'),
    accepts:
      'reject (a record with & # % or + in a value is refused) or encode (they are sent as %26, %23, %25, %2B)',
  },
  DIALER_NAME_CHARACTERS: {
    meaning: "`vendor`: names of the vendor's bulk API alone are taken",
    schema: nameCharacters.default('any'),
    accepts: "any or vendor (the vendor's rule for names: a-z A-Z 0-9 _ blank ( ) . + $ % - :)",
  },
  DIALER_TIMEOUT_MS: {
    meaning: "from a request's first byte to its answer's last",
    schema: integer(1, 600_000).default(10_000),
    accepts: 'a whole number of milliseconds from 1 to 600000',
  },
  DIALER_CONCURRENCY: {
    meaning: 'chunks on their way to the dialer at a time',
    schema: integer(1, 1024).default(8),
    accepts: 'a whole number from 1 to 1024',
  },
  SANDBOX_PORT: {
    meaning: 'where the embedded sandbox listens, on this machine alone',
    schema: integer(0, 65_535).optional(),
    accepts: 'a port from 0 to 65535 (0: any free one; unset: 4001, or any free one where that is taken)',
  },
  SANDBOX_REPLAY: {
    meaning: 'how the sandbox, embedded or alone, says the values of a row when its time comes',
    schema: z.enum(['encoded', 'raw']).default('encoded'),
    accepts: 'encoded (they stay as they are) or raw (they are not encoded once more: + turns into a blank)',
  },
  SANDBOX_NAME_CHARACTERS: {
    meaning: 'which names the sandbox, embedded or alone, takes',
    schema: nameCharacters.default('any'),
    accepts: "any or vendor (the vendor's rule, as DIALER_NAME_CHARACTERS has it)",
  },
  SANDBOX_WRONG_KEY: {
    meaning: "what the sandbox, embedded or alone, tells a wrong key that asks for a campaign's status",
    schema: z.enum(['invalid-user', 'no-record']).default('invalid-user'),
    accepts: 'invalid-user, or no-record (as for a campaign that is not there)',
  },
  COALESCE_WINDOW_MS: {
    meaning:
      'how long small mutations wait for others to share a request with, while another is on its way; a lone one waits for nobody',
    schema: integer(0, 1000).default(3),
    accepts: 'a whole number of milliseconds from 0 to 1000 (0: small mutations share no request)',
  },
  DIALER_MAX_REQUESTS_PER_SECOND: {
    meaning: 'a cap on requests to the dialer, of whatever kind',
    schema: integer(1, 100_000).optional(),
    accepts: 'a whole number from 1 to 100000 (unset: no cap)',
  },
  DIALER_MAX_REQUESTS_PER_MINUTE: {
    meaning: 'the same for a minute',
    schema: integer(1, 1_000_000).optional(),
    accepts: 'a whole number from 1 to 1000000 (unset: no cap)',
  },
  DIALER_MAX_PAUSE_SECONDS: {
    meaning:
      'the longest that a `Retry-After` of the dialer stops an account; `dialgraph resume <account>` ends it sooner',
    schema: integer(1, 3600).default(300),
    accepts: 'a whole number of seconds from 1 to 3600',
  },
  DIALER_RECONCILE: {
    meaning: '`off`: rows whose answer was lost are not looked up',
    schema: z.enum(['on', 'off']).default('on'),
    accepts: 'on (rows whose answer was lost are looked up in the dialer) or off',
  },
  DIALER_SETTLE_MS: {
    meaning:
      'how long after its answer was lost the dialer may still take a row; lower it only if you know better',
    schema: integer(0, 86_400_000).default(60_000),
    accepts: 'a whole number of milliseconds from 0 to 86400000',
  },
  DIALER_CAMPAIGN_CHECK: {
    meaning:
      '`off`: the dialer is not asked whether it has a campaign before rows are sent to one that is new to this process; its answer to the rows says so. `v1` cannot ask',
    schema: z.enum(['on', 'off']).default('on'),
    accepts: 'on (a campaign that the dialer does not have is refused before anything is sent) or off',
  },
  DATABASE_URL: {
    meaning: 'a PostgreSQL server for several processes',
    schema: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    accepts: 'the URL of a PostgreSQL server, postgresql://… (unset: an embedded one, in DATA_DIR)',
  },
  DATA_DIR: {
    meaning: 'where the embedded database keeps its files; one process at a time',
    schema: z.string().min(1).default('./data'),
    accepts: 'the path of a folder',
  },
  UPLOADS_DIR: {
    meaning:
      'where files that are imported lie, with what became of their rows; several processes with one database share it',
    schema: z.string().min(1).optional(),
    accepts: 'the path of a folder (unset: `uploads` in DATA_DIR)',
  },
  IMPORT_MAX_FILE_MB: {
    meaning: 'the largest file that is imported, as it is received',
    schema: integer(1, 2047).default(256),
    accepts: 'a whole number of megabytes from 1 to 2047',
  },
  IMPORT_MAX_DECODED_MB: {
    meaning: 'the same when it is unpacked, where it is compressed or a workbook',
    schema: integer(1, 2047).default(1024),
    accepts: 'a whole number of megabytes from 1 to 2047',
  },
  IMPORT_MAX_ROWS: {
    meaning: 'rows of a file that is imported',
    schema: integer(1, 10_000_000).default(1_000_000),
    accepts: 'a whole number from 1 to 10000000',
  },
  IMPORT_MAX_ROW_KB: {
    meaning: 'the longest row of a file',
    schema: integer(1, 1024).default(64),
    accepts: 'a whole number of kilobytes from 1 to 1024',
  },
  IMPORT_MAX_COLUMNS: {
    meaning: 'columns of a file',
    schema: integer(1, 10_000).default(200),
    accepts: 'a whole number from 1 to 10000',
  },
  IMPORTS_RUNNING: {
    meaning: 'imports of one account that are checked or sent at a time',
    schema: integer(1, 100).default(2),
    accepts: 'a whole number from 1 to 100',
  },
  IMPORTS_WAITING: {
    meaning:
      'imports of one account that wait besides: for their file, for a person or for their turn; past that no more are started',
    schema: integer(0, 10_000).default(10),
    accepts: 'a whole number from 0 to 10000',
  },
  IMPORT_RETENTION_DAYS: {
    meaning:
      'how long files and results are kept after the end of an import, and how long an import waits for its file or for a person',
    schema: integer(1, 365).default(7),
    accepts: 'a whole number of days from 1 to 365',
  },
  IMPORT_PATIENCE_HOURS: {
    meaning:
      'an import ends when the dialer has accepted nothing of it for so long; at most nine tenths of `IDEMPOTENCY_KEY_TTL_HOURS`',
    schema: integer(1, 8760).default(12),
    accepts: 'a whole number of hours from 1 to 8760',
  },
  IDEMPOTENCY_KEY_TTL_HOURS: {
    meaning: 'how long a key is kept',
    schema: integer(1, 8760).default(24),
    accepts: 'a whole number of hours from 1 to 8760',
  },
  MAX_RECORDS_IN_FLIGHT: {
    meaning: 'records of one account that this process works on at a time; past that mutations are refused',
    schema: integer(1, 100_000_000).default(100_000),
    accepts: 'a whole number from 1 to 100000000',
  },
  MAX_RECORDS_PER_MUTATION: {
    meaning: 'the longest list that one mutation takes',
    schema: integer(1, 1_000_000).default(10_000),
    accepts: 'a whole number from 1 to 1000000',
  },
  RESCHEDULE_MARGIN_SECONDS: {
    meaning:
      'a record that is due within so long is not rescheduled: it might be handed over while it is, and its person be called twice',
    schema: integer(0, 86_400).default(60),
    accepts: 'a whole number of seconds from 0 to 86400',
  },
  MAX_MEMORY_FOR_REQUESTS_MB: {
    meaning:
      "memory for requests from their first byte to their answer's last, an estimate on the safe side; one caller has half at most",
    schema: integer(16, 1_000_000).optional(),
    accepts:
      'a whole number of megabytes from 16 to 1000000 (unset: 256, or what two of the longest lists take)',
  },
  CAMPAIGNS_FILE: {
    meaning: 'what campaigns define',
    schema: z.string().min(1).optional(),
    accepts:
      'the path of a JSON file: {"<campaign>": {"headers": […], "routing": …, "timeZone": …, "callingHours": …}}',
  },
  SUPPRESSION_FILES: {
    meaning:
      'numbers that are never to be called; read again when they change. An account of `ACCOUNTS_FILE` may have its own as `suppressionFiles`',
    schema: paths.default([]),
    accepts:
      'the path of a file with one number a line, or of a CSV file with a column PhoneNumber; or several paths with a comma in between (unset: none)',
  },
  ACCOUNTS_FILE: {
    meaning:
      'several accounts, in place of `DIALER_URL`, `DIALER_API_KEY`, `DIALER_USER_NAME` and `CAMPAIGNS_FILE`',
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file with accounts, or several paths with a comma in between',
  },
  AUTH_FILE: {
    meaning: 'who may call; without it whoever reaches the port may',
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file with keys and an issuer of tokens',
  },
  AUTH: {
    meaning: 'the same from the environment',
    schema: z.string().min(1).optional(),
    accepts: 'the JSON of AUTH_FILE itself',
  },
  CORS_ORIGINS: {
    meaning: 'origins whose pages may call from a browser',
    schema: origins.default([]),
    accepts: 'exact origins such as https://app.example.com, separated by commas (unset: none)',
  },
  PERSISTED_OPERATIONS_FILE: {
    meaning: 'operations that may be sent by their id',
    schema: z.string().min(1).optional(),
    accepts: 'the path of a JSON file: {"<id>": "<document>"}',
  },
  PERSISTED_OPERATIONS_ONLY: {
    meaning: '`on`: every other operation is refused',
    schema: z.enum(['on', 'off']).default('off'),
    accepts: 'on (every other operation is refused) or off',
  },
  FEDERATION: {
    meaning:
      '`on`: this service is a subgraph of Apollo Federation 2 as well, with `_service` and `_entities`; `schema.federation.graphql` is what a router composes',
    schema: z.enum(['on', 'off']).default('off'),
    accepts: 'on (routers may ask for entities by their keys) or off',
  },
  COMPRESSION: {
    meaning: 'whether answers are compressed; `off` where a proxy does that',
    schema: z.enum(['on', 'off']).default('on'),
    accepts: 'on (answers over 2 kB, for clients that take br or gzip) or off, where a proxy compresses',
  },
  REQUEST_TIMEOUT_MS: {
    meaning: 'how long a caller may take to send a request',
    schema: integer(1, 3_600_000).default(60_000),
    accepts: 'a whole number of milliseconds from 1 to 3600000',
  },
  LOG_LEVEL: {
    meaning: '`warn` leaves out what went well',
    schema: z.enum(logLevels).default('info'),
    accepts: logLevels.join(', '),
  },
  METRICS_PORT: {
    meaning: 'the port of `/metrics`',
    schema: integer(0, 65_535).optional(),
    accepts: 'a port from 0 to 65535 (0: any free one; unset: no metrics)',
  },
  METRICS_HOST: {
    meaning: 'where that port listens',
    schema: z.string().min(1).default('127.0.0.1'),
    accepts: 'a host name or address to listen on',
  },
  DRAIN_MS: {
    meaning: 'how long to serve on, and say that it is not ready, after a signal to end',
    schema: integer(0, 600_000).default(0),
    accepts: 'a whole number of milliseconds from 0 to 600000',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    meaning: 'an OpenTelemetry collector',
    schema: httpUrl.optional(),
    accepts: collectorUrl,
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    meaning: 'the address for traces alone, whole, in place of the former and `/v1/traces`',
    schema: httpUrl.optional(),
    accepts: collectorUrl,
  },
} as const;
