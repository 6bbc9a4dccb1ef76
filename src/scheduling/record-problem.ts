// What can be wrong with a record, in types: its kinds, and the reasons that a front end translates.

import { redactValue } from '../foundation/redaction.ts';
import type { NumberProblemReason } from './phone-number-text.ts';
import type { TimeProblem } from './time-problem.ts';

export type RecordProblemReason =
  | 'MISSING'
  | NumberProblemReason
  | TimeProblem['reason']
  | 'IN_THE_PAST'
  | 'TOO_FAR_AHEAD'
  | 'AFTER_EXPIRY'
  | 'EXPIRED'
  | 'OUTSIDE_CALLING_HOURS'
  | 'SUPPRESSED'
  | 'OUT_OF_RANGE'
  | 'ROW_TOO_LONG'
  | 'INVALID_HEADER'
  | 'RESERVED_HEADER'
  | 'DUPLICATE_HEADER'
  | 'UNKNOWN_HEADER'
  | 'DUPLICATE_RECORD'
  | 'REFUSED_BY_DIALER';

/** One thing that is wrong with a record. */
export interface RecordProblem {
  /** The input's field, such as `phoneNumber` or `customFields[1].value`; null where the dialer does not say which. */
  readonly field: string | null;
  readonly reason: RecordProblemReason;
  readonly message: string;
}

/** What each kind of error tells besides; `kind` is the GraphQL type's name. */
type RecordErrorKind =
  | { kind: 'MissingPhoneNumberError' }
  | { kind: 'MissingScheduledTimeError' }
  | { kind: 'InvalidPhoneNumberError' }
  | { kind: 'InvalidDateFormatError'; value: string | null; expected: string }
  | { kind: 'ScheduledTimeOutOfRangeError'; earliest: number; latest: number }
  | { kind: 'OutsideCallingHoursError'; nextAllowedTime: number | null; rule: string }
  | { kind: 'SuppressedNumberError' }
  | { kind: 'InvalidFieldError' }
  | { kind: 'MissingAgentIdError' }
  | { kind: 'UnknownHeaderError'; header: string; knownHeaders: readonly string[] };

/** A problem, with what the error of its kind tells. */
export type Finding = RecordProblem & { readonly field: string } & Readonly<RecordErrorKind>;

/** Why a record may not be sent: the first problem's kind, and all problems. */
export type RecordFailure = RecordErrorKind & {
  message: string;
  /** What it speaks of, and all that is wrong. Undefined where the dialer refused it: what its kind says. */
  field?: string;
  problems?: readonly RecordProblem[];
};

/** The first of the findings, of which there is one at least, as the record's error. */
export function failureOf(findings: readonly Finding[]): RecordFailure {
  const { reason: _, ...first } = findings[0] as Finding;
  const problems = findings.map(({ field, reason, message }) => ({ field, reason, message }));
  return { ...first, problems };
}

export function invalidField(field: string, reason: RecordProblemReason, problem: string): Finding {
  return { kind: 'InvalidFieldError', field, reason, message: `${field} ${problem}.` };
}

/** For a message: columns get mixed up, and a number may stand where a time is expected. */
export function quote(text: string): string {
  return redactValue(text.length <= 64 ? text : `${text.slice(0, 64)}…`);
}

/**
 * As `quote`, for a time. All digits of a number of days, as spreadsheets count time, would look like those of a telephone number, and be
 * masked; the days alone, of the years 2009 to 2064, are no number.
 */
export function quoteTime(text: string): string {
  return quote(text.replace(/^(['\u2019]?[45]\d{4})[.,]\d+$/, '$1…'));
}
