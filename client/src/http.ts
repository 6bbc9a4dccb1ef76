// Requests to the server by fetch: GraphQL, and what stands beside it.

import { NetworkError } from './errors.ts';

export interface Endpoint {
  /** The GraphQL endpoint. */
  url: string;
  /** Called before each request, so that it may return a new token. */
  headers?: () => Record<string, string> | Promise<Record<string, string>>;
  /** @default the platform's */
  fetch?: typeof fetch;
}

export interface HttpRequest {
  method: string;
  headers: Record<string, string>;
  body?: string | ArrayBuffer;
  signal: AbortSignal | undefined;
}

/** `path` is relative to the endpoint; empty: the endpoint itself. Rejects with a NetworkError, or with what the signal is aborted with. */
export async function request(
  { url, headers: given, fetch: send = fetch }: Endpoint,
  path: string,
  { signal, headers, ...init }: HttpRequest,
): Promise<Response> {
  const target = path === '' ? url : new URL(path, new URL(url, globalThis.location?.href)).href;
  const all = { ...headers, ...(await given?.()) };
  return reached(target, signal, () => send(target, { ...init, headers: all, ...(signal && { signal }) }));
}

/** The answer's body. It may break off, as the request itself. */
export function textOf(response: Response, signal: AbortSignal | undefined): Promise<string> {
  return reached(response.url, signal, () => response.text());
}

async function reached<Result>(
  url: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw new NetworkError(`${url} did not answer: ${(error as Error).message}`, { cause: error });
  }
}
