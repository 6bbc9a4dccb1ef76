/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What to do about a record whose time has come, and that is in its campaign already. */
export type AfterHandover =
  /** Leave it there: it is answered with an `AlreadyHandedOverError`. */
  | 'REFUSE'
  /** Take its number out of the campaign. The dialer removes by number: other records of the same number in the campaign may go with it. At most 100 numbers a request. */
  | 'REMOVE_FROM_CAMPAIGN';

/** What becomes of a record outside of the calling hours. */
export type CallingHoursPolicy =
  /** It is scheduled as it is: the hours are only told here. */
  | 'ALLOW'
  /** It is refused: `OutsideCallingHoursError`. */
  | 'REJECT'
  /** It is moved to the next time inside of them, within its expiry and the horizon, and says so in `shiftedFrom`; where there is none, it is refused. */
  | 'SHIFT';

/** On whose clock calling hours are. */
export type CallingHoursZone =
  /** The clock of the campaign's `timeZone`. */
  | 'CAMPAIGN'
  /** The clock of the person who is called, as far as the number tells: where it may be in several zones, all of them must be open. */
  | 'RECIPIENT';

/** Which records to list: those that pass all of what is given. */
export type CampaignRecordFilter = {
  /** Records of this campaign. Of one that your credential may not use there are none, as of one that does not exist. */
  campaignName?: string | null | undefined;
  /** Records of which this became. */
  handoff?: HandoffStatus | null | undefined;
  /** Records of this number, written as in `scheduleCampaignData`: with + and country code, or as it is dialled in `limits.region`. */
  phoneNumber?: string | null | undefined;
  /** Records whose time is before this, written likewise. */
  scheduledBefore?: string | null | undefined;
  /** Records whose time is this or later: ISO 8601 with an offset, or a local time on the account's clock (`limits.timeZone`). */
  scheduledFrom?: string | null | undefined;
};

/** One lead: a person to be called, and when. What is wrong with a record becomes that record's result, and never fails its neighbours. */
export type CampaignRecordInput = {
  /** The agent who is to make the call. Mandatory for agent-wise campaigns. */
  agentId?: string | null | undefined;
  /** Further columns of the campaign's mapping file, each header at most once. */
  customFields?: Array<CustomFieldInput> | null | undefined;
  /** After this the call is not made any more. Written like `scheduledTime`, or as a date alone (`YYYY-MM-DD`) for the last second of that day in `timeZone`, also where its last hour comes twice. Not before `scheduledTime`. */
  expiryDate?: string | null | undefined;
  /** The person's name, in any script unless this service is set to the vendor's rule for names. Line breaks and control characters are refused, and so are `& # % +` unless this service is set to encode them. Invisible characters that shape no letter are taken out. */
  name?: string | null | undefined;
  /** The number to call. Mandatory: without it the record is answered with a `MissingPhoneNumberError`. With + and country code from anywhere (`+91 98765 43210`), else it is read as a number of the region `limits.region`, as it is dialled there (`098765 43210`), even where it would be a good number of another country: with region `IN`, `4155216849` is an Indian number. Where its digits are a number of the region both with the country code of the region at their beginning and without it (`4915123456789` with region `DE`), or begin with a `00` that leads elsewhere from the region, it is refused (`AMBIGUOUS_NUMBER`). Spaces, dashes, dots and brackets, digits of any script, invisible characters, the apostrophe and the `.0` of a spreadsheet, a label before it (`p:`, `tel:`), and slashes between the groups of one number (`0475/12/34/56`) mean nothing. A link is read as its number (`wa.me/919876543210`). What could be read as two numbers is refused: `040 2345678/9`. */
  phoneNumber?: string | null | undefined;
  /** 1 to 99; higher is dialled sooner. */
  priority?: number | null | undefined;
  /** Your own row id, echoed in the result and never sent to the dialer. Any text. */
  reference?: string | null | undefined;
  /** When to call. Mandatory: without it the record is answered with a `MissingScheduledTimeError`. With an offset it is an instant (`2026-11-25T10:00:00+05:30`, `2026-11-25 10:00:00 +0530`, `2026-11-25 10:00 UTC+5:30`, `2026-11-25T04:30:00Z`), and the abbreviation of a zone (`IST`) is refused; a name in brackets (`2026-11-25T10:00:00+05:30[Asia/Kolkata]`) has to agree with the offset, or with `timeZone` where there is none. Without an offset it is a reading of the clocks in `timeZone` (`2026-11-25 10:00:00`, `2026-11-25T10:00`, as a `datetime-local` field has it). Seconds and their fraction may be left out; a fraction is cut. Where daylight saving has the clocks show a time twice, the first of the two is meant; one that they skip is refused. Read as well, since they leave no doubt: `2026/12/01 9:00`, `2026-12-01 10:00 PM`, `2026-12-01 9:00 +5:30`, `1 Dec 2026 10:00`, a tab between date and time, and the apostrophe of a spreadsheet. Dates in numbers that begin with a day or a month are refused (`01/12/2026`), and so are ranges (`10:00-12:00`), years of two digits, `13:00 PM`, and seconds since 1970. Not in the past, and at most `limits.horizonDays` ahead. */
  scheduledTime?: string | null | undefined;
  /** The skill by which a skill-wise campaign routes the call. */
  skill?: string | null | undefined;
};

/** How a campaign finds an agent for a call. */
export type CampaignRouting =
  /** Each record names its agent: `agentId` is mandatory. */
  | 'AGENT_WISE'
  /** By the record's `skill`. */
  | 'SKILL_WISE';

/** The records to cancel: either `ids`, or `campaignName` and `phoneNumber`, with a `scheduledTime` where the number is scheduled more than once and not all of it is meant. */
export type CancelCampaignRecordsInput = {
  /** What to do about records that were handed over already. Without it: `REFUSE`. */
  afterHandover?: AfterHandover | null | undefined;
  /** The campaign of the records. */
  campaignName?: string | null | undefined;
  /** A text of your own for this very request, 1 to 255 characters, best a UUID. With the same key the same request tells again what it told, and carries on what was not settled. Without it, a record that this request has cancelled is not found the next time, which does no harm. The keys of `scheduleCampaignData` are others. Ignored with `validateOnly`. */
  idempotencyKey?: string | null | undefined;
  /** The ids of the records, at most `limits.maxRecordsPerMutation`. An id that stands here twice has two results, which are the same. */
  ids?: Array<string | number> | null | undefined;
  /** Their number, written as in `scheduleCampaignData`. */
  phoneNumber?: string | null | undefined;
  /** Their time: ISO 8601 with an offset, or a local time on the campaign's clock. Without it: whatever their time. */
  scheduledTime?: string | null | undefined;
  /** Look the records up and answer as usual, and change nothing: what could be cancelled becomes a `CancellableRecord`. Without it: `false`. */
  validateOnly?: boolean | null | undefined;
};

/** What became of a record, as `CancelSummary` counts it. */
export type CancelOutcomeFilter =
  /** `CancelledRecord` */
  | 'CANCELLED'
  /** Every error but the one below. */
  | 'FAILED'
  /** `OutcomeUnknownError` */
  | 'UNKNOWN'
  /** `CancellableRecord` */
  | 'VALID';

/** The request in a word; `summary` and `results` say it in full, and always agree with it. */
export type CancelStatus =
  /** Every record is cancelled. */
  | 'CANCELLED'
  /** For at least one record nobody can tell: see `OutcomeUnknownError`. */
  | 'INDETERMINATE'
  /** No record was cancelled. */
  | 'NOT_CANCELLED'
  /** Some records are cancelled, others are not. */
  | 'PARTIALLY_CANCELLED'
  /** `validateOnly`: the records were looked up, nothing was changed. */
  | 'VALIDATED';

/** What a column is: a `field`, or a `header` of the campaign. With neither it is left out. */
export type ColumnMappingInput = {
  /** Its header in the file, upper and lower case alike; or its position from 1, as `#3`. */
  column: string;
  /** The field of the record. */
  field?: RecordField | null | undefined;
  /** The header of the campaign's mapping file, for a custom field. */
  header?: string | null | undefined;
};

