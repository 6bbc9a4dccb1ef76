// urql 5 with Graphcache. It has to be told of the schema, and what has an id of its own. A result has an index: it belongs to
// the answer in which it stands, and is not kept by its id.

import { introspection } from '@dialgraph/client/introspection';
import { Client, type Exchange, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';

const embedded = introspection.__schema.types.filter(({ fields }) => {
  const names = new Set<string>(fields?.map(({ name }: { name: string }) => name));
  return names.size > 0 && (names.has('index') || !names.has('id'));
});

export const createGraphcacheClient = (url: string, token: string, ...more: Exchange[]) =>
  new Client({
    url,
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [
      cacheExchange({
        schema: introspection,
        keys: Object.fromEntries(embedded.map(({ name }) => [name, () => null])),
      }),
      ...more,
      fetchExchange,
    ],
  });
