// A page of the dialer's list: rows of the campaigns that a caller may use, those that pass a filter, in the order of their times and
// ids. A page begins behind a time and an id, not at a position: rows that have gone or come meanwhile move no other.

import type { ListedRow } from '../dialer/listed-row.ts';
import { giveWay } from '../foundation/event-loop.ts';
import { type HandoffStatus, handoffOf } from './handoff.ts';
import type { CampaignRecord, RowReader } from './row-reader.ts';
import type { Snapshot } from './snapshots.ts';

/** Where a row stands in the order. */
export interface Place {
  /** Epoch milliseconds; Infinity where the row has no time. */
  time: number;
  id: string;
}

export interface RecordFilter {
  campaignName?: string | undefined;
  /** E.164. */
  phoneNumber?: string | undefined;
  /** Epoch milliseconds: from the first, and before the second. Rows without a time are in no range. */
  scheduledFrom?: number | undefined;
  scheduledBefore?: number | undefined;
  handoff?: HandoffStatus | undefined;
}

export interface RecordQuery {
  /** How many at most. */
  first: number;
  after?: Place | undefined;
  filter: RecordFilter;
  /** The campaigns of the caller. Null: every campaign. */
  campaigns: ReadonlySet<string> | null;
}

export interface RecordPage {
  records: { record: CampaignRecord; place: Place }[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** Rows that pass the filter, on whatever page. */
  totalCount: number;
}

/** So many rows take a fraction of a millisecond. */
const rowsPerTurn = 2000;

/** Looks at every row, and keeps those of the page. */
export async function pageOf(
  { rows, times }: Snapshot,
  { first, after, filter, campaigns }: RecordQuery,
  reader: RowReader,
): Promise<RecordPage> {
  const passes = passesFilter(filter, campaigns, reader);
  /** The first rows behind the place, in order, and one more. */
  const page: { row: ListedRow; place: Place }[] = [];
  let totalCount = 0;
  let hasPreviousPage = false;
  for (const [n, row] of rows.entries()) {
    if (n % rowsPerTurn === 0) await giveWay();
    const time = times[n] as number;
    if (!passes(row, time)) continue;
    totalCount++;
    const place = { time, id: row.id };
    if (after !== undefined && compare(place, after) <= 0) {
      hasPreviousPage = true;
      continue;
    }
    const last = page.at(-1);
    if (page.length > first && last !== undefined && compare(place, last.place) > 0) continue;
    page.splice(positionIn(page, place), 0, { row, place });
    if (page.length > first + 1) page.pop();
  }
  return {
    records: page.slice(0, first).map(({ row, place }) => ({ record: reader.read(row, place.time), place })),
    hasNextPage: page.length > first,
    hasPreviousPage,
    totalCount,
  };
}

/** Rows of campaigns that the caller may not use do not exist for it. */
export function isVisible(row: ListedRow, campaigns: ReadonlySet<string> | null): boolean {
  return campaigns?.has(row.campaignName) ?? true;
}

function passesFilter(
  { campaignName, phoneNumber, scheduledFrom, scheduledBefore, handoff }: RecordFilter,
  campaigns: ReadonlySet<string> | null,
  { hasNumber }: RowReader,
) {
  return (row: ListedRow, time: number): boolean =>
    isVisible(row, campaigns) &&
    (campaignName === undefined || row.campaignName === campaignName) &&
    (scheduledFrom === undefined || (time >= scheduledFrom && time !== Infinity)) &&
    (scheduledBefore === undefined || time < scheduledBefore) &&
    (phoneNumber === undefined || hasNumber(row, phoneNumber)) &&
    (handoff === undefined || handoffOf(row).status === handoff);
}

function positionIn(page: readonly { place: Place }[], place: Place): number {
  let [from, to] = [0, page.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare((page[middle] as { place: Place }).place, place) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Ids are numbers of any length. */
function compare(one: Place, other: Place): number {
  if (one.time !== other.time) return one.time < other.time ? -1 : 1;
  const byLength = one.id.length - other.id.length;
  return byLength !== 0 ? byLength : one.id < other.id ? -1 : one.id > other.id ? 1 : 0;
}
