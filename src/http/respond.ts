// The one writer of GraphQL answers: what every answer has besides its data, and long answers, which are written a slice at a time.

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isLong } from '../foundation/json-writer.ts';
import { isJson, type JsonType } from './accept.ts';
import { leastCompressed } from './compression.ts';
import type { Exchange } from './exchange.ts';
import { tellWait } from './retry-after.ts';
import { type AnswerTimeouts, writeInTime } from './timeouts.ts';

/** Puts the request's id into an answer, and notes for telemetry and in the headers what it says. */
export function completed({ request, res }: Exchange, result: ExecutionResult): ExecutionResult {
  request.errors = result.errors?.length ?? 0;
  request.codes = codesOf(result.errors ?? []);
  tellWait(res, request, result.data);
  // Not by a spread, which would give each answer a shape of its own.
  const extensions = Object.assign({ requestId: request.id }, result.extensions);
  return Object.assign({}, result, { extensions });
}

/** Answers with 200. `compress`: has the answer compressed, where that pays. */
export async function respond(
  res: ServerResponse,
  type: JsonType,
  result: ExecutionResult,
  timeouts: AnswerTimeouts,
  compress: () => void,
): Promise<void> {
  const contentType = `${type}; charset=utf-8`;
  if (!isLong(result)) {
    const text = JSON.stringify(result);
    const length = Buffer.byteLength(text);
    if (length >= leastCompressed) compress();
    res.writeHead(200, { 'content-type': contentType, 'content-length': length });
    res.end(text);
    return;
  }
  compress();
  res.writeHead(200, { 'content-type': contentType });
  await pipeline(writeInTime(result, res, timeouts), res);
}

/** The same for what yoga executes: yoga says the status and the headers, and writes what is short. */
export function useResponses(timeouts: AnswerTimeouts): Plugin<object, { exchange: Exchange }> {
  const longResults = new WeakMap<Exchange, ExecutionResult>();
  return {
    onResultProcess({ request, result, setResult, serverContext: { exchange } }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      const answer = completed(exchange, result);
      // Events and parts have a form of their own, which yoga writes in one go.
      const isHeld = isJson(request.headers.get('accept') ?? undefined) && isLong(answer.data);
      if (isHeld) longResults.set(exchange, answer);
      setResult(isHeld ? { data: null } : answer);
    },
    onResponse({ response, serverContext: { exchange }, fetchAPI, setResponse }) {
      const result = longResults.get(exchange);
      if (result === undefined) return;
      const headers = new fetchAPI.Headers(response.headers);
      headers.delete('content-length');
      // yoga's own Response takes Node's streams, so no web stream is needed.
      const body = Readable.from(writeInTime(result, exchange.res, timeouts)) as unknown as BodyInit;
      setResponse(new fetchAPI.Response(body, { status: response.status, headers }));
    },
  };
}

const mostCodes = 5;
const wellFormedCode = /^[A-Z_]{1,64}$/;

/** Each once, in order. */
function codesOf(errors: readonly GraphQLError[]): string[] {
  const codes = errors.map(({ extensions }) => extensions.code);
  const known = codes.filter((code) => typeof code === 'string' && wellFormedCode.test(code));
  return [...new Set(known as string[])].slice(0, mostCodes);
}
