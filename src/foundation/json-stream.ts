// Reads and writes JSON of any length in slices: in one go, a long text would hold up every other request.
// The reader finds the brackets, commas and strings of a text, cuts long lists and objects at their commas, and has JSON.parse
// read each piece. So JSON.parse decides what is JSON, and a cut is never made within a string.

import { giveWay } from './event-loop.ts';

/** Characters: JSON.parse and JSON.stringify take about a millisecond for so many. */
const defaultSliceLength = 64 * 1024;

/** A text that is nested deeper than this is read in one go; no sensible text is. */
const deepestSliced = 256;

export interface ParseOptions {
  /** Characters that JSON.parse is given at a time; texts up to twice as long it reads whole. @default 65,536 */
  sliceLength?: number;
  /** How deep brackets may be nested, in a text that is read in slices. @default Infinity */
  maxDepth?: number;
  /** Called while a text is read in slices, with the number of values since the last call. If it throws, the reading ends. */
  onValues?: (count: number) => void;
}

/** A text is nested deeper than `maxDepth`. */
export class TooDeep extends Error {}

/** Reads what `JSON.parse` reads, and throws a SyntaxError for the rest, as it does. */
export async function parseJson(text: string, options: ParseOptions = {}): Promise<unknown> {
  const { sliceLength = defaultSliceLength } = options;
  return text.length <= 2 * sliceLength ? JSON.parse(text) : new SlicedText(text, options).parse();
}

/** A list or an object that is read in pieces. */
interface Part {
  isList: boolean;
  /** A list's items, or an object's keys and values in pairs. */
  items: unknown[];
  /** Where the text begins that has not been read yet. */
  from: number;
  /** An object's key, while its value is read in pieces too. */
  key: string;
  /** Whether a part within it has just ended: then only a comma or its own end may follow. */
  afterPart: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openingBracket = 0x5b;
/** What is added to an opening bracket's code for that of its closing one, with both kinds. */
const toClosing = 2;
const blank = /^[ \t\n\r]*$/;

class SlicedText {
  readonly #text: string;
  readonly #sliceLength: number;
  readonly #maxDepth: number;
  readonly #onValues: (count: number) => void;
  /** The open brackets, outermost first: where each is, and where the item begins that it is in. */
  readonly #opened: number[] = [];
  readonly #itemStarts: number[] = [];
  /** Where the current item begins. */
  #itemStart = 0;
  /** The brackets that are read in pieces: the outermost ones. */
  readonly #parts: Part[] = [];
  /** The text before this has been read. */
  #readTo = 0;
  /** At commas before this nothing is cut. */
  #lookAtCommasFrom = -1;
  #values = 0;
  #root: unknown;
  #rootEnd = -1;

  constructor(text: string, options: ParseOptions) {
    this.#text = text;
    this.#sliceLength = options.sliceLength ?? defaultSliceLength;
    this.#maxDepth = options.maxDepth ?? Number.POSITIVE_INFINITY;
    this.#onValues = options.onValues ?? (() => {});
  }

