// A scheduling pass in steps, for a room that does more under a key of its own than to schedule, and keeps all of it itself: the records
// are prepared → (those of which an earlier run does not know are looked up) → (the room writes down which are sent) → sent.

import type { StopSignal } from '../foundation/cancellation.ts';
import type { IncomingRequest, Telemetry } from '../telemetry/events.ts';
import type { InFlight, Rate } from './admission.ts';
import type { Cancellation } from './cancellation.ts';
import { conclude, type ScheduleResult } from './conclude.ts';
import {
  type Batch,
  type CandidateAnswer,
  type ChunkResult,
  type Journal,
  mayBeScheduled,
} from './dispatch.ts';
import type { RoundJournal } from './idempotency/journal.ts';
import { type KeptOutcomes, unsent } from './idempotency/journal-codec.ts';
import { type LookUpParts, lookUp, type RoundParts, sendRound, withinRate } from './idempotency/round.ts';
import { makePlan, type Plan, type PlanCircumstances, type ScheduleRequest } from './plan.ts';
import { Overloaded, RateLimited } from './request-error.ts';

export interface PreparedPass {
  readonly request: ScheduleRequest;
  readonly plan: Plan;
  readonly circumstances: PlanCircumstances;
}

export interface PassSending {
  /** What is known of each candidate. It is brought up to date. */
  outcomes: KeptOutcomes;
  /** The candidates that are sent. */
  positions: readonly number[];
  /** @default nothing is kept */
  journal: RoundJournal | undefined;
  /** Epoch milliseconds after which nothing is sent any more. @default as long as the dialer takes */
  writeBy?: number | undefined;
  signal: StopSignal;
  incoming: IncomingRequest;
}

export interface PassSteps {
  /**
   * Checks records as `schedule` does, and sends nothing. `circumstances`: those under which an earlier run has checked the same records;
   * each of them is a candidate again.
   */
  prepare(request: ScheduleRequest, circumstances?: PlanCircumstances): Promise<PreparedPass>;
  /** Looks up what is unknown of the candidates, and returns the positions of those that may be sent. Sends nothing. */
  lookUp(prepared: PreparedPass, outcomes: KeptOutcomes, signal: StopSignal): Promise<readonly number[]>;
  /**
   * Sends candidates, and returns one result for each record of the request. What turns all of them away (the rate, the records in
   * flight, a campaign that is not there) is the answer of each. Rejects with a RateLimited or an Overloaded where the request only
   * validates.
   */
  send(prepared: PreparedPass, sending: PassSending): Promise<ScheduleResult>;
}

export interface PassStepsParts extends LookUpParts, Pick<RoundParts, 'isMissing'> {
  cancellation: Cancellation;
  inFlight: InFlight;
  telemetry: Telemetry;
  circumstancesOf(request: ScheduleRequest): PlanCircumstances;
  rateOf(request: ScheduleRequest): Rate;
  send(
    batch: Batch,
    signal: StopSignal,
    journal: Journal | undefined,
    writeBy: number | undefined,
  ): Promise<ChunkResult[]>;
}

export function createPassSteps(parts: PassStepsParts): PassSteps {
  const { cancellation, inFlight, telemetry, isMissing, rateOf } = parts;

  const sendAll = async ({ request, plan }: PreparedPass, sending: PassSending, signal: StopSignal) => {
    const { outcomes, positions: due, journal, writeBy } = sending;
    if (due.length === 0) return;
    if (await isMissing(request.campaignName, request.origin)) {
      for (const position of due) outcomes.put(position, missingCampaign, null);
      return;
    }
    const rate = rateOf(request);
    const positions = withinRate(rate, due, outcomes, false);
    const send: RoundParts['send'] = (batch, stop, kept) => parts.send(batch, stop, kept, writeBy);
    try {
      await sendRound({ send }, plan, outcomes, positions, signal, journal);
    } finally {
      rate.giveBack(positions.filter((at) => !mayBeScheduled(outcomes.answers[at] ?? unsent)).length);
    }
  };

  /** Nothing is sent of a request that only validates, but it counts. */
  const validate = (request: ScheduleRequest): void => {
    const waitSeconds = rateOf(request).take(request.records.length);
    if (waitSeconds !== undefined) throw new RateLimited(waitSeconds);
  };

  return {
    async prepare(request, kept) {
      const circumstances = kept ?? parts.circumstancesOf(request);
      const plan = await makePlan(
        request,
        circumstances,
        kept === undefined ? parts.isSuppressed : undefined,
      );
      await plan.readTo(Infinity);
      return { request, plan, circumstances };
    },
    lookUp: ({ plan }, outcomes, signal) => lookUp(parts, plan, outcomes, signal),
    async send(prepared, sending) {
      const { request, plan } = prepared;
      const { outcomes, positions, signal: callersSignal, incoming } = sending;
      const pass = telemetry.passStarted(request.campaignName, incoming);
      try {
        const leave = enter(inFlight, request, positions, outcomes);
        try {
          if (request.validateOnly) validate(request);
          else if (leave !== undefined)
            await cancellation.run(callersSignal, (signal) => sendAll(prepared, sending, signal));
        } finally {
          leave?.();
        }
        const result = await conclude(request, plan, outcomes.answers);
        pass.end(result.status, result.counts);
        return result;
      } catch (error) {
        pass.end('FAILED');
        throw error;
      }
    },
  };
}

/** Undefined where there is no room: that is then the answer of the candidates. */
function enter(
  inFlight: InFlight,
  { records, validateOnly }: ScheduleRequest,
  positions: readonly number[],
  outcomes: KeptOutcomes,
): (() => void) | undefined {
  try {
    return inFlight.enter(records.length);
  } catch (error) {
    if (!(error instanceof Overloaded) || validateOnly) throw error;
    for (const position of positions) outcomes.put(position, overloaded, null);
    return undefined;
  }
}

const overloaded: CandidateAnswer = {
  kind: 'unavailable',
  reason: 'this service is busy with as many records as it takes',
  passing: false,
};

const missingCampaign: CandidateAnswer = {
  kind: 'refused',
  refusal: { reason: 'account-or-campaign', text: '', which: 'campaign' },
};
