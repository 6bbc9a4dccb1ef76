// One request to reschedule. A record is scheduled anew first, and only then is the former one cancelled: whatever fails in between, it is
// scheduled at least once, and where it is scheduled twice that is told as such.
// States of a record: looked up → scheduled anew, or left as it is → (the former one is cancelled) rescheduled, or both are scheduled.
// Under a key each step is written down before the next, and what is sent in the key's own journal: a request that was cut off finds what
// it has scheduled, and goes on from there.

import type { StopSignal } from '../foundation/cancellation.ts';
import { giveWay } from '../foundation/event-loop.ts';
import { errorKinds, type Failure, type Outcome } from '../scheduling/outcome.ts';
import type { IncomingRequest, Origin } from '../telemetry/events.ts';
import { type CancelParts, cancelRows, type Target } from './cancel.ts';
import { findIds } from './find.ts';
import { handoffOf } from './handoff.ts';
import { type Keeping, NotKept } from './kept-answers.ts';
import { handedOver, isFinal, type LifecycleFailure, notFound } from './outcome.ts';
import { isVisible } from './record-list.ts';
import {
  type Anew,
  couldBe,
  endOf,
  endOfAbsent,
  lostBefore,
  type RescheduleOutcome,
  type Rescheduling,
  unrecorded,
} from './reschedule-outcome.ts';
import { type AnewParts, type KeptAnew, type Move, SchedulingAnew } from './scheduling-anew.ts';
import type { Snapshot } from './snapshots.ts';

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
  #skewMs = 0;

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
    const { list, targets } = await findIds(this.#parts.snapshots, ids, this.#on.origin);
    this.#targets = targets;
    this.#skewMs = list.skewMs;
    const scheduledBefore = new Set<string>();
    const moves = open.flatMap((record): Move[] => {
      const target = this.#targetOf(record.id);
      if (target === undefined) return [];
      if (this.#anew.stateOf(record.id) !== 'scheduled') return [{ ...record, target }];
      scheduledBefore.add(record.id);
      return [];
    });
    await this.#scheduleAnew(moves);
    const former = open.filter(({ id }) => this.#anew.anewOf(id) !== undefined && !this.#outcomes.has(id));
    if (former.length > 0) await this.#cancelFormer(former, list, scheduledBefore);
    return this.#progress(true);
  }

  /** Undefined where the record is left as it is, or nothing is left to be done; its outcome says why. */
  #targetOf(id: string): Target | undefined {
    const target = this.#targets.get(id);
    if (target !== undefined && isVisible(target.row, this.#request.campaigns))
      // What was begun before may be scheduled anew already, which has to be found out.
      return this.#anew.stateOf(id) !== 'new' || this.#mayBegin(id) ? target : undefined;
    const anew = this.#anew.anewOf(id);
    if (anew !== undefined) this.#outcomes.set(id, endOfAbsent(id, anew, this.#dialerNow()));
    else if (this.#anew.stateOf(id) === 'unknown') this.#outcomes.set(id, lostBefore);
    else this.#outcomes.set(id, notFound(id));
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
      writeBy: isFar ? undefined : earliest - this.#skewMs - this.#parts.marginMs / 2,
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
    { scheduledTime, dialerTime }: { scheduledTime: number; dialerTime: string },
  ): Rescheduling {
    const { row, time } = this.#targets.get(id) as Target;
    return {
      kind: 'ReschedulableRecord',
      id,
      newId: null,
      campaignName: row.campaignName,
      formerScheduledTime: time === Infinity ? null : time,
      scheduledTime,
      dialerTime,
      message: couldBe,
    };
  }

  async #cancelFormer(
    former: readonly { id: string }[],
    list: Snapshot,
    scheduledBefore: ReadonlySet<string>,
  ): Promise<void> {
    await this.#findNew(former, list, scheduledBefore);
    try {
      await this.#keeping.write(this.#progress(false));
    } catch (error) {
      if (!(error instanceof NotKept) || error.end === 'lost') throw error;
      for (const { id } of former) this.#outcomes.set(id, unrecorded(id, this.#anew.anewOf(id) as Anew));
      return;
    }
    const targets = former.map(({ id }) => this.#targets.get(id) as Target);
    const ends = await cancelRows(this.#parts, targets, list, {
      afterHandover: 'REFUSE',
      caller: this.#request.credential,
      mutation: this,
      small: targets.length <= recordsAtATime,
      // Once it is scheduled anew, the former one is cancelled even if the caller has left.
      origins: [this.#on.origin],
    });
    for (const { id } of former)
      this.#outcomes.set(id, endOf(id, this.#anew.anewOf(id) as Anew, ends.get(id)));
  }

  /**
   * The ids of the new records: those of the same number and time that were not there before. Of records that an earlier run has
   * scheduled that cannot be told; their ids are certain where there are no others of the same number and time.
   */
  async #findNew(
    former: readonly { id: string }[],
    before: Snapshot,
    scheduledBefore: ReadonlySet<string>,
  ): Promise<void> {
    const list = await this.#parts.snapshots.fresh(this.#on.origin).catch(() => null);
    if (list === null) return;
    const wanted = new Map<string, string[]>();
    const times = new Set<string>();
    const taken = new Set(this.#request.records.map(({ id }) => id));
    for (const { id } of former) {
      const { newId, dialerTime } = this.#anew.anewOf(id) as Anew;
      if (newId !== null) taken.add(newId);
      if (newId !== null) continue;
      const key = this.#keyOf((this.#targets.get(id) as Target).row, dialerTime);
      wanted.set(key, [...(wanted.get(key) ?? []), id]);
      times.add(dialerTime);
    }
    const known = await rowsAt(before, times);
    const isKnown = new Set(known.map(({ id }) => id));
    const found = new Map<string, string[]>();
    for (const row of await rowsAt(list, times)) {
      const key = this.#keyOf(row, row.scheduledTime);
      if (!taken.has(row.id) && wanted.has(key)) found.set(key, [...(found.get(key) ?? []), row.id]);
    }
    for (const [key, ids] of wanted) {
      const rows = found.get(key) ?? [];
      const isOld = ids.some((id) => scheduledBefore.has(id));
      const fresh = isOld ? rows : rows.filter((id) => !isKnown.has(id));
      if (isOld && rows.length !== ids.length) continue;
      for (const [n, id] of ids.entries()) {
        const newId = fresh[n];
        if (newId !== undefined) this.#anew.noteNewId(id, newId);
      }
    }
  }

  /** The same for rows of the same number in the same campaign at the same time. */
  #keyOf(row: Target['row'], dialerTime: string): string {
    return JSON.stringify([row.campaignName, this.#parts.reader.numberOfRow(row) ?? row.number, dialerTime]);
  }

  #dialerNow(): number {
    return this.#parts.now() + this.#skewMs;
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

/** So many rows take a fraction of a millisecond. */
const rowsPerTurn = 2000;

async function rowsAt({ rows }: Snapshot, times: ReadonlySet<string>): Promise<Target['row'][]> {
  const found: Target['row'][] = [];
  for (const [n, row] of rows.entries()) {
    if (n % rowsPerTurn === 0) await giveWay();
    if (times.has(row.scheduledTime)) found.push(row);
  }
  return found;
}

/** Of a request that could not be looked up by its key: nothing was done now. */
export function unknownAllAnew({ records }: RescheduleRequest, reason: string): RescheduleProgress {
  const message = `What became of it cannot be told now: ${reason}. Send the same request with the same idempotencyKey again in a minute, and use no other key for it.`;
  const outcomes = records.map(
    (_, index): RescheduleOutcome => ({ kind: 'OutcomeUnknownError', message, index, reference: null }),
  );
  return { groups: [], answers: null, outcomes };
}
