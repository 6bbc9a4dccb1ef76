// The fast path: operations in compiled form, which coerce 10,000 records and complete their results in a tenth of the time that
// graphql-js takes. Compiling takes some ten milliseconds and about a megabyte. It pays for operations that are sent again and
// again with other variables, so an operation is compiled once it has been carried out twice for callers who may; and at once for
// variables that are so long that it pays for these alone. The others are yoga's, and so is every answer with errors. What is
// compiled has passed every check that yoga makes of a document.
// States of an operation: new → (carried out) seen → (carried out again, or with long variables) compiled. The least used is
// forgotten, and is new again.

import type { ServerResponse } from 'node:http';
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
import { StopController, type StopSignal } from '../foundation/cancellation.ts';
import type { Context } from '../schema/context.ts';
import { contextOf, type Exchange } from './exchange.ts';
import { LongLists, leaveLongLists } from './long-lists.ts';
import { createListTaker } from './long-variables.ts';
import type { PersistedOperations } from './persisted-operations.ts';
import { selectionsOf } from './selection-limits.ts';
import { createVariablesCheck } from './variables.ts';

/** Null if the variables are of a wrong type. Then nothing was carried out, and yoga has the message for it. */
type Operation = (context: Context, variables: Record<string, unknown>) => Promise<ExecutionResult | null>;

export interface FastPath {
  /** Carries out a request whose operation is compiled. Undefined: it is yoga's to answer, and nothing was carried out. */
  carryOut(
    exchange: Exchange,
    persisted: PersistedOperations,
    body: string | object,
  ): Promise<ExecutionResult | undefined>;
  /** Has yoga execute compiled operations, and counts the others. */
  plugin: Plugin;
}

/** Documents that hold records inline are seldom sent twice. */
const longestQuery = 20_000;
/** Bytes of a body. graphql-js takes tens of milliseconds for so many variables, and some hundred bytes of memory for each. */
const longBody = 262_144;
/** Compiling twice as many takes a tenth of a second. */
const mostSelections = 2000;
/** Bytes of memory, as measured after some calls: of any operation, and for each selection in it. */
const bytesOfAny = 300_000;
const bytesOfSelection = 2500;
/** Bytes of all compiled operations: forty of the size of the one in README.md. */
const mostBytes = 48_000_000;
/** Characters of the documents that were carried out once. */
const mostSeen = 500_000;

export function createFastPath(schema: GraphQLSchema): FastPath {
  leaveLongLists(schema);
  const compiled = new LRUCache<string, Operation>({ maxSize: mostBytes });
  const seen = new LRUCache<string, true>({ maxSize: mostSeen, sizeCalculation: (_, key) => key.length });
  const keyOf = (query: string, operationName: string | null | undefined) =>
    `${operationName ?? ''} ${query}`;

  /** Called when an operation was carried out for a caller who has all of its rights. */
  const carriedOut = (key: string, args: ExecutionArgs): void => {
    const size = sizeOf(args);
    if (size === undefined) return;
    if (!seen.has(key)) {
      seen.set(key, true);
      return;
    }
    seen.delete(key);
    keepCompiled(key, args, size);
  };

  const keepCompiled = (key: string, args: ExecutionArgs, size: number): Operation | undefined => {
    const operation = compile(args);
    if (operation !== undefined) compiled.set(key, operation, { size: size + key.length });
    return operation;
  };

  const compiledForLong = (key: string, args: ExecutionArgs): Operation | undefined => {
    const { req } = (args.contextValue as { exchange: Exchange }).exchange;
    const size = Number(req.headers['content-length']) >= longBody ? sizeOf(args) : undefined;
    return size === undefined ? undefined : keepCompiled(key, args, size);
  };

  /** In bytes. Undefined: compiling it would not pay. */
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
    const takeLists = createListTaker({ schema, document, operationName });
    return async (context, given) => {
      const taking = takeLists(given);
      const taken = taking && (await taking);
      const variables = taken?.variables ?? given;
      if (check(variables).length > 0) return null;
      context.request.operation = title;
      const lists = new LongLists(taken?.lists);
      const { data, errors } = await result.query(lists, context, variables);
      if (data && lists.areHeld) await lists.complete(data, context, variables);
      if (errors === undefined) return { data: data ?? null };
      return data === undefined ? null : { data, errors: errors.map((error) => asGraphQLError(error)) };
    };
  };

  return {
    async carryOut(exchange, persisted, body) {
      const asked = simpleRequest(persisted, body);
      const operation = asked && compiled.get(keyOf(asked.query, asked.operationName));
      if (operation === undefined) return undefined;
      const { variables } = body as { variables?: Record<string, unknown> | null };
      const context = contextOf(exchange, abortedWith(exchange.res));
      return (await operation(context, variables ?? {})) ?? undefined;
    },
    plugin: {
      onExecute({ args, executeFn, setExecuteFn }) {
        const { query } = (args.contextValue as { params: { query?: string } }).params;
        if (query === undefined || query.length > longestQuery) return undefined;
        const key = keyOf(query, args.operationName);
        const operation = compiled.get(key) ?? compiledForLong(key, args);
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

const simpleMembers: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/** A request that needs nothing of yoga: a document, and only the members that every client may send. */
function simpleRequest(persisted: PersistedOperations, body: string | object) {
  if (typeof body === 'string') return undefined;
  const request = persisted.resolve(body as Record<string, unknown>) ?? {};
  if (Object.keys(request).some((member) => !simpleMembers.has(member))) return undefined;
  const { query, variables, operationName, extensions } = request;
  if (typeof query !== 'string') return undefined;
  if (!isObjectOrNone(variables) || !isObjectOrNone(extensions)) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    return undefined;
  return { query, operationName };
}

function isObjectOrNone(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
}

function abortedWith(res: ServerResponse): StopSignal {
  const controller = new StopController();
  res.once('close', () => {
    if (!res.writableFinished) controller.cancel('caller-gone');
  });
  return controller.signal;
}

/** Characters. Names are kept, and a caller can make one as long as a document. */
const longestTitle = 128;

/** The operation's name, for logs and traces. */
export function operationTitle({
  document,
  operationName,
}: Pick<ExecutionArgs, 'document' | 'operationName'>): string | undefined {
  return getOperationAST(document, operationName)?.name?.value.slice(0, longestTitle);
}

/** The compiler's errors are of a class of their own, which yoga would take for bugs. */
function asGraphQLError({ message, path, originalError, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { path, originalError, extensions });
}
