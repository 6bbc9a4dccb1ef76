// The process edge of a gateway: it reads the upstream's address from the environment, and prints the address it listens on.

import type { AddressInfo } from 'node:net';

export function upstreamUrl(): string {
  const { UPSTREAM_URL } = process.env;
  if (UPSTREAM_URL === undefined) throw new Error('UPSTREAM_URL is not set');
  return UPSTREAM_URL;
}

export function announce(address: AddressInfo | string | null, path: string): void {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  console.log(`http://127.0.0.1:${address.port}${path}`);
}

/** More than the longest body that the bench sends. */
export const maxBodyBytes = 64 * 1024 * 1024;
