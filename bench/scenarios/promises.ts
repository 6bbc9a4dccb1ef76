// What an idempotency key costs: the same mutation with a key and without, in turn, each in a process of its own.

import { type Gateway, rotated, startGateway, stopGateway } from '../load/arena.ts';
import { type Contestant, withKeys } from '../load/contestant.ts';
import { measureMutation } from '../load/measure.ts';
import type { Upstream } from '../load/upstream.ts';
import type { Batch } from '../payload.ts';
import type { Plan } from '../settings.ts';

export interface PromisesResults {
  withKeyMs: number[];
  withoutMs: number[];
}

const batch: Batch = { first: 0, count: 10_000 };
const latencyMs = 20;
/** The first mutation with a key opens the store, and the code has to be compiled. */
const warmUps = 20;

export async function measurePromises(
  ours: Contestant,
  upstream: Upstream,
  { rounds }: Plan['promises'],
): Promise<PromisesResults> {
  const without = await startGateway(ours, upstream);
  const keyed = await startGateway(withKeys, upstream);
  const samples = new Map<Gateway, number[]>([
    [keyed, []],
    [without, []],
  ]);

  for (let round = -warmUps; round < rounds; round++)
    for (const gateway of rotated([keyed, without], round + warmUps)) {
      const { wallMs } = await measureMutation(gateway, upstream, batch, latencyMs);
      if (round >= 0) samples.get(gateway)?.push(wallMs);
    }

  await stopGateway(keyed);
  await stopGateway(without);
  return { withKeyMs: samples.get(keyed) ?? [], withoutMs: samples.get(without) ?? [] };
}
