// What a file's first rows say of it: where its header is, what its columns seem to be, how its dates are written.
// A guess is told with what it rests on, so that nobody is called because a number looked like a telephone number.

import { redact } from '../foundation/redaction.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import { type DateFormat, isDateLike, isTimeLike, possibleFormats } from '../scheduling/written-date.ts';
import { standardHeaders } from '../upstream/contract.ts';
import type { FileRow } from './files/read-file.ts';
import {
  meaningOf,
  plainName,
  type RecordField,
  type ResultColumn,
  recordFields,
  resultColumnOf,
} from './mapping-names.ts';
import { createQualifierFinder, qualified, type Supposed, unreadAdvice } from './mapping-unread.ts';

/** What a column seems to be: a field of the record, or a custom field of the campaign's mapping file. */
export type ColumnGuess = ({ readonly field: RecordField } | { readonly header: string }) & {
  /** `values`: what stands in it looks so, and its name says nothing. That may as well be something else: let a person decide. */
  readonly by: 'name' | 'values';
};

export interface Column {
  /** From 0. */
  readonly index: number;
  /** Its name in the file's header; null where it has none. */
  readonly header: string | null;
  /** Its first values that are not empty, five at most. They are a person's data. */
  readonly samples: readonly string[];
  /** Null where nobody can tell, and where several columns may be the same field. */
  readonly guess: ColumnGuess | null;
  /** Which column of a result file of ours it is; null for all others. */
  readonly resultColumn: ResultColumn | null;
}

export interface PreviewProblem {
  readonly kind:
    | 'OTHER_SHEETS'
    | 'NO_PHONE_NUMBER'
    | 'NO_SCHEDULED_TIME'
    | 'SAME_FIELD_TWICE'
    | 'SAME_NAME_TWICE'
    | 'UNREAD_COLUMN'
    | 'HIDDEN_COLUMN'
    | 'AMBIGUOUS_DATES'
    | 'DATE_FORMAT_MISSING'
    | 'DATE_FORMAT_CONTRADICTED';
  /** Which it is about, from 0; none where it is about the whole file. */
  readonly columns: readonly number[];
  /** What they may each be, or belong to. */
  readonly field?: RecordField;
  readonly message: string;
}

export interface FilePreview {
  /** The line of the header. Null where there is none; 0 for the names of JSON objects. */
  readonly headerLine: number | null;
  /** Whether a number and a time stand above it in their columns: the rows there are records, of a sheet that was sorted together with its header. */
  readonly recordsAbove: boolean;
  readonly columns: readonly Column[];
  /** Dates with the day or the month first, each of which can be read in both ways. */
  readonly ambiguousDates: boolean;
  /** In which all dates that were looked at can be read. `ISO` stands for those with the year first, and has no such dates. */
  readonly dateFormats: readonly DateFormat[];
  /** It has the columns of a result file of ours: its rows that were scheduled, skipped or are unknown are not sent again. */
  readonly isResultFile: boolean;
  /** What somebody has to decide, or should know, before the file is used. */
  readonly problems: readonly PreviewProblem[];
}

const lookedAtRows = 50;
/** A header stands in no later row: below it some are left, to tell what its columns are. */
const lastHeaderRow = 40;
const shownSamples = 5;
const shownCharacters = 100;

