// `GET /schema.graphql`: the schema as a file, for tools that read one. Whoever may introspect gets it: everybody with a good
// credential, unless persisted operations alone are taken.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { printedSchema } from '../schema/printed-schema.ts';
import { type KeptText, keepText, sendKept } from './kept-text.ts';
import type { PersistedOperationsOptions } from './persisted-operations.ts';
import { Refusal } from './refusal.ts';

export const schemaPath = '/schema.graphql';

const otherMethod = new Refusal(405, 'BAD_REQUEST', `${schemaPath} can be read: send GET or HEAD.`);

const notShown = new Refusal(
  403,
  'PERSISTED_OPERATION_REQUIRED',
  'This server takes persisted operations only, and shows its schema to nobody.',
);

export interface SchemaFile {
  isFor(req: IncomingMessage): boolean;
  /** Throws a Refusal if the method is another one, or the schema is not to be seen. */
  answer(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

export function createSchemaFile(
  schema: GraphQLSchema,
  { only }: Pick<PersistedOperationsOptions, 'only'>,
): SchemaFile {
  /** Made at the first request, since most processes are never asked. */
  let file: Promise<KeptText> | undefined;
  return {
    isFor: ({ url = '' }) => url.split('?', 1)[0] === schemaPath,
    async answer(req, res) {
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        res.setHeader('allow', 'GET, HEAD');
        throw otherMethod;
      }
      if (only) throw notShown;
      file ??= keepText(printedSchema(schema));
      await sendKept(req, res, await file, { 'content-type': 'text/plain; charset=utf-8' });
    },
  };
}
