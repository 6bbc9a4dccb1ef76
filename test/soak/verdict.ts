// Everything that was told, held against the sandbox's ledger. What is promised under a key:
// once told scheduled, there, once, and always told so · once told failed, never there · told "not accepted, ask again":
// not there at that moment · unknown may become anything, and what may be sent again anything too · settled stays settled.
//
// An answer travels. Where others asked with the same key at the same time, one of them may have had a record sent after
// this answer was true and before it arrived; a replica that stood still meanwhile may hold it up for seconds. Such an answer
// is judged by what was so when it set out at the latest, and counted as stale where it was overtaken.

import type { LedgerRow, SeenRequest } from '../../src/sandbox/sandbox.ts';
import type { Result, Try } from './caller.ts';
import {
  type KeyStory,
  lastOf,
  type Openness,
  openness,
  shapeOf,
  type Violation,
  type ViolationKind,
} from './story.ts';

export interface LedgerDump {
  readonly rows: readonly LedgerRow[];
  readonly requests: readonly SeenRequest[];
  readonly tokensGenerated: number;
}

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What was done to the processes meanwhile. */
export interface Circumstances {
  /** When a replica stood still, by its number. */
  readonly pauses: readonly (readonly Interval[])[];
  /** When a replica could not reach its database, or had just come back to it. */
  readonly outages: readonly (readonly Interval[])[];
}

export interface Verdict {
  readonly violations: Violation[];
  /** Records by the kind of the first answer, and of the last. */
  readonly first: ReadonlyMap<string, number>;
  readonly last: ReadonlyMap<string, number>;
  /** Why records were told first that they were not accepted, or that nobody knows. */
  readonly reasons: ReadonlyMap<string, number>;
  readonly answers: number;
  /** Records that were unknown or to be sent again, and clear in a later answer. */
  readonly learned: number;
  /** Records that were clear, and unknown in a later answer of a replica that could not look, or that lost the key. */
  readonly forgotten: number;
  readonly stale: number;
  readonly unknownInLedger: number;
  readonly unknownNotInLedger: number;
}

/** From the moment when an answer is true to the moment when its caller has it, on a busy machine. */
const travelMs = 2000;
/** How long a request may be under way yet that its caller has given up. */
const lingersMs = 20_000;

export function judge(
  stories: Iterable<KeyStory>,
  ledger: LedgerDump,
  circumstances: Circumstances,
): Verdict {
  const rows = createRowFinder(ledger);
  const court = new Court(rows, circumstances, ledger);
  const numbers = new Set<string>();
  for (const story of stories) {
    for (const { number } of story.mutation.leads) numbers.add(number);
    court.hear(story);
  }
  for (const number of rows.numbers())
    if (!numbers.has(number)) court.blame('false', `nobody asked for ${number}`);
  return court;
}

class Court implements Verdict {
  readonly violations: Violation[] = [];
  readonly first = new Map<string, number>();
  readonly last = new Map<string, number>();
  readonly reasons = new Map<string, number>();
  answers = 0;
  learned = 0;
  forgotten = 0;
  stale = 0;
  unknownInLedger = 0;
  unknownNotInLedger = 0;
  readonly #rows: RowFinder;
  readonly #circumstances: Circumstances;
  readonly #ledger: LedgerDump;

  constructor(rows: RowFinder, circumstances: Circumstances, ledger: LedgerDump) {
    this.#rows = rows;
    this.#circumstances = circumstances;
    this.#ledger = ledger;
  }

  blame(kind: ViolationKind, text: string): void {
    this.violations.push({ kind, text });
  }

