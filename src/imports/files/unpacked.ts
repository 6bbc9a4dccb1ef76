// A file that is read from its end, as archives are. Where it is gzip it is unpacked into a file without a name, which is gone with its
// descriptor, however the process ends.

import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { type ByteSource, readBytes } from './bytes.ts';

/** Its descriptor, for reading. The caller closes it. */
export async function openUnpacked(source: ByteSource): Promise<number> {
  if (!source.gzipped) return openSync(source.path, 'r');
  const path = `${source.path}.${randomUUID()}`;
  const file = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
    for await (const piece of readBytes(source)) writeSync(file, piece);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
