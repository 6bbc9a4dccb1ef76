// graphql-request 7, persisted: a middleware puts the id in place of the document.

import operations from '@dialgraph/client/persisted-documents.json' with { type: 'json' };
import { GraphQLClient } from 'graphql-request';

const ids = new Map(Object.entries(operations).map(([id, text]) => [/^\w+ (\w+)/.exec(text)?.[1], id]));

export const createPersistedRequestClient = (url: string, token: string) =>
  new GraphQLClient(url, {
    headers: { authorization: `Bearer ${token}` },
    requestMiddleware(request) {
      const { query: _, ...body } = JSON.parse(String(request.body));
      return { ...request, body: JSON.stringify({ ...body, documentId: ids.get(body.operationName) }) };
    },
  });
