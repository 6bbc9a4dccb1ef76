// Reads JSON of any length in slices: in one go, a long text would hold up every other request, and its pieces would have to be
// made one text.
// The reader finds the brackets, commas and strings of a text, cuts long lists and objects at their commas, and has JSON.parse
// read each piece. So JSON.parse decides what is JSON, and a cut is never made within a string.

import { giveWay } from './event-loop.ts';

/** Characters: JSON.parse takes about a millisecond for so many. */
const defaultSliceLength = 64 * 1024;

export interface ParseOptions {
  /** Characters that JSON.parse is given at a time; texts up to twice as long it reads whole. @default 65,536 */
  sliceLength?: number;
  /** How deep brackets may be nested, in a text that is read in slices. @default 256 */
  maxDepth?: number;
  /** Called while a text is read in slices, with the number of values since the last call. If it throws, the reading ends. */
  onValues?: (count: number) => void;
}

/** A text is nested deeper than `maxDepth`. */
export class TooDeep extends Error {}

/**
 * Reads what `JSON.parse` reads of the pieces of a text, and throws a SyntaxError for the rest, as it does. A long text's pieces are
 * taken out of the list as they are read.
 */
export async function parseJson(pieces: string[], options: ParseOptions = {}): Promise<unknown> {
  const { sliceLength = defaultSliceLength } = options;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return length <= 2 * sliceLength ? JSON.parse(pieces.join('')) : new SlicedText(options).parse(pieces);
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

/** Offsets are those in the whole text. */
class SlicedText {
  readonly #sliceLength: number;
  readonly #maxDepth: number;
  readonly #onValues: (count: number) => void;
  /** The text that may have to be read still, and where it begins. */
  #text = '';
  #textStart = 0;
  /** Where the piece begins that is looked at. */
  #pieceStart = 0;
  /** Whether a string has begun in a piece before, and how many backslashes that piece ended with. */
  #inString = false;
  #slashes = 0;
  /** The open brackets, outermost first: where each is, its code, and where the item begins that it is in. */
  readonly #opened: number[] = [];
  readonly #codes: number[] = [];
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

  constructor({ sliceLength = defaultSliceLength, maxDepth = 256, onValues = () => {} }: ParseOptions) {
    this.#sliceLength = sliceLength;
    this.#maxDepth = maxDepth;
    this.#onValues = onValues;
  }

  async parse(pieces: string[]): Promise<unknown> {
    for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
      this.#text += piece;
      for (let at = 0; at < piece.length; ) {
        at = this.#scan(piece, at, Math.min(at + this.#sliceLength, piece.length));
        this.#onValues(this.#values);
        this.#values = 0;
        await giveWay();
      }
      this.#pieceStart += piece.length;
      this.#dropRead();
    }
    if (this.#opened.length > 0) throw new SyntaxError('The end is missing');
    if (this.#rootEnd === -1) return JSON.parse(this.#text);
    this.#expectBlank(this.#rootEnd, this.#pieceStart);
    return this.#root;
  }

  #dropRead(): void {
    const needed = this.#parts.at(-1)?.from ?? Math.max(this.#rootEnd, 0);
    this.#text = this.#text.slice(needed - this.#textStart);
    this.#textStart = needed;
  }

  #slice(from: number, to: number): string {
    return this.#text.slice(from - this.#textStart, to - this.#textStart);
  }

  /** Goes through a piece from `start`, and cuts long parts. Returns where it stopped: after `end` if a string is there. */
  #scan(piece: string, start: number, end: number): number {
    const offset = this.#pieceStart;
    let at = this.#inString ? this.#endOfString(piece, start) + 1 : start;
    for (; at < end; at++) {
      const code = piece.charCodeAt(at);
      switch (code) {
        case quote:
          this.#slashes = 0;
          at = this.#endOfString(piece, at + 1);
          break;
        case comma:
          this.#values++;
          this.#itemStart = offset + at + 1;
          if (offset + at >= this.#lookAtCommasFrom) this.#passComma(offset + at);
          break;
        case openingBracket:
        case 0x7b:
          this.#open(offset + at, code);
          break;
        case 0x5d:
        case 0x7d:
          this.#close(offset + at, code);
      }
    }
    return at;
  }

  /** Of a string of which the piece has the characters from `start`. The piece's length if it ends in a later piece. */
  #endOfString(piece: string, start: number): number {
    for (let end = start; ; end++) {
      end = piece.indexOf('"', end);
      this.#inString = end === -1;
      if (this.#inString) end = piece.length;
      let slashes = 0;
      while (end - slashes > start && piece.charCodeAt(end - 1 - slashes) === backslash) slashes++;
      if (end - slashes === start) slashes += this.#slashes;
      if (this.#inString) this.#slashes = slashes;
      if (this.#inString || slashes % 2 === 0) return end;
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

  #open(at: number, code: number): void {
    this.#values++;
    // Lists of which each ends in another have no comma at which they could be cut.
    if (at - this.#readTo >= 2 * this.#sliceLength) this.#cutDownTo(this.#opened.length);
    this.#opened.push(at);
    this.#codes.push(code);
    this.#itemStarts.push(this.#itemStart);
    this.#itemStart = at + 1;
    this.#lookAtCommasFrom = at + this.#sliceLength;
    if (this.#opened.length > this.#maxDepth) throw new TooDeep();
  }

  #close(at: number, code: number): void {
    this.#opened.pop();
    const opening = this.#codes.pop() ?? 0;
    this.#itemStart = this.#itemStarts.pop() ?? 0;
    if (opening + toClosing !== code) throw new SyntaxError('A bracket too many');
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
      const isList = this.#codes[n] === openingBracket;
      this.#parts.push({ isList, items: [], from: openedAt + 1, key: '', afterPart: false });
      this.#readTo = openedAt + 1;
    }
  }

  /** Reads the items before the one that begins at `itemStart` and opens a bracket at `openedAt`, and the key of that one. */
  #readItemsBefore(part: Part, itemStart: number, openedAt: number): void {
    if (part.afterPart) throw new SyntaxError('Two values with no comma in between');
    if (part.from < itemStart) this.#readItems(part, itemStart - 1);
    if (part.isList) this.#expectBlank(itemStart, openedAt);
    else part.key = Object.keys(JSON.parse(`{${this.#slice(itemStart, openedAt)}[]}`))[0] as string;
  }

  /** Reads the items up to `end`, where a comma or the closing bracket is. There must be at least one. */
  #readItems(part: Part, end: number): void {
    const slice = this.#slice(part.from, end);
    if (blank.test(slice)) throw new SyntaxError('No value where one must be');
    const items = part.isList ? JSON.parse(`[${slice}]`) : Object.entries(JSON.parse(`{${slice}}`));
    for (const item of items) part.items.push(item);
    part.from = end + 1;
    this.#readTo = end + 1;
  }

  #expectBlank(from: number, to: number): void {
    if (!blank.test(this.#slice(from, to))) throw new SyntaxError('A value too many');
  }
}

/** As with JSON.parse, the last value counts of a key that comes twice, and `__proto__` is a key like any other. */
function valueOfPart({ isList, items }: Part): unknown {
  return isList ? items : Object.fromEntries(items as [string, unknown][]);
}
