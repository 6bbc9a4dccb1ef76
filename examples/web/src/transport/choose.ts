// The one switch: `?client=fetch`, `?client=apollo` or `?client=urql` in the page's address. Only the chosen one is loaded.

import type { Transport } from '@dialgraph/client';

const transports = {
  fetch: () => import('./fetch.ts'),
  apollo: () => import('./apollo.ts'),
  urql: () => import('./urql.ts'),
};

export type ClientName = keyof typeof transports;

export const clientNames = Object.keys(transports) as ClientName[];

export function chosenClient(): ClientName {
  const asked = new URLSearchParams(location.search).get('client');
  return clientNames.find((name) => name === asked) ?? 'fetch';
}

export async function createTransport(name: ClientName): Promise<Transport> {
  return (await transports[name]()).createTransport();
}
