// What is done to the processes while callers call: replicas are killed, or stand still and go on; the database is killed,
// or cannot be reached for a while by one of them or by all. Drawn from the seed; at most one thing at a time to each.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Network } from './cut-off.ts';
import type { App } from './processes.ts';
import type { Random } from './random.ts';
import type { Interval } from './verdict.ts';

export interface Target {
  readonly app: App;
  /** Between the app and its database; null where that is embedded. */
  readonly network: Network | null;
}

export interface ChaosParts {
  readonly targets: readonly Target[];
  /** Null: embedded. */
  readonly database: { kill(): Promise<void>; restart(): Promise<void> } | null;
  readonly random: Random;
  /** A replica was killed, and is about to be started again. */
  onKilled(): Promise<void>;
}

export interface Chaos {
  /** What was done, and how often. */
  readonly done: ReadonlyMap<string, number>;
  readonly pauses: readonly (readonly Interval[])[];
  readonly outages: readonly (readonly Interval[])[];
  start(): void;
  /** Resolves when everything runs again. */
  stop(): Promise<void>;
  /** Ends every replica as a power cut would, and starts it again. */
  killAll(): Promise<void>;
}

interface Action {
  readonly name: string;
  readonly weight: number;
  /** How many replicas it needs, and whether it needs the database. */
  readonly replicas: number;
  readonly wantsDatabase?: boolean;
  run(chosen: readonly number[]): Promise<void>;
}

/** Between two things, whatever they concern. */
const longestGapMs = 4000;
/** Whatever something was done to is left alone for a while, to get on with its work. */
const longestRestMs = 6000;
const longestPauseMs = 8000;
/** Longer than a silent replica is taken for alive. */
const takeoverMs = 5500;
/** A statement that hangs is given up after six seconds, and a lost connection is replaced in the next. */
const recoveryMs = 8000;

export function createChaos(parts: ChaosParts): Chaos {
  return new RunningChaos(parts);
}

class RunningChaos implements Chaos {
  readonly done = new Map<string, number>();
  readonly pauses: Interval[][];
  readonly outages: Interval[][];
  readonly #parts: ChaosParts;
  readonly #busy = new Set<number | 'database'>();
  readonly #running = new Set<Promise<void>>();
  #loop: Promise<void> | null = null;
  #over = new AbortController();

  constructor(parts: ChaosParts) {
    this.#parts = parts;
    this.pauses = parts.targets.map(() => []);
    this.outages = parts.targets.map(() => []);
  }

  start(): void {
    this.#over = new AbortController();
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#loop;
    this.#loop = null;
    await Promise.all(this.#running);
  }

  async killAll(): Promise<void> {
    for (const n of this.#parts.targets.keys()) await this.#app(n).kill();
    this.#count('killed at the end');
    await this.#parts.onKilled();
    for (const n of this.#parts.targets.keys()) await this.#app(n).start();
  }

  readonly #actions: readonly Action[] = [
    { name: 'killed', weight: 2, replicas: 1, run: ([n = 0]) => this.#kill(n) },
    { name: 'stood still', weight: 3, replicas: 1, run: ([n = 0]) => this.#pause(n, 200, longestPauseMs) },
    {
      name: 'stood still, then the other killed',
      weight: 3,
      replicas: 2,
      run: (both) => this.#takeOver(both),
    },
    {
      name: 'cut off from the database',
      weight: 2,
      replicas: 1,
      wantsDatabase: true,
      run: (n) => this.#cutOff(n),
    },
    {
      name: 'all cut off from the database',
      weight: 1,
      replicas: Infinity,
      wantsDatabase: true,
      run: (all) => this.#cutOff(all),
    },
    { name: 'database killed', weight: 1, replicas: 0, wantsDatabase: true, run: () => this.#killDatabase() },
  ];

  async #run(): Promise<void> {
    const { random } = this.#parts;
    const { signal } = this.#over;
    const wait = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});
    while (!signal.aborted) {
      await wait(random.below(longestGapMs));
      const action = this.#draw();
      const free = this.#parts.targets.flatMap((_, n) => (this.#busy.has(n) ? [] : [n]));
      const wanted = Math.min(action.replicas, this.#parts.targets.length);
      const isFree = free.length >= wanted && !(action.wantsDatabase && this.#busy.has('database'));
      if (signal.aborted || !isFree) continue;
      this.#count(action.name);
      const chosen = shuffled(free, random).slice(0, wanted);
      const held = [...chosen, ...(action.wantsDatabase ? (['database'] as const) : [])];
      for (const one of held) this.#busy.add(one);
      const doing = action.run(chosen).finally(async () => {
        await wait(random.below(longestRestMs));
        for (const one of held) this.#busy.delete(one);
        this.#running.delete(doing);
      });
      this.#running.add(doing);
    }
  }

  #draw(): Action {
    const { targets, database, random } = this.#parts;
    const possible = this.#actions.filter(
      ({ replicas, wantsDatabase }) =>
        (database !== null || !wantsDatabase) && (replicas <= targets.length || replicas === Infinity),
    );
    const drawn = possible.flatMap((action) => new Array<Action>(action.weight).fill(action));
    return drawn[random.below(drawn.length)] as Action;
  }

  async #kill(n: number): Promise<void> {
    const { random, onKilled } = this.#parts;
    await this.#app(n).kill();
    await onKilled();
    await this.#app(n).start();
    // What has just been started again holds nothing yet, and opens its store.
    if (!random.chance(0.2)) return;
    await sleep(random.below(800));
    await this.#app(n).kill();
    this.#count('killed');
    await this.#app(n).start();
  }

  async #pause(n: number, from: number, to: number): Promise<void> {
    const pausedAt = Date.now();
    this.#app(n).pause();
    await sleep(from + this.#parts.random.below(to - from));
    this.#app(n).resume();
    this.pauses[n]?.push({ from: pausedAt, to: Date.now() });
  }

  /** The one stands still for long enough to be taken for dead; the other, who may have taken its work over, dies. */
  async #takeOver([owner = 0, other = 1]: readonly number[]): Promise<void> {
    await this.#pause(owner, takeoverMs, longestPauseMs);
    await sleep(this.#parts.random.below(1500));
    await this.#kill(other);
  }

  async #cutOff(chosen: readonly number[]): Promise<void> {
    const { targets, random } = this.#parts;
    const from = Date.now();
    for (const n of chosen) targets[n]?.network?.cutOff();
    await sleep(500 + random.below(longestPauseMs));
    const isLate = random.chance(0.5);
    for (const n of chosen) {
      targets[n]?.network?.restore(isLate);
      this.outages[n]?.push({ from, to: Date.now() + recoveryMs });
    }
  }

  async #killDatabase(): Promise<void> {
    const { database, random } = this.#parts;
    const from = Date.now();
    await database?.kill();
    await sleep(random.below(4000));
    await database?.restart();
    for (const outages of this.outages) outages.push({ from, to: Date.now() + recoveryMs });
  }

  #app(n: number): App {
    const target = this.#parts.targets[n];
    if (target === undefined) throw new Error(`There is no replica ${n}`);
    return target.app;
  }

  #count(name: string): void {
    this.done.set(name, (this.done.get(name) ?? 0) + 1);
  }
}

function shuffled(numbers: readonly number[], random: Random): number[] {
  return numbers
    .map((n) => ({ n, at: random.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ n }) => n);
}
