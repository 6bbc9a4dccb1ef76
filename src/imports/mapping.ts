// What the columns of a file are: which holds which field of a record, and what the scheduling pass is handed of a row.

import type { CampaignRecord } from '../scheduling/record.ts';
import type { RecordProblem } from '../scheduling/record-problem.ts';

export type RecordField =
  | 'reference'
  | 'phoneNumber'
  | 'scheduledTime'
  | 'name'
  | 'priority'
  | 'expiryDate'
  | 'agentId'
  | 'skill';

/** How dates are written. ISO: with the year first, which is always read too. */
export type DateFormat = 'ISO' | 'DAY_MONTH_YEAR' | 'MONTH_DAY_YEAR';

/** What a column is: a field of the record, or (`header`) a custom field of the campaign's mapping file. */
export interface ColumnMapping {
  /** From 0. */
  readonly column: number;
  readonly field?: RecordField | undefined;
  readonly header?: string | undefined;
}

/** Columns that a result file of ours has besides: `dialgraph_line` … */
export type ResultColumn = 'line' | 'outcome' | 'code' | 'field' | 'message' | 'retryable' | 'scheduledTime';

export interface Column {
  /** From 0. */
  readonly index: number;
  /** Its name in the file's header; null where it has none. */
  readonly header: string | null;
  /** Its first values that are not empty. They are a person's data. */
  readonly samples: readonly string[];
  /** What it seems to be; null where nobody can tell. */
  readonly guess: { readonly field: RecordField } | { readonly header: string } | null;
  /** Which column of a result file of ours it is; null for all others. */
  readonly resultColumn: ResultColumn | null;
}

export interface PreviewProblem {
  readonly kind: 'NO_PHONE_NUMBER' | 'NO_SCHEDULED_TIME' | 'DUPLICATE_COLUMN' | 'AMBIGUOUS_DATES';
  /** From 0; null where it is about no one column. */
  readonly column: number | null;
  readonly message: string;
}

export interface FilePreview {
  /** The line of the header; rows up to it are no records. Null where there is none. */
  readonly headerLine: number | null;
  readonly columns: readonly Column[];
  /** Dates could be read with the day or with the month first, in every row that was looked at. */
  readonly ambiguousDates: boolean;
  readonly isResultFile: boolean;
  /** What somebody has to decide or should know before the file is used. */
  readonly problems: readonly PreviewProblem[];
}

/** A row that is not to be sent, since the result file that it stands in says so. */
export interface SkippedRow {
  readonly skip: 'scheduled' | 'unknown';
}

/** What becomes of a row: a record for the scheduling pass, or why there is none. */
export type RowReading = CampaignRecord | SkippedRow | RecordProblem;
