// The way in over HTTP. It reads a POST, which is JSON, and carries out what it knows already: an operation in compiled form.
// Everything else is yoga's, with the body as it was read, and so is
// every answer that is not plain data: errors and their masks are said in one place.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isLong } from '../foundation/json-stream.ts';
import { callerGone } from '../scheduling/cancellation.ts';
import type { Context } from '../schema/builder.ts';
import { answerTypeOf, isJson, type JsonType, jsonTypes } from './accept.ts';
import { type AnswerTimeouts, endUnread, writeInTime } from './answer-timeouts.ts';
import { readBody } from './body.ts';
import type { CompiledOperations } from './compiled-operations.ts';
import { type Compression, leastCompressed } from './compression.ts';
import type { MemoryBudget, Room } from './memory-budget.ts';
import type { PersistedOperations } from './persisted-operations.ts';
import { Refusal, refuse } from './refusal.ts';
import type { Requests } from './request-tracking.ts';
import { tellWait } from './retry-after.ts';

/** What the context holds of a caller. */
export type Admission = Omit<Context, 'incoming' | 'signal' | 'allowance'>;

interface Admitted {
  admission: Admission;
  room: Room;
}

export interface ListenerParts {
  endpoint: string;
  operations: CompiledOperations;
  persisted: PersistedOperations;
  requests: Requests;
  memory: MemoryBudget;
  timeouts: AnswerTimeouts;
  compression: Compression;
  /** Who sends the request, by its `Authorization` header. Null: nobody who may call. */
  admit(authorization: string | undefined): Admission | null | Promise<Admission | null>;
  /** Whether yoga answers with a page, which is carried out by nobody. */
  isForPage(req: IncomingMessage): boolean;
  /** Takes what nobody expected. */
  logError(error: unknown, requestId: string): void;
}

/** `listen` wraps yoga, which must have been given `plugin`. */
export function createListener({
  endpoint,
  operations,
  persisted,
  requests,
  memory,
  timeouts,
  compression,
  admit,
  isForPage,
  logError,
}: ListenerParts) {
  const admissions = new WeakMap<IncomingMessage, Admitted>();
  /** Carried out already; what is left is to say it. */
  const results = new WeakMap<object, ExecutionResult>();

  const plugin: Plugin<{ req?: IncomingMessage }> = {
    onExecute({ args, setExecuteFn }) {
      const { req } = args.contextValue as { req?: IncomingMessage };
      const result = req && results.get(req);
      if (result !== undefined) setExecuteFn(() => result);
    },
  };

  /** Of a request that was admitted, whoever carries it out. */
  const contextOf = (req: IncomingMessage, signal: AbortSignal): Context => {
    const admitted = admissions.get(req);
    if (admitted === undefined) throw new Error('a request that nobody admitted');
    const { admission, room } = admitted;
    const allowance = { records: 0, hold: (records: number) => room.holdRecords(records) };
    return { ...admission, incoming: requests.of(req), signal, allowance };
  };

  /** Undefined where it has been answered; else the body for yoga. */
  const carryOut = async (
    req: IncomingMessage,
    res: ServerResponse,
    room: Room,
  ): Promise<string | object | undefined> => {
    const body = await readBody(req, room, memory.longestBody);
    const operation = operationOf(body, persisted, operations);
    const type = isJson(req.headers.accept) && req.headers.accept;
    if (operation === undefined || !type) return body;

    const result = await operation(contextOf(req, abortedWith(res)), variablesOf(body));
    if (result === null) return body;
    if (result.errors === undefined) {
      tellWait(res, requests.of(req), result.data);
      const said = { data: result.data, extensions: { requestId: requests.of(req).id } };
      const compress = () => compression.compress(res, room);
      await answer(res, type, said, timeouts, compress);
      return undefined;
    }
    results.set(req, result);
    return body;
  };

  return {
    plugin,
    contextOf,
    listen: (yoga: RequestListener): RequestListener => {
      return async (req, res) => {
        const incoming = requests.of(req);
        try {
          const admitted = admit(req.headers.authorization);
          const admission = admitted instanceof Promise ? await admitted : admitted;
          if (admission === null) return askForCredential(req, res);
          incoming.caller = admission.caller.name;
          incoming.account = admission.caller.account;
          const room = memory.open(`${admission.caller.account} ${admission.caller.id}`);
          res.once('close', () => room.close());
          admissions.set(req, { admission, room });
          if (!isForPage(req)) settleAnswerType(req);
          endUnread(res, timeouts);
          if (req.method !== 'POST' || req.url !== endpoint) {
            // yoga would answer to every URL that ends like it.
            const [path] = (req.url ?? '').split('?', 1);
            if (path !== endpoint && path !== '/') return refuse(res, nothingBut(endpoint));
            compression.compress(res, room);
            return yoga(req, res);
          }
          const body = await carryOut(req, res, room);
          if (body === undefined) return;
          compression.compress(res, room);
          yoga(Object.assign(req, { body }), res);
        } catch (error) {
          if (!(error instanceof Refusal) && !res.destroyed) logError(error, incoming.id);
          refuse(res, error);
        }
      };
    },
  };
}

