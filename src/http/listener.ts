// The way in over HTTP. It reads a POST of JSON, and carries out what it knows already: an operation in compiled form, for a
// client that accepts what yoga has answered before. Everything else is yoga's, with the body as it was read, and so is every
// answer that is not plain data: negotiation, errors and their masks are said in one place.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { callerGone } from '../campaign/stops.ts';
import type { Context } from '../schema/builder.ts';
import type { CompiledOperations } from './compiled-operations.ts';
import { hasLongList, parseJson, writeJson } from './json-slices.ts';
import { type Requests, requestIdHeader } from './requests.ts';

/** Characters; yoga's own limit. 100,000 records make about 12 million. */
const maxBodyLength = 25 * 1024 * 1024;

/** By the `accept` of a request: what yoga answers plain data as. */
const contentTypes = new Map<string, string>();
const mostAccepts = 100;

export interface ListenerParts {
  endpoint: string;
  operations: CompiledOperations;
  requests: Requests;
  contextOf(signal: AbortSignal, req: IncomingMessage): Context;
  /** Takes what nobody expected. */
  logError(error: unknown, requestId: string): void;
}

/** `listen` wraps yoga, which must have been given `plugin`. */
export function createListener({ endpoint, operations, requests, contextOf, logError }: ListenerParts) {
  /** Carried out already; what is left is to say it. */
  const results = new WeakMap<object, ExecutionResult>();

  const plugin: Plugin<{ req?: IncomingMessage }> = {
    onExecute({ args, setExecuteFn }) {
      const { req } = args.contextValue as { req?: IncomingMessage };
      const result = req && results.get(req);
      if (result !== undefined) setExecuteFn(() => result);
    },
    onResponse({ request, response }) {
      if (request.method !== 'POST' || response.status !== 200) return;
      const accept = request.headers.get('accept') ?? '';
      const type = response.headers.get('content-type');
      if (!type?.includes('json') || contentTypes.has(accept)) return;
      if (contentTypes.size >= mostAccepts) contentTypes.delete(contentTypes.keys().next().value ?? '');
      contentTypes.set(accept, type);
    },
  };

  /** Undefined where it has been answered; else the body for yoga. */
  const carryOut = async (
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<string | object | undefined> => {
    const body = await readBody(req);
    const operation = operationOf(body, operations);
    const type = contentTypes.get(req.headers.accept ?? '');
    if (operation === undefined || type === undefined) return body;

    const result = await operation(contextOf(abortedWith(res), req), variablesOf(body));
    if (result === null) return body;
    if (result.errors === undefined) {
      await answer(res, type, result.data, requests.of(req).id);
      return undefined;
    }
    results.set(req, result);
    return body;
  };

  return {
    plugin,
    listen: (yoga: RequestListener): RequestListener => {
      return async (req, res) => {
        const { id } = requests.of(req);
        if (!isJsonPost(req, endpoint)) return yoga(req, res.setHeader(requestIdHeader, id));
        try {
          const body = await carryOut(req, res);
          if (body !== undefined) yoga(Object.assign(req, { body }), res.setHeader(requestIdHeader, id));
        } catch (error) {
          if (!(error instanceof BodyTooLarge) && !res.destroyed) logError(error, id);
          refuse(res, error, id);
        }
      };
    },
  };
}

function isJsonPost({ method, url, headers }: IncomingMessage, endpoint: string): boolean {
  return (
    method === 'POST' &&
    url === endpoint &&
    headers['content-encoding'] === undefined &&
    /^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(headers['content-type'] ?? '')
  );
}

class BodyTooLarge extends Error {}

function readText(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let length = 0;
    req.setEncoding('utf8');
    // Read to its end, whatever its length: who still sends reads no answer.
    req.on('data', (piece: string) => {
      length += piece.length;
      text = length > maxBodyLength ? '' : text + piece;
    });
    req.once('end', () => (length > maxBodyLength ? reject(new BodyTooLarge()) : resolve(text)));
    req.once('error', reject);
    req.once('close', () => {
      // Every request closes; making an error is not for nothing.
      if (!req.complete) reject(new Error(callerGone));
    });
  });
}

/** In the form in which yoga takes it for one that was read: a text, or an object that has members. */
async function readBody(req: IncomingMessage): Promise<string | object> {
  const text = await readText(req);
  const body = await parseJson(text).catch(() => undefined);
  return typeof body === 'object' && body !== null && Object.keys(body).length > 0 ? body : text || ' ';
}

/** Only what needs no word of yoga's: a document that is known, and nothing besides it but its variables. */
function operationOf(body: string | object, operations: CompiledOperations) {
  if (typeof body === 'string') return undefined;
  const { query, variables, operationName, ...more } = body as Record<string, unknown>;
  if (typeof query !== 'string' || Object.keys(more).length > 0) return undefined;
  if (
    variables !== undefined &&
    variables !== null &&
    (typeof variables !== 'object' || Array.isArray(variables))
  )
    return undefined;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string')
    return undefined;
  return operations.find(query, operationName ?? undefined);
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

async function answer(res: ServerResponse, type: string, data: unknown, requestId: string): Promise<void> {
  const result = { data, extensions: { requestId } };
  // Set beforehand it would cost each answer more than all that makes the id.
  const headers = { 'content-type': type, [requestIdHeader]: requestId };
  if (!hasLongList(result)) {
    const text = JSON.stringify(result);
    res.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) });
    res.end(text);
    return;
  }
  res.writeHead(200, headers);
  await pipeline(writeJson(result), res);
}

function refuse(res: ServerResponse, error: unknown, requestId: string): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const tooLarge = error instanceof BodyTooLarge;
  const message = tooLarge ? `The request is longer than ${maxBodyLength} characters.` : 'Unexpected error.';
  res.writeHead(tooLarge ? 413 : 500, {
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
    [requestIdHeader]: requestId,
  });
  res.end(JSON.stringify({ errors: [{ message }], extensions: { requestId } }));
}
