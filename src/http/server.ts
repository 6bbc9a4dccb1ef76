// The way in over HTTP: the steps that a request takes, in their order, each in a file of its own. A step that refuses a request
// throws a Refusal, which is answered at the end of the list.

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Accounts } from '../accounts.ts';
import type { Callers } from '../auth/callers.ts';
import type { Config } from '../config/config.ts';
import { memoize } from '../foundation/memo.ts';
import { settleTarget } from '../foundation/request-target.ts';
import { schema } from '../schema/index.ts';
import type { Telemetry } from '../telemetry/events.ts';
import { answerProbe, isProbe, type Readiness } from '../telemetry/readiness.ts';
import { isJson } from './accept.ts';
import { createAuthentication } from './authentication.ts';
import { readBody } from './body.ts';
import { createCompression, noCompression } from './compression.ts';
import { refuseConnection, watchConnection } from './connection-errors.ts';
import { createCors } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { createFastPath } from './fast-path.ts';
import { createGraphiQLPage } from './graphiql.ts';
import { createGraphQL } from './graphql.ts';
import { answerResults, type ResultFormat, type ResultsRequest } from './import-results.ts';
import { createMemoryBudget, memoryOf } from './memory-budget.ts';
import { checkContentType, settleAnswerType } from './negotiation.ts';
import { createPersistedOperations } from './persisted-operations.ts';
import { Refusal, refuse, unexpected } from './refusal.ts';
import { followRequest, setRequestId } from './request-id.ts';
import { completed, respond } from './respond.ts';
import { noteWaits } from './retry-after.ts';
import { createSchemaFile } from './schema-file.ts';
import { checkHost, setSecurityHeaders } from './security-headers.ts';
import { createSlowSenders } from './slow-senders.ts';
import { type AnswerTimeouts, answerTimeouts, endUnread } from './timeouts.ts';
import { createUploads } from './uploads.ts';

export const endpoint = '/graphql';

/** Of each graph, since it is compiled for all servers of a process. */
const fastPathOf = memoize(2, (graph: GraphQLSchema) => {
  noteWaits(graph);
  return createFastPath(graph);
});

export interface HttpServerParts {
  accounts: Accounts;
  callers: Callers;
  telemetry: Telemetry;
  readiness: Readiness;
  /** The graph that is served. @default the plain one */
  graph?: GraphQLSchema | undefined;
  /** Epoch milliseconds. */
  now: () => number;
  /** Of answers that nobody reads. @default half a minute, and five minutes */
  timeouts?: AnswerTimeouts | undefined;
}

/**
 * Answers at `/graphql`, and probes, once it listens. It owns nothing that it was handed. Throws a ConfigError if there is no room
 * for the longest list. One function, since its steps share the parts that are made at its beginning.
 */
