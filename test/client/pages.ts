// Pages of a front end, served from a socket of their own, with the package bundled as a bundler does it.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';

/** Serves the page of page.ts at `/`, and at `/opaque` as one that may keep nothing. Returns its address. */
export async function servePages(onFinished: (end: () => void) => void): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['test/client/page.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  const script = outputFiles[0]?.contents;
  const server = createServer(({ url }, res) => {
    const policy = url === '/opaque' && { 'content-security-policy': 'sandbox allow-scripts' };
    if (url === '/page.js') {
      res.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' });
      res.end(script);
    } else if (url === '/' || url === '/opaque') {
      res.writeHead(200, { 'content-type': 'text/html', ...policy });
      res.end('<!doctype html><title>A front end</title><script src="/page.js" type="module"></script>');
    } else res.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
