// What each column of a list is: a field of the record, a header of the campaign, or nothing.

import type { CampaignRecordInput } from '@dialgraph/client';
import { customHeaders, isWholeNumber } from '../lead-form.ts';
import type { Campaign } from '../session.tsx';

export const recordFields = [
  'phoneNumber',
  'scheduledTime',
  'name',
  'reference',
  'priority',
  'expiryDate',
  'agentId',
  'skill',
] as const;
export type RecordFieldName = (typeof recordFields)[number];

export type Target = { kind: 'field'; field: RecordFieldName } | { kind: 'header'; header: string } | null;

/** As a `<select>` has it. */
export function keyOf(target: Target): string {
  if (target === null) return '';
  return target.kind === 'field' ? `field ${target.field}` : `header ${target.header}`;
}

export function targetOf(key: string): Target {
  const field = recordFields.find((name) => key === `field ${name}`);
  if (field !== undefined) return { kind: 'field', field };
  return key.startsWith('header ') ? { kind: 'header', header: key.slice('header '.length) } : null;
}

const usualNames: readonly [RecordFieldName, RegExp][] = [
  ['phoneNumber', /^(phone|mobile|cell|contact|telephone|tel|number|msisdn)( ?(no|number|phone))?$/],
  ['scheduledTime', /^((scheduled?|call ?back|call) ?)?(time|date|datetime|date time|when|at|on)$/],
  ['name', /^((full|customer|lead|contact) ?)?name$/],
  ['reference', /^(reference|ref|id|lead ?id|crm ?id|customer ?id|external ?id)$/],
  ['priority', /^priority$/],
  ['expiryDate', /^(expiry|expires|expiry ?date|valid until)$/],
  ['agentId', /^(agent|agent ?id|agent ?name)$/],
  ['skill', /^(skill|skill ?name)$/],
];

/** By the columns' names. Each field is taken once: by the first column that has its name. */
export function guessMapping(columns: readonly string[], campaign: Campaign | undefined): Target[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const name = column
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, ' ')
      .trim();
    const [field] = usualNames.find(([one, pattern]) => !taken.has(one) && pattern.test(name)) ?? [];
    const header = customHeaders(campaign).find((one) => one.toLowerCase() === column.trim().toLowerCase());
    if (field === undefined && (header === undefined || taken.has(header))) return null;
    taken.add(field ?? (header as string));
    return field === undefined ? { kind: 'header', header: header as string } : { kind: 'field', field };
  });
}

/** How dates of the list are written. `asWritten`: the year first, or the server says what is wrong. */
export const dateOrders = ['asWritten', 'dayFirst', 'monthFirst'] as const;
export type DateOrder = (typeof dateOrders)[number];

export interface Reading {
  mapping: readonly Target[];
  dateOrder: DateOrder;
  /** For rows that have no time of their own; empty: they have none. */
  commonTime: string;
}

/** What is empty is left out. */
export function toRecord(
  cells: readonly string[],
  { mapping, dateOrder, commonTime }: Reading,
): CampaignRecordInput {
  const record: CampaignRecordInput = {};
  const customFields: { header: string; value: string }[] = [];
  for (const [n, target] of mapping.entries()) {
    const value = cells[n]?.trim() ?? '';
    if (target === null || value === '') continue;
    if (target.kind === 'header') customFields.push({ header: target.header, value });
    else if (target.field === 'priority') {
      if (isWholeNumber(value)) record.priority = Number(value);
    } else if (target.field === 'scheduledTime' || target.field === 'expiryDate')
      record[target.field] = yearFirst(value, dateOrder);
    else record[target.field] = value;
  }
  if (commonTime !== '') record.scheduledTime ??= commonTime;
  if (customFields.length > 0) record.customFields = customFields;
  return record;
}

/** `31/12/2026 10:00` with the day first becomes `2026-12-31 10:00`. Anything else stays, and the server has its say on it. */
function yearFirst(value: string, order: DateOrder): string {
  const [, first, second, year, rest = ''] =
    /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ ,T]+(.*))?$/.exec(value) ?? [];
  if (order === 'asWritten' || first === undefined || second === undefined) return value;
  const [day, month] = order === 'dayFirst' ? [first, second] : [second, first];
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${rest}`.trim();
}
