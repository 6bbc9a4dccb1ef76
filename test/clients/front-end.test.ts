// docs/front-end.md: it shows every snippet, and those that the matrix does not try do what the page says.

import { readdirSync, readFileSync } from 'node:fs';
import { fetchTransport } from '@dialgraph/client';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import type { ResultOf } from 'gql.tada';
import { buildSchema, parse } from 'graphql';
import { createServer } from 'vite';
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest';
import codegenConfig from '../../docs/snippets/codegen.ts';
import { everyKind } from '../../docs/snippets/errors-demo.ts';
import { request } from '../../docs/snippets/fetch.ts';
import { scheduleTwo } from '../../docs/snippets/first.ts';
import { checkForm } from '../../docs/snippets/form.ts';
import { scheduleSurely } from '../../docs/snippets/retry.ts';
import { importFile } from '../../docs/snippets/upload.ts';
import viteConfig from '../../docs/snippets/vite.config.ts';
import { watchImport } from '../../docs/snippets/watch.ts';
import { demonstrations } from '../../src/sandbox/errors-demo.ts';
import { counts, leads, ledgerNumbers, startStack } from '../harness.ts';
import { csvOf, startImportStack } from '../imports/importing.ts';
import { limitsOfTada } from './gql-tada.ts';

const page = readFileSync('docs/front-end.md', 'utf8');

