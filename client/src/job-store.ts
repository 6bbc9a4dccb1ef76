// Where what must outlive a page is kept: IndexedDB, memory, or what a page hands in. What is kept, and under which keys, stands with
// the work: schedule-job.ts and upload-state.ts.

import { StoreUnavailableError } from './errors.ts';

/** Values by key. They are plain data. Each method rejects with a StoreUnavailableError. */
export interface JobStore {
  /** Undefined where there is none. */
  get(key: string): Promise<unknown>;
  /** Resolves when it is durable. */
  put(key: string, value: unknown): Promise<void>;
  /** The values whose keys begin so, in the order of the keys. */
  list(prefix: string): Promise<unknown[]>;
  /** Deletes what has a key that begins with one of these: all of it, or nothing. */
  delete(prefixes: readonly string[]): Promise<void>;
}

/** For pages that must not keep anything: a reload loses how far the work has come. */
export function memoryStore(): JobStore {
  const values = new Map<string, unknown>();
  const keys = (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort();
  return {
    get: async (key) => structuredClone(values.get(key)),
    put: async (key, value) => void values.set(key, structuredClone(value)),
    list: async (prefix) => structuredClone(keys(prefix).map((key) => values.get(key))),
    delete: async (prefixes) => {
      for (const key of prefixes.flatMap(keys)) values.delete(key);
    },
  };
}

const version = 2;
const tableName = 'values';

export function indexedDbStore(name = 'dialgraph'): JobStore {
  const open = opener(name);

  const run = async <Value>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore) => IDBRequest<Value> | undefined,
  ): Promise<Value | undefined> => {
    try {
      const database = await open();
      return await new Promise<Value | undefined>((resolve, reject) => {
        const transaction = database.transaction(tableName, mode, { durability: 'strict' });
        const request = work(transaction.objectStore(tableName));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onabort = () => reject(transaction.error ?? request?.error);
        transaction.onerror = () => reject(transaction.error ?? request?.error);
      });
    } catch (error) {
      throw new StoreUnavailableError(
        `What has to outlive this page cannot be saved: ${(error as Error | null)?.message || 'IndexedDB does not work'}`,
        { cause: error },
      );
    }
  };

  return {
    get: (key) => run('readonly', (table) => table.get(key)),
    put: async (key, value) => void (await run('readwrite', (table) => table.put(value, key))),
    list: async (prefix) => (await run('readonly', (table) => table.getAll(rangeOf(prefix)))) ?? [],
    delete: async (prefixes) => {
      await run('readwrite', (table) => {
        for (const prefix of prefixes) table.delete(rangeOf(prefix));
        return undefined;
      });
    },
  };
}

function rangeOf(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

/** Opens the database when it is needed first, and again where the browser has closed it. */
function opener(name: string): () => Promise<IDBDatabase> {
  let opening: Promise<IDBDatabase> | undefined;
  const forget = () => {
    opening = undefined;
  };
  return () => {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      if (typeof indexedDB === 'undefined') throw new Error('there is no IndexedDB here');
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => {
        const { result: database } = request;
        for (const old of database.objectStoreNames) database.deleteObjectStore(old);
        database.createObjectStore(tableName);
      };
      request.onsuccess = () => {
        const { result: database } = request;
        database.onclose = forget;
        database.onversionchange = () => {
          database.close();
          forget();
        };
        resolve(database);
      };
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('another tab holds it'));
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    return opening;
  };
}
