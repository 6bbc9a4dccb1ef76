// The page over the platform's own fetch: no GraphQL client at all.

import { fetchTransport, type Transport } from '@dialgraph/client';
import { service } from '../endpoint.ts';

export function createTransport(): Transport {
  return fetchTransport(service);
}
