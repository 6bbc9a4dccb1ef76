// The real processes of a soak: the sandbox, and the app, which is killed and started again at the same port.
// Keeps everything that they print. Whatever still runs when the soak ends is killed with it.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Running {
  readonly url: string;
  /** Ends it as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it as an operator would. Rejects where its exit code is not 0. */
  stop(): Promise<void>;
}

export interface App {
  readonly url: string;
  /** As a power cut would. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again, at the same port. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** All that it printed, of all its lives. */
  output(): string;
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

export function startSandbox(apiKey: string, userName: string): Promise<Running> {
  const env = { SANDBOX_PORT: '0', SANDBOX_API_KEY: apiKey, SANDBOX_USER_NAME: userName };
  return start('src/sandbox/main.ts', env, /DIALER_URL=(\S+)/, () => {});
}

export async function startApp(env: Readonly<Record<string, string>>): Promise<App> {
  let output = '';
  const launch = (port: string) =>
    start('src/main.ts', { ...env, PORT: port }, /GraphQL at (\S+)/, (text) => {
      output += text;
    });
  let running = await launch('0');
  const { url } = running;
  return {
    url,
    kill: () => running.kill(),
    async start() {
      running = await launch(new URL(url).port);
    },
    stop: () => running.stop(),
    output: () => output,
  };
}

async function start(
  script: string,
  env: Readonly<Record<string, string>>,
  greeting: RegExp,
  print: (text: string) => void,
): Promise<Running> {
  const child = spawn(process.execPath, ['--import', 'tsx', script], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const exited = once(child, 'close').then(([code]: (number | null)[]) => {
    children.delete(child);
    return code ?? null;
  });
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
  return {
    url,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await exited;
      if (code !== 0) throw new Error(`${script} ended with ${code} on SIGTERM: ${printed}`);
    },
  };
}
