// Keeps the GraphQL surface from being broken, and from telling more than it should.
// Documents nested too deeply are a 400 before the parser would overflow its stack; error messages, which graphql-js
// fills with the values it was given, lose those values and every telephone number.

import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { redact } from '../redact.ts';

/** The deepest document that this schema gives a reason for is introspection, at 15 or so. */
const maxDepth = 64;

/** Strings and comments, whose brackets do not nest; then the brackets. */
const nesting = /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|[{([]|[})\]]/g;

/** Refuses documents nested deeper than 64 levels of brackets with a 400. */
export function useDepthLimit(): Plugin {
  return {
    onParse({ params }) {
      const source = typeof params.source === 'string' ? params.source : params.source.body;
      let depth = 0;
      for (const [token] of source.matchAll(nesting)) {
        if (token === '}' || token === ')' || token === ']') depth--;
        else if (token === '{' || token === '(' || token === '[') depth++;
        if (depth > maxDepth)
          throw new GraphQLError(`The document is nested deeper than ${maxDepth} levels.`, {
            extensions: { code: 'DOCUMENT_TOO_DEEP', http: { status: 400 } },
          });
      }
    },
  };
}

/** Takes the caller's values and telephone numbers out of every error that leaves. */
export function useErrorsWithoutValues(): Plugin {
  return {
    onResultProcess({ result }) {
      if (Symbol.asyncIterator in result) return;
      // In place: an error that the validation cache hands out again is cleaned already.
      for (const { errors } of Array.isArray(result) ? result : [result])
        for (const error of errors ?? []) {
          error.message = withoutValues(error.message);
          // What JSON.parse says of a body quotes it.
          delete error.extensions?.originalError;
        }
    },
  };
}

/**
 * graphql-js echoes variables whole ("got invalid value {…} at …; String cannot represent a non string value: 98…").
 * The place and the expected type are what the reader needs.
 */
function withoutValues(message: string): string {
  const withoutVariable = message.replace(
    /^(Variable "\$\w+") got invalid value [\s\S]*?(?: at "([^"]*)")?; /,
    (_, variable: string, path?: string) =>
      `${variable} got an invalid value${path ? ` at "${path}"` : ''}: `,
  );
  return redact(withoutVariable.replace(/( cannot represent [\w\s-]*value): [\s\S]*$/, '$1.'));
}
