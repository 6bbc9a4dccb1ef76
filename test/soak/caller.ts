// A front end that wants every lead called once: it sends with a key, to whichever replica, and where it gets no answer it
// sends the very same request again, until it has one. Notes every try with its time: a wrong answer is judged by all of them.

import { setTimeout as sleep } from 'node:timers/promises';
import { ScheduleDocument, type ScheduleMutation, type TypedDocumentString } from '../gql/graphql.ts';
import { campaignName, type PlannedMutation } from './mutations.ts';
import type { Random } from './random.ts';

export type Payload = Extract<
  NonNullable<ScheduleMutation['scheduleCampaignData']>,
  { __typename: 'ScheduleCampaignDataPayload' }
>;
export type Result = Payload['results'][number];

/** One request, from its first byte to its answer or to the moment when its caller gave it up. */
export interface Try<Told = Payload> {
  readonly replica: number;
  readonly startedAt: number;
  /** Infinity while it is under way. */
  endedAt: number;
  /** Null: none, or not yet. */
  payload: Told | null;
}

/** What is asked, again and again until it is answered. */
export interface Asked<Told> {
  readonly key: string;
  readonly body: string;
  /** The payload of an answer's data, or in a word why the same is to be sent again; null: no front end can use it. */
  read(data: unknown): Told | string | null;
  /** A try begins; it is filled in as it ends. */
  onTry(attempt: Try<Told>): void;
}

export interface Caller {
  /** Rejects where no answer comes within some minutes, or one that no front end can use. */
  ask<Told extends object>(
    asked: Asked<Told>,
    hangsUpAfterMs?: readonly number[],
    notReplica?: number,
  ): Promise<Try<Told>>;
  /** Why requests were sent again, and how often: there was no answer, or none of the service's. */
  readonly sentAgain: ReadonlyMap<string, number>;
}

export interface CallerParts {
  urls: readonly string[];
  random: Random;
  /** Every answer's text goes here. */
  onText(text: string): void;
}

/** An answer that the soak's caller must never get, or none at all. */
export class UnusableAnswer extends Error {}

const givesUpAfterMs = 240_000;
/** Beyond all that an answer to a long list may take, a worker that is taken for dead included. */
const patienceMs = 90_000;

export function createCaller({ urls, random, onText }: CallerParts): Caller {
  const sentAgain = new Map<string, number>();

  return {
    sentAgain,
    async ask<Told extends object>(
      { key, body, read, onTry }: Asked<Told>,
      hangsUpAfterMs: readonly number[] = [],
      notReplica?: number,
    ) {
      const giveUpAt = Date.now() + givesUpAfterMs;
      let replica = notReplica === undefined ? random.below(urls.length) : (notReplica + 1) % urls.length;
      for (let n = 0; Date.now() < giveUpAt; n++) {
        const attempt: Try<Told> = { replica, startedAt: Date.now(), endedAt: Infinity, payload: null };
        onTry(attempt);
        const hangUp = hangsUpAfterMs[n];
        const reply = await post(urls[replica] ?? '', body, hangUp ?? patienceMs);
        attempt.endedAt = Date.now();
        if ('text' in reply) onText(reply.text);
        const told = readReply(key, reply, read);
        if (typeof told !== 'string') {
          attempt.payload = told;
          return attempt;
        }
        const why = hangUp !== undefined && told === 'no answer in time' ? 'hung up' : told;
        sentAgain.set(why, (sentAgain.get(why) ?? 0) + 1);
        await sleep(100 + random.below(200));
        replica = random.below(urls.length);
      }
      throw new UnusableAnswer(`${key}: no answer in ${givesUpAfterMs} ms`);
    },
  };
}

/** A mutation that schedules. */
export function askToSchedule(
  { key: idempotencyKey, leads }: PlannedMutation,
  onTry: (attempt: Try) => void,
): Asked<Payload> {
  const records = leads.map(({ record }) => record);
  return {
    key: idempotencyKey,
    body: bodyOf(ScheduleDocument, { input: { campaignName, idempotencyKey, records } }),
    read(data) {
      const result = (data as ScheduleMutation).scheduleCampaignData;
      if (result?.__typename === 'OverloadedError') return result.__typename;
      return result?.__typename === 'ScheduleCampaignDataPayload' ? result : null;
    },
    onTry,
  };
}

export function bodyOf<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): string {
  return JSON.stringify({ query: document.toString(), variables });
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
function readReply<Told extends object>(key: string, reply: Reply, read: Asked<Told>['read']): Told | string {
  if ('failure' in reply) return reply.failure;
  const unusable = (text: string) => new UnusableAnswer(`${key}: ${text.slice(0, 2000)}`);
  // The caller's own fault, as the service sees it: the same again would be told the same.
  if (reply.status >= 400 && reply.status < 500 && reply.status !== 429)
    throw unusable(`HTTP ${reply.status} ${reply.text}`);
  if (reply.status !== 200) return `HTTP ${reply.status}`;
  const { data, errors } = JSON.parse(reply.text) as { data?: unknown; errors?: unknown };
  const told = errors === undefined && data ? read(data) : null;
  if (told === null) throw unusable(reply.text);
  return told;
}
