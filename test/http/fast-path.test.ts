// Which operations are compiled, and how many of them are kept: so many as memory is set aside for, and for nobody who may not.

import { createYoga } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../src/http/exchange.ts';
import { createFastPath } from '../../src/http/fast-path.ts';
import { createPersistedOperations } from '../../src/http/persisted-operations.ts';
import { schema } from '../../src/schema/index.ts';
import { lead } from '../harness.ts';

const json = { 'content-type': 'application/json' };

const limits = { maxRecordsPerMutation: 0 };
const input = { campaignName: 'a', records: [lead(0)] };

function callerWith(scopes: string[]) {
  return { scopes: new Set(scopes), campaigns: null, records: null, validations: null };
}

/** A fast path with yoga, which says after each request whether its operation is compiled by now. */
function start() {
  const fastPath = createFastPath(schema);
  const persisted = createPersistedOperations({ documents: {}, only: false });
  const yoga = createYoga<{ scopes: string[]; exchange: object }>({
    schema,
    logging: false,
    context: ({ scopes }) => ({
      caller: callerWith(scopes),
      request: {},
      allowance: { records: 0, hold: () => 'held' },
      account: { limits },
    }),
    plugins: [fastPath.plugin],
  });
  const isCompiled = async (query: string, variables: object = { input }) => {
    const exchange = {
      res: { once() {} },
      request: {},
      admission: { caller: callerWith(['read', 'schedule']), account: { limits } },
      room: { holdRecords: () => 'held' },
    } as unknown as Exchange;
    return (await fastPath.carryOut(exchange, persisted, { query, variables })) !== undefined;
  };
  const send = async (query: string, scopes: string[], variables: object = { input }) => {
    const body = JSON.stringify({ query, variables });
    const exchange = { req: { headers: { 'content-length': String(body.length) } } };
    const response = await yoga.fetch(
      'http://localhost/graphql',
      { method: 'POST', headers: json, body },
      { scopes, exchange },
    );
    await response.text();
    return isCompiled(query, variables);
  };
  return { isCompiled, send };
}

describe('an operation', () => {
  const mutation = (n: number) =>
    `mutation M${n}($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }`;

  it('is compiled at once for variables that are long', async () => {
    const { send } = start();
    const records = (count: number) => ({ input: { ...input, records: Array(count).fill(lead(0)) } });
    expect(await send(mutation(0), ['schedule'], records(100))).toBe(false);
    expect(await send(mutation(1), ['schedule'], records(4000))).toBe(true);
  });

  it('is compiled once it has been carried out twice for callers who may', async () => {
    const { isCompiled, send } = start();
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
        expect(await send(query, ['read', 'schedule'], { name: 'Query', input })).toBe(false);
    // The least recently used goes.
    for (let n = 0; n < 170; n++)
      for (let time = 0; time < 2; time++) await send(mutation(10 + n), ['schedule']);
    expect(await isCompiled(mutation(0))).toBe(false);
    expect(await isCompiled(mutation(179))).toBe(true);
  });
});
