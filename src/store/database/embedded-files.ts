// The embedded database's files. They are made if there are none, and every commit is synced to the disk: PGlite runs PostgreSQL
// with fsync off, and its file system has none, so a commit would survive the end of the process but not a power cut.
// A first opening that was cut off leaves a part of a database in which nothing was stored yet: it is made again.

import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/**
 * PostgreSQL's default is 128 MB, which are written when the database opens: that is a third of the opening, and PGlite never gives
 * the memory back. What does not fit is in the system's cache of files.
 */
const sharedBuffers = '16MB';

export async function openFiles(directory: string): Promise<PGlite> {
  const unfinished = unfinishedOf(directory);
  const fresh = prepare(directory, unfinished);
  const database = await PGlite.create({
    fs: new SyncedFiles(directory),
    startParams: [
      ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
      ...['-c', 'wal_sync_method=fsync'],
      ...['-c', `shared_buffers=${sharedBuffers}`],
    ],
    parsers: { [types.INT8]: Number },
  });
  if (fresh) {
    syncAll(directory);
    rmSync(unfinished);
  }
  return database;
}

export function isMade(directory: string): boolean {
  return existsSync(join(directory, 'PG_VERSION')) && !existsSync(unfinishedOf(directory));
}

/** It is there while a database is made. */
function unfinishedOf(directory: string): string {
  return `${directory}.unfinished`;
}

/** Whether a database is to be made. Nothing is deleted but the part of one that was begun here. */
function prepare(directory: string, unfinished: string): boolean {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (found !== undefined && !found.isDirectory() && !found.isSymbolicLink())
    throw new Error(`${directory} is no folder: move it away, or give this process another DATA_DIR`);
  if (isMade(directory)) return false;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const entries = readdirSync(directory);
  // It is noted before the first file is made, in a folder that is empty.
  if (existsSync(unfinished))
    for (const entry of entries) rmSync(join(directory, entry), { recursive: true });
  else if (entries.length > 0)
    throw new Error(
      `${directory} has no database, and other files: move them away, or give this process another DATA_DIR`,
    );
  writeFileSync(unfinished, '');
  return true;
}

/** A file system with one fsync for each commit, which takes about 0.3 ms on an SSD. */
class SyncedFiles extends NodeFS {
  override async init(...[database, options]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(database, options);
    const preRun = [...(emscriptenOpts.preRun ?? []), addSync];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

function addSync({ NODEFS }: { NODEFS?: { stream_ops: { fsync?: (stream: { nfd?: number }) => number } } }) {
  if (NODEFS === undefined) return;
  NODEFS.stream_ops.fsync = ({ nfd }) => {
    // PGlite's stream of a directory has no descriptor.
    if (nfd !== undefined) fsyncSync(nfd);
    return 0;
  };
}

/** Syncs the files of initdb, which does not sync them itself. */
function syncAll(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = openSync(join(entry.parentPath, entry.name), 'r+');
    fsyncSync(file);
    closeSync(file);
  }
}