export function createHttpServer(
  config: Config,
  {
    accounts,
    callers,
    telemetry,
    readiness,
    graph = schema,
    now,
    timeouts = answerTimeouts,
  }: HttpServerParts,
  options: ServerOptions = {},
): Server {
  const live = config.accounts.some(({ url }) => url !== undefined);
  const cors = createCors({
    corsOrigins: config.corsOrigins,
    isForLocalPages: config.isOfThisMachine && !live && config.corsOrigins.length === 0,
    onRefused: (origin) => telemetry.originRefused(origin),
  });
  const authenticate = createAuthentication(accounts, callers, telemetry, (error) => telemetry.error(error));
  const memory = createMemoryBudget(memoryOf(config));
  const uploads = createUploads();
  const slowSenders = createSlowSenders(config.requestTimeoutMs);
  const compression = config.compresses ? createCompression() : noCompression;
  const persisted = createPersistedOperations(config.persistedOperations);
  const horizonDays = Math.min(...config.accounts.map((account) => account.horizonDays));
  // If only persisted operations are taken, everything that the page could send would be refused.
  const page = config.persistedOperations.only
    ? null
    : createGraphiQLPage({ endpoint, horizonDays, live, now });
  const schemaFile = createSchemaFile(schema, config.persistedOperations);
  const fastPath = fastPathOf(graph);
  const graphql = createGraphQL({
    endpoint,
    schema: graph,
    fastPath,
    persisted,
    timeouts,
    logError: telemetry.error,
  });

  const answer: RequestListener = async (req, res) => {
    watchConnection(req, res);
    settleTarget(req);
    const id = setRequestId(req, res);
    if (isProbe(req)) return answerProbe(readiness, req, res);
    const request = followRequest(telemetry, id, req, res);
    slowSenders.watch(req, res);
    try {
      compression.announce(req, res);
      setSecurityHeaders(res);
      checkHost(req, config.isOfThisMachine);
      if (cors.apply(req, res)) return;
      const file = importFileOf(req.url);
      if (isEndpoint(req.url)) checkContentType(req, res);

      const admitted = authenticate(req, res);
      const admission = admitted instanceof Promise ? await admitted : admitted;
      request.caller = admission.caller.name;
      request.account = admission.caller.account;
      endUnread(res, timeouts);
      if (file?.kind === 'upload') {
        slowSenders.leave(req);
        return await uploads.answer(file.id, admission, req, res);
      }
      if (page?.isFor(req)) return await page.answer(req, res);
      if (schemaFile.isFor(req)) return await schemaFile.answer(req, res);
      const room = memory.open(`${admission.caller.account} ${admission.caller.id}`);
      res.once('close', () => room.close());
      const compress = () => compression.compress(res, room);
      if (file?.kind === 'results') {
        const logError = (error: unknown) => telemetry.error(error, id);
        return await answerResults(file, admission, req, res, { compress, logError });
      }
      if (!isEndpoint(req.url)) throw notFound;
      if (req.headers.upgrade?.toLowerCase() === 'websocket') throw noWebSocket;
      const streamType = settleAnswerType(req);
      const exchange: Exchange = { req, res, request, admission, room, streamType };

      if (req.method !== 'POST') {
        compress();
        return graphql(exchange, {});
      }
      const body = await readBody(req, room, memory.longestBody);
      const type = req.headers.accept;
      const result = isJson(type) ? await fastPath.carryOut(exchange, persisted, body) : undefined;
      if (isJson(type) && result !== undefined && result.errors === undefined)
        return await respond(res, type, completed(exchange, result), timeouts, compress);
      compress();
      graphql(exchange, { body, result });
    } catch (error) {
      const isAnswered = res.destroyed || res.writableEnded;
      if (!(error instanceof Refusal) && !isAnswered) telemetry.error(error, id);
      const refusal = error instanceof Refusal ? error : unexpected;
      request.codes = [refusal.code];
      refuse(res, refusal);
    }
  };

  // Node's own refusals have no body. An `Expect` of anything but 100-continue may be ignored.
  return createServer({ ...options, requireHostHeader: false }, answer)
    .on('checkExpectation', answer)
    .on('checkContinue', (req, res) => {
      continueOnceRead(req, res);
      answer(req, res);
    })
    .on('close', slowSenders.close)
    .on('clientError', refuseConnection);
}

const notFound = new Refusal(404, 'NOT_FOUND', `There is nothing at this path: GraphQL is at ${endpoint}.`);

const noWebSocket = new Refusal(
  400,
  'BAD_REQUEST',
  'Subscriptions come as server-sent events (Accept: text/event-stream) or multipart/mixed, and not over a WebSocket.',
);

/** What a path below /imports stands for. */
type ImportFile = { kind: 'upload'; id: string } | ({ kind: 'results' } & ResultsRequest);

function importFileOf(url = ''): ImportFile | undefined {
  const [, id, isFile, format, search] =
    /^\/imports\/([\w-]+)\/(?:(file)|results\.(csv|jsonl))(?:\?(.*))?$/.exec(url) ?? [];
  if (id === undefined) return undefined;
  if (isFile !== undefined) return { kind: 'upload', id };
  return { kind: 'results', id, format: format as ResultFormat, query: new URLSearchParams(search) };
}

/** `100 Continue` only once the body is wanted: what is refused by its headers is not sent. */
function continueOnceRead(req: IncomingMessage, res: ServerResponse): void {
  const read = req._read;
  req._read = (size) => {
    req._read = read;
    if (!res.headersSent) res.writeContinue();
    read.call(req, size);
  };
}

/** yoga would answer to every path that ends like the endpoint. */
function isEndpoint(url = ''): boolean {
  return url.split('?', 1)[0] === endpoint;
}
