// Operations in compiled form: coercing 10,000 records and completing their results takes a tenth of graphql-js' time.
// Compiling takes some ten milliseconds and about a megabyte. It pays for operations that are sent again and again with other
// variables, so they are compiled once they have been carried out twice for callers who may; the others yoga executes.
// What is compiled has passed every check that yoga makes of a document.

import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Context } from '../schema/builder.ts';
import { operationTitle } from './request-tracking.ts';
import { selectionsOf } from './selection-limits.ts';
import { createVariablesCheck } from './variables.ts';

/** Null where the variables are not what it takes: then nothing was carried out, and yoga has the words for it. */
export type Operation = (
  context: Context,
  variables: Record<string, unknown>,
) => Promise<ExecutionResult | null>;

export interface CompiledOperations {
  /** The operation of a document, if it has been compiled. */
  find(query: string, operationName: string | undefined): Operation | undefined;
  /** Has yoga execute compiled operations. */
  plugin: Plugin;
}

/** Documents that hold records inline are seldom sent twice. */
const longestQuery = 20_000;
/** Compiling twice as many takes a tenth of a second. */
const mostSelections = 2000;
/** Bytes of memory, as measured after some calls: of any operation, and for each selection in it. */
const bytesOfAny = 300_000;
const bytesOfSelection = 2500;
/** Bytes of all that are kept: forty of the size of the one in README.md. */
const mostBytes = 48_000_000;
/** Characters of documents that are remembered as carried out once. */
const mostSeen = 500_000;

export function createCompiledOperations(schema: GraphQLSchema): CompiledOperations {
  const compiled = new LRUCache<string, Operation>({ maxSize: mostBytes });
  const seen = new LRUCache<string, true>({ maxSize: mostSeen, sizeCalculation: (_, key) => key.length });
  const keyOf = (query: string, operationName: string | null | undefined) =>
    `${operationName ?? ''} ${query}`;

  /** Called where the operation has been carried out, and found nothing that its caller may not. */
  const carriedOut = (key: string, args: ExecutionArgs): void => {
    const size = sizeOf(args);
    if (size === undefined) return;
    if (!seen.has(key)) {
      seen.set(key, true);
      return;
    }
    seen.delete(key);
    const operation = compile(args);
    if (operation !== undefined) compiled.set(key, operation, { size: size + key.length });
  };

  /** In bytes, of what is worth to be compiled. */
  const sizeOf = ({ document, operationName }: ExecutionArgs): number | undefined => {
    const operation = getOperationAST(document, operationName);
    if (!operation?.variableDefinitions?.length) return undefined;
    const selections = selectionsOf(schema, document, operation) ?? Infinity;
    return selections > mostSelections ? undefined : bytesOfAny + bytesOfSelection * selections;
  };

  const compile = ({ document, operationName }: ExecutionArgs): Operation | undefined => {
    const result = compileQuery(schema, document, operationName ?? undefined);
    if (!isCompiledQuery(result)) return undefined;
    const title = operationTitle({ document, operationName });
    const check = createVariablesCheck({ schema, document, operationName });
    return async (context, variables) => {
      if (check(variables).length > 0) return null;
      context.incoming.operation = title;
      const { data, errors } = await result.query(undefined, context, variables);
      if (errors === undefined) return { data: data ?? null };
      return data === undefined ? null : { data, errors: errors.map((error) => asGraphQLError(error)) };
    };
  };

  return {
    find: (query, operationName) => compiled.get(keyOf(query, operationName)),
    plugin: {
      onExecute({ args, executeFn, setExecuteFn }) {
        const { query } = (args.contextValue as { params: { query?: string } }).params;
        if (query === undefined || query.length > longestQuery) return undefined;
        const key = keyOf(query, args.operationName);
        const operation = compiled.get(key);
        if (operation !== undefined)
          setExecuteFn(
            async ({ contextValue, variableValues }) =>
              (await operation(contextValue, variableValues ?? {})) ?? executeFn(args),
          );
        return {
          onExecuteDone({ result }) {
            if (operation !== undefined || !('data' in result) || !result.data) return;
            if (result.errors === undefined) carriedOut(key, args);
          },
        };
      },
    },
  };
}

/** The compiler's errors are of a class of its own, which yoga would take for bugs. */
function asGraphQLError({ message, path, originalError, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { path, originalError, extensions });
}
