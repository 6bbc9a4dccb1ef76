// The artifacts of Relay's compiler, for test/clients and for examples/relay, which it writes and checks itself.

import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const compiler = resolve('node_modules/relay-compiler/cli.js');

/** `isCheck`: nothing is written. Returns whether the artifacts are up to date. */
export function compileRelay(isCheck: boolean): boolean {
  const options = ['--output', 'quiet-with-errors', '--noWatchman', ...(isCheck ? ['--validate'] : [])];
  const compile = (cwd: string, config: string) =>
    spawnSync(process.execPath, [compiler, config, ...options], { cwd, stdio: 'inherit' }).status;
  const codes = [
    compile('.', 'test/clients/relay.config.json'),
    compile('examples/relay', 'relay.config.json'),
  ];
  return codes.every((code) => code === 0);
}
