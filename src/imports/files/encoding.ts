// How a text file's bytes are read as characters. A byte order mark says it; else the whole file is looked at, since the first
// letter that tells encodings apart may stand in its last row. What could be read in two ways is refused.

import { isAscii, isUtf8 } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import iconv from 'iconv-lite';
import { type ByteSource, readBytes } from './bytes.ts';
import type { Encoding } from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';

const saveAgain = 'Save it as "CSV UTF-8"';
const names: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 (little-endian)',
  'utf-16be': 'UTF-16 (big-endian)',
  'windows-1252': 'windows-1252',
};

/** Goes through the whole file. `asked`: what the caller says. */
export async function findEncoding(source: ByteSource, asked: Encoding | undefined): Promise<Encoding> {
  let reading: Scan | undefined;
  for await (const piece of readBytes(source)) {
    reading ??= new Scan(firstGuess(piece, asked), asked !== undefined);
    reading.push(piece);
  }
  return reading === undefined ? 'utf-8' : reading.end();
}

/** Undefined where the bytes have to be gone through to know. */
function firstGuess(start: Buffer, asked: Encoding | undefined): Encoding | undefined {
  const marked = markOf(start);
  if (marked !== undefined && asked !== undefined && marked !== asked)
    throw new UnsupportedFile(
      'WRONG_ENCODING',
      `The file begins with the byte order mark of ${names[marked]}, and is said to be in ${names[asked]}: leave the encoding out.`,
      1,
    );
  return marked ?? asked ?? (start.includes(0) ? wideGuess(start) : undefined);
}

function markOf(start: Buffer): Encoding | undefined {
  if (start.length >= 4 && ['fffe0000', '0000feff'].includes(start.toString('hex', 0, 4)))
    throw new UnsupportedFile('WRONG_ENCODING', `The file is in UTF-32, which is not read. ${saveAgain}.`, 1);
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start.length === 1 && (start[0] ?? 0) >= 0xfe)
    throw new UnsupportedFile('CORRUPT', 'The file has one byte: it was cut off. Upload it again.', 1);
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : undefined;
}

/** Digits, delimiters and line ends have a zero byte in UTF-16, always on the same side. */
function wideGuess(start: Buffer): Encoding | undefined {
  const zeros: [number, number] = [0, 0];
  for (let at = start.indexOf(0); at !== -1; at = start.indexOf(0, at + 1)) zeros[at % 2 === 0 ? 0 : 1]++;
  const [even, odd] = zeros;
  const few = start.length / 20;
  if (odd > few && even * 8 < odd) return 'utf-16le';
  return even > few && odd * 8 < even ? 'utf-16be' : undefined;
}

/** windows-1252 has no character for these. */
const unassigned = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/** Goes by lines, since one that is whole tells more than a piece that is cut within a character. */
class Scan {
  readonly #given: Encoding | undefined;
  readonly #asked: boolean;
  #rest: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #line = 1;
  /** Lines with letters beyond ASCII that are UTF-8, and that are not: the first of each. */
  #utf8Line: number | undefined;
  #otherLine: number | undefined;
  #unassignedLine: number | undefined;

  constructor(given: Encoding | undefined, asked: boolean) {
    this.#given = given;
    this.#asked = asked;
  }

  push(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#given?.startsWith('utf-16')) return;
    const all = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const end = cutOf(all);
    this.#rest = Buffer.from(all.subarray(end));
    this.#look(all.subarray(0, end));
  }

