// What became of one record that was to be rescheduled, in types and in words, and of all of a request.

import type { Failure } from '../scheduling/outcome.ts';
import type { CancelEnd } from './cancel.ts';
import { countsOf, type LifecycleFailure } from './outcome.ts';

/** A record as it was, and as it is scheduled now, or would be. */
export interface RescheduledFields {
  /** Of the former record, which is gone. */
  id: string;
  /** Null where the dialer's list does not tell it. */
  newId: string | null;
  campaignName: string;
  /** Epoch milliseconds; null where the dialer's text was no time. */
  formerScheduledTime: number | null;
  scheduledTime: number;
  dialerTime: string;
  message: string;
}

export type Rescheduling =
  | ({ kind: 'RescheduledRecord' | 'ReschedulableRecord' } & RescheduledFields)
  | LifecycleFailure
  | Failure;
export type RescheduleOutcome = { index: number; reference: null } & Rescheduling;

/** A record that is scheduled anew: what is kept of it until the former one is gone. */
export type Anew = Omit<RescheduledFields, 'id' | 'message'>;

export type RescheduleStatus =
  | 'RESCHEDULED'
  | 'PARTIALLY_RESCHEDULED'
  | 'NOT_RESCHEDULED'
  | 'INDETERMINATE'
  | 'VALIDATED';

export interface RescheduleSummary {
  total: number;
  rescheduled: number;
  bothScheduled: number;
  valid: number;
  failed: number;
  unknown: number;
}

export type RescheduleOutcomeEnd = Exclude<keyof RescheduleSummary, 'total'>;

export function endOfReschedule(kind: RescheduleOutcome['kind']): RescheduleOutcomeEnd {
  if (kind === 'RescheduledRecord') return 'rescheduled';
  if (kind === 'ReschedulableRecord') return 'valid';
  return kind === 'BothScheduledError' ? 'bothScheduled' : countsOf(kind);
}

export interface RescheduleResult {
  status: RescheduleStatus;
  summary: RescheduleSummary;
  /** One for each record of the input, in its order. */
  results: RescheduleOutcome[];
}

export function resultOfReschedule(results: RescheduleOutcome[], validateOnly: boolean): RescheduleResult {
  const summary = {
    total: results.length,
    rescheduled: 0,
    bothScheduled: 0,
    valid: 0,
    failed: 0,
    unknown: 0,
  };
  for (const { kind } of results) summary[endOfReschedule(kind)]++;
  return { status: statusOf(summary, validateOnly), summary, results };
}

function statusOf(
  { total, rescheduled, bothScheduled, unknown }: RescheduleSummary,
  validateOnly: boolean,
): RescheduleStatus {
  if (validateOnly) return 'VALIDATED';
  if (unknown > 0 || bothScheduled > 0) return 'INDETERMINATE';
  if (rescheduled === 0) return 'NOT_RESCHEDULED';
  return rescheduled === total ? 'RESCHEDULED' : 'PARTIALLY_RESCHEDULED';
}

export const couldBe = 'It could be rescheduled.';

export const lostBefore: Failure = {
  kind: 'OutcomeUnknownError',
  message:
    'This request was cut off before, and the dialer does not have the former record any more. A new one may be scheduled: look for it in campaignRecords.',
};

export const otherVersion: Failure = {
  kind: 'OutcomeUnknownError',
  message:
    'What became of it cannot be told: this idempotencyKey was first used with another version of this service.',
};

export const noOutcome: Failure = {
  kind: 'OutcomeUnknownError',
  message: 'Nobody can tell whether the new record is scheduled.',
};

/** Without that note a crash would leave it unclear whether the former one was cancelled by this request. */
export function unrecorded(id: string, anew: Anew): Rescheduling {
  return bothScheduled(id, anew, 'it is not cancelled yet, since what was done could not be recorded');
}

function rescheduled(id: string, anew: Anew, more = ''): Rescheduling {
  return { kind: 'RescheduledRecord', id, ...anew, message: `Rescheduled to ${anew.dialerTime}.${more}` };
}

/** The former record of one that is scheduled anew is not there any more. */
export function endOfAbsent(id: string, anew: Anew, now: number): Rescheduling {
  if (anew.formerScheduledTime === null || anew.formerScheduledTime > now) return rescheduled(id, anew);
  return bothScheduled(
    id,
    anew,
    'its time has come, and it may have been handed over before it was cancelled',
  );
}

export function endOf(id: string, anew: Anew, end: CancelEnd | undefined): Rescheduling {
  switch (end?.kind) {
    case 'cancelled':
      return rescheduled(id, anew);
    case 'gone':
      return rescheduled(id, anew, ' Somebody else has cancelled the former record meanwhile.');
    case 'handed-over':
      return end.handoff.status === 'REJECTED'
        ? rescheduled(
            id,
            anew,
            ' Its campaign had refused the former record, so that nobody is called for that.',
          )
        : bothScheduled(id, anew, 'it was handed over to its campaign meanwhile');
    case 'refused':
      return bothScheduled(id, anew, `the dialer refused to cancel it ("${end.refusal.text}")`);
    case 'throttled':
      return bothScheduled(id, anew, `the dialer asks for fewer requests ("${end.text}")`);
    case 'unavailable':
      return bothScheduled(id, anew, end.reason);
    case 'unknown':
      return bothScheduled(id, anew, `nobody can tell whether it was cancelled: ${end.reason}`);
    case undefined:
      return bothScheduled(id, anew, 'what became of it was lost');
    default:
      return end satisfies never;
  }
}

function bothScheduled(id: string, { newId, dialerTime }: Anew, reason: string): Rescheduling {
  const ids = newId === null ? [id] : [id, newId];
  return {
    kind: 'BothScheduledError',
    message: `The record is scheduled for ${dialerTime}, and the former one, ${id}, may be called as well: ${reason}. Cancel one of the two, or send the same request with the same idempotencyKey again.`,
    ids,
  };
}
