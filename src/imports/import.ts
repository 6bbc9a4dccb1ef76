// What an import is to those who watch it: its states, its counts, and everything that is told of it at one moment.
// States: AWAITING_FILE (its bytes are on their way) → CHECKING (the file is read, nothing is sent) → READY (a person is to confirm)
// or at once → RUNNING ⇄ PAUSED → FINISHED. READY → (confirmed with other columns) CHECKING. RUNNING, PAUSED → CANCELING →
// CANCELED. CHECKING → FAILED, where the file cannot be used. AWAITING_FILE, READY → EXPIRED, where nobody went on in time.
// FINISHED, CANCELED, FAILED and EXPIRED are ends.

import { redact } from '../foundation/redaction.ts';
import type { FileFacts } from './files/read-file.ts';
import type { ColumnMapping, DateFormat, FilePreview } from './mapping.ts';

export const importStates = [
  'AWAITING_FILE',
  'CHECKING',
  'READY',
  'RUNNING',
  'PAUSED',
  'CANCELING',
  'FINISHED',
  'CANCELED',
  'FAILED',
  'EXPIRED',
] as const;
export type ImportState = (typeof importStates)[number];

const ends: readonly ImportState[] = ['FINISHED', 'CANCELED', 'FAILED', 'EXPIRED'];

/** Whether nothing changes any more. */
export function isEnd(state: ImportState): boolean {
  return ends.includes(state);
}

/** Who asks. An import belongs to its account; who may not use its campaign does not see it. */
export interface Owner {
  account: string;
  credential: string;
  /** Undefined: as many records as come. */
  recordsPerMinute?: number | undefined;
  /** Null: every campaign. */
  campaigns: ReadonlySet<string> | null;
}

/** Rows of the file, each in one of them: the six always add up to `total`. */
export interface ImportCounts {
  /** Null until the whole file has been read. The others then count the rows read so far. */
  total: number | null;
  /** Checked, and not sent yet. */
  valid: number;
  scheduled: number;
  failed: number;
  skipped: number;
  unknown: number;
  /** Certainly not accepted so far, and tried again; at the end: valid, and never sent. */
  notSent: number;
}

/** What may have become of the rows of one that is over. */
export const rowOutcomes = [
  'scheduled',
  'failed',
  'skipped',
  'unknown',
  'notSent',
] as const satisfies readonly (keyof ImportCounts)[];

export interface RowError {
  /** Where the row begins in the file, from 1. */
  line: number;
  /** The header of the column that it speaks of, or its letter; null where it speaks of none. */
  column: string | null;
  /** As RecordErrorCode has it. */
  code: string;
  /** The record's field. */
  field: string | null;
  /** With phone numbers masked. */
  message: string;
}

/** What an import waits for while it works: nothing is lost by it. */
export const waitingReasons = [
  'THROTTLED',
  'RATE_LIMITED',
  'DIALER_UNAVAILABLE',
  'OVERLOADED',
  'LOOK_UP',
  'TURN',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

/** What a person has to decide before anything is sent. */
export const importDecisions = [
  'SHEET',
  'PHONE_NUMBER_COLUMN',
  'SCHEDULED_TIME_COLUMN',
  'DATE_FORMAT',
  'MAPPING',
  'ERRORS',
] as const;
export type ImportDecision = (typeof importDecisions)[number];

/** What was found of the file. */
export interface ImportPreview extends FileFacts, FilePreview {}

export interface ImportFailure {
  /** An UnsupportedFile's kind, or: ERRORS_FOUND (REJECT_EVERYTHING) · DISK_FULL · FILE_LOST · UNKNOWN_CAMPAIGN · UNEXPECTED. */
  kind: string;
  message: string;
  line: number | null;
}

/** An import at one moment. Times are epoch milliseconds. */
export interface ImportView {
  id: string;
  campaignName: string;
  fileName: string;
  /** Bytes that are to come, and that came. */
  fileSize: number;
  receivedBytes: number;
  state: ImportState;
  /** Grows with each change. */
  version: number;
  createdAt: number;
  /** When the first record was to be sent. */
  startedAt: number | null;
  finishedAt: number | null;
  /** Until then the file and the results can be had; null while the import is not at its end. */
  filesKeptUntil: number | null;
  start: 'AUTOMATIC' | 'AFTER_REVIEW';
  errorPolicy: 'REJECT_FAILED_RECORDS' | 'REJECT_EVERYTHING';
  duplicates: 'ALLOW' | 'SKIP';
  timeZone: string | null;
  /** As given, or found out; null: not known yet. */
  dateFormat: DateFormat | null;
  /** As given, or guessed; empty: not known yet. */
  mapping: readonly ColumnMapping[];
  preview: ImportPreview | null;
  /** Of READY alone; empty: it only waits to be confirmed. */
  decisions: readonly ImportDecision[];
  counts: ImportCounts;
  /** By code, the most frequent first. */
  errorCounts: readonly { code: string; count: number }[];
  /** 20 at most, in the order of the file. */
  firstErrors: readonly RowError[];
  waitingFor: WaitingReason | null;
  estimatedFinishAt: number | null;
  /** For those who poll; null at the end. */
  pollAfterSeconds: number | null;
  failure: ImportFailure | null;
}

/** A file's name as it is kept and shown: a number in it is masked, since it outlives the file. */
export function shownName(fileName: string): string {
  return redact(fileName.replace(/\p{Cc}/gu, ' '));
}

/** Where the file is sent, and where the results are: relative to the endpoint, since a proxy may have put something before both. */
export function uploadPath(id: string): string {
  return `imports/${id}/file`;
}

/** Null: there are none. */
export function resultsPath({ id, state, filesKeptUntil, counts }: ImportView): string | null {
  const isRead = counts.total !== null && state !== 'AWAITING_FILE' && state !== 'CHECKING';
  const isKept = !isEnd(state) || filesKeptUntil !== null;
  return isRead && isKept ? `imports/${id}/results.csv` : null;
}
