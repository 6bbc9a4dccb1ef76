// Which column is which: what the caller says of the columns of a file, beside what is guessed of the others, and what is left for a
// person to decide.

import type { ImportDecision } from './import.ts';
import type { GivenMapping } from './import-request.ts';
import type { StoredRequest } from './import-store.ts';
import type { Column, ColumnMapping, DateFormat, FilePreview, PreviewProblem } from './mapping.ts';

export interface ColumnPlan {
  mapping: readonly ColumnMapping[];
  dateFormat: DateFormat | null;
  /** Empty: it can be read. */
  decisions: readonly ImportDecision[];
}

type Answers = Pick<StoredRequest, 'mapping' | 'dateFormat'> & Partial<Pick<StoredRequest, 'sheet'>>;

export function planColumns(
  { columns, problems }: Pick<FilePreview, 'columns' | 'problems'>,
  { mapping: given = [], dateFormat, sheet }: Answers,
): ColumnPlan {
  const decisions: ImportDecision[] = [];
  if (sheet === undefined && problems.some(({ kind }) => kind === 'OTHER_SHEETS')) decisions.push('SHEET');
  const byColumn = new Map<number, Omit<ColumnMapping, 'column'>>();
  const isGiven = (guess: NonNullable<Column['guess']>) =>
    given.some(({ field, header }) =>
      'field' in guess ? field === guess.field : header !== undefined && header === guess.header,
    );
  // What only looks so is for a person to say.
  for (const { index, guess } of columns)
    if (guess?.by === 'name' && !isGiven(guess))
      byColumn.set(index, 'field' in guess ? { field: guess.field } : { header: guess.header });
  for (const one of given) {
    const index = indexOf(one, columns);
    if (index === undefined) {
      decisions.push('MAPPING');
      continue;
    }
    const { field, header } = one;
    if (isLeftOut(one)) byColumn.delete(index);
    else byColumn.set(index, field === undefined ? { header } : { field });
  }
  const mapping = [...byColumn]
    .map(([column, what]) => ({ column, ...what }))
    .sort((one, other) => one.column - other.column);
  const count = (field: string) => mapping.filter((one) => one.field === field).length;
  if (count('phoneNumber') !== 1) decisions.push('PHONE_NUMBER_COLUMN');
  if (count('scheduledTime') !== 1) decisions.push('SCHEDULED_TIME_COLUMN');
  const fields = mapping.flatMap(({ field, header }) => field ?? `custom ${header}`);
  if (new Set(fields).size < fields.length && !decisions.some((one) => /COLUMN$/.test(one)))
    decisions.push('MAPPING');
  if (problems.some((problem) => isUnsettled(problem, mapping, given, columns))) decisions.push('MAPPING');
  if (dateFormat === undefined && problems.some(({ kind }) => kinds.has(kind))) decisions.push('DATE_FORMAT');
  return { mapping, dateFormat: dateFormat ?? null, decisions: [...new Set(decisions)] };
}

/** Those that the caller's answers have not settled. */
export function openProblems(
  { columns, problems }: Pick<FilePreview, 'columns' | 'problems'>,
  request: Answers,
): PreviewProblem[] {
  if (problems.length === 0) return [];
  const { mapping } = planColumns({ columns, problems: [] }, request);
  const has = (field: string | undefined) => mapping.filter((one) => one.field === field).length === 1;
  return problems.filter((problem) => {
    switch (problem.kind) {
      case 'OTHER_SHEETS':
        return request.sheet === undefined;
      case 'NO_PHONE_NUMBER':
        return !has('phoneNumber');
      case 'NO_SCHEDULED_TIME':
        return !has('scheduledTime');
      case 'SAME_FIELD_TWICE':
        return !has(problem.field);
      case 'UNREAD_COLUMN':
      case 'HIDDEN_COLUMN':
        return isUnsettled(problem, mapping, request.mapping ?? [], columns);
      case 'AMBIGUOUS_DATES':
      case 'DATE_FORMAT_MISSING':
        return request.dateFormat === undefined;
      default:
        return true;
    }
  });
}

