// What is kept of a file on its way: whose it is, and which file. Nothing of its content.

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

export function keyOfUpload(runId: string): string {
  return `upload ${JSON.stringify(runId)}`;
}