/** An import, and what is to be otherwise than it was started. What is absent stays as it was. So does each column that `mapping` does not name: of one that it names, the later choice holds; a field or header that it gives to another column is taken from the one that had it, which is left out then. A column that is not in the file is forgotten if it is named again with neither. */
export type ConfirmImportInput = {
  /** How dates are written. Without it: found out, or asked for. */
  dateFormat?: DateFormat | null | undefined;
  /** Between cells. Without it: found out. */
  delimiter?: FileDelimiter | null | undefined;
  /** Whether a phone number may stand in the file more than once. */
  duplicates?: DuplicatePolicy | null | undefined;
  /** Of the text. Without it: found out. */
  encoding?: FileEncoding | null | undefined;
  /** What rows with errors mean for the others. */
  errorPolicy?: ErrorPolicy | null | undefined;
  /** The import's id. */
  id: string | number;
  /** What columns are that are not recognised, or not rightly. Those that are not named here are taken for what they seem to be. */
  mapping?: Array<ColumnMappingInput> | null | undefined;
  /** The workbook's sheet. Without it: the one that has rows, or asked for. */
  sheet?: string | null | undefined;
  /** The zone of times that state no offset. Without it: the campaign's, else the account's. */
  timeZone?: string | null | undefined;
};

/** A further column of the campaign's mapping file. */
export type CustomFieldInput = {
  /** The header as the mapping file has it, such as `City`: letters of any script, digits, blanks and common marks, at most 128 characters. Upper and lower case matter. Not one of the fields that the record has itself, nor a parameter of the dialer (`api_key`, `campaign_name`, `action`, …). */
  header: string;
  /** The value. Line breaks and control characters are refused, and so are `& # % +` unless this service is set to encode them. */
  value: string;
};

/** How the dates of a file are written. */
export type DateFormat =
  /** 01/12/2026 is the first of December. */
  | 'DAY_MONTH_YEAR'
  /** 2026-12-01: the year first. Such dates are read whatever the format is, and so are those with the name of their month (`1 Dec 2026`, `December 1, 2026`) in English, German, French, Spanish, Portuguese or Hindi. */
  | 'ISO'
  /** 12/01/2026 is the first of December. */
  | 'MONTH_DAY_YEAR';

/** What to do with a phone number that stands in the campaign's data more than once. */
export type DuplicatePolicy =
  /** Schedule every record, whatever its number. */
  | 'ALLOW'
  /** Schedule the first valid record of each phone number in the request and skip the others, whatever their times. The dialer is asked to skip numbers that it has already, where its API can (v2). */
  | 'SKIP';

/** What a record that fails its checks means for the others. */
export type ErrorPolicy =
  /** Nothing is sent unless every record is valid. Duplicates that are skipped are no failure. */
  | 'REJECT_EVERYTHING'
  /** Records that fail are left out; all others are scheduled. */
  | 'REJECT_FAILED_RECORDS';

/** What stands between the cells of a row. */
export type FileDelimiter =
  /** `,` */
  | 'COMMA'
  /** `|` */
  | 'PIPE'
  /** `;`, as Excel writes where the comma is for decimals. */
  | 'SEMICOLON'
  /** A tab. */
  | 'TAB';

/** How the text of a file is encoded. */
export type FileEncoding =
  /** UTF-8. */
  | 'UTF_8'
  /** UTF-16, big-endian. */
  | 'UTF_16BE'
  /** UTF-16, little-endian, as "Unicode text" of Excel. */
  | 'UTF_16LE'
  /** Windows-1252, as CSV of Excel in western Europe. */
  | 'WINDOWS_1252';

/** What a file is, by its content. */
export type FileFormat =
  /** Text with a delimiter. */
  | 'CSV'
  /** A JSON object, or array, on each line. */
  | 'JSONL'
  /** Text with tabs. */
  | 'TSV'
  /** A workbook of Excel's. */
  | 'XLSX';

/** Why the campaign refused a record, as a constant. */
export type HandoffRejection =
  /** The dialer did not find the account. Tell the people who run this service. */
  | 'ACCOUNT_NOT_FOUND'
  /** The number is on the do-not-disturb list. */
  | 'DO_NOT_DISTURB'
  /** The campaign has the number already. */
  | 'DUPLICATE'
  /** The record has no number. */
  | 'EMPTY_NUMBER';

/** Whether a record was handed over to its campaign at its time, and what came of it. */
export type HandoffStatus =
  /** The campaign has it: it is called, or was, or will be. */
  | 'ADDED'
  /** It waits for its time. It can be cancelled and rescheduled. */
  | 'PENDING'
  /** The campaign refused it: nobody is called for it. `rejection` says why. */
  | 'REJECTED'
  /** It was handed over, or may have been, and the dialer does not say what came of it. */
  | 'UNKNOWN';

/** What `confirmImport` must say before an import can go on. */
export type ImportDecision =
  /** `dateFormat`: `01/12/2026` can be read in two ways, and no date of the file tells which; or dates of the file contradict the one that was given. */
  | 'DATE_FORMAT'
  /** Rows have errors, and `errorPolicy` is `REJECT_EVERYTHING`: leave them out with `REJECT_FAILED_RECORDS`, or cancel, and import a corrected file. */
  | 'ERRORS'
  /** `mapping`: it names a column that is not there, or gives two columns the same field; or a column changes the call, and `preview.problems` says what is to be decided of it. */
  | 'MAPPING'
  /** `mapping`: which column has the phone numbers. None was found, or several. */
  | 'PHONE_NUMBER_COLUMN'
  /** `mapping`: which column has the times of the calls. None was found, or several. */
  | 'SCHEDULED_TIME_COLUMN'
  /** `sheet`: several sheets of the workbook have rows, and one is read. */
  | 'SHEET';

/** Why an import failed as a whole. More may be added: show `message` for one that you do not know. */
export type ImportFailureKind =
  /** The file is cut off, or broken. */
  | 'CORRUPT'
  /** The delimiter is another one from some line on. */
  | 'DELIMITER_CHANGED'
  /** This service has no room left for the file. */
  | 'DISK_FULL'
  /** The file has no rows. */
  | 'EMPTY'
  /** The workbook has a password. */
  | 'ENCRYPTED'
  /** Rows have errors, and `errorPolicy` is `REJECT_EVERYTHING`: nothing was sent. */
  | 'ERRORS_FOUND'
  /** The file is gone, or was changed, since it was uploaded. What was scheduled until then stays so. */
  | 'FILE_LOST'
  /** A header stands below rows, and says otherwise than the first what the columns are: two files were put together, or the header was sorted into the sheet. */
  | 'HEADER_AGAIN'
  /** The sheet has hidden rows, and nobody can tell whether they are to be called. */
  | 'HIDDEN_ROWS'
  /** A line is no JSON, no row of its own, or has one name twice. */
  | 'INVALID_JSON'
  /** A PDF, a picture, a document: there are no rows in it. */
  | 'NOT_A_TABLE'
  /** A workbook of Excel 97–2003 (`.xls`): save it as `.xlsx`, or as CSV. */
  | 'OLD_EXCEL'
  /** A result file without its `dialgraph_outcome`, which says what must not be sent again. */
  | 'OUTCOMES_MISSING'
  /** Each row stands in quotes as a whole, so that it is one cell. */
  | 'ROWS_QUOTED'
  /** A row is longer than `limits.imports.maxRowBytes`. */
  | 'ROW_TOO_LONG'
  /** Unpacked it is larger than `limits.imports.maxDecodedBytes`. */
  | 'TOO_LARGE'
  /** A row has more columns than `limits.imports.maxColumns`. */
  | 'TOO_MANY_COLUMNS'
  /** It has more rows than `limits.imports.maxRows`. */
  | 'TOO_MANY_ROWS'
  /** A quote is opened and never closed. */
  | 'UNCLOSED_QUOTE'
  /** The dialer has no such campaign any more. */
  | 'UNKNOWN_CAMPAIGN'
  /** The workbook has no sheet of that name. */
  | 'UNKNOWN_SHEET'
  /** The file is not in the encoding that was given. */
  | 'WRONG_ENCODING';

