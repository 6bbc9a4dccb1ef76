// The claim loop: requests with an idempotency key, however often and wherever they are sent. One claim at a time carries a request
// on, and what is settled is told again. What is kept of a request, and how it is carried on, is the work's own: idempotency.ts has that
// of records that are scheduled, and records/kept-answers.ts that of records that are changed.
//
// States of a key, as a claim finds it: mine (new, or left unfinished: the run carries it out) · elsewhere (in flight in another
// process: the loop looks again) · settled (nothing is left to do: replay) · conflict (the key of another request) ·
// other-version (of another version of this service) · gone (a claim that was lost, and whose key has expired).
// States of a run: running → answered → ended, when its end is written. Callers in this process share one run. A run is stopped
// when all of its callers have left; the next claim goes on from what it has written.

import { setTimeout as sleep } from 'node:timers/promises';
import {
  causeOf,
  type StopController,
  type StopSignal,
  waitUnlessStopped,
} from '../../foundation/cancellation.ts';
import type { Cancellation } from '../cancellation.ts';
import { IdempotencyConflict } from '../request-error.ts';
import type { ClaimRequest, ClaimResult, KeptRequest, KeyStore } from './key-store.ts';

/** What stands for a key and its request in the store. */
export type Digests = Pick<ClaimRequest, 'key' | 'formerKeys' | 'input'>;

export type Mine<Circumstances extends object> = ClaimResult<Circumstances> & { kind: 'mine' };

/** One claim's work on a request, when it is over. */
export interface EndedRound<Answer> {
  answer: Answer;
  /** `lost`: another process has taken the request over. `undurable`: the end could not be written so far. */
  end: 'durable' | 'undurable' | 'lost';
  /** Settles when the end is written, or given up. Until then the key is held. Undefined where no end is to be written. */
  ending?: Promise<unknown>;
}

export interface KeyedWork<Circumstances extends object, Answer> {
  /** What is kept of a request that is new. */
  readonly first: Pick<ClaimRequest<Circumstances>, 'circumstances' | 'candidates'>;
  /** The answer that is kept of a request that is settled. Undefined: this version of the service cannot tell it. */
  settled(kept: KeptRequest<Circumstances>): Promise<Answer | undefined>;
  /** Goes on from what is kept. Undefined: this version of the service cannot. */
  carryOn(mine: Mine<Circumstances>): Promise<EndedRound<Answer> | undefined>;
  /** The answer where nothing could be done now, and what was done before cannot be told. */
  unknown(reason: string): Answer | Promise<Answer>;
  /** What is told of an answer that is not written: "not accepted" is not, since the next claim may send such a record. */
  unwritten(answer: Answer): Answer;
}

export interface ClaimLoop<Circumstances extends object, Answer> {
  /**
   * `begin`: makes the work of a run; its signal is aborted when all callers have left, and when the service shuts down. Rejects with
   * an IdempotencyConflict where the key stands for another request, and as the work does.
   */
  carryOut(
    digests: Digests,
    signal: StopSignal,
    begin: (signal: StopSignal) => Promise<KeyedWork<Circumstances, Answer>>,
  ): Promise<Answer>;
}

/** How often a key that another process holds is looked at. */
const elsewherePollMs = 200;
/** How long a run that is over is waited for. */
const endWaitMs = 3000;

export function createClaimLoop<Circumstances extends object, Answer>(
  keys: KeyStore,
  cancellation: Cancellation,
): ClaimLoop<Circumstances, Answer> {
  const runs = new Map<string, Run<Answer>>();

  return {
    async carryOut(digests, signal, begin) {
      const { key, input } = digests;
      let run = runs.get(key);
      // A run that is over ends soon, and then the rest of its work can be taken up. If it does not, its end cannot be written now.
      while (run?.isOver() === true && (await run.hasEnded(endWaitMs))) run = runs.get(key);
      if (run === undefined) {
        const stop = cancellation.open();
        const carriedOut = begin(stop.signal).then((work) => carryOutOnce(keys, digests, work, stop.signal));
        run = new Run(input, carriedOut, stop);
        runs.set(key, run);
        void run.ended.then(() => {
          runs.delete(key);
          cancellation.close(stop);
        });
      }
      if (run.input !== input) throw new IdempotencyConflict();
      return run.join(signal);
    },
  };
}

