// A front end's own documents, typed by gql.tada as they are written.

import { graphql } from '../../docs/snippets/gql-tada.ts';

export const limitsOfTada = graphql('query Limits { limits { region timeZone } }');

const results = graphql(`
  fragment Results on ScheduleCampaignDataPayload @_unmask {
    results {
      __typename
      ... on ScheduledRecord { index reference phoneNumber scheduledTime dialerTime }
      ... on ValidRecord { index reference phoneNumber scheduledTime dialerTime }
      ... on RecordError { index reference code field message retryable problems { field reason message } }
    }
  }
`);

export const scheduleOfTada = graphql(
  `
  mutation Schedule($input: ScheduleCampaignDataInput!) {
    scheduleCampaignData(input: $input) {
      __typename
      ...Results
      ... on RequestError { message }
      ... on OverloadedError { retryAfterSeconds }
      ... on RateLimitedError { retryAfterSeconds }
    }
  }
`,
  [results],
);

export const validateOfTada = graphql(
  `
  query Validate($input: ValidateCampaignDataInput!) {
    validateCampaignData(input: $input) {
      __typename
      ...Results
      ... on RequestError { message }
    }
  }
`,
  [results],
);

export const progressOfTada = graphql(`
  subscription Progress($id: ID!) {
    importProgress(id: $id) {
      state
      counts { total scheduled failed }
    }
  }
`);
