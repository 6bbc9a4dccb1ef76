// What became of one record that was to be cancelled or rescheduled: a plain object whose `kind` is the GraphQL type's name. Kinds that
// scheduling has as well are the same here.

import type { NoAnswer } from '../dialer/listed-row.ts';
import { redactValue } from '../foundation/redaction.ts';
import { type ErrorKind, type Failure, refused } from '../scheduling/outcome.ts';
import type { RecordProblem } from '../scheduling/record-problem.ts';
import type { CancelEnd } from './cancel.ts';
import type { Handoff } from './handoff.ts';

/** Why a record that is listed, or is not, was left as it is. */
export type LifecycleFailure =
  | { kind: 'CampaignRecordNotFoundError'; message: string; givenId: string | null }
  | { kind: 'AlreadyHandedOverError'; message: string; id: string; handoff: Handoff }
  /** `scheduledTime`: epoch milliseconds. */
  | { kind: 'RecordDueSoonError'; message: string; id: string; scheduledTime: number | null }
  /** The former one, and the new one where it is known. */
  | { kind: 'BothScheduledError'; message: string; ids: string[] };

interface LifecycleFacts {
  code: string;
  retryable: boolean;
}

export const lifecycleErrorKinds = {
  CampaignRecordNotFoundError: {
    code: 'CAMPAIGN_RECORD_NOT_FOUND',
    retryable: false,
  },
  AlreadyHandedOverError: { code: 'ALREADY_HANDED_OVER', retryable: false },
  RecordDueSoonError: { code: 'RECORD_DUE_SOON', retryable: false },
  BothScheduledError: { code: 'BOTH_SCHEDULED', retryable: false },
} as const satisfies Record<LifecycleFailure['kind'], LifecycleFacts>;

/** What a refusal of the account or the campaign comes to. */
type AccountErrorKind = 'InvalidApiKeyError' | 'CampaignNotFoundError' | 'InvalidApiKeyOrCampaignError';

/** What the way to the dialer may end with, for a record that is to be cancelled. */
type DialerFailure = Extract<
  Failure,
  {
    kind:
      | AccountErrorKind
      | 'DialerRejectionError'
      | 'DialerThrottledError'
      | 'DialerUnavailableError'
      | 'OutcomeUnknownError';
  }
>;

export type CancelFailure =
  | DialerFailure
  | Extract<LifecycleFailure, { kind: 'CampaignRecordNotFoundError' | 'AlreadyHandedOverError' }>;

export function isOfLifecycle(failure: Failure | LifecycleFailure): failure is LifecycleFailure {
  return Object.hasOwn(lifecycleErrorKinds, failure.kind);
}

/** All that is wrong with the input; of a listed record nothing is. */
export const noProblems: readonly RecordProblem[] = [];

/** A record that was taken back, or could be. */
export interface CancelledFields {
  id: string;
  campaignName: string;
  /** Epoch milliseconds; null where the dialer's text is no time. */
  scheduledTime: number | null;
  dialerTime: string;
  /** Whether its number was, or would be, taken out of the campaign, after the hand-over. */
  removedFromCampaign: boolean;
  message: string;
}

/** Without its place in the input. */
export type Cancellation =
  | ({ kind: 'CancelledRecord' | 'CancellableRecord' } & CancelledFields)
  | CancelFailure;
export type CancelOutcome = { index: number; reference: null } & Cancellation;

export type CancelStatus =
  | 'CANCELLED'
  | 'PARTIALLY_CANCELLED'
  | 'NOT_CANCELLED'
  | 'INDETERMINATE'
  | 'VALIDATED';

export interface CancelSummary {
  total: number;
  cancelled: number;
  valid: number;
  failed: number;
  unknown: number;
}

export type CancelOutcomeEnd = Exclude<keyof CancelSummary, 'total'>;

export function endOfCancel(kind: CancelOutcome['kind']): CancelOutcomeEnd {
  if (kind === 'CancelledRecord') return 'cancelled';
  return kind === 'CancellableRecord' ? 'valid' : countsOf(kind);
}

/** Nothing is skipped here. */
export function countsOf(kind: ErrorKind | LifecycleFailure['kind']): 'failed' | 'unknown' {
  return kind === 'OutcomeUnknownError' ? 'unknown' : 'failed';
}

/** Whether asking again could change nothing. */
export function isFinal(kind: string): boolean {
  return !openKinds.has(kind);
}

const openKinds: ReadonlySet<string> = new Set([
  'DialerUnavailableError',
  'DialerThrottledError',
  'OutcomeUnknownError',
  'BothScheduledError',
]);

/** What is kept of a request. `outcomes`: null while it is at work. */
interface Progress<Outcome> {
  outcomes: Outcome[] | null;
}

/** Whether asking again could change nothing. */
export function isSettled({ outcomes }: Progress<{ kind: string }>): boolean {
  return outcomes?.every(({ kind }) => isFinal(kind)) ?? false;
}

