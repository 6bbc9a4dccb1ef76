import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/config-error.ts';

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
      warnings: [],
      host: '127.0.0.1',
      isOfThisMachine: true,
      isSubgraph: false,
      port: 4000,
      sandbox: { port: undefined, replay: 'encoded', nameCharacters: 'any', wrongKey: 'invalid-user' },
      maxRecordsPerMutation: 10_000,
      maxRecordsInFlight: 100_000,
      rescheduleMarginMs: 60_000,
      maxMemoryForRequestsMb: undefined,
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
          unsafeCharacters: 'reject',
          nameCharacters: 'any',
          campaigns: undefined,
          concurrency: 8,
          maxRequestsPerSecond: undefined,
          maxRequestsPerMinute: undefined,
          callingHours: undefined,
          suppressionFiles: [],
        },
      ],
      callers: undefined,
      corsOrigins: [],
      compresses: true,
      requestTimeoutMs: 60_000,
      persistedOperations: { documents: {}, only: false },
      dialer: {
        timeoutMs: 10_000,
        coalesceWindowMs: 3,
        reconcile: true,
        settleMs: 60_000,
        checksCampaigns: true,
        maxPauseSeconds: 300,
      },
      store: {
        databaseUrl: undefined,
        dataDir: './data',
        keyTtlMs: 86_400_000,
        imports: { running: 2, waiting: 10, keptMs: 604_800_000 },
      },
      imports: {
        uploadsDir: 'data/uploads',
        maxFileBytes: 256 * 1024 * 1024,
        maxDecodedBytes: 1024 * 1024 * 1024,
        maxRows: 1_000_000,
        maxRowBytes: 65_536,
        maxColumns: 200,
        patienceMs: 43_200_000,
      },
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
    ['DIALER_URL', 'Sandbox', 'DIALER_URL accepts an http or https URL such as'],
    ['SANDBOX_REPLAY', 'twice', 'SANDBOX_REPLAY accepts encoded'],
    ['SANDBOX_NAME_CHARACTERS', 'ascii', 'SANDBOX_NAME_CHARACTERS accepts any or vendor'],
    ['SANDBOX_WRONG_KEY', 'nothing', 'SANDBOX_WRONG_KEY accepts invalid-user, or no-record'],
    ['SANDBOX_PORT', '65536', 'SANDBOX_PORT accepts a port from 0 to 65535'],
    ['DIALER_AUTH', 'oauth', 'DIALER_AUTH accepts v1, basic, token, not "oauth"'],
    ['DIALER_TIME_ZONE', 'Mars/Olympus', 'DIALER_TIME_ZONE accepts an IANA time zone'],
    ['DIALER_TIME_ZONE', 'BST', 'DIALER_TIME_ZONE accepts an IANA time zone'],
    ['DIALER_UNSAFE_CHARACTERS', 'drop', 'DIALER_UNSAFE_CHARACTERS accepts reject'],
    ['DIALER_NAME_CHARACTERS', 'ascii', 'DIALER_NAME_CHARACTERS accepts any or vendor'],
    ['DIALER_REGION', 'in', 'DIALER_REGION accepts a two-letter'],
    ['DIALER_HORIZON_DAYS', '0', 'DIALER_HORIZON_DAYS accepts'],
    ['DIALER_TIMEOUT_MS', '1.5', 'DIALER_TIMEOUT_MS accepts'],
    ['DIALER_CONCURRENCY', '-1', 'DIALER_CONCURRENCY accepts'],
    ['DIALER_RECONCILE', 'yes', 'DIALER_RECONCILE accepts on'],
    ['DIALER_SETTLE_MS', '-1', 'DIALER_SETTLE_MS accepts'],
    ['DIALER_CAMPAIGN_CHECK', 'no', 'DIALER_CAMPAIGN_CHECK accepts on'],
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

  const auth = JSON.stringify({
    keys: [{ name: 'web', hash: `sha256:${'0'.repeat(43)}`, scopes: ['read'] }],
  });

  /** What speaks for a dialer that calls people, and how it is named. */
  const signs: [Record<string, string>, string][] = [
    [{ DIALER_API_KEY: real.DIALER_API_KEY }, 'DIALER_API_KEY'],
    [{ DIALER_USER_NAME: 'acme', DIALER_URL: '' }, 'DIALER_USER_NAME'],
    [{ AUTH_FILE: fileOf(auth) }, 'AUTH_FILE'],
    [{ AUTH: auth }, 'AUTH'],
    [{ NODE_ENV: 'production' }, 'NODE_ENV=production'],
    [{ NODE_ENV: 'Prod' }, 'NODE_ENV=Prod'],
    ...(
      [
        ['DIALER_URI', 'DIALER_URL'],
        ['DIALERURL', 'DIALER_URL'],
        ['DAILER_URL', 'DIALER_URL'],
        ['DIALLER_URL', 'DIALER_URL'],
        ['dialer_url', 'DIALER_URL'],
        ['DIALER-URL', 'DIALER_URL'],
        ['DIALER_URL ', 'DIALER_URL'],
        ['DIALGRAPH_DIALER_URL', 'DIALER_URL'],
        ['DIALER_KEY', 'DIALER_API_KEY'],
        ['DIALER_APIKEY', 'DIALER_API_KEY'],
        ['DIALER_API_KEY_FILE', undefined],
        ['DIALER_USERNAME', 'DIALER_USER_NAME'],
        ['DIALER_TOKEN', undefined],
        ['DIALER', 'DIALER_URL'],
        ['DIALER_TIMEOUT', 'DIALER_TIMEOUT_MS'],
        ['ACCOUNT_FILE', 'ACCOUNTS_FILE'],
        ['ACCOUNTS', undefined],
        ['CAMPAIGN_FILE', 'CAMPAIGNS_FILE'],
        ['CAMPAIGNS_PATH', undefined],
        ['AUTHFILE', 'AUTH_FILE'],
        ['AUTH_FIEL', 'AUTH_FILE'],
      ] as const
    ).map(([name, near]): [Record<string, string>, string] => [
      { [name]: real.DIALER_API_KEY },
      near === undefined ? name : `${name} (${near}?)`,
    ]),
  ];

  it.each(signs)('puts no sandbox in the place of the dialer that %j speaks of', (env, named) => {
    const parse = () => parseConfig(env);
    expect(parse).toThrow(ConfigError);
    expect(parse).toThrow(`DIALER_URL or ACCOUNTS_FILE is needed where there is ${named};`);
    expect(parse).toThrow('DIALER_URL=sandbox asks for the embedded sandbox, which calls nobody');
    expect(parse).not.toThrow(real.DIALER_API_KEY);
    const asked = parseConfig({ ...env, DIALER_URL: 'sandbox' });
    expect(asked.accounts).toMatchObject([{ name: 'default', url: undefined }]);
    // Where there is a dialer, a name that nobody reads is warned of.
    const warnings = parseConfig({ ...real, ...env, DIALER_URL: real.DIALER_URL }).warnings;
    const isRead = /^(DIALER_API_KEY|DIALER_USER_NAME|AUTH|AUTH_FILE|NODE_ENV=.*)$/.test(named);
    expect(warnings).toHaveLength(isRead ? 0 : 1);
  });

  it.each(['SUPPRESSION_FILE', 'SUPRESSION_FILES', 'DIALGRAPH_SUPPRESSION_FILES'])(
    'does not start with %s, which would suppress nobody',
    (name) => {
      expect(() => parseConfig({ [name]: '/lists/never.csv' })).toThrow(
        `${name} is no setting: is SUPPRESSION_FILES meant?`,
      );
    },
  );

  it('takes several suppression files, which an account may replace by its own', () => {
    expect(parseConfig({ SUPPRESSION_FILES: 'a.csv, b.txt' }).accounts[0]?.suppressionFiles).toEqual([
      'a.csv',
      'b.txt',
    ]);
    expect(() => parseConfig({ SUPPRESSION_FILES: 'a.csv,' })).toThrow('SUPPRESSION_FILES accepts');
  });

  it('knows a dialer’s setting by one letter that is wrong', () => {
    const names = ['DIALER_URL', 'DIALER_API_KEY', 'DIALER_USER_NAME', 'ACCOUNTS_FILE', 'AUTH_FILE'];
    const slips: ((name: string, at: number) => string)[] = [
      (name, at) => name.slice(0, at) + name.slice(at + 1),
      (name, at) => name.slice(0, at) + name.charAt(at) + name.slice(at),
      (name, at) => `${name.slice(0, at)}X${name.slice(at + 1)}`,
      (name, at) => name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
    ];
    for (const name of names)
      for (const slip of slips)
        for (let at = 0; at < name.length; at++) {
          const misspelt = slip(name, at);
          // Two equal letters may be swapped.
          if (misspelt !== name)
            expect(() => parseConfig({ [misspelt]: 'x' }), misspelt).toThrow('is needed where');
        }
  });

  it('names all that speaks of a dialer', () => {
    const env = {
      NODE_ENV: 'production',
      AUTH: auth,
      DIALER_URI: 'https://dialer.example',
      DIALER_API_KEY: 'k',
    };
    expect(() => parseConfig(env)).toThrow(
      'where there is DIALER_URI (DIALER_URL?), DIALER_API_KEY, AUTH, NODE_ENV=production;',
    );
  });

  it.each([
    { DIALER_REGION: 'GB', DIALER_AUTH: 'token', DIALER_CONCURRENCY: '2' },
    { CAMPAIGNS_FILE: fileOf('{}') },
    { DATABASE_URL: 'postgresql://127.0.0.1/dialgraph' },
    { NODE_ENV: 'test' },
    { SANDBOX_PORT: '4002', SANDBOX_API_KEY: 'k' },
    // What Docker's links and Kubernetes set for services of such names.
    {
      DIALER_PORT: 'tcp://10.0.0.1:80',
      DIALER_PORT_80_TCP: 'tcp://10.0.0.1:80',
      DIALER_PORT_80_TCP_ADDR: '10.0.0.1',
      DIALER_SERVICE_HOST: '10.0.0.1',
      DIALER_SERVICE_PORT: '80',
      DIALER_SERVICE_PORT_HTTP: '80',
      DIALER_NAME: '/dialgraph/dialer',
      DIALER_ENV_PATH: '/bin',
      DIALGRAPH_PORT: 'tcp://10.0.0.2:4000',
      DIALGRAPH_SERVICE_PORT: '4000',
      METRICS_SERVICE_HOST: '10.0.0.3',
    },
  ])('takes the sandbox where nothing speaks of a dialer: %j', (env) => {
    const { accounts, warnings } = parseConfig(env);
    expect(accounts).toMatchObject([{ url: undefined }]);
    expect(warnings).toEqual('DATABASE_URL' in env ? [expect.stringContaining('DATABASE_URL')] : []);
  });

  it.each([
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['DIALER_TIMEOUT', 'DIALER_TIMEOUT_MS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['log_level', 'LOG_LEVEL'],
    ['METRIC_PORT', 'METRICS_PORT'],
    ['METRICSHOST', 'METRICS_HOST'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['IDEMPOTENCY_TTL', 'IDEMPOTENCY_KEY_TTL_HOURS'],
    ['COALESCE_MILLISECONDS', undefined],
    ['IDEMPOTENCY_KEY_TTL', 'IDEMPOTENCY_KEY_TTL_HOURS'],
    ['MAX_RECORD_PER_MUTATION', 'MAX_RECORDS_PER_MUTATION'],
    ['DIALGRAPH_PORT', 'PORT'],
    ['SANDBOX_PROT', 'SANDBOX_PORT'],
    ['DATADIR', 'DATA_DIR'],
    ['REQUEST_TIMEOUT', 'REQUEST_TIMEOUT_MS'],
  ])('warns of %s, by name and without its value', (name, near) => {
    const meant = near === undefined ? '' : `: is ${near} meant?`;
    expect(parseConfig({ ...real, [name]: 's3cret' }).warnings).toEqual([
      `${name} is no setting, and has no effect${meant}`,
    ]);
    expect(parseConfig({ ...real, [name]: '' }).warnings).toEqual([]);
  });

  it('does not warn of what is not ours', () => {
    const others =
      'PATH HOME HOSTNAME HOST_IP HOSTS PORTS PORT_RANGE USER SHELL LANG PWD SHLVL TERM EDITOR PAGER LOGNAME MAIL DISPLAY ' +
      'XAUTHORITY NODE_OPTIONS NODE_EXTRA_CA_CERTS npm_config_port npm_lifecycle_event INIT_CWD OTEL_SERVICE_NAME ' +
      'OTEL_EXPORTER_OTLP_HEADERS DATABASE_HOST DB_URL PGHOST PGDATA REDIS_URL MAILER_URL MAILER_DSN AUTH_TOKEN AUTH_SECRET USER_NAME API_KEY TIME_ZONE ' +
      'AWS_REGION KUBERNETES_PORT KUBERNETES_SERVICE_HOST HTTP_PROXY NO_PROXY TZ CI DEBUG LOG DRAIN TEST_DATABASE_URL';
    const env = Object.fromEntries(others.split(' ').map((name) => [name, 'x']));
    expect(parseConfig(env).warnings).toEqual([]);
  });

  it('lets everybody in from elsewhere only where nobody is called', () => {
    for (const HOST of ['0.0.0.0', '::', '192.0.2.1', 'sandbox.example']) {
      for (const url of [{}, { DIALER_URL: 'sandbox' }])
        expect(parseConfig({ HOST, ...url })).toMatchObject({
          isOfThisMachine: false,
          warnings: [`HOST ${HOST} lets everybody who reaches it in; the sandbox calls nobody`],
        });
      expect(() => parseConfig({ ...real, HOST })).toThrow(`HOST ${HOST} would let everybody who reaches it`);
      expect(parseConfig({ ...real, HOST, AUTH: auth })).toMatchObject({
        isOfThisMachine: false,
        warnings: [],
      });
    }
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
    ['{"Winter":{"timeZone":"IST"}}', 'at Winter.timeZone: not an IANA time zone'],
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
