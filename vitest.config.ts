import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real sockets, processes and a browser share two cores.
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
