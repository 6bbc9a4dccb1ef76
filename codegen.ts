// Writes what follows from the schema in src/schema: `schema.graphql`, the contract; `docs/errors.md`; and in `test/gql/` the
// typed documents of the operations in `test/operations/`, and the file that makes them persisted operations. `docs/settings.md`
// follows from the settings' table. With --check it writes nothing and fails where a file is stale.

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { preset } from '@graphql-codegen/client-preset';
import { codegen } from '@graphql-codegen/core';
import { buildASTSchema, lexicographicSortSchema, parse, printSchema } from 'graphql';
import { errorsPage, settingsPage } from './docs/pages.ts';
import { schema } from './src/schema/index.ts';

const sdl = printSchema(lexicographicSortSchema(schema));
const files = new Map([
  ['schema.graphql', `${sdl}\n`],
  ['docs/errors.md', errorsPage(schema)],
  ['docs/settings.md', settingsPage()],
  ...(await typedDocuments('test/operations', 'test/gql/')),
]);

if (process.argv.includes('--check')) {
  for (const [path, content] of files)
    if ((await readFile(path, 'utf8').catch(() => null)) !== content) {
      console.error(`${path} is stale: run npm run codegen and commit what it writes.`);
      process.exitCode = 1;
    }
} else {
  for (const [path, content] of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

async function typedDocuments(from: string, to: string): Promise<[string, string][]> {
  const documents = [];
  for (const name of (await readdir(from)).sort()) {
    const location = `${from}/${name}`;
    const rawSDL = await readFile(location, 'utf8');
    documents.push({ location, rawSDL, document: parse(rawSDL) });
  }
  const outputs = await preset.buildGeneratesSection({
    baseOutputDir: to,
    schema: parse(sdl),
    schemaAst: buildASTSchema(parse(sdl)),
    documents,
    config: {
      documentMode: 'string',
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
  return Promise.all(
    typed.map(async (output): Promise<[string, string]> => [output.filename, await codegen(output)]),
  );
}
