// The wait that a root field answers as data, such as that of an OverloadedError, is also sent as the HTTP header `Retry-After`, if the
// answer has no other field: proxies and clients look for it there.

import type { ServerResponse } from 'node:http';
import { defaultFieldResolver, type GraphQLSchema } from 'graphql';
import type { Context } from '../schema/context.ts';
import type { IncomingRequest } from '../telemetry/events.ts';

/** Has the schema's root fields note the wait that they answer. */
export function noteWaits(schema: GraphQLSchema): void {
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {})) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (source, args, context: Context, info) => {
        const value: unknown = resolve(source, args, context, info);
        return value instanceof Promise
          ? value.then((settled) => noted(settled, context.request))
          : noted(value, context.request);
      };
    }
}

/** The value may be wrapped, so an error is known by its member. */
function noted(value: unknown, request: IncomingRequest): unknown {
  if (typeof value === 'object' && value !== null && 'retryAfterSeconds' in value)
    request.retryAfterSeconds = Number(value.retryAfterSeconds);
  return value;
}

/** Sets the header for an answer with this data. */
export function tellWait(
  res: ServerResponse,
  { retryAfterSeconds }: IncomingRequest,
  data: object | null | undefined,
): void {
  if (retryAfterSeconds === undefined || !data) return;
  // Documents that codegen completes for caches ask for the root's __typename as well.
  if (Object.keys(data).filter((key) => key !== '__typename').length !== 1) return;
  res.setHeader('retry-after', retryAfterSeconds);
}
