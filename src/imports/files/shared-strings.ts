// A workbook's shared strings: each text once, which cells name by its number. They are kept as bytes, beside one another, since a
// workbook may have millions, and strings that were cut from a larger one would keep all of that.

import { unescapeText } from './cell-text.ts';
import { UnsupportedFile } from './unsupported-file.ts';
import type { XmlHandler } from './xml.ts';

const mostBytes = 64 * 1024 * 1024;
const mostStrings = 4_000_000;
const blockBytes = 1024 * 1024;

export class SharedStrings {
  readonly #blocks: Buffer[] = [];
  /** Where each begins, over all blocks; and its length. */
  #starts = new Uint32Array(1024);
  #lengths = new Uint32Array(1024);
  #count = 0;
  #end = 0;

  add(text: string): void {
    const length = Buffer.byteLength(text);
    // A text lies within one block.
    if (length > blockBytes || this.#count === mostStrings) throw tooLarge();
    if ((this.#end % blockBytes) + length > blockBytes || this.#blocks.length * blockBytes === this.#end)
      this.#end = this.#blocks.push(Buffer.allocUnsafeSlow(blockBytes)) * blockBytes - blockBytes;
    if (this.#end + length > mostBytes) throw tooLarge();
    if (this.#count === this.#starts.length) {
      this.#starts = grown(this.#starts);
      this.#lengths = grown(this.#lengths);
    }
    this.#blocks.at(-1)?.write(text, this.#end % blockBytes);
    this.#starts[this.#count] = this.#end;
    this.#lengths[this.#count++] = length;
    this.#end += length;
  }

  /** Undefined where there is none of that number. */
  get(index: number): string | undefined {
    if (!(index < this.#count)) return undefined;
    const start = this.#starts[index] ?? 0;
    const within = start % blockBytes;
    const block = this.#blocks[(start - within) / blockBytes];
    return block?.toString('utf8', within, within + (this.#lengths[index] ?? 0));
  }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2);
  larger.set(array);
  return larger;
}

function tooLarge(): UnsupportedFile {
  return new UnsupportedFile(
    'TOO_LARGE',
    `The workbook has more than ${mostStrings} different texts, or ${mostBytes} bytes of them: split it into several, or save it as CSV.`,
  );
}

/** Hands each string on: the text of its runs, without what is said of its pronunciation. */
export function sharedStringsHandler(add: (text: string) => void): XmlHandler {
  let text = '';
  let isText = false;
  let isPhonetic = false;
  return {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') isPhonetic = true;
      else if (name === 't') isText = !isPhonetic;
    },
    text(more) {
      if (isText) text += more;
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'rPh') isPhonetic = false;
      else if (name === 'si') add(unescapeText(text));
    },
  };
}
