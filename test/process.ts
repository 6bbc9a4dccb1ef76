// Starts the project's own processes as a user would, reads what they print, and ends them with the test.

import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { inject, onTestFinished } from 'vitest';

export interface Running {
  child: ChildProcess;
  output: () => string;
  /** Resolves when the output has matched. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  exited: Promise<number | null>;
}

/** The test's own where tests run side by side. */
export type OnFinished = (end: () => void | Promise<void>) => void;

/** An entry point of the bundle. */
export function run(file: string, env: Record<string, string> = {}): Running {
  return runCommand([process.execPath, join(dirname(inject('app')), file)], env);
}

/** The app, bundled: it starts in a third of the time. Where it is given no store, it shares the run's server. */
export function runApp(env: Record<string, string>, onFinished: OnFinished = onTestFinished): Running {
  const isEmbedded = env.DATA_DIR !== undefined;
  const store = isEmbedded || env.DATABASE_URL !== undefined ? {} : { DATABASE_URL: inject('postgresUrl') };
  // As vitest.config.ts has it for the tests themselves. Without an embedded store it would only cost: with any such flag Node
  // compiles its own modules anew.
  const flags = isEmbedded ? ['--liftoff-only'] : [];
  return runCommand([process.execPath, ...flags, inject('app')], { ...store, ...env }, onFinished);
}

export function runCommand(
  [command = '', ...args]: string[],
  env: Record<string, string>,
  onFinished: OnFinished = onTestFinished,
): Running {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  const listeners = new Set<() => void>();
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data;
      for (const listener of listeners) listener();
    });
  return {
    child,
    output: () => output,
    exited,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          if (match !== null) resolve(match);
        };
        listeners.add(look);
        exited.then(() => reject(new Error(`ended without printing ${pattern}: ${output}`)));
        look();
      }),
  };
}
