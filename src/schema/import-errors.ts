// Why a request for an import is not carried out, beside what other requests have in common.

import {
  ImportNotFound,
  ImportStateConflict,
  ImportsUnavailable,
  InvalidImport,
  TooManyImports,
} from '../imports/import-error.ts';
import { builder } from './builder.ts';
import { ImportStateEnum } from './import-enums.ts';
import { InvalidInput } from './invalid-input.ts';
import { RequestError } from './request-errors.ts';

builder.objectType(ImportNotFound, {
  name: 'ImportNotFoundError',
  interfaces: [RequestError],
  description:
    'There is no import of this id in your account, or your credential may not use its campaign. Imports are forgotten some months after their end.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The id that was given.' }) }),
});

builder.objectType(ImportStateConflict, {
  name: 'ImportStateConflictError',
  interfaces: [RequestError],
  description:
    'The import is in a state in which this cannot be done, and nothing was changed: one that has ended cannot be cancelled, and one that is not `READY` cannot be confirmed.',
  fields: (t) => ({
    state: t.expose('state', { type: ImportStateEnum, description: 'Its state at that moment.' }),
  }),
});

builder.objectType(TooManyImports, {
  name: 'TooManyImportsError',
  interfaces: [RequestError],
  description:
    'As many imports of your account are under way as may be, and none was started: those that wait for a file or for a person count. Cancel one, or wait until one has ended.',
  fields: (t) => ({
    limit: t.exposeInt('limit', {
      description: 'How many may be under way: `limits.imports`, running and waiting.',
    }),
  }),
});

builder.objectType(ImportsUnavailable, {
  name: 'ImportsUnavailableError',
  interfaces: [RequestError],
  description:
    'This service cannot reach its store at the moment, and does not know whether this was done. Send the same request again: with the same `idempotencyKey` nothing is started twice, and nothing else is done twice anyway.',
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', { description: 'How many seconds to wait.' }),
  }),
});

/** What is asked for and cannot be is an input's error, as any other. */
export async function asInput<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InvalidImport) {
      const { path, message } = error;
      throw new InvalidInput([{ path, message }]);
    }
    throw error;
  }
}
