// How many requests with rows are on their way at a time, and who is next. Callers take turns, one request each, however
// much one of them has to send. As long as small requests come, some lanes are kept for them: they would otherwise wait for
// a large one's answer.

export interface Turn {
  /** Whose turn it is: requests of the same caller wait for each other. */
  caller: object;
  /** Whether it may use the lanes that are kept for small requests. */
  small: boolean;
  signal?: AbortSignal | undefined;
  /** @default for ever */
  waitMs?: number | undefined;
}

export interface Lanes {
  /** Waits for a lane. Null: the signal or the time came first. */
  take(turn: Turn): Promise<Lane | null>;
  /** Lanes that are taken, and requests that wait for one. */
  load(): { running: number; waiting: number };
}

export interface Lane {
  /** Hands the lane to the next who waits. To be called once. */
  release(): void;
}

/** One lane in eight is kept, from a small request on for so long. */
const keptShare = 8;
const keptMs = 1000;

export function createLanes(count: number): Lanes {
  const besidesKept = count === 1 ? 1 : count - Math.ceil(count / keptShare);
  let keptUntil = 0;
  let taken = 0;
  let takenByLarge = 0;
  /** By caller, in the order of their turns. No queue is empty. */
  const waiting = new Map<object, Set<Waiting>>();

  const isFree = (small: boolean) =>
    taken < count && (small || takenByLarge < besidesKept || performance.now() > keptUntil);

  const occupy = (small: boolean): Lane => {
    taken++;
    if (!small) takenByLarge++;
    return {
      release() {
        taken--;
        if (!small) takenByLarge--;
        next()?.hand();
      },
    };
  };

  const next = (): Waiting | undefined => {
    for (const [caller, queue] of waiting) {
      const [first] = queue;
      if (first === undefined || !isFree(first.small)) continue;
      leave(caller, first);
      // To the end of the turns.
      if (waiting.delete(caller)) waiting.set(caller, queue);
      return first;
    }
    return undefined;
  };

  const leave = (caller: object, request: Waiting) => {
    const queue = waiting.get(caller);
    queue?.delete(request);
    if (queue?.size === 0) waiting.delete(caller);
  };

  return {
    load() {
      let count = 0;
      for (const queue of waiting.values()) count += queue.size;
      return { running: taken, waiting: count };
    },
    take({ caller, small, signal, waitMs }) {
      if (signal?.aborted) return Promise.resolve(null);
      if (small) keptUntil = performance.now() + keptMs;
      if (isFree(small)) return Promise.resolve(occupy(small));
      return new Promise((resolve) => {
        const end = (lane: Lane | null) => {
          leave(caller, request);
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          resolve(lane);
        };
        const request: Waiting = { small, hand: () => end(occupy(small)) };
        const giveUp = () => end(null);
        const timer = waitMs === undefined ? undefined : setTimeout(giveUp, waitMs);
        signal?.addEventListener('abort', giveUp);
        const queue = waiting.get(caller);
        if (queue === undefined) waiting.set(caller, new Set([request]));
        else queue.add(request);
      });
    },
  };
}

interface Waiting {
  readonly small: boolean;
  hand(): void;
}
