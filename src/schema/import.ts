// Import: a file on its way into a campaign, as it is told at one moment.

import {
  type ImportCounts,
  type ImportFailure,
  type ImportPreview,
  type ImportView,
  type RowError,
  resultsPath,
  uploadPath,
} from '../imports/import.ts';
import type { Column, ColumnMapping, PreviewProblem } from '../imports/mapping.ts';
import type { errorKinds } from '../scheduling/outcome.ts';
import { builder } from './builder.ts';
import { DuplicatePolicy } from './campaign-data-input.ts';
import {
  ColumnGuessBasisEnum,
  DateFormatEnum,
  FileDelimiterEnum,
  FileEncodingEnum,
  FileFormatEnum,
  ImportDecisionEnum,
  type ImportFailureKind,
  ImportFailureKindEnum,
  ImportStartEnum,
  ImportStateEnum,
  ImportWaitingReasonEnum,
  PreviewProblemKindEnum,
  RecordFieldEnum,
} from './import-enums.ts';
import { RecordErrorCode } from './record-errors.ts';
import { ErrorPolicy } from './schedule-campaign-data.ts';

export const ImportType = builder.objectRef<ImportView>('Import').implement({
  description:
    'A file of records, and what became of them by now. All fields are of the same moment: `version` grows with each change. `importProgress` tells of changes; `pollAfterSeconds` is for those who ask.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    version: t.exposeInt('version', {
      description: 'Grows with each change: of two answers, the higher is the later.',
    }),
    state: t.expose('state', { type: ImportStateEnum, description: 'Where it stands.' }),
    campaignName: t.exposeString('campaignName', { description: 'The campaign that its records go to.' }),
    fileName: t.exposeString('fileName', { description: 'As it was given, with phone numbers masked.' }),
    fileSize: t.exposeInt('fileSize', { description: 'Bytes of the file.' }),
    receivedBytes: t.exposeInt('receivedBytes', { description: 'Bytes that have come, about a second ago.' }),
    uploadUrl: t.string({
      nullable: true,
      description:
        'Where the file goes, with your credential: by one `PUT`, or by the tus protocol. Relative to the endpoint: `new URL(uploadUrl, endpoint)`. Null where no file is awaited any more.',
      resolve: ({ id, state }) => (state === 'AWAITING_FILE' ? uploadPath(id) : null),
    }),
    resultsUrl: t.string({
      nullable: true,
      description:
        'Where the rows are with what became of each, as CSV, and as JSON lines with `.jsonl` in place of `.csv`; `?outcome=failed`, `unknown`, `not-sent`, `scheduled` or `all`. Relative to the endpoint, as `uploadUrl` is. The file can be corrected and imported: rows that are scheduled or unknown are never sent again by it, nor are those that are `pending` since the import has not ended. Null where there are none: before the file is checked, where it was not read to its end, and when its files are deleted.',
      resolve: resultsPath,
    }),
    filesKeptUntil: t.expose('filesKeptUntil', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the file and the results are deleted. Null while the import is under way, and when they are.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was started.' }),
    startedAt: t.expose('startedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was `RUNNING` first. Null: it never was.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended. Null: it is under way.',
    }),
    estimatedFinishAt: t.expose('estimatedFinishAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it will end at the speed of late. Null where nobody knows: at its beginning, and while it waits.',
    }),
    pollAfterSeconds: t.exposeInt('pollAfterSeconds', {
      nullable: true,
      description: 'After how many seconds it is worth asking again. Null: nothing changes any more.',
    }),
    start: t.expose('start', {
      type: ImportStartEnum,
      description: 'Whether it waits for a person once it is checked.',
    }),
    errorPolicy: t.expose('errorPolicy', {
      type: ErrorPolicy,
      description: 'What rows with errors mean for the others.',
    }),
    duplicates: t.expose('duplicates', {
      type: DuplicatePolicy,
      description: 'Whether a phone number may be scheduled more than once. `SKIP` looks at the whole file.',
    }),
    timeZone: t.expose('timeZone', {
      type: 'TimeZone',
      nullable: true,
      description: "The zone of times without an offset. Null: the campaign's, else the account's.",
    }),
    dateFormat: t.expose('dateFormat', {
      type: DateFormatEnum,
      nullable: true,
      description: 'How dates are read. Null: as they stand, where that has one meaning.',
    }),
    mapping: t.field({
      type: [ColumnMappingType],
      description:
        'What each column is taken for, as given or found out. Empty until the file was looked at.',
      resolve: ({ mapping }) => [...mapping],
    }),
    preview: t.expose('preview', {
      type: ImportPreviewType,
      nullable: true,
      description: 'What was found of the file. Null until it was looked at, and when it is deleted.',
    }),
    decisions: t.field({
      type: [ImportDecisionEnum],
      description: 'What `confirmImport` must say while it is `READY`. Empty: it can be confirmed as it is.',
      resolve: ({ decisions }) => [...decisions],
    }),
    counts: t.expose('counts', { type: ImportCountsType, description: 'The rows, counted.' }),
    errorCounts: t.field({
      type: [ImportErrorCountType],
      description: 'How many rows have which kind of error, the most frequent first.',
      resolve: ({ errorCounts }) => [...errorCounts],
    }),
    firstErrors: t.field({
      type: [ImportRowErrorType],
      description: 'The first rows that failed, 20 at most, in the order of the file. `resultsUrl` has all.',
      resolve: ({ firstErrors }) => [...firstErrors],
    }),
    waitingFor: t.expose('waitingFor', {
      type: ImportWaitingReasonEnum,
      nullable: true,
      description: 'Why it does not go on at the moment. Null: it does, or it is at an end.',
    }),
    failure: t.expose('failure', {
      type: ImportFailureType,
      nullable: true,
      description: 'Why it is `FAILED`. Null: it is not.',
    }),
  }),
});

