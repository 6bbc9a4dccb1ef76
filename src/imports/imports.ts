// The face of the room: imports of one account. A file is started, uploaded, checked, confirmed, sent in slices, watched, and its
// results read. What an import is, and its states, stand in import.ts; who works on it is engine.ts.

import { randomUUID } from 'node:crypto';
import type { StopSignal } from '../foundation/cancellation.ts';
import { shareReads } from '../foundation/shared-reads.ts';
import { IdempotencyConflict, UnknownCampaign } from '../scheduling/request-error.ts';
import { cleanText } from '../scheduling/text.ts';
import type { Engine } from './engine.ts';
import { type ImportState, type ImportView, type Owner, shownName } from './import.ts';
import type { ImportAccount } from './import-account.ts';
import { checkChanges, withChanges } from './import-changes.ts';
import {
  ImportNotFound,
  ImportStateConflict,
  ImportsUnavailable,
  InvalidImport,
  TooManyImports,
} from './import-error.ts';
import type { ImportChanges, StartImportRequest } from './import-request.ts';
import {
  type Change,
  type ImportStore,
  isOutOfReach,
  type StoredImport,
  type StoredRequest,
} from './import-store.ts';
import { closed, emptyProgress } from './progress.ts';
import { type ImportResults, type ResultFilter, resultsOf } from './results.ts';
import { isId, type Spool } from './spool.ts';
import { viewOf } from './view.ts';
import type { Watching } from './watching.ts';

export type { ImportChanges, StartImportRequest } from './import-request.ts';
export { type ImportResults, type ResultFilter, type ResultRow, resultFilters } from './results.ts';

export interface ImportPage {
  /** The newest first. */
  imports: readonly ImportView[];
  hasNextPage: boolean;
}

/** Each may reject with an ImportsUnavailable. */
export interface Imports {
  /**
   * The same idempotencyKey with the same input gives the same import. Rejects with an IdempotencyConflict, a TooManyImports, an
   * InvalidImport or an UnknownCampaign.
   */
  start(request: StartImportRequest, owner: Owner): Promise<ImportView>;
  /** Null, too, where the owner may not see it. */
  get(id: string, owner: Owner): Promise<ImportView | null>;
  /** `after`: an import's id. */
  list(page: { first: number; after: string | null }, owner: Owner): Promise<ImportPage>;
  /**
   * Of a READY one. With changes the file is checked again before anything is sent. Rejects with an ImportNotFound, an InvalidImport or
   * an ImportStateConflict; the same again answers with what is.
   */
  confirm(id: string, changes: ImportChanges, owner: Owner): Promise<ImportView>;
  /** These reject with an ImportNotFound, or an ImportStateConflict. What is so already stays so. */
  pause(id: string, owner: Owner): Promise<ImportView>;
  resume(id: string, owner: Owner): Promise<ImportView>;
  cancel(id: string, owner: Owner): Promise<ImportView>;
  /**
   * The whole state at once, after each change at most twice a second, every 20 s anyway. Ends after the import's end, and when
   * the signal is aborted. Null where `get` is.
   */
  watch(id: string, owner: Owner, signal: StopSignal): Promise<AsyncIterable<ImportView> | null>;
  /** Where the bytes go; null where nobody may upload, or the import ended before its file was whole. */
  upload(id: string, owner: Owner): Promise<Upload | null>;
  /** Told as it grows: cheap, and written at most once a second. */
  uploadProgress(id: string, receivedBytes: number): void;
  /**
   * All `fileSize` bytes stand in the file, and are synced. Checking begins. A second call does nothing. False: it ended before, and
   * nobody reads the file.
   */
  uploaded(id: string): Promise<boolean>;
  /**
   * Rows in input order with their cells, and what became of each. Rejects with an ImportNotFound, or an ImportStateConflict while
   * the file is not checked, was never read to its end, or is gone.
   */
  results(id: string, outcome: ResultFilter, owner: Owner): Promise<ImportResults>;
}

export interface Upload {
  /** Of the file, whose folder is there. Null: all of its bytes have come. */
  path: string | null;
  fileSize: number;
}

export interface ImportsParts {
  store: ImportStore;
  spool: Spool;
  engine: Engine;
  watching: Watching;
  /** Bytes of a file, at most. */
  maxFileBytes: number;
  /** Imports of an account that are under way, at most. */
  most: number;
}

const progressMs = 1000;

export function createImports(parts: ImportsParts, account: ImportAccount): Imports {
  const imports = createReachableImports(parts, account);
  const { start, get, list, confirm, pause, resume, cancel, watch, upload, uploaded, results } = imports;
  return {
    ...imports,
    ...{ start: reachable(start), get: reachable(get), list: reachable(list), confirm: reachable(confirm) },
    ...{ pause: reachable(pause), resume: reachable(resume), cancel: reachable(cancel) },
    watch: reachable(watch),
    ...{ upload: reachable(upload), uploaded: reachable(uploaded), results: reachable(results) },
  };
}

