// The command `dialgraph` as a process of its own, beside a server that runs, and files for it.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import type { Stack } from '../harness.ts';
import { uploadsFolder } from '../imports/importing.ts';
import { type Running, runCommand } from '../process.ts';

const cli = [process.execPath, join(dirname(inject('app')), 'cli.js')];

export function dialgraph(
  { url }: Pick<Stack, 'url'>,
  args: string[],
  env: Record<string, string> = {},
): Running {
  return runCommand([...cli, ...args], { DIALGRAPH_URL: url, ...env });
}

/** From source, as the documentation has it, printing into a pipe that nobody reads; it tells its exit code. */
export function unread({ url }: Pick<Stack, 'url'>, args: string[]): Running {
  const script = '{ "$@"; echo "code $?" >&2; } | true';
  return runCommand(['sh', '-c', script, 'sh', 'npx', 'tsx', 'src/cli.ts', ...args], { DIALGRAPH_URL: url });
}

export function fileOf(text: string | Uint8Array, name = 'leads.csv'): string {
  const folder = uploadsFolder();
  mkdirSync(folder);
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

export const campaign = ['--campaign', 'Sales_Demo'];
