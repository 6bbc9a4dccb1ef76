// The way of an import's file onto the disk, at /imports/<id>/file: by the tus protocol (https://tus.io/protocols/resumable-upload),
// in which a broken upload goes on where it stopped, or by one plain PUT. A file is never whole in memory.
// States of a file: absent → growing (whoever sends now takes over from whoever sent before) → complete, when it is as long as its
// import was started for. The import is told as it grows, and when it is complete.

import { createWriteStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DataStore, MemoryLocker, Server, Upload } from '@tus/server';
import type { Imports } from '../imports/imports.ts';
import { ownerOf } from '../schema/context.ts';
import { missingScope } from '../schema/rights.ts';
import type { Admission } from './exchange.ts';
import { Refusal, unexpected } from './refusal.ts';

export interface Uploads {
  /** Answers a request for the file of the import with that id. Rejects with a Refusal. */
  answer(id: string, admission: Admission, req: IncomingMessage, res: ServerResponse): Promise<void>;
}

/** A line on which nothing comes for so long is dead. The upload goes on over another. */
const idleMs = 60_000;

const forbidden = new Refusal(403, 'FORBIDDEN', missingScope('schedule'));
const notFound = new Refusal(404, 'NOT_FOUND', 'There is no import with this id that takes a file.');
const complete = new Refusal(
  409,
  'UPLOAD_COMPLETE',
  'All bytes of this file have come already. Look at the import; another file needs another one.',
);
const notAllowed = new Refusal(
  405,
  'METHOD_NOT_ALLOWED',
  'A file is sent with PUT, or by the tus protocol with POST, HEAD and PATCH.',
);
const notTus = new Refusal(
  412,
  'TUS_VERSION_NEEDED',
  'POST, HEAD and PATCH are of the tus protocol: send tus-resumable: 1.0.0, or the whole file with PUT.',
);
const noChecksum = new Refusal(
  400,
  'CHECKSUM_UNSUPPORTED',
  'The checksum of tus is not supported, so that nothing would be checked, and nothing was written: leave out upload-checksum.',
);
const cutShort = new Refusal(
  400,
  'UPLOAD_INCOMPLETE',
  'The file ended too soon. Send the rest by tus, or all of it again.',
);
const storageFull = new Refusal(507, 'STORAGE_FULL', 'There is no room for the file at the moment.', 60);

export function createUploads(): Uploads {
  const locker = new MemoryLocker();
  return {
    async answer(id, { caller, account: { imports } }, req, res) {
      const { method = '', headers } = req;
      if (!['PUT', 'POST', 'HEAD', 'PATCH'].includes(method)) {
        res.setHeader('allow', 'PUT, POST, HEAD, PATCH');
        throw notAllowed;
      }
      if (!caller.scopes.has('schedule')) throw forbidden;
      if (headers['upload-checksum'] !== undefined) throw noChecksum;
      const find = () => imports.upload(id, ownerOf(caller));
      const target = await find();
      if (target === null) throw notFound;
      if (target.path === null) {
        if (method !== 'HEAD') throw complete;
        tellComplete(target.fileSize, res);
        return;
      }
      const isAwaited = async () => typeof (await find())?.path === 'string';
      const file = new IncomingFile(id, target.path, target.fileSize, imports, isAwaited);
      // Another connection takes its place: tus asks where to go on.
      req.setTimeout(idleMs, () => req.destroy());
      if (method === 'PUT') {
        await takeWhole(file, locker, req);
        res.writeHead(204).end();
        return;
      }
      if (headers['tus-resumable'] === undefined) throw notTus;
      if (method === 'HEAD') await file.completeIfWhole();
      await tusServer(file, locker).handle(req, res);
    },
  };
}

/** For whoever lost the answer to the last PATCH. */
function tellComplete(size: number, res: ServerResponse): void {
  const headers = { 'tus-resumable': '1.0.0', 'upload-offset': size, 'upload-length': size };
  res.writeHead(200, { ...headers, 'cache-control': 'no-store' }).end();
}

/** Its parts are made for one request: what tus needs to know of the file is the request's own. */
function tusServer(file: IncomingFile, locker: MemoryLocker): Server {
  return new Server({
    path: '/imports',
    datastore: new TusStore(file),
    locker,
    getFileIdFromRequest: () => file.id,
    namingFunction: () => file.id,
    // Relative to the request's own URL, since a proxy may have put something before it.
    generateUrl: () => 'file',
    onResponseError(_, error) {
      throw refusalOf(error, file.size);
    },
    // The list of origins is that of http/cors.ts.
    allowedOrigins: () => false,
    exposedHeaders: ['x-request-id', 'retry-after'],
  });
}

