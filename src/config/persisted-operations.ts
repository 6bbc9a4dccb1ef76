// Operations that callers may send by id, from the file that codegen's client preset writes, or one of the same form.

import { parse } from 'graphql';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { readJsonFile } from './json-file.ts';

export interface PersistedOperationsConfig {
  /** The operations' texts, by id. */
  documents: Readonly<Record<string, string>>;
  /** Every other operation is refused. */
  only: boolean;
}

const documentsSchema = z.record(
  z.string().min(1),
  z.string().superRefine((text, context) => {
    try {
      parse(text);
    } catch (error) {
      context.addIssue((error as Error).message);
    }
  }),
);

export function readPersistedOperations(file: string | undefined, only: boolean): PersistedOperationsConfig {
  if (file === undefined && only)
    throw new ConfigError('PERSISTED_OPERATIONS_FILE is needed where PERSISTED_OPERATIONS_ONLY is on');
  const documents =
    file === undefined ? {} : readJsonFile('PERSISTED_OPERATIONS_FILE', file, documentsSchema);
  return { documents, only };
}
