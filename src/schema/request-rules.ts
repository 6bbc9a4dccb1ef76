// The rules for a request as a whole that zod cannot know: what the account, the caller and the memory that is free allow. Each throws
// what is answered as data.

import type { Caller } from '../auth/callers.ts';
import { Overloaded } from '../scheduling/request-error.ts';
import { shownCharacter } from '../scheduling/text.ts';
import type { Context } from './context.ts';
import { InvalidInput } from './invalid-input.ts';

export function refuseControlCharacters(campaignName: string): void {
  const [refused] = /[\p{Cc}\p{Cs}\u2028\u2029]/u.exec(campaignName) ?? [];
  if (refused === undefined) return;
  const message = `must not have the character ${shownCharacter(refused)}: leave it out`;
  throw new InvalidInput([{ path: ['input', 'campaignName'], message }]);
}

/** The records of all fields of one request count towards the limit of a mutation. */
export function refuseTooManyRecords(count: number, { allowance, account }: Context): void {
  const { maxRecordsPerMutation } = account.limits;
  const before = allowance.records;
  if (before + count > maxRecordsPerMutation) {
    const together = before === 0 ? '' : `, together with the ${before} of the fields before`;
    throw invalidRecords(
      `must hold at most ${maxRecordsPerMutation} records${together}, and holds ${count}: split them into several mutations`,
    );
  }
}

/** The caller's rate is counted in the domain; here only a list that is longer than a minute's records is refused. */
export function refuseOverRate(count: number, { recordsPerMinute = Infinity }: Caller): void {
  if (count > recordsPerMinute)
    throw invalidRecords(
      `must hold at most ${recordsPerMinute} records, which is what your credential may schedule or validate a minute, and holds ${count}`,
    );
}

/** The memory is held until the request is answered. */
export function holdMemory(count: number, { allowance }: Context): void {
  const total = allowance.records + count;
  const held = allowance.hold(total);
  if (held === 'later') throw new Overloaded(memoryRetrySeconds);
  if (held === 'never') throw invalidRecords('take more memory than there is for you: split them');
  allowance.records = total;
}

/** Other requests hold the memory. Even the longest of their answers is written in much less time. */
const memoryRetrySeconds = 5;

function invalidRecords(message: string): InvalidInput {
  return new InvalidInput([{ path: ['input', 'records'], message }]);
}
