// How operations reach the server: by fetch, or by a client that the page has already.

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { MalformedAnswerError } from './errors.ts';
import {
  type AnswerError,
  errorOfAnswer,
  errorOfClient,
  failureOf,
  isOwnError,
  parseAnswer,
} from './failures.ts';
import { type Endpoint, request, textOf } from './http.ts';

export interface Operation<Data = unknown, Variables = unknown> {
  document: TypedDocumentNode<Data, Variables>;
  /** The document's text. */
  query: string;
  variables: Variables;
  signal: AbortSignal | undefined;
}

export interface Answer {
  data?: unknown;
  errors?: readonly AnswerError[] | undefined;
  /** The server's clock, in epoch milliseconds, where the transport knows it. */
  serverTime?: number | undefined;
}

/** Sends an operation as it is, and never from a cache. What it throws is taken for a lost answer, unless it is one of our errors. */
export interface Transport {
  (operation: Operation): Promise<Answer>;
  /**
   * Where files go, and where an import's progress is told as it happens. Without it files cannot be sent, and progress is asked for
   * again and again.
   */
  endpoint?: Endpoint;
}

export type FetchTransportOptions = Endpoint;

export function fetchTransport(endpoint: FetchTransportOptions): Transport {
  const send: Transport = async ({ query, variables, signal }) => {
    const response = await request(endpoint, '', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
      },
      body: JSON.stringify({ query, variables }),
      signal,
    });
    return answerOf(response, await textOf(response, signal));
  };
  return Object.assign(send, { endpoint });
}

/** Sends an operation, and returns its data. Throws one of our errors. */
export async function ask<Data, Variables>(
  transport: Transport,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<{ data: Data; serverTime: number | undefined }> {
  const operation = { document, query: sourceOf(document), variables, signal } as Operation;
  const { data, errors, serverTime } = await transport(operation).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw isOwnError(error) ? error : errorOfClient(error);
  });
  const [first] = errors ?? [];
  if (first !== undefined) throw errorOfAnswer(first);
  if (typeof data !== 'object' || data === null)
    throw new MalformedAnswerError('The answer has neither data nor errors.');
  return { data: data as Data, serverTime };
}

/** A document's text. */
export function sourceOf(document: object): string {
  const text = (document as { loc?: { source: { body: string } } }).loc?.source.body;
  if (text === undefined) throw new TypeError('The document is none of this package.');
  return text;
}

/** Throws what the answer says where it never reached GraphQL. */
export function answerOf({ status, headers, url }: Response, text: string): Answer {
  const date = Date.parse(headers.get('date') ?? '');
  const answer = parseAnswer(text);
  const failure = failureOf(status, answer?.errors?.[0], headers.get('retry-after'));
  if (failure !== undefined) throw failure;
  if (answer === undefined) throw new MalformedAnswerError(`The answer of ${url} is no JSON of GraphQL.`);
  return { ...answer, serverTime: Number.isNaN(date) ? undefined : date };
}
