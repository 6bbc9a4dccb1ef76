// Why a file is not read: kinds, and words for a person. The words quote nothing of the file's cells.

export type UnsupportedFileKind =
  | 'EMPTY'
  | 'OLD_EXCEL'
  | 'ENCRYPTED'
  | 'NOT_A_TABLE'
  | 'CORRUPT'
  | 'TOO_LARGE'
  | 'TOO_MANY_ROWS'
  | 'ROW_TOO_LONG'
  | 'TOO_MANY_COLUMNS'
  | 'UNKNOWN_SHEET'
  | 'WRONG_ENCODING'
  | 'UNCLOSED_QUOTE'
  | 'ROWS_QUOTED'
  | 'DELIMITER_CHANGED'
  | 'INVALID_JSON'
  | 'HIDDEN_ROWS'
  | 'HEADER_AGAIN'
  | 'OUTCOMES_MISSING';

/** `message` says what is wrong, where, and what to do. `line`: where in the file it is, from 1; null where that is no one place. */
export class UnsupportedFile extends Error {
  readonly kind: UnsupportedFileKind;
  readonly line: number | null;

  constructor(kind: UnsupportedFileKind, message: string, line: number | null = null) {
    super(message);
    this.kind = kind;
    this.line = line;
  }
}
