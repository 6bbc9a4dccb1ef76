// One mutation: the payload, or an error that is thrown.

import { BusyError, MalformedAnswerError, RequestRefusedError } from './errors.ts';
import { type ScheduleCampaignDataInput, ScheduleDocument } from './generated/graphql.ts';
import type { RecordResult, SchedulePayload } from './results.ts';
import { ask, type Transport } from './transport.ts';

export type ScheduleInput = ScheduleCampaignDataInput;

/**
 * Schedules records, and resolves to what became of each. With an `idempotencyKey` the same call may be made again after whatever it
 * throws; without one, after a NetworkError or a MalformedAnswerError nobody can tell whether records are scheduled.
 */
export async function schedule(
  transport: Transport,
  input: ScheduleInput,
  signal?: AbortSignal,
): Promise<SchedulePayload> {
  const { data } = await ask(transport, ScheduleDocument, { input }, signal);
  const answer = data.scheduleCampaignData;
  if (answer === null || answer === undefined)
    throw new MalformedAnswerError('The mutation was not answered.');
  if (answer.__typename === 'ScheduleCampaignDataPayload') {
    if (!covers(answer.results, input.records.length))
      throw new MalformedAnswerError('The answer does not have a result for each record.');
    return answer;
  }
  const { __typename: kind, message = `The request was refused: ${kind}` } = answer as {
    __typename: string;
    message?: string;
  };
  // Those that pass by themselves.
  if ('retryAfterSeconds' in answer) throw new BusyError(message, answer.retryAfterSeconds ?? null);
  throw new RequestRefusedError(kind, message);
}

/** Kinds that a newer server has come without their index. */
function covers(results: readonly RecordResult[], count: number): boolean {
  return (
    Array.isArray(results) &&
    results.length === count &&
    results.every(
      (result, n) => typeof result?.__typename === 'string' && (!('index' in result) || result.index === n),
    )
  );
}
