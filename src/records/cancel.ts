// Takes rows back. Rows that wait for their time are deleted by their ids; a number that was handed over is taken out of its campaign,
// where the caller asks for that.
// A row of which it is in doubt what became is looked up in a list that is fetched afterwards: its deletion was not answered, the dialer
// had nothing to delete, or its time had come by then. States of a row: to be deleted → deleted, or failed, or in doubt → (the list)
// gone, handed over, deleted, or still there → (once more) to be deleted. What is still there after that stays unknown.
// A row whose time had not come when it was certainly deleted was certainly not handed over.

import type { CampaignEntry, ChangeAnswer, ListedRow, NoAnswer } from '../dialer/listed-row.ts';
import type { ChangeOptions, ScheduledRows } from '../dialer/scheduled-rows.ts';
import { headers, maxRowsPerRequest } from '../upstream/contract.ts';
import { type Handoff, handoffOf } from './handoff.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

export interface CancelParts {
  scheduled: ScheduledRows;
  snapshots: Snapshots;
  /** Epoch milliseconds. */
  now: () => number;
}

/** A row that is to be taken back. */
export interface Target {
  readonly row: ListedRow;
  /** Epoch milliseconds; Infinity where it has no time. */
  readonly time: number;
}

export interface CancelTerms extends ChangeOptions {
  afterHandover: 'REFUSE' | 'REMOVE_FROM_CAMPAIGN';
}

/** What became of one row. */
export type CancelEnd =
  /** Nobody is called for it. `removed`: its number was taken out of the campaign. */
  | { kind: 'cancelled'; removed: boolean }
  /** It was in the list, and is not any more, and not because of this request. */
  | { kind: 'gone' }
  | { kind: 'handed-over'; handoff: Handoff }
  /** Not carried out; or `unknown`: perhaps. */
  | NoAnswer;

/** The dialer's clock and this one are cut to the second. */
export const dueMs = 2000;
/** Once after the first time: what is still there then may be a matter of seconds. */
const maxRounds = 2;
/** Documented: 100 removals a minute. */
const maxRemovals = 100;

/** One end for each row, by its id. */
export async function cancelRows(
  parts: CancelParts,
  targets: readonly Target[],
  list: Snapshot,
  terms: CancelTerms,
): Promise<Map<string, CancelEnd>> {
  const cancelling = new Cancelling(parts, terms, list.skewMs);
  return cancelling.run(targets);
}

/** Whether a row can be taken back: undefined, or how it was handed over. */
export function handedOverOf(
  row: ListedRow,
  afterHandover: CancelTerms['afterHandover'],
): { isPending: boolean; refused: Handoff | undefined } {
  const handoff = handoffOf(row);
  if (handoff.status === 'PENDING') return { isPending: true, refused: undefined };
  const mayBeIn = handoff.status === 'ADDED' || handoff.status === 'UNKNOWN';
  return {
    isPending: false,
    refused: mayBeIn && afterHandover === 'REMOVE_FROM_CAMPAIGN' ? undefined : handoff,
  };
}

class Cancelling {
  readonly #parts: CancelParts;
  readonly #terms: CancelTerms;
  readonly #ends = new Map<string, CancelEnd>();
  /** Rows whose number is to be taken out of the campaign. `wasDeleted`: its row was, at the last moment. */
  readonly #toRemove: { target: Target; wasDeleted: boolean }[] = [];
  /** Ids whose deletion was sent and not answered: it may be carried out at any time. */
  readonly #unanswered = new Set<string>();
  #skewMs: number;

  constructor(parts: CancelParts, terms: CancelTerms, skewMs: number) {
    this.#parts = parts;
    this.#terms = terms;
    this.#skewMs = skewMs;
  }

  async run(targets: readonly Target[]): Promise<Map<string, CancelEnd>> {
    const pending: Target[] = [];
    for (const target of targets) {
      if (handoffOf(target.row).status === 'PENDING') pending.push(target);
      else this.#meetHandedOver(target, target.row);
    }
    await this.#deleteAll(pending, 1);
    await this.#removeAll();
    return this.#ends;
  }

  async #deleteAll(targets: readonly Target[], round: number): Promise<void> {
    const doubtful: Doubtful[] = [];
    let stop: ChangeAnswer | undefined;
    for (let start = 0; start < targets.length; start += maxRowsPerRequest) {
      const chunk = targets.slice(start, start + maxRowsPerRequest);
      const ids = chunk.map(({ row }) => row.id);
      const answer = stop ?? (await this.#parts.scheduled.delete(ids, this.#terms));
      const at = this.#dialerNow();
      // What refuses the account or this service refuses every further request as well.
      if (answer.kind === 'refused' || (answer.kind === 'throttled' && !answer.passing)) stop = answer;
      for (const target of chunk) this.#learn(target, answer, at, doubtful);
    }
    if (doubtful.length > 0) await this.#lookUp(doubtful, round);
  }

