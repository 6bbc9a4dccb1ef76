// Files as programs and people write them, and what is read of them.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { inject } from 'vitest';
import {
  type FileFacts,
  type FileLimits,
  type FileRow,
  type ReadOptions,
  readFile,
  UnsupportedFile,
} from '../../src/imports/files/read-file.ts';

export const limits: FileLimits = { decodedBytes: 8_000_000, rows: 10_000, rowBytes: 65_536, columns: 200 };

let written = 0;

/** A file of its own, which the run's end removes. */
export async function writeBytes(bytes: Uint8Array | string): Promise<string> {
  const path = join(inject('folder'), `import-${process.pid}-${written++}`);
  await writeFile(path, bytes);
  return path;
}

export interface Read {
  facts: FileFacts;
  rows: FileRow[];
}

export async function read(
  bytes: Uint8Array | string,
  options: ReadOptions = {},
  changed: Partial<FileLimits> = {},
): Promise<Read> {
  const path = await writeBytes(bytes);
  const { facts, rows } = await readFile(
    path,
    options,
    { ...limits, ...changed },
    new AbortController().signal,
  );
  const all: FileRow[] = [];
  for await (const batch of rows) all.push(...batch);
  return { facts, rows: all };
}

export async function cellsOf(
  bytes: Uint8Array | string,
  options?: ReadOptions,
): Promise<(readonly string[])[]> {
  return (await read(bytes, options)).rows.map(({ cells }) => cells);
}

/** What is told of a file that is not read. Fails where it is read. */
export async function refusal(
  bytes: Uint8Array | string,
  options?: ReadOptions,
  changed?: Partial<FileLimits>,
): Promise<{ kind: string; line: number | null; message: string }> {
  try {
    await read(bytes, options, changed);
  } catch (error) {
    if (!(error instanceof UnsupportedFile)) throw error;
    return { kind: error.kind, line: error.line, message: error.message };
  }
  throw new Error('The file was read');
}

export function encode(text: string, encoding: string, addBOM = false): Buffer {
  return iconv.encode(text, encoding, { addBOM });
}
