// How many requests with rows are on their way at a time, and who is next. Callers take turns, one request each, however many
// mutations one of them sends and however long they are; the mutations of one caller take turns among themselves. As long as
// small requests come, some slots are kept for them: they would otherwise wait for a large one's answer.

export interface Turn {
  /** Whose turn it is: the credential, or whatever else tells callers apart. */
  caller: unknown;
  /** The mutation that it is for. */
  mutation: object;
  /** Whether it may use the slots that are kept for small requests. */
  small: boolean;
  signal?: AbortSignal | undefined;
  /** @default for ever */
  waitMs?: number | undefined;
}

export interface FairQueue {
  /** Waits for a slot. Null: the signal or the time came first. */
  take(turn: Turn): Promise<Slot | null>;
  /** FairQueue that are taken, and requests that wait for one. */
  load(): { running: number; waiting: number };
}

export interface Slot {
  /** Hands the slot to the next who waits. To be called once. */
  release(): void;
}

/** One slot in eight is kept, from a small request on for so long. */
const keptShare = 8;
const keptMs = 1000;

export function createFairQueue(count: number): FairQueue {
  const besidesKept = count === 1 ? 1 : count - Math.ceil(count / keptShare);
  let keptUntil = 0;
  let taken = 0;
  let takenByLarge = 0;
  /** By caller and mutation, each in the order of their turns. Nothing in it is empty. */
  const waiting = new Map<unknown, Map<object, Set<Waiting>>>();

  const isFree = (small: boolean) =>
    taken < count && (small || takenByLarge < besidesKept || performance.now() > keptUntil);

  const occupy = (small: boolean): Slot => {
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
    for (const [caller, mutations] of waiting)
      for (const [mutation, queue] of mutations) {
        const [first] = queue;
        if (first === undefined || !isFree(first.small)) continue;
        leave(caller, mutation, first);
        // Both go to the end of their turns.
        if (mutations.delete(mutation)) mutations.set(mutation, queue);
        if (waiting.delete(caller)) waiting.set(caller, mutations);
        return first;
      }
    return undefined;
  };

  const enter = (caller: unknown, mutation: object, request: Waiting) => {
    const mutations = waiting.get(caller) ?? new Map<object, Set<Waiting>>();
    waiting.set(caller, mutations);
    const queue = mutations.get(mutation) ?? new Set();
    mutations.set(mutation, queue.add(request));
  };

  const leave = (caller: unknown, mutation: object, request: Waiting) => {
    const mutations = waiting.get(caller);
    const queue = mutations?.get(mutation);
    queue?.delete(request);
    if (queue?.size === 0) mutations?.delete(mutation);
    if (mutations?.size === 0) waiting.delete(caller);
  };

  return {
    load() {
      let count = 0;
      for (const mutations of waiting.values()) for (const queue of mutations.values()) count += queue.size;
      return { running: taken, waiting: count };
    },
    take({ caller, mutation, small, signal, waitMs }) {
      if (signal?.aborted) return Promise.resolve(null);
      if (small) keptUntil = performance.now() + keptMs;
      if (isFree(small)) return Promise.resolve(occupy(small));
      return new Promise((resolve) => {
        const end = (slot: Slot | null) => {
          leave(caller, mutation, request);
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          resolve(slot);
        };
        const request: Waiting = { small, hand: () => end(occupy(small)) };
        const giveUp = () => end(null);
        const timer = waitMs === undefined ? undefined : setTimeout(giveUp, waitMs);
        signal?.addEventListener('abort', giveUp);
        enter(caller, mutation, request);
      });
    },
  };
}

interface Waiting {
  readonly small: boolean;
  hand(): void;
}