type AnyOutcome = { index: number; reference: null; kind: string };
type Unwritten = { index: number; reference: null; kind: 'OutcomeUnknownError'; message: string };

/** "Not carried out" is only told where it is written: the next request with the key may carry it out. */
export function unwritten<Outcome extends AnyOutcome, Whole extends Progress<Outcome | Unwritten>>(
  progress: Whole,
): Whole {
  const outcomes = progress.outcomes?.map((outcome) => {
    const { index, reference, kind } = outcome;
    if (kind !== 'DialerUnavailableError' && kind !== 'DialerThrottledError') return outcome;
    return { index, reference, kind: 'OutcomeUnknownError' as const, message: notRecorded };
  });
  return { ...progress, outcomes: outcomes ?? null };
}

const notRecorded =
  'What became of it could not be recorded. Send the same request with the same idempotencyKey again in a minute, and use no other key for it.';

export function summariseCancel(outcomes: readonly CancelOutcome[]): CancelSummary {
  const summary = { total: outcomes.length, cancelled: 0, valid: 0, failed: 0, unknown: 0 };
  for (const { kind } of outcomes) summary[endOfCancel(kind)]++;
  return summary;
}

export function statusOfCancel(
  { total, cancelled, unknown }: CancelSummary,
  validateOnly: boolean,
): CancelStatus {
  if (validateOnly) return 'VALIDATED';
  if (unknown > 0) return 'INDETERMINATE';
  if (cancelled === 0) return 'NOT_CANCELLED';
  return cancelled === total ? 'CANCELLED' : 'PARTIALLY_CANCELLED';
}

export function notFound(
  id: string | null,
): Extract<LifecycleFailure, { kind: 'CampaignRecordNotFoundError' }> {
  return {
    kind: 'CampaignRecordNotFoundError',
    message:
      id === null
        ? 'The dialer has no scheduled record of this number and time in the campaign. It was cancelled or rescheduled before, or never scheduled.'
        : // A number may stand there by mistake.
          `The dialer has no scheduled record ${redactValue(id)}. It was cancelled or rescheduled before, the dialer is done with it, or it never existed.`,
    givenId: id,
  };
}

export function handedOver(
  id: string,
  handoff: Handoff,
): Extract<LifecycleFailure, { kind: 'AlreadyHandedOverError' }> {
  const said = handoff.dialerMessage === null ? '' : ` ("${handoff.dialerMessage}")`;
  const texts: Record<Handoff['status'], string> = {
    PENDING: `Record ${id} is being handed over.`,
    ADDED: `Record ${id} was handed over to its campaign${said}. afterHandover REMOVE_FROM_CAMPAIGN takes its number out of the campaign, if it is still there.`,
    REJECTED: `Record ${id} was handed over, and its campaign refused it${said}: nobody is called for it.`,
    UNKNOWN: `Record ${id} was handed over, or may have been${said}. afterHandover REMOVE_FROM_CAMPAIGN takes its number out of the campaign, if it is there.`,
  };
  return { kind: 'AlreadyHandedOverError', message: texts[handoff.status], id, handoff };
}

/** Of a row that was to be taken back and was not. `dialerTime`: its time. */
export function failureOfEnd(
  id: string,
  dialerTime: string,
  end: Exclude<CancelEnd, { kind: 'cancelled' }>,
): CancelFailure {
  switch (end.kind) {
    case 'gone':
      return {
        ...notFound(id),
        message: `Record ${id} was there a moment ago, and the dialer does not have it any more: somebody else has cancelled or rescheduled it.`,
      };
    case 'handed-over':
      return handedOver(id, end.handoff);
    default:
      return failureOf(end, dialerTime);
  }
}

function failureOf(answer: NoAnswer, dialerTime: string): DialerFailure {
  switch (answer.kind) {
    case 'refused':
      return answer.refusal.reason === 'account-or-campaign'
        ? (refused(answer.refusal, dialerTime) as Extract<Failure, { kind: AccountErrorKind }>)
        : {
            kind: 'DialerRejectionError',
            message: `The dialer refused to cancel this record: "${answer.refusal.text}".`,
            dialerMessage: answer.refusal.text,
          };
    case 'throttled':
      return {
        kind: 'DialerThrottledError',
        message: `Not cancelled: the dialer asks for fewer requests ("${answer.text}"). Send the same request again ${
          answer.retryAfterSeconds === null ? 'later' : `in ${answer.retryAfterSeconds} s`
        }.`,
        retryAfterSeconds: answer.retryAfterSeconds,
      };
    case 'unavailable':
      return {
        kind: 'DialerUnavailableError',
        message: `Not cancelled: ${answer.reason}. Send the same request again later.`,
      };
    case 'unknown':
      return {
        kind: 'OutcomeUnknownError',
        message: `Nobody can tell whether it was cancelled: ${answer.reason}. Send the same request again: it is looked up, and cancelling twice harms nobody.`,
      };
    default:
      return answer satisfies never;
  }
}