function reachable<Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) {
  return (...args: Args): Promise<Result> =>
    work(...args).catch((error: unknown) => {
      throw isOutOfReach(error) ? new ImportsUnavailable({ cause: error }) : error;
    });
}

/** A store that is out of reach rejects with its own error. */
function createReachableImports(parts: ImportsParts, account: ImportAccount): Imports {
  const { store, spool, engine, watching, maxFileBytes, most } = parts;
  /** Uploads whose growth was noted a moment ago. */
  const noted = new Set<string>();

  const show = async (stored: StoredImport): Promise<ImportView> =>
    viewOf(stored, await spool.readPreview(stored.id), Date.now());

  const read = (id: string): Promise<StoredImport | null> => {
    engine.begin();
    return store.get(account.id, id);
  };

  const find = async (id: string, owner: Owner): Promise<StoredImport | null> => {
    if (!isId(id)) return null;
    const found = await read(id);
    return found !== null && maySee(found, owner) ? found : null;
  };

  /** Of many who begin to watch at once, as after a restart, each would ask. */
  const readToWatch = shareReads(async (id) => {
    const found = await read(id);
    return found && show(found);
  });

  const mustFind = async (id: string, owner: Owner): Promise<StoredImport> => {
    const found = await find(id, owner);
    if (found === null) throw new ImportNotFound(id);
    return found;
  };

  /** Changes the state where it is one of `from`; where it is one of `already`, nothing is to be done. */
  const lead = async (
    id: string,
    owner: Owner,
    { from, already, what }: { from: readonly ImportState[]; already: readonly ImportState[]; what: string },
    to: (current: StoredImport) => Change,
  ): Promise<ImportView> => {
    for (;;) {
      const found = await mustFind(id, owner);
      if (already.includes(found.state)) return show(found);
      if (!from.includes(found.state)) throw new ImportStateConflict(found.state, what);
      // It may be in another state by now.
      const changed = await store.change(account.id, id, [found.state], to);
      if (changed === null) continue;
      engine.changed(changed);
      return show(changed);
    }
  };

  return {
    async start({ campaignName, idempotencyKey, ...request }, owner) {
      if (request.fileSize > maxFileBytes)
        throw new InvalidImport(
          ['input', 'fileSize'],
          `must be ${maxFileBytes} bytes at most: split the file, or compress it with gzip`,
        );
      if (await account.statuses.isMissing(campaignName)) throw new UnknownCampaign(campaignName);
      const { digest } = account.keys;
      const { credential, recordsPerMinute } = owner;
      const started = await store.start({
        id: randomUUID(),
        account: account.id,
        campaignName,
        request: { ...request, fileName: shownName(request.fileName), credential, recordsPerMinute },
        key:
          idempotencyKey === undefined
            ? null
            : digest(JSON.stringify(['import', credential, cleanText(idempotencyKey)])),
        input: digest(JSON.stringify([campaignName, inputOf(request)])),
        progress: emptyProgress,
      });
      if (started.kind === 'conflict') throw new IdempotencyConflict();
      if (started.kind === 'too-many') throw new TooManyImports(most);
      if (started.kind === 'started') engine.changed(started.import);
      return show(started.import);
    },

    async get(id, owner) {
      const found = await find(id, owner);
      return found && show(found);
    },

    async list({ first, after }, { campaigns }) {
      if (after !== null && !isId(after)) return { imports: [], hasNextPage: false };
      const found = await store.list(account.id, { first: first + 1, after, campaigns });
      const imports = await Promise.all(found.slice(0, first).map(show));
      return { imports, hasNextPage: found.length > first };
    },

    async confirm(id, changes, owner) {
      const found = await mustFind(id, owner);
      const preview = await spool.readPreview(id);
      const request = withChanges(found.request, changes, preview);
      const isChanged = JSON.stringify(inputOf(request)) !== JSON.stringify(inputOf(found.request));
      const { decisions } = found.progress;
      if (found.state === 'READY' && isChanged) checkChanges(request, found.request, preview);
      if (found.state === 'READY' && !isChanged && decisions.length > 0)
        throw new InvalidImport(['input'], `must decide first: ${decisions.join(', ')}`);
      const what = isChanged
        ? 'Only an import that is READY can be confirmed, or changed.'
        : 'Only an import that is READY can be confirmed.';
      const already = isChanged ? [] : confirmedStates(found.request, changes);
      return lead(id, owner, { from: ['READY'], already, what }, (current): Change => {
        if (!isChanged) return { state: 'RUNNING' };
        // Somebody else may have changed it since it was read.
        const merged = withChanges(current.request, changes, preview);
        return { state: 'CHECKING', request: { ...merged, isConfirmed: true }, progress: emptyProgress };
      });
    },

    pause: (id, owner) =>
      lead(
        id,
        owner,
        { from: ['RUNNING'], already: ['PAUSED'], what: 'Only an import that is RUNNING can be paused.' },
        () => ({ state: 'PAUSED' }),
      ),

    resume: (id, owner) =>
      lead(
        id,
        owner,
        { from: ['PAUSED'], already: ['RUNNING'], what: 'Only an import that is PAUSED can be resumed.' },
        () => ({ state: 'RUNNING' }),
      ),

    cancel: (id, owner) =>
      lead(
        id,
        owner,
        {
          from: ['AWAITING_FILE', 'CHECKING', 'READY', 'RUNNING', 'PAUSED'],
          already: ['CANCELING', 'CANCELED'],
          what: 'An import that has ended cannot be cancelled.',
        },
        // Of what was sent, it is first learned what became of it.
        ({ state, progress }) =>
          state === 'RUNNING' || state === 'PAUSED'
            ? { state: 'CANCELING' }
            : // What a check has read by then is dropped with it.
              { state: 'CANCELED', progress: state === 'READY' ? closed(progress) : emptyProgress },
      ),

    async watch(id, owner, signal) {
      if (!isId(id)) return null;
      const found = await readToWatch(id);
      return found && maySee(found, owner) ? watching.watch(found, signal) : null;
    },

    async upload(id, owner) {
      const found = await find(id, owner);
      if (found === null) return null;
      const { fileSize } = found.request;
      if (found.state === 'AWAITING_FILE') return { path: await spool.receive(id), fileSize };
      return isWhole(found) ? { path: null, fileSize } : null;
    },

    uploadProgress(id, receivedBytes) {
      if (noted.has(id)) return;
      noted.add(id);
      setTimeout(() => noted.delete(id), progressMs).unref();
      // It is only shown.
      store.noteReceived(id, receivedBytes).catch(() => undefined);
    },

    async uploaded(id) {
      const found = await store.get(account.id, id);
      if (found?.state !== 'AWAITING_FILE') return found !== null && isWhole(found);
      const receivedBytes = await spool.receivedBytes(id);
      if (receivedBytes !== found.request.fileSize)
        throw new InvalidImport(
          ['file'],
          `has ${receivedBytes ?? 0} bytes, and the import was started for ${found.request.fileSize}`,
        );
      const to = () => ({ state: 'CHECKING' as const, receivedBytes });
      const changed = await store.change(account.id, id, ['AWAITING_FILE'], to);
      if (changed !== null) engine.changed(changed);
      const now = changed ?? (await store.get(account.id, id));
      return now !== null && isWhole(now);
    },

    async results(id, filter, owner) {
      const found = await mustFind(id, owner);
      const { state, hasFiles } = found;
      if (state === 'AWAITING_FILE' || state === 'CHECKING')
        throw new ImportStateConflict(state, 'There is nothing to tell yet.');
      if (found.progress.counts.total === null)
        throw new ImportStateConflict(state, 'There are no results: its rows were not read to their end.');
      if (!hasFiles)
        throw new ImportStateConflict(
          state,
          'The file and its results were deleted, as their time was over.',
        );
      return resultsOf({ store, spool }, found, await spool.readPreview(id), filter);
    },
  };
}

