// Schedules records of the dialer's list anew, at another time: those of one campaign in one pass. A record that passes the checks is a
// candidate, and has a position for as long as the request's key is kept. What is kept of it does not need its row in the list, which
// may be gone when a run that was cut off is gone on from.
// States of a candidate, as in scheduling/idempotency/journal-codec.ts: settled (scheduled, refused, expired) · unknown · may be sent.
// An unknown one is looked up by its row; without the row it stays unknown. Nothing is sent whose former record may not be moved any more.

import type { ListedRow } from '../dialer/listed-row.ts';
import type { StopSignal } from '../foundation/cancellation.ts';
import { moved } from '../scheduling/conclude.ts';
import { formatDialerTime } from '../scheduling/dialer-time.ts';
import type { CandidateAnswer } from '../scheduling/dispatch.ts';
import { partOf, type RoundJournal } from '../scheduling/idempotency/journal.ts';
import { KeptOutcomes, maySend, unsent } from '../scheduling/idempotency/journal-codec.ts';
import type { Failure, Outcome } from '../scheduling/outcome.ts';
import type { PreparedPass } from '../scheduling/pass-steps.ts';
import type { PlanCircumstances, ScheduleRequest } from '../scheduling/plan.ts';
import type { CheckedRecord } from '../scheduling/record.ts';
import { Overloaded, RateLimited } from '../scheduling/request-error.ts';
import type { Scheduling } from '../scheduling/scheduling.ts';
import type { IncomingRequest, Origin } from '../telemetry/events.ts';
import type { Target } from './cancel.ts';
import { type Keeping, NotKept } from './kept-answers.ts';
import type { NewRecord } from './new-rows.ts';
import { type Anew, noOutcome, otherVersion } from './reschedule-outcome.ts';
import type { RowReader } from './row-reader.ts';

/** What is kept of the records that are scheduled anew. */
export interface KeptAnew {
  /** Records that were checked together. */
  groups: KeptGroup[];
  /** What became of each candidate, in the order of the groups; null where nothing was sent. */
  answers: string | null;
}

interface KeptGroup {
  campaignName: string;
  circumstances: PlanCircumstances;
  candidates: KeptCandidate[];
}

/**
 * `untouched`: this request has sent no deletion of it. `deleting`: it is about to, or has, so that where it is gone that was this
 * request. `changed`: somebody else has cancelled or rescheduled it, and the new one is to be taken back.
 */
export type FormerState = 'untouched' | 'deleting' | 'changed';

interface KeptCandidate extends Anew {
  /** Of the former record. */
  id: string;
  former: FormerState;
  /** Of what tells its row in the dialer's list: campaign, number and time. */
  digest: string;
}

/** A record, its former row, and its new time. */
export interface Move {
  readonly id: string;
  readonly scheduledTime: string;
  readonly target: Target;
}

export interface AnewTerms
  extends Pick<
    ScheduleRequest,
    'timeZone' | 'credential' | 'recordsPerMinute' | 'idempotencyKey' | 'validateOnly'
  > {
  signal: StopSignal;
  incoming: IncomingRequest;
  origin: Origin;
}

export interface AnewParts {
  scheduling: Scheduling;
  reader: RowReader;
  /** A keyed digest of a text. */
  digest(text: string): string;
  /** Takes what nobody expected. */
  report(error: unknown): void;
}

/** `unsent`: certainly not accepted, for a reason that may pass. `refused`: for one that does not. */
export type AnewState = 'new' | 'scheduled' | 'unknown' | 'unsent' | 'refused';

export interface Permission {
  /** Whether a record may be sent now. */
  mayBegin(id: string): boolean;
  /** Epoch milliseconds after which none may be sent; undefined: that is far ahead. */
  writeBy: number | undefined;
}

/** One campaign's pass. */
interface OpenPass {
  readonly prepared: PreparedPass;
  /** Of the records of its request. */
  readonly moves: readonly Move[];
  /** Of its plan's candidates. */
  readonly positions: readonly number[];
  /** What is known of its plan's candidates. */
  readonly outcomes: KeptOutcomes;
  /** The candidates that are to be sent. */
  readonly due: readonly number[];
}