/** What somebody has to decide or should know before the file is used. */
export type ImportPreviewProblemKind =
  /** Dates can be read with the day or with the month first. */
  | 'AMBIGUOUS_DATES'
  /** Dates can be read in another format alone than `dateFormat` says. */
  | 'DATE_FORMAT_CONTRADICTED'
  /** Dates have the day or the month first, and `dateFormat` is not said. */
  | 'DATE_FORMAT_MISSING'
  /** A hidden column of a sheet would be a field: it has to be decided whether it is. */
  | 'HIDDEN_COLUMN'
  /** No column certainly has the phone numbers. */
  | 'NO_PHONE_NUMBER'
  /** No column certainly has the times of the calls. */
  | 'NO_SCHEDULED_TIME'
  /** Other sheets of the workbook have rows as well: it has to be decided which is read. */
  | 'OTHER_SHEETS'
  /** Several columns may be the same field, and neither is taken for it. Of a field that changes the call (priority, expiry, agent, skill) it has to be decided which is. */
  | 'SAME_FIELD_TWICE'
  /** Columns have the same header. */
  | 'SAME_NAME_TWICE'
  /** A column that is no field seems to change which number or which time is meant: a country, a time zone, AM or PM. It has to be decided what it is. */
  | 'UNREAD_COLUMN';

/** Whether records are sent as soon as the file is checked. */
export type ImportStart =
  /** No: it becomes `READY`, and waits for `confirmImport`. */
  | 'AFTER_REVIEW'
  /** Yes, unless something has to be decided. */
  | 'AUTOMATIC';

/** Where an import stands. `FINISHED`, `CANCELED`, `FAILED` and `EXPIRED` are ends: nothing changes after them. */
export type ImportState =
  /** Started. Send the file to `uploadUrl`. */
  | 'AWAITING_FILE'
  /** Over: what was scheduled until then stays scheduled, the rest was not sent. */
  | 'CANCELED'
  /** Somebody cancelled it: nothing more is sent, and what became of the last records is looked up. */
  | 'CANCELING'
  /** The file is there, and is read and checked. Nothing is sent. It may wait for its turn. */
  | 'CHECKING'
  /** Over: its file never came, or nobody went on with it in time. */
  | 'EXPIRED'
  /** Over: the file could not be used. `failure` says why. `counts` says whether anything was sent. */
  | 'FAILED'
  /** Over: every row has its end. */
  | 'FINISHED'
  /** Somebody paused it: nothing is sent until `resumeImport`. */
  | 'PAUSED'
  /** Checked, and a person is to look: `confirmImport` goes on. `decisions` says what must be decided first; where it is empty, nothing. */
  | 'READY'
  /** Its records are sent. `waitingFor` says why it does not go on, if it does not. */
  | 'RUNNING';

/** Why an import that works does not go on at the moment. It goes on by itself. */
export type ImportWaitingReason =
  /** The dialer cannot be reached, or takes nothing. */
  | 'DIALER_UNAVAILABLE'
  /** The answer to some records was lost, and they are looked up. */
  | 'LOOK_UP'
  /** This service is at work on as many records as it takes. */
  | 'OVERLOADED'
  /** The credential that started it may schedule no more records for now. */
  | 'RATE_LIMITED'
  /** The dialer asks for fewer requests, or for a pause. */
  | 'THROTTLED'
  /** Other imports of your account come first: `limits.imports.running` at a time. */
  | 'TURN';

/** The kind of a record error as a constant, for those who switch on a field rather than on `__typename`. */
export type RecordErrorCode =
  /** `AlreadyHandedOverError` */
  | 'ALREADY_HANDED_OVER'
  /** `BothScheduledError` */
  | 'BOTH_SCHEDULED'
  /** `CampaignNotFoundError` */
  | 'CAMPAIGN_NOT_FOUND'
  /** `CampaignRecordNotFoundError` */
  | 'CAMPAIGN_RECORD_NOT_FOUND'
  /** `DialerRejectionError` */
  | 'DIALER_REJECTION'
  /** `DialerThrottledError` */
  | 'DIALER_THROTTLED'
  /** `DialerUnavailableError` */
  | 'DIALER_UNAVAILABLE'
  /** `DuplicateRecordError` */
  | 'DUPLICATE_RECORD'
  /** `InvalidApiKeyError` */
  | 'INVALID_API_KEY'
  /** `InvalidApiKeyOrCampaignError` */
  | 'INVALID_API_KEY_OR_CAMPAIGN'
  /** `InvalidDateFormatError` */
  | 'INVALID_DATE_FORMAT'
  /** `InvalidFieldError` */
  | 'INVALID_FIELD'
  /** `InvalidPhoneNumberError` */
  | 'INVALID_PHONE_NUMBER'
  /** `MissingAgentIdError` */
  | 'MISSING_AGENT_ID'
  /** `MissingBulkDataError` */
  | 'MISSING_BULK_DATA'
  /** `MissingPhoneNumberError` */
  | 'MISSING_PHONE_NUMBER'
  /** `MissingScheduledTimeError` */
  | 'MISSING_SCHEDULED_TIME'
  /** `OutcomeUnknownError` */
  | 'OUTCOME_UNKNOWN'
  /** `OutsideCallingHoursError` */
  | 'OUTSIDE_CALLING_HOURS'
  /** `RecordDueSoonError` */
  | 'RECORD_DUE_SOON'
  /** `ScheduledTimeOutOfRangeError` */
  | 'SCHEDULED_TIME_OUT_OF_RANGE'
  /** `SuppressedNumberError` */
  | 'SUPPRESSED_NUMBER'
  /** `UnknownHeaderError` */
  | 'UNKNOWN_HEADER';

/** A field of `CampaignRecordInput` that a column of a file may hold. */
export type RecordField =
  /** `agentId`. */
  | 'AGENT_ID'
  /** `expiryDate`. */
  | 'EXPIRY_DATE'
  /** `name`. */
  | 'NAME'
  /** `phoneNumber`. Every file needs it. */
  | 'PHONE_NUMBER'
  /** `priority`. */
  | 'PRIORITY'
  /** Your own row id, `reference`. */
  | 'REFERENCE'
  /** `scheduledTime`. Every file needs it. */
  | 'SCHEDULED_TIME'
  /** `skill`. */
  | 'SKILL';

/** What became of a record, as `ScheduleSummary` counts it. */
export type RecordOutcomeFilter =
  /** Every error but the two below. */
  | 'FAILED'
  /** `ScheduledRecord` */
  | 'SCHEDULED'
  /** `DuplicateRecordError` */
  | 'SKIPPED'
  /** `OutcomeUnknownError` */
  | 'UNKNOWN'
  /** `ValidRecord` */
  | 'VALID';

