// What outlives a page: how far a job has come. It holds no phone number unless the caller wants it to.

import { StoreUnavailableError } from './errors.ts';
import type { CampaignRecordInput } from './generated/graphql.ts';
import type { RecordResult } from './results.ts';

/**
 * One list on its way. States of a part: open (never sent) → sent (its request may have arrived; it is only ever sent again as it
 * is, under its key) → done.
 */
export interface Job {
  runId: string;
  campaignName: string;
  /** Of the records, in their order, and of how they are scheduled. */
  digest: string;
  total: number;
  partSize: number;
  /** By the server's clock where it is known, in epoch milliseconds. */
  createdAt: number;
  parts: JobPart[];
  /** Only if it was asked for: then the job goes on without the records being handed in again. */
  records: readonly CampaignRecordInput[] | null;
}

export interface JobPart {
  state: 'open' | 'sent' | 'done';
  /** When it was sent first, by the same clock. */
  sentAt: number | null;
  /** Of a part that is done. */
  results: RecordResult[] | null;
}

export interface JobStore {
  get(runId: string): Promise<Job | undefined>;
  /** Resolves when it is durable. Rejects with a StoreUnavailableError. */
  put(job: Job): Promise<void>;
  delete(runId: string): Promise<void>;
  list(): Promise<Job[]>;
}

/** For pages that must not keep anything: a reload loses how far the job has come. */
export function memoryStore(): JobStore {
  const jobs = new Map<string, Job>();
  return {
    get: async (runId) => structuredClone(jobs.get(runId)),
    put: async (job) => void jobs.set(job.runId, structuredClone(job)),
    delete: async (runId) => void jobs.delete(runId),
    list: async () => structuredClone([...jobs.values()]),
  };
}

const tableName = 'jobs';

export function indexedDbStore(name = 'dialgraph'): JobStore {
  let opening: Promise<IDBDatabase> | undefined;

  const open = () => {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      if (typeof indexedDB === 'undefined') throw new Error('there is no IndexedDB here');
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(tableName, { keyPath: 'runId' });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('another tab holds it'));
    }).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  const run = async <Value>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value> => {
    try {
      const database = await open();
      return await new Promise<Value>((resolve, reject) => {
        const transaction = database.transaction(tableName, mode, { durability: 'strict' });
        const request = work(transaction.objectStore(tableName));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error ?? request.error);
        transaction.onerror = () => reject(transaction.error ?? request.error);
      });
    } catch (error) {
      throw new StoreUnavailableError(
        `What has to outlive this page cannot be saved: ${(error as Error | null)?.message || 'IndexedDB does not work'}`,
        { cause: error },
      );
    }
  };

  return {
    get: (runId) => run('readonly', (table) => table.get(runId) as IDBRequest<Job | undefined>),
    put: async (job) => void (await run('readwrite', (table) => table.put(job))),
    delete: async (runId) => void (await run('readwrite', (table) => table.delete(runId))),
    list: () => run('readonly', (table) => table.getAll() as IDBRequest<Job[]>),
  };
}
