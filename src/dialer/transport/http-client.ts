// One request to the upstream over kept-alive connections, and exactly how far it came.
// `not-sent` and `withheld` are said only while undici had not begun to write the request; once it has, whatever goes
// wrong is `no-answer`. Redirects are not followed: they would hand the key and the numbers to another host.

import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { causeText, type StopSignal } from '../../foundation/cancellation.ts';
import { giveWay } from '../../foundation/event-loop.ts';
import type { Origin, UpstreamRequest } from '../../telemetry/events.ts';
import { decode, decodeStream, encodingsOf, textOf } from './content-encoding.ts';
import { catchUpMs, connectTimeoutMs, stoodStillMs } from './deadlines.ts';

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, from the dialer's base URL on. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** What it asks for, and with how many rows. */
  purpose: UpstreamRequest['purpose'];
  rows?: number;
  /** The longest answer that is read, as it is received and decoded. @default 512 KiB: a hundred entries take about 40 kB */
  maxAnswerBytes?: number;
  /**
   * Takes the body of a 200 as it is decoded, a piece at a time: the next piece is read when the one before is done with. The
   * reply has no body then. Returning before the end ends the request, which is complete all the same: nobody wants the rest.
   * It must not reject, unless the pieces themselves do.
   */
  consume?: (pieces: AsyncIterable<Buffer>) => Promise<void>;
}

export type HttpReply =
  /**
   * `complete` is false where the connection failed, or the answer was cut, after its head had arrived. `unreadable`: why the
   * body could not be decoded, in words; it is empty then.
   */
  | {
      kind: 'response';
      status: number;
      headers: IncomingHttpHeaders;
      body: string;
      complete: boolean;
      unreadable?: string;
    }
  /** There was no connection. `lasting`: another try within a minute would not help. */
  | { kind: 'not-sent'; reason: string; lasting?: true }
  /**
   * It was decided here not to send it. `retryAfterSeconds`: it could have been sent later. `passing`: another try may be
   * made at once.
   */
  | { kind: 'withheld'; reason: string; retryAfterSeconds?: number; passing?: boolean }
  | { kind: 'no-answer'; reason: string };

export interface SendOptions {
  /** Aborted, it stops a request that has not been written yet, and no other. */
  signal?: StopSignal | undefined;
  /** Epoch milliseconds after which the request is no longer written. @default never */
  writeBy?: number | undefined;
  /** Awaited when everything else is ready. If it rejects, the request is withheld. */
  beforeSending?: (() => Promise<void>) | undefined;
  /**
   * Whether it is a part of a long list. Then it waits for a dialer that is away, unless it has a `writeBy`, and its answer is
   * read after those of others. @default false
   */
  lowPriority?: boolean | undefined;
  /** On whose behalf it is sent. @default nobody in particular */
  origins?: readonly Origin[] | undefined;
  /** @default 1: the first */
  attempt?: number | undefined;
}

export interface HttpClient {
  /** Never rejects. */
  exchange(request: HttpRequest, options?: SendOptions): Promise<HttpReply>;
  /** Lets running requests end, then closes the connections. */
  close(): Promise<void>;
}

export interface HttpOptions {
  url: string;
  /** Connections, and so requests in flight. */
  connections: number;
  /** From the first byte written to the last byte read. */
  timeoutMs: number;
}

/** Says nothing of the dialer. */
export const tooLate = {
  kind: 'withheld',
  reason: 'its time was over before it could be sent',
  passing: true,
} as const satisfies HttpReply;

/** How often it is looked whether the process stood still, and how long a connection is good for that nobody has looked at. */
const beatMs = 500;
const connectionsGoodForMs = 1000;

/** Ten times what an answer and a warning for each of its rows take. An odd answer of 4 MiB took over a second to read. */
const defaultMaxAnswerBytes = 512 * 1024;

