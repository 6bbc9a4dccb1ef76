// What became of the rows of a slice, the text that the store keeps of it, and how it is counted.
// States of a row: valid → scheduled | failed | unknown | not-sent (certainly not accepted; it may be sent again); not-sent and
// unknown → (the slice is sent again, and what is unknown is looked up) any of them. failed and skipped, which the check finds as
// well, and scheduled are ends.

import { redact } from '../foundation/redaction.ts';
import { endOf, errorKinds, fieldOf, type Outcome } from '../scheduling/outcome.ts';
import type { ImportCounts, WaitingReason } from './import.ts';

export interface RowOutcome {
  end: 'valid' | 'scheduled' | 'failed' | 'skipped' | 'unknown' | 'not-sent';
  /** As RecordErrorCode has it; null where nothing is wrong. */
  code: string | null;
  field: string | null;
  /** With numbers masked. */
  message: string | null;
  retryable: boolean;
  /** Epoch milliseconds. */
  scheduledTime: number | null;
}

const fine = { code: null, field: null, message: null, retryable: false, scheduledTime: null } as const;
export const valid: RowOutcome = { end: 'valid', ...fine };
/** It was stopped before it was sent. */
export const notSent: RowOutcome = { end: 'not-sent', ...fine, retryable: true };

/** The time of a job was over before the dialer took it. */
export const stoppedLate: RowOutcome = {
  ...notSent,
  code: errorKinds.DialerUnavailableError.code,
  message: 'Not accepted: the dialer did not take it in time.',
};

export function failed(code: string, field: string | null, message: string): RowOutcome {
  return { ...fine, end: 'failed', code, field, message: redact(message) };
}

export function unknown(message: string): RowOutcome {
  return { ...fine, end: 'unknown', code: errorKinds.OutcomeUnknownError.code, message };
}

export function skipped(message: string): RowOutcome {
  const { code, wrong } = errorKinds.DuplicateRecordError;
  return { ...fine, end: 'skipped', code, field: wrong.field, message };
}

/** `stopped`: what a record is that was not sent, where that says nothing of the dialer, since the pass was stopped. */
export function rowOutcomeOf(outcome: Outcome, stopped: RowOutcome | null = null): RowOutcome {
  if ('dialerTime' in outcome) {
    const { kind, scheduledTime } = outcome;
    // Written out, since there is one for each row: a spread takes longer.
    return kind === 'ValidRecord'
      ? valid
      : { end: 'scheduled', code: null, field: null, message: null, retryable: false, scheduledTime };
  }
  const { code, retryable } = errorKinds[outcome.kind];
  if (stopped !== null && outcome.kind === 'DialerUnavailableError') return stopped;
  const end = endOf(outcome.kind) as 'failed' | 'skipped' | 'unknown';
  return {
    end: retryable ? 'not-sent' : end,
    code,
    field: fieldOf(outcome),
    message: redact(outcome.message),
    retryable,
    scheduledTime: null,
  };
}

/** Whether it is to be sent, or looked up. */
export function isOpen({ end }: RowOutcome): boolean {
  return end === 'valid' || end === 'not-sent';
}

/** Few, since most rows have the same outcome as the one before. */
interface Packed {
  outcomes: RowOutcome[];
  /** How many rows in a row have which of the outcomes, and the time where they are scheduled. */
  runs: [count: number, outcome: number, scheduledTime?: number][];
}

export function packOutcomes(rows: readonly RowOutcome[]): string {
  const outcomes: RowOutcome[] = [];
  const numbers = new Map<string, number>();
  const runs: Packed['runs'] = [];
  let last: RowOutcome | undefined;
  for (const row of rows) {
    const run = runs.at(-1);
    if (run !== undefined && last !== undefined && isSame(last, row)) {
      run[0]++;
      continue;
    }
    last = row;
    const name = `${row.end} ${row.code} ${row.field} ${row.message}`;
    let number = numbers.get(name);
    if (number === undefined) {
      number = outcomes.push({ ...row, scheduledTime: null }) - 1;
      numbers.set(name, number);
    }
    runs.push(row.scheduledTime === null ? [1, number] : [1, number, row.scheduledTime]);
  }
  return JSON.stringify({ outcomes, runs } satisfies Packed);
}

function isSame(one: RowOutcome, other: RowOutcome): boolean {
  return (
    one.end === other.end &&
    one.scheduledTime === other.scheduledTime &&
    one.code === other.code &&
    one.field === other.field &&
    one.message === other.message
  );
}

export function unpackOutcomes(text: string): RowOutcome[] {
  const { outcomes, runs } = JSON.parse(text) as Packed;
  const rows: RowOutcome[] = [];
  for (const [count, number, scheduledTime = null] of runs) {
    const outcome = { ...(outcomes[number] as RowOutcome), scheduledTime };
    for (let n = 0; n < count; n++) rows.push(outcome);
  }
  return rows;
}

/** How many rows came to which end, and how many have which code. */
export interface Tally {
  counts: Omit<ImportCounts, 'total'>;
  codes: Record<string, number>;
}

const countOf = {
  valid: 'valid',
  scheduled: 'scheduled',
  failed: 'failed',
  skipped: 'skipped',
  unknown: 'unknown',
  'not-sent': 'notSent',
} as const satisfies Record<RowOutcome['end'], keyof Tally['counts']>;

export function tallyOf(rows: readonly RowOutcome[]): Tally {
  const tally: Tally = {
    counts: { valid: 0, scheduled: 0, failed: 0, skipped: 0, unknown: 0, notSent: 0 },
    codes: {},
  };
  for (const { end, code } of rows) {
    tally.counts[countOf[end]]++;
    if (code !== null) tally.codes[code] = (tally.codes[code] ?? 0) + 1;
  }
  return tally;
}

/** Adds a tally to another, or takes it out of it. */
export function addTally(to: Tally, { counts, codes }: Tally, sign: 1 | -1): void {
  for (const key of Object.keys(counts) as (keyof Tally['counts'])[]) to.counts[key] += sign * counts[key];
  for (const [code, count] of Object.entries(codes)) {
    const sum = (to.codes[code] ?? 0) + sign * count;
    if (sum === 0) delete to.codes[code];
    else to.codes[code] = sum;
  }
}

/** Why rows were not accepted that were not. */
export function waitingReasonOf(outcomes: readonly RowOutcome[]): WaitingReason | null {
  let reason: WaitingReason | null = null;
  for (const { end, code } of outcomes) {
    if (end !== 'not-sent' || code === null) continue;
    if (code === 'DIALER_THROTTLED') return 'THROTTLED';
    reason = 'DIALER_UNAVAILABLE';
  }
  return reason;
}
