// GET /schema.graphql: the contract as a file, for whoever may introspect.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { buildSchema, GraphQLScalarType, isSpecifiedScalarType } from 'graphql';
import { request } from 'undici';
import { expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { readAnswer, startStack } from '../harness.ts';

const committed = readFileSync('schema.graphql', 'utf8');
const fileOf = (url: string) => new URL('/schema.graphql', url).href;

it('is the committed file, with its scalars specified', async () => {
  const { url } = await startStack();
  const response = await fetch(fileOf(url));
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  const text = await response.text();
  expect(text).toBe(committed);
  const scalars = Object.values(buildSchema(text).getTypeMap()).filter(
    (type): type is GraphQLScalarType => type instanceof GraphQLScalarType && !isSpecifiedScalarType(type),
  );
  expect(scalars.map(({ name }) => name)).toEqual(['DateTime', 'TimeZone']);
  for (const { specifiedByURL } of scalars) expect(specifiedByURL).toMatch(/^https:\/\//);
});

it('is sent compressed, told of by HEAD, and revalidated rather than sent again', async () => {
  const file = fileOf((await startStack()).url);
  const first = await request(file, { headers: { 'accept-encoding': 'gzip' } });
  expect(gunzipSync(await first.body.arrayBuffer()).toString()).toBe(committed);
  expect(first.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-cache' });
  expect(String(first.headers.vary)).toContain('accept-encoding');

  const etag = String(first.headers.etag);
  for (const known of [etag, `"other", W/${etag}`, '*']) {
    const again = await request(file, { headers: { 'if-none-match': known } });
    expect([again.statusCode, await again.body.text()]).toEqual([304, '']);
  }
  const changed = await request(file, { headers: { 'if-none-match': '"other"' } });
  expect([changed.statusCode, await changed.body.text()]).toEqual([200, committed]);

  const head = await request(file, { method: 'HEAD' });
  expect([head.statusCode, await head.body.text()]).toEqual([200, '']);
  expect(head.headers).toMatchObject({ etag, 'content-length': String(Buffer.byteLength(committed)) });
});

it('can only be read', async () => {
  const { url } = await startStack();
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(fileOf(url), { method, headers, ...(method === 'POST' && { body: '{}' }) });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await readAnswer(response)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  }
});

it('is for those with a good credential, whatever its scopes', async () => {
  const keys = [{ name: 'web', hash: hashOf('dg_key'), scopes: ['cancel'] }];
  const { url } = await startStack({ env: { AUTH: JSON.stringify({ keys }) } });
  const ask = (credential?: string) =>
    fetch(
      fileOf(url),
      credential === undefined ? {} : { headers: { authorization: `Bearer ${credential}` } },
    );
  for (const credential of [undefined, 'dg_other']) {
    const refused = await ask(credential);
    expect(refused.status).toBe(401);
    expect(await readAnswer(refused)).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  }
  expect(await (await ask('dg_key')).text()).toBe(committed);
});

it('is for nobody where persisted operations alone are taken, as introspection is', async () => {
  const env = {
    PERSISTED_OPERATIONS_FILE: 'test/gql/persisted-documents.json',
    PERSISTED_OPERATIONS_ONLY: 'on',
  };
  const response = await fetch(fileOf((await startStack({ env })).url));
  expect(response.status).toBe(403);
  expect(response.headers.get('etag')).toBeNull();
  expect(await readAnswer(response)).toMatchObject({
    errors: [{ message: expect.stringMatching(/./), extensions: { code: 'PERSISTED_OPERATION_REQUIRED' } }],
  });
});