export class SchedulingAnew {
  readonly #parts: AnewParts;
  readonly #terms: AnewTerms;
  readonly #groups: KeptGroup[];
  readonly #outcomes: KeptOutcomes;
  readonly #candidates: KeptCandidate[];
  readonly #positions: Map<string, number>;

  constructor(
    parts: AnewParts,
    terms: AnewTerms,
    { before, aheadMs, readRound }: Pick<Keeping<KeptAnew>, 'before' | 'aheadMs' | 'readRound'>,
  ) {
    this.#parts = parts;
    this.#terms = terms;
    this.#groups = before?.groups ?? [];
    this.#candidates = this.#groups.flatMap(({ candidates }) => candidates);
    this.#positions = new Map(this.#candidates.map(({ id }, position) => [id, position]));
    const { answers = null } = before ?? {};
    this.#outcomes =
      answers === null
        ? KeptOutcomes.ofUnsent(this.#candidates.length)
        : KeptOutcomes.unpack(answers, aheadMs);
    readRound(this.#outcomes);
  }

  stateOf(id: string): AnewState {
    const position = this.#positions.get(id);
    if (position === undefined) return 'new';
    const answer = this.#answerAt(position);
    if (answer.kind === 'scheduled' || answer.kind === 'unknown') return answer.kind;
    return maySend(answer) ? 'unsent' : 'refused';
  }

  /** The new record; undefined where none is scheduled for certain. */
  anewOf(id: string): Anew | undefined {
    const position = this.#positions.get(id) ?? -1;
    const candidate = this.#candidates[position];
    const answer = this.#answerAt(position);
    if (candidate === undefined || answer.kind !== 'scheduled') return undefined;
    const { id: _, digest: __, former: ___, ...anew } = candidate;
    if (answer.dialerTime === null) return anew;
    const { campaignName } = anew;
    const taken = moved({ ...anew }, answer.dialerTime, this.#parts.reader.zoneOf(campaignName));
    return { ...taken, ...this.shiftOf(campaignName, taken.shiftedFrom) };
  }

  /** What tells the row of a record that is scheduled. */
  traceOf(id: string): Pick<NewRecord, 'digest' | 'sentTime'> {
    const { digest, dialerTime } = this.#candidateAt(id);
    return { digest, sentTime: dialerTime };
  }

  /** What `traceOf` tells of a listed row, had it been sent for this time. */
  digestOf(row: ListedRow, sentTime: string): string {
    const number = this.#parts.reader.numberOfRow(row) ?? row.number;
    return this.#parts.digest(JSON.stringify([row.campaignName, number, sentTime]));
  }

  formerOf(id: string): FormerState {
    return this.#candidateAt(id).former;
  }

  noteFormer(id: string, state: FormerState): void {
    this.#candidateAt(id).former = state;
  }

  noteNewId(id: string, newId: string): void {
    this.#candidateAt(id).newId = newId;
  }

  /** `shiftedFrom`: the time that was asked for, where calling hours have moved the record. */
  shiftOf(campaignName: string, shiftedFrom: number | null): Pick<Anew, 'shiftedFrom' | 'askedTime'> {
    const zone = this.#parts.reader.zoneOf(campaignName);
    return { shiftedFrom, askedTime: shiftedFrom === null ? null : formatDialerTime(shiftedFrom, zone) };
  }

  kept(aheadMs: number): KeptAnew {
    return { groups: this.#groups, answers: this.#outcomes.pack(aheadMs) };
  }

  /**
   * Schedules records anew, as far as they may be. `begin`: writes down which positions are sent next. Returns what became of each that is
   * not scheduled, or, with `validateOnly`, could be. Rejects with a NotKept where another process has taken the request over.
   */
  async run(
    moves: readonly Move[],
    permission: Permission,
    begin: (positions: readonly number[]) => Promise<RoundJournal | undefined>,
  ): Promise<Map<string, Outcome | Failure>> {
    const results = new Map<string, Outcome | Failure>();
    const passes = [...(await this.#goOn(moves, permission, results)), ...(await this.#prepareNew(moves))];
    const positions = passes.flatMap((pass) => pass.due.map((n) => pass.positions[n] as number));
    const journal = positions.length > 0 ? await begin(positions) : undefined;
    let offset = 0;
    const sending: Promise<void>[] = [];
    for (const pass of passes) {
      sending.push(this.#send(pass, journal && partOf(journal, offset), permission, results));
      offset += pass.due.length;
    }
    await Promise.all(sending);
    if (journal?.isLost()) throw new NotKept('lost');
    return results;
  }

  /** The passes of records that are no candidates so far. */
  async #prepareNew(moves: readonly Move[]): Promise<OpenPass[]> {
    const byCampaign = new Map<string, Move[]>();
    for (const move of moves) {
      if (this.#positions.has(move.id)) continue;
      const { campaignName } = move.target.row;
      byCampaign.set(campaignName, [...(byCampaign.get(campaignName) ?? []), move]);
    }
    const passes: OpenPass[] = [];
    for (const [campaignName, own] of byCampaign) {
      const prepared = await this.#parts.scheduling.steps.prepare(this.#requestOf(campaignName, own));
      const { plan, circumstances } = prepared;
      const candidates = plan.candidates.map((record) =>
        this.#candidateOf(own[record.index] as Move, record),
      );
      const positions = candidates.map((candidate) => this.#add(candidate));
      if (candidates.length > 0) this.#groups.push({ campaignName, circumstances, candidates });
      const outcomes = KeptOutcomes.ofUnsent(candidates.length);
      passes.push({ prepared, moves: own, positions, outcomes, due: [...candidates.keys()] });
    }
    return passes;
  }

  /** The passes of candidates of earlier runs. What is unknown of them is looked up. */
  async #goOn(
    moves: readonly Move[],
    { mayBegin }: Permission,
    results: Map<string, Outcome | Failure>,
  ): Promise<OpenPass[]> {
    const byId = new Map(moves.map((move) => [move.id, move]));
    const passes = this.#groups.map(async ({ campaignName, circumstances, candidates }) => {
      const own = candidates.flatMap(({ id }) => byId.get(id) ?? []);
      if (own.length === 0) return [];
      const prepared = await this.#parts.scheduling.steps.prepare(
        this.#requestOf(campaignName, own),
        circumstances,
      );
      const positions = own.map(({ id }) => this.#positions.get(id) as number);
      if (!this.#isSame(prepared, own, positions)) {
        for (const { id } of own) results.set(id, otherVersion);
        return [];
      }
      const outcomes = KeptOutcomes.ofUnsent(positions.length);
      const isIn = new Set(positions);
      for (const [n, position] of positions.entries()) {
        const sending = this.#outcomes.sendings[position] ?? null;
        // Without its sending it is not looked up.
        outcomes.put(n, this.#answerAt(position), sending && this.#hasTwin(position, isIn) ? null : sending);
      }
      const found = await this.#parts.scheduling.steps.lookUp(prepared, outcomes, this.#terms.signal);
      this.#take(positions, outcomes);
      return [
        {
          prepared,
          moves: own,
          positions,
          outcomes,
          due: found.filter((n) => mayBegin((own[n] as Move).id)),
        },
      ];
    });
    return (await Promise.all(passes)).flat();
  }

  /** Whether the rules of this version make the same rows of the records as those under which they may have been sent. */
  #isSame({ plan }: PreparedPass, own: readonly Move[], positions: readonly number[]): boolean {
    return (
      plan.candidates.length === own.length &&
      plan.candidates.every(
        (record, n) =>
          this.#candidateOf(own[n] as Move, record).digest === this.#candidates[positions[n] ?? -1]?.digest,
      )
    );
  }

  /** Whether there may be a row of the same number and time for another record, and nobody knows which. */
  #hasTwin(position: number, isIn: ReadonlySet<number>): boolean {
    const digest = this.#candidates[position]?.digest;
    return this.#candidates.some((other, at) => {
      if (at === position || isIn.has(at) || other.digest !== digest || other.newId !== null) return false;
      const { kind } = this.#answerAt(at);
      return kind === 'scheduled' || kind === 'unknown';
    });
  }

  async #send(
    { prepared, moves, positions, outcomes, due }: OpenPass,
    journal: RoundJournal | undefined,
    { writeBy }: Permission,
    results: Map<string, Outcome | Failure>,
  ): Promise<void> {
    const { signal, incoming } = this.#terms;
    const sending = { outcomes, positions: due, journal, writeBy, signal, incoming };
    try {
      const { results: own } = await this.#parts.scheduling.steps.send(prepared, sending);
      for (const [n, { id }] of moves.entries()) results.set(id, own[n] ?? noOutcome);
    } catch (error) {
      if (!(error instanceof RateLimited || error instanceof Overloaded)) this.#parts.report(error);
      for (const n of due) outcomes.put(n, failed, null);
      for (const { id } of moves) results.set(id, failureOfRequest(error));
    }
    this.#take(positions, outcomes);
  }

  #requestOf(campaignName: string, moves: readonly Move[]): ScheduleRequest {
    const { timeZone, credential, recordsPerMinute, idempotencyKey, validateOnly, origin } = this.#terms;
    return {
      timeZone,
      credential,
      recordsPerMinute,
      idempotencyKey,
      validateOnly,
      origin,
      campaignName,
      records: moves.map(({ target, scheduledTime }) => ({
        ...this.#parts.reader.recordOf(target.row),
        scheduledTime,
      })),
      duplicates: 'ALLOW',
      errorPolicy: 'REJECT_FAILED_RECORDS',
      known: new Set([
        ...moves.map(({ id }) => id),
        ...this.#candidates.flatMap(({ id, newId }) => (newId === null ? [id] : [id, newId])),
      ]),
      report: this.#parts.report,
    };
  }

