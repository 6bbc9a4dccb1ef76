// The account's rows that were scheduled: asked for, deleted, and taken out of their campaign after the hand-over.
// What was certainly not carried out is tried again for some seconds. What may have been is not: whoever asked looks it up.

import { causeText, type StopSignal, waitUnlessStopped } from '../foundation/cancellation.ts';
import type { ScheduledClient } from './dialects/dialect.ts';
import type { FairQueue } from './fair-queue.ts';
import type { CampaignEntry, ChangeAnswer, ListAnswer } from './listed-row.ts';
import { writeWithinMs } from './transport/deadlines.ts';
import type { SendOptions } from './transport/http-client.ts';

export interface ChangeOptions extends Pick<SendOptions, 'signal' | 'origins'> {
  /** As for chunks: callers take turns, and so do the mutations of one caller. */
  caller: unknown;
  mutation: object;
  small: boolean;
}

/** No call rejects. */
export interface ScheduledRows {
  /** Every row that the dialer still has. */
  list(options?: Pick<SendOptions, 'signal' | 'origins'>): Promise<ListAnswer>;
  /** Deletes rows by their ids, at most a hundred. Those that are not there are passed over. */
  delete(ids: readonly string[], options: ChangeOptions): Promise<ChangeAnswer>;
  /** Takes a number out of a campaign. Every row of the number there may go with it. */
  remove(entry: CampaignEntry, options: ChangeOptions): Promise<ChangeAnswer>;
  /** Grows when the list may have changed by what was sent from here. */
  revision(): number;
}

export interface ScheduledRowsParts {
  client: ScheduledClient;
  queue: FairQueue;
  now: () => number;
  /** Keeps the dialer open until the work has ended. */
  track<Answer>(work: Promise<Answer>): Promise<Answer>;
  /** Takes what nobody expected. */
  failed(error: unknown): void;
  isClosed(): boolean;
}

const maxRetries = 3;
const firstPauseMs = 200;
/** While the dialer is left alone or out of reach, it is tried for so long. */
const maxWaitMs = writeWithinMs;

/** `revision`: of what chunks have changed. */
export function createScheduledRows(parts: ScheduledRowsParts, revision: () => number): ScheduledRows {
  const { client, queue, now, track, failed } = parts;
  let changes = 0;

  const change = async (
    send: (options: SendOptions) => Promise<ChangeAnswer>,
    { caller, mutation, small, signal, origins }: ChangeOptions,
  ): Promise<ChangeAnswer> => {
    const slot = await queue.take({ caller, mutation, small, signal });
    if (slot === null) return notSent(signal);
    try {
      return await retried(parts, signal, (attempt) =>
        send({ signal, origins, attempt, writeBy: now() + writeWithinMs, lowPriority: !small }),
      );
    } catch (error) {
      failed(error);
      return { kind: 'unknown', reason: 'an unexpected error in this service' };
    } finally {
      changes++;
      slot.release();
    }
  };

  return {
    list: (options) =>
      track(
        client.list({ ...options, writeBy: now() + writeWithinMs }).catch((error: unknown): ListAnswer => {
          failed(error);
          return { kind: 'unknown', reason: 'an unexpected error in this service' };
        }),
      ),
    delete: (ids, options) => track(change((sending) => client.delete(ids, sending), options)),
    remove: (entry, options) => track(change((sending) => client.remove(entry, sending), options)),
    revision: () => revision() + changes,
  };
}

/** Sends until no further try would help. */
async function retried(
  { now, isClosed }: ScheduledRowsParts,
  signal: StopSignal | undefined,
  send: (attempt: number) => Promise<ChangeAnswer>,
): Promise<ChangeAnswer> {
  const givenUpAt = now() + maxWaitMs;
  for (let attempt = 1; ; attempt++) {
    const answer = await send(attempt);
    const passes = (answer.kind === 'unavailable' || answer.kind === 'throttled') && answer.passing;
    const pauseMs = firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
    if (!passes || attempt > maxRetries || isClosed() || now() + pauseMs > givenUpAt) return answer;
    await waitUnlessStopped(pauseMs, signal);
    if (signal?.aborted) return notSent(signal);
  }
}

function notSent(signal: StopSignal | undefined): ChangeAnswer {
  const reason = signal?.aborted ? causeText(signal) : 'too many other requests were waiting for the dialer';
  return { kind: 'unavailable', reason, passing: false };
}
