// The claim loop: requests with an idempotency key, however often and wherever they are sent. What is settled is replayed, what is
// unknown is looked up, and only what was certainly not accepted is sent. Nothing that is kept of a request has a phone number
// in it: outcomes are made again from the input, which has the same fingerprint.
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
import type { Rate } from '../admission.ts';
import type { Cancellation } from '../cancellation.ts';
import type { CandidateAnswer } from '../dispatch.ts';
import {
  makePlan,
  type Plan,
  type PlanCircumstances,
  type ScheduleRequest,
  type SuppressionCheck,
} from '../plan.ts';
import { IdempotencyConflict } from '../request-error.ts';
import { digestInput, digestKey, digestPlan } from './fingerprint.ts';
import { KeptOutcomes, maySend, packRange } from './journal-codec.ts';
import type { ClaimRequest, ClaimResult } from './key-store.ts';
import { carryOn, type RoundParts } from './round.ts';

export interface IdempotencyParts extends RoundParts {
  cancellation: Cancellation;
  circumstancesOf(request: ScheduleRequest): PlanCircumstances;
}

export interface CarriedOut {
  plan: Plan;
  /** One for each of the plan's candidates. */
  answers: readonly CandidateAnswer[];
}

export interface Idempotency {
  /**
   * What is sent is taken from the rate. Rejects with an IdempotencyConflict where the key stands for another request, and with
   * an UnknownCampaign or a RateLimited where nothing was sent for it so far.
   */
  carryOut(request: ScheduleRequest, key: string, rate: Rate, signal: StopSignal): Promise<CarriedOut>;
}

/** How often a key that another process holds is looked at. */
const elsewherePollMs = 200;
/** How long a run that is over is waited for. */
const endWaitMs = 3000;

export function createIdempotency(parts: IdempotencyParts): Idempotency {
  const { keys, cancellation } = parts;
  const runs = new Map<string, Run>();

  return {
    async carryOut(request, text, rate, signal) {
      const digests = {
        ...digestKey(keys.digest, request, text),
        input: await digestInput(keys.digest, request),
      };
      const { key, input } = digests;
      let run = runs.get(key);
      // A run that is over ends soon, and then the rest of its work can be taken up. If it does not, its end cannot be written now.
      while (run?.isOver() === true && (await run.hasEnded(endWaitMs))) run = runs.get(key);
      if (run === undefined) {
        const stop = cancellation.open();
        run = new Run(input, carryOutOnce(parts, request, digests, rate, stop.signal), stop);
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
class Run {
  readonly input: string;
  /** Never rejects. */
  readonly ended: Promise<void>;
  readonly #carriedOut: Promise<EndingRun>;
  readonly #stop: StopController;
  #callers = 0;
  #isAnswered = false;

  constructor(input: string, carriedOut: Promise<EndingRun>, stop: StopController) {
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
  async join(signal: StopSignal): Promise<CarriedOut> {
    this.#callers++;
    const leave = () => {
      this.#callers--;
      if (this.#callers === 0) this.#stop.cancel(causeOf(signal));
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
    return this.#carriedOut.finally(() => signal.removeEventListener('abort', leave));
  }
}

function ignore(): void {}

/** `ending`: see RoundResult. */
type EndingRun = CarriedOut & { ending?: Promise<unknown> };

type Digests = Pick<ClaimRequest, 'key' | 'formerKeys' | 'input'>;

async function carryOutOnce(
  parts: IdempotencyParts,
  request: ScheduleRequest,
  digests: Digests,
  rate: Rate,
  signal: StopSignal,
): Promise<EndingRun> {
  const { keys } = parts;
  const current = parts.circumstancesOf(request);
  const plan = await makeWholePlan(request, current, parts.isSuppressed);
  // A list of suppressed numbers may be another one when the plan is made again.
  const circumstances = plan.suppressed.length === 0 ? current : { ...current, suppressed: plan.suppressed };
  const first = {
    ...digests,
    circumstances,
    plan: await digestPlan(keys.digest, plan),
    candidates: packRange({ start: 0, size: plan.candidates.length }),
  };
  /** What this run knows of a claim that it has lost. */
  let held: (CarriedOut & { id: number }) | undefined;
  const toldWithout = (reason: string) => held ?? { plan, answers: unknownAll(plan, reason) };

  for (;;) {
    let found: ClaimResult;
    try {
      found = await keys.claim({ ...first, held: held?.id ?? null });
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
    }
    const kept = await keptPlan(parts, request, plan, first, found);
    if (kept === undefined) return toldWithout(otherVersion);
    if (found.kind === 'settled') return { plan: kept, answers: settledAnswers(found) };

    const giveFree = () => keys.release(found.claim).catch(ignore);
    const { answers, end, ending } = await carryOn(parts, kept, found, rate, signal).catch(
      (error: unknown) => {
        void giveFree();
        throw error;
      },
    );
    // The key was released with the end that was written.
    if (end === 'durable') return { plan: kept, answers };
    const carriedOut = { plan: kept, answers: answers.map(withoutPromise) };
    const released = Promise.resolve(ending).then(giveFree);
    if (end === 'undurable') return { ...carriedOut, ending: released };
    held = { ...carriedOut, id: found.claim.id };
  }
}

async function makeWholePlan(
  request: ScheduleRequest,
  circumstances: PlanCircumstances,
  isSuppressed: SuppressionCheck | undefined,
): Promise<Plan> {
  const plan = await makePlan(request, circumstances, isSuppressed);
  await plan.readTo(Infinity);
  return plan;
}

/** The plan that was kept, made again; undefined where the rules of this version make another of it. */
async function keptPlan(
  { keys }: IdempotencyParts,
  request: ScheduleRequest,
  plan: Plan,
  first: Pick<ClaimRequest, 'circumstances'>,
  { kind, kept, ...found }: ClaimResult & { kind: 'mine' | 'settled' },
): Promise<Plan | undefined> {
  if (kept.circumstances === first.circumstances) return plan;
  const suppressed = new Set(kept.circumstances.suppressed);
  const again = await makeWholePlan(request, kept.circumstances, (_, position) => suppressed.has(position));
  if ((await digestPlan(keys.digest, again)) === kept.plan) return again;
  if (kind === 'mine' && 'claim' in found) await keys.release(found.claim).catch(() => {});
  return undefined;
}

function settledAnswers({ kept: { result } }: ClaimResult & { kind: 'settled' }): readonly CandidateAnswer[] {
  return result === null ? [] : KeptOutcomes.unpack(result, 0).answers;
}

/** "Not accepted" is only answered where it is written: the next request with the key may send such a record. */
function withoutPromise(answer: CandidateAnswer): CandidateAnswer {
  return maySend(answer) ? { kind: 'unrecorded', reason: 'what became of it could not be recorded' } : answer;
}

function unknownAll({ candidates }: Plan, reason: string): CandidateAnswer[] {
  return candidates.map(() => ({ kind: 'unrecorded', reason }));
}

const elsewhere = 'another process is at the request with this idempotencyKey';

/** It cannot be told any more which records were sent: the rules of the new version read them differently. */
const otherVersion = 'this idempotencyKey was first used with another version of this service';
