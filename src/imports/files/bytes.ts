// A file's bytes in pieces, unpacked where it is gzip, and never more of them than the limit.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UnsupportedFile } from './unsupported-file.ts';

export interface ByteSource {
  readonly path: string;
  readonly gzipped: boolean;
  /** Of what comes out. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Some hundred rows: what they take at once holds up nobody. */
const pieceBytes = 64 * 1024;

/** Each piece is good until the next is asked for. */
export async function* readBytes(source: ByteSource): AsyncGenerator<Buffer, void> {
  let total = 0;
  for await (const piece of source.gzipped ? unpacked(source) : plain(source)) {
    source.signal.throwIfAborted();
    total += piece.length;
    if (total > source.maxBytes)
      throw new UnsupportedFile(
        'TOO_LARGE',
        `The file has more than ${source.maxBytes} bytes${source.gzipped ? ' when it is unpacked' : ''}: split it into several.`,
      );
    yield piece;
  }
}

async function* plain({ path }: ByteSource): AsyncGenerator<Buffer, void> {
  const file = await open(path);
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, pieceBytes);
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function* unpacked({ path }: ByteSource): AsyncGenerator<Buffer, void> {
  const unpacking = createGunzip({ chunkSize: pieceBytes });
  pipeline(createReadStream(path, { highWaterMark: pieceBytes }), unpacking, () => undefined);
  try {
    yield* unpacking as AsyncIterable<Buffer>;
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    throw new UnsupportedFile(
      'CORRUPT',
      'The file is gzip, and broken or cut off: pack it again, and upload it again.',
    );
  }
}