export function createHttpClient(
  { url, connections, timeoutMs }: HttpOptions,
  now: () => number,
): HttpClient {
  const { origin, pathname } = new URL(url);
  const basePath = pathname.replace(/\/$/, '');
  const openPool = () =>
    new Pool(origin, {
      connections,
      pipelining: 1,
      connect: { timeout: Math.min(timeoutMs, connectTimeoutMs) },
      // The time-out is set here: undici's own are per phase, and start anew with every byte.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  let pool = openPool();
  let beatAt = performance.now();

  /**
   * If the process stood still, the dialer may have closed connections that look open here, and a request that is written to one
   * could be anything afterwards. So those after it go over new connections.
   */
  const lookForStandstill = () => {
    const at = performance.now();
    const stoodStill = at - beatAt > beatMs + connectionsGoodForMs;
    beatAt = at;
    if (!stoodStill) return;
    // It ends what it has on its way.
    void pool.close();
    pool = openPool();
  };
  const beat = setInterval(lookForStandstill, beatMs).unref();

  const unsettled = new Set<Promise<HttpReply>>();

  return {
    async exchange(
      { method, path, headers, body, maxAnswerBytes = defaultMaxAnswerBytes, consume },
      { signal, writeBy = Infinity, lowPriority = false } = {},
    ) {
      const limits = { timeoutMs, maxAnswerBytes, writeBy, now, consume };
      const options = { method, path: basePath + path, headers, body: body ?? null, idempotent: false };
      const promise = new Promise<HttpReply>((resolve) => {
        const handler = new ReplyHandler(limits, signal, resolve);
        lookForStandstill();
        try {
          pool.dispatch(options, handler);
        } catch (error) {
          handler.onResponseError(null, error as Error);
        }
      });
      unsettled.add(promise);
      const reply = await promise.finally(() => unsettled.delete(promise));
      if (lowPriority) await giveWay();
      return reply;
    },
    async close() {
      await Promise.all(unsettled);
      clearInterval(beat);
      // Only connections that hang are left in it, and their requests have been given up.
      await pool.destroy();
    },
  };
}

/** Without a promise if the body is plain. */
function replyOf(
  status: number,
  headers: IncomingHttpHeaders,
  bytes: Buffer,
  complete: boolean,
  maxBytes: number,
): HttpReply | Promise<HttpReply> {
  const encodings = encodingsOf(headers);
  if (encodings.length === 0) return { kind: 'response', status, headers, body: textOf(bytes), complete };
  const unread: HttpReply = { kind: 'response', status, headers, body: '', complete };
  // A body that was cut cannot be decoded to its end.
  if (!complete) return unread;
  return decode(bytes, encodings, maxBytes).then((decoded) =>
    decoded.kind === 'text'
      ? { ...unread, body: decoded.text }
      : { ...unread, complete: !decoded.isTooLong, unreadable: decoded.reason },
  );
}

type Settle = (reply: HttpReply | Promise<HttpReply>) => void;

interface Limits {
  timeoutMs: number;
  maxAnswerBytes: number;
  writeBy: number;
  now: () => number;
  consume: HttpRequest['consume'];
}

/**
 * States: queued → (onRequestStart) written → (onResponseStart) answering → settled, which is entered once. From queued,
 * an abort or the end of its time lead straight to settled; undici is stopped when it comes to write it.
 */
class ReplyHandler implements Dispatcher.DispatchHandler {
  readonly #limits: Limits;
  readonly #signal: StopSignal | undefined;
  readonly #settle: Settle;
  readonly #chunks: Buffer[] = [];
  #state: 'queued' | 'written' | 'answering' | 'settled' = 'queued';
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #consumption: Consumption | undefined;

  constructor(limits: Limits, signal: StopSignal | undefined, settle: Settle) {
    this.#limits = limits;
    this.#signal = signal;
    this.#settle = settle;
    const { writeBy, now } = limits;
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted) this.#onAbort();
    else if (writeBy !== Infinity) this.#timer = setTimeout(this.#onLate, Math.max(0, writeBy - now()));
  }

  readonly #onAbort = () => {
    if (this.#state === 'queued' && this.#signal !== undefined)
      this.#end({ kind: 'withheld', reason: causeText(this.#signal) });
  };

  readonly #onLate = () => {
    const { writeBy, now } = this.#limits;
    if (now() > writeBy + stoodStillMs) this.#end(tooLate);
    else this.#end({ kind: 'not-sent', reason: 'no connection to the dialer could be had in time' });
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // A process that stood still, as on a suspended machine, must not write what was given up meanwhile.
    const { writeBy, timeoutMs, now } = this.#limits;
    if (this.#state === 'queued' && now() > writeBy) this.#end(tooLate);
    if (this.#state !== 'queued') {
      // It is settled already; or undici would write it a second time on another connection, though the first may be taken.
      controller.abort(new Error('the connection was lost'));
      return;
    }
    this.#state = 'written';
    this.#awaitAnswer(controller, timeoutMs);
  }

  /** If the process stood still meanwhile, an answer may have come that was not read yet. */
  #awaitAnswer(controller: Dispatcher.DispatchController, ms: number): void {
    const startedAt = performance.now();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (performance.now() > startedAt + ms + stoodStillMs) this.#awaitAnswer(controller, catchUpMs);
      else controller.abort(new Error(`no complete answer within ${this.#limits.timeoutMs} ms`));
    }, ms);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (status < 200) return;
    this.#state = 'answering';
    this.#status = status;
    this.#headers = headers;
    const { consume } = this.#limits;
    if (consume !== undefined && status === 200)
      this.#consumption = new Consumption(controller, headers, consume);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    const { maxAnswerBytes } = this.#limits;
    if (this.#bytes > maxAnswerBytes)
      controller.abort(new Error(`an answer of over ${maxAnswerBytes} bytes`));
    else if (this.#consumption !== undefined) this.#consumption.take(chunk);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#consumption?.end();
    this.#end(this.#response(true));
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    const reason = reasonOf(error);
    this.#consumption?.fail(error);
    if (this.#state === 'queued')
      this.#end({ kind: 'not-sent', reason, ...(isUntrusted(error) && { lasting: true }) });
    else this.#end(this.#state === 'answering' ? this.#response(false) : { kind: 'no-answer', reason });
  }

  #response(complete: boolean): HttpReply | Promise<HttpReply> {
    if (this.#consumption !== undefined) {
      const reply = { kind: 'response', status: this.#status, headers: this.#headers, body: '' } as const;
      return this.#consumption.isDone.then((isDone) => ({ ...reply, complete: isDone }));
    }
    const bytes = Buffer.concat(this.#chunks);
    return replyOf(this.#status, this.#headers, bytes, complete, this.#limits.maxAnswerBytes);
  }

  #end(reply: HttpReply | Promise<HttpReply>): void {
    if (this.#state === 'settled') return;
    this.#state = 'settled';
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#settle(reply);
  }
}

/**
 * A body on its way to whoever consumes it: the connection is read no faster than that. States: coming → (its last byte, an error,
 * or a consumer who has enough) over.
 */
class Consumption {
  /** Whether all that was wanted has been consumed. */
  readonly isDone: Promise<boolean>;
  readonly #controller: Dispatcher.DispatchController;
  readonly #body: Readable;
  #isOver = false;

  constructor(
    controller: Dispatcher.DispatchController,
    headers: IncomingHttpHeaders,
    consume: NonNullable<HttpRequest['consume']>,
  ) {
    this.#controller = controller;
    this.#body = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        if (!this.#isOver) controller.abort(new Error('the rest of the answer is not wanted'));
        done(error);
      },
    });
    // Whoever reads the body meets its error. Nobody may read it any more.
    this.#body.on('error', () => {});
    this.isDone = consume(decodeStream(this.#body, encodingsOf(headers))).then(
      () => true,
      () => false,
    );
  }

  take(chunk: Buffer): void {
    if (!this.#body.push(chunk)) this.#controller.pause();
  }

  end(): void {
    this.#isOver = true;
    this.#body.push(null);
  }

  fail(error: Error): void {
    this.#isOver = true;
    this.#body.destroy(error);
  }
}

/** A certificate that is not trusted, or a server without TLS: neither changes within a minute. */
function isUntrusted({ code = '' }: Error & { code?: string }): boolean {
  return /CERT|SIGNED|SIGNATURE|ISSUER|ERR_SSL|ERR_TLS/.test(code);
}

/** A short reason that names no host and no address: undici's and Node's messages may. */
export function reasonOf(error: Error & { code?: string }): string {
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
      return /CERT|SIGNED|SIGNATURE|ISSUER/.test(error.code)
        ? `the dialer's certificate cannot be trusted (${error.code})`
        : `the connection failed (${error.code})`;
  }
}
