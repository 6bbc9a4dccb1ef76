// How a gateway's process begins: the upstream's address from the environment, the address it listens on to standard output.

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

/** Longer than any body that the bench sends. */
export const maxBodyBytes = 64 * 1024 * 1024;
