// One piece of work at a time under a name, over all tabs of a browser.
// States of a name: free → at work, here or in another tab → free. Who comes while it is at work is refused. What was stopped is waited
// for, since a component that is shown anew begins before the old one's work has ended, and so does a page after a reload.

import { JobRunsElsewhereError } from './errors.ts';

interface AtWork {
  signal: AbortSignal | undefined;
  ended: Promise<unknown>;
}

/** Of this page. Where there are no Web Locks, they are all that can be known. */
const atWork = new Map<string, AtWork>();

/** A tab that was closed or reloaded has given its lock back by then. */
const lockPatienceMs = 2000;

/** Rejects with a JobRunsElsewhereError, or as `work` does. `signal` is the one that stops `work`. */
export async function alone<Result>(
  name: string,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let other = atWork.get(name); other?.signal?.aborted; other = atWork.get(name)) await other.ended;
  if (atWork.has(name)) throw elsewhere(name);
  const working = locked(name, work).finally(() => atWork.delete(name));
  atWork.set(name, { signal, ended: working.catch(() => undefined) });
  return working;
}

async function locked<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) return work();
  let isGranted = false;
  try {
    const signal = AbortSignal.timeout(lockPatienceMs);
    return (await locks.request(`dialgraph ${name}`, { signal }, () => {
      isGranted = true;
      return work();
    })) as Result;
  } catch (error) {
    if (isGranted) throw error;
    // A page that may keep nothing has no locks either.
    if ((error as Error).name === 'SecurityError') return work();
    throw elsewhere(name, error);
  }
}

function elsewhere(name: string, cause?: unknown): JobRunsElsewhereError {
  return new JobRunsElsewhereError(`It is at work already, here or in another tab: ${name}.`, { cause });
}