/** What is wrong, as a constant for translation. More may be added: show `message` for one that you do not know. */
export type RecordProblemReason =
  /** `scheduledTime` lies after the record's own `expiryDate`. */
  | 'AFTER_EXPIRY'
  /** The date does not say which number is the day and which the month (`01/12/2026`), or has its year last (`31.12.2026`), or with two digits. */
  | 'AMBIGUOUS_DATE'
  /** The phone number can be read in two ways: with the country code at its beginning and without it, or with a `(0)` behind the country code and without it (`+39 (0)331 123456`), or its `00` leads elsewhere from the region than from others, or its + stands before brackets with no country code in them. Write a + and the country code, and no brackets. */
  | 'AMBIGUOUS_NUMBER'
  /** A spreadsheet took the phone number for an amount (`… .0`, `9,876,543,210`), and which digits were meant is not certain. */
  | 'DECIMAL_FRACTION'
  /** The header stands in the record twice. */
  | 'DUPLICATE_HEADER'
  /** The phone number was given before, and `duplicates` is `SKIP`. */
  | 'DUPLICATE_RECORD'
  /** `expiryDate` has passed, or leaves no time for a call. */
  | 'EXPIRED'
  /** The phone number has an extension (`x12`, `ext. 4`), which the dialer cannot dial. */
  | 'EXTENSION'
  /** The header of a custom field is no header's name. */
  | 'INVALID_HEADER'
  /** `scheduledTime` has passed. */
  | 'IN_THE_PAST'
  /** The phone number has letters, as in `1-800-FLOWERS`. */
  | 'LETTERS'
  /** The field is absent, null or empty, and must not be. */
  | 'MISSING'
  /** `scheduledTime` is a date alone. */
  | 'MISSING_TIME_OF_DAY'
  /** The time does not exist: 31 February, hour 24, `13:00 PM`, an hour that daylight saving skips, an offset that the zone in brackets behind it does not have then, or a day of the week that is not that of the date. */
  | 'NONEXISTENT_TIME'
  /** The phone number has a possible length, and no such number exists in its country. */
  | 'NO_SUCH_NUMBER'
  /** The phone number has digits that are dialled no more, such as Mexico's 1 after +52. */
  | 'OBSOLETE_PREFIX'
  /** `scheduledTime` is outside of the calling hours. */
  | 'OUTSIDE_CALLING_HOURS'
  /** `priority` is not from `limits.minPriority` to `limits.maxPriority`. */
  | 'OUT_OF_RANGE'
  /** The dialer refused the record; `message` has its own words. */
  | 'REFUSED_BY_DIALER'
  /** A character that has no place in the field, or that the dialer would not keep as it is. */
  | 'REFUSED_CHARACTER'
  /** The dialer cannot be told this time: its clocks show the same hour twice, when daylight saving ends, and the first of both would be meant. */
  | 'REPEATED_TIME'
  /** The header of a custom field is one that the record has a field for, or a parameter of the dialer itself. */
  | 'RESERVED_HEADER'
  /** The record is longer than `limits.maxRowBytes`; the field is that of its longest value. */
  | 'ROW_TOO_LONG'
  /** A spreadsheet shortened the phone number (`9.19877E+11`), and its last digits are lost. */
  | 'SCIENTIFIC_NOTATION'
  /** The phone number is on the list of numbers that are never to be called, or a column of the imported file says so. */
  | 'SUPPRESSED'
  /** `scheduledTime` lies further ahead than `limits.horizonDays`. */
  | 'TOO_FAR_AHEAD'
  /** The phone number has too many digits for a number of its country. */
  | 'TOO_LONG'
  /** The phone number has too few digits for a number of its country. */
  | 'TOO_SHORT'
  /** The phone number has a 0 before its country code, or a `00` that does not lead to another country from the region. */
  | 'TRUNK_PREFIX'
  /** The phone number is two (`040 2345678/9`, `… or …`, a comma, a line break), or could be read as two. Give each a record of its own. */
  | 'TWO_NUMBERS'
  /** The phone number begins like no country code. */
  | 'UNKNOWN_COUNTRY_CODE'
  /** The campaign's mapping file does not define the header. */
  | 'UNKNOWN_HEADER'
  /** The time has an offset from UTC that no place has, such as +05:17. */
  | 'UNKNOWN_OFFSET'
  /** The time is in no form that is read, may be a range of times, or names a zone that does not agree with `timeZone`. */
  | 'UNREADABLE_TIME';

/** Records to reschedule, and how to go about it. */
export type RescheduleCampaignRecordsInput = {
  /** A text of your own for this very request, 1 to 255 characters, best a UUID. Use one: after a time-out or a crash on either side, the same request with the same key finds out which records are scheduled anew, and goes on from there. What is settled is told again. The keys of other mutations are others. Ignored with `validateOnly`. */
  idempotencyKey?: string | null | undefined;
  /** The records: at least 1, at most 1000, each once. */
  records: Array<RescheduleRecordInput>;
  /** The zone of times that state no offset. Without it: the campaign's, else the account's (`limits.timeZone`). */
  timeZone?: string | null | undefined;
  /** Look the records up, check them with their new times, and change nothing: what could be rescheduled becomes a `ReschedulableRecord`. Without it: `false`. */
  validateOnly?: boolean | null | undefined;
};

/** What became of a record, as `RescheduleSummary` counts it. */
export type RescheduleOutcomeFilter =
  /** `BothScheduledError` */
  | 'BOTH_SCHEDULED'
  /** Every other error but the one below. */
  | 'FAILED'
  /** `RescheduledRecord` */
  | 'RESCHEDULED'
  /** `OutcomeUnknownError` */
  | 'UNKNOWN'
  /** `ReschedulableRecord` */
  | 'VALID';

/** A scheduled record, and its new time. */
export type RescheduleRecordInput = {
  /** The id of the record, as `campaignRecords` tells it. */
  id: string | number;
  /** When to call instead, written as in `scheduleCampaignData`. */
  scheduledTime: string;
};

/** The request in a word; `summary` and `results` say it in full, and always agree with it. */
export type RescheduleStatus =
  /** At least one record is scheduled twice, or nobody can tell: see `BothScheduledError` and `OutcomeUnknownError`. */
  | 'INDETERMINATE'
  /** Every record has its former time, or is not there. */
  | 'NOT_RESCHEDULED'
  /** Some records have their new times, others their former ones. */
  | 'PARTIALLY_RESCHEDULED'
  /** Every record has its new time. */
  | 'RESCHEDULED'
  /** `validateOnly`: the records were checked, nothing was changed. */
  | 'VALIDATED';

/** Records to schedule, the campaign they go to, and how to go about it. */
export type ScheduleCampaignDataInput = {
  /** The campaign's name as the dialer has it, at most 255 characters. With the sandbox: `Sales_Demo`. */
  campaignName: string;
  /** Whether a phone number may be scheduled more than once. Without it: `ALLOW`. */
  duplicates?: DuplicatePolicy | null | undefined;
  /** Whether records that fail their checks keep the others from being scheduled. Without it: `REJECT_FAILED_RECORDS`. */
  errorPolicy?: ErrorPolicy | null | undefined;
  /** A text of your own for this very request, 1 to 255 characters, best a UUID. One retry rule: send the same request with the same key as often as you like, after a time-out or a crash on either side too. What is settled is told again, what is unknown is looked up, and only what was certainly not accepted (`retryable`) is sent, if its time still allows. With the same key and another input you get an `IdempotencyConflictError`. Keys are kept for `limits.idempotencyKeyHours`. To send records anew, use a new key. Ignored with `validateOnly`. */
  idempotencyKey?: string | null | undefined;
  /** The records: at least 1, at most `limits.maxRecordsPerMutation`. */
  records: Array<CampaignRecordInput>;
  /** The zone of times that state no offset, and of the end of an `expiryDate`'s day. Without it: the campaign's, else the account's (`limits.timeZone`). */
  timeZone?: string | null | undefined;
  /** Check the records and answer as usual, and send nothing: valid ones become `ValidRecord`. Without it: `false`. For a form that checks while a person types, `Query.validateCampaignData` is cheaper, and takes nothing from your rate. */
  validateOnly?: boolean | null | undefined;
};

/** The request in a word; `summary` and `results` say it in full, and always agree with it. */
export type ScheduleStatus =
  /** For at least one record nobody can tell whether the dialer took it: see `OutcomeUnknownError`. */
  | 'INDETERMINATE'
  /** No record is scheduled. */
  | 'NOT_SCHEDULED'
  /** Some records are scheduled, others failed. */
  | 'PARTIALLY_SCHEDULED'
  /** Every record is scheduled, but for duplicates that were skipped as asked. */
  | 'SCHEDULED'
  /** `validateOnly`: the records were checked, nothing was sent. */
  | 'VALIDATED';

/** What a credential may do. */
export type Scope =
  /** `cancelCampaignRecords`. With `SCHEDULE` as well: `rescheduleCampaignRecords`. */
  | 'CANCEL'
  /** `limits`, `campaigns`, `campaignRecords` with their whole phone numbers, and imports with their progress and results. */
  | 'READ'
  /** `scheduleCampaignData`, `validateCampaignData`, and imports with their files. With `CANCEL` as well: `rescheduleCampaignRecords`. */
  | 'SCHEDULE';

