// The scheduling pass, and its public face: check every record, send what passed, and give every record its own outcome,
// in input order. With an idempotency key the same pass runs over what was kept of it.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignStatuses } from '../campaigns/status.ts';
import type { SuppressedNumbers } from '../campaigns/suppression.ts';
import type { CallingHours } from '../config/calling-hours.ts';
import type { CampaignDefinition, CampaignDefinitions } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import type { RowAnswer } from '../dialer/chunk.ts';
import type { Dialer } from '../dialer/dialer.ts';
import { writeWithinMs } from '../dialer/transport/deadlines.ts';
import type { StopSignal } from '../foundation/cancellation.ts';
import { giveWay } from '../foundation/event-loop.ts';
import type { IncomingRequest, Origin, Telemetry } from '../telemetry/events.ts';
import { createInFlight, type Rate, type RateHolder, type RateLeft, type Rates } from './admission.ts';
import { createCancellation } from './cancellation.ts';
import { conclude, type ScheduleResult } from './conclude.ts';
import {
  answersOf,
  type Batch,
  type ChunkResult,
  isSmall,
  type Journal,
  mayBeScheduled,
  sendAll,
} from './dispatch.ts';
import { createIdempotency } from './idempotency/idempotency.ts';
import type { KeyStore } from './idempotency/key-store.ts';
import { createPassSteps, type PassSteps } from './pass-steps.ts';
import { makePlan, type PlanCircumstances, type ScheduleRequest } from './plan.ts';
import { IdempotencyConflict, Overloaded, RateLimited, UnknownCampaign } from './request-error.ts';

export interface SchedulingOptions extends CharacterRules {
  /** The account's name. */
  account: string;
  region: CountryCode;
  /** The account's zone. */
  timeZone: string;
  horizonDays: number;
  campaigns: CampaignDefinitions;
  /** Of campaigns that have none of their own. @default calls may be made at any time */
  callingHours?: CallingHours | undefined;
  /** Past so many records in flight a request is turned away. */
  maxRecordsInFlight: number;
}

export interface SchedulingParts {
  dialer: Dialer;
  statuses: CampaignStatuses;
  keys: KeyStore;
  /** Numbers that are never to be called. @default none */
  suppressed?: SuppressedNumbers | undefined;
  /** Of all accounts. */
  rates: Rates;
  /** Epoch milliseconds. */
  now: () => number;
  telemetry: Telemetry;
}

export interface Scheduling {
  /**
   * One result per record, in input order, however the dialer answers. An aborted signal stops what was not sent yet.
   * Rejects with an Overloaded, a RateLimited, an UnknownCampaign or an IdempotencyConflict, and then nothing was sent. `incoming`:
   * on whose behalf.
   */
  schedule(
    request: ScheduleRequest,
    signal?: StopSignal,
    incoming?: IncomingRequest,
  ): Promise<ScheduleResult>;
  /**
   * The results that `validateOnly` would give, by the rules of this service alone: nobody is asked, no rate is taken, and nothing
   * is counted. Rejects with an Overloaded.
   */
  validate(request: ValidateRequest): Promise<ScheduleResult>;
  /** The same pass in steps, for a room that keeps what it sends itself. */
  readonly steps: PassSteps;
  /** What a credential may still schedule. Undefined: as many records as come. */
  rateLeft(holder: Pick<RateHolder, 'credential' | 'recordsPerMinute'>): RateLeft | undefined;
  /** Resolves when every request has its answers. */
  finish(): Promise<void>;
  /** The same, and stops what was not sent yet. */
  close(): Promise<void>;
}

/** What is checked of a request. */
export type ValidateRequest = Pick<ScheduleRequest, 'campaignName' | 'records' | 'timeZone' | 'duplicates'>;

