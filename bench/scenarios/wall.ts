// One mutation at a time: how long it takes, and how much CPU time of the gateway.

import { expectScheduled, payloadOf } from '../load/answers.ts';
import { type Arena, expectRows, type Gateway, rotated } from '../load/arena.ts';
import { type Batch, records } from '../payload.ts';
import type { WallCell } from '../settings.ts';

export interface WallSamples {
  wallMs: number[];
  /** Microseconds a record. Empty for the raw client, which is no process of its own. */
  cpuMicros: number[];
}

/** By contestant; `raw` is one of them. */
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
  const measure = async ({ contestant, child, client }: Gateway) => {
    await upstream.reset(latencyMs);
    const body = contestant.body(records(batch));
    const cpu = child.cpuMicros();
    const start = performance.now();
    const answer = await client.post(body);
    const wallMs = performance.now() - start;
    const cpuMicros = (child.cpuMicros() - cpu) / count;
    expectScheduled(payloadOf(answer), batch);
    expectRows(await upstream.counts(), count);
    return { name: contestant.name, wallMs, cpuMicros };
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
