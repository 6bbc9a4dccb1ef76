import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/config.ts';
import { ConfigError } from '../src/settings/config-error.ts';

const real = {
  DIALER_URL: 'https://dialer.example',
  DIALER_API_KEY: 'key-that-nobody-may-see',
  DIALER_USER_NAME: 'acme',
};

function fileOf(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'dialgraph-')), 'file.json');
  writeFileSync(path, content);
  return path;
}

describe('configuration', () => {
  it('needs no setting at all', () => {
    expect(parseConfig({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      maxRecordsPerMutation: 10_000,
      maxRecordsInFlight: 100_000,
      accounts: [
        {
          name: 'default',
          url: undefined,
          auth: 'basic',
          apiKey: '',
          userName: '',
          timeZone: 'Asia/Kolkata',
          region: 'IN',
          horizonDays: 30,
          campaigns: undefined,
          concurrency: 8,
          maxRequestsPerSecond: undefined,
          maxRequestsPerMinute: undefined,
        },
      ],
      callers: undefined,
      corsOrigins: [],
      requestTimeoutMs: 60_000,
      persistedOperations: { documents: {}, only: false },
      dialer: { timeoutMs: 10_000, coalesceWindowMs: 3, reconcile: true, settleMs: 60_000 },
      store: { databaseUrl: undefined, dataDir: './data', keyTtlMs: 86_400_000 },
      telemetry: {
        logLevel: 'info',
        metricsPort: undefined,
        metricsHost: '127.0.0.1',
        drainMs: 0,
        tracesUrl: undefined,
      },
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(parseConfig({ PORT: '', DIALER_URL: '', CAMPAIGNS_FILE: '' })).toEqual(parseConfig({}));
  });

  it('cannot be changed afterwards', () => {
    const config = parseConfig(real);
    expect(() => Object.assign(config.dialer, { url: 'https://elsewhere.example' })).toThrow(TypeError);
  });

  it.each([
    ['PORT', '70000', 'PORT accepts a port from 0 to 65535 (0: any free one), not "70000"'],
    ['PORT', 'http', 'PORT accepts'],
    ['DIALER_URL', 'in1-ccaas-api.ozonetel.com', 'DIALER_URL accepts an http or https URL'],
    ['DIALER_URL', 'ftp://dialer.example', 'DIALER_URL accepts'],
    ['DIALER_AUTH', 'oauth', 'DIALER_AUTH accepts v1, basic, token, not "oauth"'],
    ['DIALER_TIME_ZONE', 'Mars/Olympus', 'DIALER_TIME_ZONE accepts an IANA time zone'],
    ['DIALER_REGION', 'in', 'DIALER_REGION accepts a two-letter'],
    ['DIALER_HORIZON_DAYS', '0', 'DIALER_HORIZON_DAYS accepts'],
    ['DIALER_TIMEOUT_MS', '1.5', 'DIALER_TIMEOUT_MS accepts'],
    ['DIALER_CONCURRENCY', '-1', 'DIALER_CONCURRENCY accepts'],
    ['DIALER_RECONCILE', 'yes', 'DIALER_RECONCILE accepts on'],
    ['DIALER_SETTLE_MS', '-1', 'DIALER_SETTLE_MS accepts'],
    ['DIALER_MAX_REQUESTS_PER_SECOND', '0', 'DIALER_MAX_REQUESTS_PER_SECOND accepts'],
    ['DIALER_MAX_REQUESTS_PER_MINUTE', 'many', 'DIALER_MAX_REQUESTS_PER_MINUTE accepts'],
    ['IDEMPOTENCY_KEY_TTL_HOURS', '0', 'IDEMPOTENCY_KEY_TTL_HOURS accepts'],
    ['DATABASE_URL', `mysql://u:${real.DIALER_API_KEY}@h/d`, 'DATABASE_URL accepts the URL of a PostgreSQL'],
    ['MAX_RECORDS_IN_FLIGHT', '9999', 'is less than MAX_RECORDS_PER_MUTATION 10000'],
    ['MAX_RECORDS_PER_MUTATION', '1e4', 'MAX_RECORDS_PER_MUTATION accepts'],
    ['CORS_ORIGINS', '*', 'CORS_ORIGINS accepts exact origins such as https://app.example.com'],
    ['CORS_ORIGINS', 'https://app.example.com/', 'CORS_ORIGINS accepts'],
    ['CORS_ORIGINS', 'https://a.example,,https://b.example', 'CORS_ORIGINS accepts'],
    ['CORS_ORIGINS', 'https://*.example.com', 'CORS_ORIGINS accepts'],
    ['CORS_ORIGINS', 'null', 'CORS_ORIGINS accepts'],
    ['CORS_ORIGINS', 'app.example.com', 'CORS_ORIGINS accepts'],
    ['REQUEST_TIMEOUT_MS', '0', 'REQUEST_TIMEOUT_MS accepts'],
    ['PERSISTED_OPERATIONS_ONLY', 'true', 'PERSISTED_OPERATIONS_ONLY accepts on'],
    ['PERSISTED_OPERATIONS_ONLY', 'on', 'PERSISTED_OPERATIONS_FILE is needed where'],
    [
      'PERSISTED_OPERATIONS_FILE',
      '/does/not/exist.json',
      'PERSISTED_OPERATIONS_FILE /does/not/exist.json cannot',
    ],
    [
      'CAMPAIGNS_FILE',
      '/does/not/exist.json',
      'CAMPAIGNS_FILE /does/not/exist.json cannot be read: there is no such file',
    ],
    ['LOG_LEVEL', 'verbose', 'LOG_LEVEL accepts trace, debug, info, warn, error, fatal, silent'],
    ['METRICS_PORT', '-1', 'METRICS_PORT accepts'],
    ['DRAIN_MS', '1s', 'DRAIN_MS accepts'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317', 'OTEL_EXPORTER_OTLP_ENDPOINT accepts an http'],
  ])('refuses %s=%s in one line that names it', (name, value, message) => {
    const parse = () => parseConfig({ ...real, [name]: value });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(message);
    try {
      parse();
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
      expect((error as Error).message).not.toContain(real.DIALER_API_KEY);
    }
  });

  it('asks for the credentials that a real dialer needs', () => {
    const { DIALER_URL, DIALER_API_KEY } = real;
    expect(() => parseConfig({ DIALER_URL })).toThrow('DIALER_API_KEY is needed');
    expect(() => parseConfig({ DIALER_URL, DIALER_API_KEY })).toThrow('DIALER_USER_NAME is needed');
    expect(parseConfig({ DIALER_URL, DIALER_API_KEY, DIALER_AUTH: 'v1' }).accounts[0]?.auth).toBe('v1');
  });

  it('reads the campaigns file', () => {
    const campaigns = {
      Winter: { headers: ['Name', 'City'], routing: 'agent-wise', timeZone: 'Europe/Berlin' },
      Plain: {},
    };
    expect(parseConfig({ CAMPAIGNS_FILE: fileOf(JSON.stringify(campaigns)) }).accounts[0]?.campaigns).toEqual(
      campaigns,
    );
  });

  it.each([
    ['{', 'is not JSON'],
    ['[]', 'at its top'],
    ['{"Winter":{"headers":"City"}}', 'at Winter.headers'],
    ['{"Winter":{"routing":"agentwise"}}', 'at Winter.routing'],
    ['{"Winter":{"timeZone":"Winter"}}', 'at Winter.timeZone'],
    ['{"Winter":{"timezone":"UTC"}}', 'timezone'],
  ])('says where a campaigns file of %s is wrong', (content, message) => {
    const path = fileOf(content);
    expect(() => parseConfig({ CAMPAIGNS_FILE: path })).toThrow(`CAMPAIGNS_FILE ${path}`);
    expect(() => parseConfig({ CAMPAIGNS_FILE: path })).toThrow(message);
  });

  it('reads origins and persisted operations', () => {
    const documents = { 'sha256:1': '{ limits { region } }' };
    const env = {
      CORS_ORIGINS: 'https://app.example.com, http://localhost:5173',
      PERSISTED_OPERATIONS_FILE: fileOf(JSON.stringify(documents)),
      PERSISTED_OPERATIONS_ONLY: 'on',
    };
    expect(parseConfig(env)).toMatchObject({
      corsOrigins: ['https://app.example.com', 'http://localhost:5173'],
      persistedOperations: { documents, only: true },
    });
  });

  it.each([
    ['{', 'is not JSON'],
    ['["{ limits { region } }"]', 'at its top'],
    ['{"format":"manifest","operations":[]}', 'at '],
    ['{"sha256:1":"{ limits"}', 'at sha256:1: Syntax Error: Expected Name, found <EOF>.'],
  ])('says where a file of persisted operations that is %s is wrong', (content, message) => {
    const path = fileOf(content);
    const parse = () => parseConfig({ PERSISTED_OPERATIONS_FILE: path });
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(`PERSISTED_OPERATIONS_FILE ${path}`);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow('\n');
  });
});
