// What a soak has to say: a line for each run, the first stories of each kind of violation, and a table of all runs by
// store and dialect.

import type { RunReport } from './run.ts';
import type { ViolationKind } from './story.ts';

/** Any of them fails the soak. */
const violationKinds: readonly ViolationKind[] = [
  ...(['lost', 'twice', 'false', 'changed', 'unanswered', 'unsettled', 'shape', 'leak', 'died'] as const),
];
const maxStories = 3;

export function lineOf(report: RunReport): string {
  const { seed, store, dialect, records, seconds, phases } = report;
  const violations = violationKinds.map((kind) => `${kind} ${violationsOf([report], kind)}`).join(', ');
  return `seed ${seed}, ${store}, ${dialect}: ${records} records in ${seconds} s (${phases.join(', ')}); ${violations}`;
}

export function storiesOf(report: RunReport): string {
  const shown = violationKinds.flatMap((kind) =>
    report.violations.filter((violation) => violation.kind === kind).slice(0, maxStories),
  );
  return shown.map(({ kind, text }) => `  ${kind.toUpperCase()} ${text}`).join('\n');
}

export function hasFailed({ violations }: RunReport): boolean {
  return violations.length > 0;
}

type Runs = readonly RunReport[];
type Line = readonly [name: string, value: (runs: Runs) => string | number];

/** Figures down, stores and dialects across. */
export function tableOf(reports: Runs): string {
  const groups = new Map<string, RunReport[]>();
  for (const report of reports) {
    const name = `${report.store} ${report.dialect}`;
    groups.set(name, [...(groups.get(name) ?? []), report]);
  }
  const columns: (readonly [string, Runs])[] = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  if (columns.length > 1) columns.push(['all', reports]);
  const lines = linesOf(reports);
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    [''.padEnd(width), ...columns.map(([name]) => name.padStart(15))].join(' '),
    ...lines.map(([name, value]) =>
      [name.padEnd(width), ...columns.map(([, runs]) => String(value(runs)).padStart(15))].join(' '),
    ),
  ].join('\n');
}

function linesOf(reports: Runs): Line[] {
  const total =
    (figure: (run: RunReport) => number) =>
    (runs: Runs): number =>
      runs.reduce((sum, run) => sum + figure(run), 0);
  const byName = (
    prefix: string,
    counts: (run: RunReport) => ReadonlyMap<string, number>,
    width = 72,
  ): Line[] =>
    [...new Set(reports.flatMap((run) => [...counts(run).keys()]))]
      .sort()
      .map((name) => [`${prefix}${name.slice(0, width)}`, total((run) => counts(run).get(name) ?? 0)]);
  const firstKinds = (run: RunReport) => run.first;
  const schedules = total((run) => run.scheduleRequests);
  const faults = total((run) => sum(run.faultsMet));
  return [
    ['seeds', (runs) => runs.map(({ seed }) => seed).join(',')],
    ['replicas', (runs) => [...new Set(runs.map(({ replicas }) => replicas))].join(',')],
    ['mutations', total((run) => run.mutations)],
    ['records', total((run) => run.records)],
    ['seconds', total((run) => run.seconds)],
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
          total((run) => run.first.get('OutcomeUnknownError') ?? 0)(runs),
          total((run) => sum(run.first))(runs),
        ),
    ],
    [
      'unknown, share in the end',
      (runs) =>
        shareOf(
          total((run) => run.last.get('OutcomeUnknownError') ?? 0)(runs),
          total((run) => sum(run.last))(runs),
        ),
    ],
    ['  in the ledger', total((run) => run.unknownInLedger)],
    ['  not in the ledger', total((run) => run.unknownNotInLedger)],
    ['rows kept: mutations', total(({ storeRows }) => storeRows.mutations ?? 0)],
    ['rows kept: spans', total(({ storeRows }) => storeRows.spans ?? 0)],
    ...violationKinds.map((kind): Line => [kind.toUpperCase(), (runs) => violationsOf(runs, kind)]),
  ];
}

function violationsOf(runs: Runs, kind: ViolationKind): number {
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
