// The requests of docs/bruno, read by Bruno's own parser, valid by the schema, and each sent to a server over the sandbox, in their
// order, with its own assertions. And graphql.config.ts, which other tools read.

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import graphqlConfig from '../graphql.config.ts';
import { startImportStack } from './imports/importing.ts';

interface Pair {
  name: string;
  value: string;
}

interface BrunoRequest {
  meta: { name: string; seq: string };
  http: { method: string; url: string };
  headers?: Pair[];
  body: { graphql?: { query: string; variables: string }; text?: string };
  vars?: { res: Pair[] };
  assertions: Pair[];
}

const bruno = createRequire(import.meta.url)('@usebruno/lang') as {
  bruToJsonV2(text: string): BrunoRequest;
  collectionBruToJson(text: string): { auth: { bearer: { token: string } }; script: { req: string } };
  bruToEnvJsonV2(text: string): { variables: Pair[] };
};

const folder = 'docs/bruno';
const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
const requests = readdirSync(folder)
  .filter((name) => name.endsWith('.bru') && name !== 'collection.bru')
  .map((name) => bruno.bruToJsonV2(read(name)))
  .sort((one, other) => Number(one.meta.seq) - Number(other.meta.seq));
const { auth, script } = bruno.collectionBruToJson(read('collection.bru'));
const { variables } = bruno.bruToEnvJsonV2(read('environments/Sandbox.bru'));

/** As Bruno sends it. */
async function send({ http, headers = [], body }: BrunoRequest, known: ReadonlyMap<string, string>) {
  const fill = (text: string) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => known.get(name) ?? `no ${name}`);
  const { graphql } = body;
  const response = await fetch(fill(http.url), {
    method: http.method.toUpperCase(),
    headers: {
      'content-type': graphql === undefined ? 'text/plain' : 'application/json',
      authorization: `Bearer ${fill(auth.bearer.token)}`,
      ...Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    },
    body:
      graphql === undefined
        ? fill(body.text ?? '')
        : JSON.stringify({ query: graphql.query, variables: JSON.parse(fill(graphql.variables)) }),
  });
  const text = await response.text();
  return { res: { status: response.status, body: text === '' ? undefined : JSON.parse(text) } };
}

/** `res.body.data.results[0].code` of an answer. */
function valueAt(answer: object, path: string): unknown {
  const keys = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  return keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], answer);
}

function expectAssertion(value: unknown, rule: string, path: string): void {
  if (rule === 'isUndefined') expect(value, path).toBeUndefined();
  else if (rule === 'isNull') expect(value, path).toBeNull();
  else if (rule === 'isEmpty') expect(value, path).toEqual([]);
  else expect(`eq ${value}`, path).toBe(rule);
}

it('the requests of Bruno are valid by the schema', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const documents = requests.flatMap(({ body }) => body.graphql?.query ?? []);
  expect(documents.length).toBeGreaterThan(6);
  for (const document of documents) expect(validate(schema, parse(document))).toEqual([]);
});

it('the requests of Bruno are answered as they say, one after the other', async () => {
  const { url, clock, sandbox } = await startImportStack();
  clock.now = Date.now();
  const known = new Map(variables.map(({ name, value }) => [name, value]));
  expect(known.get('url')).toBe('http://127.0.0.1:4000');
  known.set('url', new URL(url).origin);
  const bru = { setVar: (name: string, value: string) => known.set(name, value) };
  new Function('bru', script.req)(bru);
  for (const request of requests) {
    const answer = await send(request, known);
    expect(request.assertions.length, request.meta.name).toBeGreaterThan(0);
    for (const { name, value } of request.assertions)
      expectAssertion(valueAt(answer, name), value, `${request.meta.name}: ${name}`);
    for (const { name, value } of request.vars?.res ?? []) known.set(name, String(valueAt(answer, value)));
  }
  await expect.poll(() => sandbox.ledger.map(({ phoneNumber }) => phoneNumber)).toContain('9876543220');
});

it('graphql.config.ts names what is there', () => {
  expect(buildSchema(readFileSync(graphqlConfig.schema, 'utf8')).getQueryType()).toBeDefined();
  const [operations = '', ending = ''] = graphqlConfig.documents.split('/*');
  expect(readdirSync(operations).filter((name) => name.endsWith(ending)).length).toBeGreaterThan(5);
});
