// What is known of each candidate of a kept request, and the text that the store keeps of it: small, since most rows have
// the same answer.

import type { ChunkAnswer, RowAnswer } from '../../dialer/chunk.ts';
import type { RowRange } from '../../dialer/row-range.ts';
import type { CandidateAnswer } from '../dispatch.ts';

/** When a candidate was last sent, and under which name; what is looked up is looked up by it. */
export interface Sending {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

/**
 * One entry for each candidate, in the plan's order:
 * settled (scheduled, refused, expired) · unknown, with its sending · may be sent (unavailable, throttled, unrecorded).
 */
export class KeptOutcomes {
  readonly answers: CandidateAnswer[];
  readonly sendings: (Sending | null)[];

  private constructor(answers: CandidateAnswer[], sendings: (Sending | null)[]) {
    this.answers = answers;
    this.sendings = sendings;
  }

  /** Of a request of which nothing was sent so far. */
  static ofUnsent(count: number): KeptOutcomes {
    return new KeptOutcomes(new Array(count).fill(unsent), new Array(count).fill(null));
  }

  /** `aheadMs`: what the database's clock shows more than this process's. */
  static unpack(text: string, aheadMs: number): KeptOutcomes {
    const packed = JSON.parse(text) as Packed;
    const notes = packed.sendings.map(([name, at]): Sending => ({ name, sentAt: at - aheadMs }));
    const sendings = packed.rows.flatMap(([count, , sending]) =>
      new Array<Sending | null>(count).fill(notes[sending] ?? null),
    );
    return new KeptOutcomes(unpackRows(packed), sendings);
  }

  pack(aheadMs: number): string {
    return JSON.stringify(packRows(this.answers, this.sendings, aheadMs));
  }

  put(position: number, answer: CandidateAnswer, sending: Sending | null): void {
    this.answers[position] = answer;
    this.sendings[position] = answer.kind === 'unknown' ? sending : null;
  }

  /** There turned out to be no more candidates than that. */
  limit(count: number): void {
    this.answers.length = count;
    this.sendings.length = count;
  }

  /** Whether asking again could neither learn nor send anything. */
  isSettled(): boolean {
    return this.answers.every((answer) => answer.kind !== 'unknown' && !maySend(answer));
  }
}

/** Certainly not accepted, for a reason that may pass. */
export function maySend({ kind }: CandidateAnswer): boolean {
  return kind === 'unavailable' || kind === 'throttled' || kind === 'unrecorded';
}

export const unsent: CandidateAnswer = { kind: 'unavailable', reason: 'it was not sent', passing: false };
const lost: RowAnswer = { kind: 'unknown', reason: 'its answer was not kept' };

/** The different answers and sendings, and rows in runs: how many, which answer, and which sending or -1. */
interface Packed {
  answers: CandidateAnswer[];
  sendings: [name: string, sentAt: number][];
  rows: [count: number, answer: number, sending: number][];
}

function packRows(
  rows: readonly CandidateAnswer[],
  sendingOf: readonly (Sending | null)[],
  aheadMs: number,
): Packed {
  const answers = new Numbered<CandidateAnswer, CandidateAnswer>((answer) => answer);
  const sendings = new Numbered<Sending, [string, number]>(({ name, sentAt }) => [name, sentAt + aheadMs]);
  const runs: Packed['rows'] = [];
  let last: Packed['rows'][number] | undefined;
  for (const [position, answer] of rows.entries()) {
    const numbered = answers.numberOf(answer);
    const sending = sendingOf[position];
    const sent = answer.kind === 'unknown' && sending ? sendings.numberOf(sending) : -1;
    if (last?.[1] === numbered && last[2] === sent) last[0]++;
    else {
      last = [1, numbered, sent];
      runs.push(last);
    }
  }
  return { answers: answers.forms, sendings: sendings.forms, rows: runs };
}

function unpackRows({ answers, rows }: Pick<Packed, 'answers' | 'rows'>): CandidateAnswer[] {
  return rows.flatMap(([count, answer]) => new Array<CandidateAnswer>(count).fill(answers[answer] ?? lost));
}

/** Numbers values by what they say; the same object is looked at once. */
class Numbered<Value extends object, Form> {
  readonly forms: Form[] = [];
  readonly #form: (value: Value) => Form;
  readonly #byObject = new Map<Value, number>();
  readonly #byText = new Map<string, number>();

  constructor(form: (value: Value) => Form) {
    this.#form = form;
  }

  numberOf(value: Value): number {
    let number = this.#byObject.get(value);
    if (number !== undefined) return number;
    const form = this.#form(value);
    const text = JSON.stringify(form);
    number = this.#byText.get(text) ?? this.forms.push(form) - 1;
    this.#byText.set(text, number);
    this.#byObject.set(value, number);
    return number;
  }
}

/** The answer to one range, for the journal. */
export function packAnswer(answer: ChunkAnswer): string {
  return JSON.stringify(answer.kind === 'rows' ? { kind: 'rows', ...packRows(answer.rows, [], 0) } : answer);
}

export function unpackAnswer(text: string): ChunkAnswer {
  const packed = JSON.parse(text) as
    | Exclude<ChunkAnswer, { kind: 'rows' }>
    /** An earlier version kept a number for each row. */
    | { kind: 'rows'; answers: RowAnswer[]; rows: (number | Packed['rows'][number])[] };
  if (packed.kind !== 'rows') return packed;
  const rows = packed.rows.map((run): Packed['rows'][number] =>
    typeof run === 'number' ? [1, run, -1] : run,
  );
  return { kind: 'rows', rows: unpackRows({ answers: packed.answers, rows }) as RowAnswer[] };
}

/** Positions of candidates, in order, as the store keeps them: ranges of them. */
export function packPositions(positions: readonly number[]): string {
  const ranges: [start: number, size: number][] = [];
  let last: [start: number, size: number] | undefined;
  for (const position of positions)
    if (last !== undefined && position === last[0] + last[1]) last[1]++;
    else {
      last = [position, 1];
      ranges.push(last);
    }
  return JSON.stringify(ranges);
}

export function unpackPositions(text: string): number[] {
  const ranges = JSON.parse(text) as [start: number, size: number][];
  return ranges.flatMap(([start, size]) => Array.from({ length: size }, (_, n) => start + n));
}

/** All candidates of a plan, or more. */
export function packRange({ start, size }: RowRange): string {
  return JSON.stringify([[start, size]]);
}