/** They change which call is made, and when: a record is not sent without one that its row may have. */
const decisive: ReadonlySet<string> = new Set(['priority', 'expiryDate', 'agentId', 'skill']);

/** Whether it changes which calls are made, and nobody has said of any of its columns what it is. */
function isUnsettled(
  { kind, field, columns: doubled }: PreviewProblem,
  mapping: readonly ColumnMapping[],
  given: readonly GivenMapping[],
  columns: readonly Column[],
): boolean {
  const isSaid = given.some((one) => doubled.includes(indexOf(one, columns) ?? -1));
  if (kind === 'UNREAD_COLUMN') return !isSaid;
  if (kind === 'HIDDEN_COLUMN') return !isSaid && mapping.some(({ column }) => doubled.includes(column));
  if (kind !== 'SAME_FIELD_TWICE' || field === undefined || !decisive.has(field)) return false;
  if (mapping.some((one) => one.field === field)) return false;
  return !isSaid;
}

/** Those of which neither a name nor a person has said what they are. */
export function unreadColumns(
  columns: readonly Column[],
  mapping: readonly ColumnMapping[],
  given: readonly GivenMapping[] = [],
): Column[] {
  const said = new Set([
    ...mapping.map(({ column }) => column),
    ...given.map((one) => indexOf(one, columns)),
  ]);
  return columns.filter(({ index }) => !said.has(index));
}

const kinds: ReadonlySet<PreviewProblem['kind']> = new Set(['AMBIGUOUS_DATES', 'DATE_FORMAT_MISSING']);

/**
 * What was chosen before, and what is chosen now: what is not named again holds. A later choice takes the place of an earlier one of
 * the same column. One of the same field or header does too; the earlier column, of which a person has said something, is then left
 * out, and not guessed again. Of a column that is not there, a choice of neither takes the earlier one back. `columns`: null: not known.
 */
export function mergeMapping(
  before: readonly GivenMapping[],
  now: readonly GivenMapping[],
  columns: readonly NamedColumn[] | null,
): GivenMapping[] {
  const placeOf = (one: GivenMapping) => indexOf(one, columns ?? []) ?? plain(one.column);
  const isAbsent = (one: GivenMapping) => columns !== null && indexOf(one, columns) === undefined;
  const placesNow = new Set(now.map(placeOf));
  const kept = before
    .filter((one) => !placesNow.has(placeOf(one)))
    .flatMap((one) => {
      if (isLeftOut(one) || !now.some((later) => isSameTarget(one, later))) return [one];
      return isAbsent(one) ? [] : [{ column: one.column }];
    });
  const placesBefore = new Set(before.map(placeOf));
  const isTakenBack = (one: GivenMapping) =>
    isLeftOut(one) && isAbsent(one) && placesBefore.has(placeOf(one));
  return [...kept, ...now.filter((one) => !isTakenBack(one))];
}

function isLeftOut({ field, header }: GivenMapping): boolean {
  return field === undefined && header === undefined;
}

function isSameTarget(one: GivenMapping, other: GivenMapping): boolean {
  return one.field === undefined ? one.header === other.header : one.field === other.field;
}

type NamedColumn = Pick<Column, 'index' | 'header'>;

/** By its header, as it stands there but for case and blanks at its ends; or by its position from 1, as `#3`. */
export function indexOf(
  { column }: Pick<GivenMapping, 'column'>,
  columns: readonly NamedColumn[],
): number | undefined {
  const [, position] = /^#(\d{1,4})$/.exec(column.trim()) ?? [];
  if (position !== undefined) {
    const index = Number(position) - 1;
    return columns.some((one) => one.index === index) ? index : undefined;
  }
  const wanted = plain(column);
  const found = columns.filter(({ header }) => header !== null && plain(header) === wanted);
  return found.length === 1 ? found[0]?.index : undefined;
}

function plain(header: string): string {
  return header.trim().toLowerCase();
}
