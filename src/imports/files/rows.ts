// Rows on their way from a format's reader to whoever asked: what all formats refuse, and batches of what is left.

import { giveWay } from '../../foundation/event-loop.ts';
import { resultColumnOf } from '../mapping-names.ts';
import { batchRows, type FileLimits, type FileRow } from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';

export type RowLimits = Pick<FileLimits, 'rowBytes' | 'columns'>;

/** A row with all its cells, those at its end that are blank too. */
export interface RawRow {
  line: number;
  cells: string[];
  fractions?: FileRow['fractions'];
  /** Whether one of its cells stands in quotes. */
  isQuoted?: boolean;
}

/** Batches of the rows that have text. `pieces`: as many rows as a reader has at once. */
export async function* batchesOf(
  pieces: AsyncIterable<Iterable<RawRow>>,
  limits: Pick<FileLimits, 'rows'>,
  signal: AbortSignal,
): AsyncGenerator<FileRow[], void> {
  let batch: FileRow[] = [];
  let rows = 0;
  let sinceTurn = 0;
  for await (const piece of pieces)
    for (const raw of piece) {
      const row = withoutBlankEnd(raw);
      if (row !== null) {
        if (rows++ > limits.rows) throw tooManyRows(row.line, limits.rows);
        if (batch.push(row) === batchRows) {
          yield batch;
          batch = [];
        }
      }
      // Blank rows take time as well, and no limit counts them.
      if (++sinceTurn < batchRows) continue;
      sinceTurn = 0;
      signal.throwIfAborted();
      const turn = giveWay();
      if (turn !== undefined) await turn;
    }
  if (batch.length > 0) yield batch;
  else if (rows === 0)
    throw new UnsupportedFile(
      'EMPTY',
      'The file has no rows: write one for each person who is to be called.',
    );
}

/** Null for a row without any text. */
function withoutBlankEnd({ line, cells, fractions }: RawRow): FileRow | null {
  const length = lengthOf(cells);
  if (length === 0) return null;
  if (length < cells.length) cells.length = length;
  return fractions === undefined ? { line, cells } : { line, cells, fractions };
}

/** Up to the last cell with text. */
function lengthOf(cells: readonly string[]): number {
  let length = cells.length;
  while (length > 0 && isBlank(cells[length - 1] ?? '')) length--;
  return length;
}

function isBlank(cell: string): boolean {
  return cell.trim() === '';
}

/** How many columns a row may have: those that our own results have besides do not count. */
export class ColumnLimit {
  readonly #most: number;
  #withOwn: number;

  constructor(most: number) {
    this.#most = most;
    this.#withOwn = most;
  }

  get most(): number {
    return this.#withOwn;
  }

  /** Throws an UnsupportedFile. Blank cells at the end do not count. */
  assert(cells: readonly string[], line: number): void {
    if (cells.length <= this.#withOwn) return;
    const columns = lengthOf(cells);
    if (columns <= this.#withOwn) return;
    const most = this.#most + cells.filter((cell) => resultColumnOf(cell) !== null).length;
    if (columns > most) throw tooManyColumns(columns, this.#most, line);
    this.#withOwn = most;
  }
}

function tooManyColumns(columns: number, most: number, line: number): UnsupportedFile {
  const message = `Line ${line} has ${columns} columns; ${most} is the most. Leave out those that are not needed.`;
  return new UnsupportedFile('TOO_MANY_COLUMNS', message, line);
}

export function rowTooLong(line: number, rowBytes: number): UnsupportedFile {
  const message = `The row in line ${line} has more than ${rowBytes} bytes: shorten its cells. If it is many rows, their line ends are none that is known.`;
  return new UnsupportedFile('ROW_TOO_LONG', message, line);
}

function tooManyRows(line: number, rows: number): UnsupportedFile {
  const message = `The file has more than ${rows} rows: split it into several.`;
  return new UnsupportedFile('TOO_MANY_ROWS', message, line);
}
