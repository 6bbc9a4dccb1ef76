// Writes what follows from the schema in src/schema: `schema.graphql`, the contract; `schema.federation.graphql`, the same for the
// routers of a federation; `docs/errors.md`; and of the operations in `client/operations/` the typed documents, as texts for the tests
// in `test/gql/`, and as documents for the client in `client/src/generated/`, with what the clients' caches need to know.
// `docs/settings.md` follows from the settings' table. With --check it writes nothing and fails where a file is stale.

import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { operationFiles } from './client/codegen.ts';
import { errorsPage, settingsPage, withSnippets } from './docs/pages.ts';
import { subgraphSdl } from './src/schema/federation.ts';
import { schema } from './src/schema/index.ts';
import { printedSchema } from './src/schema/printed-schema.ts';
import { compileRelay } from './test/clients/codegen.ts';

const sdl = printedSchema(schema);
const files = new Map([
  ['schema.graphql', sdl],
  ['schema.federation.graphql', `${subgraphSdl}\n`],
  ['docs/errors.md', errorsPage(schema)],
  ['docs/settings.md', settingsPage()],
  [
    'docs/front-end.md',
    withSnippets(readFileSync('docs/front-end.md', 'utf8'), (path) => readFileSync(path, 'utf8')),
  ],
  ...(await operationFiles(sdl)),
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

// Relay's compiler reads the schema from its file.
const isCheck = process.argv.includes('--check');
if (!compileRelay(isCheck)) {
  if (isCheck) console.error('An artifact of Relay is stale: run npm run codegen and commit what it writes.');
  process.exitCode = 1;
}
