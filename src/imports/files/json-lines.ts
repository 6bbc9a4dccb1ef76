// JSON lines: one object, or one array, in each line. Names of objects become the columns, in the order in which they first appear
// anywhere in the file: one that first appears in the last row is a column as well. Numbers keep their digits as they are written.

import { resultColumnOf } from '../mapping-names.ts';
import { ColumnLimit, type RawRow, type RowLimits, rowTooLong } from './rows.ts';
import { UnsupportedFile } from './unsupported-file.ts';

interface Line {
  number: number;
  text: string;
}

/** Lines that are not blank. */
class LineReader {
  readonly #rowBytes: number;
  #rest = '';
  #number = 1;

  constructor(rowBytes: number) {
    this.#rowBytes = rowBytes;
  }

  push(text: string): Line[] {
    const all = this.#rest + text;
    // The second half of a line break may still come.
    const end = all.endsWith('\r') ? all.length - 1 : all.length;
    const texts = all.slice(0, end).split(/\r\n|\r|\n/);
    this.#rest = (texts.pop() ?? '') + all.slice(end);
    const lines = this.#taken(texts);
    if (this.#rest.length > this.#rowBytes) throw this.#tooLong(this.#number, this.#rest);
    return lines;
  }

  end(): Line[] {
    return this.#taken([this.#rest]);
  }

  #taken(texts: readonly string[]): Line[] {
    const lines: Line[] = [];
    for (const text of texts) {
      const number = this.#number++;
      if (text.length * 3 > this.#rowBytes && Buffer.byteLength(text) > this.#rowBytes)
        throw this.#tooLong(number, text);
      if (text.trim() !== '') lines.push({ number, text });
    }
    return lines;
  }

  #tooLong(number: number, text: string): UnsupportedFile {
    return number === 1 && listOfRows.test(text) ? rowsWithin(number) : rowTooLong(number, this.#rowBytes);
  }
}

/** How all rows begin that are written as one list, or as one list within an object. */
const listOfRows = /^\s*(?:\{\s*"(?:[^"\\]|\\.)*"\s*:\s*)?\[\s*[[{]/;

/** What the lines are: arrays, or objects with these names. */
export type JsonLayout = 'arrays' | { readonly names: ReadonlyMap<string, number> };

/** Finds the names in the whole file. Throws an UnsupportedFile. */
export class JsonLayoutFinder {
  readonly #lines: LineReader;
  readonly #limits: RowLimits;
  readonly #names = new Map<string, number>();
  #isArrays: boolean | undefined;
  #most: number;

  constructor(limits: RowLimits) {
    this.#limits = limits;
    this.#most = limits.columns;
    this.#lines = new LineReader(limits.rowBytes);
  }

  push(text: string): void {
    for (const line of this.#lines.push(text)) this.#look(line);
  }

  end(): JsonLayout {
    for (const line of this.#lines.end()) this.#look(line);
    return this.#isArrays ? 'arrays' : { names: this.#names };
  }

  #look(line: Line): void {
    const row = parsed(line);
    const isArray = Array.isArray(row);
    if (this.#isArrays === undefined && isRowsWithin(row)) throw rowsWithin(line.number);
    this.#isArrays ??= isArray;
    if (isArray !== this.#isArrays)
      throw invalid(line.number, 'has an array, and others have objects: write all rows in one way');
    if (isArray) return;
    const names = Object.keys(row);
    if (membersOf(line.text) > names.length)
      throw invalid(
        line.number,
        'has one name twice, and which value is meant is not certain: write each name once',
      );
    for (const name of names) if (!this.#names.has(name)) this.#names.set(name, this.#names.size);
    const { columns } = this.#limits;
    if (this.#names.size <= this.#most) return;
    this.#most = columns + [...this.#names.keys()].filter((name) => resultColumnOf(name) !== null).length;
    if (this.#names.size <= this.#most) return;
    throw new UnsupportedFile(
      'TOO_MANY_COLUMNS',
      `Up to line ${line.number} the objects have ${this.#names.size} different names; ${columns} is the most. Leave out those that are not needed.`,
      line.number,
    );
  }
}

export class JsonLinesReader {
  readonly #lines: LineReader;
  readonly #layout: JsonLayout;
  readonly #columns: ColumnLimit;

  constructor(layout: JsonLayout, limits: RowLimits) {
    this.#layout = layout;
    this.#columns = new ColumnLimit(limits.columns);
    this.#lines = new LineReader(limits.rowBytes);
  }

  /** The names as the first row. */
  header(): RawRow[] {
    return this.#layout === 'arrays' ? [] : [{ line: 0, cells: [...this.#layout.names.keys()] }];
  }

  *push(text: string): Generator<RawRow, void> {
    for (const line of this.#lines.push(text)) yield this.#rowOf(line);
  }

  *end(): Generator<RawRow, void> {
    for (const line of this.#lines.end()) yield this.#rowOf(line);
  }

  #rowOf(line: Line): RawRow {
    const row = withWrittenNumbers(line, parsed(line));
    if (this.#layout === 'arrays') {
      const cells = Object.values(row).map((value) => textOf(value, line));
      this.#columns.assert(cells, line.number);
      return { line: line.number, cells };
    }
    const cells = new Array<string>(this.#layout.names.size).fill('');
    for (const [name, value] of Object.entries(row))
      cells[this.#layout.names.get(name) ?? 0] = textOf(value, line);
    return { line: line.number, cells };
  }
}

type Row = Record<string, unknown> | unknown[];

function parsed({ number, text }: Line): Row {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    throw invalid(
      number,
      'is no JSON of its own: write one object in each line, without commas between lines',
    );
  }
  if (typeof row === 'object' && row !== null) return row as Row;
  throw invalid(number, 'is no object and no array');
}

/** Whether it has no text and no number of its own, as a list of all rows has none. */
function isRowsWithin(row: Row): boolean {
  const values = Object.values(row).filter((value) => value !== null);
  return values.length > 0 && values.every((value) => typeof value === 'object');
}

/** How many names an object has as it is written: `JSON.parse` keeps the last of two that are the same. `text`: good JSON. */
function membersOf(text: string): number {
  let members = 0;
  let depth = 0;
  for (const [mark] of text.matchAll(marks))
    if (mark === '{' || mark === '[') depth++;
    else if (mark === '}' || mark === ']') depth--;
    else if (mark === ':' && depth === 1) members++;
  return members;
}

const marks = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** A string, or a number outside of strings. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Numbers as texts, as they are written: `JSON.parse` would round a long one, and hide that one is in scientific notation. */
function withWrittenNumbers({ text }: Line, row: Row): Row {
  if (!Object.values(row).some((value) => typeof value === 'number')) return row;
  const quoted = text.replace(tokens, (token) => (token.startsWith('"') ? token : `"${token}"`));
  const written = Object.entries(JSON.parse(quoted) as Row);
  const values = Object.values(row);
  const entries = written.map(([name, value], n) => [
    name,
    typeof values[n] === 'object' ? values[n] : value,
  ]);
  return Array.isArray(row) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

/** What is neither text nor a number is written as JSON. */
function textOf(value: unknown, { number }: Line): string {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  try {
    return JSON.stringify(value);
  } catch {
    throw invalid(number, 'has lists within lists without end');
  }
}

function rowsWithin(line: number): UnsupportedFile {
  return invalid(
    line,
    'has objects or lists and no text of its own, as if all rows were in it: write one object in each line, and no list around them',
  );
}

function invalid(line: number, problem: string): UnsupportedFile {
  return new UnsupportedFile('INVALID_JSON', `Line ${line} ${problem}.`, line);
}
