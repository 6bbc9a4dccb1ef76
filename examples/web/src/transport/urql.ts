// The page over urql. A page that has one already hands it in likewise.

import type { Transport } from '@dialgraph/client';
import { Client, fetchExchange, type OperationResult } from '@urql/core';
import { authorization, endpoint, service } from '../endpoint.ts';

export function createTransport(): Transport {
  const client = new Client({
    url: endpoint,
    exchanges: [fetchExchange],
    fetchOptions: () => ({ headers: authorization() }),
    // Phone numbers have no place in an address.
    preferGetMethod: false,
  });

  const send: Transport = async ({ document, variables, signal }) => {
    const isMutation = document.definitions.some(
      (part) => part.kind === 'OperationDefinition' && part.operation === 'mutation',
    );
    const given = variables as Record<string, unknown>;
    const source = isMutation
      ? client.mutation(document, given)
      : client.query(document, given, { requestPolicy: 'network-only' });
    let leave = () => {};
    const { data, error } = await new Promise<OperationResult>((resolve, reject) => {
      leave = source.subscribe(resolve).unsubscribe;
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      // Its request is given up with it, and whoever asks the same later is not told this answer again.
    }).finally(() => leave());
    // It has the status of HTTP, or the errors of the answer: the client package reads both. The server's own words are without a prefix.
    if (error) throw Object.assign(error, { message: error.graphQLErrors[0]?.message ?? error.message });
    return { data };
  };
  return Object.assign(send, { endpoint: service });
}
