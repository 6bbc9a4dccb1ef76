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
// Exit code 1 where anything was lost, doubled, false, changed, unanswered, not settled, or leaked, or a process died.

import { parseArgs } from 'node:util';
import { dialectNames } from '../../src/upstream/contract.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { hasFailed, lineOf, storiesOf, tableOf } from './report.ts';
import { type RunOptions, type RunReport, runOnce } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string' },
    records: { type: 'string' },
    mutations: { type: 'string', default: '100' },
    replicas: { type: 'string', default: '1' },
    stores: { type: 'string', default: 'server,embedded' },
    dialects: { type: 'string', default: 'basic,token,v1' },
    reconcile: { type: 'string', default: 'on' },
    changes: { type: 'string', default: 'on' },
    'at-once': { type: 'string', default: '3' },
  },
});

const firstSeed = wholeNumber(values.seed);
const stores = values.stores.split(',').map((name) => oneOf(['server', 'embedded'] as const, name));
const dialects = values.dialects.split(',').map((name) => oneOf(dialectNames, name));
const kinds = dialects.flatMap((dialect) => stores.map((store) => ({ store, dialect })));
const wantedRecords = values.records === undefined ? null : wholeNumber(values.records);
const wantedRuns = values.runs === undefined ? kinds.length : wholeNumber(values.runs);
/** A first guess of what a run brings, by mutations.ts. */
const recordsPerMutation = 160;
const reports: RunReport[] = [];
let begun = 0;
/** Of the runs that have ended. */
let records = 0;

await Promise.all(Array.from({ length: wholeNumber(values['at-once']) }, runSome));
reports.sort((one, other) => one.seed - other.seed);
console.log(`\n${tableOf(reports)}`);
process.exitCode = reports.some(hasFailed) ? 1 : 0;

/** One run after the other, until there are enough. A server is killed, and so has one run at a time. */
async function runSome(): Promise<void> {
  let postgres: Postgres | null = null;
  try {
    while (isMoreWanted()) {
      const options = optionsOf(begun++);
      if (options.store === 'server') postgres ??= await startPostgres({ durable: true });
      const report = await runOnce(options, options.store === 'server' ? postgres : null);
      reports.push(report);
      records += report.records;
      console.log(lineOf(report));
      if (hasFailed(report)) console.log(storiesOf(report));
    }
  } finally {
    await postgres?.stop();
  }
}

/** Those that are under way will bring about as many records each as those that have ended. */
function isMoreWanted(): boolean {
  if (wantedRecords === null) return begun < wantedRuns;
  const underWay = begun - reports.length;
  const each =
    reports.length === 0 ? wholeNumber(values.mutations) * recordsPerMutation : records / reports.length;
  return records + underWay * each < wantedRecords;
}

function optionsOf(run: number): RunOptions {
  const kind = kinds[run % kinds.length] ?? { store: 'server', dialect: 'basic' };
  return {
    ...kind,
    seed: firstSeed + run,
    mutations: wholeNumber(values.mutations),
    replicas: kind.store === 'server' ? wholeNumber(values.replicas) : 1,
    reconcile: oneOf(['on', 'off'] as const, values.reconcile) === 'on',
    changes: kind.dialect !== 'v1' && oneOf(['on', 'off'] as const, values.changes) === 'on',
  };
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
