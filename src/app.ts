// The GraphQL server without a port: the way in over HTTP, yoga, its plugins and the context. It owns nothing that it was
// handed.

import type { IncomingMessage } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { KeyStore } from './campaign/idempotency.ts';
import { createScheduling } from './campaign/schedule.ts';
import type { CampaignDefinitions, Config } from './config.ts';
import type { Dialer } from './dialer/client.ts';
import { createCompiledOperations } from './http/compiled-operations.ts';
import { useGraphiQLPage } from './http/graphiql.ts';
import { useDepthLimit, useErrorsWithoutValues } from './http/hardening.ts';
import { createListener } from './http/listener.ts';
import { useLongAnswers } from './http/long-answers.ts';
import { createRequests } from './http/requests.ts';
import type { Context } from './schema/builder.ts';
import { schema } from './schema/index.ts';
import type { Telemetry } from './telemetry/events.ts';
import { createReadiness, type Readiness } from './telemetry/readiness.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

export const endpoint = '/graphql';

const operations = createCompiledOperations(schema);

export interface AppParts {
  dialer: Dialer;
  keys: KeyStore;
  /** Campaigns to know where `CAMPAIGNS_FILE` is not set: the sandbox's. */
  campaigns?: CampaignDefinitions;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** @default nobody is told */
  telemetry?: Telemetry;
  /** @default ready while the dialer is */
  readiness?: Readiness;
}

/** `listener`, for `node:http`, answers at `/graphql`. `close` stops what was not sent yet, and awaits the answers. */
export function createApp(
  config: Config,
  {
    dialer,
    keys,
    campaigns = {},
    now = Date.now,
    telemetry = createTelemetry(),
    readiness = createReadiness({ dialers: () => [dialer.state()], isStoreReachable: async () => true }),
  }: AppParts,
) {
  const { maxRecordsPerMutation, maxRecordsInFlight, horizonDays, timeZone, region } = config;
  const idempotencyKeyHours = config.store.keyTtlMs / 3_600_000;
  const limits = { maxRecordsPerMutation, idempotencyKeyHours, horizonDays, timeZone, region };
  const scheduling = createScheduling(
    { ...limits, maxRecordsInFlight, campaigns: config.campaigns ?? campaigns },
    dialer,
    keys,
    now,
    telemetry,
  );

  const requests = createRequests(telemetry, readiness);
  const contextOf = (signal: AbortSignal, req: IncomingMessage): Context => ({
    scheduling,
    limits,
    incoming: requests.of(req),
    signal,
  });
  const logError = (error: unknown, requestId = requests.idOf(error)) =>
    telemetry.error(error instanceof Error ? (error.stack ?? error.message) : String(error), requestId);
  const { listen, plugin } = createListener({ endpoint, operations, requests, contextOf, logError });
  const yoga = createYoga<{ req: IncomingMessage }, Context>({
    schema,
    context: ({ request, req }) => contextOf(request.signal, req),
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    // Off whatever NODE_ENV says: a stack trace is for the log.
    maskedErrors: { isDev: false },
    logging: {
      debug: ignore,
      info: ignore,
      warn: (error) => logError(error),
      error: (error) => logError(error),
    },
    plugins: [
      useGraphiQLPage({ endpoint, horizonDays, live: config.dialer.url !== undefined, now }),
      useDepthLimit(),
      useErrorsWithoutValues(),
      requests.plugin,
      operations.plugin,
      plugin,
      useLongAnswers(),
    ],
  });
  return { listener: requests.follow(listen(yoga)), close: () => scheduling.close() };
}

function ignore(): void {}