function isWhole({ receivedBytes, request, state }: StoredImport): boolean {
  return receivedBytes === request.fileSize && state !== 'AWAITING_FILE';
}

/** Where whoever lost an answer asks again: the states in which the same confirmation was made already. */
function confirmedStates({ isConfirmed, start }: StoredRequest, changes: ImportChanges): ImportState[] {
  const sent: ImportState[] = ['RUNNING', 'PAUSED', 'FINISHED'];
  const isChange = Object.values(changes).some((value) => value !== undefined);
  // What changes one that is reviewed has it checked, and never sends it.
  const checked: ImportState[] = isChange && start === 'AFTER_REVIEW' ? ['READY'] : [];
  // Only then is it sent, or reviewed, as this confirmation asks.
  if (isConfirmed === true && (isChange || start === 'AUTOMATIC')) checked.push('CHECKING');
  return [...checked, ...sent];
}

function maySee({ campaignName }: Pick<StoredImport, 'campaignName'>, { campaigns }: Owner): boolean {
  return campaigns?.has(campaignName) ?? true;
}

/** What makes two inputs the same: not who asks, nor in which order the fields stand. */
function inputOf(request: Omit<StartImportRequest, 'campaignName' | 'idempotencyKey'>): unknown[] {
  const { fileName, fileSize, timeZone, duplicates, errorPolicy, start, mapping } = request;
  const { dateFormat, sheet, encoding, delimiter } = request;
  const columns = mapping?.map(({ column, field, header }) => [column, field ?? null, header ?? null]);
  return [
    ...[fileName, fileSize, timeZone ?? null, duplicates, errorPolicy, start, columns ?? null],
    ...[dateFormat ?? null, sheet ?? null, encoding ?? null, delimiter ?? null],
  ];
}
