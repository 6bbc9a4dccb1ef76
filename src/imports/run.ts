// The second pass: an import's slices are sent, some at a time, for as long as one job lasts. What a job leaves is taken up by the
// next. Rows that were not accepted are tried again, with growing pauses, until nothing at all was accepted for as long as the
// import's patience; unknown ones are looked up some times.
// States of a job: sending → (nothing was accepted) probing in the next job, one slice at a time → sending. The order of the slices:
// those that were cut off, those that wait, those that are told and not settled; each once in a job.

import { StopController } from '../foundation/cancellation.ts';
import { giveWay } from '../foundation/event-loop.ts';
import {
  IdempotencyConflict,
  Overloaded,
  RateLimited,
  UnknownCampaign,
} from '../scheduling/request-error.ts';
import { failureOf } from './check.ts';
import type { FileRow } from './files/read-file.ts';
import type { ImportState, WaitingReason } from './import.ts';
import type { ImportAccount } from './import-account.ts';
import type {
  Change,
  ImportStore,
  Progress,
  StoredImport,
  StoredSlice,
  TakenSlice,
  Work,
} from './import-store.ts';
import { createRowReader, type RowReading } from './mapping.ts';
import { closed, copyOf, noteError, recount } from './progress.ts';
import {
  isOpen,
  stoppedLate as late,
  notSent,
  packOutcomes,
  type RowOutcome,
  tallyOf,
  waitingReasonOf,
} from './row-outcome.ts';
import {
  knowledgeOf,
  outcomesOf,
  type SliceKnowledge,
  sendSlice,
  underNextKey,
  untold,
} from './slice-run.ts';
import type { Spool } from './spool.ts';

export interface RunParts {
  store: ImportStore;
  spool: Spool;
  /** How long nothing at all may be accepted before an import ends. */
  patienceMs: number;
}

/** What comes after a job. */
export type RunEnd =
  | { kind: 'again'; delaySeconds: number }
  | { kind: 'change'; to: (current: StoredImport) => Change }
  | { kind: 'lost' };

/** Then no slice is begun any more. */
const begunWithinMs = 15_000;
/** What is on its way then is stopped within a chunk. A list waits half a minute for a dialer that is away. */
const endsWithinMs = 45_000;
/** So many slices keep the connections to the dialer busy while one of them ends and the next begins. */
const slicesAtATime = 4;
const longestPauseSeconds = 30;
/** Pauses before unknown rows are looked up again. */
const lookUpPauses = [1, 5, 15];
const tickMs = 500;

/** Sends. `stop`: aborted by whoever ends the job. */
export async function run(
  parts: RunParts,
  account: ImportAccount,
  work: Work,
  stop: StopController,
): Promise<RunEnd> {
  return new Run(parts, account, work, stop).carryOut();
}

class Run {
  readonly #parts: RunParts;
  readonly #account: ImportAccount;
  readonly #work: Work;
  readonly #stop: StopController;
  readonly #progress: Progress;
  readonly #rowsBefore: number;
  readonly #startedAt = performance.now();
  /** Ends are written one after the other: each has the counts of those before. */
  #writing: Promise<unknown> = Promise.resolve();
  #waitingFor: WaitingReason | null;
  /** Until nothing was accepted, or nothing could be sent. */
  #delaySeconds: number | undefined;
  #lookUpSeconds = 0;
  #end: RunEnd | undefined;
  /** Nothing is sent any more: what was sent is looked up. */
  #isEnding = false;
  /** There are slices that it has not come to. */
  #isLeft = false;
  #isLate = false;
  #isBroken = false;

  constructor(parts: RunParts, account: ImportAccount, work: Work, stop: StopController) {
    this.#parts = parts;
    this.#account = account;
    this.#work = work;
    this.#stop = stop;
    this.#progress = copyOf(work.import.progress);
    this.#rowsBefore = settledOf(this.#progress.counts);
    this.#waitingFor = work.import.waitingFor;
  }

