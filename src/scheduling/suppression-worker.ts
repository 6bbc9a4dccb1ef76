// The thread that reads one suppression file, from its first byte to the sorted digests, and ends. On the main thread ten million
// numbers would take seconds of everybody's time.

import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { CountryCode } from 'libphonenumber-js/max';
import { NumberCollector } from '../campaigns/number-digests.ts';
import type { FileState, ReadFile } from '../campaigns/suppression.ts';
import { SuppressionFileError, SuppressionFileReader } from '../campaigns/suppression-file.ts';
import { createSuppressedNumberReader } from './suppressed-number.ts';

export interface Task {
  path: string;
  region: CountryCode;
  key: Uint8Array;
}

export type Answer = { file: ReadFile } | { problem: string };

const pieceBytes = 1024 * 1024;
/** A file that is copied to its place is read again until it stays as it is, for so long. */
const patienceMs = 30_000;
const pauseMs = 250;

if (parentPort !== null) await answer(parentPort, workerData as Task);

async function answer(port: MessagePort, task: Task): Promise<void> {
  try {
    const file = await read(task);
    port.postMessage({ file } satisfies Answer, [file.digests.buffer]);
  } catch (error) {
    if (!(error instanceof SuppressionFileError) && (error as NodeJS.ErrnoException).code === undefined)
      throw error;
    port.postMessage({ problem: problemOf(error as NodeJS.ErrnoException) } satisfies Answer);
  }
}

/** A file that was written to while it was read may have been read by half. */
async function read(task: Task): Promise<ReadFile> {
  const givenUpAt = performance.now() + patienceMs;
  for (;;) {
    const file = await readOnce(task);
    if (file !== null) return file;
    if (performance.now() > givenUpAt)
      throw new SuppressionFileError(
        'is written to all the time: each time it had changed while it was read',
      );
    await sleep(pauseMs);
  }
}

/** Null where the file has changed meanwhile, whatever was found in it. */
async function readOnce({ path, region, key }: Task): Promise<ReadFile | null> {
  const handle = await open(path);
  try {
    const before = stateOf(await handle.stat());
    const hasChanged = async () => {
      const after = stateOf(await handle.stat());
      return after.size !== before.size || after.changedAt !== before.changedAt;
    };
    const lines = await readLines(handle, before, region, key).catch(async (error: unknown) => {
      if (await hasChanged()) return null;
      throw error;
    });
    return lines === null || (await hasChanged()) ? null : { ...lines, state: before };
  } finally {
    await handle.close();
  }
}

async function readLines(
  handle: FileHandle,
  before: FileState,
  region: CountryCode,
  key: Uint8Array,
): Promise<Omit<ReadFile, 'state'>> {
  let collector: NumberCollector | undefined;
  const reader = new SuppressionFileReader(createSuppressedNumberReader(region), (e164) =>
    collector?.add(e164),
  );
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = Buffer.alloc(pieceBytes);
  for (;;) {
    const { bytesRead } = await handle.read(piece, 0, pieceBytes);
    const bytes = piece.subarray(0, bytesRead);
    collector ??= new NumberCollector(key, linesIn(bytes, before.size));
    if (bytes.includes(0)) throw new SuppressionFileError('is no text');
    reader.push(textOf(decoder, bytes, bytesRead > 0));
    if (bytesRead === 0) break;
  }
  return { ...reader.end(), digests: collector.finish() };
}

/** About as many lines as a file has, by its beginning. */
function linesIn(start: Buffer, size: number): number {
  let lines = 1;
  for (let at = start.indexOf(10); at !== -1; at = start.indexOf(10, at + 1)) lines++;
  return start.length === 0 ? 0 : Math.ceil(((lines * size) / start.length) * 1.02);
}

function textOf(decoder: TextDecoder, bytes: Buffer, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new SuppressionFileError('is not in UTF-8');
  }
}

function stateOf({ size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number }): FileState {
  return { size, changedAt: mtimeMs, inode: ino };
}

function problemOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'cannot be read: there is no such file';
  if (code === 'EACCES') return 'cannot be read: this process may not';
  if (code === 'EISDIR') return 'is a folder';
  return code === undefined ? message : `cannot be read: ${code}`;
}