const ImportCountsType = builder.objectRef<ImportCounts>('ImportCounts').implement({
  description:
    'How many rows came to which end. Each row is counted in one of them: the other six always add up to `total`.',
  fields: (t) => ({
    total: t.exposeInt('total', {
      nullable: true,
      description:
        'Rows of the file. Null until it was read to its end; the others then count those that were read so far.',
    }),
    valid: t.exposeInt('valid', { description: 'Checked and good, and not sent yet.' }),
    scheduled: t.exposeInt('scheduled', { description: 'The dialer took them.' }),
    failed: t.exposeInt('failed', { description: 'Certainly not scheduled: correct them.' }),
    skipped: t.exposeInt('skipped', {
      description: 'Left out: duplicates, and rows that a result file says were scheduled or are unknown.',
    }),
    unknown: t.exposeInt('unknown', {
      description: 'Nobody can tell whether the dialer took them. They are never sent again.',
    }),
    notSent: t.exposeInt('notSent', {
      description:
        'Certainly not accepted so far, and tried again; at the end: valid rows that were never sent.',
    }),
  }),
});

const ImportErrorCountType = builder
  .objectRef<ImportView['errorCounts'][number]>('ImportErrorCount')
  .implement({
    description: 'How many rows have one kind of error.',
    fields: (t) => ({
      code: t.field({ type: RecordErrorCode, description: 'The kind.', resolve: ({ code }) => codeOf(code) }),
      count: t.exposeInt('count', { description: 'Rows.' }),
    }),
  });

const ImportRowErrorType = builder.objectRef<RowError>('ImportRowError').implement({
  description: 'One row of the file that failed.',
  fields: (t) => ({
    line: t.exposeInt('line', {
      description: 'Where the row begins in the file, from 1; of a workbook, its row number.',
    }),
    column: t.exposeString('column', {
      nullable: true,
      description:
        'The header of the column that the error speaks of; its letter, where there is none. Null: no one column.',
    }),
    code: t.field({ type: RecordErrorCode, description: 'The kind.', resolve: ({ code }) => codeOf(code) }),
    field: t.exposeString('field', {
      nullable: true,
      description: 'The field of the record that it speaks of.',
    }),
    message: t.exposeString('message', {
      description:
        'What happened, to which value, and what to do: in English, for a person. It names no whole phone number.',
    }),
  }),
});

type Code = (typeof errorKinds)[keyof typeof errorKinds]['code'];

function codeOf(code: string): Code {
  return code as Code;
}

const ImportFailureType = builder.objectRef<ImportFailure>('ImportFailure').implement({
  description: 'Why an import failed as a whole.',
  fields: (t) => ({
    kind: t.field({
      type: ImportFailureKindEnum,
      description: 'What is wrong, as a constant for translation.',
      resolve: ({ kind }) => kind as ImportFailureKind,
    }),
    message: t.exposeString('message', {
      description: 'What is wrong, where, and what to do: in English, for a person.',
    }),
    line: t.exposeInt('line', {
      nullable: true,
      description: 'Where in the file, from 1. Null: no one place.',
    }),
  }),
});

