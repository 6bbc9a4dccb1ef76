// What a fault is: when it acts, whether it accepts the rows, and what it is given to act with. Also the ways to answer that all
// kinds of faults use. The faults themselves are in the files beside this one.

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { giveWay } from '../../foundation/event-loop.ts';
import type { Credentials } from '../account.ts';
import type { CallKind } from '../calls.ts';
import type { ReplyBody } from '../decision.ts';

export type FaultTarget = CallKind | 'any';

/** What a script may say about a fault besides its name. A fault ignores what it has no use for. */
export interface FaultTerms {
  /** How many requests it answers; Infinity is allowed. @default 1 */
  readonly times?: number | undefined;
  /** How long it waits before it acts, or how long a slow answer, a late close or a late acceptance takes. */
  readonly latencyMs?: number | undefined;
  /** The calls that it concerns. @default 'schedule' */
  readonly on?: FaultTarget | undefined;
  /** Only requests for this campaign. */
  readonly campaignName?: string | undefined;
  /** The HTTP status of the custom faults. */
  readonly status?: number | undefined;
  /** Seconds, or the header's own text. */
  readonly retryAfter?: number | string | undefined;
  /** The message of a refusal that has one. */
  readonly text?: string | undefined;
  /** The body of the custom faults. */
  readonly body?: string | undefined;
  /** Further headers of the custom faults. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The connection on which a fault acts. */
export interface Connection {
  readonly res: ServerResponse;
  readonly socket: Socket;
  readonly terms: FaultTerms;
  /** Ends the connection with a RST, with TLS too. */
  reset(): void;
}

export interface FaultContext extends Connection {
  /** What the sandbox would have answered. Of a long list it is made when it is first read. */
  readonly reply: ReplyBody;
  readonly credentials: Credentials;
  readonly campaignName: string;
  /** The first phone number of the request, for texts that give it away. */
  readonly phoneNumber: string;
  /** How many rows a fault that accepts a part accepts: those before this index. Infinity: the request has no rows. */
  readonly acceptedRows: number;
  readonly now: number;
}

export type Act = (context: FaultContext) => unknown;

interface FaultFacts {
  readonly description: string;
  /** Whether the fault itself uses `latencyMs`; otherwise it is waited for before the fault acts. */
  readonly ownsLatency?: boolean;
}

/** Acts when the request's head has arrived, before its body is read. Nothing can have been accepted. */
export interface HeadFault extends FaultFacts {
  readonly stage: 'head';
  readonly accepts: false;
  readonly act: (connection: Connection) => unknown;
}

/** Acts when the whole request has been read. `accepts` says whether its rows are in the ledger by then. */
export interface BodyFault extends FaultFacts {
  readonly stage: 'body';
  /** 'partly': the first half of the rows, rounded down. 'later': all rows, `latencyMs` after the request was read. */
  readonly accepts: boolean | 'partly' | 'later';
  readonly act: Act;
}

export type Fault = HeadFault | BodyFault;

type Options = Pick<FaultFacts, 'ownsLatency'>;

export function refusing(description: string, act: Act, options: Options = {}): BodyFault {
  return { stage: 'body', accepts: false, description, act, ...options };
}

export function accepting(description: string, act: Act, options: Options = {}): BodyFault {
  return { stage: 'body', accepts: true, description, act, ...options };
}

/** Acts on the connection at once, and accepts the rows `latencyMs` later. */
export function acceptingLater(description: string, act: Act): BodyFault {
  return { stage: 'body', accepts: 'later', description, act, ownsLatency: true };
}

export function onHead(description: string, act: HeadFault['act']): HeadFault {
  return { stage: 'head', accepts: false, description, act };
}

/** Two faults that look the same to a client: `-before` accepts nothing, `-after` accepts every row. */
export function twins<Name extends string>(name: Name, description: string, act: Act, options: Options = {}) {
  return {
    [`${name}-before`]: refusing(`${description}; nothing accepted`, act, options),
    [`${name}-after`]: accepting(`${description}; accepted`, act, options),
  } as Record<`${Name}-before` | `${Name}-after`, BodyFault>;
}

export const json = 'application/json; charset=utf-8';
export const html = 'text/html; charset=utf-8';

/** Answers in good order: with a length, and the connection kept open. */
export function answer(
  res: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(status, { 'content-type': json, 'content-length': Buffer.byteLength(body), ...headers });
  res.end(body);
}

/** Answers with a long text, no faster than it is read. Other work goes on between its pieces. */
export async function answerInPieces(res: ServerResponse, pieces: Iterable<string>): Promise<void> {
  if (res.headersSent || res.destroyed) return;
  res.writeHead(200, { 'content-type': json });
  for (const piece of pieces) {
    if (!res.write(piece)) await writable(res);
    if (res.destroyed) return;
    await giveWay();
  }
  res.end();
}

/** Waits until more can be written, or the connection is closed. */
export function writable(res: ServerResponse): Promise<void> {
  if (res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const go = () => {
      res.off('drain', go);
      res.off('close', go);
      resolve();
    };
    res.once('drain', go);
    res.once('close', go);
  });
}

export function htmlPage(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
}

/** Waits. False: the connection was closed meanwhile. */
export function pause({ res, socket }: Pick<Connection, 'res' | 'socket'>, ms: number): Promise<boolean> {
  if (socket.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const gone = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      res.off('close', gone);
      resolve(true);
    }, ms);
    res.once('close', gone);
  });
}