  async carryOut(): Promise<RunEnd> {
    const { store, spool, patienceMs } = this.#parts;
    const { import: of } = this.#work;
    const open = await store.openSlices(this.#work);
    const isCanceling = of.state === 'CANCELING';
    this.#isEnding = isCanceling || of.stalledMs > patienceMs;
    const queue = this.#isEnding ? open.filter(isUntold) : inOrder(open);
    if (queue.length === 0 && isCanceling) return this.#finish('CANCELED');
    if (queue.length === 0) return this.#giveUp(open);
    const preview = await spool.readPreview(of.id);
    const read = createRowReader(
      of.progress.mapping,
      preview?.columns ?? [],
      of.progress.dateFormat ?? 'ISO',
    );
    const timers = [
      setTimeout(() => this.#endLate(), endsWithinMs),
      setInterval(() => void this.#tick().catch(() => undefined), tickMs),
    ];
    try {
      await this.#sendAll(queue, read);
    } finally {
      for (const timer of timers) clearTimeout(timer);
      await this.#writing;
    }
    if (this.#end?.kind === 'change') await this.#closeUntold();
    if (this.#end !== undefined) return this.#end;
    // Those that wait come first.
    const lookUpSeconds = this.#isLeft ? 0 : this.#lookUpSeconds;
    if (lookUpSeconds > 0 && this.#delaySeconds === undefined)
      await store.noteProgress(this.#work, this.#progress, 'LOOK_UP');
    return { kind: 'again', delaySeconds: this.#delaySeconds ?? lookUpSeconds };
  }

  /** One slice alone where the last job got nowhere; from its success on, some at a time. */
  async #sendAll(
    queue: readonly Pick<StoredSlice, 'firstRow' | 'lookUps' | 'state'>[],
    read: (row: FileRow) => RowReading,
  ): Promise<void> {
    const left = queue.values();
    const sendSome = async () => {
      for (const { firstRow } of left) {
        if (!this.#goesOn()) {
          this.#isLeft = true;
          return;
        }
        await this.#sendOne(firstRow, read);
        if (isProbing) return;
      }
    };
    let isProbing = this.#progress.stalls > 0;
    if (isProbing) await sendSome();
    isProbing = false;
    const all = await Promise.allSettled(Array.from({ length: slicesAtATime }, sendSome));
    const failed = all.find(({ status }) => status === 'rejected');
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  }

  #goesOn(): boolean {
    const isLate = performance.now() - this.#startedAt > begunWithinMs;
    return (
      !isLate && !this.#stop.signal.aborted && this.#end === undefined && this.#delaySeconds === undefined
    );
  }

  async #sendOne(firstRow: number, read: (row: FileRow) => RowReading): Promise<void> {
    const { store, spool } = this.#parts;
    const { import: of } = this.#work;
    const taken = await store.takeSlice(this.#work, firstRow);
    if (taken === null) return this.#lose();
    const known = knowledgeOf(taken);
    if (taken.isTooOld) return this.#moveOn(taken, known);
    try {
      const rows = await spool.readRows(of.id, taken);
      await giveWay();
      const signal = this.#isEnding ? onlyLookedUp : this.#stop.signal;
      const results = await sendSlice(this.#account, of, { firstRow, rows, read, known }, signal);
      await giveWay();
      const stopped = !signal.aborted ? null : this.#isLate ? late : notSent;
      await this.#tell(taken, known, outcomesOf(known, results, stopped), rows);
    } catch (error) {
      await this.#refuse(taken, known, error);
    }
  }

  /** Notes what became of a slice. */
  async #tell(
    taken: TakenSlice,
    known: SliceKnowledge,
    outcomes: readonly RowOutcome[],
    rows: readonly FileRow[],
  ): Promise<void> {
    const wasStopped = this.#isEnding || (this.#stop.signal.aborted && !this.#isLate);
    const before = tallyOf(known.outcomes);
    const after = tallyOf(outcomes);
    const accepted = settledOf(after.counts) - settledOf(before.counts);
    const wentOn = accepted > 0 ? true : wasStopped || after.counts.notSent === 0 ? undefined : false;
    // With nothing unknown left, there is nothing to look up: what was not accepted waits for the end, or is sent again.
    const lookUps = after.counts.unknown > 0 ? taken.lookUps + 1 : 0;
    await this.#write(
      taken,
      { ...known, outcomes },
      { state: 'told', lookUps, wentOn, waitingFor: waitingReasonOf(outcomes) },
      () => {
        recount(this.#progress, before, after);
        for (const [n, outcome] of outcomes.entries())
          if (outcome !== known.outcomes[n]) noteError(this.#progress, rows[n]?.line ?? 0, outcome);
        this.#progress.rate = this.#rate();
      },
    );
    if (after.counts.unknown === 0 || lookUps > lookUpPauses.length) return;
    this.#lookUpSeconds = Math.max(this.#lookUpSeconds, lookUpPauses[lookUps - 1] ?? 0);
  }

  /** Its key may not be used any more, or stands for other records. */
  async #moveOn(taken: TakenSlice, known: SliceKnowledge): Promise<void> {
    const next = underNextKey(known, taken.state === 'sending');
    const end = { state: 'waiting', lookUps: 0, wentOn: undefined, waitingFor: this.#waitingFor } as const;
    await this.#write(taken, next, end, () =>
      recount(this.#progress, tallyOf(known.outcomes), tallyOf(next.outcomes)),
    );
  }

  /** Nothing was sent now: it is again as it was, and the job ends. */
  async #refuse(taken: TakenSlice, known: SliceKnowledge, error: unknown): Promise<void> {
    if (error instanceof IdempotencyConflict) return this.#moveOn(taken, known);
    const { state, lookUps } = taken;
    const restore = (waitingFor: WaitingReason | null, as = state) =>
      this.#write(taken, known, { state: as, lookUps, wentOn: false, waitingFor }, () => undefined);
    const fail = (failure: NonNullable<Change['failure']>) => {
      this.#end = {
        kind: 'change',
        to: ({ progress }) => ({ state: 'FAILED', progress: closed(progress), failure }),
      };
    };
    if (error instanceof Overloaded || error instanceof RateLimited) {
      this.#delaySeconds = Math.min(60, error.retryAfterSeconds);
      return restore(error instanceof RateLimited ? 'RATE_LIMITED' : 'OVERLOADED');
    }
    if (error instanceof UnknownCampaign) {
      // Then nothing was ever sent under its key.
      await restore(null, 'waiting');
      return fail({ kind: 'UNKNOWN_CAMPAIGN', message: error.message, line: null });
    }
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    // What was cut off cannot be looked up without its rows.
    if (state === 'sending') await this.#moveOn(taken, known);
    else await restore(null);
    fail(failure);
  }

  async #write(
    { firstRow }: TakenSlice,
    { base, outcomes, attempt }: SliceKnowledge,
    end: {
      state: StoredSlice['state'];
      lookUps: number;
      wentOn: boolean | undefined;
      waitingFor: WaitingReason | null;
    },
    count: () => void,
  ): Promise<void> {
    const { state, lookUps, wentOn, waitingFor } = end;
    const isLookedUp = lookUps <= lookUpPauses.length && state === 'told';
    const unsettled = outcomes.filter(
      (outcome) => isOpen(outcome) || (isLookedUp && outcome.end === 'unknown'),
    );
    await giveWay();
    const packed = { base: packOutcomes(base), outcomes: outcomes === base ? null : packOutcomes(outcomes) };
    const writing = this.#writing.then(async () => {
      // Nobody knows whether the one before was counted.
      if (this.#isBroken) throw new Error('An earlier end could not be written');
      this.#isBroken = true;
      count();
      if (wentOn === true) this.#progress.stalls = 0;
      if (wentOn === false && this.#delaySeconds === undefined) {
        this.#progress.stalls++;
        this.#delaySeconds = Math.min(longestPauseSeconds, 2 ** Math.min(10, this.#progress.stalls - 1));
      }
      // One slice's success is no end of what another one waits for.
      if (wentOn !== true) this.#waitingFor = waitingFor ?? this.#waitingFor;
      else if (this.#delaySeconds === undefined) this.#waitingFor = null;
      const written = { firstRow, ...packed, attempt, state, open: unsettled.length, lookUps, wentOn };
      const told = { progress: this.#progress, waitingFor: this.#waitingFor };
      const isMine = await this.#parts.store.endSlice(this.#work, { ...written, ...told });
      this.#isBroken = false;
      return isMine;
    });
    this.#writing = writing.catch(() => undefined);
    if (!(await writing)) this.#lose();
  }

  #endLate(): void {
    if (this.#stop.signal.aborted) return;
    this.#isLate = true;
    this.#stop.cancel('caller-gone');
  }

  #lose(): void {
    this.#end = { kind: 'lost' };
    this.#stop.cancel('caller-gone');
  }

  /** Looks whether it was paused, cancelled or taken over, and why it waits. */
  async #tick(): Promise<void> {
    const { store } = this.#parts;
    if (!(await store.stands(this.#work))) return this.#lose();
    const { pausedSeconds, breaker } = this.#account.dialer.state();
    const waitingFor = pausedSeconds > 0 ? 'THROTTLED' : breaker === 'open' ? 'DIALER_UNAVAILABLE' : null;
    if (waitingFor === null || waitingFor === this.#waitingFor) return;
    this.#waitingFor = waitingFor;
    const noted = this.#writing.then(() =>
      this.#isBroken ? false : store.noteProgress(this.#work, this.#progress, waitingFor),
    );
    this.#writing = noted.catch(() => undefined);
    await noted;
  }

  #rate(): number | null {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const rows = settledOf(this.#progress.counts) - this.#rowsBefore;
    return seconds < 0.2 || rows <= 0 ? this.#progress.rate : rows / seconds;
  }

  #finish(state: ImportState): RunEnd {
    return { kind: 'change', to: ({ progress }) => ({ state, progress: closed(progress) }) };
  }

  /** The end of patience: what was told as not accepted has failed. */
  async #giveUp(open: readonly Pick<StoredSlice, 'firstRow' | 'state'>[]): Promise<RunEnd> {
    for (const { firstRow, state } of open)
      if (state !== 'waiting')
        await this.#settle(firstRow, (outcome) =>
          outcome.code === null ? outcome : { ...outcome, end: 'failed' },
        );
    return this.#end ?? this.#finish('FINISHED');
  }

  /** It ends as it is: of what was cut off nobody learns what became of it. */
  async #closeUntold(): Promise<void> {
    for (const { firstRow, state } of await this.#parts.store.openSlices(this.#work))
      if (state === 'sending') await this.#settle(firstRow, () => untold);
  }

  /** Gives the rows of a slice that are open another outcome. */
  async #settle(firstRow: number, change: (outcome: RowOutcome) => RowOutcome): Promise<void> {
    const taken = await this.#parts.store.takeSlice(this.#work, firstRow);
    if (taken === null) return this.#lose();
    const known = knowledgeOf(taken);
    const outcomes = known.outcomes.map((outcome) => (isOpen(outcome) ? change(outcome) : outcome));
    const before = tallyOf(known.outcomes);
    const end = {
      state: 'told',
      lookUps: lookUpPauses.length + 1,
      wentOn: undefined,
      waitingFor: null,
    } as const;
    await this.#write(taken, { ...known, outcomes }, end, () =>
      recount(this.#progress, before, tallyOf(outcomes)),
    );
  }
}

/** Aborted from the start: what was sent is looked up, and nothing is sent. */
const onlyLookedUp = (() => {
  const stop = new StopController();
  stop.cancel('caller-gone');
  return stop.signal;
})();

function isUntold({ state, lookUps }: Pick<StoredSlice, 'state' | 'lookUps'>): boolean {
  return state === 'sending' || (state === 'told' && lookUps > 0 && lookUps <= lookUpPauses.length);
}

function inOrder<Slice extends Pick<StoredSlice, 'state'>>(slices: readonly Slice[]): Slice[] {
  const of = (wanted: StoredSlice['state']) => slices.filter(({ state }) => state === wanted);
  return [...of('sending'), ...of('waiting'), ...of('told')];
}

function settledOf({ scheduled, failed, skipped, unknown }: Omit<Progress['counts'], 'total'>): number {
  return scheduled + failed + skipped + unknown;
}
