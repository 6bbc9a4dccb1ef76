// What the columns of a file are, and what the scheduling pass is handed of a row. What the pass refuses well (two numbers in a cell,
// scientific notation, dates that can be read in two ways) is left to it: a row reader guesses nothing.

import { expectedExpiry, expectedTime } from '../scheduling/dialer-time.ts';
import { type CampaignRecord, invalidPhoneNumber } from '../scheduling/record.ts';
import { type Finding, invalidField, quote, quoteTime } from '../scheduling/record-problem.ts';
import type { CustomField } from '../scheduling/row.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import { type DateEvidence, type DateFormat, readDate } from '../scheduling/written-date.ts';
import type { FileRow } from './files/read-file.ts';
import type { RecordField } from './mapping-names.ts';
import type { Column } from './mapping-preview.ts';
import { createResultReader, type SkippedRow } from './result-rows.ts';

export type { DateEvidence, DateFormat } from '../scheduling/written-date.ts';
export { type RecordField, type ResultColumn, recordFields } from './mapping-names.ts';
export {
  type Column,
  type ColumnGuess,
  type FilePreview,
  headerWidthOf,
  type PreviewProblem,
  previewOf,
} from './mapping-preview.ts';
export type { SkippedRow } from './result-rows.ts';

/** What a column is: a field of the record, or (`header`) a custom field of the campaign's mapping file. */
export interface ColumnMapping {
  /** From 0. */
  readonly column: number;
  readonly field?: RecordField | undefined;
  readonly header?: string | undefined;
}

/** Why there is no record: what is wrong with the text of a cell. `field` is the record's, such as `priority`. */
export type RowProblem = Finding;

/** `'skip' in reading`, `'kind' in reading` tell them apart. */
export type RowReading = CampaignRecord | SkippedRow | RowProblem;

/**
 * `columns`: of the file's preview. A column that no mapping names is left out. Where a result file of ours is read, rows whose
 * `dialgraph_outcome` is empty, `failed` or `not-sent` are records, and no others: they would be sent twice. `headerWidth`: how many
 * columns have a name, where a row may have no cell behind them. `evidence` grows with each date that is read.
 */
export function createRowReader(
  mapping: readonly ColumnMapping[],
  columns: readonly Pick<Column, 'index' | 'resultColumn'>[],
  dateFormat: DateFormat,
  headerWidth = Number.POSITIVE_INFINITY,
  evidence?: DateEvidence,
): (row: FileRow) => RowReading {
  const placeOf = (field: RecordField) => mapping.find((one) => one.field === field)?.column;
  const custom = mapping.flatMap(({ column, header }) => (header === undefined ? [] : [{ column, header }]));
  const results = createResultReader(columns);
  const [phoneNumber, scheduledTime] = [placeOf('phoneNumber'), placeOf('scheduledTime')];
  const [priority, expiryDate] = [placeOf('priority'), placeOf('expiryDate')];
  const [reference, name] = [placeOf('reference'), placeOf('name')];
  const [agentId, skill] = [placeOf('agentId'), placeOf('skill')];
  const mapped = mapping.map(({ column, field, header }) => {
    const place = custom.findIndex((one) => one.column === column && one.header === header);
    return { column, field: field ?? `customFields[${place}].value` };
  });

  return ({ cells, fractions }) => {
    const telling = results?.tellingOf(cells);
    if (typeof telling === 'object') return telling;
    if (cells.length > headerWidth) return tooWide(cells, headerWidth);
    if (telling !== undefined) return outOfPlace(telling);
    const error = spreadsheetError(cells, mapped);
    if (error !== undefined) return error;
    if (phoneNumber !== undefined && fractions?.includes(phoneNumber))
      return invalidPhoneNumber(cells[phoneNumber] ?? '', amount);
    const time = dateOf('scheduledTime', cellAt(cells, scheduledTime), dateFormat, evidence);
    if (typeof time === 'object') return time;
    const expiry = dateOf('expiryDate', cellAt(cells, expiryDate), dateFormat, evidence);
    if (typeof expiry === 'object') return expiry;
    const rank = priorityOf(cellAt(cells, priority));
    if (typeof rank === 'object') return rank;
    return {
      reference: cellAt(cells, reference) || undefined,
      phoneNumber: cellAt(cells, phoneNumber),
      scheduledTime: time,
      name: cellAt(cells, name),
      priority: rank,
      expiryDate: expiry,
      agentId: cellAt(cells, agentId),
      skill: cellAt(cells, skill),
      customFields: custom.length === 0 ? undefined : customFieldsOf(custom, cells),
    };
  };
}

