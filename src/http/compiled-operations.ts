// Operations in compiled form: coercing 10,000 records and completing their results takes a tenth of graphql-js' time.
// Compiling takes some milliseconds, and pays for operations that take variables: those are meant to be sent again. The
// others, and what the compiler refuses, yoga executes. What is compiled has passed every check that yoga makes of a document.

import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import { addBounded } from '../bounded.ts';
import type { Context } from '../schema/builder.ts';

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

/** Documents that hold records inline are seldom sent twice, and would fill the memory. */
const longestQuery = 20_000;
const mostOperations = 500;

export function createCompiledOperations(schema: GraphQLSchema): CompiledOperations {
  const compiled = new Map<string, Operation>();
  const nameOf = (query: string, operationName: string | null | undefined) =>
    `${operationName ?? ''} ${query}`;

  const compile = (name: string, { document, operationName }: ExecutionArgs): Operation | undefined => {
    const result = compileQuery(schema, document, operationName ?? undefined);
    if (!isCompiledQuery(result)) return undefined;
    const title = getOperationAST(document, operationName)?.name?.value;
    const operation: Operation = async (context, variables) => {
      context.incoming.operation = title;
      const { data, errors } = await result.query(undefined, context, variables);
      if (errors === undefined) return { data: data ?? null };
      return data === undefined ? null : { data, errors: errors.map((error) => asGraphQLError(error)) };
    };
    addBounded(compiled, mostOperations, name, operation);
    return operation;
  };

  return {
    find: (query, operationName) => compiled.get(nameOf(query, operationName)),
    plugin: {
      onExecute({ args, executeFn, setExecuteFn }) {
        const { query } = (args.contextValue as { params: { query?: string } }).params;
        if (query === undefined || query.length > longestQuery) return;
        const name = nameOf(query, args.operationName);
        const operation = compiled.get(name) ?? (takesVariables(args) ? compile(name, args) : undefined);
        if (operation !== undefined)
          setExecuteFn(
            async ({ contextValue, variableValues }) =>
              (await operation(contextValue, variableValues ?? {})) ?? executeFn(args),
          );
      },
    },
  };
}

/** The compiler's errors are of a class of its own, which yoga would take for bugs. */
function asGraphQLError({ message, path, originalError, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { path, originalError, extensions });
}

function takesVariables({ document, operationName }: ExecutionArgs): boolean {
  return (getOperationAST(document, operationName)?.variableDefinitions?.length ?? 0) > 0;
}
