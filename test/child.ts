// A second process that runs code of ours, for what only a process can do: die, and be another.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { inject, onTestFinished } from 'vitest';

export interface Child {
  process: ChildProcessWithoutNullStreams;
  /** What it writes to its standard output. */
  lines: Interface;
  /** What it has written to its standard error. */
  errors(): string;
}

/** The URL of an entry point of the bundle, for an import in a child's code. */
export function bundled(file: string): string {
  return pathToFileURL(join(dirname(inject('app')), file)).href;
}

/** Runs an ES module; the test's end kills it. */
export function runChild(code: string, flags: readonly string[] = []): Child {
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', code]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return { process: child, lines: createInterface({ input: child.stdout }), errors: () => errors };
}