  async parse(): Promise<unknown> {
    const { length } = this.#text;
    for (let at = 0; at < length; ) {
      at = this.#scan(at, Math.min(at + this.#sliceLength, length));
      if (this.#opened.length > deepestSliced) return JSON.parse(this.#text);
      this.#onValues(this.#values);
      this.#values = 0;
      await giveWay();
    }
    if (this.#opened.length > 0) throw new SyntaxError('The end is missing');
    if (this.#rootEnd === -1) return JSON.parse(this.#text);
    this.#expectBlank(this.#rootEnd, length);
    return this.#root;
  }

  /** Goes through the text from `start`, and cuts long parts. Returns where it stopped: after `end` if a string is there. */
  #scan(start: number, end: number): number {
    const text = this.#text;
    let at = start;
    for (; at < end; at++) {
      switch (text.charCodeAt(at)) {
        case quote:
          at = this.#endOfString(at);
          break;
        case comma:
          this.#values++;
          this.#itemStart = at + 1;
          if (at >= this.#lookAtCommasFrom) this.#passComma(at);
          break;
        case openingBracket:
        case 0x7b:
          this.#open(at);
          if (this.#opened.length > deepestSliced) return at;
          break;
        case 0x5d:
        case 0x7d:
          this.#close(at);
      }
    }
    return at;
  }

  #endOfString(start: number): number {
    const text = this.#text;
    for (let end = start; ; ) {
      end = text.indexOf('"', end + 1);
      if (end === -1) return text.length;
      if (text.charCodeAt(end - 1) !== backslash) return end;
      let slashes = 1;
      while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
      if (slashes % 2 === 0) return end;
    }
  }

  #passComma(at: number): void {
    const depth = this.#opened.length;
    if (depth === 0) throw new SyntaxError('A comma outside of every list and object');
    const part = this.#parts.at(-1);
    if (this.#parts.length === depth && part?.afterPart) {
      this.#expectBlank(part.from, at);
      part.afterPart = false;
      part.from = at + 1;
    } else {
      this.#cutDownTo(depth);
      this.#readItems(this.#parts[depth - 1] as Part, at);
    }
    this.#lookAtCommas();
  }

  #lookAtCommas(): void {
    const depth = this.#opened.length;
    const isAfterPart = this.#parts.length === depth && this.#parts.at(-1)?.afterPart;
    // The length is counted from the bracket, so that a list is cut between its records and not within one.
    const since = Math.max(this.#readTo, this.#opened.at(-1) ?? 0);
    this.#lookAtCommasFrom = depth === 0 || isAfterPart ? -1 : since + this.#sliceLength;
  }

  #open(at: number): void {
    this.#values++;
    // Lists of which each ends in another have no comma at which they could be cut.
    if (at - this.#readTo >= 2 * this.#sliceLength) this.#cutDownTo(this.#opened.length);
    this.#opened.push(at);
    this.#itemStarts.push(this.#itemStart);
    this.#itemStart = at + 1;
    this.#lookAtCommasFrom = at + this.#sliceLength;
    if (this.#opened.length > this.#maxDepth) throw new TooDeep();
  }

  #close(at: number): void {
    const openedAt = this.#opened.pop() ?? -1;
    this.#itemStart = this.#itemStarts.pop() ?? 0;
    if (this.#text.charCodeAt(openedAt) + toClosing !== this.#text.charCodeAt(at))
      throw new SyntaxError('A bracket too many');
    if (this.#parts.length > this.#opened.length) this.#endPart(this.#parts.pop() as Part, at);
    this.#lookAtCommas();
  }

  #endPart(part: Part, at: number): void {
    if (part.afterPart) this.#expectBlank(part.from, at);
    else this.#readItems(part, at);
    this.#readTo = at + 1;
    const around = this.#parts.at(-1);
    if (around === undefined) {
      this.#root = valueOfPart(part);
      this.#rootEnd = at + 1;
      return;
    }
    const value = valueOfPart(part);
    around.items.push(around.isList ? value : [around.key, value]);
    around.afterPart = true;
    around.from = at + 1;
  }

  /** Makes the outermost `depth` brackets into parts, and reads the items of theirs that are complete. */
  #cutDownTo(depth: number): void {
    while (this.#parts.length < depth) {
      const n = this.#parts.length;
      const openedAt = this.#opened[n] as number;
      const around = this.#parts.at(-1);
      if (this.#rootEnd !== -1) throw new SyntaxError('A value too many');
      if (around === undefined) this.#expectBlank(0, openedAt);
      else this.#readItemsBefore(around, this.#itemStarts[n] as number, openedAt);
      const isList = this.#text.charCodeAt(openedAt) === openingBracket;
      this.#parts.push({ isList, items: [], from: openedAt + 1, key: '', afterPart: false });
      this.#readTo = openedAt + 1;
    }
  }

  /** Reads the items before the one that begins at `itemStart` and opens a bracket at `openedAt`, and the key of that one. */
  #readItemsBefore(part: Part, itemStart: number, openedAt: number): void {
    if (part.afterPart) throw new SyntaxError('Two values with no comma in between');
    if (part.from < itemStart) this.#readItems(part, itemStart - 1);
    if (part.isList) this.#expectBlank(itemStart, openedAt);
    else part.key = Object.keys(JSON.parse(`{${this.#text.slice(itemStart, openedAt)}[]}`))[0] as string;
  }

  /** Reads the items up to `end`, where a comma or the closing bracket is. There must be at least one. */
  #readItems(part: Part, end: number): void {
    const slice = this.#text.slice(part.from, end);
    if (blank.test(slice)) throw new SyntaxError('No value where one must be');
    const items = part.isList ? JSON.parse(`[${slice}]`) : Object.entries(JSON.parse(`{${slice}}`));
    for (const item of items) part.items.push(item);
    part.from = end + 1;
    this.#readTo = end + 1;
  }

  #expectBlank(from: number, to: number): void {
    if (!blank.test(this.#text.slice(from, to))) throw new SyntaxError('A value too many');
  }
}

/** As with JSON.parse, the last value counts of a key that comes twice, and `__proto__` is a key like any other. */
function valueOfPart({ isList, items }: Part): unknown {
  return isList ? items : Object.fromEntries(items as [string, unknown][]);
}

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
export async function* writeJson(value: unknown, pieceLength = defaultSliceLength): AsyncGenerator<string> {
  yield* write(afterToJson(value, ''), '', pieceLength, 0);
}

/** Whether a value's text is longer than JSON.stringify should make in one go. */
export function isLong(value: unknown, pieceLength = defaultSliceLength): value is object {
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
