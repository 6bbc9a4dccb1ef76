// Where the service is, and by what it knows who asks.

import type { Endpoint } from '@dialgraph/client';

const meta = document.querySelector<HTMLMetaElement>('meta[name="dialgraph-endpoint"]');

/** The GraphQL endpoint, absolute. Paths that the service tells, such as an import's `uploadUrl`, are relative to it. */
export const endpoint = new URL(meta?.content || '/graphql', location.href).href;

/** What the client package asks beside GraphQL: files go there, and an import's progress comes from there. */
export const service: Endpoint = { url: endpoint, headers: authorization };

const storageKey = 'dialgraph credential';

/** An API key or a token, for as long as the tab is open. A page with a log-in of its own takes its token from there instead. */
export function credential(): string {
  return sessionStorage.getItem(storageKey) ?? '';
}

export function setCredential(value: string): void {
  sessionStorage.setItem(storageKey, value);
}

/** For every request to the service. */
export function authorization(): Record<string, string> {
  const value = credential();
  return value === '' ? {} : { authorization: `Bearer ${value}` };
}
