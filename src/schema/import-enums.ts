// The constants of imports. A state or kind that the domain gains does not compile here until it is described.

import type { Delimiter, Encoding, FileFormat, UnsupportedFileKind } from '../imports/files/read-file.ts';
import type { ImportDecision, ImportState, WaitingReason } from '../imports/import.ts';
import type { ColumnGuess, DateFormat, PreviewProblem, RecordField } from '../imports/mapping.ts';
import { builder } from './builder.ts';

interface Described {
  description: string;
}

export const ImportStateEnum = builder.enumType('ImportState', {
  description:
    'Where an import stands. `FINISHED`, `CANCELED`, `FAILED` and `EXPIRED` are ends: nothing changes after them.',
  values: {
    AWAITING_FILE: { description: 'Started. Send the file to `uploadUrl`.' },
    CHECKING: {
      description: 'The file is there, and is read and checked. Nothing is sent. It may wait for its turn.',
    },
    READY: {
      description:
        'Checked, and a person is to look: `confirmImport` goes on. `decisions` says what must be decided first; where it is empty, nothing.',
    },
    RUNNING: {
      description: 'Its records are sent. `waitingFor` says why it does not go on, if it does not.',
    },
    PAUSED: { description: 'Somebody paused it: nothing is sent until `resumeImport`.' },
    CANCELING: {
      description:
        'Somebody cancelled it: nothing more is sent, and what became of the last records is looked up.',
    },
    FINISHED: { description: 'Over: every row has its end.' },
    CANCELED: { description: 'Over: what was scheduled until then stays scheduled, the rest was not sent.' },
    FAILED: {
      description:
        'Over: the file could not be used. `failure` says why. `counts` says whether anything was sent.',
    },
    EXPIRED: { description: 'Over: its file never came, or nobody went on with it in time.' },
  } satisfies Record<ImportState, Described>,
});

export const ImportWaitingReasonEnum = builder.enumType('ImportWaitingReason', {
  description: 'Why an import that works does not go on at the moment. It goes on by itself.',
  values: {
    THROTTLED: { description: 'The dialer asks for fewer requests, or for a pause.' },
    RATE_LIMITED: { description: 'The credential that started it may schedule no more records for now.' },
    DIALER_UNAVAILABLE: { description: 'The dialer cannot be reached, or takes nothing.' },
    OVERLOADED: { description: 'This service is at work on as many records as it takes.' },
    LOOK_UP: { description: 'The answer to some records was lost, and they are looked up.' },
    TURN: { description: 'Other imports of your account come first: `limits.imports.running` at a time.' },
  } satisfies Record<WaitingReason, Described>,
});

export const ImportDecisionEnum = builder.enumType('ImportDecision', {
  description: 'What `confirmImport` must say before an import can go on.',
  values: {
    SHEET: { description: '`sheet`: several sheets of the workbook have rows, and one is read.' },
    PHONE_NUMBER_COLUMN: {
      description: '`mapping`: which column has the phone numbers. None was found, or several.',
    },
    SCHEDULED_TIME_COLUMN: {
      description: '`mapping`: which column has the times of the calls. None was found, or several.',
    },
    DATE_FORMAT: {
      description:
        '`dateFormat`: `01/12/2026` can be read in two ways, and no date of the file tells which; or dates of the file contradict the one that was given.',
    },
    MAPPING: {
      description:
        '`mapping`: it names a column that is not there, or gives two columns the same field; or a column changes the call, and `preview.problems` says what is to be decided of it.',
    },
    ERRORS: {
      description:
        'Rows have errors, and `errorPolicy` is `REJECT_EVERYTHING`: leave them out with `REJECT_FAILED_RECORDS`, or cancel, and import a corrected file.',
    },
  } satisfies Record<ImportDecision, Described>,
});

