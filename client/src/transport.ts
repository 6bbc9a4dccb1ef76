// How operations reach the server: by fetch, or by a client that the page has already.

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import {
  BusyError,
  ForbiddenError,
  MalformedAnswerError,
  NetworkError,
  RequestRefusedError,
  ServerTooOldError,
  TooLargeError,
  UnauthenticatedError,
} from './errors.ts';

export interface Operation<Data = unknown, Variables = unknown> {
  document: TypedDocumentNode<Data, Variables>;
  /** The document's text. */
  query: string;
  variables: Variables;
  signal: AbortSignal | undefined;
}

export interface Answer {
  data?: unknown;
  errors?:
    | readonly { message: string; extensions?: Readonly<Record<string, unknown>> | undefined }[]
    | undefined;
  /** The server's clock, in epoch milliseconds, where the transport knows it. */
  serverTime?: number | undefined;
}

/** Sends an operation as it is, and never from a cache. What it throws is taken for a lost answer, unless it is one of our errors. */
export type Transport = (operation: Operation) => Promise<Answer>;

export interface FetchTransportOptions {
  /** The GraphQL endpoint. */
  url: string;
  /** Called before each request, so that it may return a new token. */
  headers?: () => Record<string, string> | Promise<Record<string, string>>;
  /** @default the platform's */
  fetch?: typeof fetch;
}

export function fetchTransport({ url, headers, fetch: send = fetch }: FetchTransportOptions): Transport {
  return async ({ query, variables, signal }) => {
    const init: RequestInit = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        ...(await headers?.()),
      },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    };
    let response: Response;
    let text: string;
    try {
      response = await send(url, init);
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      throw new NetworkError(`${url} did not answer: ${(error as Error).message}`, { cause: error });
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    const answer = readAnswer(text);
    const message = answer?.errors?.[0]?.message ?? `HTTP ${response.status}`;
    const failure = failureOf(response.status, message, response.headers.get('retry-after'));
    if (failure !== undefined) throw failure;
    if (answer === undefined) throw new MalformedAnswerError(`The answer of ${url} is no JSON of GraphQL.`);
    return { ...answer, serverTime: Number.isNaN(date) ? undefined : date };
  };
}

/** Sends an operation, and returns its data. Throws one of our errors. */
export async function ask<Data, Variables>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<{ data: Data; serverTime: number | undefined }> {
  const operation = { document, query: textOf(document), variables, signal } as Operation;
  const { data, errors, serverTime } = await transport(operation).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw ownErrors.some((one) => error instanceof one) ? error : errorOfClient(error);
  });
  const [first] = errors ?? [];
  if (first !== undefined) throw errorOfAnswer(first);
  if (typeof data !== 'object' || data === null)
    throw new MalformedAnswerError('The answer has neither data nor errors.');
  return { data: data as Data, serverTime };
}

const ownErrors = [
  NetworkError,
  UnauthenticatedError,
  ForbiddenError,
  TooLargeError,
  BusyError,
  MalformedAnswerError,
  ServerTooOldError,
  RequestRefusedError,
];

function textOf(document: object): string {
  const text = (document as { loc?: { source: { body: string } } }).loc?.source.body;
  if (text === undefined) throw new TypeError('The document is none of this package.');
  return text;
}

function readAnswer(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && ('data' in value || 'errors' in value)
      ? (value as Answer)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Of an answer that never reached GraphQL. A 500 may come from a proxy after the server has done its work. */
function failureOf(status: number, message: string, retryAfter: string | null): Error | undefined {
  switch (status) {
    case 401:
      return new UnauthenticatedError(message);
    case 403:
      return new ForbiddenError(message);
    case 413:
      return new TooLargeError(message);
    case 429:
    case 503:
      return new BusyError(message, secondsOf(retryAfter));
    case 404:
    case 405:
    case 406:
    case 415:
      return new RequestRefusedError(`HTTP_${status}`, message);
    default:
      return status >= 500 ? new NetworkError(message) : undefined;
  }
}

function secondsOf(retryAfter: string | null): number | null {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : null;
}

/** Of clients of other makers: what they throw has the status of HTTP somewhere, or the errors of the answer. */
function errorOfClient(error: unknown): Error {
  const { statusCode, status, response, networkError, errors, graphQLErrors, message } = error as {
    statusCode?: number;
    status?: number;
    response?: { status?: number; headers?: Headers };
    networkError?: unknown;
    errors?: Answer['errors'];
    graphQLErrors?: Answer['errors'];
    message?: string;
  };
  const [first] = errors ?? graphQLErrors ?? [];
  const code = statusCode ?? status ?? response?.status;
  const failure =
    typeof code === 'number'
      ? failureOf(code, message ?? `HTTP ${code}`, response?.headers?.get?.('retry-after') ?? null)
      : undefined;
  if (failure !== undefined) return failure;
  if (first !== undefined) return errorOfAnswer(first);
  if (networkError) return errorOfClient(networkError);
  return new NetworkError(message ?? String(error), { cause: error });
}

function errorOfAnswer({ message, extensions }: NonNullable<Answer['errors']>[number]): Error {
  const code = typeof extensions?.code === 'string' ? extensions.code : '';
  const isUnknownOperation =
    ['GRAPHQL_VALIDATION_FAILED', 'PERSISTED_OPERATION_NOT_FOUND'].includes(code) ||
    /^(Cannot query field|Unknown (type|argument|fragment)|Field ".*" is not defined)/.test(message);
  if (isUnknownOperation) return new ServerTooOldError(`The server does not know this operation: ${message}`);
  if (code === 'UNAUTHENTICATED') return new UnauthenticatedError(message);
  if (code === 'FORBIDDEN') return new ForbiddenError(message);
  // Whatever failed may have done its work.
  if (code === '' || code === 'INTERNAL_SERVER_ERROR') return new MalformedAnswerError(message);
  return new RequestRefusedError(code, message);
}
