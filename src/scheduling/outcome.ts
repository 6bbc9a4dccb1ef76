// What became of a record: one plain object per record, whose `kind` is the GraphQL type's name.
// Everything that depends on the kind alone (its code, whether it may be sent again, what it counts as) stands in
// `errorKinds`, so that a new kind does not compile until it has answered.

import type { Refusal } from '../dialer/chunk.ts';
import type { RecordFailure, RecordProblem, RecordProblemReason } from './record-problem.ts';

/** Why a record was not scheduled, or cannot be told to be: refused here, refused upstream, or lost on the way. */
export type Failure =
  | RecordFailure
  | { kind: 'DuplicateRecordError'; message: string; firstIndex: number | null }
  | { kind: 'InvalidApiKeyError'; message: string }
  | { kind: 'CampaignNotFoundError'; message: string }
  | { kind: 'InvalidApiKeyOrCampaignError'; message: string }
  | { kind: 'MissingBulkDataError'; message: string }
  | { kind: 'DialerRejectionError'; message: string; dialerMessage: string }
  | { kind: 'DialerThrottledError'; message: string; retryAfterSeconds: number | null }
  | { kind: 'DialerUnavailableError'; message: string }
  | { kind: 'OutcomeUnknownError'; message: string };

export type ErrorKind = Failure['kind'];

export interface Identity {
  /** The record's position in the input, from 0. */
  index: number;
  /** The caller's own row id. */
  reference: string | null;
}

/** The record as it stands, or would stand, in the campaign. */
export interface AcceptedRecord extends Identity {
  kind: 'ScheduledRecord' | 'ValidRecord';
  /** E.164. */
  phoneNumber: string;
  /** Epoch milliseconds. */
  scheduledTime: number;
  /** The same time on the dialer's clock, `YYYY-MM-DD HH:mm:ss`. */
  dialerTime: string;
  /** The time that was asked for, in epoch milliseconds; null where it is `scheduledTime`. */
  shiftedFrom: number | null;
  name: string | null;
  agentId: string | null;
  skill: string | null;
  message: string;
}

export type Outcome = AcceptedRecord | (Identity & Failure);

interface ErrorFacts {
  code: string;
  /** Sending this very record again, unchanged, may succeed and can call nobody twice. */
  retryable: boolean;
  counts: 'failed' | 'skipped' | 'unknown';
  /** What is wrong with the record where the error does not say so itself; null: nothing that anybody knows of. */
  wrong: Omit<RecordProblem, 'message'> | null;
}

const wrong = (field: string | null, reason: RecordProblemReason) => ({ field, reason });

export const errorKinds = {
  MissingPhoneNumberError: {
    code: 'MISSING_PHONE_NUMBER',
    retryable: false,
    counts: 'failed',
    wrong: wrong('phoneNumber', 'MISSING'),
  },
  MissingScheduledTimeError: {
    code: 'MISSING_SCHEDULED_TIME',
    retryable: false,
    counts: 'failed',
    wrong: wrong('scheduledTime', 'MISSING'),
  },
  InvalidPhoneNumberError: {
    code: 'INVALID_PHONE_NUMBER',
    retryable: false,
    counts: 'failed',
    wrong: wrong('phoneNumber', 'NO_SUCH_NUMBER'),
  },
  InvalidDateFormatError: {
    code: 'INVALID_DATE_FORMAT',
    retryable: false,
    counts: 'failed',
    wrong: wrong('scheduledTime', 'REFUSED_BY_DIALER'),
  },
  ScheduledTimeOutOfRangeError: {
    code: 'SCHEDULED_TIME_OUT_OF_RANGE',
    retryable: false,
    counts: 'failed',
    wrong: wrong('scheduledTime', 'REFUSED_BY_DIALER'),
  },
  OutsideCallingHoursError: {
    code: 'OUTSIDE_CALLING_HOURS',
    retryable: false,
    counts: 'failed',
    wrong: wrong('scheduledTime', 'OUTSIDE_CALLING_HOURS'),
  },
  SuppressedNumberError: {
    code: 'SUPPRESSED_NUMBER',
    retryable: false,
    counts: 'failed',
    wrong: wrong('phoneNumber', 'SUPPRESSED'),
  },
  InvalidFieldError: {
    code: 'INVALID_FIELD',
    retryable: false,
    counts: 'failed',
    wrong: wrong(null, 'REFUSED_BY_DIALER'),
  },
  MissingAgentIdError: {
    code: 'MISSING_AGENT_ID',
    retryable: false,
    counts: 'failed',
    wrong: wrong('agentId', 'MISSING'),
  },
  UnknownHeaderError: {
    code: 'UNKNOWN_HEADER',
    retryable: false,
    counts: 'failed',
    wrong: wrong('customFields', 'UNKNOWN_HEADER'),
  },
  DuplicateRecordError: {
    code: 'DUPLICATE_RECORD',
    retryable: false,
    counts: 'skipped',
    wrong: wrong('phoneNumber', 'DUPLICATE_RECORD'),
  },
  InvalidApiKeyError: { code: 'INVALID_API_KEY', retryable: false, counts: 'failed', wrong: null },
  CampaignNotFoundError: { code: 'CAMPAIGN_NOT_FOUND', retryable: false, counts: 'failed', wrong: null },
  InvalidApiKeyOrCampaignError: {
    code: 'INVALID_API_KEY_OR_CAMPAIGN',
    retryable: false,
    counts: 'failed',
    wrong: null,
  },
  MissingBulkDataError: { code: 'MISSING_BULK_DATA', retryable: false, counts: 'failed', wrong: null },
  DialerRejectionError: {
    code: 'DIALER_REJECTION',
    retryable: false,
    counts: 'failed',
    wrong: wrong(null, 'REFUSED_BY_DIALER'),
  },
  DialerThrottledError: { code: 'DIALER_THROTTLED', retryable: true, counts: 'failed', wrong: null },
  DialerUnavailableError: { code: 'DIALER_UNAVAILABLE', retryable: true, counts: 'failed', wrong: null },
  OutcomeUnknownError: { code: 'OUTCOME_UNKNOWN', retryable: false, counts: 'unknown', wrong: null },
} as const satisfies Record<ErrorKind, ErrorFacts>;

