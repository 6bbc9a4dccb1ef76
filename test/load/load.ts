// `npm run load`: half an hour's worth of work in three minutes. Two hundred callers with a lead each, now and then a list,
// over a dialer that takes its time and fails now and then; meanwhile memory and the event loop are watched, and in the end every
// answer is held against what the dialer has.
// Options: --seconds 180 --callers 200 --seed 1. Exit code 1 where a goal is missed.

import { parseArgs } from 'node:util';
import { createFleet } from './fleet.ts';
import { createJudge } from './judge.ts';
import { startService } from './service.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    callers: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
});
const seconds = Number(values.seconds);
const callers = Number(values.callers);
const idleSeconds = 15;

const service = await startService(Number(values.seed));
const judge = createJudge();
const fleet = createFleet(service.url, Number(values.seed), judge);

console.log(`warming up`);
await fleet.run({ callers: Math.min(callers, 50), seconds: 10, listShare: 0.03, thinkMs: 500 });
console.log(`idle: 5 callers with a lead each, for ${idleSeconds} s`);
judge.phase('idle');
await fleet.run({ callers: 5, seconds: idleSeconds, listShare: 0, thinkMs: 100 });
console.log(`load: ${callers} callers, one mutation in thirty a list, for ${seconds} s`);
judge.phase('load');
service.watch();
await fleet.run({ callers, seconds, listShare: 0.03, thinkMs: 2000 });
const watched = await service.stop();
const verdict = judge.judge(watched);
console.log(verdict.text);
process.exitCode = verdict.failed ? 1 : 0;
