// One request to reschedule. A record is scheduled anew first, and only then is the former one cancelled: whatever fails in between, it is
// scheduled at least once, and where it is scheduled twice that is told as such.
// States of a record: (its turn comes) looked up → scheduled anew, or left as it is → (the former one is cancelled) rescheduled, or both are
// scheduled; or (somebody else has cancelled or rescheduled the former one meanwhile) taken back, or both are scheduled.
// Under a key each step is written down before the next, and what is sent in the key's own journal: a request that was cut off finds what
// it has scheduled, and goes on from there.

import type { StopSignal } from '../foundation/cancellation.ts';
import { errorKinds, type Failure, type Outcome } from '../scheduling/outcome.ts';
import type { IncomingRequest, Origin } from '../telemetry/events.ts';
import { type CancelParts, type CancelTerms, cancelRows, dueMs, type Target } from './cancel.ts';
import { findIds, findRows } from './find.ts';
import { handoffOf } from './handoff.ts';
import { type Keeping, NotKept } from './kept-answers.ts';
import { findNewIds, type NewRecord } from './new-rows.ts';
import { handedOver, isFinal, type LifecycleFailure, notFound } from './outcome.ts';
import { isVisible } from './record-list.ts';
import {
  type Anew,
  changedByOthers,
  endOf,
  endOfTakingBack,
  lostBefore,
  notTakenBack,
  perhapsHandedOver,
  type RescheduleOutcome,
  type Rescheduling,
  reschedulable,
  rescheduled,
  unrecorded,
  unrecordedChange,
} from './reschedule-outcome.ts';
import { type AnewParts, type KeptAnew, type Move, SchedulingAnew } from './scheduling-anew.ts';
import type { Snapshot } from './snapshots.ts';
import type { Turns } from './turns.ts';

export interface RescheduleRequest {
  /** No id stands there twice. */
  records: readonly { id: string; scheduledTime: string }[];
  /** IANA, for times without an offset; undefined: the campaign's, else the account's. */
  timeZone: string | undefined;
  validateOnly: boolean;
  idempotencyKey: string | undefined;
  credential: string;
  recordsPerMinute: number | undefined;
  /** The campaigns of the caller. Null: every campaign. */
  campaigns: ReadonlySet<string> | null;
}

export interface RescheduleProgress extends KeptAnew {
  /** Null while they are at work. */
  outcomes: RescheduleOutcome[] | null;
}

export interface RescheduleParts extends CancelParts, AnewParts {
  turns: Turns;
  /** A record whose time is nearer is left as it is. */
  marginMs: number;
}

export interface RescheduleFor {
  signal: StopSignal;
  incoming: IncomingRequest;
  /** Whom the dialer is asked for. */
  origin: Origin;
}

/** So many former records are cancelled by one request to the dialer. */
const recordsAtATime = 100;
/** Of records that are due later, none is due before the dialer has taken the new ones. */
const farAheadMs = 10 * 60_000;

export async function carryOutReschedule(
  parts: RescheduleParts,
  request: RescheduleRequest,
  on: RescheduleFor,
  keeping: Keeping<RescheduleProgress>,
): Promise<RescheduleProgress> {
  const rescheduling = new ReschedulingRun(parts, request, on, keeping);
  return rescheduling.run();
}

class ReschedulingRun {
  readonly #parts: RescheduleParts;
  readonly #request: RescheduleRequest;
  readonly #on: RescheduleFor;
  readonly #keeping: Keeping<RescheduleProgress>;
  readonly #anew: SchedulingAnew;
  readonly #outcomes = new Map<string, Rescheduling>();
  /** The former records, by id. */
  #targets = new Map<string, Target>();
  /** The list in which they were found. */
  #before!: Snapshot;
  /** Those that an earlier run has scheduled anew. */
  readonly #scheduledBefore = new Set<string>();

