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
    return await (signal === undefined ? work() : unlessAborted(work(), signal));
  } catch (error) {
    signal?.throwIfAborted();
    throw new NetworkError(`${url} did not answer: ${(error as Error).message}`, { cause: error });
  }
}

/** Node 20's fetch, aborted while a compressed answer comes in, can leave its reader waiting for ever. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
