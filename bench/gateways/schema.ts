// The schema of the peers that are written in SDL, and its resolvers. Names and nullability are Dialgraph's.

import { light } from './checks.ts';
import { createScheduling, createSend } from './dialer.ts';
import { upstreamUrl } from './edge.ts';
import type { RecordOutcome, ScheduleInput, SchedulePayload } from './outcome.ts';

const errorFields = `{
  index: Int!
  reference: String
  code: RecordErrorCode!
  message: String!
  retryable: Boolean!
}`;

const types = `
  input ScheduleCampaignDataInput { campaignName: String! records: [CampaignRecordInput!]! }
  input CampaignRecordInput { reference: String phoneNumber: String! scheduledTime: String! name: String }

  union ScheduleCampaignDataResult = ScheduleCampaignDataPayload | InvalidInputError
  type InvalidInputError { message: String! }
  type ScheduleCampaignDataPayload { status: ScheduleStatus! summary: ScheduleSummary! results: [RecordResult!]! }
  enum ScheduleStatus { SCHEDULED PARTIALLY_SCHEDULED NOT_SCHEDULED }
  type ScheduleSummary { total: Int! scheduled: Int! failed: Int! }

  union RecordResult = ScheduledRecord | InvalidPhoneNumberError | InvalidDateFormatError | DialerRejectionError
  type ScheduledRecord { index: Int! reference: String dialerTime: String! message: String! }
  enum RecordErrorCode { INVALID_PHONE_NUMBER INVALID_DATE_FORMAT DIALER_REJECTION }
  interface RecordError ${errorFields}
  type InvalidPhoneNumberError implements RecordError ${errorFields}
  type InvalidDateFormatError implements RecordError ${errorFields}
  type DialerRejectionError implements RecordError ${errorFields}
`;

const mutation = '{ scheduleCampaignData(input: ScheduleCampaignDataInput!): ScheduleCampaignDataResult! }';

export const typeDefs = `type Query { ok: Boolean! } type Mutation ${mutation} ${types}`;
export const extendingTypeDefs = `extend type Mutation ${mutation} ${types}`;

type Schedule = (input: ScheduleInput) => Promise<SchedulePayload>;

export function createResolvers() {
  const schedule = createScheduling(light, createSend(upstreamUrl()));
  return {
    Query: { ok: () => true },
    Mutation: {
      scheduleCampaignData: (_parent: unknown, { input }: { input: ScheduleInput }) =>
        resolveSchedule(schedule, input),
    },
    ...typeResolvers,
  };
}

export async function resolveSchedule(schedule: Schedule, input: ScheduleInput) {
  if (input.campaignName === '' || input.records.length === 0)
    return { __typename: 'InvalidInputError', message: 'A campaign and at least one record are needed.' };
  return { __typename: 'ScheduleCampaignDataPayload', ...(await schedule(input)) };
}

export const typeResolvers = {
  ScheduleCampaignDataResult: { __resolveType: ({ __typename }: { __typename: string }) => __typename },
  RecordResult: { __resolveType: ({ __typename }: RecordOutcome) => __typename },
  RecordError: { __resolveType: ({ __typename }: RecordOutcome) => __typename },
};
