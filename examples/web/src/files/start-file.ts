// A file that was chosen on this page becomes an import. The page's memory has the file itself: after a reload it is asked for again.

import type { Transport } from '@dialgraph/client';
import { type ImportState, startImport } from '../imports-api.ts';

const files = new Map<string, File>();

/** Of an import that this page has started. */
export function fileOf(id: string): File | undefined {
  return files.get(id);
}

export function keepFile(id: string, file: File): void {
  files.set(id, file);
}

/** Rejects with one of the client's errors. The same file, chosen once more after a failure, is the same import. */
export async function startFile(
  transport: Transport,
  campaignName: string,
  file: File,
): Promise<ImportState> {
  const { name: fileName, size: fileSize, lastModified } = file;
  const what = JSON.stringify([campaignName, fileName, fileSize, lastModified]);
  const idempotencyKey = keys.get(what) ?? crypto.randomUUID();
  keys.set(what, idempotencyKey);
  const started = await startImport(transport, {
    ...{ campaignName, fileName, fileSize, idempotencyKey },
    start: 'AFTER_REVIEW',
  });
  keys.delete(what);
  keepFile(started.id, file);
  return started;
}

/** Of what was started, and not answered. */
const keys = new Map<string, string>();
