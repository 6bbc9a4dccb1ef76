// Answers to requests that never reach GraphQL, in the form of a GraphQL answer.

import type { ServerResponse } from 'node:http';
import { refusalTypeOf } from './accept.ts';
import { requestIdHeader } from './request-id.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** When the same request may be taken, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The answer to an unexpected error. */
export const unexpected = new Refusal(500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.');

/** Ends the connection if an answer has begun. */
export function refuse(res: ServerResponse, { status, code, message, retryAfterSeconds }: Refusal): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  if (retryAfterSeconds !== undefined) res.setHeader('retry-after', retryAfterSeconds);
  const requestId = res.getHeader(requestIdHeader);
  // Most clients show the errors of an answer, and none of its headers.
  const extensions = { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  const text = JSON.stringify({ errors: [{ message, extensions }], extensions: { requestId } });
  // The connection is kept: if it were closed while a body is on its way, the answer would be lost.
  res.writeHead(status, {
    'content-type': `${refusalTypeOf(res.req.headers.accept)}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
  });
  res.end(text);
}
