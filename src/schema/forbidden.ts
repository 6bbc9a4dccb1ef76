// What a caller is told whose credential is good, and does not go so far.

import type { AuthFailure, ForbiddenResult } from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';

/** A top-level `FORBIDDEN`. */
export function forbidden(
  _parent: unknown,
  _context: object,
  _info: object,
  { failure }: ForbiddenResult,
): Error {
  return new GraphQLError(messageOf(failure), { extensions: { code: 'FORBIDDEN' } });
}

function messageOf(failure: AuthFailure): string {
  if ('failures' in failure) {
    const [first] = failure.failures;
    if (first !== undefined) return messageOf(first);
  }
  if (!('parameter' in failure)) return 'Your credential does not allow this.';
  return failure.scope === 'campaign'
    ? 'Your credential does not allow this campaign.'
    : `Your credential does not have the scope "${failure.parameter}".`;
}