  #learn(target: Target, answer: ChangeAnswer, at: number, doubtful: Doubtful[]): void {
    const isDone = answer.kind === 'done';
    if (answer.kind === 'unknown') this.#unanswered.add(target.row.id);
    if (isDone && target.time > at + dueMs) this.#end(target, { kind: 'cancelled', removed: false });
    else if (isDone || answer.kind === 'absent' || answer.kind === 'unknown')
      doubtful.push({ target, answer });
    else this.#end(target, answer);
  }

  async #lookUp(doubtful: readonly Doubtful[], round: number): Promise<void> {
    const list = await this.#parts.snapshots.fresh(this.#terms.origins?.[0]).catch(() => null);
    if (list === null) {
      for (const { target, answer } of doubtful)
        this.#end(target, { kind: 'unknown', reason: reasonOf(answer) });
      return;
    }
    this.#skewMs = list.skewMs;
    const ids = new Set(doubtful.map(({ target }) => target.row.id));
    const found = new Map(list.rows.filter(({ id }) => ids.has(id)).map((row) => [row.id, row]));
    const stillThere: Target[] = [];
    for (const { target, answer } of doubtful) {
      const row = found.get(target.row.id);
      if (row === undefined) this.#meetAbsent(target, answer, list.isWhole);
      else if (handoffOf(row).status !== 'PENDING') this.#meetHandedOver(target, row);
      else if (round < maxRounds) stillThere.push(target);
      else this.#end(target, endOfThere(answer));
    }
    if (stillThere.length > 0) await this.#deleteAll(stillThere, round + 1);
  }

  #meetAbsent(target: Target, answer: ChangeAnswer, isWhole: boolean): void {
    const wasDue = target.time <= this.#dialerNow() + dueMs;
    if (!isWhole) this.#end(target, { kind: 'unknown', reason: reasonOf(answer) });
    else if (!wasDue && answer.kind === 'absent' && !this.#unanswered.has(target.row.id))
      this.#end(target, { kind: 'gone' });
    else if (!wasDue) this.#end(target, { kind: 'cancelled', removed: false });
    else if (this.#terms.afterHandover === 'REMOVE_FROM_CAMPAIGN')
      this.#toRemove.push({ target, wasDeleted: true });
    else
      this.#end(target, {
        kind: 'unknown',
        reason:
          'the dialer does not list it any more, but its time had come: it may have been handed over before',
      });
  }

  #meetHandedOver(target: Target, row: ListedRow): void {
    const { refused } = handedOverOf(row, this.#terms.afterHandover);
    if (refused === undefined) this.#toRemove.push({ target: { ...target, row }, wasDeleted: false });
    else this.#end(target, { kind: 'handed-over', handoff: refused });
  }

  /** Once for each number in a campaign. */
  async #removeAll(): Promise<void> {
    const byEntry = new Map<
      string,
      { entry: CampaignEntry; rows: { target: Target; wasDeleted: boolean }[] }
    >();
    for (const removal of this.#toRemove) {
      const { campaignName, number: phoneNumber, columns } = removal.target.row;
      const key = JSON.stringify([campaignName, phoneNumber]);
      const name = columns.find(({ header }) => header === headers.name)?.value ?? '';
      const known = byEntry.get(key) ?? { entry: { campaignName, phoneNumber, name }, rows: [] };
      known.rows.push(removal);
      byEntry.set(key, known);
    }
    let count = 0;
    for (const { entry, rows } of byEntry.values()) {
      const answer =
        ++count > maxRemovals ? tooManyRemovals : await this.#parts.scheduled.remove(entry, this.#terms);
      for (const { target, wasDeleted } of rows) this.#end(target, endOfRemoval(target, answer, wasDeleted));
    }
  }

  #end({ row: { id } }: Target, end: CancelEnd): void {
    // What was not carried out now may still be, by an earlier request that was not answered.
    const isOpen = (end.kind === 'unavailable' || end.kind === 'throttled') && this.#unanswered.has(id);
    this.#ends.set(id, isOpen ? { kind: 'unknown', reason: 'its deletion was not answered' } : end);
  }

  #dialerNow(): number {
    return this.#parts.now() + this.#skewMs;
  }
}

interface Doubtful {
  readonly target: Target;
  /** Done, and its time had come; nothing was there to be deleted; or no answer. */
  readonly answer: ChangeAnswer;
}

function reasonOf(answer: ChangeAnswer): string {
  if (answer.kind === 'unknown') return answer.reason;
  return answer.kind === 'done'
    ? 'its time had come when it was deleted, and it could not be looked up'
    : 'the dialer found nothing to delete, and it could not be looked up';
}

/** Of a row that is still listed after it was deleted twice. */
function endOfThere(answer: ChangeAnswer): CancelEnd {
  if (answer.kind === 'absent') return { kind: 'refused', refusal: { reason: 'other', text: answer.text } };
  const said = answer.kind === 'unknown' ? answer.reason : 'the dialer said so';
  return { kind: 'unknown', reason: `${said}, and the dialer lists it still` };
}

function endOfRemoval({ row }: Target, answer: ChangeAnswer, wasDeleted: boolean): CancelEnd {
  switch (answer.kind) {
    case 'done':
      return { kind: 'cancelled', removed: true };
    case 'absent':
      // It was deleted before it could be handed over; or the campaign is done with it.
      return wasDeleted
        ? { kind: 'cancelled', removed: false }
        : { kind: 'handed-over', handoff: handoffOf(row) };
    default:
      return wasDeleted && answer.kind !== 'unknown'
        ? { kind: 'unknown', reason: 'its time had come, and it could not be taken out of the campaign' }
        : answer;
  }
}

const tooManyRemovals: ChangeAnswer = {
  kind: 'throttled',
  retryAfterSeconds: 60,
  text: `${maxRemovals} numbers are taken out of campaigns a minute`,
  passing: false,
};
