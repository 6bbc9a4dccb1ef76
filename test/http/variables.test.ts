// A null for a variable that may be null, and stands where null may not: told before anything is carried out, compiled or not.

import fc from 'fast-check';
import { buildSchema, coerceInputValue, type GraphQLInputType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { asCoercedCheck } from '../../src/http/variables.ts';
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

describe('a value that coercing is said to leave as it is', () => {
  const { Item } = buildSchema(`
    type Query { a: Int }
    enum Kind { A B }
    scalar Zone
    input Item { text: String, id: ID, count: Int, share: Float, yes: Boolean, kind: Kind, zone: Zone, list: [Item!], must: String!, usual: Int = 5 }
  `).getTypeMap() as { Item: GraphQLInputType };
  const isAsCoerced = asCoercedCheck(Item);
  const leaf = fc.constantFrom(null, 'A', 'text', '', 0, 1, -0, 1.5, 2 ** 31, true, false, [], {});
  const { items } = fc.letrec<{ items: unknown; list: unknown }>((tie) => ({
    list: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('items'), { maxLength: 2 }), tie('items')),
    items: fc.record(
      {
        ...{ text: leaf, id: leaf, count: leaf, share: leaf, yes: leaf, kind: leaf, zone: leaf },
        ...{ list: tie('list'), must: fc.oneof(fc.string(), leaf), usual: leaf, other: leaf },
      },
      { requiredKeys: [] },
    ),
  }));
  const good = fc.record(
    { text: fc.string(), id: fc.string(), count: fc.integer(), must: fc.string(), usual: fc.constant(1) },
    { requiredKeys: ['must', 'usual'] },
  );

  it('is left so by graphql-js', () => {
    fc.assert(
      fc.property(fc.oneof(items, good), (value) => {
        if (!isAsCoerced(value)) return;
        const problems: unknown[] = [];
        const coerced = coerceInputValue(value, Item, (path) => problems.push(path));
        expect(problems).toEqual([]);
        expect(coerced).toEqual(value);
      }),
    );
  });

  it('is said so of what has every member in its own type, and of nothing else', () => {
    const value = { text: 'a', id: 'b', count: 1, share: 1.5, yes: true, must: 'c', usual: null };
    expect(isAsCoerced({ ...value, list: [{ must: 'd', usual: 1 }] })).toBe(true);
    const others = [
      { id: 5 },
      { kind: 'A' },
      { zone: 'UTC' },
      { list: value },
      { must: null },
      { usual: undefined },
    ];
    for (const other of [...others, { list: [null] }, { other: 1 }])
      expect([other, isAsCoerced({ ...value, ...other })]).toEqual([other, false]);
    const { usual, ...without } = value;
    expect([usual, isAsCoerced(without)]).toEqual([null, false]);
    for (const none of [[], 'a', 5]) expect(isAsCoerced(none)).toBe(false);
    expect(isAsCoerced(value)).toBe(true);
  });
});
