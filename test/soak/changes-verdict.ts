// What changes were told, held against the sandbox's ledger. What is promised under a key:
// told cancelled: nobody is called · told rescheduled: there once, at the new time · told that both are scheduled, or that nobody can
// tell: there at least once · told that it stays: there once, at its time. A new record is taken once, whatever was told; and nobody
// else changes these records, so that none may be told not to be there. Settled stays settled.

import type { LedgerRow } from '../../src/sandbox/sandbox.ts';
import type { Try } from './caller.ts';
import {
  type ChangePayload,
  type ChangeResult,
  type ChangeStory,
  lastAnswered,
  opennessOf,
} from './changes.ts';
import type { Violation, ViolationKind } from './story.ts';
import type { Circumstances } from './verdict.ts';

export interface ChangesVerdict {
  readonly violations: Violation[];
  /** Records by what is wanted and the kind of the first answer, and of the last. */
  readonly firstChanges: ReadonlyMap<string, number>;
  readonly lastChanges: ReadonlyMap<string, number>;
}

/** A row of a record that is to be rescheduled, at its new time. */
export function isMoved(
  { scheduledTime }: Pick<LedgerRow, 'scheduledTime'>,
  { what, newTime }: ChangeStory['change'],
): boolean {
  return what === 'reschedule' && scheduledTime === wallTime(newTime);
}

export function judgeChanges(
  stories: Iterable<ChangeStory>,
  rows: readonly LedgerRow[],
  circumstances: Circumstances,
): ChangesVerdict {
  const byNumber = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    const number = row.phoneNumber.replace(/\D/g, '').slice(-10);
    byNumber.set(number, [...(byNumber.get(number) ?? []), row]);
  }
  const violations: Violation[] = [];
  const firstChanges = new Map<string, number>();
  const lastChanges = new Map<string, number>();
  for (const story of stories) {
    const answered = story.tries
      .filter(({ payload }) => payload !== null)
      .sort((one, other) => one.endedAt - other.endedAt);
    for (const [index, number] of story.numbers.entries()) {
      const own = byNumber.get(number) ?? [];
      const blame = (kind: ViolationKind) => violations.push({ kind, text: describe(story, index, own) });
      if (answered.some(({ payload }) => payload?.results.length !== story.numbers.length)) {
        blame('shape');
        continue;
      }
      const last = lastAnswered(story.tries)?.payload?.results[index];
      const first = answered[0]?.payload?.results[index];
      if (last === undefined || first === undefined) continue;
      count(firstChanges, `${story.change.what}: ${first.__typename}`);
      count(lastChanges, `${story.change.what}: ${last.__typename}`);
      const fault = faultOf(last, own, story);
      if (fault !== null) blame(fault);
      if (opennessOf(last) === 'retryable') blame('unsettled');
      if (hasChanged(answered, index, circumstances)) blame('changed');
    }
  }
  return { violations, firstChanges, lastChanges };
}

function faultOf(
  { __typename }: ChangeResult,
  rows: readonly LedgerRow[],
  { change }: ChangeStory,
): ViolationKind | null {
  const moved = rows.filter((row) => isMoved(row, change));
  const former = rows.filter((row) => !isMoved(row, change));
  const active = rows.filter(({ deleted }) => !deleted).length;
  if (moved.length > 1 || former.length > 1) return 'twice';
  switch (__typename) {
    case 'CancelledRecord':
      return active === 0 ? null : 'false';
    case 'RescheduledRecord':
      if (active > 1) return 'twice';
      return moved.length === 1 && active === 1 ? null : 'lost';
    case 'BothScheduledError':
      return moved.length === 0 ? 'false' : active === 0 ? 'lost' : null;
    case 'OutcomeUnknownError':
      return change.what === 'reschedule' && active === 0 ? 'lost' : null;
    default:
      // It is said to be as it was.
      return active === 1 && moved.length === 0 ? null : active === 0 ? 'lost' : 'false';
  }
}

/** A replica that could not write, or not look, may not know what was told before. */
function hasChanged(
  answered: readonly Try<ChangePayload>[],
  index: number,
  { outages }: Circumstances,
): boolean {
  let settled: { attempt: Try<ChangePayload>; kind: string } | undefined;
  for (const attempt of answered) {
    const result = attempt.payload?.results[index];
    if (result === undefined) continue;
    if (settled === undefined) {
      if (opennessOf(result) === 'settled') settled = { attempt, kind: result.__typename };
      continue;
    }
    if (result.__typename === settled.kind) continue;
    const isExcused =
      attempt.startedAt < settled.attempt.endedAt ||
      (opennessOf(result) !== 'settled' &&
        [settled.attempt, attempt].some(({ replica, startedAt, endedAt }) =>
          (outages[replica] ?? []).some(({ from, to }) => from <= endedAt && to >= startedAt),
        ));
    if (!isExcused) return true;
  }
  return false;
}

/** As the dialer has it: all campaigns of the sandbox are of its own zone. */
function wallTime(instant: string): string {
  return new Date(Date.parse(instant) + kolkataMs).toISOString().slice(0, 19).replace('T', ' ');
}
const kolkataMs = 5.5 * 3_600_000;

function describe({ change, tries }: ChangeStory, index: number, rows: readonly LedgerRow[]): string {
  const time = (at: number) => (at === Infinity ? '…' : new Date(at).toISOString().slice(11, 23));
  return [
    `record ${index} of ${change.key}`,
    ...tries.map(({ replica, startedAt, endedAt, payload }) => {
      const result = payload?.results[index];
      const told =
        result === undefined
          ? 'no answer'
          : `${result.__typename}: ${'message' in result ? result.message : ''}`;
      return `    ${time(startedAt)} to ${time(endedAt)} replica ${replica}: ${told}`;
    }),
    ...rows.map(
      ({ id, createdAt, requestNumber, scheduledTime, deleted }) =>
        `    ${time(createdAt)} ledger row ${id}, by request ${requestNumber}, at ${scheduledTime}${deleted ? ', deleted' : ''}`,
    ),
  ].join('\n');
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