/** Which file is to be imported into which campaign, and how to go about it. */
export type StartImportInput = {
  /** The campaign's name as the dialer has it, at most 255 characters. */
  campaignName: string;
  /** How dates are written. Without it: found out, or asked for. */
  dateFormat?: DateFormat | null | undefined;
  /** Between cells. Without it: found out. */
  delimiter?: FileDelimiter | null | undefined;
  /** Whether a phone number may stand in the file more than once. Without it: `ALLOW`. */
  duplicates?: DuplicatePolicy | null | undefined;
  /** Of the text. Without it: found out. */
  encoding?: FileEncoding | null | undefined;
  /** Whether rows with errors keep the others of the file from being sent. Without it: `REJECT_FAILED_RECORDS`. */
  errorPolicy?: ErrorPolicy | null | undefined;
  /** The file's name, to be shown. What the file is, its content says. */
  fileName: string;
  /** Bytes of the file: `limits.imports.maxFileBytes` at most. So many must come, neither more nor fewer. */
  fileSize: number;
  /** A text of your own for this very file, best a UUID: the same input with the same key is the same import, however often it is sent. With another input you get an `IdempotencyConflictError`. */
  idempotencyKey?: string | null | undefined;
  /** What columns are that are not recognised, or not rightly. Those that are not named here are taken for what they seem to be. */
  mapping?: Array<ColumnMappingInput> | null | undefined;
  /** The workbook's sheet. Without it: the one that has rows, or asked for. */
  sheet?: string | null | undefined;
  /** Whether records are sent as soon as the file is checked. Without it: `AUTOMATIC`. */
  start?: ImportStart | null | undefined;
  /** The zone of times that state no offset. Without it: the campaign's, else the account's. */
  timeZone?: string | null | undefined;
};

/** Records to check, and the campaign by whose rules. */
export type ValidateCampaignDataInput = {
  /** The campaign's name as the dialer has it, at most 255 characters. With the sandbox: `Sales_Demo`. */
  campaignName: string;
  /** Whether a phone number may be scheduled more than once. Without it: `ALLOW`. */
  duplicates?: DuplicatePolicy | null | undefined;
  /** The records: at least 1, at most `limits.maxRecordsPerMutation`. */
  records: Array<CampaignRecordInput>;
  /** The zone of times that state no offset, and of the end of an `expiryDate`'s day. Without it: the campaign's, else the account's (`limits.timeZone`). */
  timeZone?: string | null | undefined;
};

/** A day of the week. */
export type WeekDay =
  /** Friday */
  | 'FRI'
  /** Monday */
  | 'MON'
  /** Saturday */
  | 'SAT'
  /** Sunday */
  | 'SUN'
  /** Thursday */
  | 'THU'
  /** Tuesday */
  | 'TUE'
  /** Wednesday */
  | 'WED';

export type CampaignsQueryVariables = Exact<{ [key: string]: never; }>;


export type CampaignsQuery = { campaigns: Array<{ name: string, exists: boolean | null, id: string | null, position: string | null, headers: Array<string> | null, routing: CampaignRouting | null, timeZone: string }> | null };

export type CampaignQueryVariables = Exact<{
  name: string;
}>;


export type CampaignQuery = { campaign: { name: string, exists: boolean | null, id: string | null, position: string | null, headers: Array<string> | null, routing: CampaignRouting | null, timeZone: string, callingHours: { rule: string, zone: CallingHoursZone, policy: CallingHoursPolicy, holidays: Array<string>, windows: Array<{ days: Array<WeekDay>, from: string, to: string }> } | null } | null };

export type ImportStateFragment = { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null };

export type StartImportMutationVariables = Exact<{
  input: StartImportInput;
}>;


export type StartImportMutation = { startImport:
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'ImportPayload', import: { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null } }
    | { __typename: 'ImportsUnavailableError', message: string }
    | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'TooManyImportsError', message: string, limit: number }
    | { __typename: 'UnknownCampaignError', message: string, campaignName: string }
   | null };

export type ConfirmImportMutationVariables = Exact<{
  input: ConfirmImportInput;
}>;


export type ConfirmImportMutation = { confirmImport:
    | { __typename: 'ImportNotFoundError', message: string }
    | { __typename: 'ImportPayload', import: { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null } }
    | { __typename: 'ImportStateConflictError', message: string, state: ImportState }
    | { __typename: 'ImportsUnavailableError', message: string }
    | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type PauseImportMutationVariables = Exact<{
  id: string | number;
}>;


export type PauseImportMutation = { pauseImport:
    | { __typename: 'ImportNotFoundError', message: string, id: string }
    | { __typename: 'ImportPayload', import: { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null } }
    | { __typename: 'ImportStateConflictError', message: string, state: ImportState }
    | { __typename: 'ImportsUnavailableError', message: string }
   | null };

export type ResumeImportMutationVariables = Exact<{
  id: string | number;
}>;


export type ResumeImportMutation = { resumeImport:
    | { __typename: 'ImportNotFoundError', message: string }
    | { __typename: 'ImportPayload', import: { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null } }
    | { __typename: 'ImportStateConflictError', message: string, state: ImportState }
    | { __typename: 'ImportsUnavailableError', message: string }
   | null };

export type CancelImportMutationVariables = Exact<{
  id: string | number;
}>;


export type CancelImportMutation = { cancelImport:
    | { __typename: 'ImportNotFoundError', message: string }
    | { __typename: 'ImportPayload', import: { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null } }
    | { __typename: 'ImportStateConflictError', message: string, state: ImportState }
    | { __typename: 'ImportsUnavailableError', message: string }
   | null };

export type ImportQueryVariables = Exact<{
  id: string | number;
}>;


export type ImportQuery = { import: { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null } | null };

export type ImportsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type ImportsQuery = { imports: { edges: Array<{ cursor: string, node: { id: string } }>, nodes: Array<{ id: string, createdAt: string, state: ImportState, campaignName: string, fileName: string, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } | null };

export type ImportProgressSubscriptionVariables = Exact<{
  id: string | number;
}>;


export type ImportProgressSubscription = { importProgress: { id: string, version: number, state: ImportState, campaignName: string, fileName: string, fileSize: number, receivedBytes: number, uploadUrl: string | null, resultsUrl: string | null, filesKeptUntil: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, estimatedFinishAt: string | null, pollAfterSeconds: number | null, start: ImportStart, errorPolicy: ErrorPolicy, duplicates: DuplicatePolicy, timeZone: string | null, dateFormat: DateFormat | null, decisions: Array<ImportDecision>, waitingFor: ImportWaitingReason | null, mapping: Array<{ column: number, field: RecordField | null, header: string | null }>, preview: { format: FileFormat, encoding: FileEncoding | null, delimiter: FileDelimiter | null, sheets: Array<string>, sheet: string | null, headerLine: number | null, ambiguousDates: boolean, columns: Array<{ index: number, header: string | null, samples: Array<string>, guessedField: RecordField | null, guessedHeader: string | null }>, problems: Array<{ kind: ImportPreviewProblemKind, columns: Array<number>, message: string }> } | null, counts: { total: number | null, valid: number, scheduled: number, failed: number, skipped: number, unknown: number, notSent: number }, errorCounts: Array<{ code: RecordErrorCode, count: number }>, firstErrors: Array<{ line: number, column: string | null, code: RecordErrorCode, field: string | null, message: string }>, failure: { kind: ImportFailureKind, message: string, line: number | null } | null } };

export type LimitsQueryVariables = Exact<{ [key: string]: never; }>;


export type LimitsQuery = { limits: { maxRecordsPerMutation: number, idempotencyKeyHours: number, recordsPerDialerRequest: number, horizonDays: number, maxRowBytes: number, minPriority: number, maxPriority: number, timeZone: string, region: string } | null };

export type CampaignRecordsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  filter?: CampaignRecordFilter | null | undefined;
}>;


export type CampaignRecordsQuery = { campaignRecords: { totalCount: number | null, edges: Array<{ cursor: string, node: { id: string, campaignName: string, phoneNumber: string, scheduledTime: string | null, dialerTime: string, createdTime: string | null, headers: Array<{ header: string, value: string }>, handoff: { status: HandoffStatus, rejection: HandoffRejection | null, dialerMessage: string | null, time: string | null } } }> | null, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null }, error:
      | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
      | { __typename: 'RecordListTooLongError', message: string, maxRecords: number }
      | { __typename: 'RecordListUnavailableError', message: string, retryAfterSeconds: number }
      | { __typename: 'RecordsNotSupportedError', message: string }
     | null } | null };