/** tus has its refusals as plain texts. */
function refusalOf(error: Error | { status_code: number; body: string }, size: number): Error {
  if (!('status_code' in error)) return error;
  const { status_code: status, body } = error;
  if (status === 413) return tooLong(size);
  return status === 500 ? unexpected : new Refusal(status, codes.get(status) ?? 'BAD_REQUEST', body.trim());
}

const codes = new Map([
  [404, 'NOT_FOUND'],
  [409, 'OFFSET_CONFLICT'],
  [410, 'GONE'],
  [415, 'UNSUPPORTED_MEDIA_TYPE'],
  [423, 'LOCKED'],
]);

class IncomingFile {
  readonly id: string;
  readonly size: number;
  readonly #path: string;
  readonly #imports: Imports;
  readonly #isAwaited: () => Promise<boolean>;

  constructor(id: string, path: string, size: number, imports: Imports, isAwaited: () => Promise<boolean>) {
    this.id = id;
    this.size = size;
    this.#path = path;
    this.#imports = imports;
    this.#isAwaited = isAwaited;
  }

  /** Bytes that are there. */
  async length(): Promise<number> {
    return stat(this.#path).then(
      ({ size }) => size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return 0;
        throw error;
      },
    );
  }

  /** Throws what the sender is to be told where the whole file is announced with another length. */
  checkSize(announced: number): void {
    if (announced === this.size) return;
    throw new Refusal(
      413,
      'FILE_SIZE_DIFFERS',
      `The import was started for a file of ${this.size} bytes, and this one has ${announced}. Start another import for it.`,
    );
  }

  /** Throws where it has become whole while the sender waited for its turn: it is read by now. */
  async empty(): Promise<void> {
    if (!(await this.#isAwaited())) throw complete;
    await (await open(this.#path, 'w', 0o600)).close();
  }

  /** Returns how many bytes are there then, also if `source` was cut off. */
  async write(source: Readable, offset: number): Promise<number> {
    await (await open(this.#path, 'a', 0o600)).close();
    let length = offset;
    const count = new Transform({
      transform: (chunk: Buffer, _, done) => {
        length += chunk.length;
        if (length > this.size) return done(tooLong(this.size));
        this.#imports.uploadProgress(this.id, length);
        done(null, chunk);
      },
    });
    // Of a source that is gone by now, `pipeline` may wait for the end without end, and the file would stay locked.
    if (source.destroyed) throw cutShort;
    const file = createWriteStream(this.#path, { flags: 'r+', start: offset });
    await pipeline(source, count, file).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOSPC' || error.code === 'EDQUOT' ? storageFull : error;
    });
    return length;
  }

  /** May be called again: what failed on the way is done then. Throws where nobody awaits the file any more. */
  async completeIfWhole(): Promise<boolean> {
    if ((await this.length()) < this.size) return false;
    const file = await open(this.#path, 'a', 0o600);
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    // It was cancelled meanwhile.
    if (!(await this.#imports.uploaded(this.id))) throw notFound;
    return true;
  }
}

function tooLong(size: number): Refusal {
  return new Refusal(
    413,
    'FILE_SIZE_DIFFERS',
    `The import was started for a file of ${size} bytes, and this one is longer.`,
  );
}

async function takeWhole(file: IncomingFile, locker: MemoryLocker, req: IncomingMessage): Promise<void> {
  const { 'content-length': length } = req.headers;
  if (length !== undefined) file.checkSize(Number(length));
  const lock = locker.newLock(file.id);
  const waiting = new AbortController();
  req.once('close', () => waiting.abort());
  let isComing = true;
  await lock.lock(waiting.signal, () => {
    // Without an error, `pipeline` would wait for the end of a request that has come and was not read yet.
    if (isComing) req.destroy(cutShort);
  });
  try {
    await file.empty();
    await file.write(req, 0);
    isComing = false;
    if (!(await file.completeIfWhole())) throw cutShort;
  } finally {
    await lock.unlock();
  }
}

/** One file, as tus's library wants it. */
class TusStore extends DataStore {
  override extensions = ['creation', 'creation-with-upload'];
  readonly #file: IncomingFile;

  constructor(file: IncomingFile) {
    super();
    this.#file = file;
  }

  override async create(upload: Upload): Promise<Upload> {
    this.#file.checkSize(upload.size ?? 0);
    await this.#file.empty();
    // A file of no bytes is whole before anything has come.
    await this.#file.completeIfWhole();
    return upload;
  }

  override async write(source: Readable, _: string, offset: number): Promise<number> {
    const length = await this.#file.write(source, offset);
    // While it is locked: whoever waits to send it anew would empty it.
    await this.#file.completeIfWhole();
    return length;
  }

  override async getUpload(id: string): Promise<Upload> {
    return new Upload({ id, size: this.#file.size, offset: await this.#file.length() });
  }
}