describe('the page', () => {
  it('shows every snippet', () => {
    const snippets = readdirSync('docs/snippets');
    expect(snippets.length).toBeGreaterThan(20);
    expect(snippets.filter((name) => !page.includes(`<!-- docs/snippets/${name} -->\n\n\`\`\``))).toEqual([]);
  });

  it('has every code that a refusal has', () => {
    const ofYoga = 'node_modules/graphql-yoga/esm/plugins/request-validation/use-prevent-mutation-via-get.js';
    const files = [...readdirSync('src/http').map((name) => `src/http/${name}`), ofYoga];
    const sources = files.map((file) => readFileSync(file, 'utf8'));
    const refusals = /\b(?:new Refusal|refused|badRequest)\(\s*(?:\d{3},\s*)?'([A-Z_]+)'|code: '([A-Z_]+)'/g;
    const codes = sources.flatMap((text) =>
      [...text.matchAll(refusals)].map(([, one, other]) => one ?? other),
    );
    expect(codes).toEqual(expect.arrayContaining(['UNAUTHENTICATED', 'OPERATION_RESOLUTION_FAILURE']));
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('has the compiler of Relay told what the tests tell it', () => {
    const { src, schema, ...shown } = JSON.parse(readFileSync('docs/snippets/relay.config.json', 'utf8'));
    expect([src, schema]).toEqual(['./src', './node_modules/@dialgraph/client/schema.graphql']);
    const { projects } = JSON.parse(readFileSync('test/clients/relay.config.json', 'utf8'));
    for (const project of Object.values(projects)) expect(project).toMatchObject(shown);
  });
});

describe('a snippet', () => {
  it('schedules the first leads', async () => {
    const { url, sandbox, clock } = await startStack();
    clock.now = Date.now();
    expect(await scheduleTwo(url, 'any')).toEqual([
      expect.stringMatching(/^lead-1: will be called at \d{4}-/),
      expect.stringMatching(/^lead-2: phoneNumber \*\*\*45 cannot be dialled/),
    ]);
    expect(sandbox.ledger).toHaveLength(1);
  });

  it('sends by plain fetch what gql.tada has typed, which has no text of its own', async () => {
    const { url } = await startStack();
    expect((await request(url, 'any', limitsOfTada, {})).limits?.region).toBe('IN');
  });

  it('has beside each field of a form what is wrong with it', async () => {
    const { url, sandbox } = await startStack();
    const transport = fetchTransport({ url });
    const check = (form: object) => checkForm(transport, 'Sales_Demo', form);
    // As a datetime-local field has it.
    const scheduledTime = '2026-11-27T10:00';
    expect(await check({ phoneNumber: '9876543210', scheduledTime })).toEqual({});
    expect(await check({ phoneNumber: '12345', scheduledTime, priority: 100 })).toEqual({
      phoneNumber: [expect.stringMatching(/too short/)],
      priority: [expect.stringMatching(/99/)],
    });
    expect(await checkForm(transport, '', {})).toEqual({ '': [expect.stringMatching(/campaignName/)] });
    expect(sandbox.requests).toEqual([]);
  });

  it('makes errors on demand', async () => {
    const { scheduled } = await startStack();
    const input = everyKind('2026-11-26 10:00:00');
    const results = input.records.map(({ name }) => demonstrations[name]?.result ?? 'ScheduledRecord');
    const expected = Object.fromEntries(results.map((name) => [name, 1]));
    expect(counts(await scheduled(input))).toEqual(expected);
    expect(results.length).toBe(Object.keys(expected).length);
  });

  it('sends the same request again until everything is settled, and calls nobody twice', async () => {
    const { url, sandbox } = await startStack({ env: { DIALER_RECONCILE: 'on', DIALER_SETTLE_MS: '0' } });
    const transport = fetchTransport({ url });
    // The dialer takes the rows, and its answer is lost.
    sandbox.script({ fault: 'reset-after' });
    const wait = async () => {};
    const input = { campaignName: 'Sales_Demo', idempotencyKey: crypto.randomUUID(), records: leads(3) };
    for (let n = 0; n < 2; n++)
      expect(await scheduleSurely(transport, input, wait)).toMatchObject({ status: 'SCHEDULED' });
    expect(sandbox.ledger).toHaveLength(3);
  });

  it('waits as it is told, and gives up where another try does not help', async () => {
    const { url } = await startStack();
    const waited: number[] = [];
    const wait = async (seconds: number) => waited.push(seconds);
    const input = { campaignName: '', idempotencyKey: crypto.randomUUID(), records: leads(1) };
    const send = (to: string, from = fetch) =>
      scheduleSurely(fetchTransport({ url: to, fetch: from }), input, wait);
    await expect(send(url)).rejects.toThrow('campaignName');
    expect(waited).toEqual([]);
    await expect(send('http://127.0.0.1:9/graphql')).rejects.toThrow('did not answer');
    expect(waited.splice(0)).toEqual([2, 4, 8, 16, 32]);
    const busy = async () => Response.json({ errors: [] }, { status: 503, headers: { 'retry-after': '7' } });
    await expect(send(url, busy)).rejects.toThrow();
    expect(waited.splice(0)).toEqual([7, 7, 8, 16, 32]);
    const month = async () => Response.json({}, { status: 503, headers: { 'retry-after': '2592000' } });
    await expect(send(url, month)).rejects.toThrow();
    expect(waited).toEqual([300, 300, 300, 300, 300]);
  });

  it('uploads a file of leads, and watches it to its end', async () => {
    const { url, sandbox } = await startImportStack();
    // Outside of a browser tus-js-client takes no File.
    const file = Object.assign(Buffer.from(csvOf(3)), { name: 'leads.csv', size: csvOf(3).length });
    const id = await importFile(url, 'any', 'Sales_Demo', file as unknown as File);
    const states: string[] = [];
    await watchImport(url, 'any', id, ({ state }) => states.push(state));
    expect(states.at(-1)).toBe('FINISHED');
    expect(ledgerNumbers(sandbox)).toHaveLength(3);
  });

  it('has codegen type every scalar', async () => {
    const { config } = codegenConfig.generates['src/gql/'];
    const sdl = readFileSync('schema.graphql', 'utf8');
    const rawSDL = 'query Times { limits { timeZone } campaignRecords { edges { node { scheduledTime } } } }';
    const outputs = await preset.buildGeneratesSection({
      baseOutputDir: 'gql/',
      schema: parse(sdl),
      schemaAst: buildSchema(sdl),
      documents: [{ location: 'times.graphql', rawSDL, document: parse(rawSDL) }],
      config,
      presetConfig: {},
      plugins: [],
      pluginMap: {},
      pluginContext: {},
    });
    const output = outputs.find(({ filename }) => filename.endsWith('/graphql.ts'));
    const typed = output === undefined ? '' : await codegen(output);
    expect(typed).toMatch(/scheduledTime: string \| null/);
    expect(typed).toMatch(/timeZone: string/);
  });

  it('has gql.tada type every scalar', () => {
    type Limits = NonNullable<ResultOf<typeof limitsOfTada>['limits']>;
    expectTypeOf<Limits['timeZone']>().toEqualTypeOf<string>();
  });

  it('has the dev server pass on what the page asks', async () => {
    const { url, sandbox, clock } = await startImportStack();
    clock.now = Date.now();
    const target = new URL(url).origin;
    const proxy = Object.fromEntries(Object.keys(viteConfig.server.proxy).map((path) => [path, target]));
    const server = await createServer({
      configFile: false,
      logLevel: 'silent',
      optimizeDeps: { noDiscovery: true },
      server: { port: 0, ws: false, watch: null, proxy },
    });
    onTestFinished(() => server.close());
    await server.listen();
    const proxied = new URL('/graphql', server.resolvedUrls?.local[0]).href;
    expect(await scheduleTwo(proxied, 'any')).toContainEqual(expect.stringMatching(/will be called/));
    const line = `9876543211,${new Date(clock.now + 86_400_000).toISOString()}\n`;
    const text = `PhoneNumber,ScheduledTime\n${line}`;
    const file = Object.assign(Buffer.from(text), { name: 'leads.csv', size: text.length });
    const id = await importFile(proxied, 'any', 'Sales_Demo', file as unknown as File);
    await watchImport(proxied, 'any', id, () => {});
    expect(sandbox.ledger).toHaveLength(2);
  });
});