const ColumnMappingType = builder.objectRef<ColumnMapping>('ColumnMapping').implement({
  description: 'What a column of the file is: a field of the record, or a header of the campaign.',
  fields: (t) => ({
    column: t.exposeInt('column', { description: "The column's position, from 0." }),
    field: t.expose('field', {
      type: RecordFieldEnum,
      nullable: true,
      description: 'The field. Null: `header` says it.',
    }),
    header: t.exposeString('header', {
      nullable: true,
      description: "The header of the campaign's mapping file, for a custom field. Null: `field` says it.",
    }),
  }),
});

const ImportPreviewType = builder.objectRef<ImportPreview>('ImportPreview').implement({
  description: 'What a file is, by its first 50 rows.',
  fields: (t) => ({
    format: t.expose('format', { type: FileFormatEnum, description: 'What it is.' }),
    gzipped: t.exposeBoolean('gzipped', { description: 'Whether it came compressed.' }),
    encoding: t.expose('encoding', {
      type: FileEncodingEnum,
      nullable: true,
      description: 'Of its text. Null for a workbook.',
    }),
    delimiter: t.expose('delimiter', {
      type: FileDelimiterEnum,
      nullable: true,
      description: 'Null where there is none.',
    }),
    sheets: t.field({
      type: ['String'],
      description: "A workbook's sheets, in their order; empty for any other file.",
      resolve: ({ sheets }) => [...sheets],
    }),
    sheet: t.exposeString('sheet', { nullable: true, description: 'The sheet that is read.' }),
    headerLine: t.exposeInt('headerLine', {
      nullable: true,
      description:
        'The line of the header. Rows above it are records only if one of them has a telephone number and a time in their columns: the sheet was sorted together with its header. Null: there is none, and the first row is a record.',
    }),
    columns: t.field({
      type: [ImportColumnType],
      description: 'The columns.',
      resolve: ({ columns }) => [...columns],
    }),
    ambiguousDates: t.exposeBoolean('ambiguousDates', {
      description:
        'Whether dates could be read with the day or with the month first in every row that was looked at.',
    }),
    dateFormats: t.field({
      type: [DateFormatEnum],
      description: 'The formats in which every date that was looked at can be read.',
      resolve: ({ dateFormats }) => [...dateFormats],
    }),
    isResultFile: t.exposeBoolean('isResultFile', {
      description:
        'Whether it is a result file of an import: then rows that were scheduled or are unknown are left out.',
    }),
    problems: t.field({
      type: [ImportPreviewProblemType],
      description: 'What somebody has to decide or should know.',
      resolve: ({ problems }) => [...problems],
    }),
  }),
});

const ImportColumnType = builder.objectRef<Column>('ImportColumn').implement({
  description: 'A column of the file.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its position, from 0.' }),
    header: t.exposeString('header', { nullable: true, description: 'Its header. Null: it has none.' }),
    samples: t.field({
      type: ['String'],
      description:
        'Its first values that are not empty, as they stand. They are data of people: show them to nobody else.',
      resolve: ({ samples }) => [...samples],
    }),
    guessedField: t.field({
      type: RecordFieldEnum,
      nullable: true,
      description: 'The field that it seems to be. Null: none, or `guessedHeader`.',
      resolve: ({ guess }) => (guess !== null && 'field' in guess ? guess.field : null),
    }),
    guessedBy: t.field({
      type: ColumnGuessBasisEnum,
      nullable: true,
      description: 'What the guess rests on. Null: there is none.',
      resolve: ({ guess }) => guess?.by,
    }),
    guessedHeader: t.string({
      nullable: true,
      description: 'The header of the campaign that it seems to be. Null: none, or `guessedField`.',
      resolve: ({ guess }) => (guess !== null && 'header' in guess ? guess.header : null),
    }),
  }),
});

const ImportPreviewProblemType = builder.objectRef<PreviewProblem>('ImportPreviewProblem').implement({
  description: 'Something of a file that somebody has to decide or should know.',
  fields: (t) => ({
    kind: t.expose('kind', {
      type: PreviewProblemKindEnum,
      description: 'What, as a constant for translation.',
    }),
    columns: t.field({
      type: ['Int'],
      description: 'The positions of its columns, from 0. Empty: it is about the whole file.',
      resolve: ({ columns }) => [...columns],
    }),
    message: t.exposeString('message', { description: 'What, and what to do: in English, for a person.' }),
  }),
});
