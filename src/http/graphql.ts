// GraphQL by yoga: everything that the fast path does not answer. That is a new document, a request that is not a POST, or an answer
// with errors.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { Context } from '../schema/context.ts';
import { createDocumentCaches, useDocumentLimits } from './document-limits.ts';
import { useErrorsWithoutValues, useMalformedRequests } from './error-masking.ts';
import { useEventStreams } from './event-stream.ts';
import { contextOf, type Exchange } from './exchange.ts';
import { type FastPath, operationTitle } from './fast-path.ts';
import type { PersistedOperations } from './persisted-operations.ts';
import { useResponses } from './respond.ts';
import type { AnswerTimeouts } from './timeouts.ts';
import { useCheckedVariables } from './variables.ts';

export interface GraphQLParts {
  endpoint: string;
  schema: GraphQLSchema;
  fastPath: FastPath;
  persisted: PersistedOperations;
  timeouts: AnswerTimeouts;
  /** Takes unexpected errors. `requestId`: undefined if the request is not known. */
  logError(error: unknown, requestId: string | undefined): void;
}

export interface Given {
  /** Of a POST, as it was read. */
  body?: string | object;
  /** Of a request that was carried out already. It is then only answered. */
  result?: ExecutionResult | undefined;
}

/** Answers a request of the endpoint. */
export type GraphQL = (exchange: Exchange, given: Given) => void;

interface ServerContext {
  req: IncomingMessage;
  res: ServerResponse;
  exchange: Exchange;
  result: ExecutionResult | undefined;
}

export function createGraphQL({
  endpoint,
  schema,
  fastPath,
  persisted,
  timeouts,
  logError,
}: GraphQLParts): GraphQL {
  /** By error, since yoga logs an error without its request. */
  const requestIds = new WeakMap<object, string>();
  const log = (error: unknown) =>
    logError(error, typeof error === 'object' && error !== null ? requestIds.get(error) : undefined);

  const followExecution: Plugin<ServerContext> = {
    onExecute({ args, setExecuteFn }) {
      const { exchange, result } = args.contextValue as unknown as ServerContext;
      const { request } = exchange;
      request.operation = operationTitle(args);
      if (result !== undefined) setExecuteFn(() => result);
      return {
        // Errors are masked later.
        onExecuteDone({ result }) {
          if ('errors' in result) for (const error of result.errors ?? []) requestIds.set(error, request.id);
        },
      };
    },
    onSubscribe({ args }) {
      const { exchange } = args.contextValue as unknown as ServerContext;
      exchange.request.operation = operationTitle(args);
    },
  };

  const yoga = createYoga<ServerContext, Context>({
    schema,
    context: ({ exchange, request }) => contextOf(exchange, request.signal),
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    extraParamNames: ['documentId'],
    parserAndValidationCache: createDocumentCaches(),
    // Off whatever NODE_ENV says. Stack traces are for the log.
    maskedErrors: { isDev: false },
    logging: { debug: ignore, info: ignore, warn: log, error: log },
    plugins: [
      useMalformedRequests(),
      persisted.plugin,
      useDocumentLimits(),
      useErrorsWithoutValues(),
      useCheckedVariables(),
      fastPath.plugin,
      followExecution,
      useEventStreams(),
      useResponses(timeouts),
    ],
  });

  return (exchange, { body, result }) => {
    const { req, res } = exchange;
    if (body !== undefined) Object.assign(req, { body });
    yoga(req, res, { exchange, result } as ServerContext);
  };
}

function ignore(): void {}
