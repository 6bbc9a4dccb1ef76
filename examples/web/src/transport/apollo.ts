// The page over Apollo Client. A page that has one already hands it in likewise.

import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import type { Transport } from '@dialgraph/client';
import { possibleTypes } from '@dialgraph/client/possible-types';
import { authorization, endpoint, service } from '../endpoint.ts';

export function createTransport(): Transport {
  const credentials = new SetContextLink(({ headers }) => ({ headers: { ...headers, ...authorization() } }));
  const client = new ApolloClient({
    link: credentials.concat(new HttpLink({ uri: endpoint })),
    // Without possibleTypes the cache drops what `... on RecordError` selects.
    cache: new InMemoryCache({ possibleTypes }),
  });

  const send: Transport = async ({ document, variables, signal }) => {
    const context = { queryDeduplication: false, ...(signal && { fetchOptions: { signal } }) };
    const options = { variables: variables as Record<string, unknown>, context };
    const policies = { fetchPolicy: 'no-cache', errorPolicy: 'all' } as const;
    const isMutation = document.definitions.some(
      (part) => part.kind === 'OperationDefinition' && part.operation === 'mutation',
    );
    const { data, error } = isMutation
      ? await client.mutate({ mutation: document, ...options, ...policies })
      : await client.query({ query: document, ...options, ...policies });
    // It has the status of HTTP, or the errors of the answer: the client package reads both.
    if (error) throw error;
    return { data };
  };
  return Object.assign(send, { endpoint: service });
}
