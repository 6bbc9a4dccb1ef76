// The one Pothos builder: its plugins and its scalars. Every other type is in the file of the field that returns it.

import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ZodPlugin from '@pothos/plugin-zod';
import type { z } from 'zod';
import type { Scope } from '../config/callers.ts';
import type { Context } from './context.ts';
import { InvalidInput } from './invalid-input.ts';
import { forbidden, isAllowed, type NeededRight } from './rights.ts';

declare module 'graphql' {
  interface GraphQLFieldExtensions<_TSource, _TContext, _TArgs> {
    /** Of a root field: its list never has more items. Without it: as many as a mutation may have records. */
    maxItems?: number;
    /** Of a field below: its list may have thousands of items, none of which has to be waited for. */
    isLong?: boolean;
  }
}

/** What a router knows of an entity: its type, and the fields of its key. */
export interface Representation {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

export const builder = new SchemaBuilder<{
  Context: Context;
  AuthScopes: { scope: Scope; rights: readonly NeededRight[] };
  Scalars: {
    DateTime: { Input: never; Output: number };
    TimeZone: { Input: string; Output: string };
    /** Of schema/federation.ts alone. */
    _Any: { Input: Representation; Output: never };
  };
  DefaultFieldNullability: false;
}>({
  // The errors plugin must come first: it wraps the others, and turns what zod throws into a member of the field's union.
  plugins: [ErrorsPlugin, ScopeAuthPlugin, ZodPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  scopeAuth: {
    authScopes: ({ caller }) => ({
      scope: (scope) => caller.scopes.has(scope),
      rights: (rights) => isAllowed(caller, rights),
    }),
    unauthorizedError: forbidden,
    // A subscription would begin before anybody has asked whether it may.
    authorizeOnSubscribe: true,
  },
  zod: { validationError: (error: z.ZodError) => InvalidInput.fromZod(error) },
});

/** Of functions that make fields for several inputs. */
export type InputFieldBuilder = PothosSchemaTypes.InputFieldBuilder<
  (typeof builder)['$inferSchemaTypes'],
  'InputObject'
>;

builder.scalarType('DateTime', {
  description:
    'An instant in UTC, in ISO 8601 with milliseconds, such as `2026-11-25T04:30:00.000Z`. `new Date(value)` reads it.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (instantMs) => new Date(instantMs).toISOString(),
  parseValue: () => {
    throw new TypeError('DateTime is an output only');
  },
});

builder.scalarType('TimeZone', {
  description:
    'A time zone by its name in the IANA data base, such as `Asia/Kolkata`, `Europe/Berlin` or `UTC`; the old names there are good too (`US/Eastern`, `GB`, `EST5EDT`; `EST` is five hours behind UTC in summer as well). Abbreviations that several zones share (`BST`, `CST`, `IST`, `PST`), offsets and unknown names are answered with an `InvalidInputError`.',
  specifiedByURL: 'https://data.iana.org/time-zones/theory.html#naming',
  serialize: String,
  parseValue: String,
});
