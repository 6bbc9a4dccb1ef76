// The page over urql. A page that has one already hands it in likewise.

import type { Transport } from '@dialgraph/client';
import { Client, fetchExchange, type OperationResult } from '@urql/core';
import { authorization, endpoint } from '../endpoint.ts';

export function createTransport(): Transport {
  const client = new Client({
    url: endpoint,
    exchanges: [fetchExchange],
    fetchOptions: () => ({ headers: authorization() }),
    // Phone numbers have no place in an address.
    preferGetMethod: false,
  });

  return async ({ document, variables, signal }) => {
    const isMutation = document.definitions.some(
      (part) => part.kind === 'OperationDefinition' && part.operation === 'mutation',
    );
    const given = variables as Record<string, unknown>;
    const source = isMutation
      ? client.mutation(document, given)
      : client.query(document, given, { requestPolicy: 'network-only' });
    const { data, error } = await new Promise<OperationResult>((resolve, reject) => {
      const { unsubscribe } = source.subscribe(resolve);
      // Its request is given up with it.
      signal?.addEventListener(
        'abort',
        () => {
          unsubscribe();
          reject(signal.reason as Error);
        },
        { once: true },
      );
    });
    // It has the status of HTTP, or the errors of the answer: the client package reads both.
    if (error) throw error;
    return { data };
  };
}