/** `rows`: the file's first. `headers`: those of the campaign's mapping file, where it is known. */
export function previewOf(
  rows: readonly FileRow[],
  {
    headers,
    hiddenColumns = [],
    supposed,
  }: {
    readonly headers: readonly string[] | undefined;
    readonly hiddenColumns?: readonly number[] | undefined;
    readonly supposed: Supposed;
  },
): FilePreview {
  const first = rows.slice(0, lookedAtRows);
  const custom = new Map(
    (headers ?? []).filter((header) => !standardHeaders.includes(header)).map((header) => [header, header]),
  );
  for (const header of [...custom.keys()]) custom.set(plainName(header), header);
  const headerAt = findHeader(first, custom);
  const header = headerAt === -1 ? undefined : first[headerAt];
  const records = first.slice(headerAt + 1);
  const width = Math.max(0, ...[...records, ...(header ? [header] : [])].map(({ cells }) => cells.length));
  const drafts = Array.from({ length: width }, (_, index) => draftOf(index, header, records, custom));
  const problems = [
    ...sameNames(drafts),
    ...settleFields(drafts),
    ...unreadColumns(drafts, records, supposed),
    ...hiddenFields(drafts, hiddenColumns),
  ];
  const columns = drafts.map(({ values, isCertain: _, sharedName: __, ...column }) => ({
    ...column,
    samples: values.slice(0, shownSamples).map((value) => value.slice(0, shownCharacters)),
  }));
  const formats = dateFormatsOf(drafts);
  return {
    headerLine: header?.line ?? null,
    recordsAbove: hasRecords(first.slice(0, Math.max(headerAt, 0)), drafts),
    columns,
    ambiguousDates: formats.length > 1,
    dateFormats: formats,
    isResultFile: isResult(columns),
    problems: [...problems, ...missingFields(columns), ...dateProblems(formats, drafts)],
  };
}

/** How many columns have a name, in a file in which a row that has more cells is out of order; Infinity in any other. */
export function headerWidthOf({
  format,
  headerLine,
  columns,
}: Pick<FilePreview, 'headerLine' | 'columns'> & { readonly format: string }): number {
  if (headerLine === null || (format !== 'CSV' && format !== 'TSV')) return Number.POSITIVE_INFINITY;
  return columns.findLastIndex(({ header }) => header !== null) + 1;
}

function isResult(columns: readonly Column[]): boolean {
  return columns.some(({ resultColumn }) => resultColumn === 'outcome');
}

interface Draft extends Column {
  guess: ColumnGuess | null;
  /** The header, or that of which it is the second. */
  readonly sharedName: string | null;
  /** All that are not empty. */
  readonly values: readonly string[];
  /** Whether it has the field's own name. */
  readonly isCertain: boolean;
}

/** -1 where there is none. */
function findHeader(rows: readonly FileRow[], custom: ReadonlyMap<string, string>): number {
  const top = rows.slice(0, lastHeaderRow);
  const byNames = top.findIndex(({ line, cells }) => {
    if (line === 0) return true;
    const known = cells.filter((cell) => isKnownName(cell, custom));
    const isPhone = known.some((cell) => meaningOf(cell)?.field === 'phoneNumber');
    return (known.length > 1 || isPhone) && !cells.some(isValue);
  });
  if (byNames !== -1) return byNames;
  // A row of other names, above the first number: in a column of numbers no number stands there, so it cannot be sent anyway.
  const isNumber = ({ cells }: FileRow) => cells.some(isPhoneLike);
  const firstNumber = top.findIndex(isNumber);
  const [above, data] = [top[firstNumber - 1], top[firstNumber]];
  if (above === undefined || data === undefined || above.cells.some(isValue)) return -1;
  const column = data.cells.findIndex(isPhoneLike);
  return (above.cells[column] ?? '').trim() === '' ? -1 : firstNumber - 1;
}

/** A title may have digits as well: a record has its number and its time below the header's names, as far as these are known. */
function hasRecords(above: readonly FileRow[], drafts: readonly Draft[]): boolean {
  const [phone, time] = [placeOfField(drafts, 'phoneNumber'), placeOfField(drafts, 'scheduledTime')];
  return above.some(({ cells }) => {
    const [number, when] = [phone, time].map((place) => (place === undefined ? cells : [cells[place] ?? '']));
    return (
      number?.some(isPhoneLike) &&
      when?.some((cell) => /\d/.test(cell) && (time !== undefined || isValue(cell)))
    );
  });
}

function placeOfField(drafts: readonly Draft[], field: RecordField): number | undefined {
  return drafts.find(({ guess }) => guess !== null && 'field' in guess && guess.field === field)?.index;
}

function isKnownName(cell: string, custom: ReadonlyMap<string, string>): boolean {
  return (
    cell !== '' && (resultColumnOf(cell) !== null || meaningOf(cell) !== undefined || custom.has(cell.trim()))
  );
}

function isValue(cell: string): boolean {
  return isPhoneLike(cell) || isDateLike(cleanNumeral(cell));
}

