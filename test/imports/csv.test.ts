// What is read of delimited text, in whatever encoding, delimiter and line ends.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readFile } from '../../src/imports/files/read-file.ts';

it('reads CSV', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dialgraph-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'f');
  await writeFile(path, 'a;b\r\n1;"x;""\r\ny"\r\n;;\r\n2;ü;;\r\n');
  const { facts, rows } = await readFile(
    path,
    {},
    { decodedBytes: 1e6, rows: 10, rowBytes: 1000, columns: 10 },
    AbortSignal.any([]),
  );
  expect(facts).toMatchObject({ delimiter: ';' });
  const all = [];
  for await (const batch of rows) all.push(...batch);
  expect(all).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1', 'x;"\r\ny'] },
    { line: 5, cells: ['2', 'ü'] },
  ]);
});
