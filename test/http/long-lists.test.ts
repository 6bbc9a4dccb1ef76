// Long lists are taken out of variables and out of answers, and handled a slice at a time. Nobody may see that: an answer is the
// same, to the letter, as that of an operation that is not compiled, which yoga carries out in one go.

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { lead, post, type Stack, startStack } from '../harness.ts';
import { runs } from '../property-runs.ts';

/** Some have something wrong with them. */
function records(count: number): object[] {
  return Array.from({ length: count }, (_, n) => {
    const reference = n % 3 === 0 ? `"${n}\u2028é\u{1F600}` : null;
    if (n % 7 === 3) return { reference, phoneNumber: '12', scheduledTime: '2026-13-45 99:00' };
    if (n % 11 === 5) return { scheduledTime: null };
    const customFields = n % 5 === 0 ? [{ header: 'City', value: `"Köln"\\${n}` }] : null;
    return { ...lead(n), reference, name: n % 2 === 0 ? ' Zoë "Z" ' : undefined, customFields };
  });
}

const inputs = [
  { definitions: '$input: ScheduleCampaignDataInput!', input: '$input' },
  {
    definitions: '$campaignName: String!, $records: [CampaignRecordInput!]!',
    input: '{ campaignName: $campaignName, records: $records, validateOnly: true }',
  },
];

function variablesOf(list: unknown): object {
  const input = { campaignName: 'Sales_Demo', records: list, validateOnly: true };
  return { input, records: list, campaignName: 'Sales_Demo', only: ['FAILED'], yes: true, no: false };
}

const itemFields = [
  '... on RecordError { code: message index retryable }',
  '... on ValidRecord { index reference shiftedFrom at: scheduledTime name phoneNumber }',
  '... on RecordError { field problems { field reason message } reference }',
  '... on InvalidDateFormatError @include(if: $yes) { value expected }',
  '... on MissingPhoneNumberError { __typename missing: index @skip(if: $yes) message }',
  '... @skip(if: $no) { kind: __typename }',
  '...Accepted',
];

/** Selections of the payload. */
const lists: ((item: string) => string)[] = [
  (item) => `results { ${item} }`,
  (item) => `results { __typename } status results { ${item} }`,
  (item) => `failed: results(only: [FAILED]) { ${item} } all: results { ... on ValidRecord { index } }`,
  (item) => `results(only: $only) @include(if: $yes) { ${item} }`,
  () => 'status ...Lists',
];

const fragments = [
  'fragment Lists on ScheduleCampaignDataPayload { results { ...Accepted ... on RecordError { code } } }',
  'fragment Accepted on ValidRecord { dialerTime message used: reference @include(if: $yes) }',
];

const optional = ['$only: [RecordOutcomeFilter!]', '$yes: Boolean = true', '$no: Boolean!'];

const operations = fc
  .record({
    items: fc.subarray(itemFields),
    list: fc.constantFrom(...lists),
    input: fc.constantFrom(...inputs),
    alias: fc.constantFrom('', 'again: '),
  })
  .map(({ items, list, input: { definitions, input }, alias }) => {
    const payload = list(['__typename', ...items].join(' '));
    const withFragments = fragments.reduce(
      (text, fragment) => (text.includes(`...${fragment.split(' ')[1]}`) ? `${text} ${fragment}` : text),
      `{ ${alias}scheduleCampaignData(input: ${input}) { __typename ... on ScheduleCampaignDataPayload { ${payload} summary { total valid } } } }`,
    );
    const used = optional.filter((definition) => withFragments.includes(definition.split(':')[0] as string));
    return `mutation (${[definitions, ...used].join(', ')}) ${withFragments}`;
  });

