// Rows of delimited text: RFC 4180, and what programs make of it: any line ends, also mixed, blanks around quotes, quotes within a
// cell that does not begin with one. What could be read in two ways is refused.
// States of a reader: between rows → (text without the row's end) waiting for more → between rows, or refused where the row is
// longer than allowed. Text is gone through once: what is looked for stays found until the reader has passed it.

import { ColumnLimit, type RawRow, type RowLimits, rowTooLong } from './rows.ts';
import { type Delimiter, delimiters } from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';

export class DelimitedReader {
  readonly #delimiter: Delimiter | '\0';
  readonly #limits: RowLimits;
  readonly #columns: ColumnLimit;
  #text = '';
  #at = 0;
  #line = 1;
  #isWhole = false;
  readonly #quotes = new Finder('"');
  readonly #feeds = new Finder('\n');
  readonly #returns = new Finder('\r');
  readonly #separators: Finder;

  /** `delimiter`: null where there is one column. */
  constructor(delimiter: Delimiter | null, limits: RowLimits) {
    this.#delimiter = delimiter ?? '\0';
    this.#separators = new Finder(this.#delimiter);
    this.#limits = limits;
    this.#columns = new ColumnLimit(limits.columns);
  }

  push(text: string): void {
    this.#text = this.#at === this.#text.length ? text : this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.#reset();
  }

  /** No more text will come. */
  end(): void {
    this.#isWhole = true;
    this.#reset();
  }