  constructor(
    parts: RescheduleParts,
    request: RescheduleRequest,
    on: RescheduleFor,
    keeping: Keeping<RescheduleProgress>,
  ) {
    this.#parts = parts;
    this.#request = request;
    this.#on = on;
    this.#keeping = keeping;
    this.#anew = new SchedulingAnew(parts, { ...request, ...on }, keeping);
    for (const [n, { id }] of request.records.entries()) {
      const outcome = keeping.before?.outcomes?.[n];
      if (outcome !== undefined && isFinal(outcome.kind)) this.#outcomes.set(id, outcome);
    }
  }

  async run(): Promise<RescheduleProgress> {
    const open = this.#request.records.filter(({ id }) => !this.#outcomes.has(id));
    if (open.length === 0) return this.#progress(true);
    const ids = new Set(open.map(({ id }) => id));
    if (this.#request.validateOnly) return this.#reschedule(open, ids);
    return this.#parts.turns.take(ids, () => this.#reschedule(open, ids));
  }

  async #reschedule(
    open: RescheduleRequest['records'],
    ids: ReadonlySet<string>,
  ): Promise<RescheduleProgress> {
    const { list, targets } = await findIds(this.#parts.snapshots, ids, this.#on.origin);
    this.#targets = targets;
    this.#before = list;
    const moves = open.flatMap((record): Move[] => {
      if (this.#anew.stateOf(record.id) === 'scheduled') {
        this.#scheduledBefore.add(record.id);
        return [];
      }
      const target = this.#targetOf(record.id);
      return target === undefined ? [] : [{ ...record, target }];
    });
    await this.#scheduleAnew(moves);
    const former = open.flatMap(({ id }) => (this.#outcomes.has(id) ? [] : id));
    await this.#cancelFormer(former.filter((id) => this.#anew.anewOf(id) !== undefined));
    return this.#progress(true);
  }

  /** Undefined where the record is left as it is; its outcome says why. */
  #targetOf(id: string): Target | undefined {
    const target = this.#targets.get(id);
    if (target !== undefined && isVisible(target.row, this.#request.campaigns))
      // What was begun before may be scheduled anew already, which has to be found out.
      return this.#anew.stateOf(id) !== 'new' || this.#mayBegin(id) ? target : undefined;
    this.#outcomes.set(id, this.#anew.stateOf(id) === 'unknown' ? lostBefore : notFound(id));
    return undefined;
  }

  /** False where the record is left as it is; its outcome says why. */
  #mayBegin(id: string): boolean {
    const target = this.#targets.get(id) as Target;
    const handoff = handoffOf(target.row);
    const isDue = target.time <= this.#dialerNow() + this.#parts.marginMs;
    if (handoff.status !== 'PENDING') this.#outcomes.set(id, handedOver(id, handoff));
    else if (isDue) this.#outcomes.set(id, this.#dueSoon(target));
    return handoff.status === 'PENDING' && !isDue;
  }

  #dueSoon({ row, time }: Target): LifecycleFailure {
    const seconds = Math.ceil(this.#parts.marginMs / 1000);
    return {
      kind: 'RecordDueSoonError',
      message: `Record ${row.id} is due at ${row.scheduledTime}, within ${seconds} s or before now: it may be handed over while it is rescheduled, and the person be called twice. It is left as it is.`,
      id: row.id,
      scheduledTime: time === Infinity ? null : time,
    };
  }

  async #scheduleAnew(moves: readonly Move[]): Promise<void> {
    if (moves.length === 0) return;
    const earliest = moves.reduce((least, { target }) => Math.min(least, target.time), Infinity);
    const isFar = earliest > this.#dialerNow() + farAheadMs;
    const permission = {
      mayBegin: (id: string) => this.#mayBegin(id),
      writeBy: isFar ? undefined : earliest - this.#before.skewMs - this.#parts.marginMs / 2,
    };
    const results = await this.#anew.run(moves, permission, (positions) =>
      this.#keeping.beginRound(this.#progress(false), positions),
    );
    for (const [id, outcome] of results) if (!this.#outcomes.has(id)) this.#learn(id, outcome);
  }

  /** What became of a record that was to be scheduled anew, where it was not for certain. */
  #learn(id: string, outcome: Outcome | Failure): void {
    if ('dialerTime' in outcome) {
      if (outcome.kind === 'ValidRecord') this.#outcomes.set(id, this.#reschedulable(id, outcome));
      return;
    }
    const stays =
      errorKinds[outcome.kind].counts === 'unknown'
        ? 'The former record is left as it is, so that the person may be scheduled twice.'
        : 'The record is scheduled for its former time still.';
    this.#outcomes.set(id, { ...outcome, message: `${outcome.message} ${stays}` });
  }

  #reschedulable(
    id: string,
    { scheduledTime, dialerTime, shiftedFrom }: Extract<Outcome, { kind: 'ValidRecord' | 'ScheduledRecord' }>,
  ): Rescheduling {
    const { row, time } = this.#targets.get(id) as Target;
    const { campaignName } = row;
    return reschedulable(id, {
      newId: null,
      campaignName,
      formerScheduledTime: time === Infinity ? null : time,
      scheduledTime,
      dialerTime,
      ...this.#anew.shiftOf(campaignName, shiftedFrom),
    });
  }

