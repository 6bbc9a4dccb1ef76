// The real processes of a soak: the sandbox, and the app, which is killed, stopped for a while, and started again at the
// same port. Keeps everything that they print. Whatever still runs when the soak ends is killed with it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileApp } from '../compile.ts';

export interface Running {
  readonly url: string;
  /** Ends it as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it as an operator would. Rejects where its exit code is not 0. */
  stop(): Promise<void>;
}

export interface App extends Running {
  /** Starts it again, at the same port. */
  start(): Promise<void>;
  /** It stands still, as a suspended machine does, until resume() or its end. */
  pause(): void;
  resume(): void;
  /** All that it printed, of all its lives. */
  output(): string;
  /** How often it ended though nobody had ended it. */
  deaths(): number;
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const build = 'node_modules/.cache/dialgraph-processes';
let compiling: Promise<void> | undefined;
/** How often an app that does not start is started again, as an orchestrator would: its database may be gone for a while. */
const maxStarts = 20;

export function startSandbox(apiKey: string, userName: string): Promise<Running> {
  const env = { SANDBOX_PORT: '0', SANDBOX_API_KEY: apiKey, SANDBOX_USER_NAME: userName };
  return start('sandbox/main.js', env, /DIALER_URL=(\S+)/, () => {});
}

export async function startApp(env: Readonly<Record<string, string>>): Promise<App> {
  let output = '';
  let deaths = 0;
  const launch = (port: string) =>
    start('serve.js', { ...env, PORT: port }, /GraphQL at (\S+)/, (text) => {
      output += text;
    });
  let running = await launch('0');
  const { url } = running;
  const watch = ({ died }: Launched) => void died.then(() => deaths++);
  watch(running);
  return {
    url,
    kill: () => running.kill(),
    async start() {
      for (let attempt = 1; ; attempt++)
        try {
          running = await launch(new URL(url).port);
          return watch(running);
        } catch (error) {
          if (attempt === maxStarts) throw error;
          await sleep(500);
        }
    },
    stop: () => running.stop(),
    pause: () => running.signal('SIGSTOP'),
    resume: () => running.signal('SIGCONT'),
    output: () => output,
    deaths: () => deaths,
  };
}

interface Launched extends Running {
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves where it ends and neither kill() nor stop() was called. */
  readonly died: Promise<void>;
}

async function start(
  script: string,
  env: Readonly<Record<string, string>>,
  greeting: RegExp,
  print: (text: string) => void,
): Promise<Launched> {
  compiling ??= compileApp(build);
  await compiling;
  const child = spawn(process.execPath, [join(build, script)], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const exited = once(child, 'close').then(([code]: (number | null)[]) => {
    children.delete(child);
    return code ?? null;
  });
  let isEnded = false;
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        const text = data.toString('utf8');
        print(text);
        printed = (printed + text).slice(-10_000);
        const match = greeting.exec(printed);
        if (match?.[1] !== undefined) resolve(match[1]);
      });
    exited.then((code) => reject(new Error(`${script} ended with ${code} before it was ready: ${printed}`)));
  });
  const died = new Promise<void>((resolve) => {
    exited.then(() => {
      if (!isEnded) resolve();
    });
  });
  return {
    url,
    died,
    signal: (name) => void child.kill(name),
    async kill() {
      isEnded = true;
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      isEnded = true;
      child.kill('SIGTERM');
      const code = await exited;
      if (code !== 0) throw new Error(`${script} ended with ${code} on SIGTERM: ${printed}`);
    },
  };
}
