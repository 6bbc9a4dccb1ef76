// How the page is built and served: as the page of examples/web is, and `graphql` tags stand for Relay's artifacts.

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { proxy } from '../web/vite.config.ts';
import { relayArtifacts } from './relay-artifacts.ts';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: folder('.'),
  publicDir: folder('../web/public'),
  plugins: [relayArtifacts],
  resolve: { dedupe: ['react', 'react-dom', 'relay-runtime'] },
  esbuild: { jsx: 'automatic' },
  build: { target: 'es2023', chunkSizeWarningLimit: 700 },
  server: { host: '127.0.0.1', port: 5174, proxy },
  preview: { host: '127.0.0.1', port: 5174, proxy },
});
