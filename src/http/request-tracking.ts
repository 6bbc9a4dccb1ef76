// What every HTTP request has, whoever answers it: an id that its caller can quote, and an eye on it to its end.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type ExecutionArgs, type GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../schema/builder.ts';
import type { IncomingRequest, Telemetry } from '../telemetry/events.ts';
import { answerProbe, isProbe, type Readiness } from '../telemetry/readiness.ts';
import { tellWait } from './retry-after.ts';

export const requestIdHeader = 'x-request-id';

export interface Requests {
  /** Wraps what answers requests; probes are answered before. */
  follow(listener: RequestListener): RequestListener;
  /** Of a request that is followed. */
  of(req: IncomingMessage): IncomingRequest;
  /** The request's id of an error in an answer, where it is known. */
  idOf(error: unknown): string | undefined;
  /** For yoga: names the operation, counts the errors and notes their codes, and puts the id into every answer. */
  plugin: Plugin<object, { req: IncomingMessage; res: ServerResponse }>;
}

/** Characters: names are remembered, and a caller may choose them as long as a document. */
const longestTitle = 128;

/** The operation's name, for those who read of it. */
export function operationTitle({
  document,
  operationName,
}: Pick<ExecutionArgs, 'document' | 'operationName'>): string | undefined {
  return getOperationAST(document, operationName)?.name?.value.slice(0, longestTitle);
}

/** On the message itself: a weak map of all that are open costs every garbage collection. */
const followed = Symbol('followed');
type Followed = IncomingMessage & { [followed]: IncomingRequest };

/** Notes why a request was refused. */
export function noteRefusal(req: IncomingMessage, code: string): void {
  (req as Followed)[followed].codes = [code];
}

export function createRequests(telemetry: Telemetry, readiness: Readiness): Requests {
  const ids = new WeakMap<object, string>();
  const of = (req: IncomingMessage) => (req as Followed)[followed];

  return {
    of,
    idOf: (error) => (typeof error === 'object' && error !== null ? ids.get(error) : undefined),
    follow: (listener) => (req, res) => {
      const id = requestIdOf(req);
      res.setHeader(requestIdHeader, id);
      if (isProbe(req)) return answerProbe(readiness, req, res);
      const { traceparent, tracestate } = req.headers as Record<string, string | undefined>;
      const request = telemetry.requestStarted(id, { traceparent, tracestate });
      (req as Followed)[followed] = request;
      res.on('close', () => request.end(statusOf(res)));
      return listener(req, res);
    },
    plugin: {
      onExecute({ args }) {
        const { incoming: request } = args.contextValue as unknown as Context;
        request.operation = operationTitle(args);
        return {
          onExecuteDone({ result }) {
            // Before they are masked, and logged without a word of whose they are.
            if ('errors' in result) for (const error of result.errors ?? []) ids.set(error, request.id);
          },
        };
      },
      onResultProcess({ serverContext, result, setResult }) {
        if (Array.isArray(result) || Symbol.asyncIterator in result) return;
        const request = of(serverContext.req);
        request.errors = result.errors?.length ?? 0;
        request.codes = codesOf(result.errors ?? []);
        tellWait(serverContext.res, request, result.data);
        setResult({ ...result, extensions: { ...result.extensions, requestId: request.id } });
      },
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

const kept = /^[\w.:-]{1,64}$/;
/** Digits alone, as many as a telephone number has: it would stand in the log. */
const telephoneLike = /^[_.:-]*(?:\d[_.:-]*){7,15}$/;

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && kept.test(given) && !telephoneLike.test(given) ? given : randomUUID();
}

function statusOf({ headersSent, statusCode }: ServerResponse): number {
  return headersSent ? statusCode : 499;
}
