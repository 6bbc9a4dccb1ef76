// Plain fetch, persisted: the id goes out in place of the document.

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { post } from './fetch.ts';

export const requestById = <Data, Variables>(
  url: string,
  token: string,
  document: TypedDocumentNode<Data, Variables> & { __meta__?: { hash: string } },
  variables: Variables,
): Promise<Data> => post(url, token, { documentId: document.__meta__?.hash, variables });
