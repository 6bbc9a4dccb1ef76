// Starts the product's own threads, wherever it runs from: source, compiled files or a bundle.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/** `parent`: the caller's `import.meta.url`; `name`: of the file beside it, without its ending. */
export function startThread(
  parent: string,
  name: string,
  options: Omit<WorkerOptions, 'execArgv'> = {},
): Worker {
  const isSource = parent.endsWith('.ts');
  return new Worker(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, parent), {
    ...options,
    execArgv: isSource ? ['--import', loader()] : [],
  });
}

/**
 * A process that runs from source may not have loaded tsx (vitest's has not), and on Node 20 `--import tsx` has no effect on
 * threads. tsx's CommonJS file looks for its loader in the wrong folder; the ES module is beside it.
 */
function loader(): string {
  const path = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs');
  const code = `import { register } from ${JSON.stringify(pathToFileURL(path).href)}; register();`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
