// The benchmark: `npm run bench`, or `npm run bench -- --short` for only what the thresholds need. The full run writes the
// README; the short one does so with --write. Its exit code is 1 if a threshold is missed or an answer is wrong.

import { createArena, proveCorrect, warmUp } from './load/arena.ts';
import { contestants, ours } from './load/contestant.ts';
import { createMachineLoad, isQuiet } from './load/machine.ts';
import { circumstances, writeReadme } from './report/readme.ts';
import { report } from './report/report.ts';
import type { Results } from './report/results.ts';
import { judge } from './report/thresholds.ts';
import { measureCompression } from './scenarios/compression.ts';
import { measureFairness } from './scenarios/fairness.ts';
import { measureImports } from './scenarios/imports.ts';
import { measureMemory } from './scenarios/memory.ts';
import { measurePromises } from './scenarios/promises.ts';
import { measureSingles } from './scenarios/singles.ts';
import { measureValidation } from './scenarios/validation.ts';
import { measureWall } from './scenarios/wall.ts';
import { fullPlan, isAmong, type Plan, shortPlan } from './settings.ts';

const options = process.argv.slice(2);
const unknown = options.filter((option) => !['--short', '--write'].includes(option));
if (unknown.length > 0) {
  console.error(`npm run bench -- [--short] [--write], not ${unknown.join(' ')}`);
  process.exit(2);
}
const short = options.includes('--short');
const began = performance.now();
const machine = createMachineLoad();

const results = await measure(short ? shortPlan : fullPlan);
const verdicts = judge(results);
const command = ['npm run bench', ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
const text = `${circumstances(command, machine)}\n\n${report(results, verdicts)}`;
console.log(`\n${text}\n`);
if (!short || options.includes('--write')) {
  if (isQuiet(machine)) writeReadme(text);
  else console.error('README.md stays as it was: the machine was busy with something else');
}

const failed = verdicts.filter(({ passed }) => !passed);
for (const { threshold, measured } of failed)
  console.error(`FAILED: ${threshold.what} is ${measured.median.toFixed(2)}`);
process.exit(failed.length > 0 ? 1 : 0);

async function measure(plan: Plan): Promise<Results> {
  const taking = contestants.filter(({ name }) => isAmong(plan.contestants, name));
  await say(`starting ${taking.map(({ name }) => name).join(', ')}`);
  const arena = await createArena(taking);
  for (const gateway of arena.gateways) await proveCorrect(gateway, arena.upstream);

  const wall = [];
  let warmFor = 0;
  for (const cell of plan.wall) {
    if (cell.records !== warmFor) {
      await say(`warming up for mutations of ${cell.records}`);
      await warmUp(arena, cell.records);
      warmFor = cell.records;
    }
    await say(`one mutation of ${cell.records} at ${cell.latencyMs} ms`);
    wall.push({ cell, results: await measureWall(arena, cell) });
  }
  await say('small mutations beside long ones');
  const fairness = await measureFairness(arena, plan.fairness);
  await say('many mutations of one record');
  const singles = await measureSingles(arena, plan.singles);
  await say('peak memory');
  const memory = await measureMemory(taking, arena.upstream, plan.memory);
  await say('idempotency keys');
  const promises = await measurePromises(ours, arena.upstream, plan.promises);
  await say('compression');
  const compression = await measureCompression(ours, arena.upstream, plan.compression);
  await say('validation');
  const validation = await measureValidation(ours, arena.upstream, plan.validation);
  await say('files of leads');
  const imports = await measureImports(arena, plan.imports);
  await arena.close();
  await say('done');
  return { wall, fairness, singles, memory, promises, compression, validation, imports };
}

/** Between two scenarios, where nothing of the benchmark runs. */
async function say(what: string): Promise<void> {
  await machine.look();
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`);
}
