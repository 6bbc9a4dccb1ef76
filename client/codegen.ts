// What is generated of the operations in client/operations: typed documents, for the client in client/src/generated and as texts for
// the service's own tests in test/gql; the file that makes them persisted operations; and what the clients' caches need to know of the
// schema.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { minifyIntrospection, outputIntrospectionFile } from 'gql.tada/internal';
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  introspectionFromSchema,
  isAbstractType,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';

const operations = 'client/operations';
const generated = 'client/src/generated';

/** By path. */
export async function operationFiles(sdl: string): Promise<Map<string, string>> {
  const schema = buildSchema(sdl);
  const documents = await readOperations();
  const texts = await typedDocuments(sdl, documents, 'string');
  const nodes = await typedDocuments(sdl, documents, 'documentNode');
  const persisted: Record<string, string> = {};
  const client = completed(fileOf(nodes, 'graphql.ts'), persisted);
  return new Map([
    ['test/gql/graphql.ts', fileOf(texts, 'graphql.ts')],
    ['test/gql/persisted-documents.json', fileOf(texts, 'persisted-documents.json')],
    ['client/persisted-documents.json', `${JSON.stringify(persisted, null, 2)}\n`],
    [`${generated}/graphql.ts`, client],
    [`${generated}/possible-types.ts`, possibleTypes(schema)],
    [`${generated}/introspection.ts`, introspection(schema)],
    [`${generated}/gql-tada.ts`, tadaTypes(schema)],
  ]);
}

type Operations = { location: string; rawSDL: string; document: DocumentNode }[];

async function readOperations(): Promise<Operations> {
  const documents = [];
  for (const name of (await readdir(operations)).sort()) {
    const location = `${operations}/${name}`;
    const rawSDL = await readFile(location, 'utf8');
    documents.push({ location, rawSDL, document: parse(rawSDL) });
  }
  return documents;
}

/** What the preset writes, by file name. */
async function typedDocuments(
  sdl: string,
  documents: Operations,
  documentMode: 'string' | 'documentNode',
): Promise<Map<string, string>> {
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir: '/',
    schema: parse(sdl),
    schemaAst: buildSchema(sdl),
    documents,
    config: {
      documentMode,
      useTypeImports: true,
      enumsAsTypes: true,
      scalars: { DateTime: 'string', TimeZone: 'string' },
    },
    presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
    plugins: [],
    pluginMap: {},
    pluginContext: {},
  });
  // The preset's other files serve documents written inside of source code.
  const typed = outputs.filter(({ filename }) => /\/(graphql\.ts|persisted-documents\.json)$/.test(filename));
  return new Map(
    await Promise.all(
      typed.map(async (output) => [basename(output.filename), await codegen(output)] as const),
    ),
  );
}

function fileOf(files: ReadonlyMap<string, string>, name: string): string {
  const file = files.get(name);
  if (file === undefined) throw new Error(`The preset has not written ${name}`);
  return file;
}

/**
 * A document carries its text, so that no client that sends texts needs graphql's printer, and the id under which an operation is
 * added to `persisted`.
 */
function completed(source: string, persisted: Record<string, string>): string {
  return source.replace(
    /^(export const \w+ = )(\{"kind":"Document".*\})( as unknown as DocumentNode<)/gm,
    (_, before: string, json: string, after: string) => {
      const document = withTypenames(JSON.parse(json) as DocumentNode);
      const body = stripIgnoredCharacters(print(document));
      const hash = `sha256:${createHash('sha256').update(body).digest('hex')}`;
      const isOperation = document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      if (isOperation) persisted[hash] = body;
      const meta = isOperation ? { __meta__: { hash } } : {};
      return `${before}${JSON.stringify({ ...meta, ...document, loc: { source: { body } } })}${after}`;
    },
  );
}

/**
 * With __typename wherever Apollo Client and urql would add it, since their caches need it in the answer, also where only the id is
 * sent. They leave out the root: its type is known, and a subscription has one field.
 */
function withTypenames(document: DocumentNode): DocumentNode {
  const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
  return visit(document, {
    SelectionSet(node, _, parent): SelectionSetNode | undefined {
      const isRoot = parent !== undefined && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION;
      const isThere = node.selections.some(
        (selection) => selection.kind === Kind.FIELD && selection.name.value === '__typename',
      );
      return isRoot || isThere ? undefined : { ...node, selections: [typename, ...node.selections] };
    },
  });
}

/** What Apollo Client's cache is told: which types each interface and union stands for. */
function possibleTypes(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((type) => [
      type.name,
      schema
        .getPossibleTypes(type)
        .map(({ name }) => name)
        .sort(),
    ]);
  return moduleOf(
    'For `new InMemoryCache({ possibleTypes })` of Apollo Client.',
    `possibleTypes: Record<string, string[]> = ${JSON.stringify(Object.fromEntries(types), null, 2)}`,
  );
}

/** What urql's Graphcache is told: which types and fields there are, and which may be null. */
function introspection(schema: GraphQLSchema): string {
  const { __schema } = introspectionFromSchema(schema, { descriptions: false });
  const types = __schema.types.filter(({ name }) => !name.startsWith('__'));
  const needless = ['isDeprecated', 'deprecationReason', 'defaultValue', 'specifiedByURL', 'isOneOf'];
  const json = JSON.stringify({ __schema: { ...__schema, directives: undefined, types } }, (key, value) =>
    needless.includes(key) ? undefined : value,
  );
  return moduleOf(
    "For `cacheExchange({ schema: introspection })` of urql's Graphcache.",
    `introspection: {
  __schema: {
    queryType: { name: string; kind: string };
    mutationType: { name: string; kind: string } | null;
    subscriptionType: { name: string; kind: string } | null;
    types: readonly any[];
  };
} = ${json}`,
  );
}

/** What gql.tada is told, as its own command writes it. That one does not run beside TypeScript 7. */
function tadaTypes(schema: GraphQLSchema): string {
  const minified = minifyIntrospection(introspectionFromSchema(schema, { descriptions: false }));
  const text = outputIntrospectionFile(minified, { fileType: '.d.ts', shouldPreprocess: true });
  // The rest declares it for a whole project, with no types for the scalars.
  const [types = ''] = text.split("import * as gqlTada from 'gql.tada'");
  return types
    .replace(/\/\*\* An IntrospectionQuery[\s\S]*?\*\/\n/, '/** For `initGraphQLTada` of gql.tada. */\n')
    .trimEnd()
    .concat('\n');
}

function moduleOf(description: string, code: string): string {
  return `// Written by \`npm run codegen\`.\n\n/** ${description} */\nexport const ${code};\n`;
}
