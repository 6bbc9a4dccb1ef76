// `npm run soak`: tens of thousands of leads through real processes, with faults at every turn, replicas and database killed,
// stopped and cut off in between, and every answer held against what the dialer has in the end.
// Each run has the next seed, and the next of stores × dialects:
//   --seed 1             the first run's seed
//   --runs N             @default as many as there are stores × dialects
//   --records N          further runs until about so many records have been through
//   --mutations 100      in each run: one in 25 has 1,000 to 10,000 records
//   --replicas N         processes on one PostgreSQL, each request to any of them; the embedded store has one. @default 1
//   --stores server,embedded --dialects basic,token,v1 --reconcile on|off
//   --changes on|off   whether some of what is scheduled is listed, and cancelled or rescheduled. @default on
//   --at-once 3          runs side by side: most of a run's time is waiting
//   --imports N          in place of mutations, a file of N rows in each run, with kill -9 while it is checked and sent, with basic and v1
//   --kills 20           how often, in each of these runs
// Exit code 1 where anything was lost, doubled, false, changed, unanswered, not settled, or leaked, or a process died.

import { parseArgs } from 'node:util';
import { type DialectName, dialectNames } from '../../src/upstream/contract.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { runImport } from './import-run.ts';
import {
  type AnyReport,
  hasFailed,
  importLinesOf,
  lineOf,
  mutationLinesOf,
  storiesOf,
  tableOf,
} from './report.ts';
import { runOnce } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    records: { type: 'string' },
    mutations: { type: 'string', default: '100' },
    replicas: { type: 'string', default: '1' },
    stores: { type: 'string', default: 'server,embedded' },
    dialects: { type: 'string' },
    reconcile: { type: 'string', default: 'on' },
    changes: { type: 'string', default: 'on' },
    'at-once': { type: 'string', default: '3' },
    imports: { type: 'string' },
    kills: { type: 'string', default: '20' },
  },
});

const firstSeed = wholeNumber(values.seed);
const stores = values.stores.split(',').map((name) => oneOf(['server', 'embedded'] as const, name));
const isOfImports = values.imports !== undefined;
// The sandbox has ten tokens an hour, and each start of a process may cost one.
const dialects = (values.dialects ?? (isOfImports ? 'basic,v1' : 'basic,token,v1'))
  .split(',')
  .map((name) => oneOf(dialectNames, name));
const kinds = dialects.flatMap((dialect) => stores.map((store) => ({ store, dialect })));
const wantedRecords = values.records === undefined ? null : wholeNumber(values.records);
const wantedRuns = values.runs === undefined ? kinds.length : wholeNumber(values.runs);
/** A first guess of what a run brings, by mutations.ts. */
const recordsPerMutation = 160;
const guess = isOfImports
  ? wholeNumber(values.imports ?? '')
  : wholeNumber(values.mutations) * recordsPerMutation;

const hasAnyFailed = isOfImports
  ? await soak(
      (run, postgres) => runImport({ ...run, rows: guess, kills: wholeNumber(values.kills) }, postgres),
      (reports) => tableOf(reports, importLinesOf),
    )
  : await soak(
      ({ dialect, ...run }, postgres) => {
        const changes = dialect !== 'v1' && oneOf(['on', 'off'] as const, values.changes) === 'on';
        const reconcile = oneOf(['on', 'off'] as const, values.reconcile) === 'on';
        const mutations = wholeNumber(values.mutations);
        return runOnce({ ...run, dialect, mutations, reconcile, changes }, postgres);
      },
      (reports) => tableOf(reports, mutationLinesOf),
    );
process.exitCode = hasAnyFailed ? 1 : 0;

/** What is the same in runs of every kind. */
interface Run {
  readonly seed: number;
  readonly store: 'server' | 'embedded';
  readonly dialect: DialectName;
  readonly replicas: number;
}

/** All runs, and the table of them. Whether any has failed. */
async function soak<Report extends AnyReport>(
  runOne: (run: Run, postgres: Postgres | null) => Promise<Report>,
  table: (reports: readonly Report[]) => string,
): Promise<boolean> {
  const reports: Report[] = [];
  let begun = 0;

  /** Those that are under way will bring about as many records each as those that have ended. */
  const isMoreWanted = (): boolean => {
    if (wantedRecords === null) return begun < wantedRuns;
    const records = reports.reduce((all, report) => all + report.records, 0);
    const each = reports.length === 0 ? guess : records / reports.length;
    return records + (begun - reports.length) * each < wantedRecords;
  };

  /** One run after the other, until there are enough. A server is killed, and so has one run at a time. */
  const runSome = async (): Promise<void> => {
    let postgres: Postgres | null = null;
    try {
      while (isMoreWanted()) {
        const run = runAt(begun++);
        if (run.store === 'server') postgres ??= await startPostgres({ durable: true });
        const report = await runOne(run, run.store === 'server' ? postgres : null);
        reports.push(report);
        console.log(lineOf(report));
        if (hasFailed(report)) console.log(storiesOf(report));
      }
    } finally {
      await postgres?.stop();
    }
  };

  await Promise.all(Array.from({ length: wholeNumber(values['at-once']) }, runSome));
  reports.sort((one, other) => one.seed - other.seed);
  console.log(`\n${table(reports)}`);
  return reports.some(hasFailed);
}

function runAt(n: number): Run {
  const kind = kinds[n % kinds.length] ?? { store: 'server', dialect: 'basic' };
  const replicas = kind.store === 'server' ? wholeNumber(values.replicas) : 1;
  return { ...kind, seed: firstSeed + n, replicas };
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`A whole number was expected, not ${JSON.stringify(text)}`);
  return Number(text);
}

function oneOf<Name extends string>(names: readonly Name[], name: string): Name {
  const found = names.find((known) => known === name);
  if (found === undefined)
    throw new Error(`One of ${names.join(', ')} was expected, not ${JSON.stringify(name)}`);
  return found;
}
