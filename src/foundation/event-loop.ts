// Lets long work give way to other work: code of thousands of steps awaits this between them, and what has come in meanwhile is
// handled before it goes on. Those who wait go on one in a turn of the event loop: if ten of them went on in the same turn, they
// would hold up all else for ten times as long.

/** How long one piece of work may hold up all else. */
const turnMs = 1;

const waiting: (() => void)[] = [];
let turnStartedAt = 0;

/** Undefined while the caller's turn has time left; otherwise a promise that resolves in a turn of its own. */
export function giveWay(): Promise<void> | undefined {
  if (waiting.length === 0 && performance.now() - turnStartedAt < turnMs) return undefined;
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(next);
  });
}

function next(): void {
  turnStartedAt = performance.now();
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
}
