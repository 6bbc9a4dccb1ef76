// Apollo Client, set up by docs/snippets/apollo.ts and apollo-persisted.ts.

import { type ApolloClient, CombinedGraphQLErrors } from '@apollo/client';
import {
  CampaignRecordsDocument,
  CampaignsDocument,
  CancelRecordsDocument,
  ImportProgressDocument,
  LimitsDocument,
  ScheduleDocument,
  ValidateDocument,
} from '@dialgraph/client';
import { createApolloClient } from '../../docs/snippets/apollo.ts';
import { createPersistedApolloClient } from '../../docs/snippets/apollo-persisted.ts';
import { type Cache, type Client, ownFile, type Page } from './client.ts';

function pageOf(client: ApolloClient): Page {
  return {
    region: async () => (await client.query({ query: LimitsDocument })).data?.limits?.region,
    schedule: async (input) =>
      (await client.mutate({ mutation: ScheduleDocument, variables: { input } })).data?.scheduleCampaignData,
    validate: async (input) =>
      (await client.query({ query: ValidateDocument, variables: { input } })).data?.validateCampaignData,
    watch: (id, see) =>
      new Promise((complete, reject) => {
        client.subscribe({ query: ImportProgressDocument, variables: { id } }).subscribe({
          next: ({ data, error }) => (data ? see(data.importProgress) : reject(error)),
          error: reject,
          complete,
        });
      }),
  };
}

function cacheOf(client: ApolloClient): Cache {
  return {
    validated: (input) =>
      client.readQuery({ query: ValidateDocument, variables: { input } })?.validateCampaignData,
    cancelled: async (ids) =>
      (await client.mutate({ mutation: CancelRecordsDocument, variables: { input: { ids } } })).data
        ?.cancelCampaignRecords,
    async listed() {
      const variables = { first: 10, filter: { campaignName: 'Agents_Demo' } };
      await client.query({ query: CampaignRecordsDocument, variables });
      await client.query({ query: CampaignsDocument });
      const kept = client.readQuery({ query: CampaignRecordsDocument, variables });
      return kept?.campaignRecords?.edges?.map(({ node }) => node);
    },
  };
}

export const apollo: Client = {
  name: 'Apollo Client 4',
  open(url, token) {
    const client = createApolloClient(url, token);
    return { ...pageOf(client), cache: cacheOf(client) };
  },
  persisted: { file: ownFile, open: (url, token) => pageOf(createPersistedApolloClient(url, token)) },
  errorsOf: (thrown) => (CombinedGraphQLErrors.is(thrown) ? thrown.errors : []),
};
