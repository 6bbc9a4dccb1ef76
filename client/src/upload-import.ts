// A file of leads, from the page to an import. What has to outlive the page is saved before anything goes: with the same file and runId
// the same import is gone on with, from where its file had come, after a lost answer, a reload or a closed tab.

import { alone } from './alone.ts';
import { ForbiddenError, OtherFileError, RequestRefusedError, ServerTooOldError } from './errors.ts';
import type { StartImportInput } from './generated/graphql.ts';
import { findImport, type Import, startImport } from './imports.ts';
import { indexedDbStore, type JobStore } from './job-store.ts';
import { again, type Patience } from './retry.ts';
import type { Transport } from './transport.ts';
import { sendFile } from './tus.ts';
import { keyOfUpload, type Upload } from './upload-state.ts';

export interface UploadImportOptions
  extends Omit<StartImportInput, 'fileName' | 'fileSize' | 'idempotencyKey'> {
  /** With an `endpoint`, as a fetchTransport has it: the file goes beside GraphQL. */
  transport: Transport;
  /** Stands for this very file: the same one goes on after a reload. Best a UUID. */
  runId: string;
  /** @default the file's own */
  fileName?: string;
  /** @default IndexedDB, in a browser */
  store?: JobStore;
  /** Called where the credential is refused, before the same is sent once more: get a new token. @default it stops with the error */
  onUnauthenticated?: () => void | Promise<void>;
  onProgress?: (progress: UploadProgress) => void;
  /** Stops the upload. It can be gone on with; the import stays, and waits for its file. */
  signal?: AbortSignal;
}

export interface UploadProgress {
  /** Null until the import is started. */
  importId: string | null;
  /** Bytes that the server has. */
  sentBytes: number;
  totalBytes: number;
  /** Why it does not go on at the moment; null: it does. */
  waitingFor: string | null;
}

/**
 * Starts an import, and sends its file, or goes on with both. Resolves to the import when its file is there, or when it ended before:
 * `watchImport` tells of the rest. Rejects, with what is kept as it is, with an OtherFileError, a FileUnreadableError, a
 * RequestRefusedError, an UnauthenticatedError, a ForbiddenError, a TooLargeError, a ServerTooOldError, a StoreUnavailableError, a
 * JobRunsElsewhereError, or what the signal was aborted with. The same call goes on.
 */
export function uploadImport(file: File | Blob, options: UploadImportOptions): Promise<Import> {
  const { runId, signal } = options;
  return alone(`upload ${runId}`, signal, () => carryOut(file, options));
}

const refusals = [RequestRefusedError, ForbiddenError, ServerTooOldError];

async function carryOut(file: File | Blob, options: UploadImportOptions): Promise<Import> {
  const { transport, runId, fileName = nameOf(file), store = indexedDbStore(), ...more } = options;
  const { onUnauthenticated, onProgress, signal = new AbortController().signal, ...input } = more;
  const { endpoint } = transport;
  if (endpoint === undefined) throw new TypeError('uploadImport needs a transport with an endpoint.');
  const key = keyOfUpload(runId);
  const kept = (await store.get(key)) as Upload | undefined;
  const fresh = { runId, campaignName: input.campaignName, ...factsOf(file, fileName) };
  if (kept !== undefined) mustBeSame(kept, fresh);

  const progress: UploadProgress = {
    ...{ importId: kept?.importId ?? null, sentBytes: 0, totalBytes: file.size, waitingFor: null },
  };
  const tell = (change: Partial<UploadProgress>) => onProgress?.({ ...Object.assign(progress, change) });
  const patience: Patience = {
    ...{ signal, onUnauthenticated, onWait: (reason) => tell({ waitingFor: reason }) },
  };

  if (kept === undefined) await store.put(key, { ...fresh, importId: null } satisfies Upload);
  const whole = { ...input, fileName, fileSize: file.size, idempotencyKey: runId };
  const { id, uploadUrl } = await again(() => startImport(transport, whole, signal), patience).catch(
    async (error: unknown) => {
      // There is nothing to be gone on with.
      const isRefused = refusals.some((one) => error instanceof one);
      if (kept === undefined && isRefused) await store.delete([key]);
      throw error;
    },
  );
  if (kept?.importId !== id) await store.put(key, { ...fresh, importId: id } satisfies Upload);
  tell({ importId: id });
  const look = () => again(() => findImport(transport, id, signal), patience);
  if (uploadUrl !== null) {
    const onSent = (sentBytes: number) => tell({ sentBytes });
    await sendFile({ file, endpoint, uploadUrl, onSent }, patience).catch(async (error: unknown) => {
      // It may have ended meanwhile, by a person or by itself.
      if (error instanceof RequestRefusedError && (await look()).uploadUrl === null) return;
      throw error;
    });
  }
  const uploaded = await look();
  await store.delete([key]);
  return uploaded;
}

function nameOf(file: File | Blob): string {
  return 'name' in file && file.name !== '' ? file.name : 'leads';
}

function factsOf(file: File | Blob, fileName: string) {
  return { fileName, fileSize: file.size, lastModified: 'lastModified' in file ? file.lastModified : null };
}

function mustBeSame(kept: Upload, given: Omit<Upload, 'importId'>): void {
  const { fileName, fileSize, lastModified } = kept;
  if (
    fileName === given.fileName &&
    fileSize === given.fileSize &&
    // Of a Blob nobody knows.
    (lastModified === given.lastModified || lastModified === null || given.lastModified === null)
  )
    return;
  throw new OtherFileError(
    `The upload was begun with ${fileName} of ${fileSize} bytes${lastModified === null ? '' : `, changed last at ${new Date(lastModified).toISOString()}`}: this is another file, or it was changed since.`,
  );
}
