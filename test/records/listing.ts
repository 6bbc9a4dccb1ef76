// What tests of scheduled records have in common: rows as the dialer lists them, and the list as callers ask for it.

import type { ScriptedFault } from '../../src/sandbox/sandbox.ts';
import {
  type CampaignRecordFilter,
  CampaignRecordsDocument,
  type CampaignRecordsQuery,
  type CancelCampaignRecordsInput,
  CancelRecordsDocument,
  type CancelRecordsMutation,
} from '../gql/graphql.ts';
import { answered, type Stack } from '../harness.ts';

export interface Asked {
  first?: number;
  after?: string | null;
  filter?: CampaignRecordFilter;
}

export type Page = NonNullable<CampaignRecordsQuery['campaignRecords']>;

export async function list({ send }: Stack, asked: Asked = {}): Promise<Page> {
  return answered((await send(CampaignRecordsDocument, asked)).campaignRecords);
}

export function nodes({ edges }: Page) {
  return answered(edges).map(({ node }) => node);
}

export function asked({ sandbox }: Stack, kind: string) {
  return sandbox.requests.filter((request) => request.kind === kind);
}

export const listings = (stack: Stack) => asked(stack, 'scheduledData');
export const deletions = (stack: Stack) => asked(stack, 'deleteScheduledData');

/** A row as the dialer lists it, which the sandbox would not have. */
export function listed(id: number, fields: object = {}, parameters: object = {}): object {
  const query = {
    api_key: 'sandbox-key',
    campaign_name: 'Sales_Demo',
    PhoneNumber: '9810000001',
    action: 'START',
  };
  return {
    Id: String(id),
    api_key: 'sandbox-key',
    CreatedDate: '2026-11-25 09:00:00',
    ScheduleTime: '2026-11-26 10:00:00',
    ScheduleParams: new URLSearchParams({ ...query, ...parameters }).toString(),
    RequestTime: '',
    IsRequestSent: '0',
    Response: '',
    ...fields,
  };
}

/** The dialer lists these rows, for as long as it is asked. */
export function listing(rows: readonly object[], fields: Partial<ScriptedFault> = {}): ScriptedFault {
  const body = JSON.stringify({ status: 'success', message: rows });
  return { fault: 'custom-before', on: 'scheduledData', status: 200, body, times: Infinity, ...fields };
}

type Cancelled = NonNullable<CancelRecordsMutation['cancelCampaignRecords']>;
export type CancelPayload = Extract<Cancelled, { __typename: 'CancelCampaignRecordsPayload' }>;

export async function cancelResult({ send }: Stack, input: CancelCampaignRecordsInput): Promise<Cancelled> {
  return answered((await send(CancelRecordsDocument, { input })).cancelCampaignRecords);
}

/** Where it is to be carried out. */
export async function cancelled(stack: Stack, input: CancelCampaignRecordsInput): Promise<CancelPayload> {
  const result = await cancelResult(stack, input);
  if (result.__typename !== 'CancelCampaignRecordsPayload') throw new Error(result.message);
  return result;
}

export function kindsOf({ results }: { results: readonly { __typename: string }[] }): string[] {
  return results.map(({ __typename }) => __typename);
}

/** The ids of the rows that still wait for their time in the sandbox. */
export function waitingIds({ sandbox }: Stack): string[] {
  return sandbox.ledger
    .filter(({ deleted, handedOver }) => !deleted && handedOver === undefined)
    .map(({ id }) => id);
}
