// The errors of an answer: few, short, and without the values that graphql-js puts into them and without telephone numbers. They
// are cut before they are searched, since a caller can make them as long as a request.

import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { redact } from '../foundation/redaction.ts';

/** A document has so many aliases, each of which may fail. graphql-js reports no more either. */
const maxErrors = 101;
/** Characters, before values and numbers are taken out. */
const maxMessage = 1000;

/** Answers what is not JSON with a 400, in a POST and in the parameters of a GET, and quotes nothing of it. */
export function useMalformedRequests(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (requestParser === undefined) return;
      setRequestParser(async (parsed) => {
        try {
          return await requestParser(parsed);
        } catch (error) {
          const originalError = error instanceof GraphQLError ? error.extensions.originalError : error;
          if ((originalError as Error | undefined)?.name !== 'SyntaxError') throw error;
          const message =
            request.method === 'POST'
              ? 'POST body sent invalid JSON.'
              : 'The parameters variables and extensions must be JSON.';
          throw new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status: 400 } } });
        }
      });
    },
  };
}

/** Takes the caller's values and telephone numbers out of every error of an answer. */
export function useErrorsWithoutValues(): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Symbol.asyncIterator in result || Array.isArray(result) || result.errors === undefined) return;
      const errors = result.errors.slice(0, maxErrors);
      // In place, so that an error from the validation cache is clean already.
      for (const error of errors) error.message = withoutValues(error.message);
      if (errors.length < result.errors.length) setResult({ ...result, errors });
    },
  };
}

/**
 * graphql-js echoes variables whole ("got invalid value {…} at …; String cannot represent a non string value: 98…").
 * The place and the expected type are what the reader needs.
 */
function withoutValues(message: string): string {
  const short = message.length <= maxMessage ? message : `${message.slice(0, maxMessage)}…`;
  const withoutVariable = short.replace(
    /^(Variable "\$\w+") got invalid value [\s\S]*?(?:(?: at "([^"]*)")?; |…$)/,
    (_, variable: string, path?: string) =>
      `${variable} got an invalid value${path ? ` at "${path}"` : ''}: `,
  );
  return redact(withoutVariable.replace(/( cannot represent [\w\s-]*value): [\s\S]*$/, '$1.'));
}