/** The input's field that an error speaks of, or null where it speaks of none. */
export function fieldOf(failure: Failure): string | null {
  return ('field' in failure ? failure.field : undefined) ?? errorKinds[failure.kind].wrong?.field ?? null;
}

/** All that is wrong with the record. */
export function problemsOf(failure: Failure): readonly RecordProblem[] {
  if ('problems' in failure && failure.problems !== undefined) return failure.problems;
  const { wrong } = errorKinds[failure.kind];
  return wrong === null ? [] : [{ ...wrong, message: failure.message }];
}

export interface Summary {
  total: number;
  scheduled: number;
  valid: number;
  failed: number;
  skipped: number;
  unknown: number;
}

/** What a record counts as. */
export type OutcomeEnd = Exclude<keyof Summary, 'total'>;

export function endOf(kind: Outcome['kind']): OutcomeEnd {
  if (kind === 'ScheduledRecord') return 'scheduled';
  return kind === 'ValidRecord' ? 'valid' : errorKinds[kind].counts;
}

export type ScheduleStatus =
  | 'SCHEDULED'
  | 'PARTIALLY_SCHEDULED'
  | 'NOT_SCHEDULED'
  | 'INDETERMINATE'
  | 'VALIDATED';

export type OutcomeCounts = Partial<Record<Outcome['kind'], number>>;

export function countKinds(outcomes: readonly Outcome[]): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

export function summarise(counts: OutcomeCounts): Summary {
  const summary = { total: 0, scheduled: 0, valid: 0, failed: 0, skipped: 0, unknown: 0 };
  for (const key in counts) {
    const kind = key as Outcome['kind'];
    const count = counts[kind] ?? 0;
    summary.total += count;
    summary[endOf(kind)] += count;
  }
  return summary;
}

export function statusOf(
  { total, scheduled, skipped, unknown }: Summary,
  validateOnly: boolean,
): ScheduleStatus {
  if (validateOnly) return 'VALIDATED';
  if (unknown > 0) return 'INDETERMINATE';
  if (scheduled === 0) return 'NOT_SCHEDULED';
  return scheduled + skipped === total ? 'SCHEDULED' : 'PARTIALLY_SCHEDULED';
}

/** What the upstream's no means for a record that it was said of. `dialerTime` is the time that was sent. */
export function refused({ reason, text, which }: Refusal, dialerTime: string): Failure {
  switch (reason) {
    case 'account-or-campaign':
      return accountOrCampaign(which);
    case 'wrong-date':
      return {
        kind: 'InvalidDateFormatError',
        message: `The dialer refused the date ${dialerTime} or the expiry date of this record: "${text}".`,
        field: 'scheduledTime',
        value: dialerTime,
        expected: 'a date that the dialer takes',
      };
    case 'missing-phone-number':
      return { kind: 'MissingPhoneNumberError', message: `The dialer found no phone number: "${text}".` };
    case 'missing-scheduled-time':
      return { kind: 'MissingScheduledTimeError', message: `The dialer found no scheduled time: "${text}".` };
    case 'missing-bulk-data':
      return { kind: 'MissingBulkDataError', message: `The dialer found no data in the request: "${text}".` };
    case 'duplicate':
      return {
        kind: 'DuplicateRecordError',
        message: `Skipped: the dialer has this number already ("${text}").`,
        firstIndex: null,
      };
    case 'other':
      return {
        kind: 'DialerRejectionError',
        message:
          text === ''
            ? 'The dialer refused this record, and does not say why.'
            : `The dialer refused this record: "${text}".`,
        dialerMessage: text,
      };
    default:
      return reason satisfies never;
  }
}

/** `which`: undefined where it cannot be told. */
function accountOrCampaign(which: Refusal['which']): Failure {
  switch (which) {
    case 'api-key':
      return {
        kind: 'InvalidApiKeyError',
        message:
          'The dialer refused the account of this service, not this record. Tell the people who run it: its API key or user name is wrong.',
      };
    case 'campaign':
      return {
        kind: 'CampaignNotFoundError',
        message:
          'The dialer has no campaign of this name, and took nothing for it. Compare the name with the dialer.',
      };
    case undefined:
      return {
        kind: 'InvalidApiKeyOrCampaignError',
        message:
          'The dialer does not know the account or the campaign; it does not say which. Check the campaign name; if it is right, the API key of this service is wrong.',
      };
    default:
      return which satisfies never;
  }
}