/** A run in this process, and how many callers wait for it. Its answers are good until its end is written. */
class Run<Answer> {
  readonly input: string;
  /** Never rejects. */
  readonly ended: Promise<void>;
  readonly #carriedOut: Promise<EndingRun<Answer>>;
  readonly #stop: StopController;
  #callers = 0;
  #isAnswered = false;

  constructor(input: string, carriedOut: Promise<EndingRun<Answer>>, stop: StopController) {
    this.input = input;
    this.#carriedOut = carriedOut;
    this.#stop = stop;
    const answered = () => {
      this.#isAnswered = true;
    };
    carriedOut.then(answered, answered);
    this.ended = carriedOut.then(({ ending }) => ending).then(ignore, ignore);
  }

  /** Resolves when it has ended, with true, or after so many milliseconds. */
  hasEnded(ms: number): Promise<boolean> {
    return Promise.race([this.ended.then(() => true), sleep(ms, false, { ref: false })]);
  }

  /** It has its answers, or everybody has left it. */
  isOver(): boolean {
    return this.#isAnswered || (this.#stop.signal.aborted && this.#callers === 0);
  }

  /** The last caller who leaves stops what was not sent yet. */
  async join(signal: StopSignal): Promise<Answer> {
    this.#callers++;
    const leave = () => {
      this.#callers--;
      if (this.#callers === 0) this.#stop.cancel(causeOf(signal));
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
    const { answer } = await this.#carriedOut.finally(() => signal.removeEventListener('abort', leave));
    return answer;
  }
}

function ignore(): void {}

type EndingRun<Answer> = Pick<EndedRound<Answer>, 'answer' | 'ending'>;

async function carryOutOnce<Circumstances extends object, Answer>(
  keys: KeyStore,
  digests: Digests,
  work: KeyedWork<Circumstances, Answer>,
  signal: StopSignal,
): Promise<EndingRun<Answer>> {
  const request = { ...digests, ...work.first };
  /** What this run knows of a claim that it has lost. */
  let held: { id: number; answer: Answer } | undefined;
  const toldWithout = async (reason: string) => ({ answer: held?.answer ?? (await work.unknown(reason)) });

  for (;;) {
    let found: ClaimResult<Circumstances>;
    try {
      found = await keys.claim({ ...request, held: held?.id ?? null });
    } catch {
      // Nothing was sent now. An earlier request with this key may have sent, and that cannot be looked up.
      return toldWithout('its idempotencyKey could not be looked up');
    }
    switch (found.kind) {
      case 'conflict':
        throw new IdempotencyConflict();
      case 'other-version':
        return toldWithout(otherVersion);
      case 'gone':
        return toldWithout(elsewhere);
      case 'elsewhere':
        if (signal.aborted) return toldWithout(elsewhere);
        await waitUnlessStopped(elsewherePollMs, signal);
        continue;
      case 'settled': {
        const answer = await work.settled(found.kept);
        return answer === undefined ? toldWithout(otherVersion) : { answer };
      }
    }
    const { claim } = found;
    const giveFree = () => keys.release(claim).catch(ignore);
    const round = await work.carryOn(found).catch(async (error: unknown) => {
      await giveFree();
      throw error;
    });
    if (round === undefined) {
      await giveFree();
      return toldWithout(otherVersion);
    }
    // The key was released with the end that was written.
    if (round.end === 'durable') return { answer: round.answer };
    const answer = work.unwritten(round.answer);
    const released = Promise.resolve(round.ending).then(giveFree);
    if (round.end === 'undurable') return { answer, ending: released };
    held = { answer, id: claim.id };
  }
}

const elsewhere = 'another process is at the request with this idempotencyKey';

/** It cannot be told any more which records were sent: the rules of the new version read them differently. */
const otherVersion = 'this idempotencyKey was first used with another version of this service';
