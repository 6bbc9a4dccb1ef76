// graphql-request 7. It keeps nothing, and needs to know nothing.

import { GraphQLClient } from 'graphql-request';

export const createRequestClient = (url: string, token: string) =>
  new GraphQLClient(url, { headers: { authorization: `Bearer ${token}` } });
