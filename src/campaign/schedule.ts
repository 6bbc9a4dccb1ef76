// The scheduling pass, and its public face: check every record, send what passed, and give every record its own outcome,
// in input order. With an idempotency key the same pass runs over what was kept of it.

import type { CountryCode } from 'libphonenumber-js/max';
import { breathe } from '../breathe.ts';
import type { Dialer } from '../dialer/client.ts';
import type { ChunkAnswer, RowAnswer } from '../dialer/dialect.ts';
import { patienceMs } from '../dialer/gate.ts';
import type { CampaignDefinitions } from '../settings/campaigns.ts';
import type { IncomingRequest, Telemetry } from '../telemetry/events.ts';
import { createIdempotency, type KeyStore } from './idempotency.ts';
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
import { IdempotencyConflict, Overloaded } from './request-error.ts';
import { isSmall, type Journal, type Leaf, sendAll } from './sending.ts';
import { callerGone, createStops } from './stops.ts';

export interface ScheduleResult {
  campaignName: string;
  status: ScheduleStatus;
  summary: Summary;
  /** The results, by kind. */
  counts: OutcomeCounts;
  results: Outcome[];
}

export interface SchedulingOptions {
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
   * Rejects with an Overloaded or an IdempotencyConflict, and then nothing was sent. `incoming`: on whose behalf.
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
  now: () => number,
  telemetry: Telemetry,
): Scheduling {
  const stops = createStops();
  const running = new Set<Promise<unknown>>();
  let recordsInFlight = 0;

  const circumstancesOf = ({ campaignName, timeZone }: ScheduleRequest): PlanCircumstances => {
    const { campaigns, horizonDays, region } = options;
    const campaign = Object.hasOwn(campaigns, campaignName) ? (campaigns[campaignName] ?? {}) : {};
    const dialerZone = campaign.timeZone ?? options.timeZone;
    return { now: now(), horizonDays, region, inputZone: timeZone ?? dialerZone, dialerZone, campaign };
  };

  const send = (plan: Plan, signal: AbortSignal, journal?: Journal): Promise<Leaf[]> => {
    const writeBy = isSmall(plan) ? now() + patienceMs : undefined;
    return sendAll(plan, dialer, { signal, writeBy, journal });
  };

  const idempotency = createIdempotency({ keys, dialer, stops, circumstancesOf, send, now });

  const carryOut = async (request: ScheduleRequest, signal: AbortSignal): Promise<ScheduleResult> => {
    const { idempotencyKey, validateOnly } = request;
    if (idempotencyKey !== undefined && !validateOnly) {
      const { plan, leaves } = await idempotency.carryOut(request, idempotencyKey, signal);
      return conclude(request, plan, leaves);
    }
    const plan = await makePlan(request, circumstancesOf(request));
    return conclude(request, plan, await send(plan, signal));
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
      const stop = stops.open();
      const onGone = () => stop.abort(callerGone);
      callersSignal?.addEventListener('abort', onGone, { once: true });
      if (callersSignal?.aborted) onGone();
      const carrying = carryOut({ ...request, asker: pass }, stop.signal);
      running.add(carrying);
      try {
        const result = await carrying;
        pass.end(result.status, result.counts);
        return result;
      } catch (error) {
        pass.end(error instanceof IdempotencyConflict ? 'IDEMPOTENCY_CONFLICT' : 'FAILED');
        throw error;
      } finally {
        running.delete(carrying);
        recordsInFlight -= length;
        stops.close(stop);
        callersSignal?.removeEventListener('abort', onGone);
      }
    },
    finish,
    async close() {
      stops.shutDown();
      await finish();
    },
  };
}

/** The plan's own results and the leaves' make one for each record. */
async function conclude(
  request: ScheduleRequest,
  plan: Plan,
  leaves: readonly Leaf[],
): Promise<ScheduleResult> {
  const results = [...plan.results];
  for (const [n, { start, size, answer }] of leaves.entries()) {
    if (n > 0) await breathe();
    for (let position = 0; position < size; position++) {
      const candidate = plan.candidates[start + position] as Candidate;
      results[candidate.index] = outcomeOf(request, candidate, answer, position);
    }
  }
  const counts = countKinds(results);
  const summary = summarise(counts);
  const { campaignName, validateOnly } = request;
  return { campaignName, status: statusOf(summary, validateOnly), summary, counts, results };
}

function outcomeOf(
  request: ScheduleRequest,
  { index, record }: Candidate,
  answer: ChunkAnswer,
  position: number,
): Outcome {
  const identity = identityOf(request, index);
  const row = answer.kind === 'rows' ? (answer.rows[position] ?? noEntry) : answer;
  if (row.kind !== 'scheduled') return { ...identity, ...failureOf(row, dialerTimeOf(record)) };
  return accepted('ScheduledRecord', identity, record, row.dialerTime ?? dialerTimeOf(record), row.text);
}

const noEntry: RowAnswer = { kind: 'unknown', reason: 'the answer has no entry for it' };

type NotScheduled = Exclude<RowAnswer | ChunkAnswer, { kind: 'scheduled' | 'rows' }>;

function failureOf(answer: NotScheduled, sentTime: string): Failure {
  switch (answer.kind) {
    case 'refused':
      return refused(answer.refusal, sentTime);
    case 'throttled':
      return {
        kind: 'DialerThrottledError',
        message: `Not accepted: the dialer asks for fewer requests ("${answer.text}"). Send this record again ${
          answer.retryAfterSeconds === null ? 'later' : `in ${answer.retryAfterSeconds} s`
        }.`,
        retryAfterSeconds: answer.retryAfterSeconds,
      };
    case 'unavailable':
      return unavailable(answer.reason);
    case 'unknown':
      return unknown(answer.reason);
    default:
      return answer satisfies never;
  }
}

function unavailable(reason: string): Failure {
  return {
    kind: 'DialerUnavailableError',
    message: `Not accepted: ${reason}. Send this record again later.`,
  };
}

function unknown(reason: string): Failure {
  return {
    kind: 'OutcomeUnknownError',
    message: `Nobody can tell whether the dialer took it: ${reason}. Ask again with the same idempotencyKey, if the request had one, or look in the dialer; do not simply send it again.`,
  };
}
