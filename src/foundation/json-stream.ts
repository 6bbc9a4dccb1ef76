// JSON of any length, read and written a slice at a time: in one go it would hold up everybody else for as long as it takes.
// Reading finds the brackets, commas and strings of a text, cuts long lists and objects at their commas, and has JSON.parse
// read every piece. So what is no JSON is refused by JSON.parse, and cuts are made only where a comma is certain to be one.

import { breathe } from './event-loop.ts';

/** Characters. Native parsing and writing take about a millisecond for so many. */
const defaultSliceLength = 64 * 1024;

/** Deeper than this a text is read in one go: nothing that anybody means is. */
const deepestSliced = 256;

export interface ParseOptions {
  /** Characters that JSON.parse is given at a time; texts up to twice as long it reads whole. @default 65,536 */
  sliceLength?: number;
  /** Brackets within brackets that are taken; only of a text that is read in slices. @default Infinity */
  maxDepth?: number;
  /** Told, as a text is read in slices, how many more values it has; what it throws ends the reading. */
  onValues?: (count: number) => void;
}

/** Thrown where a text has more brackets within brackets than `maxDepth`. */
export class TooDeep extends Error {}

/** As `JSON.parse`, a SyntaxError included. */
export async function parseJson(text: string, options: ParseOptions = {}): Promise<unknown> {
  const { sliceLength = defaultSliceLength } = options;
  return text.length <= 2 * sliceLength ? JSON.parse(text) : new SlicedText(text, options).parse();
}

/** A list or an object that is read in pieces. */
interface Part {
  isList: boolean;
  /** Of a list, its items; of an object, keys and values. */
  items: unknown[];
  /** From where on it has not been read. */
  from: number;
  /** The key of the member that is open within it. */
  key: string;
  /** Whether a part within it has just been closed: then nothing but a comma or its own end may come. */
  afterPart: boolean;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openingBracket = 0x5b;
/** From an opening bracket's code to that of the one which closes it, for both kinds. */
const toClosing = 2;
const blank = /^[ \t\n\r]*$/;

class SlicedText {
  readonly #text: string;
  readonly #sliceLength: number;
  readonly #maxDepth: number;
  readonly #onValues: (count: number) => void;
  /** Of the brackets that are open, outermost first: where each stands, and where the item begins that it is in. */
  readonly #opened: number[] = [];
  readonly #itemStarts: number[] = [];
  /** Where the item begins that is being looked at. */
  #itemStart = 0;
  /** Of the outermost brackets, those that are read in pieces. */
  readonly #parts: Part[] = [];
  /** All before it has been read. */
  #readTo = 0;
  /** Commas before it are nothing but commas. */
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
      await breathe();
    }
    if (this.#opened.length > 0) throw new SyntaxError('The end is missing');
    if (this.#rootEnd === -1) return JSON.parse(this.#text);
    this.#expectBlank(this.#rootEnd, length);
    return this.#root;
  }

  /** Walks through the text, and cuts it where it has become long. Returns where it stopped, past `end` where a string is. */
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
    // Counted from the bracket, so that the cut lies between the records of a list and not within one.
    const since = Math.max(this.#readTo, this.#opened.at(-1) ?? 0);
    this.#lookAtCommasFrom = depth === 0 || isAfterPart ? -1 : since + this.#sliceLength;
  }

  #open(at: number): void {
    this.#values++;
    // Lists that each end in another would never be cut at a comma.
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
      this.#root = finished(part);
      this.#rootEnd = at + 1;
      return;
    }
    const value = finished(part);
    around.items.push(around.isList ? value : [around.key, value]);
    around.afterPart = true;
    around.from = at + 1;
  }

  /** Has the outermost `depth` brackets read in pieces, and all of their items that are complete. */
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

  /** The items before the one that begins at `itemStart` and opens a bracket at `openedAt`, and its key. */
  #readItemsBefore(part: Part, itemStart: number, openedAt: number): void {
    if (part.afterPart) throw new SyntaxError('Two values with no comma in between');
    if (part.from < itemStart) this.#readItems(part, itemStart - 1);
    if (part.isList) this.#expectBlank(itemStart, openedAt);
    else part.key = Object.keys(JSON.parse(`{${this.#text.slice(itemStart, openedAt)}[]}`))[0] as string;
  }

  /** The items up to `end`, where a comma or the closing bracket stands: there is one at least. */
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

