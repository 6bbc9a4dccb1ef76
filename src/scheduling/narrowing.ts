// Which parts of a refused chunk are sent next: the dialer refuses a chunk as a whole, and says neither which row it is for, nor
// always that it is for a row. This file decides, and sends nothing.
//
// States of a pass:
// - halving, at first: a refused part is halved, and both halves are sent.
// - doubtful, from halving, after so many refusals in words that are not known and with nothing scheduled: the refusals may
//   concern the request and not a row. Refused parts are set aside. One at a time, the smallest first, is halved.
// - sampling, from doubtful, once so many rows have been refused alone: the last row of each part set aside is tried.
// - certain, from any of these, as soon as a row is scheduled: refusals concern rows. All that was set aside is narrowed down.
// - refused, from any, once the account or the campaign is refused: all that has no answer yet is answered so, and not sent.
// Where nothing is left to try in sampling, the refusals of what was set aside stand.

import type { ChunkAnswer, Refusal } from '../dialer/chunk.ts';
import { halvesOf, type RowRange } from '../dialer/row-range.ts';

export type RefusedRange = RowRange & { readonly answer: ChunkAnswer & { kind: 'refused' } };

type State =
  | { kind: 'halving' | 'doubtful' | 'sampling' | 'certain' }
  | { kind: 'refused'; refusal: Refusal };

/** Refusals in unknown words that make a pass doubtful, and rows refused alone that make it sample. */
const manyRefusals = 8;

export class Narrowing {
  #state: State = { kind: 'halving' };
  #unknownRefusals = 0;
  #rowsRefusedAlone = 0;
  #setAside: RefusedRange[] = [];
  /** What was set aside, without the last row, which was tried. */
  #sampled: RefusedRange[] = [];

  /** The refusal of the account or the campaign, with which all that is not sent yet is answered. */
  get refusal(): Refusal | undefined {
    return this.#state.kind === 'refused' ? this.#state.refusal : undefined;
  }

  /**
   * Takes the answer to a range. Returns its parts, which are to be sent in its place; undefined where the answer is the range's
   * own; none where the range is set aside for now.
   */
  learn(range: RowRange, answer: ChunkAnswer): readonly RowRange[] | undefined {
    if (answer.kind === 'rows' && answer.rows.some(({ kind }) => kind === 'scheduled'))
      this.#enter('certain');
    if (answer.kind !== 'refused') return undefined;
    const { refusal } = answer;
    if (refusal.reason === 'account-or-campaign') {
      this.#state = { kind: 'refused', refusal };
      return undefined;
    }
    if (refusal.reason === 'other') this.#countUnknown(range);
    if (range.size === 1) return undefined;
    const isDoubtful = this.#state.kind === 'doubtful' || this.#state.kind === 'sampling';
    if (refusal.reason !== 'other' || !isDoubtful) return halvesOf(range);
    this.#setAside.push({ ...range, answer });
    return [];
  }

  /** What is to be sent next of what was set aside, once all before has its answers; undefined: nothing more. */
  next(): Iterable<RowRange> | undefined {
    const { kind } = this.#state;
    if (kind === 'certain' || kind === 'refused') return this.#takeAll();
    if (this.#setAside.length === 0) return undefined;
    if (kind === 'sampling') return this.#samples();
    // A part of a part is set aside again, so the smallest leads to single rows on the shortest way.
    this.#setAside.sort((one, other) => one.size - other.size);
    const smallest = this.#setAside.shift();
    return smallest && halvesOf(smallest);
  }

  /** The ranges whose refusals stand, when nothing more is to be sent. */
  standing(): readonly RefusedRange[] {
    return [...this.#setAside, ...this.#sampled];
  }

  #takeAll(): readonly RowRange[] | undefined {
    const parts = [
      ...this.#setAside.flatMap(halvesOf),
      ...this.#sampled.map(({ start, size }) => ({ start, size })),
    ];
    this.#setAside = [];
    this.#sampled = [];
    return parts.length > 0 ? parts : undefined;
  }

  /** One after the other as they are wanted: after a row that is scheduled, the rest needs no sample. */
  *#samples(): Iterable<RowRange> {
    while (this.#state.kind === 'sampling') {
      const range = this.#setAside.shift();
      if (range === undefined) return;
      this.#sampled.push({ ...range, size: range.size - 1 });
      yield { start: range.start + range.size - 1, size: 1 };
    }
  }

  #countUnknown({ size }: RowRange): void {
    this.#unknownRefusals++;
    if (size === 1) this.#rowsRefusedAlone++;
    if (this.#state.kind === 'halving' && this.#unknownRefusals >= manyRefusals) this.#enter('doubtful');
    if (this.#state.kind === 'doubtful' && this.#rowsRefusedAlone >= manyRefusals) this.#enter('sampling');
  }

  #enter(kind: Exclude<State['kind'], 'refused'>): void {
    if (this.#state.kind !== 'refused') this.#state = { kind };
  }
}
