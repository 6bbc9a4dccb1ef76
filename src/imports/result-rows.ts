// What a row of a result file says of itself: whether an earlier import has sent it, or may have.
// A row whose cells were moved says it in another column: its outcome is looked for in all of them, and it is never sent.

import { errorKinds } from '../scheduling/outcome.ts';
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
 * ours where other columns, or several names, say so as well. `first`: the cells of the file's first rows.
 */
export function seemRenamed(
  columns: readonly Pick<Column, 'header' | 'samples' | 'guess'>[],
  first: readonly (readonly string[])[],
): boolean {
  const names = columns.map(({ header }) => resultColumnOf(`dialgraph_${header ?? ''}`));
  // A call's time has that name in any list.
  const own = new Set(names.filter((name) => name !== null && name !== 'scheduledTime'));
  if (own.size >= 4) return true;
  const isCodes = (index: number) => all(columns, index, (sample) => codes.has(sample.trim()));
  const hasCodes = columns.some((_, n) => isCodes(n));
  return columns.some((_, n) => {
    if (!isOutcome(columns, n)) return false;
    if (hasCodes || (own.size > 1 && names[n] === 'outcome') || haveTimesBehind(first, n)) return true;
    if (names[n - 1] === 'line') return all(columns, n - 1, (text) => lineNumber.test(text));
    const isBehindLine = isRising(columns[n - 1]?.samples ?? []) && all(columns, n - 1, isLine);
    return isBehindLine && !(columns[n - 1]?.guess?.by === 'name' && hasTextBehind(first, n));
  });
}

/** Whether what was scheduled has its time where ours stands, and nothing between: no code, field, message, nor whether to try again. */
function haveTimesBehind(rows: readonly (readonly string[])[], outcome: number): boolean {
  const scheduled = rows.filter((cells) => wordOf(cells[outcome]) === 'scheduled');
  const isOurs = (cells: readonly string[]) =>
    cells.slice(outcome + 1, outcome + 5).every((cell) => cell.trim() === '') &&
    /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test((cells[outcome + 5] ?? '').trim());
  return scheduled.length > 0 && scheduled.every(isOurs);
}

/**
 * Whether most of what was scheduled has text in the next column: ours has a code, a field or a message there only of what was not, and
 * else a time at most. Beside a number that has a name of its own (`Id`), it is a list of other people.
 */
function hasTextBehind(rows: readonly (readonly string[])[], outcome: number): boolean {
  const scheduled = rows.filter((cells) => ['scheduled', 'pending'].includes(wordOf(cells[outcome])));
  const others = scheduled.filter((cells) => {
    const text = (cells[outcome + 1] ?? '').trim();
    return /\p{L}{2}/u.test(text) && !/\d/.test(text) && !fillers.test(text);
  });
  return others.length > scheduled.length / 2;
}

/** As programs write nothing, or whether to try again. */
const fillers = /^\W*(?:true|false|wahr|falsch|vrai|faux|yes|no|null|none|nil|nan|undefined|empty)\W*$/i;
const codes: ReadonlySet<string> = new Set(Object.values(errorKinds).map(({ code }) => code));

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

/** A whole number as a line of a file may have: an amount has other decimals, and an id more digits or a zero before them. */
function isLine(text: string): boolean {
  const whole = text.trim().replace(/[.,]0{1,2}$/, '');
  const isGrouped = /^\d{1,3}(?:[.,'\s]\d{2,3})*[.,'\s]\d{3}$/.test(whole);
  return isGrouped || /^[1-9]\d{0,7}$/.test(whole);
}

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
