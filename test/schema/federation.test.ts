// The graph as a subgraph of a federation: a router composes it with another one, and asks for entities by their keys.

import { readFileSync } from 'node:fs';
import { composeServices } from '@theguild/federation-composition';
import { type GraphQLObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { subgraph } from '../../src/schema/federation.ts';
import { schema } from '../../src/schema/index.ts';
import { post, type Stack, startStack } from '../harness.ts';
import { csvOf, started, startImportStack } from '../imports/importing.ts';

const sdl = readFileSync('schema.federation.graphql', 'utf8');

const crm = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
type Query { customer(id: ID!): Customer }
type Customer @key(fields: "id") { id: ID!  campaign: Campaign  lastImport: Import }
type Campaign @key(fields: "name") { name: String!  budget: Int }
type Import @key(fields: "id", resolvable: false) { id: ID! }
type PageInfo @shareable { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
`;

const query = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename ... on Campaign { name headers } ... on Import { id state } } }`;

async function entities(stack: Stack, representations: unknown[], authorization?: string) {
  const response = await fetch(stack.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    body: JSON.stringify({ query, variables: { representations } }),
  });
  const answer = (await response.json()) as {
    data?: { _entities: unknown[] };
    errors?: { message: string }[];
  };
  return { ...answer, status: response.status };
}

describe('the subgraph', () => {
  it('composes with the graph of somebody else', () => {
    const result = composeServices([
      { name: 'dialgraph', url: 'http://dialgraph', typeDefs: parse(sdl) },
      { name: 'crm', url: 'http://crm', typeDefs: parse(crm) },
    ]);
    expect('errors' in result ? result.errors : undefined).toBeUndefined();
    const { supergraphSdl = '' } = result;
    for (const name of ['Customer', 'Campaign', 'Import', 'ScheduledRecord'])
      expect(supergraphSdl).toContain(`type ${name}`);
  });

  it('has all of the graph, and the graph has nothing of it', () => {
    const fieldsOf = (type?: GraphQLObjectType | null) => Object.keys(type?.getFields() ?? {});
    expect(fieldsOf(subgraph.getQueryType()).sort()).toEqual(
      [...fieldsOf(schema.getQueryType()), '_entities', '_service'].sort(),
    );
    expect(readFileSync('schema.graphql', 'utf8')).not.toMatch(/_Any|_Entity|_Service|_entities/);
  });

  it('is there where it is asked for alone', async () => {
    const plain = await startStack();
    expect((await post(plain, { query: '{ _service { sdl } }' })).status).toBe(400);
    const stack = await startStack({ env: { FEDERATION: 'on' } });
    const { text } = await post(stack, { query: '{ _service { sdl } }' });
    expect(JSON.parse(text).data._service.sdl).toBe(sdl.trimEnd());
  });

  it('finds campaigns and imports by their keys, in the order in which they were asked for', async () => {
    const stack = await startImportStack({ env: { FEDERATION: 'on' } });
    const { id } = await started(stack, csvOf(1));
    const { data, errors } = await entities(stack, [
      { __typename: 'Import', id },
      { __typename: 'Campaign', name: 'Sales_Demo' },
      { __typename: 'Campaign', name: 'Nobody_Has_It' },
      { __typename: 'Import', id: 'none' },
    ]);
    expect(errors).toBeUndefined();
    expect(data?._entities).toEqual([
      { __typename: 'Import', id, state: 'AWAITING_FILE' },
      { __typename: 'Campaign', name: 'Sales_Demo', headers: expect.any(Array) },
      null,
      null,
    ]);
  });

  it('gives an entity that it does not know, or that has no key, an error of its own', async () => {
    const stack = await startStack({ env: { FEDERATION: 'on' } });
    const { data, errors } = await entities(stack, [
      { __typename: 'Customer', id: '1' },
      { __typename: 'Campaign', name: 'Sales_Demo' },
      { __typename: 'Campaign' },
    ]);
    expect(data?._entities).toEqual([null, expect.objectContaining({ name: 'Sales_Demo' }), null]);
    expect(errors?.map(({ message }) => message)).toEqual([
      'There are entities of the types Campaign, Import, and no others.',
      'A representation of Campaign needs its "name", a text.',
    ]);
    expect((await entities(stack, ['Campaign'])).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', path: ['representations', 0] } },
    ]);
    const many = Array.from({ length: 1001 }, () => ({ __typename: 'Campaign', name: 'Sales_Demo' }));
    expect((await entities(stack, many)).errors?.[0]?.message).toContain('at most 1000 entities');
  });

  it('shows each caller what is theirs', async () => {
    const keys = [
      { name: 'sales', hash: hashOf('k-sales-0123456789'), scopes: ['read'], campaigns: ['Sales_Demo'] },
      { name: 'writer', hash: hashOf('k-writer-0123456789'), scopes: ['schedule'] },
    ];
    const stack = await startStack({ env: { FEDERATION: 'on', AUTH: JSON.stringify({ keys }) } });
    const asked = [
      { __typename: 'Campaign', name: 'Sales_Demo' },
      { __typename: 'Campaign', name: 'Agents_Demo' },
    ];
    const sales = await entities(stack, asked, 'Bearer k-sales-0123456789');
    expect(sales.data?._entities).toEqual([expect.objectContaining({ name: 'Sales_Demo' }), null]);
    expect((await entities(stack, asked, 'Bearer k-writer-0123456789')).errors?.[0]?.message).toContain(
      '"read"',
    );
    expect((await entities(stack, asked)).status).toBe(401);
  });
});
