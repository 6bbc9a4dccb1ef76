// `npm run example`: the service with its sandbox, which calls nobody, and the pages beside it. All end with Ctrl-C.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const service = spawn(process.execPath, ['--import', 'tsx', 'src/serve.ts'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: ['ignore', 'pipe', 'inherit'],
});
service.stdout.pipe(process.stdout);
const createPage = (name: string) =>
  createServer({ configFile: fileURLToPath(new URL(`${name}/vite.config.ts`, import.meta.url)) });
const [web, relay] = await Promise.all([createPage('web'), createPage('relay')]);

service.once('exit', async (code) => {
  await Promise.all([web.close(), relay.close()]);
  process.exit(code ?? 0);
});
// A terminal sends Ctrl-C to all.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => service.kill());
process.on('exit', () => service.kill());

// It greets when it listens.
await once(service.stdout, 'data');
await Promise.all([web.listen(), relay.listen()]);
const [url] = web.resolvedUrls?.local ?? [];
const [relayUrl] = relay.resolvedUrls?.local ?? [];
console.log(
  `The page: open ${url} in a browser. ?client=apollo and ?client=urql have it go over those clients.`,
);
console.log(`A small page over Relay: ${relayUrl}`);
