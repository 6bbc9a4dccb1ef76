// The page over the platform's own fetch: no GraphQL client at all.

import { fetchTransport, type Transport } from '@dialgraph/client';
import { authorization, endpoint } from '../endpoint.ts';

export function createTransport(): Transport {
  return fetchTransport({ url: endpoint, headers: authorization });
}
