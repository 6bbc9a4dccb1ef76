// Finds the rows of records that were scheduled anew. The dialer's list does not say of whom a row is: it is told by its number, its
// campaign and its time, and is certain where there are as many such rows as records.

import type { ListedRow } from '../dialer/listed-row.ts';
import { giveWay } from '../foundation/event-loop.ts';
import type { Snapshot } from './snapshots.ts';

/** A record that was scheduled anew. */
export interface NewRecord {
  /** Of the former record. */
  readonly id: string;
  /** Of its row as it was sent. */
  readonly digest: string;
  readonly sentTime: string;
  /** Its time as the dialer told it. */
  readonly dialerTime: string;
  /** An earlier run has scheduled it: its row may be older than the list from before. */
  readonly isOld: boolean;
}

export interface NewRowParts {
  /** As it was before. */
  before: Snapshot;
  /** Rows that are certainly of others. */
  taken: ReadonlySet<string>;
  /** Of a row, had it been sent for this time. */
  digestOf(row: ListedRow, sentTime: string): string;
}

/** So many rows take a fraction of a millisecond. */
const rowsPerTurn = 2000;

/** The ids of the new rows that are certain, by the ids of the former ones. */
export async function findNewIds(
  records: readonly NewRecord[],
  list: Snapshot,
  { before, taken, digestOf }: NewRowParts,
): Promise<Map<string, string>> {
  const newIds = new Map<string, string>();
  if (records.length === 0 || !list.isWhole) return newIds;
  const wanted = new Map<string, NewRecord[]>();
  const sentTimes = new Map<string, Set<string>>();
  for (const record of records) {
    const key = keyOf(record.digest, record.dialerTime);
    wanted.set(key, [...(wanted.get(key) ?? []), record]);
    const sent = sentTimes.get(record.dialerTime) ?? new Set();
    sentTimes.set(record.dialerTime, sent.add(record.sentTime));
  }
  const known = new Set((await rowsAt(before, sentTimes)).map(({ id }) => id));
  const found = new Map<string, string[]>();
  for (const [n, row] of (await rowsAt(list, sentTimes)).entries()) {
    if (n % rowsPerTurn === 0) await giveWay();
    if (taken.has(row.id)) continue;
    for (const sentTime of sentTimes.get(row.scheduledTime) ?? []) {
      const key = keyOf(digestOf(row, sentTime), row.scheduledTime);
      if (wanted.has(key)) found.set(key, [...(found.get(key) ?? []), row.id]);
    }
  }
  for (const [key, own] of wanted) {
    const rows = found.get(key) ?? [];
    const candidates = own.some(({ isOld }) => isOld) ? rows : rows.filter((id) => !known.has(id));
    if (candidates.length !== own.length) continue;
    for (const [n, { id }] of own.entries()) newIds.set(id, candidates[n] as string);
  }
  return newIds;
}

function keyOf(digest: string, dialerTime: string): string {
  return `${dialerTime} ${digest}`;
}

async function rowsAt({ rows }: Snapshot, times: ReadonlyMap<string, unknown>): Promise<ListedRow[]> {
  const found: ListedRow[] = [];
  for (const [n, row] of rows.entries()) {
    if (n % rowsPerTurn === 0) await giveWay();
    if (times.has(row.scheduledTime)) found.push(row);
  }
  return found;
}
