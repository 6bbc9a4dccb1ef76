// The GraphQL server without a port: the way in over HTTP, yoga, its plugins and the context. It owns nothing that it was
// handed.

import type { IncomingMessage } from 'node:http';
import { createYoga } from 'graphql-yoga';
import type { Accounts } from './accounts.ts';
import { type Caller, type Callers, IssuerUnavailable } from './auth/callers.ts';
import type { Config } from './config.ts';
import { createCompiledOperations } from './http/compiled-operations.ts';
import { useGraphiQLPage } from './http/graphiql.ts';
import { useDepthLimit, useErrorsWithoutValues } from './http/hardening.ts';
import { type Admission, createListener, Refusal } from './http/listener.ts';
import { useLongAnswers } from './http/long-answers.ts';
import { redact } from './redact.ts';
import type { Context } from './schema/builder.ts';
import { schema } from './schema/index.ts';

export const endpoint = '/graphql';

const operations = createCompiledOperations(schema);

export interface AppParts {
  accounts: Accounts;
  callers: Callers;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** Takes one line, redacted. @default standard error */
  log?: (line: string) => void;
}

/** `listener`, for `node:http`, answers at `/graphql`. */
export function createApp(
  config: Config,
  { accounts, callers, now = Date.now, log = console.error }: AppParts,
) {
  const admitted = (caller: Caller | null): Admission | null => {
    const account = caller && accounts.get(caller.account);
    return account ? { caller, ...account } : null;
  };
  const admit = (authorization: string | undefined) => {
    const found = callers.find(authorization);
    return found instanceof Promise ? found.then(admitted, refuseForNow) : admitted(found);
  };
  const refuseForNow = (error: unknown): never => {
    if (!(error instanceof IssuerUnavailable)) throw error;
    logError(error);
    throw new Refusal(
      503,
      'AUTHENTICATION_UNAVAILABLE',
      'Tokens cannot be checked at the moment. Send the same request again.',
    );
  };
  const logError = logLine(log);
  const horizonDays = Math.min(...config.accounts.map((account) => account.horizonDays));
  const live = config.accounts.some(({ url }) => url !== undefined);
  const { listen, plugin, admissionOf } = createListener({ endpoint, operations, admit, logError });
  const yoga = createYoga<{ req: IncomingMessage }, Context>({
    schema,
    context: ({ req, request }) => ({ ...admissionOf(req), signal: request.signal }),
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    multipart: false,
    cors: false,
    // Off whatever NODE_ENV says: a stack trace is for the log.
    maskedErrors: { isDev: false },
    logging: { debug: ignore, info: ignore, warn: logError, error: logError },
    plugins: [
      useGraphiQLPage({ endpoint, horizonDays, live, now }),
      useDepthLimit(),
      useErrorsWithoutValues(),
      operations.plugin,
      plugin,
      useLongAnswers(),
    ],
  });
  return { listener: listen(yoga) };
}

function ignore(): void {}

function logLine(log: (line: string) => void) {
  return (...parts: unknown[]) =>
    log(redact(parts.map((part) => (part instanceof Error ? part.stack : String(part))).join(' '), [], 4000));
}
