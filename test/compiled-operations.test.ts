// Which operations are compiled, and how many of them are kept: so many as memory is set aside for, and for nobody who may not.

import { createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { createCompiledOperations } from '../src/http/compiled-operations.ts';
import { schema } from '../src/schema/index.ts';
import { lead } from './harness.ts';

const json = { 'content-type': 'application/json' };

describe('an operation', () => {
  const mutation = (n: number) =>
    `mutation M${n}($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }`;

  it('is compiled once it has been carried out twice for callers who may', async () => {
    const operations = createCompiledOperations(schema);
    const limits = { maxRecordsPerMutation: 0 };
    const yoga = createYoga<{ scopes: string[] }>({
      schema,
      logging: false,
      context: ({ scopes }) => ({
        caller: { scopes: new Set(scopes), campaigns: null, records: null, validations: null },
        incoming: {},
        allowance: { records: 0, hold: () => 'held' },
        limits,
      }),
      plugins: [operations.plugin],
    });
    const send = async (
      query: string,
      scopes: string[],
      variables: object = { input: { campaignName: 'a', records: [lead(0)] } },
    ) => {
      const body = JSON.stringify({ query, variables });
      const response = await yoga.fetch(
        'http://localhost/graphql',
        { method: 'POST', headers: json, body },
        { scopes },
      );
      await response.text();
      return operations.find(query, undefined) !== undefined;
    };
    for (let n = 0; n < 5; n++) expect(await send(mutation(0), ['read'])).toBe(false);
    expect(await send(mutation(0), ['schedule'])).toBe(false);
    for (let n = 0; n < 5; n++) expect(await send(mutation(0), ['read'])).toBe(false);
    expect(await send(mutation(0), ['schedule'])).toBe(true);
    const never = [
      '{ limits { region } }',
      'query ($name: String!) { __type(name: $name) { name } limits { region } }',
      `${mutation(1)} #${'x'.repeat(20_000)}`,
      mutation(2).replace(
        '__typename',
        `... on ScheduleCampaignDataPayload { results { ${'__typename '.repeat(200)} } }`,
      ),
    ];
    for (const query of never)
      for (let n = 0; n < 4; n++)
        expect(
          await send(query, ['read', 'schedule'], {
            name: 'Query',
            input: { campaignName: 'a', records: [lead(0)] },
          }),
        ).toBe(false);
    // The least recently used goes.
    for (let n = 0; n < 170; n++)
      for (let time = 0; time < 2; time++) await send(mutation(10 + n), ['schedule']);
    expect(operations.find(mutation(0), undefined)).toBeUndefined();
    expect(operations.find(mutation(179), undefined)).toBeDefined();
  });
});
