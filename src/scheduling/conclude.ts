// The end of a pass: one outcome for each record, from the plan's own results and from the answers to its candidates, in words
// that the caller can use.

import { giveWay } from '../foundation/event-loop.ts';
import { suppressedMessage } from './call-permission.ts';
import type { CandidateAnswer } from './dispatch.ts';
import {
  countKinds,
  type Failure,
  type Outcome,
  type OutcomeCounts,
  refused,
  type ScheduleStatus,
  type Summary,
  statusOf,
  summarise,
} from './outcome.ts';
import type { Plan, ScheduleRequest } from './plan.ts';
import type { CheckedRecord } from './record.ts';

export interface ScheduleResult {
  campaignName: string;
  status: ScheduleStatus;
  summary: Summary;
  /** The results, by kind. */
  counts: OutcomeCounts;
  /** One for each record, in input order. */
  results: Outcome[];
}

/** `answers`: one for each of the plan's candidates. */
export async function conclude(
  request: ScheduleRequest,
  plan: Plan,
  answers: readonly CandidateAnswer[],
): Promise<ScheduleResult> {
  const results = [...plan.results];
  const isKeyed = request.idempotencyKey !== undefined;
  for (let n = 0; n < plan.candidates.length; n++) {
    if (n % resultsPerTurn === 0) await giveWay();
    const record = plan.candidates[n] as CheckedRecord;
    results[record.index] = outcomeOf(record, answers[n] ?? noAnswer, isKeyed);
  }
  const counts = countKinds(results);
  const summary = summarise(counts);
  const { campaignName, validateOnly } = request;
  return { campaignName, status: statusOf(summary, validateOnly), summary, counts, results };
}

/** So many take a fraction of a millisecond. */
const resultsPerTurn = 200;

const noAnswer: CandidateAnswer = { kind: 'unknown', reason: 'no answer to it was kept' };

/** A record that the dialer took is its own result. */
function outcomeOf(record: CheckedRecord, answer: CandidateAnswer, isKeyed: boolean): Outcome {
  if (answer.kind !== 'scheduled') {
    const { index, reference } = record;
    return { index, reference, ...failureOf(answer, record, isKeyed) };
  }
  record.kind = 'ScheduledRecord';
  record.message = answer.text;
  record.dialerTime = answer.dialerTime ?? record.dialerTime;
  return record;
}

/** How messages begin to say that the same request may simply be sent again. */
export const sendAgain = 'Send the same request with the same idempotencyKey again';

/** `isKeyed`: whether the same request may simply be sent again. */
function failureOf(
  answer: Exclude<CandidateAnswer, { kind: 'scheduled' }>,
  record: CheckedRecord,
  isKeyed: boolean,
): Failure {
  const again = isKeyed ? sendAgain : 'Send this record again';
  switch (answer.kind) {
    case 'refused':
      return refused(answer.refusal, record.dialerTime);
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
        message: `scheduledTime ${record.dialerTime} had passed before the dialer could take this record; it was not sent.`,
        earliest: answer.at,
        latest: answer.at,
      };
    case 'suppressed':
      return { kind: 'SuppressedNumberError', message: suppressedMessage(record.phoneNumber) };
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
