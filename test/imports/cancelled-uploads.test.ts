// An upload whose import does not take it: its sender is told, and why.

import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { CancelImportDocument } from '../gql/graphql.ts';
import { csvOf, look, payloadOf, started, startImportStack } from './importing.ts';

const patch = {
  'tus-resumable': '1.0.0',
  'content-type': 'application/offset+octet-stream',
  'upload-offset': '0',
};

it.each([
  ['PUT', {}],
  ['PATCH', patch],
])('an upload whose import is cancelled meanwhile is told so at its end: %s', async (method, headers) => {
  const stack = await startImportStack();
  const file = csvOf(2000);
  const { id, uploadUrl } = await started(stack, file);
  const sending = request(new URL(uploadUrl ?? '', stack.url), { method, headers });
  const answered = once(sending, 'response');
  sending.write(file.slice(0, 20_000));
  await expect.poll(async () => (await look(stack, id)).receivedBytes).toBeGreaterThan(0);
  payloadOf((await stack.send(CancelImportDocument, { id })).cancelImport);
  sending.end(file.slice(20_000));
  const [response] = await answered;
  expect([response.statusCode, await text(response)]).toEqual([404, expect.stringContaining('NOT_FOUND')]);
  expect(await look(stack, id)).toMatchObject({ state: 'CANCELED', resultsUrl: null });
});

it.each([
  ['PUT', {}],
  ['PATCH', patch],
])('a file that is longer than announced is told so: %s', async (method, headers) => {
  const stack = await startImportStack();
  const { uploadUrl } = await started(stack, csvOf(3));
  const sending = request(new URL(uploadUrl ?? '', stack.url), { method, headers });
  sending.end(csvOf(4));
  const [response] = await once(sending, 'response');
  expect([response.statusCode, await text(response)]).toEqual([
    413,
    expect.stringContaining(`was started for a file of ${csvOf(3).length} bytes, and this one`),
  ]);
});
