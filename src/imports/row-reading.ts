// What a row is before the scheduling pass sees it: a record; or left out, since a result file says so; or not to be read at all.

import { errorKinds } from '../scheduling/outcome.ts';
import type { CampaignRecord } from '../scheduling/record.ts';
import type { RowReading, SkippedRow } from './mapping.ts';
import { failed, type RowOutcome, valid } from './row-outcome.ts';

export function isRecord(reading: RowReading): reading is CampaignRecord {
  return !('skip' in reading) && !('kind' in reading);
}

export function outcomeOfReading(reading: Exclude<RowReading, CampaignRecord>): RowOutcome {
  if ('skip' in reading) return { ...valid, end: 'skipped', message: reasons[reading.skip] };
  return failed(errorKinds[reading.kind].code, reading.field, reading.message);
}

const reasons: Record<SkippedRow['skip'], string> = {
  scheduled: 'Left out: this result file says that it was scheduled.',
  skipped: 'Left out: this result file says that it was skipped.',
  moved:
    'Left out: its cells are not below their headers, and by one of them it was scheduled, or may have been. Put them back, and import it again.',
  unknown: 'Left out: this result file says that nobody can tell whether it was scheduled.',
};