/** The answers to the same request, sent so often that its operation is compiled; and how many are the same. */
async function answersTo(stack: Stack, query: string, variables: object) {
  const bodies: string[] = [];
  const statuses: number[] = [];
  for (let time = 0; time < 3; time++) {
    const { text, status } = await post(stack, { query, variables });
    bodies.push(text.replace(/"requestId":"[^"]*"/, ''));
    statuses.push(status);
  }
  return { bodies, statuses };
}

describe('an answer', () => {
  it('is the same whether its operation is compiled or not', async () => {
    const stack = await startStack();
    const counts = fc.constantFrom(99, 100, 499, 500, 501, 1000);
    await fc.assert(
      fc.asyncProperty(operations, counts, async (query, count) => {
        const { bodies, statuses } = await answersTo(stack, query, variablesOf(records(count)));
        expect(statuses).toEqual([200, 200, 200]);
        expect(bodies[2]).toBe(bodies[0]);
        expect(bodies[1]).toBe(bodies[0]);
        expect(JSON.parse(bodies[0] as string)).not.toHaveProperty('errors');
      }),
      { numRuns: runs(12) },
    );
  });

  it('is the same for records that are not as their type has them, and nothing of those is sent', async () => {
    const odd: fc.Arbitrary<unknown> = fc.constantFrom(
      ...[null, 5, 'text', true, [], [lead(0)], {}, { unknown: 1 }, JSON.parse('{"__proto__":"a"}')],
      ...[{ phoneNumber: 5 }, { priority: 1.5 }, { priority: 2 ** 31 }, { priority: '5' }, { priority: 5 }],
      ...[{ reference: 7 }, { name: {} }, { scheduledTime: [] }, { scheduledTime: null }],
      ...[{ customFields: { header: 'City', value: 'Ulm' } }, { customFields: [null] }, { customFields: [] }],
      ...[{ customFields: [{ header: 'City' }] }, { customFields: [{ header: 'City', value: null }] }],
      { customFields: [{ header: 'City', value: 'Ulm', more: 1 }] },
    );
    const places = fc.array(fc.record({ at: fc.nat(120), value: odd }), { minLength: 1, maxLength: 3 });
    const stack = await startStack();
    await fc.assert(
      fc.asyncProperty(places, fc.constantFrom(...inputs), async (places, { definitions, input }) => {
        const list: unknown[] = records(121);
        for (const { at, value } of places)
          list[at] = isOneOf(value) ? Object.assign({}, lead(at), value) : value;
        const query = `mutation (${definitions}) { scheduleCampaignData(input: ${input}) { ... on ScheduleCampaignDataPayload { results { __typename ... on RecordError { problems { reason field } } } } } }`;
        await answersTo(stack, query, variablesOf(records(1)));
        const { bodies } = await answersTo(stack, query, variablesOf(list));
        const other = query.replace('{ reason field }', '{ reason  field }');
        const { text } = await post(stack, { query: other, variables: variablesOf(list) });
        for (const body of bodies) expect(body).toBe(text.replace(/"requestId":"[^"]*"/, ''));
        if (text.includes('"errors"')) expect(text.match(/"code":"BAD_USER_INPUT"/g)).not.toBeNull();
      }),
      { numRuns: runs(20) },
    );
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('has the results of two fields that share a list of records, each in its place', async () => {
    const stack = await startStack();
    const query = `mutation ($input: ScheduleCampaignDataInput!) {
  first: scheduleCampaignData(input: $input) { ...F ... on ScheduleCampaignDataPayload { results { __typename } } }
  second: scheduleCampaignData(input: $input) { ...F }
}
fragment F on ScheduleCampaignDataPayload { summary { scheduled } results { ... on ScheduledRecord { index } } }`;
    const input = { campaignName: 'Sales_Demo', records: Array.from({ length: 700 }, (_, n) => lead(n)) };
    const second = input.records.map((_, index) => ({ index }));
    const first = second.map((result) => ({ ...result, __typename: 'ScheduledRecord' }));
    for (let time = 1; time <= 3; time++) {
      const { data } = await post(stack, { query, variables: { input } });
      const summary = { scheduled: 700 };
      expect(data).toEqual({ first: { summary, results: first }, second: { summary, results: second } });
      expect(stack.sandbox.ledger).toHaveLength(2 * 700 * time);
    }
  });

  it.each([
    'application/json',
    'text/event-stream',
    'multipart/mixed;subscriptionSpec=1.0, application/json',
  ])('is whole where the client takes %s', async (accept) => {
    const stack = await startStack();
    const query = `mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { ... on ScheduleCampaignDataPayload { results { __typename } } } }`;
    const input = { campaignName: 'Sales_Demo', records: records(3000), validateOnly: true };
    const body = JSON.stringify({ query, variables: { input } });
    const headers = { 'content-type': 'application/json', accept };
    for (let time = 0; time < 3; time++) {
      const text = await (await fetch(stack.url, { method: 'POST', headers, body })).text();
      expect(text.match(/"__typename":"/g)).toHaveLength(3000);
    }
  });
});

it('a result that cannot be written is an error that is told, and the answer is no half of one', async () => {
  const stack = await startStack();
  const query = `mutation ($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { ... on ScheduleCampaignDataPayload { results { ... on ValidRecord { scheduledTime } } } } }`;
  const records = Array.from({ length: 1200 }, (_, n) => lead(n));
  const broken = Date.parse('2026-11-29T11:12:13Z');
  Object.assign(records[1100] as object, { scheduledTime: new Date(broken).toISOString() });
  const { toISOString } = Date.prototype;
  const spy = vi.spyOn(Date.prototype, 'toISOString').mockImplementation(function (this: Date) {
    if (this.getTime() === broken) throw new Error('broken');
    return toISOString.call(this);
  });
  try {
    const input = { campaignName: 'Sales_Demo', records, validateOnly: true };
    for (let time = 0; time < 3; time++) {
      const { data, errors } = await post(stack, { query, variables: { input } });
      expect(data?.scheduleCampaignData ?? null).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    }
    expect(stack.log.filter((line) => line.includes('Error: broken'))).toHaveLength(3);
  } finally {
    spy.mockRestore();
  }
});

function isOneOf(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
