// A null for a variable that may be null, and stands where null may not: told before anything is carried out, compiled or not.

import { describe, expect, it } from 'vitest';
import { lead, post, type Stack, startStack } from '../harness.ts';

const input = { campaignName: 'Sales_Demo', records: [lead(0)] };
const scheduling = (definitions: string, fields: string) =>
  `mutation ($input: ScheduleCampaignDataInput!, ${definitions}) { scheduleCampaignData(input: $input) { ... on ScheduleCampaignDataPayload { status ${fields} } } }`;

const documents = [
  [
    '@skip',
    scheduling('$at: Boolean = false', 'results { __typename ... on ValidRecord @skip(if: $at) { index } }'),
  ],
  [
    '@include, in a fragment',
    `${scheduling('$at: Boolean = true', '...F')} fragment F on ScheduleCampaignDataPayload { summary @include(if: $at) { total } }`,
  ],
  [
    'an item of a list',
    scheduling('$at: RecordOutcomeFilter = FAILED', 'results(only: [$at]) { __typename }'),
  ],
] as const;

async function expectRefused(stack: Stack, query: string): Promise<void> {
  const before = stack.sandbox.ledger.length;
  const { status, data, errors } = await post(stack, { query, variables: { input, at: null } });
  expect([status, data]).toEqual([400, undefined]);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', path: ['at'] } }]);
  expect(errors?.[0]?.message).toContain('must not be null');
  expect(stack.sandbox.ledger).toHaveLength(before);
}

describe.each(documents)('a null for %s', (_, query) => {
  it('is told, and nothing is sent', async () => {
    const stack = await startStack();
    for (let n = 0; n < 3; n++) await expectRefused(stack, query);
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('is told where the operation is compiled, and without the variable its default counts', async () => {
    const stack = await startStack();
    for (let n = 0; n < 4; n++) {
      expect((await post(stack, { query, variables: { input } })).status).toBe(200);
      await expectRefused(stack, query);
    }
    expect(stack.sandbox.ledger).toHaveLength(4);
  });
});

it('a null for what may be null is good', async () => {
  const stack = await startStack();
  const query =
    'mutation ($campaignName: String!, $records: [CampaignRecordInput!]!, $timeZone: TimeZone = "UTC") { scheduleCampaignData(input: { campaignName: $campaignName, records: $records, timeZone: $timeZone }) { ... on ScheduleCampaignDataPayload { status } } }';
  const { data } = await post(stack, { query, variables: { ...input, timeZone: null } });
  expect(data).toEqual({ scheduleCampaignData: { status: 'SCHEDULED' } });
});
