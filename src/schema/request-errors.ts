// Why a request as a whole was not carried out: the members that a mutation's union has beside its payload.

import {
  IdempotencyConflict,
  Overloaded,
  RateLimited,
  UnknownCampaign,
} from '../scheduling/request-error.ts';
import { builder } from './builder.ts';
import { type InputIssue, InvalidInput } from './invalid-input.ts';

/** The classes that a resolver may throw, for the `errors` option of a mutation's field. */
export const requestErrors = [InvalidInput, IdempotencyConflict, Overloaded, RateLimited, UnknownCampaign];

export const RequestError = builder.interfaceRef<Error>('RequestError').implement({
  description:
    'Why the request as a whole was not carried out. Select it with `... on RequestError { message }` to handle all reasons alike, those to come included. The cache of Apollo Client needs the `possibleTypes` of docs/errors.md for that.',
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'What happened, and what to do: in English, for a person.',
    }),
  }),
});

builder.objectType(InvalidInput, {
  name: 'InvalidInputError',
  interfaces: [RequestError],
  description:
    'The request as a whole cannot be carried out, and nothing was sent: no campaign, no records or too many, an unknown time zone.',
  fields: (t) => ({
    issues: t.field({
      type: [InputIssueType],
      description: 'What is wrong, one entry each.',
      resolve: ({ issues }) => [...issues],
    }),
  }),
});

builder.objectType(Overloaded, {
  name: 'OverloadedError',
  interfaces: [RequestError],
  description:
    'This service is at work on as many records as it takes, and refused the request before any work: nothing was sent. Send the same request again.',
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'How many seconds to wait.' }),
  }),
});

builder.objectType(RateLimited, {
  name: 'RateLimitedError',
  interfaces: [RequestError],
  description:
    'The credential has scheduled as many records as it may for now, and nothing was sent. Send the same request again later.',
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'How many seconds to wait.' }),
  }),
});

builder.objectType(UnknownCampaign, {
  name: 'UnknownCampaignError',
  interfaces: [RequestError],
  description:
    'The dialer has no such campaign, and nothing was sent. Correct `campaignName`: `Query.campaigns` lists those that are configured. The dialer is asked once, and its answer is told for some seconds: a campaign that was made just now is found after that. Where the dialer cannot be asked, the records are sent, and answered with what it says of them.',
  fields: (t) => ({
    campaignName: t.exposeString('campaignName', { description: 'The name that the dialer does not know.' }),
  }),
});

builder.objectType(IdempotencyConflict, {
  name: 'IdempotencyConflictError',
  interfaces: [RequestError],
  description:
    'The `idempotencyKey` was used for another input already, and nothing was sent. Either the key was made twice, or the input was changed between two attempts.',
});

const InputIssueType = builder.objectRef<InputIssue>('InputIssue').implement({
  description: 'One thing that is wrong with the request as a whole.',
  fields: (t) => ({
    path: t.exposeStringList('path', {
      description: 'Where, from the arguments down, such as `["input", "campaignName"]`.',
    }),
    message: t.exposeString('message', { description: 'What that value must be.' }),
  }),
});