/** Leaves the request with the one type that its answer is going to have, or throws a Refusal. */
function settleAnswerType({ headers }: IncomingMessage): void {
  const type = answerTypeOf(headers.accept);
  if (type === undefined) throw notAcceptable;
  headers.accept = type;
}

const notAcceptable = new Refusal(
  406,
  'NOT_ACCEPTABLE',
  `Answers are ${jsonTypes.join(' or ')}: send one of them in the accept header, or no such header. Nothing was carried out.`,
);

function nothingBut(endpoint: string): Refusal {
  return new Refusal(404, 'NOT_FOUND', `There is nothing at this path: GraphQL is at ${endpoint}.`);
}

/** Only what needs no word of yoga's: a document that is known, and nothing besides it but what every client may send. */
function operationOf(body: string | object, persisted: PersistedOperations, operations: CompiledOperations) {
  if (typeof body === 'string') return undefined;
  const { query, variables, operationName, extensions, ...more } =
    persisted.resolve(body as Record<string, unknown>) ?? {};
  if (typeof query !== 'string' || Object.keys(more).length > 0) return undefined;
  if (!isObjectOrNone(variables) || !isObjectOrNone(extensions)) return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    return undefined;
  return operations.find(query, operationName ?? undefined);
}

function isObjectOrNone(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && !Array.isArray(value));
}

function variablesOf(body: string | object): Record<string, unknown> {
  return (body as { variables?: Record<string, unknown> | null }).variables ?? {};
}

function abortedWith(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(callerGone);
  });
  return controller.signal;
}

async function answer(
  res: ServerResponse,
  type: JsonType,
  result: object,
  timeouts: AnswerTimeouts,
  compress: () => void,
): Promise<void> {
  const contentType = `${type}; charset=utf-8`;
  if (!isLong(result)) {
    const text = JSON.stringify(result);
    const length = Buffer.byteLength(text);
    if (length >= leastCompressed) compress();
    res.writeHead(200, { 'content-type': contentType, 'content-length': length });
    res.end(text);
    return;
  }
  compress();
  res.writeHead(200, { 'content-type': contentType });
  await pipeline(writeInTime(result, res, timeouts), res);
}

function askForCredential({ headers }: IncomingMessage, res: ServerResponse): void {
  // A browser asks its user, who has the key for a password; a page's own requests are nobody to be asked.
  const scheme = headers.accept?.includes('text/html')
    ? 'Basic realm="Dialgraph", charset="UTF-8"'
    : 'Bearer';
  res.setHeader('www-authenticate', scheme);
  refuse(res, new Refusal(401, 'UNAUTHENTICATED', 'A valid credential is needed.'));
}
