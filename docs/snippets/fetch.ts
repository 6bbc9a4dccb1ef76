// Plain fetch, with the typed documents. What the service says is in the body, whatever the status; a body that is no answer comes
// from something in between.

import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

export interface Answer<Data> {
  data?: Data;
  errors?: { message: string; extensions?: { code?: string; retryAfterSeconds?: number } }[];
}

export class RequestFailed extends Error {
  readonly status: number;
  readonly errors: NonNullable<Answer<never>['errors']>;

  constructor({ status }: Response, errors: Answer<never>['errors'] = []) {
    super(errors[0]?.message ?? `HTTP ${status}`);
    this.status = status;
    this.errors = errors;
  }
}

export async function post<Data>(url: string, token: string, body: object): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(body),
  });
  const { data, errors }: Answer<Data> = await response.json().catch(() => ({}));
  if (errors !== undefined || data === undefined) throw new RequestFailed(response, errors);
  return data;
}

export const request = <Data, Variables>(
  url: string,
  token: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> => post(url, token, { query: print(document), variables });
