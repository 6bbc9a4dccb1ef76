// urql 5 with its document cache. A query goes by POST: in an address, phone numbers would reach the logs of proxies.

import { Client, cacheExchange, type Exchange, fetchExchange } from '@urql/core';

export const createUrqlClient = (url: string, token: string, ...more: Exchange[]) =>
  new Client({
    url,
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
    exchanges: [cacheExchange, ...more, fetchExchange],
  });
