// `npm run example`: the service with its sandbox, which calls nobody, and the page beside it. Both end with Ctrl-C.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const service = spawn(process.execPath, ['--import', 'tsx', 'src/serve.ts'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
service.stdout.pipe(process.stdout);
const page = await createServer({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)) });

service.once('exit', async (code) => {
  await page.close();
  process.exit(code ?? 0);
});
// A terminal sends Ctrl-C to both.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => service.kill());
process.on('exit', () => service.kill());

// It greets when it listens.
await once(service.stdout, 'data');
await page.listen();
const [url] = page.resolvedUrls?.local ?? [];
console.log(
  `The page: open ${url} in a browser. ?client=apollo and ?client=urql have it go over those clients.`,
);
