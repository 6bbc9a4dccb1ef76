// What is generated of the operations in client/operations: typed documents, for the client in client/src/generated and as texts for
// the service's own tests in test/gql; the file that makes them persisted operations; and what the clients' caches need to know of the
// schema.

import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  introspectionFromSchema,
  isAbstractType,
  parse,
  print,
  stripIgnoredCharacters,
} from 'graphql';

const operations = 'client/operations';
const generated = 'client/src/generated';

/** By path. */
export async function operationFiles(sdl: string): Promise<Map<string, string>> {
  const schema = buildSchema(sdl);
  const documents = await readOperations();
  const texts = await typedDocuments(sdl, documents, 'string');
  const nodes = await typedDocuments(sdl, documents, 'documentNode');
  const persisted = fileOf(texts, 'persisted-documents.json');
  return new Map([
    ['test/gql/graphql.ts', fileOf(texts, 'graphql.ts')],
    ['test/gql/persisted-documents.json', persisted],
    ['client/persisted-documents.json', persisted],
    [`${generated}/graphql.ts`, withTexts(fileOf(nodes, 'graphql.ts'))],
    [`${generated}/possible-types.ts`, possibleTypes(schema)],
    [`${generated}/introspection.ts`, introspection(schema)],
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

/** A document carries its text, so that no client that sends texts needs graphql's printer. */
function withTexts(source: string): string {
  return source.replace(
    /^(export const \w+ = )(\{"kind":"Document".*\})( as unknown as DocumentNode<)/gm,
    (_, before: string, json: string, after: string) => {
      const document = JSON.parse(json) as DocumentNode;
      const body = stripIgnoredCharacters(print(document));
      return `${before}${JSON.stringify({ ...document, loc: { source: { body } } })}${after}`;
    },
  );
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

function moduleOf(description: string, code: string): string {
  return `// Written by \`npm run codegen\`.\n\n/** ${description} */\nexport const ${code};\n`;
}
