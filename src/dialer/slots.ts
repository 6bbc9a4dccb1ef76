// How many chunks are on their way at a time; the others wait in order.

export interface Slots {
  /** Waits for a slot. False: the signal or the time came first, and none is held. */
  take(signal: AbortSignal | undefined, waitMs: number): Promise<boolean>;
  /** Hands a slot that was taken to the next who waits. */
  release(): void;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  return {
    take(signal, waitMs) {
      if (signal?.aborted) return Promise.resolve(false);
      if (free > 0) {
        free--;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const end = (taken: boolean) => {
          waiting.delete(hand);
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          resolve(taken);
        };
        const hand = () => end(true);
        const giveUp = () => end(false);
        const timer = waitMs === Infinity ? undefined : setTimeout(giveUp, waitMs);
        signal?.addEventListener('abort', giveUp);
        waiting.add(hand);
      });
    },
    release() {
      const [next] = waiting;
      if (next === undefined) free++;
      else next();
    },
  };
}
