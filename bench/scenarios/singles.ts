// Many callers with one record each, all at once: mutations a second, and how many requests that costs the upstream.

import { expectScheduled, payloadOf } from '../load/answers.ts';
import { type Arena, expectRows, type Gateway, rotated } from '../load/arena.ts';
import { recordAt } from '../payload.ts';
import type { Plan } from '../settings.ts';

export interface SinglesSamples {
  perSecond: number[];
  upstreamRequests: number[];
}

export const mutations = 2_000;
/** All connections are open then, and the compiler has seen the code. */
const warmUps = 2_000;
const latencyMs = 20;

export async function measureSingles(
  { upstream, gateways }: Arena,
  { rounds }: Plan['singles'],
): Promise<ReadonlyMap<string, SinglesSamples>> {
  const results = new Map<string, SinglesSamples>();
  for (const { contestant } of gateways)
    results.set(contestant.name, { perSecond: [], upstreamRequests: [] });

  const measure = async ({ contestant, client }: Gateway, mutations: number) => {
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

  // The round before the first opens everyone's connections.
  for (let round = -1; round < rounds; round++)
    for (const gateway of rotated(gateways, round + 1)) {
      const { perSecond, upstreamRequests } = await measure(gateway, round < 0 ? warmUps : mutations);
      if (round < 0) continue;
      const samples = results.get(gateway.contestant.name);
      samples?.perSecond.push(perSecond);
      samples?.upstreamRequests.push(upstreamRequests);
    }
  return results;
}
