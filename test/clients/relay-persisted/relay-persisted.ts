// Relay with persisted operations, as its compiler makes them: an artifact has an id, and no text.

import { fetchQuery, graphql } from 'relay-runtime';
import { createRelayEnvironment } from '../../../docs/snippets/relay.ts';
import type { Page } from '../client.ts';
import { mutate, watch } from '../relay/store.ts';
import type { relayPersistedLimitsQuery } from './__generated__/relayPersistedLimitsQuery.graphql.ts';
import type { relayPersistedProgressSubscription } from './__generated__/relayPersistedProgressSubscription.graphql.ts';
import type { relayPersistedScheduleMutation } from './__generated__/relayPersistedScheduleMutation.graphql.ts';

const limits = graphql`
  query relayPersistedLimitsQuery {
    limits {
      region
    }
  }
`;

const schedule = graphql`
  mutation relayPersistedScheduleMutation($input: ScheduleCampaignDataInput!) {
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
    }
  }
`;

const progress = graphql`
  subscription relayPersistedProgressSubscription($id: ID!) {
    importProgress(id: $id) {
      id
      state
      counts { total scheduled failed }
    }
  }
`;

export function persistedPage(url: string, token: string): Omit<Page, 'validate'> {
  const environment = createRelayEnvironment(url, token);
  return {
    region: async () =>
      (await fetchQuery<relayPersistedLimitsQuery>(environment, limits, {}).toPromise())?.limits?.region,
    schedule: async (input) =>
      (await mutate<relayPersistedScheduleMutation>(environment, schedule, { input }))
        .scheduleCampaignData as never,
    watch: (id, see) => watch<relayPersistedProgressSubscription>(environment, progress, { id }, see),
  };
}
