// Apollo Client 4, persisted: an id goes out, and the document only to a server that does not know the id.

import { ApolloClient, type DocumentNode, HttpLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { createCache } from './apollo.ts';

const idOf = (document: DocumentNode & { __meta__?: { hash: string } }) => document.__meta__?.hash ?? '';

export const createPersistedApolloClient = (uri: string, token: string) =>
  new ApolloClient({
    link: new PersistedQueryLink({ generateHash: async (document) => idOf(document) }).concat(
      new HttpLink({ uri, headers: { authorization: `Bearer ${token}` } }),
    ),
    cache: createCache(),
  });