  end(): Encoding {
    if (this.#given?.startsWith('utf-16')) return this.#wide(this.#given);
    const cutOff = this.#otherLine === undefined && isCutOff(this.#rest);
    this.#look(this.#rest);
    const given = this.#given;
    const other = this.#otherLine;
    if (given === 'utf-8' || (given === undefined && other === undefined)) {
      if (other === undefined) return 'utf-8';
      throw new UnsupportedFile(
        'WRONG_ENCODING',
        `The file is ${this.#asked ? 'said' : 'marked'} to be in UTF-8, and line ${other} is not. ${saveAgain}.`,
        other,
      );
    }
    if (given === undefined) this.#assertOneEncoding(other ?? 1, cutOff);
    if (this.#unassignedLine !== undefined)
      throw new UnsupportedFile(
        'WRONG_ENCODING',
        `Line ${this.#unassignedLine} has bytes that are neither UTF-8 nor windows-1252. ${saveAgain}.`,
        this.#unassignedLine,
      );
    return 'windows-1252';
  }

  #wide(encoding: Encoding): Encoding {
    if (this.#bytes % 2 === 0) return encoding;
    throw new UnsupportedFile(
      'CORRUPT',
      `The file is in ${names[encoding]} and ends within a character: it was cut off. Upload it again.`,
    );
  }

  #assertOneEncoding(other: number, cutOff: boolean): void {
    if (cutOff)
      throw new UnsupportedFile(
        'CORRUPT',
        'The file ends within a character of UTF-8: it was cut off. Upload it again, or say that its encoding is windows-1252.',
        other,
      );
    if (this.#utf8Line !== undefined)
      throw new UnsupportedFile(
        'WRONG_ENCODING',
        `Line ${this.#utf8Line} is in UTF-8 and line ${other} is not: the file was put together from several. ${saveAgain}, or say which encoding all of it has.`,
        other,
      );
  }

  #look(bytes: Buffer): void {
    const zero = bytes.indexOf(0);
    if (zero !== -1) {
      const line = this.#line + breaksIn(bytes.subarray(0, zero));
      throw new UnsupportedFile(
        'NOT_A_TABLE',
        `Line ${line} has a byte that is zero, which no text has: the file is broken, or no table. Upload CSV, JSON lines or XLSX.`,
        line,
      );
    }
    if (!isAscii(bytes)) this.#lookAtLetters(bytes);
    this.#line += breaksIn(bytes);
  }

  #lookAtLetters(bytes: Buffer): void {
    if (this.#utf8Line !== undefined && this.#given !== 'windows-1252' && isUtf8(bytes)) return;
    let line = this.#line;
    for (let from = 0; from < bytes.length; line++) {
      const end = bytes.indexOf(10, from);
      const text = bytes.subarray(from, end === -1 ? bytes.length : end);
      from = end === -1 ? bytes.length : end + 1;
      if (isAscii(text)) continue;
      if (isUtf8(text)) this.#utf8Line ??= line;
      else this.#otherLine ??= line;
      if (unassigned.some((byte) => text.includes(byte))) this.#unassignedLine ??= line;
    }
  }
}

/** Up to where a piece is looked at: the end of a line, or at least of a character. */
function cutOf(bytes: Buffer): number {
  const lineEnd = bytes.lastIndexOf(10) + 1;
  if (lineEnd > 0) return lineEnd;
  for (let end = bytes.length; end > 0; end--) if ((bytes[end - 1] ?? 0) < 0x80) return end;
  return bytes.length;
}

/** Whether nothing but its last character, of which some bytes are missing, keeps a text from being UTF-8. */
function isCutOff(text: Buffer): boolean {
  let lead = text.length - 1;
  while (lead > text.length - 3 && ((text[lead] ?? 0) & 0xc0) === 0x80) lead--;
  const byte = text[lead] ?? 0;
  const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
  return byte >= 0xc2 && byte <= 0xf4 && text.length - lead < length && isUtf8(text.subarray(0, lead));
}

/** Where there are no line feeds, carriage returns may end lines. */
function breaksIn(bytes: Buffer): number {
  const mark = bytes.includes(10) ? 10 : 13;
  let breaks = 0;
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) breaks++;
  return breaks;
}

export interface TextDecoding {
  write(bytes: Buffer): string;
  end(): string;
}

/** Decodes pieces that are cut anywhere. The byte order mark is not in the text. */
export function createTextDecoding(encoding: Encoding): TextDecoding {
  let isStart = true;
  const decoder = decoderOf(encoding);
  return {
    write(bytes) {
      const text = decoder.write(bytes);
      if (!isStart || text === '') return text;
      isStart = false;
      return text.startsWith('\uFEFF') ? text.slice(1) : text;
    },
    end: () => decoder.end() ?? '',
  };
}

function decoderOf(encoding: Encoding): { write(bytes: Buffer): string; end(): string | undefined } {
  switch (encoding) {
    case 'utf-8':
      return new StringDecoder('utf8');
    case 'utf-16le':
      return new StringDecoder('utf16le');
    case 'utf-16be':
    case 'windows-1252':
      // Node 20's own decoder of windows-1252 takes 0x80 to 0x9F for control characters in some of its versions.
      return iconv.getDecoder(encoding);
  }
}
