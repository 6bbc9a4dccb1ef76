// One slice on its way: its rows that are open go through the scheduling pass under a key of the import's own, and what became of each
// is put in the place of what was known. Sent again under the same key, what is settled is told again, what is unknown is looked up,
// and only what was certainly not accepted is sent. A key that is too old is never used again: what it did not tell is unknown, and
// what it told was not accepted goes on under another key.
// States of a slice: waiting → (it is taken) sending → (its end is written) told. told and sending → (taken again) sending.
// Whatever cuts it off, sending stays, and the next who takes it up asks what became of it.

import type { StopSignal } from '../foundation/cancellation.ts';
import type { Outcome } from '../scheduling/outcome.ts';
import type { RetryAdvice } from '../scheduling/plan.ts';
import type { CampaignRecord } from '../scheduling/record.ts';
import { IdempotencyConflict } from '../scheduling/request-error.ts';
import type { FileRow } from './files/read-file.ts';
import type { ImportAccount } from './import-account.ts';
import type { StoredImport, TakenSlice } from './import-store.ts';
import type { RowReading } from './mapping.ts';
import { isOpen, type RowOutcome, rowOutcomeOf, unknown, unpackOutcomes } from './row-outcome.ts';
import { isRecord } from './row-reading.ts';

/** What is known of a slice. */
export interface SliceKnowledge {
  /** As it was when its key was new: the open ones of it are what the key stands for. */
  base: readonly RowOutcome[];
  outcomes: readonly RowOutcome[];
  attempt: number;
}

export function knowledgeOf({ base, outcomes, attempt }: TakenSlice): SliceKnowledge {
  const first = unpackOutcomes(base);
  return { base: first, outcomes: outcomes === null ? first : unpackOutcomes(outcomes), attempt };
}

/**
 * The same slice under its next key. `wasSending`: its last key may have sent more than it told.
 */
export function underNextKey(
  { base, outcomes, attempt }: SliceKnowledge,
  wasSending: boolean,
): SliceKnowledge {
  const next = outcomes.map((outcome, n) => {
    const wasMember = isOpen(base[n] as RowOutcome);
    return wasSending && wasMember && isOpen(outcome) ? untold : outcome;
  });
  return { base: next, outcomes: next, attempt: attempt + 1 };
}

export const untold = unknown(
  'Nobody can tell whether the dialer took it: what became of it was not recorded in time. Look in the dialer; do not simply send it again.',
);

export interface SliceToSend {
  firstRow: number;
  rows: readonly FileRow[];
  read(row: FileRow): RowReading;
  known: SliceKnowledge;
}

/**
 * Sends what its key stands for, and returns a result for each of those rows. Rejects with an IdempotencyConflict where its key
 * stands for other records; then, as where it rejects with anything else of the pass, nothing was sent now.
 */
export async function sendSlice(
  account: ImportAccount,
  { id, campaignName, request }: Pick<StoredImport, 'id' | 'campaignName' | 'request'>,
  { firstRow, rows, read, known }: SliceToSend,
  signal: StopSignal,
): Promise<readonly Outcome[]> {
  const records = membersOf(known).map((n): CampaignRecord => {
    const reading = read(rows[n] as FileRow);
    if (isRecord(reading)) return reading;
    // It was a record when it was checked, and is none by the rules of another version.
    throw new IdempotencyConflict();
  });
  const { timeZone, duplicates, credential, recordsPerMinute } = request;
  const { results } = await account.scheduling.schedule(
    {
      ...{
        campaignName,
        records,
        timeZone,
        duplicates,
        errorPolicy: 'REJECT_FAILED_RECORDS',
        validateOnly: false,
      },
      idempotencyKey: `${firstRow} ${known.attempt}`,
      // Its own, so that it takes turns with other callers, and its keys meet nobody else's.
      credential: `import ${id}`,
      rateHolder: credential,
      recordsPerMinute,
      advice,
    },
    signal,
  );
  return results;
}

const lookedUp = 'It is looked up while the import runs. Look in the dialer; do not simply send it again.';

const advice: RetryAdvice = {
  notAccepted: () =>
    'It is tried again while the import runs; what is left then is in the results, and may be imported again.',
  unknown: lookedUp,
  unrecorded: lookedUp,
};

/** What is known after its rows were sent. What was settled stays so, whatever is told later. */
export function outcomesOf(
  known: SliceKnowledge,
  results: readonly Outcome[],
  stopped: RowOutcome | null,
): RowOutcome[] {
  const next = [...known.outcomes];
  for (const [nth, at] of membersOf(known).entries()) {
    const result = results[nth];
    const before = next[at];
    if (result !== undefined && before !== undefined && !isSettled(before))
      next[at] = rowOutcomeOf(result, stopped);
  }
  return next;
}

function membersOf({ base }: SliceKnowledge): number[] {
  return [...base.keys()].filter((n) => isOpen(base[n] as RowOutcome));
}

function isSettled({ end }: RowOutcome): boolean {
  return end === 'scheduled' || end === 'failed' || end === 'skipped';
}
