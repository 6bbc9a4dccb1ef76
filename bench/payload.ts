// The records that are sent, and the request bodies that are made of them before the clock starts.
// No two records of a run have the same number, and no two in a row the same time, so that a cache does not help.

import { campaignName } from './settings.ts';

/** `count` records, the first of them with the number `first`: 0 to 99,999,999. */
export interface Batch {
  first: number;
  count: number;
}

export interface LeadRecord {
  reference: string;
  phoneNumber: string;
  scheduledTime: string;
  name: string;
}

/** Any ten digits that begin with 98 are a valid Indian mobile number. */
export const firstNumber = 9_800_000_000;

const dayMs = 86_400_000;
const secondsOfADay = 36_000;
const firstNames = ['Asha', 'Ravi', 'Meera', 'Arjun', 'Kavya', 'Imran', 'Divya', 'Sunil'];
const lastNames = ['Rao', 'Patel', 'Iyer', 'Khan', 'Das', 'Nair', 'Singh'];

const operation = `mutation Schedule($input: ScheduleCampaignDataInput!) {
  scheduleCampaignData(input: $input) {
    __typename
    ... on ScheduleCampaignDataPayload {
      status
      summary { total scheduled failed }
      results {
        __typename
        ... on ScheduledRecord { index reference dialerTime message }
        ... on RecordError { index reference code message retryable }
      }
    }
  }
}`;

const validation = `query Validate($input: ValidateCampaignDataInput!) {
  validateCampaignData(input: $input) {
    __typename
    ... on ScheduleCampaignDataPayload {
      results {
        __typename
        ... on ValidRecord { index phoneNumber scheduledTime dialerTime }
        ... on RecordError { index problems { field reason message } }
      }
    }
    ... on RequestError { message }
  }
}`;

export const typenameBody = Buffer.from(JSON.stringify({ query: '{ __typename }' }));

export function recordAt(number: number): LeadRecord {
  return {
    reference: `lead-${number}`,
    phoneNumber: `+91${firstNumber + number}`,
    scheduledTime: timeAt(number),
    name: `${firstNames[number % firstNames.length]} ${lastNames[number % lastNames.length]}`,
  };
}

export function records({ first, count }: Batch): LeadRecord[] {
  return Array.from({ length: count }, (_, index) => recordAt(first + index));
}

/** The upstream's row of a record: number, name, time. */
export function rowAt(number: number): string[] {
  const { name, scheduledTime } = recordAt(number);
  return [String(firstNumber + number), name, scheduledTime];
}

export function plainBody(records: readonly LeadRecord[]): Buffer {
  return Buffer.from(JSON.stringify({ campaignName, records }));
}

export function graphqlBody(records: readonly LeadRecord[], idempotencyKey?: string): Buffer {
  const input = { campaignName, records, ...(idempotencyKey !== undefined && { idempotencyKey }) };
  return Buffer.from(JSON.stringify({ query: operation, variables: { input } }));
}

export function validationBody(records: readonly LeadRecord[]): Buffer {
  const input = { campaignName, records };
  return Buffer.from(JSON.stringify({ query: validation, variables: { input } }));
}

/** The day after tomorrow between 09:00 and 19:00, a second apart. */
const day = new Date(Date.now() + 2 * dayMs).toISOString().slice(0, 10);

function timeAt(number: number): string {
  const second = 32_400 + (number % secondsOfADay);
  const digits = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${day} ${digits(second / 3600)}:${digits((second / 60) % 60)}:${digits(second % 60)}`;
}
