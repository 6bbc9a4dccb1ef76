// Persisted operations: documents that were collected when the front end was built, and are sent by their id, as `documentId`
// (the GraphQL over HTTP draft) or as `extensions.persistedQuery.sha256Hash` (Apollo Client, urql). If nothing else may be sent,
// the error says so. Errors keep the words by which clients know that they must send the whole document.

import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

export interface PersistedOperationsOptions {
  /** By id. */
  documents: Readonly<Record<string, string>>;
  /** Refuse every other document. */
  only: boolean;
}

type Params = Readonly<Record<string, unknown>>;

export interface PersistedOperations {
  /** The request with its document in place of the id. Undefined where only yoga knows what to answer. */
  resolve(params: Params): Params | undefined;
  plugin: Plugin;
}

export function createPersistedOperations({
  documents,
  only,
}: PersistedOperationsOptions): PersistedOperations {
  const hasDocuments = Object.keys(documents).length > 0;
  const byId = new Map(Object.entries(documents).map(([id, document]) => [withoutScheme(id), document]));
  return {
    resolve(params) {
      if (params.query) return only ? undefined : params;
      const { documentId: _documentId, extensions: _extensions, ...rest } = params;
      const query = byId.get(idOf(params) ?? '');
      return query === undefined ? undefined : { ...rest, query };
    },
    plugin: usePersistedOperations({
      allowArbitraryOperations: !only,
      extractPersistedOperationId: (params, { method, url }) =>
        idOf(params) ?? (method === 'GET' ? idOf(Object.fromEntries(new URL(url).searchParams)) : null),
      getPersistedOperation: (id) => byId.get(id) ?? null,
      customErrors: {
        // The first makes clients send this document whole. The second makes them send no ids any more; it has status 200, as in
        // Apollo Server.
        notFound: () =>
          hasDocuments
            ? badRequest('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
            : refused(200, 'PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'),
        keyNotFound: () => (only ? onlyPersisted() : badRequest('BAD_REQUEST', 'Must provide query string.')),
        persistedQueryOnly: onlyPersisted,
      },
    }),
  };
}

function idOf({ documentId, extensions }: { documentId?: unknown; extensions?: unknown }): string | null {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } | null };
  const id = documentId ?? persistedQuery?.sha256Hash;
  return typeof id === 'string' ? withoutScheme(id) : null;
}

/** codegen writes `sha256:` before an id, as in the draft. Apollo's form has no such prefix. */
function withoutScheme(id: string): string {
  return id.replace(/^sha256:/, '');
}

function onlyPersisted(): GraphQLError {
  return badRequest(
    'PERSISTED_OPERATION_REQUIRED',
    'This server takes persisted operations only: send the id of one as documentId or as extensions.persistedQuery.sha256Hash.',
  );
}

function badRequest(code: string, message: string): GraphQLError {
  return refused(400, code, message);
}

function refused(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