/** A comma in a text without quotes moves every cell behind it: another column's number would be called. */
function tooWide(cells: readonly string[], headerWidth: number): RowProblem {
  return {
    kind: 'InvalidFieldError',
    field: 'phoneNumber',
    reason: 'UNKNOWN_HEADER',
    message: `The row has ${cells.length} cells, and the header has ${headerWidth}: which is the phone number cannot be told. A text that has the delimiter in it needs quotes.`,
  };
}

function outOfPlace(telling: 'moved' | 'wide'): RowProblem {
  const message =
    telling === 'wide'
      ? 'The row had more cells than the header, and which is the phone number cannot be told: put each below its header, and leave nothing in the columns dialgraph_cell_….'
      : 'The cells of the row are not below their headers, and which is the phone number cannot be told: put each below its own. A text that has the delimiter in it needs quotes.';
  return { kind: 'InvalidFieldError', field: 'phoneNumber', reason: 'UNKNOWN_HEADER', message };
}

const amount = {
  reason: 'DECIMAL_FRACTION',
  problem: 'its cell is a number with a fraction, as an amount is: write the whole number alone',
} as const;

/** Undefined where the column is not mapped, or the row ends before it. */
function cellAt(cells: readonly string[], column: number | undefined): string | undefined {
  return column === undefined ? undefined : cells[column];
}

const errorNames =
  /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|#+)$/i;

function spreadsheetError(
  cells: readonly string[],
  mapped: readonly { column: number; field: string }[],
): RowProblem | undefined {
  for (const { column, field } of mapped) {
    const cell = cells[column];
    if (cell?.charCodeAt(0) !== hash || !errorNames.test(cell)) continue;
    return invalidField(
      field,
      'REFUSED_CHARACTER',
      `is ${cell}, which a spreadsheet shows where it has no value`,
    );
  }
  return undefined;
}

const hash = 0x23;

function dateOf(
  field: 'scheduledTime' | 'expiryDate',
  cell: string | undefined,
  format: DateFormat,
  evidence: DateEvidence | undefined,
): string | undefined | RowProblem {
  if (cell === undefined || cell === '') return undefined;
  // A spreadsheet's mark of text.
  const text = cleanNumeral(cell).replace(/^['\u2019](?=\d)/, '');
  const date = readDate(text, format, evidence);
  if (typeof date === 'string') return date;
  const shown = quoteTime(text);
  return {
    kind: 'InvalidDateFormatError',
    field,
    reason: date.reason,
    message: `${field} ${shown} ${date.problem}.`,
    value: shown,
    expected: field === 'expiryDate' ? expectedExpiry : expectedTime,
  };
}

/** `5` and `5.0`, as spreadsheets write whole numbers. */
function priorityOf(cell: string | undefined): number | undefined | RowProblem {
  const text = cleanNumeral(cell ?? '').replace(/^['\u2019](?=\d)/, '');
  if (text === '') return undefined;
  if (/^\d{1,9}(?:\.0{1,9})?$/.test(text)) return Number(text);
  return invalidField(
    'priority',
    'OUT_OF_RANGE',
    `${quote(text)} is no whole number: write 1 to 99, in digits`,
  );
}

function customFieldsOf(
  custom: readonly { column: number; header: string }[],
  cells: readonly string[],
): CustomField[] {
  const fields: CustomField[] = [];
  for (const { column, header } of custom) {
    const value = cells[column];
    if (value) fields.push({ header, value });
  }
  return fields;
}
