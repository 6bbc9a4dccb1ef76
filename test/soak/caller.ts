// A front end that wants every lead called once: it sends with a key, to whichever replica, and where it gets no answer it
// sends the very same request again, until it has one. Notes every try with its time: a wrong answer is judged by all of them.

import { setTimeout as sleep } from 'node:timers/promises';
import { ScheduleDocument, type ScheduleMutation } from '../gql/graphql.ts';
import { campaignName, type PlannedMutation } from './mutations.ts';
import type { Random } from './random.ts';

export type Payload = Extract<
  NonNullable<ScheduleMutation['scheduleCampaignData']>,
  { __typename: 'ScheduleCampaignDataPayload' }
>;
export type Result = Payload['results'][number];

/** One request, from its first byte to its answer or to the moment when its caller gave it up. */
export interface Try {
  readonly replica: number;
  readonly startedAt: number;
  /** Infinity while it is under way. */
  endedAt: number;
  /** Null: none, or not yet. */
  payload: Payload | null;
}

export interface Caller {
  /** Rejects where no answer comes within some minutes, or one that no front end can use. */
  ask(mutation: PlannedMutation, hangsUpAfterMs?: readonly number[], notReplica?: number): Promise<Try>;
  /** Why requests were sent again, and how often: there was no answer, or none of the service's. */
  readonly sentAgain: ReadonlyMap<string, number>;
}

export interface CallerParts {
  urls: readonly string[];
  random: Random;
  /** A try begins; it is filled in as it ends. */
  onTry(mutation: PlannedMutation, attempt: Try): void;
  /** Every answer's text goes here. */
  onText(text: string): void;
}

/** An answer that the soak's caller must never get, or none at all. */
export class UnusableAnswer extends Error {}

const givesUpAfterMs = 240_000;
/** Beyond all that an answer to a long list may take, a worker that is taken for dead included. */
const patienceMs = 90_000;

export function createCaller({ urls, random, onTry, onText }: CallerParts): Caller {
  const sentAgain = new Map<string, number>();

  return {
    sentAgain,
    async ask(mutation, hangsUpAfterMs = [], notReplica) {
      const body = bodyOf(mutation);
      const giveUpAt = Date.now() + givesUpAfterMs;
      let replica = notReplica === undefined ? random.below(urls.length) : (notReplica + 1) % urls.length;
      for (let n = 0; Date.now() < giveUpAt; n++) {
        const attempt: Try = { replica, startedAt: Date.now(), endedAt: Infinity, payload: null };
        onTry(mutation, attempt);
        const hangUp = hangsUpAfterMs[n];
        const reply = await post(urls[replica] ?? '', body, hangUp ?? patienceMs);
        attempt.endedAt = Date.now();
        if ('text' in reply) onText(reply.text);
        const read = readReply(mutation, reply);
        if (typeof read !== 'string') {
          attempt.payload = read;
          return attempt;
        }
        const why = hangUp !== undefined && read === 'no answer in time' ? 'hung up' : read;
        sentAgain.set(why, (sentAgain.get(why) ?? 0) + 1);
        await sleep(100 + random.below(200));
        replica = random.below(urls.length);
      }
      throw new UnusableAnswer(`${mutation.key}: no answer in ${givesUpAfterMs} ms`);
    },
  };
}

function bodyOf({ key: idempotencyKey, leads }: PlannedMutation): string {
  const records = leads.map(({ record }) => record);
  return JSON.stringify({
    query: ScheduleDocument.toString(),
    variables: { input: { campaignName, idempotencyKey, records } },
  });
}

type Reply = { status: number; text: string } | { failure: string };

async function post(url: string, body: string, patience: number): Promise<Reply> {
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
    return { failure: name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? name) };
  }
}

/** The payload, or in a word why the same is to be sent again. */
function readReply({ key }: PlannedMutation, reply: Reply): Payload | string {
  if ('failure' in reply) return reply.failure;
  // The caller's own fault, as the service sees it: the same again would be told the same.
  if (reply.status >= 400 && reply.status < 500 && reply.status !== 429)
    throw new UnusableAnswer(`${key}: HTTP ${reply.status} ${reply.text.slice(0, 2000)}`);
  if (reply.status !== 200) return `HTTP ${reply.status}`;
  const { data, errors } = JSON.parse(reply.text) as { data?: ScheduleMutation; errors?: unknown };
  const result = data?.scheduleCampaignData;
  if (errors !== undefined || !result) throw new UnusableAnswer(`${key}: ${reply.text.slice(0, 2000)}`);
  if (result.__typename === 'OverloadedError') return result.__typename;
  if (result.__typename === 'ScheduleCampaignDataPayload') return result;
  throw new UnusableAnswer(`${key}: ${JSON.stringify(result)}`);
}
