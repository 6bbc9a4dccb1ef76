// Refuses documents that ask for more than anybody needs, with a 400 and before they cost much: long ones without reading them,
// others as soon as too many tokens have been read, and valid ones whose answer would be too large. Long documents are not
// cached either.

import { type DocumentNode, GraphQLError, Lexer, parse, Source, type Token, TokenKind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { excessOf } from './selection-limits.ts';

/** Characters: five times what the tokens need that a document of records may have. */
const maxLength = 1_000_000;
/** Reading and checking them takes a tenth of a second. 1,000 records with every field have 46,000, as have 5,000 with two. */
const maxTokens = 50_000;
/** Comments do not count as tokens. */
const maxComments = 1000;
/** Introspection is the deepest document that this schema needs, with about 15 levels. */
const maxDepth = 64;
/** Each alias may ask for the same thing again. */
const maxAliases = 100;
/** Characters. An alias is in the answer once for each record. */
const maxAliasLength = 64;
const maxDirectives = 100;
/** graphql-js follows fragments by recursion. */
const maxSpreads = 200;

export function useDocumentLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        const { body } = typeof source === 'string' ? { body: source } : source;
        if (body.length > maxLength)
          throw new Excess('TOO_LONG', `has more than ${maxLength} characters: send records in variables`);
        const lexer = new CountingLexer(new Source(body));
        try {
          return parse(lexer.source, { ...options, lexer, maxComments });
        } catch (error) {
          if (!/ comments\. Parsing aborted\.$/.test((error as Error).message)) throw error;
          throw new Excess('TOO_LONG', `has more than ${maxComments} comments`);
        }
      });
      return ({ result }) => {
        // Thrown here, it is not a syntax error, which is answered with a 200 to some clients.
        if (result instanceof Excess) throw result;
      };
    },
    onValidate({ validateFn, setValidationFn }) {
      setValidationFn((...args) => {
        try {
          const [schema, document] = args;
          const errors = validateFn(...args);
          const excess = errors.length === 0 ? excessOf(schema, document) : undefined;
          return excess === undefined ? errors : [new Excess('TOO_COMPLEX', excess)];
        } catch (error) {
          // Fragments that spread each other overflow the stack.
          if (!(error instanceof RangeError)) throw error;
          return [new Excess('TOO_COMPLEX', 'is too complex: spread fewer fragments within fragments')];
        }
      });
    },
  };
}

/** Refuses what has too many tokens of a kind as soon as the parser comes to the first of them. */
class CountingLexer extends Lexer {
  #tokens = 0;
  #depth = 0;
  #parentheses = 0;
  #aliases = 0;
  #directives = 0;
  #spreads = 0;

  override advance(): Token {
    const token = super.advance();
    if (++this.#tokens > maxTokens)
      throw new Excess('TOO_LONG', `has more than ${maxTokens} tokens: send records in variables`);
    switch (token.kind) {
      case TokenKind.PAREN_L:
        this.#parentheses++;
        this.#open();
        break;
      case TokenKind.BRACE_L:
      case TokenKind.BRACKET_L:
        this.#open();
        break;
      case TokenKind.PAREN_R:
        this.#parentheses--;
        this.#depth--;
        break;
      case TokenKind.BRACE_R:
      case TokenKind.BRACKET_R:
        this.#depth--;
        break;
      // In parentheses it stands before a value or a type.
      case TokenKind.COLON:
        if (this.#parentheses === 0) this.#passAlias(this.lastToken);
        break;
      case TokenKind.AT:
        if (++this.#directives > maxDirectives)
          throw new Excess('TOO_MANY_DIRECTIVES', `has more than ${maxDirectives} directives`);
        break;
      case TokenKind.SPREAD:
        if (++this.#spreads > maxSpreads)
          throw new Excess('TOO_MANY_FRAGMENTS', `has more than ${maxSpreads} fragment spreads`);
    }
    return token;
  }

  #passAlias({ start, end }: Token): void {
    if (++this.#aliases > maxAliases)
      throw new Excess('TOO_MANY_ALIASES', `has more than ${maxAliases} aliases`);
    if (end - start > maxAliasLength)
      throw new Excess('TOO_LONG', `has an alias of more than ${maxAliasLength} characters`);
  }

  #open(): void {
    if (++this.#depth > maxDepth) throw new Excess('TOO_DEEP', `is nested deeper than ${maxDepth} levels`);
  }
}

class Excess extends GraphQLError {
  constructor(code: string, what: string) {
    super(`The document ${what}.`, {
      extensions: { code: `DOCUMENT_${code}`, http: { spec: false, status: 400 } },
    });
  }
}

/** A parsed document takes about 40 bytes of memory for each character, so only those that clients send again are cached. */
export function createDocumentCaches() {
  const createCache = <Value extends object>() =>
    new LRUCache<string, Value>({
      maxSize: 400_000,
      maxEntrySize: 20_000,
      sizeCalculation: (_, text) => text.length || 1,
    });
  return { documentCache: createCache<DocumentNode>(), errorCache: createCache<Error>() };
}
