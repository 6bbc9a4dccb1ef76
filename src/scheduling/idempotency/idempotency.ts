// Idempotency keys of requests to schedule: what is settled is replayed, what is unknown is looked up, and only what was certainly not
// accepted is sent. Nothing that is kept of a request has a phone number in it: outcomes are made again from the input, which has the
// same fingerprint. The states of a key are in claim-loop.ts, those of one claim's work in round.ts.

import type { StopSignal } from '../../foundation/cancellation.ts';
import type { Rate } from '../admission.ts';
import type { Cancellation } from '../cancellation.ts';
import type { CandidateAnswer } from '../dispatch.ts';
import { makePlan, type Plan, type PlanCircumstances, type ScheduleRequest } from '../plan.ts';
import { createClaimLoop, type KeyedWork } from './claim-loop.ts';
import { createPlanDigest, digestInput, digestKey, type PlanDigest } from './fingerprint.ts';
import { KeptOutcomes, maySend, packRange } from './journal-codec.ts';
import type { KeptRange, KeptRequest } from './key-store.ts';
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

export function createIdempotency(parts: IdempotencyParts): Idempotency {
  const { keys, cancellation } = parts;
  const loop = createClaimLoop<PlanCircumstances, CarriedOut>(keys, cancellation);

  return {
    async carryOut(request, text, rate, callersSignal) {
      const digests = {
        ...digestKey(keys.digest, request, text),
        input: await digestInput(keys.digest, request),
      };
      return loop.carryOut(digests, callersSignal, (signal) => scheduleWork(parts, request, rate, signal));
    },
  };
}

async function scheduleWork(
  parts: IdempotencyParts,
  request: ScheduleRequest,
  rate: Rate,
  signal: StopSignal,
): Promise<KeyedWork<PlanCircumstances, CarriedOut>> {
  const { keys } = parts;
  const current = parts.circumstancesOf(request);
  const plan = await makePlan(request, current, parts.isSuppressed);
  // A list of suppressed numbers may be another one when the plan is made again.
  if (parts.isSuppressed !== undefined) await plan.readTo(Infinity);
  const circumstances = plan.suppressed.length === 0 ? current : { ...current, suppressed: plan.suppressed };
  const first = { circumstances, candidates: packRange({ start: 0, size: plan.total }) };

  /** The plan that was kept, made again; undefined where the rules of this version make another of it. */
  const keptPlan = async (kept: KeptRequest, ranges: readonly KeptRange[]): Promise<Plan | undefined> => {
    // Of a key that is new, it is read while it is sent.
    if (kept.circumstances === circumstances) return plan;
    const suppressed = new Set(kept.circumstances.suppressed);
    const again = await makePlan(request, kept.circumstances, (_, position) => suppressed.has(position));
    await again.readTo(Infinity);
    return (await isSamePlan(createPlanDigest(keys.digest, again), kept, ranges)) ? again : undefined;
  };

  return {
    first,
    async settled(kept) {
      const again = await keptPlan(kept, []);
      return again && { plan: again, answers: settledAnswers(kept) };
    },
    async carryOn(mine) {
      const again = await keptPlan(mine.kept, mine.ranges);
      if (again === undefined) return undefined;
      const { answers, ...end } = await carryOn(parts, again, mine, rate, signal);
      return { answer: { plan: again, answers }, ...end };
    },
    unknown: async (reason) => ({ plan, answers: await unknownAll(plan, reason) }),
    unwritten: (carriedOut) => ({ ...carriedOut, answers: carriedOut.answers.map(withoutPromise) }),
  };
}

/** Of a first round that was cut off, only what was about to be sent has to be the same. */
async function isSamePlan(
  digest: PlanDigest,
  { plan }: KeptRequest,
  ranges: readonly KeptRange[],
): Promise<boolean> {
  if (plan !== '') return plan === (await digest.whole()) || plan === (await digest.former());
  return ranges.every((range) => range.digest === null || range.digest === digest.of(range));
}

function settledAnswers({ result }: KeptRequest): readonly CandidateAnswer[] {
  return result === null ? [] : KeptOutcomes.unpack(result, 0).answers;
}

function withoutPromise(answer: CandidateAnswer): CandidateAnswer {
  return maySend(answer) ? { kind: 'unrecorded', reason: 'what became of it could not be recorded' } : answer;
}

async function unknownAll(plan: Plan, reason: string): Promise<CandidateAnswer[]> {
  await plan.readTo(Infinity);
  return plan.candidates.map(() => ({ kind: 'unrecorded', reason }));
}
