// urql 5, persisted, with either cache: createUrqlClient(url, token, persistedExchange). The id goes out, and no document.

import { type DocumentInput, makeOperation, mapExchange } from '@urql/core';

const idOf = (document: DocumentInput & { __meta__?: { hash: string } }) => document.__meta__?.hash;

export const persistedExchange = mapExchange({
  onOperation(operation) {
    const sha256Hash = idOf(operation.query);
    if (sha256Hash === undefined) return operation;
    return makeOperation(operation.kind, {
      ...operation,
      extensions: { persistedQuery: { version: 1, sha256Hash } },
    });
  },
});
