// How much of an answer one document may ask for: all that there is, once.

import { type GraphQLOutputType, getNamedType, isAbstractType, isCompositeType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/index.ts';
import { post, startStack } from '../harness.ts';

/** All that there is of a type, each type once on the way. */
function everythingOf(type: GraphQLOutputType, above: readonly string[] = []): string {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return '';
  const types = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
  const parts = types.map((type) => {
    const fields = Object.values(type.getFields())
      .filter((field) => !above.includes(getNamedType(field.type).name))
      .map((field) => `${field.name}${everythingOf(field.type, [...above, named.name])}`);
    return `... on ${type.name} { ${fields.join(' ')} }`;
  });
  return ` { __typename ${parts.join(' ')} }`;
}

describe('everything that there is of a page', () => {
  it.each([
    ['imports', 'imports(first: 100)'],
    ['campaignRecords', 'campaignRecords(first: 100)'],
    ['import', 'import(id: "none")'],
    ['campaigns', 'campaigns'],
    ['campaign', 'campaign(name: "Sales_Demo")'],
    ['limits', 'limits'],
    ['viewer', 'viewer'],
  ])('may be asked for at once: %s', async (name, field) => {
    const stack = await startStack();
    const type = schema.getQueryType()?.getFields()[name]?.type as GraphQLOutputType;
    const { status, errors } = await post(stack, { query: `{ ${field}${everythingOf(type)} }` });
    expect([status, errors]).toEqual([200, undefined]);
  });
});
