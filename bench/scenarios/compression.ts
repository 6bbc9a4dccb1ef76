// What compressed answers cost and save: the same mutation to the same process, with its answer in each encoding in turn.

import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { rotated } from '../load/arena.ts';
import { createClient } from '../load/client.ts';
import type { Contestant } from '../load/contestant.ts';
import { measureMutation } from '../load/measure.ts';
import type { Upstream } from '../load/upstream.ts';
import type { Batch } from '../payload.ts';
import type { Plan } from '../settings.ts';

const encodings = ['identity', 'gzip', 'br'] as const;
export type Encoding = (typeof encodings)[number];

export interface CompressionSamples {
  wallMs: number[];
  cpuMs: number[];
  /** The answer's length as it was sent. */
  bytes: number;
}

export type CompressionResults = Readonly<Record<Encoding, CompressionSamples>>;

const batch: Batch = { first: 0, count: 10_000 };
const latencyMs = 0;
const warmUps = 10;

const decoders: Readonly<Record<Encoding, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
};

export async function measureCompression(
  ours: Contestant,
  upstream: Upstream,
  { rounds }: Plan['compression'],
): Promise<CompressionResults> {
  const child = await ours.start(upstream.url);
  const clients = encodings.map((encoding) => ({
    encoding,
    client: createClient(child.url, 1, { 'accept-encoding': encoding }),
  }));
  const samples = (): CompressionSamples => ({ wallMs: [], cpuMs: [], bytes: 0 });
  const results: CompressionResults = { identity: samples(), gzip: samples(), br: samples() };

  for (let round = -warmUps; round < rounds; round++)
    for (const { encoding, client } of rotated(clients, round + warmUps)) {
      const gateway = { contestant: ours, child, client };
      const measured = await measureMutation(gateway, upstream, batch, latencyMs, decoders[encoding]);
      if (round < 0) continue;
      const { [encoding]: of } = results;
      of.wallMs.push(measured.wallMs);
      of.cpuMs.push(measured.cpuMicros / 1000);
      of.bytes = measured.bytes;
    }

  for (const { client } of clients) await client.close();
  await child.close();
  return results;
}
