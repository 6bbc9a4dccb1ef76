import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { relayArtifacts } from './examples/relay/relay-artifacts.ts';
import { bundle } from './test/compile.ts';

/** These find their threads in the bundle: from source, each thread would load tsx first, for half a second. */
const starters = [
  '/src/store/database/embedded.ts',
  '/src/imports/files/xlsx.ts',
  '/src/scheduling/suppression-reader.ts',
];
const bundledThread = {
  name: 'bundled-thread',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    starters.some((starter) => id.endsWith(starter))
      ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(join(bundle, 'bundle.js')).href))
      : undefined,
};

/** Each is a command of its own, by the name of its npm script: they take most of the machine, or what is not on every one. */
const suites: Record<string, string> = {
  browser: 'test/**/*.browser.ts',
  memory: 'test/memory.ts',
  processes: 'test/**/*.process.ts',
  rolling: 'test/rolling.ts',
};

/** What takes longest. One of them that began last would be waited for alone; those that wait begin beside those that work. */
const longest = [
  'dialer/faults',
  'store/store-failures',
  'http/compression',
  'dialer/tls',
  'scheduling/idempotency',
  'dialer/outages',
  'scheduling/invariants',
  'dialer/dialects',
  'campaigns/suppression',
  'records/reschedule',
  'imports/times',
  'client/package',
  'clients/matrix',
  'dialer/reconciliation',
  'records/record-list',
  'dialer/retries',
  'store/store',
  'sandbox/errors-demo',
  'http/limits',
  'store/journal',
  'imports/file-properties',
  'telemetry/telemetry',
].map((name) => `/test/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(name));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  plugins: [bundledThread, relayArtifacts],
  // As Node resolves it: by graphql's "module" entry the tests would hold a second copy, whose errors are no errors to
  // yoga.
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      // From source: the package that npm links has to be built first.
      { find: /^@dialgraph\/client$/, replacement: resolve('client/src/index.ts') },
      { find: /^@dialgraph\/client\/([\w-]+)$/, replacement: `${resolve('client/src/generated')}/$1.ts` },
    ],
  },
  test: {
    include: [suites[process.env.npm_lifecycle_event ?? ''] ?? 'test/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/global-setup.ts'],
    setupFiles: ['test/setup.ts'],
    // V8 does not optimise the embedded store's WebAssembly: tests open the store often, and optimising costs more than it saves.
    // Of young objects, which the tests make many of, twice as few are copied where there is more room for them.
    execArgv: ['--liftoff-only', '--min-semi-space-size=64', '--max-semi-space-size=64'],
    // Modules are loaded once a worker: anew for every file, they cost a fifth of the run.
    isolate: false,
    // These end what hangs, and prove nothing: real sockets, processes, databases and a browser share two cores, which may be busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 170_000 } },
    maxConcurrency: 16,
    // Most of a test's time is waiting for something real.
    maxWorkers: 6,
  },
});