  #candidateOf(
    { id, target }: Move,
    { phoneNumber, scheduledTime, dialerTime, shiftedFrom }: CheckedRecord,
  ): KeptCandidate {
    const { campaignName } = target.row;
    return {
      id,
      former: 'untouched',
      newId: null,
      campaignName,
      formerScheduledTime: target.time === Infinity ? null : target.time,
      scheduledTime,
      dialerTime,
      ...this.shiftOf(campaignName, shiftedFrom),
      digest: this.#parts.digest(JSON.stringify([campaignName, phoneNumber, dialerTime])),
    };
  }

  #add(candidate: KeptCandidate): number {
    const position = this.#candidates.push(candidate) - 1;
    this.#positions.set(candidate.id, position);
    this.#outcomes.put(position, unsent, null);
    return position;
  }

  /** Takes over what was learned of candidates. */
  #take(positions: readonly number[], outcomes: KeptOutcomes): void {
    for (const [n, position] of positions.entries())
      this.#outcomes.put(
        position,
        outcomes.answers[n] ?? unsent,
        outcomes.sendings[n] ?? this.#outcomes.sendings[position] ?? null,
      );
  }

  /** Of a record that is one. */
  #candidateAt(id: string): KeptCandidate {
    return this.#candidates[this.#positions.get(id) ?? -1] as KeptCandidate;
  }

  #answerAt(position: number): CandidateAnswer {
    return this.#outcomes.answers[position] ?? unsent;
  }
}

const failed: CandidateAnswer = { kind: 'unknown', reason: 'an unexpected error in this service' };

function failureOfRequest(error: unknown): Failure {
  if (!(error instanceof RateLimited || error instanceof Overloaded)) return noOutcome;
  const { message, retryAfterSeconds } = error;
  return { kind: 'DialerThrottledError', message, retryAfterSeconds };
}
