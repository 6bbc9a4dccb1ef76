// The fair queue: how many requests with rows are on their way at a time, and who is next. Callers take turns, one request each,
// however many mutations a caller sends and however long they are. The mutations of one caller take turns too. While small
// requests come, some slots are kept for them: otherwise they would wait for the answer to a large one.
// States of a slot: free → (take) taken → (release) handed to the next who waits, or free. States of a request: waiting →
// (its turn has come) has a slot, or → (its signal or its time) gone. One slot in eight is kept for small requests from a small
// one on for a second; after that all slots are for everybody.

import type { StopSignal } from '../foundation/cancellation.ts';

export interface Turn {
  /** Whose turn it is: the credential, or whatever else tells callers apart. */
  caller: unknown;
  /** The mutation that it is for. */
  mutation: object;
  /** Whether it may use the slots that are kept for small requests. */
  small: boolean;
  signal?: StopSignal | undefined;
  /** @default for ever */
  waitMs?: number | undefined;
}

export interface FairQueue {
  /** Waits for a slot. Null: the signal or the time came first. */
  take(turn: Turn): Promise<Slot | null>;
  /** How many slots are taken, and how many requests wait for one. */
  load(): { running: number; waiting: number };
}

export interface Slot {
  /** Hands the slot to the next request that waits. Must be called once. */
  release(): void;
}

/** One slot in eight is kept for small requests, for so long after the latest of them. */
const keptShare = 8;
const keptMs = 1000;

export function createFairQueue(count: number): FairQueue {
  const besidesKept = count === 1 ? 1 : count - Math.ceil(count / keptShare);
  let keptUntil = 0;
  let taken = 0;
  let takenByLarge = 0;
  /** By caller and mutation, each in the order of their turns. Empty maps and sets are removed. */
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
        // The caller and the mutation have had their turn, and go to the end.
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
