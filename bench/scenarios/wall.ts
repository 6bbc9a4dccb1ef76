// One mutation at a time: how long it takes, and how much CPU time the gateway needs.

import { type Arena, expectRows, type Gateway, rotated } from '../load/arena.ts';
import { measureMutation } from '../load/measure.ts';
import type { Batch } from '../payload.ts';
import type { WallCell } from '../settings.ts';

export interface WallSamples {
  wallMs: number[];
  /** Microseconds a record. Empty for the raw client, which has no process of its own. */
  cpuMicros: number[];
}

/** By contestant, `raw` included. */
export type WallResults = ReadonlyMap<string, WallSamples>;

export async function measureWall(
  { upstream, raw, gateways }: Arena,
  { records: count, latencyMs, rounds }: WallCell,
): Promise<WallResults> {
  const batch: Batch = { first: 0, count };
  const results = new Map<string, WallSamples>();
  for (const name of ['raw', ...gateways.map(({ contestant }) => contestant.name)])
    results.set(name, { wallMs: [], cpuMicros: [] });

  const measureRaw = async () => {
    await upstream.reset(latencyMs);
    const run = raw.prepare(batch);
    const start = performance.now();
    await run();
    const wallMs = performance.now() - start;
    expectRows(await upstream.counts(), count);
    return { name: 'raw', wallMs, cpuMicros: null };
  };
  const measure = async (gateway: Gateway) => {
    const { wallMs, cpuMicros } = await measureMutation(gateway, upstream, batch, latencyMs);
    return { name: gateway.contestant.name, wallMs, cpuMicros: cpuMicros / count };
  };
  const runs = [measureRaw, ...gateways.map((gateway) => () => measure(gateway))];

  for (let round = 0; round < rounds; round++)
    for (const run of rotated(runs, round)) {
      const { name, wallMs, cpuMicros } = await run();
      results.get(name)?.wallMs.push(wallMs);
      if (cpuMicros !== null) results.get(name)?.cpuMicros.push(cpuMicros);
    }
  return results;
}
