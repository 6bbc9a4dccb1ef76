// A front end that wants every lead called once: it sends with a key, and where it gets no answer it sends the very same
// request again, until it has one. Keeps every answer with its time, since a wrong one is judged by the whole story.

import { setTimeout as sleep } from 'node:timers/promises';
import { ScheduleDocument, type ScheduleMutation } from '../gql/graphql.ts';
import { campaignName, type PlannedMutation } from './mutations.ts';
import type { Random } from './random.ts';

export type Payload = Extract<
  ScheduleMutation['scheduleCampaignData'],
  { __typename: 'ScheduleCampaignDataPayload' }
>;
export type Result = Payload['results'][number];

export interface Answer {
  readonly key: string;
  readonly startedAt: number;
  readonly answeredAt: number;
  readonly payload: Payload;
}

export interface CallerCounts {
  /** Sent again since no answer came, by what came instead. */
  readonly sentAgain: Map<string, number>;
}

export interface Caller {
  /** Rejects where no answer comes within two minutes, or one that no front end can use. */
  ask(mutation: PlannedMutation, hangUpAfterMs?: number | null): Promise<Answer>;
  readonly counts: CallerCounts;
  /** Every answer's text goes here. */
  onText: (text: string) => void;
}

/** An answer that the soak's caller must never get. */
export class UnusableAnswer extends Error {}

const givesUpAfterMs = 120_000;
/** Beyond all that an answer may take, the ten seconds of a dead worker included. */
const patienceMs = 40_000;

export function createCaller(url: string, random: Random): Caller {
  const sentAgain = new Map<string, number>();
  const again = async (why: string) => {
    sentAgain.set(why, (sentAgain.get(why) ?? 0) + 1);
    await sleep(100 + random.below(200));
  };

  const caller: Caller = {
    counts: { sentAgain },
    onText: () => {},
    async ask(mutation, hangUpAfterMs = null) {
      const startedAt = Date.now();
      const body = JSON.stringify({
        query: ScheduleDocument.toString(),
        variables: {
          input: {
            campaignName,
            idempotencyKey: mutation.key,
            records: mutation.leads.map(({ record }) => record),
          },
        },
      });
      for (let attempt = 0; ; attempt++) {
        if (Date.now() > startedAt + givesUpAfterMs)
          throw new UnusableAnswer(
            `${mutation.key}: no answer after ${attempt} attempts in ${givesUpAfterMs} ms`,
          );
        const hangsUp = attempt === 0 && hangUpAfterMs !== null;
        const reply = await post(url, body, hangsUp ? hangUpAfterMs : patienceMs);
        if (typeof reply === 'string') {
          await again(hangsUp ? 'hung up' : reply);
          continue;
        }
        caller.onText(reply.text);
        if (reply.status !== 200) {
          await again(`HTTP ${reply.status}`);
          continue;
        }
        const { data, errors } = JSON.parse(reply.text) as { data?: ScheduleMutation; errors?: unknown };
        const result = data?.scheduleCampaignData;
        if (errors !== undefined || result === undefined)
          throw new UnusableAnswer(`${mutation.key}: ${reply.text}`);
        if (result.__typename === 'OverloadedError') {
          await again(result.__typename);
          continue;
        }
        if (result.__typename !== 'ScheduleCampaignDataPayload')
          throw new UnusableAnswer(`${mutation.key}: ${JSON.stringify(result)}`);
        return { key: mutation.key, startedAt, answeredAt: Date.now(), payload: result };
      }
    },
  };
  return caller;
}

/** Why there is no answer, in a word, or the answer. */
async function post(url: string, body: string, patience: number) {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body,
      signal: AbortSignal.timeout(patience),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    return name === 'TimeoutError' ? `no answer in ${patience} ms` : (cause?.code ?? name);
  }
}
