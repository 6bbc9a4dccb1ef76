// Answers that are not GraphQL's to give, in the form of a GraphQL answer.

import type { ServerResponse } from 'node:http';
import { refusalTypeOf } from './accept.ts';
import { noteRefusal, requestIdHeader } from './request-tracking.ts';

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

/** Says a Refusal, and of any other error nothing. Ends the connection where an answer has begun. */
export function refuse(res: ServerResponse, error: unknown): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const { status, code, message, retryAfterSeconds } =
    error instanceof Refusal ? error : new Refusal(500, 'INTERNAL_SERVER_ERROR', 'Unexpected error.');
  noteRefusal(res.req, code);
  if (retryAfterSeconds !== undefined) res.setHeader('retry-after', retryAfterSeconds);
  const requestId = res.getHeader(requestIdHeader);
  const text = JSON.stringify({ errors: [{ message, extensions: { code } }], extensions: { requestId } });
  // The connection stays: closed with a body on its way, it would take the answer with it.
  res.writeHead(status, {
    'content-type': `${refusalTypeOf(res.req.headers.accept)}; charset=utf-8`,
    'content-length': Buffer.byteLength(text),
  });
  res.end(text);
}
