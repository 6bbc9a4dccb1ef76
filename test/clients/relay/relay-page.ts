// Relay, set up by docs/snippets/relay.ts, with artifacts of its compiler. The `graphql` tags stand for them, as with Relay's plugin.

import { type Environment, fetchQuery, graphql } from 'relay-runtime';
import { createRelayEnvironment } from '../../../docs/snippets/relay.ts';
import type { Cache, Client, Page, ToldError } from '../client.ts';
import { persistedPage } from '../relay-persisted/relay-persisted.ts';
import type { relayPageCampaignsQuery } from './__generated__/relayPageCampaignsQuery.graphql.ts';
import type { relayPageCancelMutation } from './__generated__/relayPageCancelMutation.graphql.ts';
import type { relayPageLimitsQuery } from './__generated__/relayPageLimitsQuery.graphql.ts';
import type { relayPageProgressSubscription } from './__generated__/relayPageProgressSubscription.graphql.ts';
import type { relayPageRecordsQuery } from './__generated__/relayPageRecordsQuery.graphql.ts';
import type { relayPageScheduleMutation } from './__generated__/relayPageScheduleMutation.graphql.ts';
import type { relayPageValidateQuery } from './__generated__/relayPageValidateQuery.graphql.ts';
import { lookUp, mutate, watch } from './store.ts';

const limits = graphql`
  query relayPageLimitsQuery {
    limits {
      region
    }
  }
`;

const schedule = graphql`
  mutation relayPageScheduleMutation($input: ScheduleCampaignDataInput!) {
    scheduleCampaignData(input: $input) {
      __typename
      ... on ScheduleCampaignDataPayload {
        results {
          __typename
          ... on ScheduledRecord { index reference phoneNumber scheduledTime dialerTime }
          ... on RecordError { index reference code field message retryable problems { field reason message } }
        }
      }
      ... on RequestError { message }
      ... on OverloadedError { retryAfterSeconds }
      ... on RateLimitedError { retryAfterSeconds }
    }
  }
`;

const validate = graphql`
  query relayPageValidateQuery($input: ValidateCampaignDataInput!) {
    validateCampaignData(input: $input) {
      __typename
      ... on ScheduleCampaignDataPayload {
        results {
          __typename
          ... on ValidRecord { index reference phoneNumber scheduledTime dialerTime }
          ... on RecordError { index reference code field message retryable problems { field reason message } }
        }
      }
      ... on RequestError { message }
    }
  }
`;

const cancel = graphql`
  mutation relayPageCancelMutation($input: CancelCampaignRecordsInput!) {
    cancelCampaignRecords(input: $input) {
      __typename
      ... on CancelCampaignRecordsPayload {
        results {
          __typename
          ... on CancelledRecord { index id dialerTime }
          ... on RecordError { index code message }
          ... on CampaignRecordNotFoundError { givenId }
        }
      }
    }
  }
`;

const records = graphql`
  query relayPageRecordsQuery {
    campaignRecords(first: 10, filter: { campaignName: "Agents_Demo" }) {
      edges { node { id campaignName headers { header value } } }
    }
  }
`;

const campaigns = graphql`
  query relayPageCampaignsQuery {
    campaigns { id name headers }
  }
`;

const progress = graphql`
  subscription relayPageProgressSubscription($id: ID!) {
    importProgress(id: $id) {
      id
      state
      counts { total scheduled failed }
    }
  }
`;

function pageOf(environment: Environment): Page {
  return {
    region: async () =>
      (await fetchQuery<relayPageLimitsQuery>(environment, limits, {}).toPromise())?.limits?.region,
    schedule: async (input) =>
      (await mutate<relayPageScheduleMutation>(environment, schedule, { input }))
        .scheduleCampaignData as never,
    validate: async (input) =>
      (await fetchQuery<relayPageValidateQuery>(environment, validate, { input }).toPromise())
        ?.validateCampaignData as never,
    watch: (id, see) => watch<relayPageProgressSubscription>(environment, progress, { id }, see),
  };
}

function cacheOf(environment: Environment): Cache {
  return {
    validated: (input) =>
      lookUp<relayPageValidateQuery>(environment, validate, { input }).validateCampaignData as never,
    cancelled: async (ids) =>
      (await mutate<relayPageCancelMutation>(environment, cancel, { input: { ids } }))
        .cancelCampaignRecords as never,
    async listed() {
      await fetchQuery<relayPageRecordsQuery>(environment, records, {}).toPromise();
      await fetchQuery<relayPageCampaignsQuery>(environment, campaigns, {}).toPromise();
      const kept = lookUp<relayPageRecordsQuery>(environment, records, {});
      return kept.campaignRecords?.edges?.map(({ node }) => node);
    },
  };
}

export const relay: Client = {
  name: 'Relay 21',
  open(url, token) {
    const environment = createRelayEnvironment(url, token);
    return { ...pageOf(environment), cache: cacheOf(environment) };
  },
  persisted: { file: 'test/clients/relay-persisted/persisted.json', open: persistedPage },
  errorsOf(thrown) {
    const { source, errors } = thrown as { source?: { errors?: ToldError[] }; errors?: ToldError[] };
    // The second is of a subscription, which is read by fetch.
    return source?.errors ?? errors ?? [];
  },
};
