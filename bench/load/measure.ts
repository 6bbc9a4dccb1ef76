// Measures one mutation of one gateway. Its answer is checked in full after the clocks have stopped.

import { type Batch, records } from '../payload.ts';
import { expectScheduled, payloadOf } from './answers.ts';
import { expectRows, type Gateway } from './arena.ts';
import type { Upstream } from './upstream.ts';

export interface Measured {
  wallMs: number;
  /** CPU time of the gateway, in microseconds. */
  cpuMicros: number;
  /** The answer's length as it was sent. */
  bytes: number;
}

/** `decode` returns the JSON of an answer as it was sent. @default the answer itself */
export async function measureMutation(
  { contestant, child, client }: Gateway,
  upstream: Upstream,
  batch: Batch,
  latencyMs: number,
  decode: (bytes: Buffer) => Buffer = (bytes) => bytes,
): Promise<Measured> {
  await upstream.reset(latencyMs);
  const body = contestant.body(records(batch));
  const cpu = child.cpuMicros();
  const start = performance.now();
  const answer = await client.post(body);
  const wallMs = performance.now() - start;
  const cpuMicros = child.cpuMicros() - cpu;
  expectScheduled(payloadOf(decode(answer)), batch);
  expectRows(await upstream.counts(), batch.count);
  return { wallMs, cpuMicros, bytes: answer.length };
}
