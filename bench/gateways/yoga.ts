// A peer: graphql-yoga and Pothos, set up as in their guides, without anything that Dialgraph adds.

import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import { createYoga } from 'graphql-yoga';
import { light } from './checks.ts';
import { createScheduling, createSend } from './dialer.ts';
import { announce, upstreamUrl } from './edge.ts';
import type { RecordError, ScheduledRecord, SchedulePayload } from './outcome.ts';

interface InvalidInput {
  message: string;
}

const builder = new SchemaBuilder<{ DefaultFieldNullability: false }>({ defaultFieldNullability: false });
const schedule = createScheduling(light, createSend(upstreamUrl()));

const ErrorCode = builder.enumType('RecordErrorCode', {
  values: ['INVALID_PHONE_NUMBER', 'INVALID_DATE_FORMAT', 'DIALER_REJECTION'] as const,
});
const Status = builder.enumType('ScheduleStatus', {
  values: ['SCHEDULED', 'PARTIALLY_SCHEDULED', 'NOT_SCHEDULED'] as const,
});

const Scheduled = builder.objectRef<ScheduledRecord>('ScheduledRecord').implement({
  fields: (t) => ({
    index: t.exposeInt('index'),
    reference: t.exposeString('reference', { nullable: true }),
    dialerTime: t.exposeString('dialerTime'),
    message: t.exposeString('message'),
  }),
});

const Failed = builder.interfaceRef<RecordError>('RecordError').implement({
  resolveType: ({ __typename }) => __typename,
  fields: (t) => ({
    index: t.exposeInt('index'),
    reference: t.exposeString('reference', { nullable: true }),
    code: t.field({ type: ErrorCode, resolve: ({ code }) => code as typeof ErrorCode.$inferType }),
    message: t.exposeString('message'),
    retryable: t.exposeBoolean('retryable'),
  }),
});
const failures = (['InvalidPhoneNumberError', 'InvalidDateFormatError', 'DialerRejectionError'] as const).map(
  (name) => builder.objectRef<RecordError>(name).implement({ interfaces: [Failed] }),
);

const Result = builder.unionType('RecordResult', {
  types: [Scheduled, ...failures],
  resolveType: ({ __typename }) => __typename,
});

const Summary = builder.objectRef<SchedulePayload['summary']>('ScheduleSummary').implement({
  fields: (t) => ({
    total: t.exposeInt('total'),
    scheduled: t.exposeInt('scheduled'),
    failed: t.exposeInt('failed'),
  }),
});

const Payload = builder.objectRef<SchedulePayload>('ScheduleCampaignDataPayload').implement({
  fields: (t) => ({
    status: t.expose('status', { type: Status }),
    summary: t.expose('summary', { type: Summary }),
    results: t.field({ type: [Result], resolve: ({ results }) => results }),
  }),
});

const Invalid = builder.objectRef<InvalidInput>('InvalidInputError').implement({
  fields: (t) => ({ message: t.exposeString('message') }),
});

const RecordInput = builder.inputType('CampaignRecordInput', {
  fields: (t) => ({
    reference: t.string(),
    phoneNumber: t.string({ required: true }),
    scheduledTime: t.string({ required: true }),
    name: t.string(),
  }),
});

const Input = builder.inputType('ScheduleCampaignDataInput', {
  fields: (t) => ({
    campaignName: t.string({ required: true }),
    records: t.field({ type: [RecordInput], required: true }),
  }),
});

const MutationResult = builder.unionType('ScheduleCampaignDataResult', {
  types: [Payload, Invalid],
  resolveType: (value) => ('results' in value ? Payload : Invalid),
});

builder.queryType({ fields: (t) => ({ ok: t.boolean({ resolve: () => true }) }) });
builder.mutationType({
  fields: (t) => ({
    scheduleCampaignData: t.field({
      type: MutationResult,
      args: { input: t.arg({ type: Input, required: true }) },
      resolve: (_parent, { input }) =>
        input.campaignName === '' || input.records.length === 0
          ? { message: 'A campaign and at least one record are needed.' }
          : schedule(input),
    }),
  }),
});

const yoga = createYoga({ schema: builder.toSchema(), logging: false });
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => announce(server.address(), '/graphql'));
