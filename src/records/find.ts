// Finds rows in the dialer's list: by their ids, or by their number in a campaign.

import { giveWay } from '../foundation/event-loop.ts';
import type { Origin } from '../telemetry/events.ts';
import type { Target } from './cancel.ts';
import { isVisible } from './record-list.ts';
import { RecordListUnavailable } from './request-error.ts';
import type { RowReader } from './row-reader.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

export interface Found {
  list: Snapshot;
  /** By id, in the list's order. */
  targets: Map<string, Target>;
}

/** So many rows take a fraction of a millisecond. */
const rowsPerTurn = 2000;

/**
 * An id that is not in a recent list may be newer than it: it is looked for in one that is fetched now. `isFresh`: in that alone, where
 * what others have deleted in these seconds would not show otherwise.
 */
export async function findIds(
  snapshots: Snapshots,
  ids: ReadonlySet<string>,
  origin: Origin,
  isFresh = false,
): Promise<Found> {
  const isOne = ({ id }: Target['row']) => ids.has(id);
  if (!isFresh) {
    const recent = await findRows(await snapshots.recent(origin), isOne);
    if (recent.targets.size === ids.size) return recent;
  }
  const found = await findRows(await snapshots.fresh(origin), isOne);
  if (found.targets.size < ids.size) refusePartOf(found.list);
  return found;
}

/** Every row of the number in the campaign; with a time, those of that time. */
export async function findNumber(
  list: Snapshot,
  reader: RowReader,
  {
    campaignName,
    phoneNumber,
    scheduledTime,
  }: { campaignName: string; phoneNumber: string; scheduledTime?: number | undefined },
  campaigns: ReadonlySet<string> | null,
): Promise<Found> {
  refusePartOf(list);
  return findRows(
    list,
    (row, time) =>
      row.campaignName === campaignName &&
      isVisible(row, campaigns) &&
      (scheduledTime === undefined || time === scheduledTime) &&
      reader.hasNumber(row, phoneNumber),
  );
}

export async function findRows(
  list: Snapshot,
  isOne: (row: Target['row'], time: number) => boolean,
): Promise<Found> {
  const targets = new Map<string, Target>();
  for (const [n, row] of list.rows.entries()) {
    if (n % rowsPerTurn === 0) await giveWay();
    const time = list.times[n] as number;
    if (isOne(row, time)) targets.set(row.id, { row, time });
  }
  return { list, targets };
}

/** A list that may lack rows does not tell that one is not there. */
function refusePartOf({ isWhole }: Snapshot): void {
  if (!isWhole) throw new RecordListUnavailable('a warning stands before it, so that it may lack records');
}
