// Idempotency keys of requests that change scheduled records: what is settled is told again, and the rest is carried on from what was
// written down before it was begun. It is the claim loop of the keys of `scheduleCampaignData`, on the same store; each mutation has
// keys of its own. What is kept of a request is its progress, and nothing in that has a phone number.

import type { StopSignal } from '../foundation/cancellation.ts';
import type { Cancellation } from '../scheduling/cancellation.ts';
import { createClaimLoop, type EndedRound, type Mine } from '../scheduling/idempotency/claim-loop.ts';
import { createJournal, type RoundJournal } from '../scheduling/idempotency/journal.ts';
import {
  type KeptOutcomes,
  packPositions,
  unpackPositions,
} from '../scheduling/idempotency/journal-codec.ts';
import type { KeyStore } from '../scheduling/idempotency/key-store.ts';
import { endRound, readRound } from '../scheduling/idempotency/round.ts';
import { cleanText } from '../scheduling/text.ts';

export interface KeyedRequest {
  credential: string;
  key: string;
  /** All that the answer depends on, as JSON. */
  input: unknown;
}

export interface Keeping<Progress> {
  /** What an earlier run has written; undefined in the first. */
  readonly before: Progress | undefined;
  /** How far the database's clock is ahead of this process's, in milliseconds. */
  readonly aheadMs: number;
  /** Brings outcomes up to date by what is known of the round that an earlier run has begun. */
  readRound(outcomes: KeptOutcomes): void;
  /** Writes it down, durable before it resolves. Rejects with a NotKept where it cannot be written: then nothing may be begun. */
  write(progress: Progress): Promise<void>;
  /**
   * The same, and what is sent next are the candidates at these positions. Returns the journal of that round; undefined: nothing is
   * kept.
   */
  beginRound(progress: Progress, positions: readonly number[]): Promise<RoundJournal | undefined>;
}

/** Of a request without a key. */
export const unkept: Keeping<never> = {
  before: undefined,
  aheadMs: 0,
  readRound() {},
  async write() {},
  async beginRound() {
    return undefined;
  },
};

export interface Work<Progress> {
  /**
   * Rejects with the NotKept of what could not be written, where it cannot go on without that. `signal`: stops what was not begun yet.
   */
  run(keeping: Keeping<Progress>, signal: StopSignal): Promise<{ progress: Progress; isSettled: boolean }>;
  /** What is told where nothing could be done now. */
  unknown(reason: string): Progress;
  /** What is told of progress that is not written: the next run may do what was not done in this one. */
  unwritten(progress: Progress): Progress;
}

export interface KeptAnswers<Progress> {
  /**
   * The progress that settles the request, or as far as it has come. Rejects with an IdempotencyConflict where the key stands for another
   * request, and as the work does. `signal`: ends the wait for another process.
   */
  carryOut(request: KeyedRequest, signal: StopSignal, work: Work<Progress>): Promise<Progress>;
}

/** `lost`: another process has taken the request over. `undurable`: the store did not take it. */
export class NotKept extends Error {
  readonly end: 'lost' | 'undurable';

  constructor(end: NotKept['end']) {
    super('its idempotencyKey could not be recorded');
    this.end = end;
  }
}

/** Raised with every change of what is kept. A key that was used with another version is answered as such. */
const version = 'records-3';

/** `mutation`: its name, since its keys are its own. */
export function createKeptAnswers<Progress>(
  mutation: string,
  keys: KeyStore,
  cancellation: Cancellation,
  now: () => number,
): KeptAnswers<Progress> {
  const loop = createClaimLoop<object, Progress>(keys, cancellation);

  return {
    carryOut({ credential, key, input }, callersSignal, work) {
      const digests = {
        key: keys.digest(JSON.stringify([mutation, credential, cleanText(key)])),
        formerKeys: [],
        input: `${version}:${keys.digest(JSON.stringify(input))}`,
      };
      return loop.carryOut(digests, callersSignal, async (signal) => ({
        first: { circumstances: {}, candidates: '[]' },
        settled: async ({ result }) => progressOf<Progress>(result),
        carryOn: (mine) => carryOn(keys, mine, work, signal, now),
        unknown: work.unknown,
        unwritten: work.unwritten,
      }));
    },
  };
}

async function carryOn<Progress>(
  keys: KeyStore,
  mine: Mine<object>,
  work: Work<Progress>,
  signal: StopSignal,
  now: () => number,
): Promise<EndedRound<Progress>> {
  const { claim, kept, ranges } = mine;
  const aheadMs = kept.databaseNow - now();
  let journal: RoundJournal | undefined;
  const begin = async (progress: Progress, candidates: string) => {
    const result = JSON.stringify(progress);
    const isMine = await keys.beginRound(claim, { result, candidates }).catch(() => undefined);
    if (isMine !== true) throw new NotKept(isMine === false ? 'lost' : 'undurable');
  };
  const keeping: Keeping<Progress> = {
    before: progressOf(kept.result),
    aheadMs,
    readRound(outcomes) {
      if (kept.candidates !== null)
        readRound(outcomes, claim.id, unpackPositions(kept.candidates), ranges, aheadMs);
    },
    write: (progress) => begin(progress, '[]'),
    async beginRound(progress, positions) {
      await begin(progress, packPositions(positions));
      journal = createJournal({ keys, claim, aheadMs, now });
      return journal;
    },
  };
  try {
    const { progress, isSettled } = await work.run(keeping, signal);
    const finishing = keys.finish(claim, { result: JSON.stringify(progress), isSettled });
    // Where the end cannot be written, what was begun stands in the store, and is looked up by the next request.
    return { answer: progress, ...(await endRound(finishing)) };
  } catch (error) {
    if (error instanceof NotKept) return { answer: work.unknown(error.message), end: error.end };
    throw error;
  }
}

function progressOf<Progress>(result: string | null): Progress | undefined {
  return result === null ? undefined : (JSON.parse(result) as Progress);
}
