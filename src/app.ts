// The GraphQL server without a port: the way in over HTTP, yoga, its plugins and the context. It owns nothing that it was
// handed.

import { createYoga } from 'graphql-yoga';
import type { KeyStore } from './campaign/idempotency.ts';
import { createScheduling } from './campaign/schedule.ts';
import type { CampaignDefinitions, Config } from './config.ts';
import type { Dialer } from './dialer/client.ts';
import { createCompiledOperations } from './http/compiled-operations.ts';
import { createEntrance } from './http/entrance.ts';
import { useGraphiQLPage } from './http/graphiql.ts';
import {
  createDocumentCaches,
  useDocumentLimits,
  useErrorsWithoutValues,
  useMalformedRequests,
} from './http/hardening.ts';
import { createListener } from './http/listener.ts';
import { useLongAnswers } from './http/long-answers.ts';
import { createPersistedOperations } from './http/persisted-operations.ts';
import { redact } from './redact.ts';
import type { Context } from './schema/builder.ts';
import { schema } from './schema/index.ts';

export const endpoint = '/graphql';

const operations = createCompiledOperations(schema);

export interface AppParts {
  dialer: Dialer;
  keys: KeyStore;
  /** Campaigns to know where `CAMPAIGNS_FILE` is not set: the sandbox's. */
  campaigns?: CampaignDefinitions;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** Takes one line, redacted. @default standard error */
  log?: (line: string) => void;
}

/** `listener`, for `node:http`, answers at `/graphql`. `close` stops what was not sent yet, and awaits the answers. */
export function createApp(
  config: Config,
  { dialer, keys, campaigns = {}, now = Date.now, log = console.error }: AppParts,
) {
  const { maxRecordsPerMutation, maxRecordsInFlight, horizonDays, timeZone, region } = config;
  const idempotencyKeyHours = config.store.keyTtlMs / 3_600_000;
  const limits = { maxRecordsPerMutation, idempotencyKeyHours, horizonDays, timeZone, region };
  const scheduling = createScheduling(
    { ...limits, maxRecordsInFlight, campaigns: config.campaigns ?? campaigns },
    dialer,
    keys,
    now,
  );

  const contextOf = (signal: AbortSignal): Context => ({ scheduling, limits, signal });
  const logError = logLine(log);
  const enter = createEntrance(config);
  const persisted = createPersistedOperations(config.persistedOperations);
  const { listen, plugin } = createListener({ endpoint, operations, persisted, contextOf, logError });
  const yoga = createYoga<object, Context>({
    schema,
    context: ({ request }) => contextOf(request.signal),
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    extraParamNames: ['documentId'],
    parserAndValidationCache: createDocumentCaches(),
    // Off whatever NODE_ENV says: a stack trace is for the log.
    maskedErrors: { isDev: false },
    logging: { debug: ignore, info: ignore, warn: logError, error: logError },
    plugins: [
      // The page would be refused whatever it asks where only persisted operations are taken.
      !config.persistedOperations.only &&
        useGraphiQLPage({ endpoint, horizonDays, live: config.dialer.url !== undefined, now }),
      useMalformedRequests(),
      persisted.plugin,
      useDocumentLimits(),
      useErrorsWithoutValues(),
      operations.plugin,
      plugin,
      useLongAnswers(),
    ],
  });
  return { listener: enter(listen(yoga)), close: () => scheduling.close() };
}

function ignore(): void {}

function logLine(log: (line: string) => void) {
  return (...parts: unknown[]) =>
    log(redact(parts.map((part) => (part instanceof Error ? part.stack : String(part))).join(' '), [], 4000));
}
