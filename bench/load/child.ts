// A process of the bench. States: starting, without this process's environment → (it prints where it listens) ready → (close, a
// signal) ended. Its CPU time and peak memory are read from /proc, so that nothing is added to the code that is measured.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connections } from '../settings.ts';

export interface Child {
  readonly url: string;
  /** The CPU time of all of its threads so far, in microseconds. */
  cpuMicros(): number;
  /** The most memory that it has had, in bytes, since its start or since the peak was forgotten. */
  peakBytes(): number;
  forgetPeak(): void;
  close(): Promise<void>;
}

const startMs = 30_000;
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

export async function startChild(script: string, env: Readonly<Record<string, string>>): Promise<Child> {
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', BENCH_CONNECTIONS: String(connections), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exited = once(child, 'exit').then(() => running.delete(child));
  const url = await listening(child, script);
  const proc = `/proc/${child.pid}`;
  return {
    url,
    cpuMicros: () =>
      readdirSync(`${proc}/task`).reduce((sum, task) => sum + threadNanos(`${proc}/task/${task}`), 0) / 1000,
    peakBytes() {
      const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`${proc}/status`, 'utf8')) ?? [];
      return Number(kilobytes) * 1024;
    },
    forgetPeak: () => writeFileSync(`${proc}/clear_refs`, '5'),
    async close() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(late);
    },
  };
}

function listening(child: ChildProcess, script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${script} does not listen`)), startMs);
    let printed = '';
    child.stdout?.on('data', (text: Buffer) => {
      printed += String(text);
      const [url] = /http:\/\/127\.0\.0\.1:\d+\S*(?=\s)/.exec(printed) ?? [];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
      child.stdout?.removeAllListeners('data').resume();
    });
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
  });
}

/** The scheduler's count in nanoseconds; `stat` has hundredths of a second only. The thread may have ended meanwhile. */
function threadNanos(task: string): number {
  try {
    return Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}
