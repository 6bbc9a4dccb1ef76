// A second process that runs code of ours, for what only a process can do: die, and be another.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { onTestFinished } from 'vitest';

export interface Child {
  process: ChildProcessWithoutNullStreams;
  /** What it writes to its standard output. */
  lines: Interface;
  /** What it has written to its standard error. */
  errors(): string;
}

/** A source file's URL, for an import in a child's code. */
export function sourceOf(file: string): string {
  return new URL(`../src/${file}`, import.meta.url).href;
}

/** Runs an ES module, TypeScript within its imports; the test's end kills it. */
export function runChild(code: string): Child {
  const child = spawn(process.execPath, [
    ...['--liftoff-only', '--import', 'tsx', '--input-type=module', '-e', code],
  ]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return { process: child, lines: createInterface({ input: child.stdout }), errors: () => errors };
}
