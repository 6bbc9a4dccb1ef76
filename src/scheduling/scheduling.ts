// The scheduling pass, and its public face: check every record, send what passed, and give every record its own outcome,
// in input order. With an idempotency key the same pass runs over what was kept of it.

import type { CountryCode } from 'libphonenumber-js/max';
import type { CampaignDefinitions } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import type { Dialer } from '../dialer/dialer.ts';
import { patienceMs } from '../dialer/transport/guard.ts';
import { cancel } from '../foundation/cancellation.ts';
import { breathe } from '../foundation/event-loop.ts';
import type { IncomingRequest, Telemetry } from '../telemetry/events.ts';
import { createCancellation } from './cancellation.ts';
import {
  answersOf,
  type Batch,
  type CandidateAnswer,
  type ChunkResult,
  isSmall,
  type Journal,
  mayBeScheduled,
  sendAll,
} from './dispatch.ts';
import { createIdempotency } from './idempotency/idempotency.ts';
import type { KeyStore } from './idempotency/key-store.ts';
import type { Outcome } from './outcome.ts';
import {
  accepted,
  countKinds,
  type Failure,
  type OutcomeCounts,
  refused,
  type ScheduleStatus,
  type Summary,
  statusOf,
  summarise,
} from './outcome.ts';
import {
  type Candidate,
  dialerTimeOf,
  identityOf,
  makePlan,
  type Plan,
  type PlanCircumstances,
  type ScheduleRequest,
} from './plan.ts';
import type { Rate, Rates } from './rates.ts';
import type { CheckedRecord } from './record.ts';
import { IdempotencyConflict, Overloaded, RateLimited } from './request-error.ts';

export interface ScheduleResult {
  campaignName: string;
  status: ScheduleStatus;
  summary: Summary;
  /** The results, by kind. */
  counts: OutcomeCounts;
  results: Outcome[];
}

export interface SchedulingOptions extends CharacterRules {
  /** The account's name. */
  account: string;
  region: CountryCode;
  /** The account's zone. */
  timeZone: string;
  horizonDays: number;
  campaigns: CampaignDefinitions;
  /** Past so many records in flight a request is turned away. */
  maxRecordsInFlight: number;
}

export interface Scheduling {
  /**
   * One result per record, in input order, however the dialer answers. An aborted signal stops what was not sent yet.
   * Rejects with an Overloaded, a RateLimited or an IdempotencyConflict, and then nothing was sent. `incoming`: on whose behalf.
   */
  schedule(
    request: ScheduleRequest,
    signal?: AbortSignal,
    incoming?: IncomingRequest,
  ): Promise<ScheduleResult>;
  /** Resolves when every request has its answers. */
  finish(): Promise<void>;
  /** The same, and stops what was not sent yet. */
  close(): Promise<void>;
}

/** One chunk's longest way is the dialer's time-out and 5 s; nearly all are done in far less. */
const retryAfterSeconds = 5;

export function createScheduling(
  options: SchedulingOptions,
  dialer: Dialer,
  keys: KeyStore,
  rates: Rates,
  now: () => number,
  telemetry: Telemetry,
): Scheduling {
  const campaigns = new Map(Object.entries(options.campaigns));
  const cancellation = createCancellation();
  const running = new Set<Promise<unknown>>();
  let recordsInFlight = 0;

  const circumstancesOf = ({ campaignName, timeZone }: ScheduleRequest): PlanCircumstances => {
    const { horizonDays, region, unsafeCharacters, nameCharacters } = options;
    const campaign = campaigns.get(campaignName) ?? {};
    const dialerZone = campaign.timeZone ?? options.timeZone;
    const zones = { inputZone: timeZone ?? dialerZone, dialerZone };
    return { now: now(), horizonDays, region, ...zones, unsafeCharacters, nameCharacters, campaign };
  };

  const report = (error: unknown) =>
    telemetry.error(error instanceof Error ? (error.stack ?? error.message) : String(error));

  const send = (batch: Batch, signal: AbortSignal, journal?: Journal): Promise<ChunkResult[]> => {
    const writeBy = isSmall(batch) ? now() + patienceMs : undefined;
    return sendAll(batch, dialer, { signal, writeBy, journal, report });
  };

  const idempotency = createIdempotency({ keys, dialer, cancellation, circumstancesOf, send, now });

  const rateOf = ({ credential, recordsPerMinute, validateOnly }: ScheduleRequest): Rate => {
    const purpose = validateOnly ? 'validate' : 'schedule';
    return rates.of({ account: options.account, credential, recordsPerMinute, purpose });
  };

  const carryOut = async (request: ScheduleRequest, signal: AbortSignal): Promise<ScheduleResult> => {
    const { idempotencyKey, validateOnly, records } = request;
    const rate = rateOf(request);
    if (idempotencyKey !== undefined && !validateOnly) {
      const { plan, answers } = await idempotency.carryOut(request, idempotencyKey, rate, signal);
      return conclude(request, plan, answers);
    }
    const waitSeconds = rate.take(records.length);
    if (waitSeconds !== undefined) throw new RateLimited(waitSeconds);
    const plan = await makePlan(request, circumstancesOf(request));
    const answers = answersOf(await send(plan, signal), plan.candidates.length);
    if (!validateOnly) rate.giveBack(records.length - answers.filter(mayBeScheduled).length);
    return conclude(request, plan, answers);
  };

  const finish = async () => {
    while (running.size > 0) await Promise.allSettled(running);
  };

  return {
    async schedule(request, callersSignal, incoming) {
      const { length } = request.records;
      const pass = telemetry.passStarted(request.campaignName, incoming);
      if (recordsInFlight + length > options.maxRecordsInFlight) {
        pass.end('OVERLOADED');
        throw new Overloaded(retryAfterSeconds);
      }
      recordsInFlight += length;
      const stop = cancellation.open();
      const onGone = () => cancel(stop, 'caller-gone');
      callersSignal?.addEventListener('abort', onGone, { once: true });
      if (callersSignal?.aborted) onGone();
      const carrying = carryOut({ ...request, asker: pass, report }, stop.signal);
      running.add(carrying);
      try {
        const result = await carrying;
        pass.end(result.status, result.counts);
        return result;
      } catch (error) {
        pass.end(statusOfError(error));
        throw error;
      } finally {
        running.delete(carrying);
        recordsInFlight -= length;
        cancellation.close(stop);
        callersSignal?.removeEventListener('abort', onGone);
      }
    },
    finish,
    async close() {
      cancellation.shutDown();
      await finish();
    },
  };
}

