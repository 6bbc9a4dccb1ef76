// What became of a file's rows, as its results tell it, held against the sandbox's ledger row by row. What is promised at its end:
// scheduled is there, once, as the row has it · failed and skipped are not there by this row · unknown may be there, once at most ·
// nothing is left open · the counts are those of the rows.

import { parse } from 'csv-parse/sync';
import type { ImportStateFragment } from '../gql/graphql.ts';
import { fileColumns, type PlannedRow, type RowKind } from './file-plan.ts';
import type { Violation, ViolationKind } from './story.ts';
import type { LedgerDump } from './verdict.ts';

/** A line of the results. */
export interface ToldRow {
  readonly cells: readonly string[];
  readonly line: number;
  readonly outcome: string;
  readonly code: string;
}

export interface FileVerdict {
  readonly violations: Violation[];
  /** Rows by what they are in the file, and what became of them: `good: scheduled`. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Rows that the dialer took, of whatever request. */
  readonly sent: number;
  readonly unknownInLedger: number;
  readonly unknownNotInLedger: number;
}

/** What a row may be told, besides unknown where it was sent. A good one fails where the dialer says so of it. */
const allowed: Readonly<Record<RowKind, readonly string[]>> = {
  good: ['scheduled', 'failed', 'unknown'],
  refused: ['failed', 'unknown'],
  invalid: ['failed'],
  repeated: ['skipped'],
};
/** The results' names for what is counted. */
const countNames = { 'not-sent': 'notSent' } as const;
/** The row of the header is the first. */
const firstLine = 2;
const mostErrors = 20;

/** The lines of `results.csv`. */
export function readResults(text: string): ToldRow[] {
  const rows = parse(text, { bom: true, columns: true }) as Record<string, string>[];
  return rows.map((row) => ({
    cells: fileColumns.map((column) => row[column] ?? ''),
    line: Number(row.dialgraph_line),
    outcome: row.dialgraph_outcome ?? '',
    code: row.dialgraph_code ?? '',
  }));
}

export function judgeFile(
  planned: readonly PlannedRow[],
  told: readonly ToldRow[],
  end: Pick<ImportStateFragment, 'counts' | 'errorCounts' | 'firstErrors'>,
  { rows }: Pick<LedgerDump, 'rows'>,
): FileVerdict {
  const court = new FileCourt(rows);
  if (told.length !== planned.length)
    court.blame('shape', `${told.length} results for ${planned.length} rows`);
  for (const [n, row] of planned.entries()) court.hear(n, row, told[n]);
  court.hearNobodys();
  court.hearCounts(end.counts);
  court.hearErrors(end, told);
  return court;
}

class FileCourt implements FileVerdict {
  readonly violations: Violation[] = [];
  readonly outcomes = new Map<string, number>();
  readonly sent: number;
  unknownInLedger = 0;
  unknownNotInLedger = 0;
  /** By number; those that a row of the file stands for are taken out. */
  readonly #left = new Map<string, LedgerDump['rows'][number][]>();
  readonly #tally = new Map<string, number>();

  constructor(rows: LedgerDump['rows']) {
    this.sent = rows.length;
    for (const row of rows) {
      const number = row.phoneNumber.replace(/\D/g, '').slice(-10);
      this.#left.set(number, [...(this.#left.get(number) ?? []), row]);
    }
  }

  blame(kind: ViolationKind, text: string): void {
    this.violations.push({ kind, text });
  }

  hear(n: number, { kind, cells }: PlannedRow, told: ToldRow | undefined): void {
    const [number, time, name] = cells;
    // The number of a row that repeats another is that of the other.
    const held = kind === 'repeated' ? [] : (this.#left.get(number) ?? []);
    if (kind !== 'repeated') this.#left.delete(number);
    const outcome = told?.outcome ?? 'nothing';
    const describe = () =>
      `line ${n + firstLine}, ${kind}, ${number}: told ${outcome} ${told?.code ?? ''}, in the ledger ${JSON.stringify(held)}`;
    count(this.outcomes, `${kind}: ${outcome}${outcome === 'failed' ? ` ${told?.code}` : ''}`);
    count(this.#tally, outcome);
    if (told?.line !== n + firstLine || cells.some((cell, at) => told.cells[at] !== cell))
      this.blame('shape', `${describe()}, as ${JSON.stringify(told)}`);
    if (held.length > 1) this.blame('twice', describe());
    if (outcome === 'scheduled' && held.length === 0) this.blame('lost', describe());
    if (outcome === 'failed' && held.length > 0) this.blame('false', describe());
    if (outcome === 'unknown') {
      if (held.length > 0) this.unknownInLedger++;
      else this.unknownNotInLedger++;
    }
    if (outcome === 'not-sent') this.blame(held.length > 0 ? 'false' : 'unsettled', describe());
    else if (!allowed[kind].includes(outcome)) this.blame('false', describe());
    for (const { scheduledTime, fields } of held)
      if (scheduledTime !== time || fields.Name !== name) this.blame('false', describe());
  }

  /** What no row of the file stands for. */
  hearNobodys(): void {
    for (const [number, rows] of this.#left)
      this.blame('false', `nobody asked for ${number}: ${rows.length} rows`);
  }

  hearErrors(
    { errorCounts, firstErrors }: Pick<ImportStateFragment, 'errorCounts' | 'firstErrors'>,
    told: readonly ToldRow[],
  ): void {
    const codes = new Map<string, number>();
    for (const { code } of told) if (code !== '') count(codes, code);
    const counted = new Map<string, number>(errorCounts.map((one) => [one.code, one.count]));
    for (const code of new Set([...codes.keys(), ...counted.keys()]))
      if (counted.get(code) !== codes.get(code))
        this.blame(
          'shape',
          `${counted.get(code)} ${code} are counted, and ${codes.get(code)} in the results`,
        );
    const failed = told.filter(({ outcome }) => outcome === 'failed').map(({ line }) => line);
    const first = firstErrors.map(({ line }) => line);
    if (first.join() !== failed.slice(0, mostErrors).join())
      this.blame(
        'shape',
        `the first errors are told of lines ${first}, and are of lines ${failed.slice(0, mostErrors)}`,
      );
  }

  hearCounts({ total, valid, ...counts }: ImportStateFragment['counts']): void {
    const told = { valid, ...counts };
    const sum = Object.values(told).reduce((all, each) => all + each, 0);
    if (sum !== total) this.blame('shape', `the counts do not add up: ${JSON.stringify({ total, ...told })}`);
    const tally: Record<string, number> = {
      valid: 0,
      scheduled: 0,
      failed: 0,
      skipped: 0,
      unknown: 0,
      notSent: 0,
    };
    for (const [outcome, rows] of this.#tally) tally[countNames[outcome as 'not-sent'] ?? outcome] = rows;
    for (const [name, rows] of Object.entries(tally))
      if (told[name as keyof typeof told] !== rows)
        this.blame(
          'shape',
          `${told[name as keyof typeof told]} ${name} are counted, and ${rows} are in the results`,
        );
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
