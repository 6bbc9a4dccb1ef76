// How much long mutations delay the small ones of other callers: the time of small mutations while another caller's mutations of
// 50,000 records run one after the other, compared with the time when nothing else runs. The small ones are sent by the clock,
// whether or not the one before has its answer, so that a stall counts for each that it delays.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectScheduled, payloadOf, WrongAnswer } from '../load/answers.ts';
import { type Arena, expectRows, type Gateway, rotated } from '../load/arena.ts';
import { script } from '../load/contestant.ts';
import type { LongMutationsReport } from '../load/long-mutations.ts';
import { quantile } from '../load/statistics.ts';
import { type Batch, records } from '../payload.ts';
import { connections, isAmong, type Plan } from '../settings.ts';

/** Milliseconds, for each round. */
export interface FairnessSamples {
  idleP50: number[];
  idleP99: number[];
  busyP50: number[];
  busyP99: number[];
}

const latencyMs = 20;
const everyMs = 20;
const longRecords = 50_000;
/** No contestant answers a long mutation in less. */
const longMutationMs = 250;
/** Small batches have other numbers than long ones. */
const firstSmall = 60_000_000;
const smallSizes = [1, 2, 3, 4, 5];

export async function measureFairness(
  { upstream, gateways }: Arena,
  { rounds, idleMs, busyMs, contestants }: Plan['fairness'],
): Promise<ReadonlyMap<string, FairnessSamples>> {
  const results = new Map<string, FairnessSamples>();
  const longMutations = Math.ceil(busyMs / longMutationMs);
  const taking = gateways.filter(({ contestant: { name } }) => isAmong(contestants, name));
  for (const { contestant } of taking)
    results.set(contestant.name, { idleP50: [], idleP99: [], busyP50: [], busyP99: [] });

  for (let round = 0; round < rounds; round++)
    for (const gateway of rotated(taking, round)) {
      const samples = results.get(gateway.contestant.name);
      await upstream.reset(latencyMs);
      const warm = await sendSmallOnes(gateway, idleMs / 4, 0);
      const idle = await sendSmallOnes(gateway, idleMs, 10_000);

      const long = await startLongMutations(gateway, longMutations);
      long.send('start');
      // By then the first body has arrived, and the upstream is as busy as it will be from now on.
      await sleep(everyMs * 10);
      const busy = await sendSmallOnes(gateway, busyMs, 20_000);
      long.send('stop');
      const [report] = (await once(long, 'message')) as [LongMutationsReport];
      long.disconnect();
      await once(long, 'exit');

      const { answered, wrong } = report;
      if (wrong > 0 || answered === 0)
        throw new WrongAnswer(`${wrong} of ${answered} long mutations were wrong`);
      if (answered === longMutations) throw new WrongAnswer('the long mutations ended before the small ones');
      samples?.idleP50.push(quantile(idle.ms, 0.5));
      samples?.idleP99.push(quantile(idle.ms, 0.99));
      samples?.busyP50.push(quantile(busy.ms, 0.5));
      samples?.busyP99.push(quantile(busy.ms, 0.99));
      expectRows(await upstream.counts(), answered * longRecords + warm.rows + idle.rows + busy.rows);
    }
  return results;
}

/** Mutations of the sizes, in turn, by the clock. `from`: the first number of them. */
export async function sendSmallOnes(
  { contestant, client }: Gateway,
  forMs: number,
  from: number,
  sizes = smallSizes,
) {
  const pending: Promise<number>[] = [];
  const start = performance.now();
  let rows = 0;
  for (let turn = 0; turn * everyMs < forMs; turn++) {
    const batch: Batch = {
      first: firstSmall + from + rows,
      count: sizes[turn % sizes.length] ?? 1,
    };
    rows += batch.count;
    const body = contestant.body(records(batch));
    const early = start + turn * everyMs - performance.now();
    if (early > 0) await sleep(early);
    const send = async () => {
      const sent = performance.now();
      const answer = await client.post(body);
      const ms = performance.now() - sent;
      expectScheduled(payloadOf(answer), batch);
      return ms;
    };
    pending.push(send());
  }
  return { ms: await Promise.all(pending), rows };
}

async function startLongMutations({ contestant, child }: Gateway, mutations: number): Promise<ChildProcess> {
  const process = fork(script('load/long-mutations'), {
    execArgv: [],
    env: {
      GATEWAY_URL: child.url,
      WIRE: contestant.wire,
      RECORDS: String(longRecords),
      MUTATIONS: String(mutations),
      BENCH_CONNECTIONS: String(connections),
    },
  });
  await once(process, 'message');
  return process;
}
