// The rows of a list on the page. States of a row: toCorrect (the check says so, or it was refused, and is as it was then) · checking ·
// ready → sending → scheduled, skipped, unknown, or toCorrect. What is scheduled or unknown is never sent again by this page.

import {
  type CampaignRecordInput,
  isRecordError,
  problemsByField,
  type RecordResult,
} from '@dialgraph/client';
import { isWholeNumber } from '../lead-form.ts';
import { t } from '../texts.ts';
import type { Checked } from '../use-check.ts';
import { type Reading, type RecordFieldName, recordFields, type Target, toRecord } from './mapping.ts';
import type { Sheet } from './sheet.ts';

export interface Row {
  /** From 0. */
  position: number;
  cells: readonly string[];
  record: CampaignRecordInput;
  /** The record as a text: what was checked, or sent, is compared with it. */
  text: string;
  checked: { text: string; result: Checked } | null;
  /** By which job, as what, and what became of it; null: not known yet. */
  sent: { runId: string; text: string; result: RecordResult | null } | null;
}

export const rowStates = [
  'toCorrect',
  'checking',
  'ready',
  'sending',
  'scheduled',
  'skipped',
  'unknown',
] as const;
export type RowState = (typeof rowStates)[number];

export function rowsOf(sheet: Sheet, reading: Reading): Row[] {
  return sheet.rows.map((cells, position) =>
    read({ ...{ position, cells, record: {}, text: '' }, checked: null, sent: null }, reading),
  );
}

/** The row as its cells are, or are mapped, now. */
export function read(row: Row, reading: Reading): Row {
  const record = { reference: t.list.rowReference(row.position), ...toRecord(row.cells, reading) };
  return { ...row, record, text: JSON.stringify(record) };
}

/** What is known of the row as it stands. */
export function resultOf({ text, checked, sent }: Row): RecordResult | Checked | null {
  if (sent !== null && (sent.text === text || isSettled(sent.result))) return sent.result;
  return checked?.text === text ? checked.result : null;
}

/** Whether it must not be sent again, whatever becomes of its cells. */
function isSettled(result: RecordResult | null): boolean {
  return result === null || ['ScheduledRecord', 'OutcomeUnknownError'].includes(result.__typename);
}

export function stateOf(row: Row, mapping: readonly Target[]): RowState {
  const { sent, text } = row;
  if (sent !== null && sent.result === null) return 'sending';
  const result = resultOf(row);
  if (result?.__typename === 'ScheduledRecord') return 'scheduled';
  if (result?.__typename === 'OutcomeUnknownError') return 'unknown';
  if (sent?.text === text && result?.__typename === 'DuplicateRecordError') return 'skipped';
  if (hasWrongPriority(row, mapping)) return 'toCorrect';
  if (result === null) return 'checking';
  // What may succeed unchanged is ready to go once more.
  return isRecordError(result) && !result.retryable ? 'toCorrect' : 'ready';
}

export function isSendable(row: Row, mapping: readonly Target[]): boolean {
  return ['checking', 'ready'].includes(stateOf(row, mapping));
}

/** Such a record cannot be asked about: the schema takes a whole number. */
export function hasWrongPriority({ cells }: Row, mapping: readonly Target[]): boolean {
  return mapping.some(
    (target, n) =>
      target?.kind === 'field' && target.field === 'priority' && !isWholeNumber(cells[n]?.trim() ?? ''),
  );
}

/** Sentences by column; -1: beside none. */
export function problemsOf(row: Row, mapping: readonly Target[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  const add = (column: number, message: string) => found.set(column, [...(found.get(column) ?? []), message]);
  const columnOf = (isIt: (target: Target) => boolean) => mapping.findIndex(isIt);
  const fieldColumn = (field: string) =>
    columnOf((target) => target?.kind === 'field' && target.field === field);
  if (hasWrongPriority(row, mapping)) add(fieldColumn('priority'), t.field.wholeNumber);
  const result = resultOf(row);
  if (result === null || !isRecordError(result)) return found;
  for (const [field, problems] of problemsByField(result)) {
    const [, position] = /^customFields\[(\d+)\]/.exec(field) ?? [];
    const header = row.record.customFields?.[Number(position)]?.header;
    const column =
      position === undefined
        ? fieldColumn(field)
        : columnOf((target) => target?.kind === 'header' && target.header === header);
    for (const { message } of problems) add(column, message);
  }
  return found;
}

/** The list of records that were sent, under the names of their fields. */
export function sheetOf(given: readonly CampaignRecordInput[]): { sheet: Sheet; mapping: Target[] } {
  const fields = recordFields.filter((field) => given.some((record) => record[field] != null));
  const headers = [
    ...new Set(given.flatMap((record) => (record.customFields ?? []).map(({ header }) => header))),
  ];
  const cellOf = (record: CampaignRecordInput, field: RecordFieldName) => String(record[field] ?? '');
  return {
    sheet: {
      columns: [...fields.map((field) => t.fields[field]), ...headers],
      rows: given.map((record) => [
        ...fields.map((field) => cellOf(record, field)),
        ...headers.map((header) => record.customFields?.find((one) => one.header === header)?.value ?? ''),
      ]),
    },
    mapping: [
      ...fields.map((field): Target => ({ kind: 'field', field })),
      ...headers.map((header): Target => ({ kind: 'header', header })),
    ],
  };
}
