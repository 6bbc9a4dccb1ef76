// The most memory that a new process has while it answers its first long mutation. With its embedded database Dialgraph has a
// PostgreSQL within its process, so that it is measured on a server too.

import { startPostgres } from '../../test/postgres.ts';
import { expectScheduled, payloadOf } from '../load/answers.ts';
import { expectRows, startGateway, stopGateway } from '../load/arena.ts';
import { type Contestant, onServer, ours } from '../load/contestant.ts';
import type { Upstream } from '../load/upstream.ts';
import { type Batch, records } from '../payload.ts';
import { isAmong, type Plan } from '../settings.ts';

const batch: Batch = { first: 0, count: 50_000 };
const latencyMs = 20;

/** Megabytes of each round, by contestant. */
export async function measureMemory(
  contestants: readonly Contestant[],
  upstream: Upstream,
  { contestants: some, rounds }: Plan['memory'],
): Promise<ReadonlyMap<string, number[]>> {
  const results = new Map<string, number[]>();
  const postgres = await startPostgres();
  const taking = contestants.filter(({ name }) => isAmong(some, name));
  if (taking.includes(ours)) taking.push(onServer(await postgres.createDatabase()));
  for (const { name } of taking) results.set(name, []);
  for (let round = 0; round < rounds; round++)
    for (const contestant of taking) {
      await upstream.reset(latencyMs);
      const gateway = await startGateway(contestant, upstream);
      const answer = await gateway.client.post(contestant.body(records(batch)));
      const bytes = gateway.child.peakBytes();
      await stopGateway(gateway);
      expectScheduled(payloadOf(answer), batch);
      expectRows(await upstream.counts(), batch.count);
      results.get(contestant.name)?.push(bytes / 1e6);
    }
  await postgres.stop();
  return results;
}
