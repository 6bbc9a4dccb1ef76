// One request to the upstream over kept-alive connections, and exactly how far it came.
// `not-sent` is said only while undici had not begun to write the request; once it has, whatever goes wrong is
// `no-answer`. Redirects are not followed: they would hand the key and the numbers to another host.

import type { IncomingHttpHeaders } from 'node:http';
import { type Dispatcher, Pool } from 'undici';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, from the dialer's base URL on. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export type HttpReply =
  /** `complete` is false where the connection failed, or the answer was cut, after its head had arrived. */
  | { kind: 'response'; status: number; headers: IncomingHttpHeaders; body: string; complete: boolean }
  | { kind: 'not-sent'; reason: string }
  | { kind: 'no-answer'; reason: string };

export interface HttpClient {
  /** Never rejects. An aborted signal stops a request that has not been written yet, and no other. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpReply>;
  /** Lets running requests end, then closes the connections. */
  close(): Promise<void>;
}

export interface HttpOptions {
  url: string;
  /** Connections, and so requests in flight. */
  concurrency: number;
  /** From the first byte written to the last byte read; connecting has as long again. */
  timeoutMs: number;
}

/** A hundred entries take about 40 kB. */
const maxBodyBytes = 4 * 1024 * 1024;

export function createHttpClient({ url, concurrency, timeoutMs }: HttpOptions): HttpClient {
  const { origin, pathname } = new URL(url);
  const basePath = pathname.replace(/\/$/, '');
  const pool = new Pool(origin, {
    connections: concurrency,
    pipelining: 1,
    connect: { timeout: timeoutMs },
    // The deadline is ours: undici's are per phase, and start anew with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    send: (request, signal) =>
      new Promise((resolve) => {
        const handler = new ReplyHandler(timeoutMs, signal, resolve);
        const options = { ...request, path: basePath + request.path, idempotent: false };
        try {
          pool.dispatch(options, handler);
        } catch (error) {
          handler.onResponseError(null, error as Error);
        }
      }),
    close: () => pool.close(),
  };
}

/** States: queued → (onRequestStart) written → (onResponseStart) answering → settled, which is entered once. */
class ReplyHandler implements Dispatcher.DispatchHandler {
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #settle: (reply: HttpReply) => void;
  readonly #chunks: Buffer[] = [];
  #written = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number, signal: AbortSignal | undefined, settle: (reply: HttpReply) => void) {
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    this.#settle = settle;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#written) {
      // undici would write the request a second time on another connection; the first may have been taken.
      controller.abort(new Error('the connection was lost'));
      return;
    }
    if (this.#signal?.aborted) {
      controller.abort(new Error('the caller went away'));
      return;
    }
    this.#written = true;
    this.#timer = setTimeout(
      () => controller.abort(new Error(`no complete answer within ${this.#timeoutMs} ms`)),
      this.#timeoutMs,
    );
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > maxBodyBytes) controller.abort(new Error(`an answer of over ${maxBodyBytes} bytes`));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish(true);
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#status >= 200) this.#finish(false);
    else {
      clearTimeout(this.#timer);
      this.#settle({ kind: this.#written ? 'no-answer' : 'not-sent', reason: reasonOf(error) });
    }
  }

  #finish(complete: boolean): void {
    clearTimeout(this.#timer);
    const body = new TextDecoder().decode(Buffer.concat(this.#chunks));
    this.#settle({ kind: 'response', status: this.#status, headers: this.#headers, body, complete });
  }
}

/** A short reason that names no host and no address: undici's and Node's messages may. */
function reasonOf(error: Error & { code?: string }): string {
  switch (error.code) {
    case 'ECONNREFUSED':
      return 'the dialer refused the connection';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return "the dialer's host name could not be resolved";
    case 'UND_ERR_CONNECT_TIMEOUT':
      return 'connecting to the dialer took too long';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'the connection was lost';
    case undefined:
      return error.message;
    default:
      return `the connection failed (${error.code})`;
  }
}
