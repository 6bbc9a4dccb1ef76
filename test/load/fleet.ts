// Callers side by side: each sends, thinks, and sends again. Every number is sent once in a run.

import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { ScheduleDocument, type ScheduleMutation } from '../gql/graphql.ts';
import { createRandom } from '../soak/random.ts';
import type { Judge } from './judge.ts';

export interface Shift {
  callers: number;
  seconds: number;
  /** Of a caller's mutations, how many are lists. */
  listShare: number;
  /** Between an answer and the next mutation, on average. */
  thinkMs: number;
}

export interface Fleet {
  run(shift: Shift): Promise<void>;
}

const shortestList = 20;
const longestList = 100;
const longList = { share: 0.05, records: 1000 };
const keyShare = 0.3;
const firstNumber = 9_810_000_000;

export function createFleet(url: string, seed: number, judge: Judge): Fleet {
  const random = createRandom(seed, 'callers');
  const dispatcher = new Agent({ connections: 500, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
  let sent = 0;

  const mutate = async (isList: boolean) => {
    const isLong = isList && random.chance(longList.share);
    const count = !isList
      ? 1
      : isLong
        ? longList.records
        : shortestList + random.below(longestList - shortestList);
    const numbers = Array.from({ length: count }, () => String(firstNumber + sent++));
    const id = `load-${numbers[0]}`;
    const records = numbers.map((phoneNumber) => ({ reference: phoneNumber, phoneNumber, scheduledTime }));
    const idempotencyKey = random.chance(keyShare) ? id : null;
    const variables = { input: { campaignName: 'Sales_Demo', idempotencyKey, records } };
    const body = JSON.stringify({ query: ScheduleDocument.toString(), variables });
    const startedAt = performance.now();
    const answer = await request(url, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json', 'x-request-id': id },
      body,
    });
    const { data } = (await answer.body.json()) as { data?: ScheduleMutation };
    const ms = performance.now() - startedAt;
    judge.answered({ id, numbers, ms, hasKey: idempotencyKey !== null, result: data?.scheduleCampaignData });
  };

  return {
    async run({ callers, seconds, listShare, thinkMs }) {
      const until = performance.now() + seconds * 1000;
      const caller = async () => {
        // Not all at once.
        await sleep(random.next() * thinkMs);
        while (performance.now() < until) {
          await mutate(random.chance(listShare));
          await sleep(-Math.log(1 - random.next()) * thinkMs);
        }
      };
      await Promise.all(Array.from({ length: callers }, caller));
    },
  };
}
