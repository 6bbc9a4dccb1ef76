// What a row of a result file says of itself: whether an earlier import has sent it, or may have.
// A row whose cells were moved says it in another column: its outcome is looked for in all of them, and it is never sent.

import { resultColumnOf } from './mapping-names.ts';
import type { Column } from './mapping-preview.ts';

/** A row that is not to be sent, since the result file in which it stands says what became of it, or that nobody knows. */
export interface SkippedRow {
  readonly skip: 'scheduled' | 'skipped' | 'unknown' | 'moved';
}

/** `moved`: its cells are not below their headers. `wide`: cells for which its file's header had no name still have text. */
export type RowTelling = SkippedRow | 'moved' | 'wide' | undefined;

export interface ResultReader {
  /** Undefined: it may be sent. */
  tellingOf(cells: readonly string[]): RowTelling;
  isMoved(cells: readonly string[]): boolean;
}

type Told = readonly Pick<Column, 'index' | 'resultColumn'>[];

/** Whether it is a column that every result file has anew; cells that were too many stay. */
export function isTold({ resultColumn }: Pick<Column, 'resultColumn'>): boolean {
  return resultColumn !== null && resultColumn !== 'cell';
}

/** Null where the file has no such column. */
export function createResultReader(columns: Told): ResultReader | null {
  const placesOf = (test: (column: Told[number]) => boolean) =>
    columns.filter(test).map(({ index }) => index);
  // A file that was written twice has two: each may say that a row is not to be sent.
  const outcomes = placesOf(({ resultColumn }) => resultColumn === 'outcome');
  const lines = placesOf(({ resultColumn }) => resultColumn === 'line');
  const answers = placesOf(({ resultColumn }) => resultColumn === 'retryable');
  const times = placesOf(({ resultColumn }) => resultColumn === 'scheduledTime');
  const told = placesOf(isTold);
  const surplus = placesOf(({ resultColumn }) => resultColumn === 'cell');
  if (told.length + surplus.length === 0) return null;
  const places = new Set(told);
  const hasText = (cells: readonly string[]) => (index: number) => (cells[index] ?? '').trim() !== '';

  const isMoved = (cells: readonly string[]): boolean => {
    const has = hasText(cells);
    if (lines.some((index) => !lineNumber.test((cells[index] ?? '').trim()))) return true;
    if (outcomes.some((index) => has(index) && lineNumber.test((cells[index] ?? '').trim()))) return true;
    // A time where yes or no should be: a cell before it was taken out.
    if (answers.some((index) => /\d{4}/.test(cells[index] ?? ''))) return true;
    if (outcomes.some(has)) return false;
    // Who has a row sent again empties its outcome alone; whoever adds one leaves all of them empty.
    if (!lines.some(has) && told.some(has)) return lines.length > 0;
    return outcomes.some((index) => !places.has(index - 1) && words.has(wordOf(cells[index - 1])));
  };

  const tellingOf = (cells: readonly string[]): RowTelling => {
    if (isMoved(cells)) return mayBeScheduled(cells) ? { skip: 'moved' } : 'moved';
    for (const index of outcomes) {
      const skip = skipOf(wordOf(cells[index]));
      if (skip !== undefined) return { skip };
    }
    // Only what was scheduled has a time there, whatever became of its outcome.
    if (times.some(hasText(cells))) return { skip: 'scheduled' };
    return surplus.some(hasText(cells)) ? 'wide' : undefined;
  };
  return { tellingOf, isMoved };
}

/** Whether rows without a header are those of a result file: the outcome stands behind the line. */
export function seemTold(columns: Sampled): boolean {
  return columns.some(
    (_, n) => isOutcome(columns, n) && all(columns, n - 1, (text) => lineNumber.test(text)),
  );
}

/**
 * Whether it is a result file whose columns were given other names. A list of other people may have a column of such outcomes: they are
 * ours where another column, or several names, say so as well.
 */
export function seemRenamed(columns: readonly Pick<Column, 'header' | 'samples'>[]): boolean {
  const names = columns.map(({ header }) => resultColumnOf(`dialgraph_${header ?? ''}`));
  // A call's time has that name in any list.
  const own = new Set(names.filter((name) => name !== null && name !== 'scheduledTime'));
  if (own.size >= 4) return true;
  return columns.some((_, n) => {
    if (!isOutcome(columns, n)) return false;
    if (own.size > 1 && names[n] === 'outcome') return true;
    const isBehindLine = isRising(columns[n - 1]?.samples ?? []) || names[n - 1] === 'line';
    return isBehindLine && all(columns, n - 1, (text) => lineNumber.test(text));
  });
}

type Sampled = readonly Pick<Column, 'samples'>[];

function all(columns: Sampled, index: number, test: (sample: string) => boolean): boolean {
  const { samples } = columns[index] ?? { samples: [] };
  return samples.length > 0 && samples.every(test);
}

function isOutcome(columns: Sampled, index: number): boolean {
  return all(columns, index, (sample) => words.has(wordOf(sample)));
}

/** As the lines of a file do: a telephone number or an amount seldom does. */
function isRising(samples: readonly string[]): boolean {
  const lines = samples.map((sample) => Number(sample.replace(/\D/g, '')));
  return lines.every((line, n) => line > (lines[n - 1] ?? 0));
}

/** Or nothing; spreadsheets set thousands apart. */
const lineNumber = /^[\d.,'\s]*$/;
const mayBeSent: ReadonlySet<string> = new Set(['failed', 'not-sent']);
const words: ReadonlySet<string> = new Set([...mayBeSent, 'scheduled', 'skipped', 'unknown', 'pending']);

function wordOf(cell = ''): string {
  return cell.trim().toLowerCase();
}

function mayBeScheduled(cells: readonly string[]): boolean {
  const found = cells.map(wordOf).filter((word) => words.has(word));
  return found.includes('scheduled') || (found.length > 0 && !found.some((word) => mayBeSent.has(word)));
}

/** A word that is none of ours says nothing certain of what became of the row. */
function skipOf(outcome: string): SkippedRow['skip'] | undefined {
  if (outcome === '' || mayBeSent.has(outcome)) return undefined;
  return outcome === 'scheduled' || outcome === 'skipped' ? outcome : 'unknown';
}
