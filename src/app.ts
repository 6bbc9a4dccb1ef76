// The GraphQL server without a listener: yoga, its plugins and the context. It owns nothing that it was handed.

import { createYoga } from 'graphql-yoga';
import { createScheduling } from './campaign/schedule.ts';
import type { CampaignDefinitions, Config } from './config.ts';
import type { Dialer } from './dialer/client.ts';
import { useGraphiQLPage } from './graphiql.ts';
import { useDepthLimit, useErrorsWithoutValues } from './hardening.ts';
import { redact } from './redact.ts';
import type { Context } from './schema/builder.ts';
import { schema } from './schema/index.ts';

export const endpoint = '/graphql';

export interface AppParts {
  dialer: Dialer;
  /** Campaigns to know where `CAMPAIGNS_FILE` is not set: the sandbox's. */
  campaigns?: CampaignDefinitions;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** Takes one line, redacted. @default standard error */
  log?: (line: string) => void;
}

/** The app as a `fetch` function and as a listener for `node:http`. Both answer at `/graphql`. */
export function createApp(
  config: Config,
  { dialer, campaigns = {}, now = Date.now, log = console.error }: AppParts,
) {
  const { maxRecordsPerMutation, horizonDays, timeZone, region } = config;
  const limits = { maxRecordsPerMutation, horizonDays, timeZone, region };
  const scheduling = createScheduling({ ...limits, campaigns: config.campaigns ?? campaigns }, dialer, now);

  return createYoga<object, Pick<Context, 'scheduling' | 'limits'>>({
    schema,
    context: { scheduling, limits },
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    // Off whatever NODE_ENV says: a stack trace is for the log.
    maskedErrors: { isDev: false },
    logging: { debug: ignore, info: ignore, warn: logLine(log), error: logLine(log) },
    plugins: [
      useGraphiQLPage({ endpoint, horizonDays, live: config.dialer.url !== undefined, now }),
      useDepthLimit(),
      useErrorsWithoutValues(),
    ],
  });
}

function ignore(): void {}

function logLine(log: (line: string) => void) {
  return (...parts: unknown[]) =>
    log(redact(parts.map((part) => (part instanceof Error ? part.stack : String(part))).join(' '), [], 4000));
}
