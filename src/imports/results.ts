// What became of each row, in input order, with the cells of the file: read from the disk and the store, some slices at a time.

import type { Delimiter, FileRow } from './files/read-file.ts';
import { type ImportPreview, isEnd } from './import.ts';
import type { ImportStore, StoredImport, StoredSlice } from './import-store.ts';
import { headerWidthOf } from './mapping.ts';
import { surplusName } from './mapping-names.ts';
import { createResultReader, isTold } from './result-rows.ts';
import { type RowOutcome, unpackOutcomes } from './row-outcome.ts';
import type { Spool } from './spool.ts';

export const resultFilters = ['failed', 'unknown', 'not-sent', 'scheduled', 'all'] as const;
export type ResultFilter = (typeof resultFilters)[number];

export interface ImportResults {
  /** Of the download, without an ending: `leads-failed`. */
  fileName: string;
  /** The header of the file, or `Column 1`, …; as long as the longest row may be. Without what an earlier result file told. */
  columns: readonly string[];
  /** Batches. */
  rows: AsyncIterable<readonly ResultRow[]>;
  /** Of the file, and a comma where it has none: Excel splits a file by the one of its region. */
  delimiter: Delimiter;
}

export interface ResultRow {
  line: number;
  cells: readonly string[];
  /** `pending`: the import has not ended, and may still send it. */
  outcome: 'scheduled' | 'failed' | 'skipped' | 'unknown' | 'not-sent' | 'pending';
  /** As RecordErrorCode has it; null where nothing is wrong. */
  code: string | null;
  field: string | null;
  message: string | null;
  /** Whether it may be sent again unchanged, and can call nobody twice. */
  retryable: boolean;
  /** Epoch milliseconds. */
  scheduledTime: number | null;
}

/** A slice has megabytes at most. */
const slicesAtATime = 2;

export function resultsOf(
  { store, spool }: { store: ImportStore; spool: Spool },
  { id, state, request, progress }: StoredImport,
  preview: ImportPreview | null,
  filter: ResultFilter,
): ImportResults {
  // Beside its successor an earlier outcome would tell that a row may be sent which has been sent meanwhile.
  const known = preview?.columns ?? [];
  const told = new Set(known.filter(isTold).map(({ index }) => index));
  const untold = <Item>(items: readonly Item[]) =>
    told.size === 0 ? items : items.filter((_, index) => !told.has(index));
  const results = createResultReader(known);
  // Of a row whose cells were moved, what stands there is none of ours: it is kept behind all others, so that the row stays refused.
  const cellsOf = (cells: readonly string[]) => {
    if (told.size === 0 || !results?.isMoved(cells)) return untold(cells);
    const [all, behind] = [known.map((_, index) => cells[index] ?? ''), cells.slice(known.length)];
    return [...untold(all), ...all.filter((_, index) => told.has(index)), ...behind];
  };
  const hasEnded = isEnd(state);

  async function* rows(): AsyncGenerator<readonly ResultRow[], void> {
    for (let from = 0; ; ) {
      const slices = await store.slices(id, from, slicesAtATime);
      for (const slice of slices) {
        const whole = await spool.readRows(id, slice);
        const own = whole.map(({ line, cells }) => ({ line, cells: cellsOf(cells) }));
        const found = rowsOf(slice, own, hasEnded, filter);
        if (found.length > 0) yield found;
        from = slice.firstRow + slice.rows;
      }
      if (slices.length < slicesAtATime) return;
    }
  }
  const name = request.fileName.replace(/(\.(csv|tsv|txt|jsonl|ndjson|xlsx|json))?(\.gz)?$/i, '');
  const delimiter = preview?.delimiter ?? ',';
  return {
    fileName: `${name}-${filter}`,
    columns: untold(columnsOf(preview, progress.width)),
    rows: rows(),
    delimiter,
  };
}

function rowsOf(
  { base, outcomes }: StoredSlice,
  rows: readonly FileRow[],
  hasEnded: boolean,
  filter: ResultFilter,
): ResultRow[] {
  const known = unpackOutcomes(outcomes ?? base);
  return rows
    .map((row, n) => resultOf(row, known[n] as RowOutcome, hasEnded))
    .filter(({ outcome }) => filter === 'all' || outcome === filter);
}

function resultOf(
  { line, cells }: FileRow,
  { end, code, field, message, retryable, scheduledTime }: RowOutcome,
  hasEnded: boolean,
): ResultRow {
  const isOpen = end === 'valid' || end === 'not-sent';
  return {
    ...{ line, cells, outcome: isOpen ? (hasEnded ? 'not-sent' : 'pending') : end, code, field, message },
    retryable: (retryable || isOpen) && hasEnded,
    scheduledTime,
  };
}

/** How many cells a row has in the results of its file. */
export function createWidth(known: ImportPreview['columns']): (row: FileRow) => number {
  const results = createResultReader(known);
  const told = known.filter(isTold).length;
  return ({ cells }) =>
    told > 0 && results?.isMoved(cells) ? Math.max(known.length, cells.length) + told : cells.length;
}

/** A name that stands twice stays so: the cells are told apart by their place. */
function columnsOf(preview: ImportPreview | null, width: number): string[] {
  const known = preview?.columns ?? [];
  const count = Math.max(known.length, width);
  // A row is not in order that has a cell there, and stays so in the next upload until somebody has moved it.
  const surplus = preview === null ? count : Math.min(headerWidthOf(preview), widthOfResults(known));
  return Array.from(
    { length: count },
    (_, n) => known[n]?.header ?? (n < surplus ? `Column ${n + 1}` : surplusName(n + 1)),
  );
}

/** Behind it only moved cells stand; Infinity where it is no result file. */
function widthOfResults(known: ImportPreview['columns']): number {
  return known.some(isTold) ? known.length : Number.POSITIVE_INFINITY;
}