  /** A row that waited is gone through again. */
  #reset(): void {
    for (const finder of [this.#quotes, this.#feeds, this.#returns, this.#separators]) finder.reset();
  }

  /**
   * The next row, also where its cells are blank; lines of nothing are passed over. Undefined where more text has to come first.
   * Throws an UnsupportedFile.
   */
  next(): RawRow | undefined {
    this.#skipBreaks();
    const [text, start] = [this.#text, this.#at];
    if (start === text.length) return undefined;
    const end = this.#lineEnd(start);
    if (this.#quotes.from(text, start) < end) return this.#quotedRow(start);
    if (end === text.length && !this.#isWhole) return this.#wait(start);
    const row = { line: this.#line, cells: text.slice(start, end).split(this.#delimiter) };
    this.#finish(start, end, row.cells);
    return row;
  }

  /** Millions of lines of nothing may follow each other: as rows they would take seconds. */
  #skipBreaks(): void {
    const text = this.#text;
    let at = this.#at;
    for (; text[at] === '\n' || text[at] === '\r'; at++) {
      if (text[at] === '\r') {
        if (at + 1 === text.length && !this.#isWhole) break;
        if (text[at + 1] === '\n') at++;
      }
      this.#line++;
    }
    this.#at = at;
  }

  /** Of the line at `from`. The text's own end where no line end is there yet, or only the first half of one may be. */
  #lineEnd(from: number): number {
    const end = Math.min(this.#feeds.from(this.#text, from), this.#returns.from(this.#text, from));
    return end === this.#text.length - 1 && this.#text[end] === '\r' && !this.#isWhole
      ? this.#text.length
      : Math.min(end, this.#text.length);
  }

  #finish(start: number, end: number, cells: string[]): void {
    this.#assertLength(start, end);
    this.#columns.assert(cells, this.#line);
    this.#at = end === this.#text.length ? end : end + (this.#text.startsWith('\r\n', end) ? 2 : 1);
    this.#line++;
  }

  #assertLength(start: number, end: number): void {
    const { rowBytes } = this.#limits;
    const units = end - start;
    // UTF-8 has no more than three bytes for a UTF-16 unit.
    if (
      units * 3 > rowBytes &&
      (units > rowBytes || Buffer.byteLength(this.#text.slice(start, end)) > rowBytes)
    )
      throw rowTooLong(this.#line, rowBytes);
  }

  #wait(start: number, openQuoteLine?: number): undefined {
    const { rowBytes } = this.#limits;
    if (this.#text.length - start <= rowBytes && !(this.#isWhole && openQuoteLine !== undefined)) return;
    if (openQuoteLine === undefined) throw rowTooLong(this.#line, rowBytes);
    throw new UnsupportedFile(
      'UNCLOSED_QUOTE',
      `A quote (") begins a cell in line ${openQuoteLine}, and none ends it${this.#isWhole ? '' : ` within ${rowBytes} bytes`}: close it, or write "" where the quote is a part of the text.`,
      openQuoteLine,
    );
  }

  #quotedRow(start: number): RawRow | undefined {
    const text = this.#text;
    const cells: string[] = [];
    let line = this.#line;
    for (let at = start; ; at++) {
      const opening = skipBlanks(text, at);
      if (text[opening] === '"') {
        const cell = this.#quotedCell(opening);
        if (cell === undefined) return this.#wait(start, line);
        cells.push(cell.text);
        at = skipBlanks(text, cell.end);
        const next = text[at];
        if (next === undefined && !this.#isWhole) return this.#wait(start);
        if (next !== undefined && next !== this.#delimiter && next !== '\n' && next !== '\r')
          throw strayQuote(line, line + cell.breaks);
        line += cell.breaks;
      } else {
        const end = Math.min(this.#separators.from(text, at), this.#lineEnd(at));
        if (end === text.length && !this.#isWhole) return this.#wait(start);
        cells.push(text.slice(at, end));
        at = end;
      }
      if (text[at] === this.#delimiter) continue;
      if (text[at] === '\r' && at + 1 === text.length && !this.#isWhole) return this.#wait(start);
      const row = { line: this.#line, cells, isQuoted: true };
      this.#finish(start, at, cells);
      this.#line += line - row.line;
      return row;
    }
  }

  /** Undefined where the quote that ends it is not there yet, or may be the first of two. */
  #quotedCell(opening: number): { text: string; end: number; breaks: number } | undefined {
    const text = this.#text;
    let cell = '';
    for (let from = opening + 1; ; ) {
      const quote = this.#quotes.from(text, from);
      if (quote === Infinity || (quote + 1 === text.length && !this.#isWhole)) return undefined;
      if (text[quote + 1] !== '"') {
        cell += text.slice(from, quote);
        const breaks = /[\r\n]/.test(cell) ? (cell.match(/\r\n|\r|\n/g) ?? []).length : 0;
        return { text: cell, end: quote + 1, breaks };
      }
      cell += text.slice(from, quote + 1);
      from = quote + 2;
    }
  }
}

/** Where a character is next: asked with positions that grow, it goes through a text once. */
class Finder {
  readonly #character: string;
  #found = -1;

  constructor(character: string) {
    this.#character = character;
  }

  reset(): void {
    this.#found = -1;
  }

  /** Infinity where there is none. */
  from(text: string, start: number): number {
    if (this.#found < start) {
      const found = text.indexOf(this.#character, start);
      this.#found = found === -1 ? Infinity : found;
    }
    return this.#found;
  }
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ') at++;
  return at;
}

function strayQuote(opened: number, ended: number): UnsupportedFile {
  return new UnsupportedFile(
    'UNCLOSED_QUOTE',
    `A quote (") begins a cell in line ${opened}, and the next one, in line ${ended}, has text behind it, so that where the cell ends is not certain: close it, or write "" where a quote is a part of the text.`,
    opened,
  );
}

/**
 * Tells a file that changes its delimiter: its rows have several columns, and then come rows that have one, and as many as the
 * others by another delimiter; and one whose rows are quoted as a whole. `columns`: of the rows at the file's beginning.
 */
export function createDelimiterCheck(delimiter: Delimiter | null, columns: number) {
  let suspect: { line: number; other: Delimiter } | undefined;
  let hasBegun = false;
  /** By which the rows are divided that stand above the first that has several columns. */
  let above: Delimiter | undefined;
  let quotedLine: number | undefined;
  const isWhole = (text: string) =>
    !text.includes('"') && delimiters.some((mark) => text.split(mark).length >= Math.max(columns, 2));

  return ({ line, cells, isQuoted }: RawRow): void => {
    const [text = ''] = cells;
    // A title above the header may be quoted, and a row of one cell.
    const isQuotedWhole = isQuoted && cells.length === 1 && (hasBegun || delimiter === null) && isWhole(text);
    if (isQuotedWhole && quotedLine !== undefined) throw rowsQuoted(quotedLine);
    quotedLine = isQuotedWhole ? line : undefined;
    if (cells.length > 1) {
      if (above !== undefined) throw delimiterChanged(line, above, delimiter);
      hasBegun = true;
    }
    if (cells.length > 1 || columns < 2 || isQuoted) {
      suspect = undefined;
      return;
    }
    const other = delimiters.find((mark) => mark !== delimiter && text.split(mark).length === columns);
    // One row of two columns may as well be a name with a comma.
    if (other !== undefined && (columns > 2 || suspect?.other === other)) {
      if (hasBegun) throw delimiterChanged(suspect?.line ?? line, delimiter, other);
      above ??= other;
    }
    suspect = other && { line: suspect?.line ?? line, other };
  };
}

function rowsQuoted(line: number): UnsupportedFile {
  return new UnsupportedFile(
    'ROWS_QUOTED',
    `From line ${line} on each row stands in quotes as a whole, so that it is one cell: leave out the quotes around the rows.`,
    line,
  );
}

function delimiterChanged(line: number, before: Delimiter | null, after: Delimiter | null): UnsupportedFile {
  return new UnsupportedFile(
    'DELIMITER_CHANGED',
    `Up to line ${line} columns are set apart by ${nameOf(before)}, and from there by ${nameOf(after)}: write the file with one delimiter.`,
    line,
  );
}

const names: Readonly<Record<Delimiter, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};

function nameOf(delimiter: Delimiter | null): string {
  return delimiter === null ? 'nothing' : names[delimiter];
}
