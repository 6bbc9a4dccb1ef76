// The end of a pass: one outcome for each record, from the plan's own results and from the answers to its candidates, in words
// that the caller can use.

import { giveWay } from '../foundation/event-loop.ts';
import type { CandidateAnswer } from './dispatch.ts';
import {
  accepted,
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
import { type Candidate, dialerTimeOf, identityOf, type Plan, type ScheduleRequest } from './plan.ts';
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
  for (const [n, candidate] of plan.candidates.entries()) {
    if (n % resultsPerTurn === 0) await giveWay();
    results[candidate.index] = outcomeOf(request, candidate, answers[n] ?? noAnswer);
  }
  const counts = countKinds(results);
  const summary = summarise(counts);
  const { campaignName, validateOnly } = request;
  return { campaignName, status: statusOf(summary, validateOnly), summary, counts, results };
}

/** So many take a fraction of a millisecond. */
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
