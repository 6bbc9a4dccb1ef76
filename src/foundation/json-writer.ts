// Writes JSON of any length in slices: in one go, a long text would hold up every other request.

import { giveWay } from './event-loop.ts';

/** Characters: JSON.stringify takes about a millisecond for so many. */
const defaultPieceLength = 64 * 1024;

/** A long list whose items are written already. */
export class WrittenList {
  /** The text of some items each, with commas between them. */
  readonly #pieces: readonly string[];

  constructor(pieces: readonly string[]) {
    this.#pieces = pieces;
  }

  *pieces(): Generator<string> {
    let before = '[';
    for (const piece of this.#pieces) {
      yield before;
      yield piece;
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  }

  /** For those who write a value in one go. */
  toJSON(): unknown {
    return JSON.parse([...this.pieces()].join(''));
  }
}

/** The text of `JSON.stringify`, in pieces that are made when they are asked for. A value that it leaves out has no text. */
export async function* writeJson(value: unknown, pieceLength = defaultPieceLength): AsyncGenerator<string> {
  yield* write(afterToJson(value, ''), '', pieceLength, 0);
}

/** Whether a value's text is longer than JSON.stringify should make in one go. */
export function isLong(value: unknown, pieceLength = defaultPieceLength): value is object {
  return isPlain(value) && pieceLength < lengthOf(value, pieceLength, 0);
}

/** A value that is nested deeper than this is written in one go. */
const deepestWritten = 32;

/** `otherwise` is written for a value that has no text. */
async function* write(
  value: unknown,
  otherwise: string,
  pieceLength: number,
  depth: number,
): AsyncGenerator<string> {
  if (value instanceof WrittenList) yield* value.pieces();
  else if (depth > deepestWritten || !isLong(value, pieceLength)) yield textOf(value) ?? otherwise;
  else if (Array.isArray(value)) yield* writeList(value, pieceLength, depth + 1);
  else yield* writeMembers(value, pieceLength, depth + 1);
}

async function* writeMembers(value: object, pieceLength: number, depth: number): AsyncGenerator<string> {
  let before = '{';
  for (const [key, given] of Object.entries(value)) {
    const member = afterToJson(given, key);
    if (!hasText(member)) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* write(member, '', pieceLength, depth);
    before = ',';
    await giveWay();
  }
  yield before === '{' ? '{}' : '}';
}

async function* writeList(list: unknown[], pieceLength: number, depth: number): AsyncGenerator<string> {
  yield '[';
  for (let from = 0, to = 0; from < list.length; from = to) {
    to = endOfPiece(list, from, pieceLength);
    if (from > 0) yield ',';
    if (to > from + 1) yield JSON.stringify(list.slice(from, to)).slice(1, -1);
    else yield* write(afterToJson(list[from], String(from)), 'null', pieceLength, depth);
    await giveWay();
  }
  yield ']';
}

/** Up to which item one piece goes. An item with a `toJSON`, which is given its index, is a piece of its own. */
function endOfPiece(list: unknown[], from: number, pieceLength: number): number {
  let length = 0;
  for (let to = from; to < list.length; to++) {
    length += lengthOf(list[to], pieceLength, 0);
    if (length > pieceLength || hasToJson(list[to])) return Math.max(to, from + 1);
  }
  return list.length;
}

/** What JSON.stringify would write of a value: the result of its `toJSON`, which is called once. */
function afterToJson(value: unknown, key: string): unknown {
  if (value instanceof WrittenList) return value;
  if (!hasToJson(value)) return value;
  const result = value.toJSON(key);
  return hasToJson(result) ? { toJSON: () => result } : result;
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  return (
    (typeof value === 'object' || typeof value === 'bigint') &&
    typeof (value as { toJSON?: unknown } | null)?.toJSON === 'function'
  );
}

/** JSON.stringify returns undefined for a value without a text, which its type does not say. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value);
}

function hasText(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

/** Whether a value is a list or an object whose text is made of those of its items or members. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || hasToJson(value)) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A field name has about ten characters, and a few signs around it. */
const lengthOfKey = 14;

/** The length of a value's text, roughly. If it is more than `enough`, any number above that. */
function lengthOf(value: unknown, enough: number, depth: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (value instanceof WrittenList) return Infinity;
  if (!isPlain(value) || depth > deepestWritten) return 5;
  let length = 2;
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length && length <= enough; n++)
      length += lengthOf(value[n], enough - length, depth + 1) + 1;
    return length;
  }
  // A list of the values would be made for each record of an answer.
  for (const key in value) {
    if (length > enough) break;
    const member: unknown = (value as Record<string, unknown>)[key];
    length += lengthOfKey + lengthOf(member, enough - length, depth + 1);
  }
  return length;
}
