// What is known of an import's rows: how it begins, grows and ends. The counts always add up.

import type { Progress, StoredError } from './import-store.ts';
import type { ColumnMapping } from './mapping.ts';
import { addTally, type RowOutcome, type Tally } from './row-outcome.ts';

export const emptyProgress: Progress = {
  counts: { total: null, valid: 0, scheduled: 0, failed: 0, skipped: 0, unknown: 0, notSent: 0 },
  codes: {},
  firstErrors: [],
  mapping: [],
  dateFormat: null,
  decisions: [],
  rate: null,
  stalls: 0,
  width: 0,
};

const mostErrors = 20;

/** What changes of it is one's own. */
export function copyOf(progress: Progress): Progress {
  return {
    ...progress,
    counts: { ...progress.counts },
    codes: { ...progress.codes },
    firstErrors: [...progress.firstErrors],
  };
}

/** Counts rows anew that were counted otherwise before. */
export function recount(progress: Progress, before: Tally | null, after: Tally): void {
  // What a tally has no count of stays.
  const tally = { counts: progress.counts, codes: progress.codes };
  if (before !== null) addTally(tally, before, -1);
  addTally(tally, after, 1);
}

/** Notes the first rows that failed. */
export function noteError(progress: Progress, line: number, outcome: RowOutcome): void {
  const { code, field, message, end } = outcome;
  if (end !== 'failed' || code === null) return;
  const { firstErrors, mapping } = progress;
  const last = firstErrors.at(-1);
  if (firstErrors.length >= mostErrors && last !== undefined && last.line <= line) return;
  const error: StoredError = { line, column: columnOf(mapping, field), code, field, message: message ?? '' };
  const at = firstErrors.findIndex((other) => other.line > line);
  firstErrors.splice(at < 0 ? firstErrors.length : at, 0, error);
  firstErrors.length = Math.min(firstErrors.length, mostErrors);
}

/** The column in which a field of the record stands, such as `phoneNumber` or `customFields[1].value`. */
function columnOf(mapping: readonly ColumnMapping[], field: string | null): number | null {
  if (field === null) return null;
  const [, nth] = /^customFields\[(\d+)\]/.exec(field) ?? [];
  if (nth === undefined) return mapping.find((one) => one.field === field)?.column ?? null;
  return mapping.filter(({ header }) => header !== undefined)[Number(nth)]?.column ?? null;
}

/** At its end: what was valid was never sent. */
export function closed(progress: Progress): Progress {
  const { counts } = progress;
  return {
    ...progress,
    counts: { ...counts, valid: 0, notSent: counts.notSent + counts.valid },
    decisions: [],
    rate: null,
  };
}
