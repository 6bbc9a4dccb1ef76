// Reads a JSON object with one long list in it while its text comes: the list's items as soon as they are complete, and the rest
// of the object at the end. Only the text of the items that are not complete yet is kept.
// It finds brackets, commas and strings, and has JSON.parse read the items between commas, and the object with an empty list in
// the list's place. So JSON.parse decides what is JSON. Items that were told are good only if `end` does not throw.

export interface JsonListOptions {
  /** The object's member that has the list. */
  member: string;
  /** Characters of one item at most. @default 1,000,000 */
  maxItemLength?: number;
  /** Characters of the object without the list at most. @default 1,000,000 */
  maxRestLength?: number;
}

/** Characters of a member's name with the blanks around it, which are looked at before a list. */
const longestStart = 200;

/** Characters that JSON.parse is given at a time, which takes a fraction of a millisecond. */
const pieceLength = 16 * 1024;

const blank = /^[ \t\n\r]*$/;
const blanks = new Set([0x20, 0x09, 0x0a, 0x0d]);
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openingBracket = 0x5b;
const openingBrace = 0x7b;

export class JsonListReader {
  readonly #listStart: RegExp;
  readonly #maxItemLength: number;
  readonly #maxRestLength: number;
  /** What has not been read yet, and how far it has been looked at. */
  #text = '';
  #at = 0;
  #depth = 0;
  /** The object's text without the items. */
  #rest = '';
  #list: 'none' | 'open' | 'closed' = 'none';
  #hasItems = false;
  #isClosed = false;

  constructor({ member, maxItemLength = 1_000_000, maxRestLength = 1_000_000 }: JsonListOptions) {
    this.#listStart = new RegExp(`[{,]\\s*${JSON.stringify(member)}\\s*:\\s*$`);
    this.#maxItemLength = maxItemLength;
    this.#maxRestLength = maxRestLength;
  }

  /** Takes more text, and tells the items that are complete by it, some at a time. Throws a SyntaxError. */
  *write(text: string): Generator<unknown[], void, undefined> {
    this.#text += text;
    for (let items = this.#next(); items !== undefined; items = this.#next()) yield items;
    const isTooLong =
      this.#list === 'open'
        ? this.#text.length > this.#maxItemLength + pieceLength
        : this.#rest.length + this.#text.length > this.#maxRestLength;
    if (isTooLong) throw new SyntaxError('A value is longer than is read');
  }

  /** The object, with an empty list in place of the list, if it had one. Throws a SyntaxError where its end is missing. */
  end(): { object: unknown; hadList: boolean } {
    if (!this.#isClosed) throw new SyntaxError('The end is missing');
    return { object: JSON.parse(this.#rest), hadList: this.#list === 'closed' };
  }

  /** The object's text so far, without the items of the list. */
  get rest(): string {
    return this.#rest;
  }

  /** Goes on to the end of the next items; undefined where more text is needed. */
  #next(): unknown[] | undefined {
    while (this.#at < this.#text.length) {
      const code = this.#text.charCodeAt(this.#at);
      const isOutside = this.#isClosed || (this.#depth === 0 && code !== openingBrace);
      if (isOutside && !blanks.has(code)) throw new SyntaxError('More than one object, or none');
      if (code === quote) {
        const end = this.#endOfString();
        if (end === -1) break;
        this.#at = end;
      }
      const items = this.#pass(code);
      this.#at++;
      if (items !== undefined) return items;
    }
    if (this.#list !== 'open') this.#moveToRest(this.#at);
    return undefined;
  }

  #pass(code: number): unknown[] | undefined {
    switch (code) {
      case comma:
        if (this.#list === 'open' && this.#depth === 2 && this.#at >= pieceLength) return this.#items(false);
        return undefined;
      case openingBracket:
      case openingBrace:
        this.#depth++;
        if (this.#depth === 2 && code === openingBracket) this.#openList();
        return undefined;
      case 0x5d:
      case 0x7d:
        this.#depth--;
        return this.#close();
      default:
        return undefined;
    }
  }

  #openList(): void {
    // The member's name may have been moved to the rest already.
    const text = this.#text.slice(Math.max(0, this.#at - longestStart), this.#at);
    const before = this.#rest.slice(-longestStart) + text;
    if (!this.#listStart.test(before)) return;
    if (this.#list !== 'none') throw new SyntaxError('The list is there twice');
    this.#moveToRest(this.#at + 1);
    this.#at = -1;
    this.#list = 'open';
  }

  #close(): unknown[] | undefined {
    if (this.#list === 'open' && this.#depth === 1) {
      const items = this.#items(true);
      this.#list = 'closed';
      return items;
    }
    if (this.#depth === 0) {
      this.#moveToRest(this.#at + 1);
      this.#at = -1;
      this.#isClosed = true;
    }
    return undefined;
  }

  /** The items up to here. `isLast`: the list ends here, and may be empty. */
  #items(isLast: boolean): unknown[] {
    const text = this.#text.slice(0, this.#at);
    if (blank.test(text) && (this.#hasItems || !isLast)) throw new SyntaxError('No value where one must be');
    const items = JSON.parse(`[${text}]`) as unknown[];
    this.#hasItems = true;
    // The closing bracket belongs to the rest.
    this.#text = this.#text.slice(isLast ? this.#at : this.#at + 1);
    this.#at = isLast ? 0 : -1;
    return items;
  }

  #moveToRest(end: number): void {
    this.#rest += this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    this.#at = 0;
  }

  /** Where the string that begins here ends; -1 if that has not come yet. */
  #endOfString(): number {
    for (let end = this.#at; ; ) {
      end = this.#text.indexOf('"', end + 1);
      if (end === -1) return -1;
      let slashes = 0;
      while (this.#text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
      if (slashes % 2 === 0) return end;
    }
  }
}
