// Keeps the GraphQL surface from being broken, and from telling more than it should.
// Documents that ask for more than anybody needs are a 400 before they cost much, and are not remembered where they are long;
// error messages, which graphql-js fills with the values it was given, lose those values and every telephone number.

import { type DocumentNode, GraphQLError, parse, TokenKind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { redact } from '../redact.ts';

/** The deepest document that this schema gives a reason for is introspection, at 15 or so. */
const maxDepth = 64;
/** 5,000 records written out, with every field and two of their own, are 230,000; each 100,000 take some 0.3 s. */
const maxTokens = 300_000;
/** Each may ask for the whole schema anew. */
const maxAliases = 100;
const maxDirectives = 100;
/** graphql-js follows fragments by recursion. */
const maxSpreads = 200;

/** Strings and comments, whose brackets do not nest; then the brackets. */
const nesting = /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|[{([]|[})\]]/g;

/**
 * Refuses with a 400 what is nested deeper than 64 levels of brackets, or has more than 300,000 tokens, 100 aliases,
 * 100 directives or 200 fragment spreads.
 */
export function useDocumentLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        refuseDepth(typeof source === 'string' ? source : source.body);
        const document = parseTokens(() => parse(source, { ...options, maxTokens }));
        refuseCounts(document);
        return document;
      });
      return ({ result }) => {
        // Thrown here, it is no syntax error, which some clients would be told with a 200.
        if (result instanceof Refusal) throw result;
      };
    },
    onValidate({ validateFn, setValidationFn }) {
      setValidationFn((...args) => {
        try {
          return validateFn(...args);
        } catch (error) {
          // Fragments that spread each other to and fro overflow the stack.
          if (!(error instanceof RangeError)) throw error;
          return [new Refusal('TOO_COMPLEX', 'is too complex: spread fewer fragments within fragments')];
        }
      });
    },
  };
}

function refuseDepth(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(nesting)) {
    if (token === '}' || token === ')' || token === ']') depth--;
    else if (token === '{' || token === '(' || token === '[') depth++;
    if (depth > maxDepth) throw new Refusal('TOO_DEEP', `is nested deeper than ${maxDepth} levels`);
  }
}

function parseTokens(parseDocument: () => DocumentNode): DocumentNode {
  try {
    return parseDocument();
  } catch (error) {
    if (!/tokens\. Parsing aborted\.$/.test((error as Error).message)) throw error;
    throw new Refusal('TOO_LONG', `has more than ${maxTokens} tokens: send records in variables`);
  }
}

function refuseCounts({ loc }: DocumentNode): void {
  let parentheses = 0;
  let aliases = 0;
  let directives = 0;
  let spreads = 0;
  for (let token = loc?.startToken ?? null; token !== null; token = token.next)
    switch (token.kind) {
      case TokenKind.PAREN_L:
        parentheses++;
        break;
      case TokenKind.PAREN_R:
        parentheses--;
        break;
      // In parentheses it stands before a value or a type.
      case TokenKind.COLON:
        if (parentheses === 0) aliases++;
        break;
      case TokenKind.AT:
        directives++;
        break;
      case TokenKind.SPREAD:
        spreads++;
    }
  if (aliases > maxAliases) throw new Refusal('TOO_MANY_ALIASES', `has more than ${maxAliases} aliases`);
  if (directives > maxDirectives)
    throw new Refusal('TOO_MANY_DIRECTIVES', `has more than ${maxDirectives} directives`);
  if (spreads > maxSpreads)
    throw new Refusal('TOO_MANY_FRAGMENTS', `has more than ${maxSpreads} fragment spreads`);
}

class Refusal extends GraphQLError {
  constructor(code: string, what: string) {
    super(`The document ${what}.`, {
      extensions: { code: `DOCUMENT_${code}`, http: { spec: false, status: 400 } },
    });
  }
}

/** A parsed document takes some 40 bytes of memory a character: remembered are those that clients send again. */
export function createDocumentCaches() {
  const createCache = <Value extends object>() =>
    new LRUCache<string, Value>({
      maxSize: 1_000_000,
      maxEntrySize: 20_000,
      sizeCalculation: (_, text) => text.length || 1,
    });
  return { documentCache: createCache<DocumentNode>(), errorCache: createCache<Error>() };
}

/** Answers what is no JSON with a 400, in a POST and in the parameters of a GET, and quotes nothing of it. */
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

/** Takes the caller's values and telephone numbers out of every error that leaves. */
export function useErrorsWithoutValues(): Plugin {
  return {
    onResultProcess({ result }) {
      if (Symbol.asyncIterator in result) return;
      // In place: an error that the validation cache hands out again is cleaned already.
      for (const { errors } of Array.isArray(result) ? result : [result])
        for (const error of errors ?? []) error.message = withoutValues(error.message);
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
