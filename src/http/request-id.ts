// A request's id, which its caller may give and can quote, and its start and end for telemetry.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { redact } from '../foundation/redaction.ts';
import type { IncomingRequest, Telemetry } from '../telemetry/events.ts';

export const requestIdHeader = 'x-request-id';

/** Every answer has it, whoever gives it. */
export function setRequestId(req: IncomingMessage, res: ServerResponse): string {
  const id = requestIdOf(req);
  res.setHeader(requestIdHeader, id);
  return id;
}

/** Telemetry is told of the end when the answer is out, or its connection is closed. */
export function followRequest(
  telemetry: Telemetry,
  id: string,
  { headers }: IncomingMessage,
  res: ServerResponse,
): IncomingRequest {
  const { traceparent, tracestate } = headers as Record<string, string | undefined>;
  const request = telemetry.requestStarted(id, { traceparent, tracestate });
  res.on('close', () => request.end(statusOf(res)));
  return request;
}

const wellFormed = /^[\w.:-]{1,64}$/;
/** Digits alone, as many as a telephone number has: it would stand in the log. */
const telephoneLike = /^[_.:-]*(?:\d[_.:-]*){7,15}$/;
/** UUIDs, ULIDs, ids of traces and spans, and long counters: their digits are no telephone number. */
const madeByMachine =
  /(?<![\da-z])(?:[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|[\da-f]{16,}|[\da-hjkmnp-tv-z]{26})(?![\da-z])/gi;

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && isTaken(given) ? given : randomUUID();
}

/** Nobody's number is in the log, nor anywhere else that an id goes. */
function isTaken(given: string): boolean {
  if (!wellFormed.test(given) || telephoneLike.test(given)) return false;
  const rest = given.replace(madeByMachine, 'x');
  return redact(rest) === rest;
}

function statusOf({ headersSent, statusCode }: ServerResponse): number {
  return headersSent ? statusCode : 499;
}
