// Long work gives way: what takes thousands of steps awaits this now and then, and whatever came in meanwhile gets its turn
// before it goes on. Those who wait go on one by one, or ten pieces of a millisecond each would hold up the rest for ten.

/** What one piece of work may hold up the rest for. */
const turnMs = 1;

const waiting: (() => void)[] = [];
let turnStartedAt = 0;

/** Undefined while there is time left; else it resolves in a turn of its own. */
export function breathe(): Promise<void> | undefined {
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
