import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As Node resolves it: by graphql's "module" entry the tests would hold a second copy, whose errors are no errors to
  // yoga.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // `npm run rolling` takes a quarter of a minute, and is not for every change.
    include: [process.env.npm_lifecycle_event === 'rolling' ? 'test/rolling.ts' : 'test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    // Modules are loaded once a worker: anew for every file, they cost a fifth of the run.
    isolate: false,
    // Real sockets, processes and a browser share two cores.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    expect: { poll: { timeout: 10_000 } },
    maxConcurrency: 8,
    // Most of a test's time is waiting for something real.
    maxWorkers: 4,
  },
});
