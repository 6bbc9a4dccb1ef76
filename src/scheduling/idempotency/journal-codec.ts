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
    const kept = new KeptOutcomes([], []);
    for (const [count, answer, sending] of packed.rows)
      for (let n = 0; n < count; n++) {
        kept.answers.push(packed.answers[answer] ?? lost);
        kept.sendings.push(notes[sending] ?? null);
      }
    return kept;
  }

  pack(aheadMs: number): string {
    const answers = new Numbered<CandidateAnswer>((answer) => answer);
    const sendings = new Numbered<Sending>(({ name, sentAt }) => [name, sentAt + aheadMs]);
    const rows: Packed['rows'] = [];
    let last: Packed['rows'][number] | undefined;
    for (const [position, answer] of this.answers.entries()) {
      const numbered = answers.numberOf(answer);
      const sending = this.sendings[position];
      const sent = answer.kind === 'unknown' && sending ? sendings.numberOf(sending) : -1;
      if (last?.[1] === numbered && last[2] === sent) last[0]++;
      else {
        last = [1, numbered, sent];
        rows.push(last);
      }
    }
    return JSON.stringify({ answers: answers.forms, sendings: sendings.forms, rows });
  }

  put(position: number, answer: CandidateAnswer, sending: Sending | null): void {
    this.answers[position] = answer;
    this.sendings[position] = answer.kind === 'unknown' ? sending : null;
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

/** `rows`: how many, which answer, and which sending or -1. */
interface Packed {
  answers: CandidateAnswer[];
  sendings: [name: string, sentAt: number][];
  rows: [count: number, answer: number, sending: number][];
}

/** Numbers values by what they say; the same object is looked at once. */
class Numbered<Value extends object> {
  readonly forms: unknown[] = [];
  readonly #form: (value: Value) => unknown;
  readonly #byObject = new Map<Value, number>();
  readonly #byText = new Map<string, number>();

  constructor(form: (value: Value) => unknown) {
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

/** The answer to one range, for the journal: of rows, the different answers, and for each row which of them it has. */
export function packAnswer(answer: ChunkAnswer): string {
  if (answer.kind !== 'rows') return JSON.stringify(answer);
  const answers = new Numbered<CandidateAnswer>((row) => row);
  const rows = answer.rows.map((row) => answers.numberOf(row));
  return JSON.stringify({ kind: 'rows', answers: answers.forms, rows });
}

export function unpackAnswer(text: string): ChunkAnswer {
  const packed = JSON.parse(text) as
    | Exclude<ChunkAnswer, { kind: 'rows' }>
    | { kind: 'rows'; answers: RowAnswer[]; rows: number[] };
  if (packed.kind !== 'rows') return packed;
  return { kind: 'rows', rows: packed.rows.map((number) => packed.answers[number] ?? lost) };
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

/** All candidates of a plan. */
export function packRange({ start, size }: RowRange): string {
  return JSON.stringify([[start, size]]);
}
