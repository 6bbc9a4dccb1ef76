// Starts the upstream and all gateways, which run side by side, so that a scenario can go from one to the next within a round.
// Each gateway must answer correctly before anything is measured.

import { type Batch, recordAt, records } from '../payload.ts';
import type { Counts } from '../upstream/counts.ts';
import { expectScheduled, payloadOf, WrongAnswer } from './answers.ts';
import type { Child } from './child.ts';
import { type Client, createClient } from './client.ts';
import { type Contestant, upstreamScript } from './contestant.ts';
import { createRawClient, type RawClient } from './raw.ts';
import { startUpstream, type Upstream } from './upstream.ts';

export interface Gateway {
  readonly contestant: Contestant;
  readonly child: Child;
  readonly client: Client;
}

export interface Arena {
  readonly upstream: Upstream;
  readonly raw: RawClient;
  readonly gateways: readonly Gateway[];
  close(): Promise<void>;
}

/** How many callers send at the same time, where many do. */
export const callers = 500;
const warmUpRecords = 600_000;
const mostWarmUps = 1500;

export async function createArena(contestants: readonly Contestant[]): Promise<Arena> {
  const upstream = await startUpstream(upstreamScript);
  const raw = createRawClient(upstream.url);
  const gateways: Gateway[] = [];
  for (const contestant of contestants) gateways.push(await startGateway(contestant, upstream));
  return {
    upstream,
    raw,
    gateways,
    async close() {
      for (const gateway of gateways) await stopGateway(gateway);
      await raw.close();
      await upstream.close();
    },
  };
}

export async function startGateway(contestant: Contestant, upstream: Upstream): Promise<Gateway> {
  const child = await contestant.start(upstream.url);
  return { contestant, child, client: createClient(child.url, callers) };
}

export async function stopGateway({ client, child }: Gateway): Promise<void> {
  await client.close();
  await child.close();
}

/** Sends two chunks and a half with one bad number and one bad time: only these two records may fail. */
export async function proveCorrect({ contestant, client }: Gateway, upstream: Upstream): Promise<void> {
  const batch: Batch = { first: 7_000, count: 250 };
  const badNumber = 3;
  const badTime = 142;
  const leads = records(batch);
  leads[badNumber] = { ...recordAt(batch.first + badNumber), phoneNumber: '12' };
  leads[badTime] = { ...recordAt(batch.first + badTime), scheduledTime: '2026-13-45 99:00:00' };
  await upstream.reset(0);
  try {
    expectScheduled(
      payloadOf(await client.post(contestant.body(leads))),
      batch,
      new Set([badNumber, badTime]),
    );
    expectRows(await upstream.counts(), batch.count - 2);
  } catch (error) {
    throw new WrongAnswer(`${contestant.name}: ${(error as Error).message}`);
  }
}

export function expectRows({ rows, twice, refused }: Counts, expected: number): void {
  if (rows !== expected || twice > 0 || refused > 0)
    throw new WrongAnswer(`upstream had ${rows} rows of ${expected}, ${twice} twice, ${refused} refused`);
}

/**
 * Warms up every gateway and the raw client with mutations of this size. The compiler needs hundreds of thousands of records, or more
 * than a thousand requests, until it is done with all of a gateway's code.
 */
export async function warmUp({ upstream, raw, gateways }: Arena, count: number): Promise<void> {
  const times = Math.min(mostWarmUps, Math.floor(warmUpRecords / count));
  const batch: Batch = { first: 0, count };
  for (let time = 0; time < times; time++) {
    for (const { contestant, client } of gateways) {
      await upstream.reset(0);
      await client.post(contestant.body(records(batch)));
    }
    await upstream.reset(0);
    await raw.prepare(batch)();
  }
}

/** The items, rotated by one each round, so that a contestant does not always follow the same one. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
