// Which imports have results, and what becomes of a download that cannot be carried out.

import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CancelImportDocument } from '../gql/graphql.ts';
import {
  csvOf,
  importFile,
  look,
  payloadOf,
  startImportStack,
  startOver,
  until,
  uploadsFolder,
} from './importing.ts';

const none = { valid: 0, scheduled: 0, failed: 0, skipped: 0, unknown: 0, notSent: 0, total: null };

it('an import that is cancelled while it is checked has no results, and counts no rows', async () => {
  let isRead = () => {};
  const someRows = new Promise<void>((resolve) => {
    isRead = resolve;
  });
  let isCancelled = () => {};
  const cancelled = new Promise<void>((resolve) => {
    isCancelled = resolve;
  });
  const stack = await startOver(({ addSlice }) => ({
    async addSlice(work, slice, progress) {
      const added = await addSlice(work, slice, progress);
      isRead();
      await cancelled;
      return added;
    },
  }));
  const id = await importFile(stack, csvOf(5000));
  await someRows;
  expect((await look(stack, id)).counts.valid).toBe(2000);
  const { cancelImport } = await stack.send(CancelImportDocument, { id });
  isCancelled();
  expect(payloadOf(cancelImport)).toMatchObject({ state: 'CANCELED', counts: none, resultsUrl: null });
  const response = await fetch(new URL(`imports/${id}/results.csv`, stack.url));
  expect([response.status, await response.json()]).toEqual([
    409,
    {
      errors: [expect.objectContaining({ message: expect.stringContaining('not read to their end') })],
      extensions: expect.anything(),
    },
  ]);
});

it.each([
  ['EMPTY', ''],
  ['EMPTY', 'PhoneNumber,ScheduledTime\n'],
  ['UNCLOSED_QUOTE', 'PhoneNumber,ScheduledTime\n"9812345678,2026-11-26 10:00:00\n'],
])('a file that is none has no results: %s', async (kind, file) => {
  const stack = await startImportStack();
  const id = await importFile(stack, file);
  expect(await until(stack, id, 'FAILED')).toMatchObject({
    failure: { kind },
    counts: none,
    resultsUrl: null,
  });
});

it('answers with an error, and logs why, where the rows of a file are lost', async () => {
  const folder = uploadsFolder();
  const stack = await startImportStack({ env: { UPLOADS_DIR: folder } });
  const id = await importFile(stack, csvOf(9000), { start: 'AFTER_REVIEW' });
  const { resultsUrl } = await until(stack, id, 'READY');
  const url = new URL(resultsUrl ?? '', stack.url);
  const rows = join(folder, id, 'rows');
  // The first slices can be read.
  await truncate(rows, 300_000);
  const cut = await fetch(url);
  expect(cut.status).toBe(200);
  await expect(cut.text()).rejects.toThrow();
  await writeFile(rows, 'something else');
  const refused = await fetch(url);
  expect(refused.status).toBe(500);
  expect(stack.log.filter((line) => line.includes('not any more what was checked'))).toHaveLength(2);
});