export function createScheduling(
  options: SchedulingOptions,
  { dialer, statuses, keys, suppressed, rates, now, telemetry }: SchedulingParts,
): Scheduling {
  const { callingHours } = options;
  const unknownCampaign: CampaignDefinition = { callingHours };
  const campaigns = new Map<string, CampaignDefinition>(
    Object.entries(options.campaigns).map(([name, campaign]) => [
      name,
      { ...campaign, callingHours: campaign.callingHours ?? callingHours },
    ]),
  );
  const isSuppressed = suppressed && ((e164: string) => suppressed.has(e164));
  const cancellation = createCancellation();
  const inFlight = createInFlight(options.maxRecordsInFlight);

  const circumstancesOf = ({ campaignName, timeZone }: ScheduleRequest): PlanCircumstances => {
    const { horizonDays, region, unsafeCharacters, nameCharacters } = options;
    const campaign = campaigns.get(campaignName) ?? unknownCampaign;
    const dialerZone = campaign.timeZone ?? options.timeZone;
    const zones = { inputZone: timeZone ?? dialerZone, dialerZone };
    return { now: now(), horizonDays, region, ...zones, unsafeCharacters, nameCharacters, campaign };
  };

  const report = (error: unknown) => telemetry.error(error);

  const send = async (
    batch: Batch,
    signal: StopSignal,
    journal?: Journal,
    latest?: number,
  ): Promise<ChunkResult[]> => {
    const soon = isSmall(batch) ? now() + writeWithinMs : undefined;
    const writeBy = soon === undefined ? latest : Math.min(soon, latest ?? Infinity);
    const results = await sendAll(batch, dialer, { signal, writeBy, journal, report });
    if (results.some(({ answer }) => answer.kind === 'rows' && answer.rows.some(isScheduled)))
      statuses.noteTaken(batch.campaignName);
    return results.some(({ answer }) => isUntold(answer)) ? tellRefused(results, batch, statuses) : results;
  };

  const { isMissing } = statuses;
  const idempotency = createIdempotency({
    keys,
    dialer,
    cancellation,
    circumstancesOf,
    isSuppressed,
    send,
    isMissing,
    now,
  });

  const rateOf = ({
    credential,
    rateHolder = credential,
    recordsPerMinute,
    validateOnly,
  }: ScheduleRequest): Rate => {
    const purpose = validateOnly ? 'validate' : 'schedule';
    return rates.of({ account: options.account, credential: rateHolder, recordsPerMinute, purpose });
  };

  const steps = createPassSteps({
    dialer,
    cancellation,
    inFlight,
    telemetry,
    circumstancesOf,
    rateOf,
    isSuppressed,
    isMissing,
    send,
    now,
  });

  const carryOut = async (request: ScheduleRequest, signal: StopSignal): Promise<ScheduleResult> => {
    const { idempotencyKey, validateOnly, records } = request;
    const rate = rateOf(request);
    if (idempotencyKey !== undefined && !validateOnly) {
      const { plan, answers } = await idempotency.carryOut(request, idempotencyKey, rate, signal);
      return conclude(request, plan, answers);
    }
    const isUnknown = isMissing(request.campaignName, request.origin);
    if (isUnknown !== false && (await isUnknown)) throw new UnknownCampaign(request.campaignName);
    const waitSeconds = rate.take(records.length);
    if (waitSeconds !== undefined) throw new RateLimited(waitSeconds);
    const plan = await makePlan(request, circumstancesOf(request), isSuppressed);
    const answers = answersOf(await send(plan, signal), plan.candidates.length);
    await giveWay();
    if (!validateOnly) rate.giveBack(records.length - answers.filter(mayBeScheduled).length);
    return conclude(request, plan, answers);
  };

  return {
    async schedule(request, callersSignal, incoming) {
      const pass = telemetry.passStarted(request.campaignName, incoming);
      try {
        const leave = inFlight.enter(request.records.length);
        let result: ScheduleResult;
        try {
          result = await cancellation.run(callersSignal, (signal) =>
            // A spread would give each request a shape of its own, for which V8 takes two microseconds.
            carryOut(Object.assign({ origin: pass, report }, request), signal),
          );
        } finally {
          leave();
        }
        pass.end(result.status, result.counts);
        return result;
      } catch (error) {
        pass.end(statusOfError(error));
        throw error;
      }
    },
    async validate(request) {
      const leave = inFlight.enter(request.records.length);
      try {
        const whole = { ...request, ...onlyValidated, report };
        return await conclude(whole, await makePlan(whole, circumstancesOf(whole), isSuppressed), []);
      } finally {
        leave();
      }
    },
    steps,
    rateLeft: (holder) => rates.of({ ...holder, account: options.account, purpose: 'schedule' }).left(),
    finish: () => cancellation.finish(),
    async close() {
      cancellation.shutDown();
      await cancellation.finish();
    },
  };
}

const onlyValidated = {
  errorPolicy: 'REJECT_FAILED_RECORDS',
  idempotencyKey: undefined,
  validateOnly: true,
  credential: '',
} as const satisfies Partial<ScheduleRequest>;

/** Where the dialer refused the account or the campaign, the results are told which, if it can be had. */
async function tellRefused(
  results: ChunkResult[],
  { campaignName, origin }: { campaignName: string; origin: Origin | undefined },
  statuses: CampaignStatuses,
): Promise<ChunkResult[]> {
  const which = await statuses.whichIsRefused(campaignName, origin);
  if (which === undefined) return results;
  return results.map((result) => {
    const { answer } = result;
    return isUntold(answer)
      ? { ...result, answer: { ...answer, refusal: { ...answer.refusal, which } } }
      : result;
  });
}

function isScheduled({ kind }: RowAnswer): boolean {
  return kind === 'scheduled';
}

type Untold = ChunkResult['answer'] & { kind: 'refused' };

/** Whether the account or the campaign was refused, and it is not said which. */
function isUntold(answer: ChunkResult['answer']): answer is Untold {
  if (answer.kind !== 'refused') return false;
  return answer.refusal.reason === 'account-or-campaign' && answer.refusal.which === undefined;
}

/** For those who count. */
function statusOfError(error: unknown): string {
  if (error instanceof IdempotencyConflict) return 'IDEMPOTENCY_CONFLICT';
  if (error instanceof RateLimited) return 'RATE_LIMITED';
  if (error instanceof UnknownCampaign) return 'UNKNOWN_CAMPAIGN';
  return error instanceof Overloaded ? 'OVERLOADED' : 'FAILED';
}
