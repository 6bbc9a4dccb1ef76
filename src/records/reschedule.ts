// One request to reschedule. A record is scheduled anew first, and only then is the former one cancelled: whatever fails in between, it is
// scheduled at least once, and where it is scheduled twice that is told as such.
// States of a record: looked up → scheduled anew, or left as it is → (the former one is cancelled) rescheduled, or both are scheduled.
// Under a key each step is written down before the next. A record is scheduled under a key of its own that follows from the request's,
// so that a request that was cut off finds what it has scheduled, and goes on from there.

import type { StopSignal } from '../foundation/cancellation.ts';
import { giveWay } from '../foundation/event-loop.ts';
import { errorKinds, type Failure, type Outcome } from '../scheduling/outcome.ts';
import { Overloaded, RateLimited, UnknownCampaign } from '../scheduling/request-error.ts';
import type { Scheduling } from '../scheduling/scheduling.ts';
import type { IncomingRequest } from '../telemetry/events.ts';
import { type CancelParts, cancelRows, type Target } from './cancel.ts';
import { findIds } from './find.ts';
import { handoffOf } from './handoff.ts';
import type { Keeping } from './kept-answers.ts';
import { handedOver, isFinal, type LifecycleFailure, notFound } from './outcome.ts';
import { isVisible } from './record-list.ts';
import {
  type Anew,
  couldBe,
  endOf,
  endOfAbsent,
  lostBefore,
  noOutcome,
  type RescheduleOutcome,
  type Rescheduling,
  unrecorded,
} from './reschedule-outcome.ts';
import type { RowReader } from './row-reader.ts';
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

export interface RescheduleProgress {
  /** Ids whose records may have been scheduled anew. */
  begun: string[];
  /** Those that are, by id. */
  anew: Record<string, Anew>;
  /** Null while they are at work. */
  outcomes: RescheduleOutcome[] | null;
}

export interface RescheduleParts extends CancelParts {
  reader: RowReader;
  scheduling: Scheduling;
  /** A record whose time is nearer is left as it is. */
  marginMs: number;
  /** Takes what nobody expected. */
  report(error: unknown): void;
}

/** As many share one request to the dialer. */
const recordsAtATime = 100;

export async function carryOutReschedule(
  parts: RescheduleParts,
  request: RescheduleRequest,
  on: { signal: StopSignal; incoming: IncomingRequest },
  { before, write }: Keeping<RescheduleProgress>,
): Promise<RescheduleProgress> {
  const rescheduling = new ReschedulingRun(parts, request, on, before);
  return rescheduling.run(write);
}

class ReschedulingRun {
  readonly #parts: RescheduleParts;
  readonly #request: RescheduleRequest;
  readonly #on: { signal: StopSignal; incoming: IncomingRequest };
  readonly #before: RescheduleProgress | undefined;
  readonly #begun: Set<string>;
  readonly #anew: Map<string, Anew>;
  readonly #outcomes = new Map<string, Rescheduling>();
  /** The former records, by id. */
  #targets = new Map<string, Target>();

  constructor(
    parts: RescheduleParts,
    request: RescheduleRequest,
    on: { signal: StopSignal; incoming: IncomingRequest },
    before: RescheduleProgress | undefined,
  ) {
    this.#parts = parts;
    this.#request = request;
    this.#on = on;
    this.#before = before;
    this.#begun = new Set(before?.begun);
    this.#anew = new Map(Object.entries(before?.anew ?? {}));
    for (const [n, { id }] of request.records.entries()) {
      const outcome = before?.outcomes?.[n];
      if (outcome !== undefined && isFinal(outcome.kind)) this.#outcomes.set(id, outcome);
    }
  }

