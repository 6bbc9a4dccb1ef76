// The end of a pass: one outcome for each record, from the plan's own results and from the answers to its candidates, in words
// that the caller can use.

import { giveWay } from '../foundation/event-loop.ts';
import { parseWallClock, type TimeZone, timeZone } from '../foundation/time-zone.ts';
import { suppressedMessage } from './call-permission.ts';
import type { CandidateAnswer } from './dispatch.ts';
import {
  type AcceptedRecord,
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
import type { Plan, RetryAdvice, ScheduleRequest } from './plan.ts';
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
  const advice = request.advice ?? (request.idempotencyKey === undefined ? withoutKey : withKey);
  for (let n = 0; n < plan.candidates.length; n++) {
    if (n % resultsPerTurn === 0) await giveWay();
    const record = plan.candidates[n] as CheckedRecord;
    results[record.index] = outcomeOf(record, answers[n] ?? noAnswer, plan.dialerZone, advice);
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
function outcomeOf(
  record: CheckedRecord,
  answer: CandidateAnswer,
  dialerZone: string,
  advice: RetryAdvice,
): Outcome {
  if (answer.kind !== 'scheduled') {
    const { index, reference } = record;
    return { index, reference, ...failureOf(answer, record, advice) };
  }
  record.kind = 'ScheduledRecord';
  record.message = answer.text;
  return answer.dialerTime === null ? record : moved(record, answer.dialerTime, timeZone(dialerZone));
}

/** The dialer may say that it took a record for another time than it was sent: that is when the person is called. */
export function moved<Record extends Pick<AcceptedRecord, 'scheduledTime' | 'dialerTime' | 'shiftedFrom'>>(
  record: Record,
  dialerTime: string,
  zone: TimeZone,
): Record {
  const wallMs = parseWallClock(dialerTime);
  const scheduledTime = wallMs === null ? null : zone.fromWallClock(wallMs);
  if (scheduledTime === null) return record;
  const shiftedFrom = record.shiftedFrom ?? record.scheduledTime;
  return Object.assign(record, { scheduledTime, dialerTime, shiftedFrom });
}

const resend = 'Send the same request with the same idempotencyKey again';

const withKey: RetryAdvice = {
  notAccepted: (when) => `${resend} ${when}.`,
  unknown: `${resend} in a minute: it is looked up, and never sent twice.`,
  unrecorded: `${resend} in a minute, and use no other key for it.`,
};

const withoutKey: RetryAdvice = {
  ...withKey,
  notAccepted: (when) => `Send this record again ${when}.`,
  unknown:
    'Look in the dialer; do not simply send it again. With an idempotencyKey the same request could be sent again safely.',
};

function failureOf(
  answer: Exclude<CandidateAnswer, { kind: 'scheduled' }>,
  record: CheckedRecord,
  advice: RetryAdvice,
): Failure {
  switch (answer.kind) {
    case 'refused':
      return refused(answer.refusal, record.dialerTime);
    case 'throttled':
      return {
        kind: 'DialerThrottledError',
        message: `Not accepted: the dialer asks for fewer requests ("${answer.text}"). ${advice.notAccepted(
          answer.retryAfterSeconds === null ? 'later' : `in ${answer.retryAfterSeconds} s`,
        )}`,
        retryAfterSeconds: answer.retryAfterSeconds,
      };
    case 'unavailable':
      return {
        kind: 'DialerUnavailableError',
        message: `Not accepted: ${answer.reason}. ${advice.notAccepted('later')}`,
      };
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
        message: `Nobody can tell whether the dialer took it: ${answer.reason}. ${advice.unknown}`,
      };
    case 'unrecorded':
      return {
        kind: 'OutcomeUnknownError',
        message: `What became of it cannot be told now: ${answer.reason}. ${advice.unrecorded}`,
      };
    default:
      return answer satisfies never;
  }
}