  /** Once they are scheduled anew. */
  async #cancelFormer(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const list = await this.#findNew(ids);
    const deletedBefore = new Set(ids.filter((id) => this.#anew.formerOf(id) === 'deleting'));
    const targets: Target[] = [];
    for (const id of ids) {
      const target = this.#targets.get(id);
      if (target === undefined || (list?.isWhole && !list.targets.has(id))) this.#meetAbsent(id);
      else if (this.#anew.formerOf(id) !== 'changed') targets.push(target);
    }
    const toDelete = targets.filter(({ row }) => !deletedBefore.has(row.id));
    for (const { row } of toDelete) this.#anew.noteFormer(row.id, 'deleting');
    if (!(await this.#noted(ids))) {
      for (const { row } of toDelete) this.#anew.noteFormer(row.id, 'untouched');
      return;
    }
    const ends = await cancelRows(this.#parts, targets, this.#before, this.#cancelTerms(targets));
    const changed: string[] = [];
    for (const { row } of targets) {
      const { id } = row;
      const end = ends.get(id);
      const anew = this.#anew.anewOf(id) as Anew;
      if (end?.kind !== 'gone') this.#outcomes.set(id, endOf(id, anew, end));
      else if (deletedBefore.has(id)) this.#outcomes.set(id, rescheduled(id, anew));
      else changed.push(id);
    }
    for (const id of changed) this.#anew.noteFormer(id, 'changed');
    if (changed.length > 0 && !(await this.#noted(changed))) return;
    await this.#takeBack(ids.filter((id) => !this.#outcomes.has(id)));
  }

  /** The former record is gone: by an earlier run of this request, or by somebody else, or it was handed over. */
  #meetAbsent(id: string): void {
    const anew = this.#anew.anewOf(id) as Anew;
    const { formerScheduledTime: time } = anew;
    if (this.#anew.formerOf(id) === 'changed') return;
    if (time !== null && time <= this.#dialerNow() + dueMs)
      this.#outcomes.set(id, perhapsHandedOver(id, anew));
    else if (this.#anew.formerOf(id) === 'deleting') this.#outcomes.set(id, rescheduled(id, anew));
    else this.#anew.noteFormer(id, 'changed');
  }

  /** False where what is known so far could not be written: then nothing more may be done, and the outcomes say so. */
  async #noted(ids: readonly string[]): Promise<boolean> {
    try {
      await this.#keeping.write(this.#progress(false));
      return true;
    } catch (error) {
      if (!(error instanceof NotKept) || error.end === 'lost') throw error;
      for (const id of ids) {
        const told = this.#anew.formerOf(id) === 'changed' ? unrecordedChange : unrecorded;
        if (!this.#outcomes.has(id)) this.#outcomes.set(id, told(id, this.#anew.anewOf(id) as Anew));
      }
      return false;
    }
  }

  /** Otherwise a person is called twice whose former record somebody else has rescheduled, or once where it was cancelled. */
  async #takeBack(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const list = await this.#findNew(ids);
    const targets = new Map<string, Target>();
    for (const id of ids) {
      const anew = this.#anew.anewOf(id) as Anew;
      const { newId, scheduledTime } = anew;
      const target = newId === null ? undefined : list?.targets.get(newId);
      const isGone = newId !== null && list?.isWhole && scheduledTime > this.#dialerNow();
      if (target !== undefined) targets.set(id, target);
      else if (isGone) this.#outcomes.set(id, changedByOthers(id, anew));
      else this.#outcomes.set(id, notTakenBack(id, anew, "the dialer's list does not tell which it is"));
    }
    const rows = [...targets.values()];
    const ends = await cancelRows(this.#parts, rows, this.#before, this.#cancelTerms(rows));
    for (const [id, { row }] of targets)
      this.#outcomes.set(id, endOfTakingBack(id, this.#anew.anewOf(id) as Anew, ends.get(row.id)));
  }

  /** Once a record is scheduled anew, it is gone on with even if the caller has left. */
  #cancelTerms(targets: readonly Target[]): CancelTerms {
    return {
      afterHandover: 'REFUSE',
      caller: this.#request.credential,
      mutation: this,
      small: targets.length <= recordsAtATime,
      origins: [this.#on.origin],
    };
  }

  /** Notes the ids of new records, and returns what a list that is fetched now has of the former and the new ones; null: there is none. */
  async #findNew(ids: readonly string[]): Promise<{ targets: Map<string, Target>; isWhole: boolean } | null> {
    const list = await this.#parts.snapshots.fresh(this.#on.origin).catch(() => null);
    if (list === null) return null;
    const taken = new Set(this.#request.records.map(({ id }) => id));
    const records: NewRecord[] = [];
    for (const id of ids) {
      const { newId, dialerTime } = this.#anew.anewOf(id) as Anew;
      if (newId !== null) taken.add(newId);
      else records.push({ id, dialerTime, ...this.#anew.traceOf(id), isOld: this.#scheduledBefore.has(id) });
    }
    const newIds = await findNewIds(records, list, {
      before: this.#before,
      taken,
      digestOf: (row, time) => this.#anew.digestOf(row, time),
    });
    for (const [id, newId] of newIds) this.#anew.noteNewId(id, newId);
    const wanted = new Set(ids.flatMap((id) => [id, this.#anew.anewOf(id)?.newId ?? id]));
    const { targets } = await findRows(list, ({ id }) => wanted.has(id));
    return { targets, isWhole: list.isWhole };
  }

  #dialerNow(): number {
    return this.#parts.now() + this.#before.skewMs;
  }

  #progress(isDone: boolean): RescheduleProgress {
    const kept = this.#anew.kept(this.#keeping.aheadMs);
    if (!isDone) return { ...kept, outcomes: this.#keeping.before?.outcomes ?? null };
    const outcomes = this.#request.records.map(({ id }, index) => ({
      ...(this.#outcomes.get(id) ?? lostBefore),
      index,
      reference: null,
    }));
    return { ...kept, outcomes };
  }
}

/** Of a request that could not be looked up by its key: nothing was done now. */
export function unknownAllAnew({ records }: RescheduleRequest, reason: string): RescheduleProgress {
  const message = `What became of it cannot be told now: ${reason}. Send the same request with the same idempotencyKey again in a minute, and use no other key for it.`;
  const outcomes = records.map(
    (_, index): RescheduleOutcome => ({ kind: 'OutcomeUnknownError', message, index, reference: null }),
  );
  return { groups: [], answers: null, outcomes };
}
