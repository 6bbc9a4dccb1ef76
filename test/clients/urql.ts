// urql, set up by docs/snippets/urql.ts, graphcache.ts and urql-persisted.ts.

import {
  CampaignRecordsDocument,
  CampaignsDocument,
  CancelRecordsDocument,
  ImportProgressDocument,
  LimitsDocument,
  ScheduleDocument,
  ValidateDocument,
} from '@dialgraph/client';
import { type AnyVariables, CombinedError, type OperationResult, type Client as Urql } from '@urql/core';
import { createGraphcacheClient } from '../../docs/snippets/graphcache.ts';
import { createUrqlClient } from '../../docs/snippets/urql.ts';
import { persistedExchange } from '../../docs/snippets/urql-persisted.ts';
import { type Cache, type Client, ownFile, type Page } from './client.ts';

function dataOf<Data, Variables extends AnyVariables>({ data, error }: OperationResult<Data, Variables>) {
  if (error !== undefined) throw error;
  return data;
}

function pageOf(client: Urql): Page {
  return {
    region: async () => dataOf(await client.query(LimitsDocument, {}))?.limits?.region,
    schedule: async (input) =>
      dataOf(await client.mutation(ScheduleDocument, { input }))?.scheduleCampaignData,
    validate: async (input) => dataOf(await client.query(ValidateDocument, { input }))?.validateCampaignData,
    watch: (id, see) =>
      new Promise((resolve, reject) => {
        client.subscription(ImportProgressDocument, { id }).subscribe(({ data, error, hasNext }) => {
          if (error !== undefined) return reject(error);
          if (data !== undefined) see(data.importProgress);
          if (!hasNext) resolve();
        });
      }),
  };
}

function cacheOf(client: Urql): Cache {
  return {
    validated: (input) =>
      client.readQuery(ValidateDocument, { input }, { requestPolicy: 'cache-only' })?.data
        ?.validateCampaignData,
    // What a mutation is answered has gone through the cache.
    cancelled: async (ids) =>
      dataOf(await client.mutation(CancelRecordsDocument, { input: { ids } }))?.cancelCampaignRecords,
    async listed() {
      const variables = { first: 10, filter: { campaignName: 'Agents_Demo' } };
      await client.query(CampaignRecordsDocument, variables);
      await client.query(CampaignsDocument, {});
      const kept = client.readQuery(CampaignRecordsDocument, variables, { requestPolicy: 'cache-only' });
      return kept?.data?.campaignRecords?.edges?.map(({ node }) => node);
    },
  };
}

function urql(name: string, createClient: typeof createUrqlClient): Client {
  return {
    name,
    open(url, token) {
      const client = createClient(url, token);
      return { ...pageOf(client), cache: cacheOf(client) };
    },
    persisted: { file: ownFile, open: (url, token) => pageOf(createClient(url, token, persistedExchange)) },
    errorsOf: (thrown) => (thrown instanceof CombinedError ? thrown.graphQLErrors : []),
  };
}

export const documentCache = urql('urql 5, document cache', createUrqlClient);
export const graphcache = urql('urql 5, Graphcache', createGraphcacheClient);
