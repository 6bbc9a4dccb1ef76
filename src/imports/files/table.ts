// What every file is read as, whatever its format: rows of cells that are text.

export type FileFormat = 'CSV' | 'TSV' | 'JSONL' | 'XLSX';
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';
export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** What the caller says of a file. The rest is found out. */
export interface ReadOptions {
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: Delimiter | undefined;
  /** The name of a sheet of a workbook. */
  readonly sheet?: string | undefined;
}

export interface FileLimits {
  /** Of the file as it is unpacked: from gzip, and from a workbook's own compression. */
  readonly decodedBytes: number;
  /** A header may stand there besides. Empty rows do not count. */
  readonly rows: number;
  /** Of one row in UTF-8, with its delimiters and quotes. */
  readonly rowBytes: number;
  readonly columns: number;
}

export interface FileFacts {
  readonly format: FileFormat;
  readonly gzipped: boolean;
  /** Null for a workbook. */
  readonly encoding: Encoding | null;
  /** Null where there are no delimiters: a workbook, JSON, one column. */
  readonly delimiter: Delimiter | null;
  /** A workbook's sheets in its own order; none for any other file. */
  readonly sheets: readonly string[];
  /** The one that is read. */
  readonly sheet: string | null;
  /** Those that are seen besides, and seem to have records; none where a sheet was asked for. */
  readonly otherSheets: readonly string[];
  /** Of a workbook's sheet, from 0. */
  readonly hiddenColumns: readonly number[];
}

export interface FileRow {
  /** Where it begins in the file, from 1; a workbook's row number. The names of JSON objects are a row at line 0. */
  readonly line: number;
  /** Text, '' where a cell is empty; blank cells at the row's end are cut off. */
  readonly cells: readonly string[];
  /** Columns, from 0, in which a workbook has a number with a fraction: an amount, whatever its digits look like. */
  readonly fractions?: readonly number[] | undefined;
}

export interface FileReading {
  readonly facts: FileFacts;
  /** Batches of up to 500, none of them empty. Rows without any text are left out. To be gone through once. */
  readonly rows: AsyncIterable<FileRow[]>;
}

/** How many rows come at once. */
export const batchRows = 500;
