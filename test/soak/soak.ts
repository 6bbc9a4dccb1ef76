// `npm run soak`: thousands of leads through real processes, with faults at every turn and the app killed in between,
// and every answer held against what the dialer has in the end.
// Options: --seeds 1,2,3 --mutations 1000 --stores embedded,server --dialects basic,token,v1 (in rotation over the
// seeds) --kills 6 --reconcile on|off --at-once 2. Exit code 1 where anything was lost, doubled, false, changed, or leaked.

import { parseArgs } from 'node:util';
import { dialectNames } from '../../src/dialer/contract.ts';
import { startPostgres } from '../postgres.ts';
import { hasFailed, lineOf, storiesOf, tableOf } from './report.ts';
import { type RunOptions, type RunReport, runOnce } from './run.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    mutations: { type: 'string', default: '1000' },
    stores: { type: 'string', default: 'embedded,server' },
    dialects: { type: 'string', default: 'basic,token,v1' },
    kills: { type: 'string', default: '6' },
    reconcile: { type: 'string', default: 'on' },
    // Most of a run's time is waiting.
    'at-once': { type: 'string', default: '2' },
  },
});

const seeds = values.seeds.split(',').map(wholeNumber);
const stores = values.stores.split(',').map((name) => oneOf(['embedded', 'server'] as const, name));
const dialects = values.dialects.split(',').map((name) => oneOf(dialectNames, name));
const postgres = stores.includes('server') ? await startPostgres() : null;
const planned = stores.flatMap((store) =>
  seeds.map(
    (seed, at): Omit<RunOptions, 'databaseUrl'> => ({
      seed,
      store,
      dialect: dialects[at % dialects.length] ?? 'basic',
      mutations: wholeNumber(values.mutations),
      kills: wholeNumber(values.kills),
      reconcile: oneOf(['on', 'off'] as const, values.reconcile) === 'on',
    }),
  ),
);
const reports: (RunReport | undefined)[] = planned.map(() => undefined);

try {
  const left = planned.entries();
  const lane = async () => {
    for (const [at, options] of left) {
      const databaseUrl = options.store === 'server' ? await postgres?.createDatabase() : undefined;
      const report = await runOnce({ ...options, databaseUrl });
      reports[at] = report;
      console.log(hasFailed(report) ? storiesOf(report) : lineOf(report));
    }
  };
  await Promise.all(Array.from({ length: wholeNumber(values['at-once']) }, lane));
} finally {
  await postgres?.stop();
}
const done = reports.filter((report) => report !== undefined);
console.log(`\n${tableOf(done)}`);
process.exitCode = done.some(hasFailed) ? 1 : 0;

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