export type CancelRecordsMutationVariables = Exact<{
  input: CancelCampaignRecordsInput;
  only?: Array<CancelOutcomeFilter> | CancelOutcomeFilter | null | undefined;
}>;


export type CancelRecordsMutation = { cancelCampaignRecords:
    | { __typename: 'CancelCampaignRecordsPayload', status: CancelStatus, summary: { total: number, cancelled: number, valid: number, failed: number, unknown: number }, results: Array<
        | { __typename: 'AlreadyHandedOverError', index: number, code: RecordErrorCode, message: string, retryable: boolean, id: string, handoff: { status: HandoffStatus, rejection: HandoffRejection | null, dialerMessage: string | null } }
        | { __typename: 'CampaignNotFoundError', index: number, code: RecordErrorCode, message: string, retryable: boolean }
        | { __typename: 'CampaignRecordNotFoundError', index: number, code: RecordErrorCode, message: string, retryable: boolean, givenId: string | null }
        | { __typename: 'CancellableRecord', index: number, id: string, campaignName: string, scheduledTime: string | null, dialerTime: string, removedFromCampaign: boolean, message: string }
        | { __typename: 'CancelledRecord', index: number, id: string, campaignName: string, scheduledTime: string | null, dialerTime: string, removedFromCampaign: boolean, message: string }
        | { __typename: 'DialerRejectionError', index: number, code: RecordErrorCode, message: string, retryable: boolean, dialerMessage: string }
        | { __typename: 'DialerThrottledError', index: number, code: RecordErrorCode, message: string, retryable: boolean, retryAfterSeconds: number | null }
        | { __typename: 'DialerUnavailableError', index: number, code: RecordErrorCode, message: string, retryable: boolean }
        | { __typename: 'InvalidApiKeyError', index: number, code: RecordErrorCode, message: string, retryable: boolean }
        | { __typename: 'InvalidApiKeyOrCampaignError', index: number, code: RecordErrorCode, message: string, retryable: boolean }
        | { __typename: 'OutcomeUnknownError', index: number, code: RecordErrorCode, message: string, retryable: boolean }
      > }
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'OverloadedError', message: string, retryAfterSeconds: number }
    | { __typename: 'RateLimitedError', message: string }
    | { __typename: 'RecordListTooLongError', message: string, maxRecords: number }
    | { __typename: 'RecordListUnavailableError', message: string, retryAfterSeconds: number }
    | { __typename: 'RecordsNotSupportedError', message: string }
    | { __typename: 'UnknownCampaignError', message: string }
   | null };

export type RescheduleRecordsMutationVariables = Exact<{
  input: RescheduleCampaignRecordsInput;
  only?: Array<RescheduleOutcomeFilter> | RescheduleOutcomeFilter | null | undefined;
}>;


export type RescheduleRecordsMutation = { rescheduleCampaignRecords:
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'OverloadedError', message: string, retryAfterSeconds: number }
    | { __typename: 'RateLimitedError', message: string }
    | { __typename: 'RecordListTooLongError', message: string, maxRecords: number }
    | { __typename: 'RecordListUnavailableError', message: string, retryAfterSeconds: number }
    | { __typename: 'RecordsNotSupportedError', message: string }
    | { __typename: 'RescheduleCampaignRecordsPayload', status: RescheduleStatus, summary: { total: number, rescheduled: number, bothScheduled: number, valid: number, failed: number, unknown: number }, results: Array<
        | { __typename: 'AlreadyHandedOverError', index: number, code: RecordErrorCode, message: string, retryable: boolean, id: string, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }>, handoff: { status: HandoffStatus, rejection: HandoffRejection | null, dialerMessage: string | null } }
        | { __typename: 'BothScheduledError', index: number, code: RecordErrorCode, message: string, retryable: boolean, ids: Array<string>, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'CampaignNotFoundError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'CampaignRecordNotFoundError', index: number, code: RecordErrorCode, message: string, retryable: boolean, givenId: string | null, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerRejectionError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerThrottledError', index: number, code: RecordErrorCode, message: string, retryable: boolean, retryAfterSeconds: number | null, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerUnavailableError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DuplicateRecordError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidApiKeyError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidApiKeyOrCampaignError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidDateFormatError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidFieldError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidPhoneNumberError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingAgentIdError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingBulkDataError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingPhoneNumberError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingScheduledTimeError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'OutcomeUnknownError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'OutsideCallingHoursError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'RecordDueSoonError', index: number, code: RecordErrorCode, message: string, retryable: boolean, id: string, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'ReschedulableRecord', index: number, id: string, campaignName: string, formerScheduledTime: string | null, scheduledTime: string, dialerTime: string, shiftedFrom: string | null, message: string }
        | { __typename: 'RescheduledRecord', index: number, id: string, newId: string | null, campaignName: string, formerScheduledTime: string | null, scheduledTime: string, dialerTime: string, shiftedFrom: string | null, message: string }
        | { __typename: 'ScheduledTimeOutOfRangeError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'SuppressedNumberError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'UnknownHeaderError', index: number, code: RecordErrorCode, message: string, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
      > }
    | { __typename: 'UnknownCampaignError', message: string }
   | null };

export type ScheduleMutationVariables = Exact<{
  input: ScheduleCampaignDataInput;
  only?: Array<RecordOutcomeFilter> | RecordOutcomeFilter | null | undefined;
}>;


