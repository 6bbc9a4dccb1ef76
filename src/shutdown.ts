// The end of the process: steps in their order, and a deadline for all of them together.
// States: running → (first signal) ending → exited. The deadline and a second signal lead from ending to exited at once, with
// exit code 1.

import { spawn } from 'node:child_process';
import { answerWithin } from './dialer/transport/deadlines.ts';

/** What is waited for, in words that follow "waited for", and what to do. A step of several parts calls `waitingFor` with each. */
export type Step = readonly [what: string, run: (waitingFor: (what: string) => void) => unknown];

export interface Shutdown {
  /** Runs the steps one after the other. Rejects if one does. */
  close(): Promise<void>;
  /** Ends the process as a signal would, with this exit code. */
  end(code: number): void;
  /** From now on SIGINT and SIGTERM end the process. */
  endOnSignals(): void;
}

/** After the last answer, idle connections are closed after so long. */
export const flushMs = 2000;
/** For the store, the sandbox and the collector of traces. */
const closeMs = 10_000;

export function endDeadlineMs({ drainMs, timeoutMs }: { drainMs: number; timeoutMs: number }): number {
  return drainMs + answerWithin(timeoutMs) + flushMs + closeMs;
}

/** `deadlineMs`: of all steps together, from the first signal on. */
export function createShutdown(steps: readonly Step[], deadlineMs: number): Shutdown {
  let at = 'nothing';
  const waitingFor = (what: string) => {
    at = what;
  };
  const close = async () => {
    for (const [what, run] of steps) {
      waitingFor(what);
      await run(waitingFor);
    }
  };
  let isEnding = false;
  const end = (code: number) => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => {
      console.error(`The end took over ${deadlineMs / 1000} s and was cut short: it waited for ${at}`);
      exit(1);
    }, deadlineMs);
    close().then(
      () => exit(code),
      (error) => {
        console.error(error);
        exit(1);
      },
    );
  };
  return {
    close,
    end,
    endOnSignals() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.on(signal, () => {
          if (isEnding) exit(1);
          console.log(`${signal}: finishing what was sent (again: stop at once)`);
          end(0);
        });
    },
  };
}

/** What process.exit does takes less: the last lines of the log have half a second. */
const exitMs = 2000;
/** What Node calls the calls of the system that it makes in threads. */
const callOfSystem = /^(FSReq|GetAddrInfo|GetNameInfo)/;

/**
 * Exits, with what is written of the log so far. Node would wait there for calls of the system that hang (a file on a server
 * that is gone, a name that nobody resolves) without end, and deaf to signals: a process of its own then kills this one.
 */
function exit(code: number): never {
  if (code !== 0 || process.getActiveResourcesInfo().some((name) => callOfSystem.test(name))) {
    const isHere = `process.ppid === ${process.pid}`;
    const kill = `setInterval(() => ${isHere} || process.exit(), 50);
      setTimeout(() => ${isHere} && process.kill(process.ppid, 'SIGKILL'), ${exitMs})`;
    const options = { env: {}, detached: true, stdio: 'ignore' } as const;
    spawn(process.execPath, ['-e', kill], options).on('error', () => {});
  }
  process.exit(code);
}
