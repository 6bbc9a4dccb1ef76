// The app as a process runs it: compiled, as it is packed; and bundled, which starts in a third of the time.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/** Inside of node_modules, so that the packages are found from there. */
export const packed = 'node_modules/.cache/dialgraph/compiled';

/** `serve.js` and `cli.js` with all that they load. */
export async function compileApp(folder = packed): Promise<void> {
  const compiler = 'node_modules/typescript/bin/tsc';
  const options = ['-p', 'tsconfig.build.json', '--outDir', folder, '--noCheck', '--sourceMap', 'false'];
  await promisify(execFile)(process.execPath, [compiler, ...options]);
}

export const bundle = 'node_modules/.cache/dialgraph/bundle';

/** What processes of the tests start from, or import: each is a file of its own name in the bundle. */
const entryPoints = [
  'src/serve.ts',
  'src/cli.ts',
  'src/shutdown.ts',
  'src/imports/files/xlsx-worker.ts',
  'src/sandbox/main.ts',
  'src/scheduling/suppression-worker.ts',
  'src/store/database/database.ts',
  'src/store/database/directory-lock.ts',
  'src/store/database/embedded-worker.ts',
  'src/telemetry/log.ts',
];

/**
 * The entry points with the packages that they load, likewise into a folder inside of node_modules: most of a start is spent on
 * finding and opening a thousand files.
 */
export async function bundleApp(): Promise<void> {
  await build({
    entryPoints,
    entryNames: '[name]',
    outdir: bundle,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // A third less to read and compile in each process. Names stay: errors and logs tell them.
    minifyWhitespace: true,
    minifySyntax: true,
    // It reads its WebAssembly from the folder in which it lies.
    external: ['@electric-sql/pglite'],
    // Packages in CommonJS require Node's own modules.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  // Without it Node parses each file once more to find out of which kind it is.
  await writeFile(join(bundle, 'package.json'), '{ "type": "module" }');
}