export type ScheduleMutation = { scheduleCampaignData:
    | { __typename: 'IdempotencyConflictError', message: string }
    | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'OverloadedError', message: string, retryAfterSeconds: number }
    | { __typename: 'RateLimitedError', message: string, retryAfterSeconds: number }
    | { __typename: 'ScheduleCampaignDataPayload', campaignName: string, status: ScheduleStatus, summary: { total: number, scheduled: number, valid: number, failed: number, skipped: number, unknown: number }, results: Array<
        | { __typename: 'CampaignNotFoundError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerRejectionError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, dialerMessage: string, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerThrottledError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, retryAfterSeconds: number | null, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerUnavailableError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DuplicateRecordError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, firstIndex: number | null, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidApiKeyError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidApiKeyOrCampaignError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidDateFormatError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, value: string | null, expected: string, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidFieldError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidPhoneNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingAgentIdError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingBulkDataError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingPhoneNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingScheduledTimeError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'OutcomeUnknownError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'OutsideCallingHoursError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, nextAllowedTime: string | null, rule: string, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'ScheduledRecord', index: number, reference: string | null, phoneNumber: string, scheduledTime: string, dialerTime: string, shiftedFrom: string | null, name: string | null, agentId: string | null, skill: string | null, message: string }
        | { __typename: 'ScheduledTimeOutOfRangeError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, earliest: string, latest: string, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'SuppressedNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'UnknownHeaderError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, header: string, knownHeaders: Array<string>, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'ValidRecord', index: number, reference: string | null, phoneNumber: string, scheduledTime: string, dialerTime: string, shiftedFrom: string | null, name: string | null, agentId: string | null, skill: string | null, message: string }
      > }
    | { __typename: 'UnknownCampaignError', message: string, campaignName: string }
   | null };

export type ValidateQueryVariables = Exact<{
  input: ValidateCampaignDataInput;
}>;


export type ValidateQuery = { validateCampaignData:
    | { __typename: 'InvalidInputError', message: string, issues: Array<{ path: Array<string>, message: string }> }
    | { __typename: 'OverloadedError', message: string, retryAfterSeconds: number }
    | { __typename: 'ScheduleCampaignDataPayload', campaignName: string, status: ScheduleStatus, summary: { total: number, scheduled: number, valid: number, failed: number, skipped: number, unknown: number }, results: Array<
        | { __typename: 'CampaignNotFoundError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerRejectionError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerThrottledError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DialerUnavailableError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'DuplicateRecordError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, firstIndex: number | null, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidApiKeyError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidApiKeyOrCampaignError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidDateFormatError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidFieldError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'InvalidPhoneNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingAgentIdError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingBulkDataError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingPhoneNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'MissingScheduledTimeError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'OutcomeUnknownError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'OutsideCallingHoursError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'ScheduledRecord' }
        | { __typename: 'ScheduledTimeOutOfRangeError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'SuppressedNumberError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'UnknownHeaderError', index: number, reference: string | null, message: string, code: RecordErrorCode, field: string | null, retryable: boolean, problems: Array<{ field: string | null, reason: RecordProblemReason, message: string }> }
        | { __typename: 'ValidRecord', index: number, reference: string | null, phoneNumber: string, scheduledTime: string, dialerTime: string, name: string | null, agentId: string | null, skill: string | null, message: string }
      > }
   | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { name: string, account: string, scopes: Array<Scope>, campaigns: Array<string> | null, rate: { recordsPerMinute: number, recordsLeft: number, fullInSeconds: number } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const ImportStateFragmentDoc = new TypedDocumentString(`
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}
    `, {"fragmentName":"ImportState"}) as unknown as TypedDocumentString<ImportStateFragment, unknown>;
export const CampaignsDocument = new TypedDocumentString(`
    query Campaigns {
  campaigns {
    name
    exists
    id
    position
    headers
    routing
    timeZone
  }
}
    `, {"hash":"sha256:c96032379daf95647876bb298c015aed9cdb35c88b6a73e7e1b410252e1d2d26"}) as unknown as TypedDocumentString<CampaignsQuery, CampaignsQueryVariables>;
export const CampaignDocument = new TypedDocumentString(`
    query Campaign($name: String!) {
  campaign(name: $name) {
    name
    exists
    id
    position
    headers
    routing
    timeZone
    callingHours {
      rule
      zone
      policy
      windows {
        days
        from
        to
      }
      holidays
    }
  }
}
    `, {"hash":"sha256:b67da49afc1b6bdc908f041b4ce6c98a604e1c9a9fd8724929290d40b4c64cfe"}) as unknown as TypedDocumentString<CampaignQuery, CampaignQueryVariables>;
export const StartImportDocument = new TypedDocumentString(`
    mutation StartImport($input: StartImportInput!) {
  startImport(input: $input) {
    __typename
    ... on ImportPayload {
      import {
        ...ImportState
      }
    }
    ... on RequestError {
      message
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on TooManyImportsError {
      limit
    }
    ... on UnknownCampaignError {
      campaignName
    }
  }
}
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}`, {"hash":"sha256:5698e35655c74ab6c84a5282871dd2fdd920523d24215b642b6b90f815a9efa4"}) as unknown as TypedDocumentString<StartImportMutation, StartImportMutationVariables>;
export const ConfirmImportDocument = new TypedDocumentString(`
    mutation ConfirmImport($input: ConfirmImportInput!) {
  confirmImport(input: $input) {
    __typename
    ... on ImportPayload {
      import {
        ...ImportState
      }
    }
    ... on RequestError {
      message
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on ImportStateConflictError {
      state
    }
  }
}
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}`, {"hash":"sha256:817c9a31365f03d98dd46e0d52a4625af9be10d3bd0b318b2c45d56a1840ad99"}) as unknown as TypedDocumentString<ConfirmImportMutation, ConfirmImportMutationVariables>;
export const PauseImportDocument = new TypedDocumentString(`
    mutation PauseImport($id: ID!) {
  pauseImport(id: $id) {
    __typename
    ... on ImportPayload {
      import {
        ...ImportState
      }
    }
    ... on RequestError {
      message
    }
    ... on ImportStateConflictError {
      state
    }
    ... on ImportNotFoundError {
      id
    }
  }
}
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}`, {"hash":"sha256:ccbd676da6cd7db726bb35e4b589f218d8f1b90facdbdbc975c82d597805838f"}) as unknown as TypedDocumentString<PauseImportMutation, PauseImportMutationVariables>;
export const ResumeImportDocument = new TypedDocumentString(`
    mutation ResumeImport($id: ID!) {
  resumeImport(id: $id) {
    __typename
    ... on ImportPayload {
      import {
        ...ImportState
      }
    }
    ... on RequestError {
      message
    }
    ... on ImportStateConflictError {
      state
    }
  }
}
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}`, {"hash":"sha256:cc715412a7c3ae0b4671c938fb3909ec464a35a2576af22d2af03055f0aefb3e"}) as unknown as TypedDocumentString<ResumeImportMutation, ResumeImportMutationVariables>;
export const CancelImportDocument = new TypedDocumentString(`
    mutation CancelImport($id: ID!) {
  cancelImport(id: $id) {
    __typename
    ... on ImportPayload {
      import {
        ...ImportState
      }
    }
    ... on RequestError {
      message
    }
    ... on ImportStateConflictError {
      state
    }
  }
}
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}`, {"hash":"sha256:b3550665fcb01a5026d0941e8fd63f6554ccd67d7244297bc5f83f763a58f54b"}) as unknown as TypedDocumentString<CancelImportMutation, CancelImportMutationVariables>;
export const ImportDocument = new TypedDocumentString(`
    query Import($id: ID!) {
  import(id: $id) {
    ...ImportState
  }
}
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}`, {"hash":"sha256:e6e0970fe6e36a883e07b44ee2468bcd8029a0461b6631ad65dbe036f1cc5cd6"}) as unknown as TypedDocumentString<ImportQuery, ImportQueryVariables>;
export const ImportsDocument = new TypedDocumentString(`
    query Imports($first: Int!, $after: String) {
  imports(first: $first, after: $after) {
    edges {
      cursor
      node {
        id
      }
    }
    nodes {
      id
      createdAt
      state
      campaignName
      fileName
      counts {
        total
        valid
        scheduled
        failed
        skipped
        unknown
        notSent
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
}
    `, {"hash":"sha256:f83e2f3622a0537358fd1a94f812eb49c7b27dc8337945d9c965b6181ef3e499"}) as unknown as TypedDocumentString<ImportsQuery, ImportsQueryVariables>;
export const ImportProgressDocument = new TypedDocumentString(`
    subscription ImportProgress($id: ID!) {
  importProgress(id: $id) {
    ...ImportState
  }
}
    fragment ImportState on Import {
  id
  version
  state
  campaignName
  fileName
  fileSize
  receivedBytes
  uploadUrl
  resultsUrl
  filesKeptUntil
  createdAt
  startedAt
  finishedAt
  estimatedFinishAt
  pollAfterSeconds
  start
  errorPolicy
  duplicates
  timeZone
  dateFormat
  mapping {
    column
    field
    header
  }
  preview {
    format
    encoding
    delimiter
    sheets
    sheet
    headerLine
    ambiguousDates
    columns {
      index
      header
      samples
      guessedField
      guessedHeader
    }
    problems {
      kind
      columns
      message
    }
  }
  decisions
  counts {
    total
    valid
    scheduled
    failed
    skipped
    unknown
    notSent
  }
  errorCounts {
    code
    count
  }
  firstErrors {
    line
    column
    code
    field
    message
  }
  waitingFor
  failure {
    kind
    message
    line
  }
}`, {"hash":"sha256:ed408285099a1ac1fd3aa6027a9202c582e4ff661ee569b8de81e1aa5b865c83"}) as unknown as TypedDocumentString<ImportProgressSubscription, ImportProgressSubscriptionVariables>;
export const LimitsDocument = new TypedDocumentString(`
    query Limits {
  limits {
    maxRecordsPerMutation
    idempotencyKeyHours
    recordsPerDialerRequest
    horizonDays
    maxRowBytes
    minPriority
    maxPriority
    timeZone
    region
  }
}
    `, {"hash":"sha256:d25dd234f99352dbc82925e608821cda64269d45024c2f3b5faeef5a0a08c652"}) as unknown as TypedDocumentString<LimitsQuery, LimitsQueryVariables>;
export const CampaignRecordsDocument = new TypedDocumentString(`
    query CampaignRecords($first: Int! = 50, $after: String, $filter: CampaignRecordFilter) {
  campaignRecords(first: $first, after: $after, filter: $filter) {
    edges {
      cursor
      node {
        id
        campaignName
        phoneNumber
        scheduledTime
        dialerTime
        createdTime
        headers {
          header
          value
        }
        handoff {
          status
          rejection
          dialerMessage
          time
        }
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    totalCount
    error {
      __typename
      ... on RequestError {
        message
      }
      ... on InvalidInputError {
        issues {
          path
          message
        }
      }
      ... on RecordListUnavailableError {
        retryAfterSeconds
      }
      ... on RecordListTooLongError {
        maxRecords
      }
    }
  }
}
    `, {"hash":"sha256:6b5a11f4bd7a113181a69b79b3edfa6b0ac8f20110b93d079c27b51af3adaee5"}) as unknown as TypedDocumentString<CampaignRecordsQuery, CampaignRecordsQueryVariables>;
export const CancelRecordsDocument = new TypedDocumentString(`
    mutation CancelRecords($input: CancelCampaignRecordsInput!, $only: [CancelOutcomeFilter!]) {
  cancelCampaignRecords(input: $input) {
    __typename
    ... on CancelCampaignRecordsPayload {
      status
      summary {
        total
        cancelled
        valid
        failed
        unknown
      }
      results(only: $only) {
        __typename
        ... on CancelledRecord {
          index
          id
          campaignName
          scheduledTime
          dialerTime
          removedFromCampaign
          message
        }
        ... on CancellableRecord {
          index
          id
          campaignName
          scheduledTime
          dialerTime
          removedFromCampaign
          message
        }
        ... on RecordError {
          index
          code
          message
          retryable
        }
        ... on CampaignRecordNotFoundError {
          givenId
        }
        ... on AlreadyHandedOverError {
          id
          handoff {
            status
            rejection
            dialerMessage
          }
        }
        ... on DialerRejectionError {
          dialerMessage
        }
        ... on DialerThrottledError {
          retryAfterSeconds
        }
      }
    }
    ... on RequestError {
      message
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on RecordListUnavailableError {
      retryAfterSeconds
    }
    ... on RecordListTooLongError {
      maxRecords
    }
    ... on OverloadedError {
      retryAfterSeconds
    }
  }
}
    `, {"hash":"sha256:e4e6037a1761948fdfa4e943211fd7c20e4948954406af53140873eafca43b76"}) as unknown as TypedDocumentString<CancelRecordsMutation, CancelRecordsMutationVariables>;
export const RescheduleRecordsDocument = new TypedDocumentString(`
    mutation RescheduleRecords($input: RescheduleCampaignRecordsInput!, $only: [RescheduleOutcomeFilter!]) {
  rescheduleCampaignRecords(input: $input) {
    __typename
    ... on RescheduleCampaignRecordsPayload {
      status
      summary {
        total
        rescheduled
        bothScheduled
        valid
        failed
        unknown
      }
      results(only: $only) {
        __typename
        ... on RescheduledRecord {
          index
          id
          newId
          campaignName
          formerScheduledTime
          scheduledTime
          dialerTime
          shiftedFrom
          message
        }
        ... on ReschedulableRecord {
          index
          id
          campaignName
          formerScheduledTime
          scheduledTime
          dialerTime
          shiftedFrom
          message
        }
        ... on RecordError {
          index
          code
          message
          retryable
          problems {
            field
            reason
            message
          }
        }
        ... on CampaignRecordNotFoundError {
          givenId
        }
        ... on AlreadyHandedOverError {
          id
          handoff {
            status
            rejection
            dialerMessage
          }
        }
        ... on RecordDueSoonError {
          id
        }
        ... on BothScheduledError {
          ids
        }
        ... on DialerThrottledError {
          retryAfterSeconds
        }
      }
    }
    ... on RequestError {
      message
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
    ... on RecordListUnavailableError {
      retryAfterSeconds
    }
    ... on RecordListTooLongError {
      maxRecords
    }
    ... on OverloadedError {
      retryAfterSeconds
    }
  }
}
    `, {"hash":"sha256:7315dc5b0e98057a2f4fab7316f1dd9c03c987c8bcab8fec033358d60696b1dc"}) as unknown as TypedDocumentString<RescheduleRecordsMutation, RescheduleRecordsMutationVariables>;
export const ScheduleDocument = new TypedDocumentString(`
    mutation Schedule($input: ScheduleCampaignDataInput!, $only: [RecordOutcomeFilter!]) {
  scheduleCampaignData(input: $input) {
    __typename
    ... on ScheduleCampaignDataPayload {
      campaignName
      status
      summary {
        total
        scheduled
        valid
        failed
        skipped
        unknown
      }
      results(only: $only) {
        __typename
        ... on ScheduledRecord {
          index
          reference
          phoneNumber
          scheduledTime
          dialerTime
          shiftedFrom
          name
          agentId
          skill
          message
        }
        ... on ValidRecord {
          index
          reference
          phoneNumber
          scheduledTime
          dialerTime
          shiftedFrom
          name
          agentId
          skill
          message
        }
        ... on RecordError {
          index
          reference
          message
          code
          field
          problems {
            field
            reason
            message
          }
          retryable
        }
        ... on InvalidDateFormatError {
          field
          value
          expected
        }
        ... on ScheduledTimeOutOfRangeError {
          earliest
          latest
        }
        ... on InvalidFieldError {
          field
        }
        ... on OutsideCallingHoursError {
          nextAllowedTime
          rule
        }
        ... on UnknownHeaderError {
          header
          knownHeaders
        }
        ... on DuplicateRecordError {
          firstIndex
        }
        ... on DialerRejectionError {
          dialerMessage
        }
        ... on DialerThrottledError {
          retryAfterSeconds
        }
      }
    }
    ... on RequestError {
      message
    }
    ... on OverloadedError {
      retryAfterSeconds
    }
    ... on RateLimitedError {
      retryAfterSeconds
    }
    ... on UnknownCampaignError {
      campaignName
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
  }
}
    `, {"hash":"sha256:b251cb973acda91110fac9ad916899795aa31b2f0c22848ebc40c3ec6d07ec04"}) as unknown as TypedDocumentString<ScheduleMutation, ScheduleMutationVariables>;
export const ValidateDocument = new TypedDocumentString(`
    query Validate($input: ValidateCampaignDataInput!) {
  validateCampaignData(input: $input) {
    __typename
    ... on ScheduleCampaignDataPayload {
      campaignName
      status
      summary {
        total
        scheduled
        valid
        failed
        skipped
        unknown
      }
      results {
        __typename
        ... on ValidRecord {
          index
          reference
          phoneNumber
          scheduledTime
          dialerTime
          name
          agentId
          skill
          message
        }
        ... on RecordError {
          index
          reference
          message
          code
          field
          problems {
            field
            reason
            message
          }
          retryable
        }
        ... on DuplicateRecordError {
          firstIndex
        }
      }
    }
    ... on RequestError {
      message
    }
    ... on OverloadedError {
      retryAfterSeconds
    }
    ... on InvalidInputError {
      issues {
        path
        message
      }
    }
  }
}
    `, {"hash":"sha256:27937a1bb93c0edb276e25deb2131f9561e3a4bdbc5057acf1fe387a55587514"}) as unknown as TypedDocumentString<ValidateQuery, ValidateQueryVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    name
    account
    scopes
    campaigns
    rate {
      recordsPerMinute
      recordsLeft
      fullInSeconds
    }
  }
}
    `, {"hash":"sha256:24da522f2ecc7fe998231674e2ca2f73e097ec9fa5b09b6811532c0640a17257"}) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;