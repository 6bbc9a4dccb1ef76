// Many callers with one record each, all at the same time: mutations a second, and how many requests the upstream gets.

import { expectScheduled, payloadOf } from '../load/answers.ts';
import { type Arena, callers, expectRows, type Gateway, rotated } from '../load/arena.ts';
import { recordAt } from '../payload.ts';
import type { Plan } from '../settings.ts';

export interface SinglesSamples {
  perSecond: number[];
  upstreamRequests: number[];
}

export const mutations = 2_000;
/** Afterwards the code is compiled. They are not waited for by the upstream: only the code is warmed up. */
const warmUpRounds = 8;
const latencyMs = 20;

export async function measureSingles(
  { upstream, gateways }: Arena,
  { rounds }: Plan['singles'],
): Promise<ReadonlyMap<string, SinglesSamples>> {
  const results = new Map<string, SinglesSamples>();
  for (const { contestant } of gateways)
    results.set(contestant.name, { perSecond: [], upstreamRequests: [] });

  const measure = async ({ contestant, client }: Gateway, latencyMs: number) => {
    await upstream.reset(latencyMs);
    // Servers close idle connections sooner than their next turn comes: all are open again when the clock starts.
    const openers = Array.from({ length: callers }, (_, number) => contestant.body([recordAt(number)]));
    await Promise.all(openers.map((body) => client.post(body)));
    await upstream.reset(latencyMs);
    const bodies = Array.from({ length: mutations }, (_, number) => contestant.body([recordAt(number)]));
    const start = performance.now();
    const answers = await Promise.all(bodies.map((body) => client.post(body)));
    const seconds = (performance.now() - start) / 1000;
    for (const [first, answer] of answers.entries()) expectScheduled(payloadOf(answer), { first, count: 1 });
    const counts = await upstream.counts();
    expectRows(counts, mutations);
    return { perSecond: mutations / seconds, upstreamRequests: counts.requests };
  };

  for (let round = -warmUpRounds; round < rounds; round++)
    for (const gateway of rotated(gateways, round + warmUpRounds)) {
      const { perSecond, upstreamRequests } = await measure(gateway, round < 0 ? 0 : latencyMs);
      if (round < 0) continue;
      const samples = results.get(gateway.contestant.name);
      samples?.perSecond.push(perSecond);
      samples?.upstreamRequests.push(upstreamRequests);
    }
  return results;
}
