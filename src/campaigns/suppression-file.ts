// What a file of suppressed numbers is: one number a line, or CSV with a column of them. Comma, semicolon or tab between columns, in
// quotes or not, with or without a first line of names, with any line break and with a byte order mark or without one.
// A line from which no number can be read is counted and told. Where they are more than one in ten, it is another kind of file.

/** Why a file cannot be used, in words that fit behind its path. It quotes nothing of the file. */
export class SuppressionFileError extends Error {}

/** The numbers in E.164 that a text may stand for: none, one, or all that people may read it as. */
export type ReadNumber = (text: string) => readonly string[];

export interface FileLines {
  /** From which a number was read. */
  readonly numbers: number;
  /** From which none was, and the first few of them, counted from 1. */
  readonly unreadable: number;
  readonly firstUnreadable: readonly number[];
}

const toldLines = 5;
/** A row that is longer, or goes over more lines, is no row of such a file, or a quote is not closed. */
const longestRow = 65_536;
const mostLines = 100;

/** Takes a file's text in pieces. `take` is called with each number. */
export class SuppressionFileReader {
  readonly #read: ReadNumber;
  readonly #take: (e164: string) => void;
  #rest = '';
  #line = 0;
  #layout: Layout | undefined;
  #numbers = 0;
  #unreadable = 0;
  readonly #firstUnreadable: number[] = [];

  constructor(read: ReadNumber, take: (e164: string) => void) {
    this.#read = read;
    this.#take = take;
  }

  /** Throws a SuppressionFileError for what is no such file. */
  push(text: string): void {
    const all = this.#rest + text;
    // The second half of a line break may still come.
    const end = all.endsWith('\r') ? all.length - 1 : all.length;
    const lines = linesOf(all.slice(0, end));
    this.#rest = (lines.pop() ?? '') + all.slice(end);
    this.#readRows(lines);
    if (this.#rest.length > longestRow) throw new SuppressionFileError(tooLong(this.#line + 1));
  }

  end(): FileLines {
    const lines = linesOf(this.#rest);
    this.#rest = '';
    this.#readRows(lines);
    if (this.#rest !== '')
      throw new SuppressionFileError(`has a quote that is not closed in line ${this.#line + 1}`);
    if (this.#layout === undefined) throw new SuppressionFileError('is empty');
    const [first] = this.#firstUnreadable;
    if (this.#unreadable * 10 > this.#numbers + this.#unreadable)
      throw new SuppressionFileError(
        `has no telephone number in ${this.#unreadable} of its ${this.#numbers + this.#unreadable} lines, such as line ${first}`,
      );
    return {
      numbers: this.#numbers,
      unreadable: this.#unreadable,
      firstUnreadable: this.#firstUnreadable,
    };
  }

  #readRows(lines: readonly string[]): void {
    for (let n = 0; n < lines.length; n++) {
      let row = lines[n] ?? '';
      let last = n;
      if (row.includes('"'))
        while (hasOpenQuote(row)) {
          last++;
          if (last === lines.length) {
            // Its other lines may still come.
            this.#rest = `${row}\n${this.#rest}`;
            return;
          }
          row += `\n${lines[last]}`;
          if (last - n === mostLines) throw new SuppressionFileError(tooLong(this.#line + 1));
        }
      this.#line++;
      if (row.length > longestRow) throw new SuppressionFileError(tooLong(this.#line));
      this.#readRow(row);
      this.#line += last - n;
      n = last;
    }
  }

  #readRow(row: string): void {
    if (row === '' || row.trim() === '') return;
    if (this.#layout === undefined) {
      this.#layout = layoutOf(row, this.#read);
      if (this.#layout.isHeader) return;
    }
    const { separator, column } = this.#layout;
    const cell = separator === null && !row.includes('"') ? row : (cellsOf(row, separator)[column] ?? '');
    const numbers = this.#read(cell);
    if (numbers.length > 0) {
      this.#numbers++;
      for (const number of numbers) this.#take(number);
      return;
    }
    this.#unreadable++;
    if (this.#firstUnreadable.length < toldLines) this.#firstUnreadable.push(this.#line);
  }
}

function tooLong(line: number): string {
  return `has a row of more than ${longestRow} characters or ${mostLines} lines, or a quote that is not closed, in line ${line}`;
}

function linesOf(text: string): string[] {
  const unified = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  return unified.split('\n');
}

/** Behind it a cell in quotes begins, and no quote follows that ends it. */
const openCell = /(?:^|[,;\t]) *"(?:[^"]|"")*$/;
const wholeCells = /(^|[,;\t]) *"(?:[^"]|"")*" *(?=[,;\t]|$)/g;

/** A cell is in quotes where it begins with one; any other quote is a part of its text. */
function hasOpenQuote(row: string): boolean {
  return openCell.test(row) && openCell.test(row.replace(wholeCells, '$1'));
}

interface Layout {
  /** Null: there is one column. */
  readonly separator: string | null;
  readonly column: number;
  /** Whether the first line has names, and no number. */
  readonly isHeader: boolean;
}

/** By the first line that is not blank. */
function layoutOf(first: string, read: ReadNumber): Layout {
  const separator = separatorOf(first);
  const cells = cellsOf(first, separator);
  const withNumbers = [...cells.keys()].filter((column) => read(cells[column] ?? '').length > 0);
  const [column, ...others] = withNumbers;
  if (column !== undefined && others.length === 0) return { separator, column, isHeader: false };
  if (column !== undefined)
    throw new SuppressionFileError(
      'has more than one column with telephone numbers: name the one in a first line, as PhoneNumber',
    );
  return { separator, column: namedColumn(cells), isHeader: true };
}

/** What files call it; the first name is without doubt. */
const columnNames = [
  'phonenumber',
  ...['phone', 'phoneno', 'number', 'telephone', 'telephonenumber', 'tel', 'msisdn', 'e164'],
  ...['mobile', 'mobileno', 'mobilenumber', 'cell', 'cellphone', 'contactnumber'],
];

function namedColumn(names: readonly string[]): number {
  if (names.length === 1) return 0;
  const plain = names.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''));
  const certain = plain.filter((name) => name === columnNames[0]);
  const known = certain.length > 0 ? certain : plain.filter((name) => columnNames.includes(name));
  const [name, ...others] = known;
  if (name !== undefined && others.length === 0) return plain.indexOf(name);
  throw new SuppressionFileError(
    `has ${name === undefined ? 'no column' : 'several columns'} in its first line that may be the one of the telephone numbers: call that PhoneNumber`,
  );
}

function separatorOf(row: string): string | null {
  const bare = row.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((mark) => [mark, bare.split(mark).length - 1] as const);
  const [most] = counts.sort(([, one], [, other]) => other - one);
  return most !== undefined && most[1] > 0 ? most[0] : null;
}

const plainQuotes = /^"[^"]*"$/;

/** The cells of a row, without the quotes around them. */
function cellsOf(row: string, separator: string | null): string[] {
  const parts = separator === null ? [row] : row.split(separator);
  if (parts.every((part) => !part.includes('"') || plainQuotes.test(part)))
    return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1) : part));
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let n = 0; n < row.length; n++) {
    const character = row[n] ?? '';
    if (character === '"' && isQuoted && row[n + 1] === '"') {
      cell += '"';
      n++;
    } else if (character === '"' && (isQuoted || cell.trim() === '')) isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
