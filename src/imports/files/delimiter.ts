// Which delimiter a text has: the one by which most of its first rows have equally many columns.

import { DelimitedReader } from './delimited.ts';
import type { RawRow, RowLimits } from './rows.ts';
import { type Delimiter, delimiters } from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';

export interface Layout {
  /** Null: there is one column. */
  readonly delimiter: Delimiter | null;
  /** Of most of the first rows. */
  readonly columns: number;
  /** Whether the first line is Excel's `sep=;`, which is no row. */
  readonly hasSepLine: boolean;
}

const lookedAtRows = 100;

/** `start`: of the text; `isWhole`: it is all of it. `asked`: what the caller says. */
export function findLayout(
  start: string,
  isWhole: boolean,
  asked: Delimiter | undefined,
  limits: RowLimits,
): Layout {
  const [sepLine = '', named] = /^\uFEFF?"?sep=(.)"?(?:\r\n|\r|\n|$)/i.exec(start) ?? [];
  const isKnown = delimiters.includes(named as Delimiter);
  if (asked === undefined && named !== undefined && !isKnown)
    throw new UnsupportedFile(
      'NOT_A_TABLE',
      `The first line names ${named} as the delimiter; comma, semicolon, tab and | are known.`,
      1,
    );
  const text = start.slice(sepLine.length);
  const hasSepLine = sepLine !== '';
  const given = asked ?? (isKnown ? (named as Delimiter) : undefined);
  if (given !== undefined)
    return { delimiter: given, columns: fitOf(text, isWhole, given, limits).columns, hasSepLine };
  const fits = delimiters
    .map((delimiter) => ({ delimiter, ...fitOf(text, isWhole, delimiter, limits) }))
    .sort((one, other) => other.rows - one.rows || other.columns - one.columns);
  // By a wrong delimiter a quote may seem not to be closed, or a text to be many columns, though by the right one it is not.
  const best =
    fits.find(({ columns, problem }) => columns > 1 && problem === undefined) ??
    fits.find(({ columns }) => columns > 1);
  if (best !== undefined) return { delimiter: best.delimiter, columns: best.columns, hasSepLine };
  const problems = fits.flatMap(({ problem }) => problem ?? []);
  const problem = problems.find(({ kind }) => kind === 'TOO_MANY_COLUMNS') ?? problems[0];
  if (problem !== undefined) throw problem;
  return { delimiter: null, columns: 1, hasSepLine };
}

interface Fit {
  /** How many rows have the commonest number of columns, of those that have several. */
  rows: number;
  /** That number. */
  columns: number;
  /** A quote that is not closed, or a row of too many columns. The rows before it count. */
  problem: UnsupportedFile | undefined;
}

function fitOf(text: string, isWhole: boolean, delimiter: Delimiter, limits: RowLimits): Fit {
  const counts = new Map<number, number>();
  const { rows: firstRows, problem } = readFirst(text, isWhole, delimiter, limits);
  for (const { cells } of firstRows)
    if (cells.length > 1) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  const [[columns, rows] = [1, 0]] = [...counts].sort(
    ([oneColumns, one], [otherColumns, other]) => other - one || otherColumns - oneColumns,
  );
  return { rows, columns, problem };
}

function readFirst(
  text: string,
  isWhole: boolean,
  delimiter: Delimiter,
  limits: RowLimits,
): { rows: RawRow[]; problem: UnsupportedFile | undefined } {
  const reader = new DelimitedReader(delimiter, limits);
  reader.push(text);
  if (isWhole) reader.end();
  const rows: RawRow[] = [];
  try {
    for (let row = reader.next(); row !== undefined && rows.length < lookedAtRows; row = reader.next())
      rows.push(row);
  } catch (error) {
    if (!(error instanceof UnsupportedFile)) throw error;
    const isTold = error.kind === 'UNCLOSED_QUOTE' || error.kind === 'TOO_MANY_COLUMNS';
    return { rows, problem: isTold ? error : undefined };
  }
  return { rows, problem: undefined };
}
