// Idempotency keys of requests that change scheduled records: what is settled is told again, and the rest is carried on from what was
// written down before it was begun. It stands on the same store as the keys of `scheduleCampaignData`; each kind of mutation has keys
// of its own. Nothing that is kept has a phone number in it.
// States of a key: see scheduling/idempotency/idempotency.ts. In this process everybody who sends it shares one run, which goes on when
// they leave.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimResult, KeyStore } from '../scheduling/idempotency/key-store.ts';
import { IdempotencyConflict } from '../scheduling/request-error.ts';
import { cleanText } from '../scheduling/text.ts';

export interface KeyedRequest {
  /** The mutation's name: its keys are its own. */
  mutation: string;
  credential: string;
  key: string;
  /** All that the answer depends on, as JSON. */
  input: unknown;
}

/** `progress`: what an earlier run has written, undefined in the first. */
export type Work<Progress> = (
  progress: Progress | undefined,
  /** Writes it down, durable before it resolves. Rejects where it cannot be written: then nothing may be begun. */
  write: (progress: Progress) => Promise<void>,
) => Promise<{ progress: Progress; isSettled: boolean }>;

export interface KeptAnswers {
  /**
   * The progress that settles the request, or as far as it has come. Rejects with an IdempotencyConflict where the key stands for another
   * request, with a KeyUnavailable where the key cannot be looked up, and as the work does.
   */
  carryOut<Progress>(request: KeyedRequest, work: Work<Progress>): Promise<Progress>;
}

/** The store is out of reach, or another process has the key: nothing was done now. */
export class KeyUnavailable extends Error {}

/** How often a key that another process has is looked at, and for how long. */
const pollMs = 200;
const patienceMs = 30_000;

/** With every change of what is kept. A key of another version is answered as such. */
const version = 'records-1';

export function createKeptAnswers(keys: KeyStore): KeptAnswers {
  const runs = new Map<string, { input: string; progress: Promise<unknown> }>();

  const claim = async (key: string, input: string): Promise<ClaimResult<object>> => {
    const request = { held: null, key, formerKeys: [], input, plan: '', circumstances: {}, candidates: '[]' };
    const givenUpAt = performance.now() + patienceMs;
    for (;;) {
      const found = await keys.claim<object>(request).catch(() => {
        throw new KeyUnavailable('its idempotencyKey could not be looked up');
      });
      if (found.kind !== 'elsewhere') return found;
      if (performance.now() > givenUpAt)
        throw new KeyUnavailable('another process is at the request with this idempotencyKey');
      await sleep(pollMs);
    }
  };

  const run = async <Progress>(key: string, input: string, work: Work<Progress>): Promise<Progress> => {
    const found = await claim(key, input);
    if (found.kind === 'conflict') throw new IdempotencyConflict();
    if (found.kind !== 'mine' && found.kind !== 'settled')
      throw new KeyUnavailable('this idempotencyKey was first used with another version of this service');
    const { result } = found.kept;
    const before = result === null ? undefined : (JSON.parse(result) as Progress);
    if (found.kind === 'settled' && before !== undefined) return before;
    if (found.kind === 'settled')
      throw new KeyUnavailable('what was told for this idempotencyKey was not kept');
    try {
      const { progress, isSettled } = await work(before, async (begun) => {
        const isMine = await keys
          .beginRound(found.claim, { result: JSON.stringify(begun), candidates: '[]' })
          .catch(() => false);
        if (!isMine) throw new KeyUnavailable('its idempotencyKey could not be recorded');
      });
      // Where the end cannot be written, what was begun stands in the store, and is looked up by the next request.
      await keys.finish(found.claim, { result: JSON.stringify(progress), isSettled }).catch(() => false);
      return progress;
    } catch (error) {
      await keys.release(found.claim).catch(() => {});
      throw error;
    }
  };

  return {
    async carryOut<Progress>({ mutation, credential, key, input }: KeyedRequest, work: Work<Progress>) {
      const name = keys.digest(JSON.stringify([mutation, credential, cleanText(key)]));
      const digest = `${version}:${keys.digest(JSON.stringify(input))}`;
      const running = runs.get(name);
      if (running !== undefined && running.input !== digest) throw new IdempotencyConflict();
      const progress = (running?.progress as Promise<Progress> | undefined) ?? run(name, digest, work);
      if (running === undefined) {
        runs.set(name, { input: digest, progress });
        const end = () => runs.delete(name);
        progress.then(end, end);
      }
      return progress;
    },
  };
}
