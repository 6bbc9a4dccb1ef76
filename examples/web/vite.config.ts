// How the page is built and served. GraphQL and the files of imports are passed on to the service, so that the page and the API have
// one origin. In production your reverse proxy does the same, or the service's CORS_ORIGINS names the page's origin.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const target = process.env.DIALGRAPH_URL ?? `http://127.0.0.1:${process.env.PORT ?? 4000}`;
const toService = { target, changeOrigin: true };
export const proxy = { '/graphql': toService, '/imports': toService };

const source = (file: string) => fileURLToPath(new URL(`../../client/src/${file}`, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: {
    // The client's sources, so that it need not be built first. A page that has installed the package leaves this out.
    alias: [
      { find: /^@dialgraph\/client$/, replacement: source('index.ts') },
      { find: /^@dialgraph\/client\/react$/, replacement: source('react.ts') },
      {
        find: /^@dialgraph\/client\/possible-types$/,
        replacement: source('generated/possible-types.ts'),
      },
    ],
    dedupe: ['react', 'react-dom', 'graphql'],
  },
  esbuild: { jsx: 'automatic' },
  build: { target: 'es2023', chunkSizeWarningLimit: 700 },
  server: { host: '127.0.0.1', port: 5173, proxy },
  preview: { host: '127.0.0.1', port: 5173, proxy },
});