  async run(write: (progress: RescheduleProgress) => Promise<void>): Promise<RescheduleProgress> {
    const open = this.#request.records.filter(({ id }) => !this.#outcomes.has(id));
    if (open.length === 0) return this.#progress(true);
    const ids = new Set(open.map(({ id }) => id));
    const { list, targets } = await findIds(this.#parts.snapshots, ids, this.#on.incoming);
    this.#targets = targets;
    const due = open.filter((record) => this.#mayBegin(record.id, list));
    const todo = due.filter(({ id }) => !this.#anew.has(id));
    if (todo.length > 0 && !this.#request.validateOnly) {
      for (const { id } of todo) this.#begun.add(id);
      await write(this.#progress(false));
    }
    for (let start = 0; start < todo.length; start += recordsAtATime)
      await Promise.all(
        todo.slice(start, start + recordsAtATime).map((record) => this.#scheduleAnew(record)),
      );
    const former = due.filter(({ id }) => this.#anew.has(id) && !this.#outcomes.has(id));
    if (former.length > 0) {
      await this.#findNew(former, list);
      const isWritten = await write(this.#progress(false)).then(
        () => true,
        () => false,
      );
      if (isWritten) await this.#cancelFormer(former, list);
      else for (const { id } of former) this.#outcomes.set(id, unrecorded(id, this.#anew.get(id) as Anew));
    }
    return this.#progress(true);
  }

  /** False where the record is left as it is, or nothing is left to be done; its outcome says why. */
  #mayBegin(id: string, list: Snapshot): boolean {
    const target = this.#targets.get(id);
    const now = this.#parts.now() + list.skewMs;
    const anew = this.#anew.get(id);
    if (target === undefined || !isVisible(target.row, this.#request.campaigns)) {
      if (anew !== undefined) this.#outcomes.set(id, endOfAbsent(id, anew, now));
      else if (this.#begun.has(id)) this.#outcomes.set(id, lostBefore);
      else this.#outcomes.set(id, notFound(id));
      return false;
    }
    // Begun before: it may be scheduled anew already, which has to be found out.
    if (anew !== undefined || this.#begun.has(id)) return true;
    const handoff = handoffOf(target.row);
    if (handoff.status !== 'PENDING') this.#outcomes.set(id, handedOver(id, handoff));
    else if (target.time <= now + this.#parts.marginMs) this.#outcomes.set(id, this.#dueSoon(target));
    return !this.#outcomes.has(id);
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

  async #scheduleAnew({ id, scheduledTime }: { id: string; scheduledTime: string }): Promise<void> {
    const target = this.#targets.get(id) as Target;
    const { timeZone, validateOnly, credential, recordsPerMinute, idempotencyKey } = this.#request;
    const outcome = await this.#parts.scheduling
      .schedule(
        {
          campaignName: target.row.campaignName,
          records: [{ ...this.#parts.reader.recordOf(target.row), scheduledTime }],
          timeZone,
          duplicates: 'ALLOW',
          errorPolicy: 'REJECT_FAILED_RECORDS',
          idempotencyKey: idempotencyKey && `reschedule ${id} ${idempotencyKey}`,
          credential,
          recordsPerMinute,
          validateOnly,
        },
        // What was begun under a key is finished.
        this.#on.signal,
        this.#on.incoming,
      )
      .then(
        ({ results }) => results[0] ?? noOutcome,
        (error: unknown) => this.#failureOfRequest(error),
      );
    this.#learn(target, outcome);
  }

  #learn({ row, time }: Target, outcome: Outcome | Failure): void {
    const formerScheduledTime = time === Infinity ? null : time;
    if ('dialerTime' in outcome) {
      const { scheduledTime, dialerTime } = outcome;
      const anew = {
        newId: null,
        campaignName: row.campaignName,
        formerScheduledTime,
        scheduledTime,
        dialerTime,
      };
      if (outcome.kind === 'ScheduledRecord') this.#anew.set(row.id, anew);
      else this.#outcomes.set(row.id, { kind: 'ReschedulableRecord', id: row.id, ...anew, message: couldBe });
      return;
    }
    const isUnknown = errorKinds[outcome.kind].counts === 'unknown';
    if (!isUnknown) this.#begun.delete(row.id);
    const stays = isUnknown
      ? 'The former record is left as it is, so that the person may be scheduled twice.'
      : 'The record is scheduled for its former time still.';
    this.#outcomes.set(row.id, { ...outcome, message: `${outcome.message} ${stays}` });
  }

  /** Of a record that the scheduling turned away as a request. Its neighbours may be scheduled, and are owed their answers. */
  #failureOfRequest(error: unknown): Failure {
    if (error instanceof RateLimited || error instanceof Overloaded)
      return {
        kind: 'DialerThrottledError',
        message: error.message,
        retryAfterSeconds: error.retryAfterSeconds,
      };
    if (error instanceof UnknownCampaign) return { kind: 'CampaignNotFoundError', message: error.message };
    this.#parts.report(error);
    return noOutcome;
  }

  /** The ids of the new records: those of the same number and time that were not there before. */
  async #findNew(former: readonly { id: string }[], before: Snapshot): Promise<void> {
    const list = await this.#parts.snapshots.fresh(this.#on.incoming).catch(() => null);
    if (list === null) return;
    const wanted = new Set(former.map(({ id }) => this.#anew.get(id)?.dialerTime));
    const known = new Set<string>();
    for (const [n, row] of before.rows.entries()) {
      if (n % rowsPerTurn === 0) await giveWay();
      if (wanted.has(row.scheduledTime)) known.add(row.id);
    }
    const candidates = list.rows.filter(
      ({ id, scheduledTime }) => wanted.has(scheduledTime) && !known.has(id),
    );
    const taken = new Set([...this.#anew.values()].map(({ newId }) => newId));
    for (const { id } of former) {
      const anew = this.#anew.get(id) as Anew;
      const { row } = this.#targets.get(id) as Target;
      const found = candidates.find(
        (other) =>
          !taken.has(other.id) &&
          other.campaignName === row.campaignName &&
          other.scheduledTime === anew.dialerTime &&
          isSameNumber(this.#parts.reader, other, row),
      );
      if (found === undefined || anew.newId !== null) continue;
      taken.add(found.id);
      this.#anew.set(id, { ...anew, newId: found.id });
    }
  }

  async #cancelFormer(former: readonly { id: string }[], list: Snapshot): Promise<void> {
    const targets = former.map(({ id }) => this.#targets.get(id) as Target);
    const ends = await cancelRows(this.#parts, targets, list, {
      afterHandover: 'REFUSE',
      caller: this.#request.credential,
      mutation: this,
      small: targets.length <= recordsAtATime,
      // Once it is scheduled anew, the former one is cancelled even if the caller has left.
      origins: [this.#on.incoming],
    });
    for (const { id } of former) {
      const anew = this.#anew.get(id) as Anew;
      this.#outcomes.set(id, endOf(id, anew, ends.get(id)));
    }
  }

  #progress(isDone: boolean): RescheduleProgress {
    const progress = { begun: [...this.#begun], anew: Object.fromEntries(this.#anew) };
    if (!isDone) return { ...progress, outcomes: this.#before?.outcomes ?? null };
    const outcomes = this.#request.records.map(({ id }, index) => ({
      ...(this.#outcomes.get(id) ?? lostBefore),
      index,
      reference: null,
    }));
    return { ...progress, outcomes };
  }
}

/** So many rows take a fraction of a millisecond. */
const rowsPerTurn = 2000;

function isSameNumber(reader: RowReader, one: Target['row'], other: Target['row']): boolean {
  return (reader.numberOfRow(one) ?? one.number) === (reader.numberOfRow(other) ?? other.number);
}

/** Of a request that could not be looked up by its key: nothing was done now. */
export function unknownAllAnew({ records }: RescheduleRequest, reason: string): RescheduleProgress {
  const message = `What became of it cannot be told now: ${reason}. Send the same request with the same idempotencyKey again in a minute, and use no other key for it.`;
  const outcomes = records.map(
    (_, index): RescheduleOutcome => ({ kind: 'OutcomeUnknownError', message, index, reference: null }),
  );
  return { begun: [], anew: {}, outcomes };
}