/** Seven digits or more, and nothing that people do not write between them; also where a spreadsheet shortened them. */
function isPhoneLike(cell: string): boolean {
  const text = cleanNumeral(cell);
  if (text.length > 64 || isDateLike(text)) return false;
  if (/^\d(?:[.,]\d+)?e\+\d\d$/i.test(text)) return true;
  const digits = text.replace(/\.0$/, '').replace(/\D/g, '').length;
  return digits >= 7 && digits <= 15 && /^['+(]*\d[\d\s()./-]*$/.test(text);
}

function draftOf(
  index: number,
  header: FileRow | undefined,
  records: readonly FileRow[],
  custom: ReadonlyMap<string, string>,
): Draft {
  const name = header?.cells[index]?.trim() || null;
  const sharedName = name === null ? null : sharedNameOf(name, header?.cells ?? []);
  const values = records.map(({ cells }) => cells[index] ?? '').filter((value) => value.trim() !== '');
  const resultColumn = name === null ? null : resultColumnOf(name);
  const meaning = sharedName === null || resultColumn !== null ? undefined : meaningOf(sharedName);
  const draft = {
    index,
    header: name,
    sharedName,
    samples: [],
    values,
    resultColumn,
    isCertain: meaning?.isCertain ?? false,
  };
  if (resultColumn !== null) return { ...draft, guess: null };
  const exact =
    sharedName === null ? undefined : (custom.get(sharedName) ?? custom.get(plainName(sharedName)));
  if (exact !== undefined && !meaning?.isCertain) return { ...draft, guess: { header: exact, by: 'name' } };
  if (meaning !== undefined) return { ...draft, guess: { field: meaning.field, by: 'name' } };
  return { ...draft, guess: guessByValues(values) };
}

/** `Phone (2)` is how a second column `Phone` is written where a name may stand but once. */
function sharedNameOf(name: string, header: readonly string[]): string {
  const [, first] = /^(.+) \(\d{1,4}\)$/.exec(name) ?? [];
  return first !== undefined && header.some((cell) => cell.trim() === first) ? first : name;
}

function guessByValues(values: readonly string[]): ColumnGuess | null {
  const most = values.length / 2;
  if (values.filter(isPhoneLike).length > most) return { field: 'phoneNumber', by: 'values' };
  const isTime = (value: string) => isTimeLike(cleanNumeral(value));
  return values.filter(isTime).length > most ? { field: 'scheduledTime', by: 'values' } : null;
}

/** Takes the guess from columns that may all be the same: a name before a value, a field's own name before its others. */
function settleFields(drafts: Draft[]): PreviewProblem[] {
  return recordFields.flatMap((field): PreviewProblem[] => {
    const all = drafts.filter(({ guess }) => guess !== null && 'field' in guess && guess.field === field);
    const named = all.filter(({ guess }) => guess?.by === 'name');
    const certain = named.filter(({ isCertain }) => isCertain);
    const best = [certain, named, all].find((drafts) => drafts.length > 0) ?? [];
    for (const draft of all) if (best.length > 1 || draft !== best[0]) draft.guess = null;
    if (best.length < 2) return [];
    const columns = best.map(({ index }) => index);
    const places = columns.map((column) => column + 1).join(' and ');
    const message =
      field === 'scheduledTime' && best.some(hasTimesOfDay)
        ? `Columns ${places} seem to be the date and the time of day: put both into one column, such as ${dateAndTime}.`
        : `Columns ${places} may each be the ${field}: say in the mapping which is.`;
    return [{ kind: 'SAME_FIELD_TWICE', columns, field, message }];
  });
}

const dateAndTime = '2026-12-01 10:00';

function hasTimesOfDay({ values }: Draft): boolean {
  return values.length > 0 && values.every((value) => /^\d{1,2}:\d{2}/.test(cleanNumeral(value)));
}

function sameNames(drafts: readonly Draft[]): PreviewProblem[] {
  const byName = new Map<string, Draft[]>();
  for (const draft of drafts)
    if (draft.sharedName !== null)
      byName.set(draft.sharedName, [...(byName.get(draft.sharedName) ?? []), draft]);
  return [...byName].flatMap(([name, same]): PreviewProblem[] => {
    if (same.length < 2) return [];
    // Of a custom field neither is it.
    for (const draft of same) if (draft.guess !== null && 'header' in draft.guess) draft.guess = null;
    const columns = same.map(({ index }) => index);
    const places = columns.map((column) => column + 1).join(' and ');
    return [
      {
        kind: 'SAME_NAME_TWICE',
        columns,
        message: `Columns ${places} have the same name, ${shownName(name)}: a mapping names a column by its place.`,
      },
    ];
  });
}

function unreadColumns(
  drafts: readonly Draft[],
  records: readonly FileRow[],
  supposed: Supposed,
): PreviewProblem[] {
  const unread = drafts.filter(({ guess }) => guess?.by !== 'name');
  const rows = records.map(({ cells }) => cells);
  const placeOf = (field: RecordField) => placeOfField(drafts, field);
  const find = createQualifierFinder(unread, { first: rows, placeOf, supposed });
  const found = rows.flatMap(find);
  return unread.flatMap(({ index, header }): PreviewProblem[] => {
    const kinds = new Set(found.filter(({ column }) => column.index === index).map(({ kind }) => kind));
    const name = header === null ? '' : `, ${shownName(header)},`;
    return [...kinds].map((kind) => {
      const message = `Column ${index + 1}${name} ${unreadAdvice[kind]}. If it is there for information alone, say in the mapping that it is a custom header, or nothing.`;
      return { kind: 'UNREAD_COLUMN', columns: [index], field: qualified[kind], message };
    });
  });
}

function hiddenFields(drafts: readonly Draft[], hidden: readonly number[]): PreviewProblem[] {
  return drafts.flatMap(({ index, guess }): PreviewProblem[] => {
    if (!hidden.includes(index) || guess === null || !('field' in guess)) return [];
    const { field } = guess;
    const message = `Column ${index + 1} is hidden in the sheet, and would be the ${field}: say in the mapping that it is, or which other column.`;
    return [{ kind: 'HIDDEN_COLUMN', columns: [index], field, message }];
  });
}

function shownName(header: string): string {
  return redact(header.slice(0, shownCharacters));
}

function missingFields(columns: readonly Column[]): PreviewProblem[] {
  const has = (field: RecordField) =>
    columns.some(({ guess }) => guess !== null && 'field' in guess && guess.field === field);
  const missing: PreviewProblem[] = [];
  if (!has('phoneNumber'))
    missing.push({
      kind: 'NO_PHONE_NUMBER',
      columns: [],
      message: 'No column is certainly the phone number: say in the mapping which is.',
    });
  if (!has('scheduledTime'))
    missing.push({
      kind: 'NO_SCHEDULED_TIME',
      columns: [],
      message: 'No column is certainly the time of the call: say in the mapping which is.',
    });
  return missing;
}

function isDateColumn({ guess }: Column): boolean {
  return guess !== null && 'field' in guess && ['scheduledTime', 'expiryDate'].includes(guess.field);
}

/** Empty where all dates have the year first, or no format reads all of them. */
function dateFormatsOf(drafts: readonly Draft[]): DateFormat[] {
  const possible = drafts
    .filter(isDateColumn)
    .flatMap(({ values }) => values.map((value) => possibleFormats(cleanNumeral(value)) ?? []))
    .filter((formats) => formats.length > 0);
  if (possible.length === 0) return [];
  return (['DAY_MONTH_YEAR', 'MONTH_DAY_YEAR'] as const).filter((format) =>
    possible.every((formats) => formats.includes(format)),
  );
}

function dateProblems(formats: readonly DateFormat[], drafts: readonly Draft[]): PreviewProblem[] {
  const columns = drafts.filter(isDateColumn).map(({ index }) => index);
  const [only, other] = formats;
  if (other !== undefined)
    return [
      {
        kind: 'AMBIGUOUS_DATES',
        columns,
        message:
          'Dates do not say which of their numbers is the day, and which the month: say which in dateFormat, or put the year first.',
      },
    ];
  if (only === undefined) return [];
  const words = only === 'DAY_MONTH_YEAR' ? 'day' : 'month';
  const message = `Dates have the ${words} first, as far as they were looked at: if all of them do, say dateFormat ${only}.`;
  return [{ kind: 'DATE_FORMAT_MISSING', columns, message }];
}
