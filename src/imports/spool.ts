// The folder of an import: `received`, its bytes as they came; `rows`, what was decoded of them, once; `preview.json`. What was
// checked is what is sent: from then on `rows` alone is read, a part at a time, and each part has a digest in the store.
// A line of `rows` is JSON: [line, cell, cell, …]. Folders are 0700 and files 0600, since they have phone numbers in them.

import { createHash, randomUUID } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { giveWay } from '../foundation/event-loop.ts';
import type { FileRow } from './files/read-file.ts';
import type { ImportPreview } from './import.ts';

/** The file is gone, or is not what it was: nothing may be sent from it. */
export class FileLost extends Error {}

export interface Part {
  position: number;
  bytes: number;
  digest: string;
}

export interface Spool {
  /** Makes the folder, and returns where the bytes go. */
  receive(id: string): Promise<string>;
  /** Undefined: there is none. */
  receivedBytes(id: string): Promise<number | undefined>;
  receivedPath(id: string): string;
  /** Rows that replace all earlier ones, once they are kept. */
  writeRows(id: string): Promise<RowWriter>;
  /** Rejects with a FileLost. */
  readRows(id: string, part: Part): Promise<FileRow[]>;
  writePreview(id: string, preview: ImportPreview): Promise<void>;
  /** Null: there is none. */
  readPreview(id: string): Promise<ImportPreview | null>;
  remove(id: string): Promise<void>;
  /** The imports that have a folder which is as old at least. */
  olderThan(ms: number): Promise<string[]>;
}

export interface RowWriter {
  /** Takes rows for the next part. */
  add(rows: readonly FileRow[]): void;
  /** Bytes of the next part so far. */
  readonly pending: number;
  /** Writes the next part. */
  endPart(): Promise<Part>;
  /** All of it is on the disk when this resolves. */
  keep(): Promise<void>;
  /** What was written is removed. */
  drop(): Promise<void>;
}

/** So many take about a millisecond. */
const linesPerTurn = 500;
const folderMode = 0o700;
const fileMode = 0o600;

export function createSpool(directory: string): Spool {
  const root = resolve(directory);
  const pathOf = (id: string, name: string) => join(root, id, name);

  return {
    async receive(id) {
      await mkdir(join(root, id), { recursive: true, mode: folderMode });
      return pathOf(id, 'received');
    },
    receivedBytes: (id) =>
      stat(pathOf(id, 'received')).then(
        ({ size }) => size,
        () => undefined,
      ),
    receivedPath: (id) => pathOf(id, 'received'),
    writeRows: (id) => createRowWriter(pathOf(id, 'rows')),
    async readRows(id, { position, bytes, digest }) {
      const buffer = Buffer.allocUnsafe(bytes);
      const read = await readAt(pathOf(id, 'rows'), buffer, position);
      if (read !== bytes || digestOf(buffer) !== digest)
        throw new FileLost('The rows of this file are not any more what was checked');
      const lines = buffer.toString('utf8').split('\n');
      // The last line ends with a line break, too.
      lines.pop();
      const rows: FileRow[] = [];
      for (let start = 0; start < lines.length; start += linesPerTurn) {
        if (start > 0) await giveWay();
        for (const text of lines.slice(start, start + linesPerTurn)) {
          const [line, ...cells] = JSON.parse(text) as [number, ...string[]];
          rows.push({ line, cells });
        }
      }
      return rows;
    },
    async writePreview(id, preview) {
      const path = pathOf(id, 'preview.json');
      const unfinished = `${path}.${randomUUID()}`;
      await writeFile(unfinished, JSON.stringify(preview), { mode: fileMode });
      await rename(unfinished, path);
    },
    readPreview: (id) =>
      readFile(pathOf(id, 'preview.json'), 'utf8').then(
        (text) => JSON.parse(text) as ImportPreview,
        () => null,
      ),
    remove: (id) => rm(join(root, id), { recursive: true, force: true }),
    async olderThan(ms) {
      const names = await readdir(root).catch(() => []);
      const old: string[] = [];
      for (const name of names) {
        if (!isId(name)) continue;
        const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Infinity }));
        if (mtimeMs < Date.now() - ms) old.push(name);
      }
      return old;
    },
  };
}

/** Whether it is written as an import's id is: nothing else becomes a part of a path. */
export function isId(name: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);
}

async function readAt(path: string, buffer: Buffer, position: number): Promise<number> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    return (await file.read(buffer, 0, buffer.length, position)).bytesRead;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new FileLost('The file is not there any more');
    throw error;
  } finally {
    await file?.close();
  }
}

async function createRowWriter(path: string): Promise<RowWriter> {
  // A process that was taken for dead may write still: each has a file of its own until it is whole.
  const unfinished = `${path}.${randomUUID()}`;
  const file = await open(unfinished, 'wx', fileMode);
  let pending: string[] = [];
  let pendingLength = 0;
  let position = 0;
  return {
    add(rows) {
      for (const { line, cells } of rows) {
        const text = `${JSON.stringify([line, ...cells])}\n`;
        pending.push(text);
        pendingLength += text.length;
      }
    },
    get pending() {
      return pendingLength;
    },
    async endPart() {
      const buffer = Buffer.from(pending.join(''), 'utf8');
      pending = [];
      pendingLength = 0;
      const part = { position, bytes: buffer.length, digest: digestOf(buffer) };
      position += buffer.length;
      for (let written = 0; written < buffer.length; )
        written += (await file.write(buffer, written, buffer.length - written)).bytesWritten;
      return part;
    },
    async keep() {
      await file.sync();
      await file.close();
      await rename(unfinished, path);
    },
    async drop() {
      await file.close().catch(() => undefined);
      await rm(unfinished, { force: true });
    },
  };
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
