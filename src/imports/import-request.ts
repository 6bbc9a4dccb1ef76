// What is asked for of an import: which file, and how it is to be read.

import type { Delimiter, Encoding } from './files/read-file.ts';
import type { ColumnMapping, DateFormat } from './mapping.ts';

export interface StartImportRequest {
  campaignName: string;
  fileName: string;
  /** Bytes that will be uploaded. */
  fileSize: number;
  idempotencyKey: string | undefined;
  /** IANA; undefined: the campaign's, else the account's. */
  timeZone: string | undefined;
  duplicates: 'ALLOW' | 'SKIP';
  errorPolicy: 'REJECT_FAILED_RECORDS' | 'REJECT_EVERYTHING';
  start: 'AUTOMATIC' | 'AFTER_REVIEW';
  /** By header or by position. Undefined: found out. */
  mapping: readonly GivenMapping[] | undefined;
  dateFormat: DateFormat | undefined;
  sheet: string | undefined;
  encoding: Encoding | undefined;
  delimiter: Delimiter | undefined;
}

/** A column by its header in the file, or by its position as `#1`, and what it is: a field of the record, or a custom header. */
export interface GivenMapping {
  column: string;
  field?: ColumnMapping['field'] | undefined;
  header?: string | undefined;
}

/** Undefined: as before. */
export type ImportChanges = {
  [Name in
    | 'mapping'
    | 'dateFormat'
    | 'timeZone'
    | 'duplicates'
    | 'errorPolicy'
    | 'sheet'
    | 'encoding'
    | 'delimiter']?: StartImportRequest[Name] | undefined;
};