/** For those who count. */
function statusOfError(error: unknown): string {
  if (error instanceof IdempotencyConflict) return 'IDEMPOTENCY_CONFLICT';
  return error instanceof RateLimited ? 'RATE_LIMITED' : 'FAILED';
}

/** The plan's own results and those of its candidates make one for each record. */
async function conclude(
  request: ScheduleRequest,
  plan: Plan,
  answers: readonly CandidateAnswer[],
): Promise<ScheduleResult> {
  const results = [...plan.results];
  for (const [n, candidate] of plan.candidates.entries()) {
    if (n % resultsPerTurn === 0) await breathe();
    results[candidate.index] = outcomeOf(request, candidate, answers[n] ?? noAnswer);
  }
  const counts = countKinds(results);
  const summary = summarise(counts);
  const { campaignName, validateOnly } = request;
  return { campaignName, status: statusOf(summary, validateOnly), summary, counts, results };
}

/** They take a fraction of a millisecond. */
const resultsPerTurn = 200;

const noAnswer: CandidateAnswer = { kind: 'unknown', reason: 'no answer to it was kept' };

function outcomeOf(request: ScheduleRequest, { index, record }: Candidate, answer: CandidateAnswer): Outcome {
  const identity = identityOf(request, index);
  if (answer.kind === 'scheduled')
    return accepted(
      'ScheduledRecord',
      identity,
      record,
      answer.dialerTime ?? dialerTimeOf(record),
      answer.text,
    );
  return { ...identity, ...failureOf(answer, record, request.idempotencyKey !== undefined) };
}

/** `isKeyed`: whether the same request may simply be sent again. */
function failureOf(
  answer: Exclude<CandidateAnswer, { kind: 'scheduled' }>,
  record: CheckedRecord,
  isKeyed: boolean,
): Failure {
  const again = isKeyed
    ? 'Send the same request with the same idempotencyKey again'
    : 'Send this record again';
  switch (answer.kind) {
    case 'refused':
      return refused(answer.refusal, dialerTimeOf(record));
    case 'throttled':
      return {
        kind: 'DialerThrottledError',
        message: `Not accepted: the dialer asks for fewer requests ("${answer.text}"). ${again} ${
          answer.retryAfterSeconds === null ? 'later' : `in ${answer.retryAfterSeconds} s`
        }.`,
        retryAfterSeconds: answer.retryAfterSeconds,
      };
    case 'unavailable':
      return { kind: 'DialerUnavailableError', message: `Not accepted: ${answer.reason}. ${again} later.` };
    case 'expired':
      return {
        kind: 'ScheduledTimeOutOfRangeError',
        message: `scheduledTime ${dialerTimeOf(record)} had passed before the dialer could take this record; it was not sent.`,
        earliest: answer.at,
        latest: answer.at,
      };
    case 'unknown':
      return {
        kind: 'OutcomeUnknownError',
        message: isKeyed
          ? `Nobody can tell whether the dialer took it: ${answer.reason}. ${again} in a minute: it is looked up, and never sent twice.`
          : `Nobody can tell whether the dialer took it: ${answer.reason}. Look in the dialer; do not simply send it again. With an idempotencyKey the same request could be sent again safely.`,
      };
    case 'unrecorded':
      return {
        kind: 'OutcomeUnknownError',
        message: `What became of it cannot be told now: ${answer.reason}. ${again} in a minute, and use no other key for it.`,
      };
    default:
      return answer satisfies never;
  }
}