  hear(story: KeyStory): void {
    const answered = story.tries
      .filter(({ payload }) => payload !== null)
      .sort((one, other) => one.endedAt - other.endedAt);
    for (const { payload } of answered) {
      const fault = payload && shapeOf(story.mutation, payload);
      if (!fault) continue;
      this.blame('shape', `${story.mutation.key}: ${fault}`);
      return;
    }
    this.answers += answered.length;
    const moments = answered.map((attempt) => this.#momentOf(attempt, story));
    for (const index of story.mutation.leads.keys()) this.#hearRecord(story, answered, moments, index);
  }

  #hearRecord(story: KeyStory, answered: readonly Try[], moments: readonly number[], index: number): void {
    const rows = this.#rows.of(story.mutation.leads[index]?.number ?? '');
    const describe = () => describeRecord(story, index, rows, this.#ledger.requests);
    if (rows.length > 1) this.blame('twice', describe());
    let settled: { result: Result; attempt: Try } | undefined;
    let wasOpen = false;
    for (const [n, attempt] of answered.entries()) {
      const result = attempt.payload?.results[index];
      if (result === undefined) continue;
      if (n === 0) this.#countFirst(result);
      const kind = openness(result);
      if (this.#isFalse(result, kind, attempt, moments[n] ?? 0, rows))
        this.blame(kind === 'settled' && rows.length === 0 ? 'lost' : 'false', describe());
      if (settled !== undefined) this.#compare(settled, { result, attempt }, story, describe);
      else if (kind === 'settled') {
        settled = { result, attempt };
        if (wasOpen) this.learned++;
      } else wasOpen = true;
    }
    const last = lastOf(story)?.payload?.results[index];
    if (last === undefined) return;
    count(this.last, last.__typename);
    if (openness(last) === 'unknown') {
      if (rows.length > 0) this.unknownInLedger++;
      else this.unknownNotInLedger++;
    }
    if (openness(last) === 'retryable') this.blame(rows.length > 0 ? 'false' : 'unsettled', describe());
  }

  #isFalse(
    { __typename }: Result,
    kind: Openness,
    { endedAt }: Try,
    moment: number,
    rows: readonly LedgerRow[],
  ): boolean {
    if (kind === 'unknown') return false;
    if (kind === 'retryable') {
      if (rows.some((row) => this.#rows.wasUnderWay(row, moment))) return true;
      if (rows.some(({ createdAt }) => createdAt <= endedAt)) this.stale++;
      return false;
    }
    if (__typename === 'ScheduledRecord') return !rows.some(({ createdAt }) => createdAt <= endedAt);
    return rows.length > 0;
  }

  /**
   * What was settled stays so. A replica that could not look, or lost the key to another, may not know; nor does anybody where
   * the answer was told while its replica could not write it down, and was killed before it could.
   */
  #compare(
    was: { result: Result; attempt: Try },
    is: { result: Result; attempt: Try },
    story: KeyStory,
    describe: () => string,
  ): void {
    const kind = openness(is.result);
    if (kind === 'settled') {
      if (is.result.__typename !== was.result.__typename) this.blame('changed', describe());
      return;
    }
    const { attempt } = is;
    const excused =
      attempt.startedAt < was.attempt.endedAt ||
      (kind === 'unknown' &&
        ([was.attempt, attempt].some((one) => isIn(this.#circumstances.outages[one.replica], one)) ||
          overlapping(attempt, story).length > 0));
    if (excused) this.forgotten++;
    else this.blame('changed', describe());
  }

  /** The latest instant at which an answer must have been true. */
  #momentOf(attempt: Try, story: KeyStory): number {
    const { replica, startedAt, endedAt } = attempt;
    if (overlapping(attempt, story).length === 0) return endedAt;
    const setOut = endedAt - travelMs;
    const heldUp = (this.#circumstances.pauses[replica] ?? [])
      .filter(({ from, to }) => to >= setOut && from <= endedAt)
      .map(({ from }) => from - travelMs);
    return Math.max(startedAt, Math.min(setOut, ...heldUp));
  }

  #countFirst(result: Result): void {
    count(this.first, result.__typename);
    if (openness(result) === 'settled') return;
    const reason = /: (.*?)\. /.exec(result.message)?.[1] ?? result.message;
    count(this.reasons, `${result.__typename}: ${reason}`);
  }
}

/** Other requests with the same key that were, or may have been, under way meanwhile. */
function overlapping(attempt: Try, { tries }: KeyStory): Try[] {
  const { startedAt, endedAt } = attempt;
  return tries.filter((other) => {
    if (other === attempt) return false;
    const until = other.payload === null ? other.endedAt + lingersMs : other.endedAt;
    return other.startedAt <= endedAt && until >= startedAt;
  });
}

function isIn(intervals: readonly Interval[] = [], { startedAt, endedAt }: Try): boolean {
  return intervals.some(({ from, to }) => from <= endedAt && to >= startedAt);
}

interface RowFinder {
  of(number: string): readonly LedgerRow[];
  numbers(): Iterable<string>;
  /** Whether a row had been accepted by then, or was in a request that had reached the dialer: requests are numbered as they come. */
  wasUnderWay(row: LedgerRow, moment: number): boolean;
}

function createRowFinder({ rows }: LedgerDump): RowFinder {
  const byNumber = new Map<string, LedgerRow[]>();
  for (const row of rows) {
    const number = row.phoneNumber.replace(/\D/g, '').slice(-10);
    const others = byNumber.get(number);
    if (others === undefined) byNumber.set(number, [row]);
    else others.push(row);
  }
  let highest = 0;
  const arrivals = rows.map(({ createdAt, requestNumber }) => {
    highest = Math.max(highest, requestNumber);
    return { createdAt, highest };
  });
  return {
    of: (number) => byNumber.get(number) ?? [],
    numbers: () => byNumber.keys(),
    wasUnderWay({ createdAt, requestNumber }, moment) {
      if (createdAt <= moment) return true;
      // Rows are in the order of acceptance.
      let low = 0;
      let high = arrivals.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((arrivals[middle]?.createdAt ?? Infinity) <= moment) low = middle + 1;
        else high = middle;
      }
      return (arrivals[low - 1]?.highest ?? 0) > requestNumber;
    },
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function describeRecord(
  { mutation: { key, leads }, tries }: KeyStory,
  index: number,
  rows: readonly LedgerRow[],
  requests: readonly SeenRequest[],
): string {
  const time = (at: number) => (at === Infinity ? '…' : new Date(at).toISOString().slice(11, 23));
  return [
    `${leads[index]?.number}, record ${index} of ${leads.length} under ${key}`,
    ...tries.map(({ replica, startedAt, endedAt, payload }) => {
      const result = payload?.results[index];
      const told = result === undefined ? 'no answer' : `${result.__typename}: ${result.message}`;
      return `    ${time(startedAt)} to ${time(endedAt)} replica ${replica}: ${told}`;
    }),
    ...rows.map(({ id, createdAt, requestNumber }) => {
      const request = requests[requestNumber - 1];
      return `    ${time(createdAt)} ledger row ${id}, by request ${requestNumber} of ${request?.rows} rows, fault ${request?.fault}`;
    }),
  ].join('\n');
}