export const ImportStartEnum = builder.enumType('ImportStart', {
  description: 'Whether records are sent as soon as the file is checked.',
  values: {
    AUTOMATIC: { description: 'Yes, unless something has to be decided.' },
    AFTER_REVIEW: { description: 'No: it becomes `READY`, and waits for `confirmImport`.' },
  } as const,
});

export const DateFormatEnum = builder.enumType('DateFormat', {
  description: 'How the dates of a file are written.',
  values: {
    ISO: {
      description:
        '2026-12-01: the year first. Such dates are read whatever the format is, and so are those with the name of their month (`1 Dec 2026`, `December 1, 2026`) in English, German, French, Spanish, Portuguese or Hindi.',
    },
    DAY_MONTH_YEAR: { description: '01/12/2026 is the first of December.' },
    MONTH_DAY_YEAR: { description: '12/01/2026 is the first of December.' },
  } satisfies Record<DateFormat, Described>,
});

export const RecordFieldEnum = builder.enumType('RecordField', {
  description: 'A field of `CampaignRecordInput` that a column of a file may hold.',
  values: {
    REFERENCE: { value: 'reference', description: 'Your own row id, `reference`.' },
    PHONE_NUMBER: { value: 'phoneNumber', description: '`phoneNumber`. Every file needs it.' },
    SCHEDULED_TIME: { value: 'scheduledTime', description: '`scheduledTime`. Every file needs it.' },
    NAME: { value: 'name', description: '`name`.' },
    PRIORITY: { value: 'priority', description: '`priority`.' },
    EXPIRY_DATE: { value: 'expiryDate', description: '`expiryDate`.' },
    AGENT_ID: { value: 'agentId', description: '`agentId`.' },
    SKILL: { value: 'skill', description: '`skill`.' },
  } as const satisfies Record<string, { value: RecordField; description: string }>,
});

export const FileFormatEnum = builder.enumType('FileFormat', {
  description: 'What a file is, by its content.',
  values: {
    CSV: { description: 'Text with a delimiter.' },
    TSV: { description: 'Text with tabs.' },
    JSONL: { description: 'A JSON object, or array, on each line.' },
    XLSX: { description: "A workbook of Excel's." },
  } satisfies Record<FileFormat, Described>,
});

export const FileEncodingEnum = builder.enumType('FileEncoding', {
  description: 'How the text of a file is encoded.',
  values: {
    UTF_8: { value: 'utf-8', description: 'UTF-8.' },
    UTF_16LE: { value: 'utf-16le', description: 'UTF-16, little-endian, as "Unicode text" of Excel.' },
    UTF_16BE: { value: 'utf-16be', description: 'UTF-16, big-endian.' },
    WINDOWS_1252: { value: 'windows-1252', description: 'Windows-1252, as CSV of Excel in western Europe.' },
  } as const satisfies Record<string, { value: Encoding; description: string }>,
});

export const FileDelimiterEnum = builder.enumType('FileDelimiter', {
  description: 'What stands between the cells of a row.',
  values: {
    COMMA: { value: ',', description: '`,`' },
    SEMICOLON: { value: ';', description: '`;`, as Excel writes where the comma is for decimals.' },
    TAB: { value: '\t', description: 'A tab.' },
    PIPE: { value: '|', description: '`|`' },
  } as const satisfies Record<string, { value: Delimiter; description: string }>,
});

export type ImportFailureKind =
  | UnsupportedFileKind
  | 'ERRORS_FOUND'
  | 'DISK_FULL'
  | 'FILE_LOST'
  | 'UNKNOWN_CAMPAIGN';

