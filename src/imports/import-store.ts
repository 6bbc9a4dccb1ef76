// What is kept of imports, durably, as this room sees it. The store implements it. Each call may reject where the store is out of
// reach. Nothing that is kept has a cell of a file in it. All times are of the database's clock, in epoch milliseconds.
//
// An import that is worked on has a job, which a process takes up with a claim. Every claim of an import has a higher number than the
// one before, and what is written under an older one is not taken.

import type { ImportCounts, ImportDecision, ImportFailure, ImportState, WaitingReason } from './import.ts';
import type { StartImportRequest } from './import-request.ts';
import type { ColumnMapping, DateFormat } from './mapping.ts';

/** What was asked for, as it was changed since. */
export interface StoredRequest extends Omit<StartImportRequest, 'campaignName' | 'idempotencyKey'> {
  /** Whose rate its records are taken from. */
  credential: string;
  recordsPerMinute: number | undefined;
  /** A person has changed it since it was READY. */
  isConfirmed?: boolean | undefined;
}

export interface StoredError {
  line: number;
  /** The column's position in the file. */
  column: number | null;
  code: string;
  field: string | null;
  message: string;
}

/** What is known of an import's rows by now. */
export interface Progress {
  counts: ImportCounts;
  codes: Record<string, number>;
  firstErrors: StoredError[];
  mapping: readonly ColumnMapping[];
  dateFormat: DateFormat | null;
  decisions: readonly ImportDecision[];
  /** Rows a second; null where nobody knows. */
  rate: number | null;
  /** Cells of the longest row. */
  width: number;
  /** How often in a row nothing was accepted. */
  stalls: number;
}

export interface StoredImport {
  id: string;
  /** The account's id. */
  account: string;
  campaignName: string;
  request: StoredRequest;
  state: ImportState;
  version: number;
  hasTurn: boolean;
  claim: number;
  receivedBytes: number;
  progress: Progress;
  waitingFor: WaitingReason | null;
  failure: ImportFailure | null;
  /** Whether its files are still there. */
  hasFiles: boolean;
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  /** When its files go, or it expires. */
  expiresAt: number | null;
  /** For how long nothing was accepted; 0: the last was. */
  stalledMs: number;
}

export interface NewImport {
  id: string;
  account: string;
  campaignName: string;
  request: StoredRequest;
  /** Digests of the idempotencyKey and of the input. */
  key: string | null;
  input: string;
  progress: Progress;
}

/** What a change of state brings with it. Undefined: as before. */
export interface Change {
  state: ImportState;
  request?: StoredRequest | undefined;
  progress?: Progress | undefined;
  waitingFor?: WaitingReason | null | undefined;
  failure?: ImportFailure | undefined;
  receivedBytes?: number | undefined;
}

export interface Work {
  import: StoredImport;
  /** The job that it was taken up with. */
  job: string;
}

/** How what is told of a slice stands: `sending`: something may be on its way that nobody has told of. */
export type SliceState = 'waiting' | 'sending' | 'told';

/** Rows that are sent under one key. */
export interface NewSlice {
  /** The position of its first row among the rows, from 0. */
  firstRow: number;
  rows: number;
  /** Where its bytes are in the file of rows, and their digest. */
  position: number;
  bytes: number;
  digest: string;
  /** Packed. */
  base: string;
  /** How many of its rows are not settled. */
  open: number;
}

export interface StoredSlice extends NewSlice {
  /** Of an earlier end of it; null: as the base. */
  outcomes: string | null;
  attempt: number;
  state: SliceState;
  lookUps: number;
}

/** A slice as it is taken up. `state`: before that. `isTooOld`: nothing may be sent under its key any more; it was not marked. */
export type TakenSlice = StoredSlice & { isTooOld: boolean };

export interface SliceEnd
  extends Pick<StoredSlice, 'firstRow' | 'base' | 'outcomes' | 'attempt' | 'state' | 'open' | 'lookUps'> {
  progress: Progress;
  waitingFor: WaitingReason | null;
  /** Whether something was accepted. Undefined: nobody can tell, since it was stopped. */
  wentOn: boolean | undefined;
}

export interface ImportStore {
  /** The digest is that of the account's keys. */
  start(
    given: NewImport,
  ): Promise<
    { kind: 'started' | 'found'; import: StoredImport } | { kind: 'conflict' } | { kind: 'too-many' }
  >;
  get(account: string, id: string): Promise<StoredImport | null>;
  /** The newest first. `campaigns`: null: all. */
  list(
    account: string,
    page: { first: number; after: string | null; campaigns: ReadonlySet<string> | null },
  ): Promise<StoredImport[]>;
  /** Those of them whose version is another than the one that is known. */
  changed(known: readonly { id: string; version: number }[]): Promise<StoredImport[]>;
  noteReceived(id: string, bytes: number): Promise<void>;
  /**
   * Where the state is one of `from`, and the claim is still this one, if one is given. Null: it is not. Turns that become free are
   * given to those that wait.
   */
  change(
    account: string,
    id: string,
    from: readonly ImportState[],
    to: (current: StoredImport) => Change,
    claim?: number,
  ): Promise<StoredImport | null>;

  /** The accounts with work for somebody, and frees what dead processes worked on. */
  accountsWithWork(): Promise<string[]>;
  /** Takes up work of an account. Null: there is none now. */
  take(account: string): Promise<Work | null>;
  /** Ends a job; where work is left, another is made, after a pause. */
  release(work: Work, delaySeconds?: number): Promise<void>;
  /** Of a job after which no other follows. */
  complete(work: Work): Promise<void>;
  /** Whether work goes on as it was taken up: in the same state, under the same claim. */
  stands(work: Work): Promise<boolean>;
  /** False: the claim is lost, or the state is another. */
  noteProgress(work: Work, progress: Progress, waitingFor: WaitingReason | null): Promise<boolean>;

  clearSlices(work: Work): Promise<boolean>;
  addSlice(work: Work, slice: NewSlice, progress: Progress): Promise<boolean>;
  /** Those that are not settled, without what is packed in them. */
  openSlices(work: Work): Promise<Pick<StoredSlice, 'firstRow' | 'state' | 'lookUps'>[]>;
  /** Notes that something of it is about to be sent. Null: the claim is lost, or the state is another. */
  takeSlice(work: Work, firstRow: number): Promise<TakenSlice | null>;
  /** False: the claim is lost. */
  endSlice(work: Work, end: SliceEnd): Promise<boolean>;
  /** In order, some at a time. */
  slices(id: string, from: number, count: number): Promise<StoredSlice[]>;

  /** Whether other processes may work on the same imports. */
  readonly isShared: boolean;
  /** Imports with which nobody went on in time, and those whose files must go. */
  outdated(): Promise<{ late: { account: string; id: string }[]; ended: string[] }>;
  /** Forgets what was told of single rows. */
  filesGone(id: string): Promise<void>;
  /** Which of these are known. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Looks after the jobs, and forgets imports that ended long ago. */
  maintain(): Promise<void>;
}

/** Whether a call of the store was rejected since it is out of reach: it may be tried again. */
export function isOutOfReach(error: unknown): boolean {
  return (
    error instanceof Error && error.name === 'StoreError' && 'kind' in error && error.kind !== 'statement'
  );
}
