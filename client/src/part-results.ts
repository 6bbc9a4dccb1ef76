// The results of one part: how long to wait for better ones, and how they stand in those of the whole list.

import type { CampaignRecordInput } from './generated/graphql.ts';
import { isRecordError, type RecordResult } from './results.ts';

/** A look-up finds out what became of a record about a minute after its answer was lost. */
const lookUpSeconds = 15;

/** How long a wait the results ask for before the same request is sent again; null: it would change nothing. */
export function waitFor(results: readonly RecordResult[]): { seconds: number; reason: string } | null {
  const waits = results.filter(isRecordError).flatMap((result) => {
    if (result.__typename === 'OutcomeUnknownError')
      return [{ seconds: lookUpSeconds, reason: result.message }];
    if (!result.retryable) return [];
    const { retryAfterSeconds } = result as { retryAfterSeconds?: number | null };
    return [{ seconds: retryAfterSeconds ?? lookUpSeconds, reason: result.message }];
  });
  return waits.sort((one, other) => other.seconds - one.seconds)[0] ?? null;
}

/** Of a record whose key is forgotten by now: it may have been scheduled, and must not be sent again. */
export function untold({ reference = null }: CampaignRecordInput, index: number): RecordResult {
  return {
    __typename: 'OutcomeUnknownError',
    index,
    reference,
    code: 'OUTCOME_UNKNOWN',
    message:
      'Nobody can tell whether it is scheduled: it was sent, and its answer was asked for too late. Look in the dialer; do not simply send it again.',
    field: null,
    problems: [],
    retryable: false,
  };
}

/** Its places are those of the whole list. */
export function placed(result: RecordResult, from: number): RecordResult {
  if (!('index' in result)) return result;
  const index = result.index + from;
  return result.__typename === 'DuplicateRecordError' && result.firstIndex !== null
    ? { ...result, index, firstIndex: result.firstIndex + from }
    : { ...result, index };
}

/** What was not kept of a person is as it was handed in. */
export function withPerson(result: RecordResult, record: CampaignRecordInput | undefined): RecordResult {
  return 'phoneNumber' in result && result.phoneNumber === ''
    ? { ...result, phoneNumber: record?.phoneNumber ?? '', name: record?.name ?? null }
    : result;
}
