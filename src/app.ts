// The GraphQL server without a port: the way in over HTTP, yoga, its plugins and the context. It owns nothing that it was
// handed.

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { Accounts } from './accounts.ts';
import { type Caller, type Callers, IssuerUnavailable } from './auth/callers.ts';
import type { Config } from './config/config.ts';
import { ConfigError } from './config/config-error.ts';
import { type AnswerTimeouts, answerTimeouts } from './http/answer-timeouts.ts';
import { createCompiledOperations } from './http/compiled-operations.ts';
import { createCompression, noCompression } from './http/compression.ts';
import { refuseConnection, watchConnections } from './http/connection-errors.ts';
import { createDocumentCaches, useDocumentLimits } from './http/document-limits.ts';
import { useErrorsWithoutValues, useMalformedRequests } from './http/error-masking.ts';
import { useGraphiQLPage, wantsPage } from './http/graphiql.ts';
import { type Admission, createListener } from './http/listener.ts';
import { useLongAnswers } from './http/long-answers.ts';
import { bytesOfList, createMemoryBudget, type MemoryBudgetOptions } from './http/memory-budget.ts';
import { createPersistedOperations } from './http/persisted-operations.ts';
import { Refusal } from './http/refusal.ts';
import { createEntrance } from './http/request-guard.ts';
import { createRequests } from './http/request-tracking.ts';
import { noteWaits } from './http/retry-after.ts';
import { useCheckedVariables } from './http/variables.ts';
import type { Context } from './schema/builder.ts';
import { schema } from './schema/index.ts';
import type { AuthenticationResult, Telemetry } from './telemetry/events.ts';
import { createReadiness, type Readiness } from './telemetry/readiness.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

export const endpoint = '/graphql';

noteWaits(schema);
const operations = createCompiledOperations(schema);

export interface AppParts {
  accounts: Accounts;
  callers: Callers;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** @default nobody is told */
  telemetry?: Telemetry;
  /** Of answers that nobody reads. @default half a minute, and five minutes */
  timeouts?: AnswerTimeouts;
  /** @default ready */
  readiness?: Readiness;
}

/** `createServer`: answers at `/graphql` once it listens. Throws a ConfigError where the longest list has no room. */
export function createApp(
  config: Config,
  {
    accounts,
    callers,
    now = Date.now,
    telemetry = createTelemetry(),
    timeouts = answerTimeouts,
    readiness = createReadiness({ dialers: accounts.dialers, storeState: async () => 'up' }),
  }: AppParts,
) {
  const requests = createRequests(telemetry, readiness);
  const logError = (error: unknown, requestId = requests.idOf(error)) =>
    telemetry.error(error instanceof Error ? (error.stack ?? error.message) : String(error), requestId);
  const admitted = (caller: Caller | null): Admission | null => {
    const account = caller && accounts.get(caller.account);
    return account ? { caller, scheduling: account.scheduling, limits: account.limits } : null;
  };
  const admit = (authorization: string | undefined) => {
    const tell = (admission: Admission | null, caller: Caller | null) => {
      telemetry.authenticated(admission !== null ? 'accepted' : caller ? 'account' : reasonOf(authorization));
      return admission;
    };
    const found = callers.find(authorization);
    return found instanceof Promise
      ? found.then((caller) => tell(admitted(caller), caller), refuseForNow)
      : tell(admitted(found), found);
  };
  const refuseForNow = (error: unknown): never => {
    if (!(error instanceof IssuerUnavailable)) throw error;
    telemetry.authenticated('unavailable');
    logError(error);
    throw new Refusal(
      503,
      'AUTHENTICATION_UNAVAILABLE',
      `Tokens cannot be checked at the moment. Send the same request again in ${issuerWaitSeconds} s.`,
      issuerWaitSeconds,
    );
  };
  const live = config.accounts.some(({ url }) => url !== undefined);
  const enter = createEntrance({
    ...config,
    isForLocalPages: config.isOfThisMachine && !live && config.corsOrigins.length === 0,
    onRefused: (origin) => telemetry.originRefused(origin),
  });
  const compression = config.compresses ? createCompression() : noCompression;
  const persisted = createPersistedOperations(config.persistedOperations);
  const horizonDays = Math.min(...config.accounts.map((account) => account.horizonDays));
  // The page would be refused whatever it asks where only persisted operations are taken.
  const hasPage = !config.persistedOperations.only;
  const { listen, plugin, contextOf } = createListener({
    endpoint,
    operations,
    persisted,
    requests,
    memory: createMemoryBudget(memoryOf(config)),
    timeouts,
    compression,
    admit,
    isForPage: ({ method, headers }) => hasPage && method === 'GET' && wantsPage(headers.accept ?? ''),
    logError,
  });
  const yoga = createYoga<{ req: IncomingMessage; res: ServerResponse }, Context>({
    schema,
    context: ({ req, request }) => contextOf(req, request.signal),
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    extraParamNames: ['documentId'],
    parserAndValidationCache: createDocumentCaches(),
    // Off whatever NODE_ENV says: a stack trace is for the log.
    maskedErrors: { isDev: false },
    logging: {
      debug: ignore,
      info: ignore,
      warn: (error) => logError(error),
      error: (error) => logError(error),
    },
    plugins: [
      hasPage && useGraphiQLPage({ endpoint, horizonDays, live, now }),
      useMalformedRequests(),
      persisted.plugin,
      useDocumentLimits(),
      useErrorsWithoutValues(),
      requests.plugin,
      useCheckedVariables(),
      operations.plugin,
      plugin,
      useLongAnswers(timeouts),
    ],
  });
  const listener = watchConnections(requests.follow(compression.follow(enter(listen(yoga)))));
  return {
    createServer: (options: ServerOptions = {}): Server =>
      // Node's own refusals have no body. An expectation of something else than 100-continue may be passed over.
      createServer({ ...options, requireHostHeader: false }, listener)
        .on('checkExpectation', listener)
        .on('clientError', refuseConnection),
  };
}

/** Most issuers are back in less; it is asked again after a second, and after a minute at the latest. */
const issuerWaitSeconds = 5;

const megabyte = 1024 * 1024;
/** Beside lists of 10,000 and what the process takes for itself, the Kubernetes example's 768 MiB hold. */
const usualMemoryMb = 256;

function memoryOf({ callers, maxMemoryForRequestsMb, maxRecordsPerMutation }: Config): MemoryBudgetOptions {
  // Where everybody may call, there is nobody else to be left the other half.
  const share = callers === undefined ? 1 : 0.5;
  const leastMb = Math.ceil(bytesOfList(maxRecordsPerMutation) / share / megabyte);
  const mb = maxMemoryForRequestsMb ?? Math.max(usualMemoryMb, leastMb);
  if (mb < leastMb)
    throw new ConfigError(
      `MAX_MEMORY_FOR_REQUESTS_MB ${mb} is less than the ${leastMb} that MAX_RECORDS_PER_MUTATION ${maxRecordsPerMutation} takes`,
    );
  return { bytes: mb * megabyte, share };
}

/** Why nobody could be found for a credential, by its form alone. */
function reasonOf(authorization: string | undefined): AuthenticationResult {
  if (authorization === undefined) return 'missing';
  if (!/^(bearer|basic) +\S+$/i.test(authorization)) return 'malformed';
  // Two dots, as signed tokens have.
  return /\.[^.]*\./.test(authorization) ? 'token' : 'key';
}

function ignore(): void {}
