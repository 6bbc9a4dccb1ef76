// Clients that keep nothing: graphql-request, gql.tada's documents sent by it, and plain fetch.

import {
  ImportProgressDocument,
  type ImportProgressSubscription,
  LimitsDocument,
  ScheduleDocument,
  ValidateDocument,
} from '@dialgraph/client';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { ResultOf } from 'gql.tada';
import { print } from 'graphql';
import { ClientError } from 'graphql-request';
import { RequestFailed, request } from '../../docs/snippets/fetch.ts';
import { requestById } from '../../docs/snippets/fetch-persisted.ts';
import { createRequestClient } from '../../docs/snippets/graphql-request.ts';
import { createPersistedRequestClient } from '../../docs/snippets/graphql-request-persisted.ts';
import { subscribe } from '../../docs/snippets/subscribe.ts';
import { watchImport } from '../../docs/snippets/watch.ts';
import { type Client, ownFile, type Page } from './client.ts';
import { limitsOfTada, progressOfTada, scheduleOfTada, validateOfTada } from './gql-tada.ts';

type Send = <Data, Variables extends object>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

function pageOf(send: Send, watch: Page['watch']): Page {
  return {
    region: async () => (await send(LimitsDocument, {})).limits?.region,
    schedule: async (input) => (await send(ScheduleDocument, { input })).scheduleCampaignData,
    validate: async (input) => (await send(ValidateDocument, { input })).validateCampaignData,
    watch,
  };
}

const errorsOf: Client['errorsOf'] = (thrown) => {
  if (thrown instanceof ClientError) return thrown.response.errors ?? [];
  return thrown instanceof RequestFailed ? thrown.errors : [];
};

/** Its documents by their ids. */
const watchById =
  (url: string, token: string): Page['watch'] =>
  async (id, see) => {
    const { __meta__ } = ImportProgressDocument as { __meta__?: { hash: string } };
    const body = { documentId: __meta__?.hash, variables: { id } };
    for await (const { importProgress } of subscribe<ImportProgressSubscription>(url, token, body))
      see(importProgress);
  };

export const graphqlRequest: Client = {
  name: 'graphql-request 7',
  open(url, token) {
    const client = createRequestClient(url, token);
    return pageOf(
      (document, variables) => client.request<never>(document, variables),
      (id, see) => watchImport(url, token, id, see),
    );
  },
  persisted: {
    file: ownFile,
    open(url, token) {
      const client = createPersistedRequestClient(url, token);
      return pageOf(
        (document, variables) => client.request<never>(document, variables),
        watchById(url, token),
      );
    },
  },
  errorsOf,
};

export const tada: Client = {
  name: 'gql.tada',
  open(url, token) {
    const client = createRequestClient(url, token);
    return {
      region: async () => (await client.request(limitsOfTada)).limits?.region,
      schedule: async (input) =>
        (await client.request(scheduleOfTada, { input: input as never })).scheduleCampaignData,
      validate: async (input) =>
        (await client.request(validateOfTada, { input: input as never })).validateCampaignData,
      async watch(id, see) {
        const body = { query: print(progressOfTada), variables: { id } };
        for await (const { importProgress } of subscribe<ResultOf<typeof progressOfTada>>(url, token, body))
          see(importProgress);
      },
    };
  },
  persisted: graphqlRequest.persisted,
  errorsOf,
};

export const plainFetch: Client = {
  name: 'plain fetch',
  open: (url, token) =>
    pageOf(
      (document, variables) => request(url, token, document, variables),
      (id, see) => watchImport(url, token, id, see),
    ),
  persisted: {
    file: ownFile,
    open: (url, token) =>
      pageOf((document, variables) => requestById(url, token, document, variables), watchById(url, token)),
  },
  errorsOf,
};
