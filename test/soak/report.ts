// What a soak has to say: one line while it goes on, a table of every run, and each violation with its story.

import type { RunReport } from './run.ts';
import type { ViolationKind } from './story.ts';

/** Any of them fails the soak. */
const violationKinds: readonly ViolationKind[] = [
  'lost',
  'twice',
  'false',
  'changed',
  'shape',
  'unanswered',
  'leak',
];
const maxStories = 10;

export function lineOf(report: RunReport): string {
  const violations = violationKinds.map((kind) => `${kind} ${violationsOf(report, kind)}`).join(', ');
  return `seed ${report.seed}, ${report.store}, ${report.dialect}: ${report.seconds} s; ${violations}`;
}

/** Metrics down, runs across. */
export function tableOf(reports: readonly RunReport[]): string {
  const outcomes = namesOf(reports.map((report) => report.outcomes));
  const first = namesOf(reports.map((report) => report.firstAnswers));
  const reasons = namesOf(reports.map((report) => report.reasons));
  const again = namesOf(reports.map((report) => report.sentAgain));
  const rows: [name: string, value: (report: RunReport) => string | number][] = [
    ['seed', ({ seed }) => seed],
    ['store', ({ store }) => store],
    ['dialect', ({ dialect }) => dialect],
    ['look-ups', ({ reconcile, dialect }) => (reconcile && dialect !== 'v1' ? 'on' : 'off')],
    ['mutations', ({ mutations }) => mutations],
    ['kills -9', ({ killed }) => killed],
    ['seconds', ({ seconds }) => seconds],
    ['upstream requests', ({ requests }) => requests],
    ['  of them schedules', ({ scheduleRequests }) => scheduleRequests],
    [
      'schedules that met a fault',
      ({ faultsMet, scheduleRequests }) => shareOf(sum(faultsMet), scheduleRequests),
    ],
    ['  kinds of fault met', ({ faultsMet }) => faultsMet.size],
    ['list or token faults met', ({ otherFaultsMet }) => otherFaultsMet],
    ['tokens', ({ tokens }) => tokens],
    ...again.map((why): (typeof rows)[number] => [
      `sent again: ${why}`,
      (run) => run.sentAgain.get(why) ?? 0,
    ]),
    ['keys sent again after answer', ({ replays }) => replays],
    ['  unknowns cleared by that', ({ learned }) => learned],
    ['rounds until done', ({ rounds }) => rounds],
    ...first.map((kind): (typeof rows)[number] => [
      `told first: ${kind}`,
      (run) => run.firstAnswers.get(kind) ?? 0,
    ]),
    ...reasons.map((reason): (typeof rows)[number] => [
      `  ${reason.slice(0, 72)}`,
      (run) => run.reasons.get(reason) ?? 0,
    ]),
    ...outcomes.map((kind): (typeof rows)[number] => [
      `in the end: ${kind}`,
      (run) => run.outcomes.get(kind) ?? 0,
    ]),
    [
      'unknown, share told first',
      (run) => shareOf(run.firstAnswers.get('OutcomeUnknownError') ?? 0, sum(run.firstAnswers)),
    ],
    [
      'unknown, share in the end',
      (run) => shareOf(run.outcomes.get('OutcomeUnknownError') ?? 0, sum(run.outcomes)),
    ],
    ['  in the ledger', ({ unknownInLedger }) => unknownInLedger],
    ['  not in the ledger', ({ unknownNotInLedger }) => unknownNotInLedger],
    [
      'rows kept: mutations, spans',
      ({ storeRows }) => `${storeRows.mutations ?? 0}, ${storeRows.spans ?? 0}`,
    ],
    ...violationKinds.map((kind): (typeof rows)[number] => [
      kind.toUpperCase(),
      (run) => violationsOf(run, kind),
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) =>
      [name.padEnd(width), ...reports.map((run) => String(value(run)).padStart(13))].join(' '),
    )
    .join('\n');
}

export function storiesOf(report: RunReport): string {
  const { violations } = report;
  const shown = violationKinds.flatMap((kind) =>
    violations.filter((violation) => violation.kind === kind).slice(0, maxStories),
  );
  return [`${lineOf(report)}`, ...shown.map(({ kind, text }) => `  ${kind.toUpperCase()} ${text}`)].join(
    '\n',
  );
}

export function hasFailed({ violations }: RunReport): boolean {
  return violations.length > 0;
}

function violationsOf({ violations }: RunReport, kind: ViolationKind): number {
  return violations.filter((violation) => violation.kind === kind).length;
}

function namesOf(counts: readonly ReadonlyMap<string, number>[]): string[] {
  return [...new Set(counts.flatMap((count) => [...count.keys()]))].sort();
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
