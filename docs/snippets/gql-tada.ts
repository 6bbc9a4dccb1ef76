// gql.tada, for documents in your own source. Any of the clients sends them.

import type { introspection } from '@dialgraph/client/gql-tada';
import { initGraphQLTada } from 'gql.tada';

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; TimeZone: string };
}>();
