// The graph as a subgraph of a federation (Apollo Federation 2), for routers that compose it with the graphs of others: the plain one,
// and what routers need besides. It is made after the plain one, which has none of it.
//
// @pothos/plugin-federation would print it with @apollo/federation-internals, whose licence (Elastic-2.0) is not one of those that
// licenses.ts allows. What the plugin would add stands here.

import { type ConstDirectiveNode, GraphQLError, Kind, parse, print, visit } from 'graphql';
import type { ImportView } from '../imports/import.ts';
import { builder, type Representation } from './builder.ts';
import { CampaignType, findCampaign, type NamedCampaign } from './campaigns.ts';
import type { Context } from './context.ts';
import { ImportType } from './import.ts';
import { findImport } from './imports.ts';
import { schema } from './index.ts';
import { printedSchema } from './printed-schema.ts';

interface Entity {
  /** The field that is its key. */
  key: string;
  /** Null where it does not exist for the caller. */
  find(key: string, context: Context): Promise<NamedCampaign | ImportView | null>;
}

/** By type. */
const entities = new Map<string, Entity>([
  ['Campaign', { key: 'name', find: findCampaign }],
  ['Import', { key: 'id', find: findImport }],
]);

/** Types that other subgraphs may have too, with the same fields. */
const shareable = new Set(['PageInfo']);

/** In one request. A router asks once for each entity of an answer that it puts together. */
const maxRepresentations = 1000;

/** The plain schema in the words of Apollo Federation 2: what `_service` tells. */
export const subgraphSdl = printSubgraph();

builder.scalarType('_Any', {
  description:
    'What a router knows of an entity: an object with its `__typename`, and the field that is its key, such as `{ "__typename": "Campaign", "name": "Sales_Demo" }`.',
  serialize: () => {
    throw new TypeError('_Any is an input only');
  },
  parseValue: (value) => {
    if (!isRepresentation(value)) throw new TypeError('_Any must be an object with a __typename');
    return value;
  },
});

const EntityType = builder.unionType('_Entity', {
  description: 'What a router can ask for by its key.',
  types: [CampaignType, ImportType],
  resolveType: (entity) => ('definition' in entity ? CampaignType : ImportType),
});

const ServiceType = builder.objectRef<{ sdl: string }>('_Service').implement({
  description: 'What a router composes this graph from.',
  fields: (t) => ({
    sdl: t.exposeString('sdl', {
      description:
        'This graph in the schema definition language, with the directives of Apollo Federation 2: `schema.federation.graphql`.',
    }),
  }),
});

builder.queryField('_service', (t) =>
  t.field({
    type: ServiceType,
    description:
      'For routers and the tools that compose graphs. It tells what introspection tells, so it takes a credential where one is asked for, and no scope.',
    resolve: () => ({ sdl: subgraphSdl }),
  }),
);

builder.queryField('_entities', (t) =>
  t.field({
    type: [EntityType],
    // Federation wants a list that is not null. A router asks for nothing else beside it.
    nullable: { list: false, items: true },
    description: `For routers: entities by their keys, in the order of \`representations\`, at most ${maxRepresentations} in a request. Null where there is none, or you may not use it, as \`campaign(name:)\` and \`import(id:)\` have it.`,
    authScopes: { scope: 'read' },
    extensions: { maxItems: maxRepresentations },
    args: {
      representations: t.arg({
        type: ['_Any'],
        required: true,
        description: 'The entities, each by its `__typename` and its key.',
      }),
    },
    resolve: (_root, { representations }, context) => {
      countRepresentations(representations.length, context);
      return representations.map((representation) => resolveEntity(representation, context));
    },
  }),
);

/** The graph with all of it. */
export const subgraph = builder.toSchema();

/** An error is that of its own entity alone. */
async function resolveEntity({ __typename, ...fields }: Representation, context: Context) {
  const entity = entities.get(__typename);
  if (entity === undefined)
    throw badUserInput(`There are entities of the types ${[...entities.keys()].join(', ')}, and no others.`);
  const key = new Map(Object.entries(fields)).get(entity.key);
  if (typeof key !== 'string')
    throw badUserInput(`A representation of ${__typename} needs its "${entity.key}", a text.`);
  return entity.find(key, context);
}

/** How many each request has asked for, all of its fields together. */
const asked = new WeakMap<Context, number>();

function countRepresentations(count: number, context: Context): void {
  const total = (asked.get(context) ?? 0) + count;
  asked.set(context, total);
  if (total > maxRepresentations)
    throw badUserInput(
      `A request may ask for at most ${maxRepresentations} entities, and this one asks for more.`,
    );
}

function badUserInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

function isRepresentation(value: unknown): value is Representation {
  return (
    typeof value === 'object' &&
    value !== null &&
    '__typename' in value &&
    typeof value.__typename === 'string'
  );
}

function printSubgraph(): string {
  const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])`;
  const document = visit(parse(printedSchema(schema)), {
    ObjectTypeDefinition(node) {
      const key = entities.get(node.name.value)?.key;
      const added = [
        ...(key === undefined ? [] : [directive('key', { fields: key })]),
        ...(shareable.has(node.name.value) ? [directive('shareable')] : []),
      ];
      return { ...node, directives: [...(node.directives ?? []), ...added] };
    },
  });
  return `${link}\n\n${print(document)}`;
}

function directive(name: string, args: Readonly<Record<string, string>> = {}): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([key, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: key },
      value: { kind: Kind.STRING, value },
    })),
  };
}
