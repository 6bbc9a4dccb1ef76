// The artifacts of Relay's compiler for test/clients, which it writes and checks itself.

import { spawnSync } from 'node:child_process';

const compiler = 'node_modules/relay-compiler/cli.js';

/** `isCheck`: nothing is written. Returns whether the artifacts are up to date. */
export function compileRelay(isCheck: boolean): boolean {
  const options = ['test/clients/relay.config.json', '--output', 'quiet-with-errors', '--noWatchman'];
  const args = [compiler, ...options, ...(isCheck ? ['--validate'] : [])];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0;
}