/** Of a key that comes twice the last value counts, and one that is called `__proto__` is a key, as JSON.parse has it. */
function finished({ isList, items }: Part): unknown {
  return isList ? items : Object.fromEntries(items as [string, unknown][]);
}

/** As `JSON.stringify`, in pieces that are made as they are asked for; nothing of a value that has no text. */
export async function* writeJson(value: unknown, pieceLength = defaultSliceLength): AsyncGenerator<string> {
  yield* write(settled(value, ''), '', pieceLength, 0);
}

/** Whether the text of a value is longer than JSON.stringify should make at a time. */
export function isLong(value: unknown, pieceLength = defaultSliceLength): value is object {
  return isPlain(value) && pieceLength < lengthOf(value, pieceLength, 0);
}

/** Deeper than this a value is written in one go. */
const deepestWritten = 32;

/** `otherwise`: in place of a value that has no text. */
async function* write(
  value: unknown,
  otherwise: string,
  pieceLength: number,
  depth: number,
): AsyncGenerator<string> {
  if (depth > deepestWritten || !isLong(value, pieceLength)) yield textOf(value) ?? otherwise;
  else if (Array.isArray(value)) yield* writeList(value, pieceLength, depth + 1);
  else yield* writeMembers(value, pieceLength, depth + 1);
}

async function* writeMembers(value: object, pieceLength: number, depth: number): AsyncGenerator<string> {
  let before = '{';
  for (const [key, given] of Object.entries(value)) {
    const member = settled(given, key);
    if (!hasText(member)) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* write(member, '', pieceLength, depth);
    before = ',';
    await breathe();
  }
  yield before === '{' ? '{}' : '}';
}

async function* writeList(list: unknown[], pieceLength: number, depth: number): AsyncGenerator<string> {
  yield '[';
  for (let from = 0, to = 0; from < list.length; from = to) {
    to = endOfPiece(list, from, pieceLength);
    if (from > 0) yield ',';
    if (to > from + 1) yield JSON.stringify(list.slice(from, to)).slice(1, -1);
    else yield* write(settled(list[from], String(from)), 'null', pieceLength, depth);
    await breathe();
  }
  yield ']';
}

/** Of the items that are written at once; those that say themselves how, and by their place in the list, stand alone. */
function endOfPiece(list: unknown[], from: number, pieceLength: number): number {
  let length = 0;
  for (let to = from; to < list.length; to++) {
    length += lengthOf(list[to], pieceLength, 0);
    if (length > pieceLength || hasToJson(list[to])) return Math.max(to, from + 1);
  }
  return list.length;
}

/** What JSON.stringify writes of a value: what its `toJSON` says, which is asked once. */
function settled(value: unknown, key: string): unknown {
  if (!hasToJson(value)) return value;
  const said = value.toJSON(key);
  return hasToJson(said) ? { toJSON: () => said } : said;
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  return (
    (typeof value === 'object' || typeof value === 'bigint') &&
    typeof (value as { toJSON?: unknown } | null)?.toJSON === 'function'
  );
}

/** JSON.stringify says undefined of what has no text, whatever its type says. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value);
}

function hasText(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

/** Whether a value is a list or an object of which the text is its items' or members'. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || hasToJson(value)) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Field names have some ten, and some signs about them. */
const lengthOfKey = 14;

/** Characters of a value's text, roughly; where they are more than `enough`, some number above it. */
function lengthOf(value: unknown, enough: number, depth: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (!isPlain(value) || depth > deepestWritten) return 5;
  let length = 2;
  if (Array.isArray(value)) {
    for (let n = 0; n < value.length && length <= enough; n++)
      length += lengthOf(value[n], enough - length, depth + 1) + 1;
    return length;
  }
  for (const member of Object.values(value)) {
    if (length > enough) break;
    length += lengthOfKey + lengthOf(member, enough - length, depth + 1);
  }
  return length;
}
