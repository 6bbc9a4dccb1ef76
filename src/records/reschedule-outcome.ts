// What became of one record that was to be rescheduled, in types and in words, and of all of a request.

import type { Failure } from '../scheduling/outcome.ts';
import type { CancelEnd } from './cancel.ts';
import { countsOf, type LifecycleFailure, notFound } from './outcome.ts';

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
  /** The time that was asked for, in epoch milliseconds; null where it is `scheduledTime`. */
  shiftedFrom: number | null;
  message: string;
}

export type Rescheduling =
  | ({ kind: 'RescheduledRecord' | 'ReschedulableRecord' } & RescheduledFields)
  | LifecycleFailure
  | Failure;
export type RescheduleOutcome = { index: number; reference: null } & Rescheduling;

/** A record that is scheduled anew: what is kept of it until the former one is gone. */
export interface Anew extends Omit<RescheduledFields, 'id' | 'message'> {
  /** `shiftedFrom` on the dialer's clock. */
  askedTime: string | null;
}

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

/** A record that could be scheduled anew. */
export function reschedulable(id: string, { askedTime, ...fields }: Anew): Rescheduling {
  const shift = askedTime === null ? '' : `, to ${fields.dialerTime}${shiftText(askedTime)}`;
  return { kind: 'ReschedulableRecord', id, ...fields, message: `It could be rescheduled${shift}.` };
}

/** Without that note a retry would take the new record for the only one. */
export function unrecordedChange(id: string, anew: Anew): Rescheduling {
  return notTakenBack(id, anew, 'what was found could not be recorded');
}

function shiftText(askedTime: string): string {
  return `: it is moved there from ${askedTime}, which is outside of the calling hours`;
}

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

export function rescheduled(id: string, { askedTime, ...fields }: Anew, more = ''): Rescheduling {
  const shift = askedTime === null ? '' : shiftText(askedTime);
  const message = `Rescheduled to ${fields.dialerTime}${shift}.${more}`;
  return { kind: 'RescheduledRecord', id, ...fields, message };
}

/** The former record is not there any more, and its time has come. */
export function perhapsHandedOver(id: string, anew: Anew): Rescheduling {
  const reason = 'its time has come, and it may have been handed over before it was cancelled';
  return bothScheduled(id, anew, reason);
}

/** The new record was taken back, since somebody else has changed the former one. */
export function changedByOthers(id: string, { dialerTime }: Anew): Rescheduling {
  return {
    ...notFound(id),
    message: `Record ${id} was there a moment ago, and somebody else has cancelled or rescheduled it meanwhile. The new one, for ${dialerTime}, is taken back: nothing is left of this request.`,
  };
}

/** The same, where the new record could not be taken back. */
export function notTakenBack(id: string, anew: Anew, reason: string): Rescheduling {
  return {
    kind: 'BothScheduledError',
    message: `The record is scheduled for ${anew.dialerTime}, and somebody else has cancelled or rescheduled the former one, ${id}, meanwhile: the person may be called twice, or though the call was cancelled. The new one could not be taken back: ${reason}. Cancel it, or send the same request with the same idempotencyKey again.`,
    ids: idsOf(id, anew),
  };
}

/** `end`: of the former record, whose deletion this request has sent. */
export function endOf(
  id: string,
  anew: Anew,
  end: Exclude<CancelEnd, { kind: 'gone' }> | undefined,
): Rescheduling {
  if (end?.kind === 'cancelled') return rescheduled(id, anew);
  if (end?.kind === 'handed-over' && end.handoff.status === 'REJECTED')
    return rescheduled(
      id,
      anew,
      ' Its campaign had refused the former record, so that nobody is called for that.',
    );
  return bothScheduled(id, anew, reasonOf(end));
}

/** `end`: of the new record, which was to be taken back. */
export function endOfTakingBack(id: string, anew: Anew, end: CancelEnd | undefined): Rescheduling {
  return end?.kind === 'cancelled' || end?.kind === 'gone'
    ? changedByOthers(id, anew)
    : notTakenBack(id, anew, reasonOf(end));
}

/** Why a record may be called though it was to be cancelled. */
function reasonOf(end: Exclude<CancelEnd, { kind: 'cancelled' | 'gone' }> | undefined): string {
  switch (end?.kind) {
    case 'handed-over':
      return 'it was handed over to its campaign meanwhile';
    case 'refused':
      return `the dialer refused to cancel it ("${end.refusal.text}")`;
    case 'throttled':
      return `the dialer asks for fewer requests ("${end.text}")`;
    case 'unavailable':
      return end.reason;
    case 'unknown':
      return `nobody can tell whether it was cancelled: ${end.reason}`;
    case undefined:
      return 'what became of it was lost';
    default:
      return end satisfies never;
  }
}

function bothScheduled(id: string, anew: Anew, reason: string): Rescheduling {
  return {
    kind: 'BothScheduledError',
    message: `The record is scheduled for ${anew.dialerTime}, and the former one, ${id}, may be called as well: ${reason}. Cancel one of the two, or send the same request with the same idempotencyKey again.`,
    ids: idsOf(id, anew),
  };
}

function idsOf(id: string, { newId }: Anew): string[] {
  return newId === null ? [id] : [id, newId];
}
