// What is kept of a file on its way: whose it is, and which file. Nothing of its content.

import { alone } from './alone.ts';
import { indexedDbStore, type JobStore } from './job-store.ts';

/** An upload that has not come to its end. */
export interface Upload {
  runId: string;
  campaignName: string;
  fileName: string;
  /** Bytes. */
  fileSize: number;
  /** In epoch milliseconds; null for a Blob. */
  lastModified: number | null;
  /** Null until the server has said that the import is started. */
  importId: string | null;
}

/** Uploads of this browser that have not come to their end: ask for the file again, and call `uploadImport` with the same `runId`. */
export async function unfinishedUploads(store: JobStore = indexedDbStore()): Promise<Upload[]> {
  return (await store.list('upload ')) as Upload[];
}

/**
 * Deletes what is kept of an upload: nobody goes on with it. Its import waits for a file until it expires, or is cancelled. Rejects with
 * a JobRunsElsewhereError while it is at work.
 */
export function forgetUpload(runId: string, store: JobStore = indexedDbStore()): Promise<void> {
  return alone(`upload ${runId}`, undefined, () => store.delete([keyOfUpload(runId)]));
}

export function keyOfUpload(runId: string): string {
  return `upload ${JSON.stringify(runId)}`;
}
