// What a soak has to say: a line for each run, the first stories of each kind of violation, and a table of all runs by
// store and dialect.

import type { ImportRunReport } from './import-run.ts';
import type { RunReport } from './run.ts';
import type { Violation, ViolationKind } from './story.ts';

/** What runs of every kind tell. */
export interface AnyReport {
  readonly seed: number;
  readonly store: string;
  readonly dialect: string;
  readonly replicas: number;
  readonly records: number;
  readonly seconds: number;
  readonly phases: readonly number[];
  readonly violations: readonly Violation[];
}

/** Any of them fails the soak. */
const violationKinds: readonly ViolationKind[] = [
  ...(['lost', 'twice', 'false', 'changed', 'unanswered', 'unsettled', 'shape', 'leak', 'died'] as const),
];
const maxStories = 3;

export function lineOf(report: AnyReport): string {
  const { seed, store, dialect, records, seconds, phases } = report;
  const violations = violationKinds.map((kind) => `${kind} ${violationsOf([report], kind)}`).join(', ');
  return `seed ${seed}, ${store}, ${dialect}: ${records} records in ${seconds} s (${phases.join(', ')}); ${violations}`;
}

export function storiesOf(report: AnyReport): string {
  const shown = violationKinds.flatMap((kind) =>
    report.violations.filter((violation) => violation.kind === kind).slice(0, maxStories),
  );
  return shown.map(({ kind, text }) => `  ${kind.toUpperCase()} ${text}`).join('\n');
}

export function hasFailed({ violations }: AnyReport): boolean {
  return violations.length > 0;
}

type Line<Report> = readonly [name: string, value: (runs: readonly Report[]) => string | number];

/** Figures down, stores and dialects across. */
export function tableOf<Report extends AnyReport>(
  reports: readonly Report[],
  linesOf: (reports: readonly Report[]) => readonly Line<Report>[],
): string {
  const groups = new Map<string, Report[]>();
  for (const report of reports) {
    const name = `${report.store} ${report.dialect}`;
    groups.set(name, [...(groups.get(name) ?? []), report]);
  }
  const columns: (readonly [string, readonly Report[]])[] = [...groups].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  if (columns.length > 1) columns.push(['all', reports]);
  const lines: Line<Report>[] = [...linesOf(reports), ...violationLines()];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    [''.padEnd(width), ...columns.map(([name]) => name.padStart(15))].join(' '),
    ...lines.map(([name, value]) =>
      [name.padEnd(width), ...columns.map(([, runs]) => String(value(runs)).padStart(15))].join(' '),
    ),
  ].join('\n');
}

function total<Report>(figure: (run: Report) => number) {
  return (runs: readonly Report[]): number => runs.reduce((all, run) => all + figure(run), 0);
}

function linesByName<Report>(
  reports: readonly Report[],
  prefix: string,
  counts: (run: Report) => ReadonlyMap<string, number>,
  width = 72,
): Line<Report>[] {
  return [...new Set(reports.flatMap((run) => [...counts(run).keys()]))]
    .sort()
    .map((name) => [`${prefix}${name.slice(0, width)}`, total((run) => counts(run).get(name) ?? 0)]);
}

function headLines<Report extends AnyReport>(): Line<Report>[] {
  return [
    ['seeds', (runs) => runs.map(({ seed }) => seed).join(',')],
    ['replicas', (runs) => [...new Set(runs.map(({ replicas }) => replicas))].join(',')],
    ['records', total((run) => run.records)],
    ['seconds', total((run) => run.seconds)],
  ];
}

function violationLines<Report extends AnyReport>(): Line<Report>[] {
  return violationKinds.map((kind): Line<Report> => [kind.toUpperCase(), (runs) => violationsOf(runs, kind)]);
}

/** Of runs that import a file. */
export function importLinesOf(reports: readonly ImportRunReport[]): Line<ImportRunReport>[] {
  return [
    ...headLines<ImportRunReport>(),
    ...linesByName(reports, '', (run) => run.killed),
    ['requests to the dialer', total((run) => run.requests)],
    ['  of them with rows', total((run) => run.scheduleRequests)],
    ['  of these met a fault', total((run) => run.faultsMet)],
    ['looks at the import', total((run) => run.looks)],
    ...linesByName(reports, 'asked again: ', (run) => run.sentAgain),
    ...linesByName(reports, '', (run) => run.outcomes),
    ['  unknown, in the ledger', total((run) => run.unknownInLedger)],
    ['  unknown, not in the ledger', total((run) => run.unknownNotInLedger)],
    ['rows in the ledger', total((run) => run.sent)],
  ];
}

/** Of runs of mutations. */
export function mutationLinesOf(reports: readonly RunReport[]): Line<RunReport>[] {
  const byName = (prefix: string, counts: (run: RunReport) => ReadonlyMap<string, number>) =>
    linesByName(reports, prefix, counts);
  const firstKinds = (run: RunReport) => run.first;
  const schedules = total((run: RunReport) => run.scheduleRequests);
  const faults = total((run: RunReport) => sum(run.faultsMet));
  return [
    ...headLines<RunReport>(),
    ['mutations', total((run) => run.mutations)],
    ...byName('', (run) => run.chaos),
    ['requests to the dialer', total((run) => run.requests)],
    ['  of them with rows', schedules],
    ['  of these met a fault', (runs) => shareOf(faults(runs), schedules(runs))],
    ['kinds of fault met', (runs) => new Set(runs.flatMap((run) => [...run.faultsMet.keys()])).size],
    ['other faults met', total((run) => run.otherFaultsMet)],
    ['tokens', total((run) => run.tokens)],
    ...byName('sent again: ', (run) => run.sentAgain),
    ['answers', total((run) => run.answers)],
    ['rounds until done', total((run) => run.rounds)],
    ['records cleared by asking again', total((run) => run.learned)],
    ['records unknown again for a while', total((run) => run.forgotten)],
    ['answers overtaken on their way', total((run) => run.stale)],
    ...byName('told first: ', firstKinds),
    ...byName('  ', (run) => run.reasons),
    ...byName('in the end: ', (run) => run.last),
    ['changes asked for', total((run) => run.changesAsked)],
    ['  pages of the list', total((run) => run.pages)],
    ['  deletions asked for', total((run) => run.deletions)],
    ...byName('  told first: ', (run) => run.firstChanges),
    ...byName('  in the end: ', (run) => run.lastChanges),
    [
      'unknown, share told first',
      (runs) =>
        shareOf(
          total((run: RunReport) => run.first.get('OutcomeUnknownError') ?? 0)(runs),
          total((run: RunReport) => sum(run.first))(runs),
        ),
    ],
    [
      'unknown, share in the end',
      (runs) =>
        shareOf(
          total((run: RunReport) => run.last.get('OutcomeUnknownError') ?? 0)(runs),
          total((run: RunReport) => sum(run.last))(runs),
        ),
    ],
    ['  in the ledger', total((run) => run.unknownInLedger)],
    ['  not in the ledger', total((run) => run.unknownNotInLedger)],
    ['rows kept: mutations', total(({ storeRows }) => storeRows.mutations ?? 0)],
    ['rows kept: spans', total(({ storeRows }) => storeRows.spans ?? 0)],
  ];
}

function violationsOf(runs: readonly AnyReport[], kind: ViolationKind): number {
  return runs.reduce(
    (sum, run) => sum + run.violations.filter((violation) => violation.kind === kind).length,
    0,
  );
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