export const ImportFailureKindEnum = builder.enumType('ImportFailureKind', {
  description:
    'Why an import failed as a whole. More may be added: show `message` for one that you do not know.',
  values: {
    EMPTY: { description: 'The file has no rows.' },
    OLD_EXCEL: { description: 'A workbook of Excel 97–2003 (`.xls`): save it as `.xlsx`, or as CSV.' },
    ENCRYPTED: { description: 'The workbook has a password.' },
    NOT_A_TABLE: { description: 'A PDF, a picture, a document: there are no rows in it.' },
    CORRUPT: { description: 'The file is cut off, or broken.' },
    TOO_LARGE: { description: 'Unpacked it is larger than `limits.imports.maxDecodedBytes`.' },
    TOO_MANY_ROWS: { description: 'It has more rows than `limits.imports.maxRows`.' },
    ROW_TOO_LONG: { description: 'A row is longer than `limits.imports.maxRowBytes`.' },
    TOO_MANY_COLUMNS: { description: 'A row has more columns than `limits.imports.maxColumns`.' },
    UNKNOWN_SHEET: { description: 'The workbook has no sheet of that name.' },
    WRONG_ENCODING: { description: 'The file is not in the encoding that was given.' },
    UNCLOSED_QUOTE: { description: 'A quote is opened and never closed.' },
    ROWS_QUOTED: { description: 'Each row stands in quotes as a whole, so that it is one cell.' },
    DELIMITER_CHANGED: { description: 'The delimiter is another one from some line on.' },
    INVALID_JSON: { description: 'A line is no JSON, no row of its own, or has one name twice.' },
    HIDDEN_ROWS: {
      description: 'The sheet has hidden rows, and nobody can tell whether they are to be called.',
    },
    HEADER_AGAIN: {
      description:
        'A header stands below rows, and says otherwise than the first what the columns are: two files were put together, or the header was sorted into the sheet.',
    },
    OUTCOMES_MISSING: {
      description: 'A result file without its `dialgraph_outcome`, which says what must not be sent again.',
    },
    ERRORS_FOUND: {
      description: 'Rows have errors, and `errorPolicy` is `REJECT_EVERYTHING`: nothing was sent.',
    },
    DISK_FULL: { description: 'This service has no room left for the file.' },
    FILE_LOST: {
      description:
        'The file is gone, or was changed, since it was uploaded. What was scheduled until then stays so.',
    },
    UNKNOWN_CAMPAIGN: { description: 'The dialer has no such campaign any more.' },
  } satisfies Record<ImportFailureKind, Described>,
});

export const PreviewProblemKindEnum = builder.enumType('ImportPreviewProblemKind', {
  description: 'What somebody has to decide or should know before the file is used.',
  values: {
    OTHER_SHEETS: {
      description: 'Other sheets of the workbook have rows as well: it has to be decided which is read.',
    },
    NO_PHONE_NUMBER: { description: 'No column certainly has the phone numbers.' },
    NO_SCHEDULED_TIME: { description: 'No column certainly has the times of the calls.' },
    SAME_FIELD_TWICE: {
      description:
        'Several columns may be the same field, and neither is taken for it. Of a field that changes the call (priority, expiry, agent, skill) it has to be decided which is.',
    },
    SAME_NAME_TWICE: { description: 'Columns have the same header.' },
    UNREAD_COLUMN: {
      description:
        'A column that is no field seems to change which number or which time is meant: a country, a time zone, AM or PM. It has to be decided what it is.',
    },
    HIDDEN_COLUMN: {
      description: 'A hidden column of a sheet would be a field: it has to be decided whether it is.',
    },
    AMBIGUOUS_DATES: { description: 'Dates can be read with the day or with the month first.' },
    DATE_FORMAT_MISSING: {
      description: 'Dates have the day or the month first, and `dateFormat` is not said.',
    },
    DATE_FORMAT_CONTRADICTED: {
      description: 'Dates can be read in another format alone than `dateFormat` says.',
    },
  } satisfies Record<PreviewProblem['kind'], Described>,
});

export const ColumnGuessBasisEnum = builder.enumType('ColumnGuessBasis', {
  description: 'What the guess of a column rests on.',
  values: {
    NAME: { value: 'name', description: 'Its header.' },
    VALUES: {
      value: 'values',
      description: 'What stands in it looks so: a person has to say that it is.',
    },
  } as const satisfies Record<string, { value: ColumnGuess['by']; description: string }>,
});
