// Files that were chosen on this page, on their way to their imports. They go on while another view is shown. After a reload the file is
// asked for again, and goes on where it stopped.
// States of an upload: on its way → gone, when the server has the file; on its way → failed.

import { type Transport, type Upload, unfinishedUploads, uploadImport } from '@dialgraph/client';

export interface FileUpload {
  /** Why it does not go on at the moment; null: it does. */
  waitingFor: string | null;
  /** It has failed. */
  error: Error | null;
}

/** By the import's id. */
const uploads = new Map<string, FileUpload>();
const listeners = new Set<() => void>();

export function uploadOf(id: string): FileUpload | undefined {
  return uploads.get(id);
}

export function onUploads(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * Starts an import and sends its file, or goes on with both. Resolves to the import's id when it is started. Rejects with one of the
 * client's errors where it is not. The same file, chosen once more after a failure or a reload, is the same import.
 */
export async function sendFile(transport: Transport, campaignName: string, file: File): Promise<string> {
  const same = (upload: Upload) =>
    upload.campaignName === campaignName &&
    upload.fileName === file.name &&
    upload.fileSize === file.size &&
    upload.lastModified === file.lastModified;
  // Where nothing can be kept, uploadImport says so.
  const unfinished = await unfinishedUploads().catch(() => []);
  return send(transport, campaignName, file, unfinished.find(same)?.runId ?? crypto.randomUUID());
}

/** Of an import that an earlier page has started. Rejects with an OtherFileError where it is another file. */
export async function sendAgain(
  transport: Transport,
  { campaignName, runId }: Upload,
  file: File,
): Promise<void> {
  await send(transport, campaignName, file, runId);
}

/** Null: it was not started in this browser, or its file has come. */
export async function unfinishedUpload(importId: string): Promise<Upload | null> {
  const unfinished = await unfinishedUploads().catch(() => []);
  return unfinished.find((upload) => upload.importId === importId) ?? null;
}

function send(transport: Transport, campaignName: string, file: File, runId: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let id: string | null = null;
    const note = (upload: FileUpload | null) => {
      if (id === null) return;
      if (upload === null) uploads.delete(id);
      else uploads.set(id, upload);
      for (const listener of listeners) listener();
    };
    uploadImport(file, {
      ...{ transport, runId, campaignName, start: 'AFTER_REVIEW' },
      onProgress({ importId, waitingFor }) {
        id = importId;
        note({ waitingFor, error: null });
        if (id !== null) resolve(id);
      },
    }).then(
      () => note(null),
      (error: Error) => {
        note({ waitingFor: null, error });
        reject(error);
      },
    );
  });
}
