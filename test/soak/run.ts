// One run of the soak: a sandbox full of faults, the app killed again and again, and a caller that does not give up.
// Its phases: every mutation under its own key, the app being killed meanwhile → what was not accepted again under new
// keys, until it is done → a last kill → old keys again → the same once more → the verdict.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DialectName } from '../../src/dialer/contract.ts';
import { type Caller, createCaller } from './caller.ts';
import { createFaultStream, type FaultStream, filler, lateMs } from './faults.ts';
import { type PlannedMutation, planAgain, planMutations, recordsPerMutation } from './mutations.ts';
import { type App, type Running, startApp, startSandbox } from './processes.ts';
import { createRandom, type Random } from './random.ts';
import { createSecretFinder, findInFiles, findInTables, type SecretFinder } from './secrets.ts';
import { createStories, type LedgerDump, type Stories, type Verdict } from './story.ts';

export interface RunOptions {
  readonly seed: number;
  readonly store: 'embedded' | 'server';
  readonly dialect: DialectName;
  readonly mutations: number;
  readonly kills: number;
  readonly reconcile: boolean;
  /** A fresh database's URL, for the server. */
  readonly databaseUrl: string | undefined;
}

export interface RunReport extends RunOptions, Verdict {
  readonly seconds: number;
  readonly killed: number;
  readonly requests: number;
  readonly scheduleRequests: number;
  readonly faultsMet: ReadonlyMap<string, number>;
  readonly otherFaultsMet: number;
  readonly tokens: number;
  readonly firstAnswers: ReadonlyMap<string, number>;
  readonly reasons: ReadonlyMap<string, number>;
  readonly replays: number;
  readonly learned: number;
  readonly rounds: number;
  readonly sentAgain: ReadonlyMap<string, number>;
  readonly storeRows: Readonly<Record<string, number>>;
}

const lanes = 8;
/** Nothing is accepted later than that, so that a look-up may tell truthfully that a row is absent. */
const settleMs = lateMs + 500;
const timeoutMs = 300;
/** After an answer that accepted nothing, and invites to send it again. */
const backOffMs = 500;
const maxRounds = 12;
/** How many requests a mutation makes, roughly: halved chunks, retries. */
const requestsPerMutation = 1.6;
const portionMutations = 20;
/** Of the table's frequency, once it is about getting done. */
const calmShare = 0.25;

export async function runOnce(options: RunOptions): Promise<RunReport> {
  const { seed, mutations: count, databaseUrl } = options;
  const startedAt = Date.now();
  const apiKey = `soak-secret-key-${seed}-${randomUUID()}`;
  const userName = 'soak';
  const dataDir = join(tmpdir(), `soak-${seed}-${randomUUID().slice(0, 8)}`);
  const mutations = planMutations(seed, count, startedAt);
  const numbers = new Set(mutations.flatMap(({ leads }) => leads.map(({ number }) => number)));
  const finder = createSecretFinder(apiKey, numbers);
  const sandbox = await startSandbox(apiKey, userName);
  const app = await startApp({
    DIALER_URL: sandbox.url,
    DIALER_API_KEY: apiKey,
    DIALER_USER_NAME: userName,
    DIALER_AUTH: options.dialect,
    DIALER_TIMEOUT_MS: String(timeoutMs),
    DIALER_SETTLE_MS: String(settleMs),
    DIALER_RECONCILE: options.reconcile ? 'on' : 'off',
    DATA_DIR: dataDir,
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  });
  const caller = createCaller(app.url, createRandom(seed, 'caller'));
  const soak = new Soak(options, { sandbox, app, caller, finder, dataDir });
  caller.onText = (text) => {
    // Numbers are the caller's own here.
    if (text.includes(apiKey)) soak.stories.blame('leak', `the API key in an answer: ${text}`);
  };
  try {
    await soak.carryOut(mutations);
    const ledger = await readLedger(sandbox);
    await app.stop().catch((error: Error) => soak.stories.blame('unanswered', error.message));
    await sandbox.kill();
    const storeRows = await soak.findSecrets();
    const schedules = ledger.requests.filter(({ kind }) => kind === 'schedule');
    const met = schedules.flatMap(({ fault }) => (fault === null || fault === filler ? [] : [fault]));
    const others = ledger.requests.filter(({ kind, fault }) => kind !== 'schedule' && fault !== null);
    return {
      ...options,
      ...soak.stories.judge(ledger),
      seconds: Math.round((Date.now() - startedAt) / 1000),
      killed: soak.killed,
      requests: ledger.requests.length,
      scheduleRequests: schedules.length,
      faultsMet: countOf(met),
      otherFaultsMet: others.length,
      tokens: ledger.tokensGenerated,
      firstAnswers: soak.stories.firstAnswers,
      reasons: soak.stories.reasons,
      replays: soak.stories.replays,
      learned: soak.stories.learned,
      rounds: soak.rounds,
      sentAgain: caller.counts.sentAgain,
      storeRows,
    };
  } finally {
    await Promise.allSettled([app.kill(), sandbox.kill()]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface SoakParts {
  sandbox: Running;
  app: App;
  caller: Caller;
  finder: SecretFinder;
  dataDir: string;
}

interface Kill {
  /** When so many mutations have begun. */
  begun: number;
  delayMs: number;
  /** Kills what was started anew, too, so long after it was ready. */
  againAfterMs: number | null;
}

class Soak {
  readonly stories: Stories = createStories();
  killed = 0;
  rounds = 0;
  readonly #options: RunOptions;
  readonly #parts: SoakParts;
  readonly #random: Random;
  readonly #faults: FaultStream;
  readonly #kills: Kill[];
  #killing: Promise<void> = Promise.resolve();

  constructor(options: RunOptions, parts: SoakParts) {
    this.#options = options;
    this.#parts = parts;
    this.#random = createRandom(options.seed, 'run');
    this.#faults = createFaultStream(options.seed, Math.ceil(options.mutations / portionMutations));
    this.#kills = planKills(options, createRandom(options.seed, 'kills'));
  }

  async carryOut(mutations: readonly PlannedMutation[]): Promise<void> {
    const t0 = Date.now();
    const lap = (w: string) => process.env.SOAK_LAPS && console.error(w, Date.now() - t0);
    await this.#sendAll(mutations);
    lap('sent');
    await this.#untilDone('a');
    lap('done a');
    await this.#killAndStart();
    const after = mutations.filter(({ replay }) => replay === 'after');
    await this.#script(after.length, calmShare);
    await inLanes(after, (mutation) => this.#ask(mutation));
    lap('after');
    await this.#untilDone('b');
    lap('done b');
    // Whatever is still to be accepted late.
    await sleep(1000);
  }

  /** Every mutation, some of them a second time while others are still to come. */
  async #sendAll(mutations: readonly PlannedMutation[]): Promise<void> {
    const due: { mutation: PlannedMutation; at: number }[] = [];
    let begun = 0;
    await inLanes(mutations, async (mutation) => {
      begun++;
      this.#killWhere(begun);
      if (begun % portionMutations === 1) await this.#script(portionMutations, 1);
      const doubled = mutation.isDoubled ? this.#ask(mutation) : undefined;
      await this.#ask(mutation, mutation.hangsUpAfterMs);
      await doubled;
      if (mutation.replay === 'during')
        due.push({ mutation, at: Date.now() + 2000 + this.#random.below(6000) });
      const next = due.findIndex(({ at }) => at <= Date.now());
      const [replay] = next < 0 ? [] : due.splice(next, 1);
      if (replay !== undefined) await this.#ask(replay.mutation);
    });
    if (process.env.SOAK_LAPS) console.error('main over');
    await this.#killing;
    await inLanes(due, async ({ mutation, at }) => {
      await sleep(Math.max(0, at - Date.now()));
      await this.#ask(mutation);
    });
  }

  /** What was certainly not accepted, under new keys, until nothing of it is left. */
  async #untilDone(name: string): Promise<void> {
    for (let round = 0; round < maxRounds; round++) {
      const leads = this.stories.retryable();
      if (leads.length === 0) return;
      this.rounds++;
      await sleep(1000);
      const again = Array.from({ length: Math.ceil(leads.length / recordsPerMutation) }, (_, n) =>
        planAgain(
          `soak-${this.#options.seed}-${name}${round}-${n}`,
          leads.slice(n * recordsPerMutation, (n + 1) * recordsPerMutation),
        ),
      );
      await this.#script(again.length, calmShare);
      await inLanes(again, (mutation) => this.#ask(mutation));
    }
  }

  async #ask(mutation: PlannedMutation, hangUpAfterMs: number | null = null): Promise<void> {
    this.stories.begin(mutation);
    try {
      const answer = await this.#parts.caller.ask(mutation, hangUpAfterMs);
      this.stories.note(mutation, answer);
      // As a front end would: otherwise a few seconds in which the dialer is left alone would use up half the run.
      if (answer.payload.results.every((result) => 'retryable' in result && result.retryable))
        await sleep(backOffMs);
    } catch (error) {
      this.stories.blame('unanswered', (error as Error).message);
    }
  }

  async #script(mutations: number, share: number): Promise<void> {
    const faults = this.#faults.portion(Math.ceil(mutations * requestsPerMutation), share);
    const concerned = faults.filter(({ on }) => on !== 'token' || this.#options.dialect === 'token');
    const response = await fetch(`${this.#parts.sandbox.url}/sandbox/script`, {
      method: 'POST',
      body: JSON.stringify(concerned),
    });
    if (!response.ok) throw new Error(`The sandbox refused a script: ${await response.text()}`);
  }

  #killWhere(begun: number): void {
    const kill = this.#kills[0];
    if (kill === undefined || begun < kill.begun) return;
    this.#kills.shift();
    this.#killing = this.#killing.then(async () => {
      await sleep(kill.delayMs);
      await this.#killAndStart();
      if (kill.againAfterMs === null) return;
      await sleep(kill.againAfterMs);
      await this.#killAndStart();
    });
  }

  async #killAndStart(): Promise<void> {
    const { app } = this.#parts;
    await app.kill();
    this.killed++;
    // What is kept of requests that are cut off half-way is gone once they are done.
    if (this.#options.databaseUrl !== undefined) await this.#findInTables();
    await app.start();
  }

  /** How many rows each table has in the end. */
  async findSecrets(): Promise<Record<string, number>> {
    const { finder, app, dataDir } = this.#parts;
    const found = finder.find("the app's output", app.output());
    if (this.#options.databaseUrl === undefined) {
      const { findings, bytes } = findInFiles(finder, dataDir);
      found.push(...findings);
      if (bytes === 0) found.push('there are no files under DATA_DIR');
    }
    for (const finding of found) this.stories.blame('leak', finding);
    return this.#findInTables();
  }

  async #findInTables(): Promise<Record<string, number>> {
    const { finder, dataDir } = this.#parts;
    const { findings, rows } = await findInTables(finder, { url: this.#options.databaseUrl, dataDir });
    for (const finding of findings) this.stories.blame('leak', finding);
    return rows;
  }
}

function planKills({ kills, mutations }: RunOptions, random: Random): Kill[] {
  // The last kill comes between the phases, and one is a kill of what has just been started again.
  const planned = Math.max(0, kills - 2);
  return Array.from({ length: planned }, (_, n) => ({
    begun: Math.floor(((n + 0.2 + 0.6 * random.next()) / planned) * mutations),
    delayMs: random.below(400),
    againAfterMs: n === 1 ? random.below(800) : null,
  }));
}

async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const lane = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

async function readLedger(sandbox: Running): Promise<LedgerDump> {
  return (await (await fetch(`${sandbox.url}/sandbox/ledger`)).json()) as LedgerDump;
}

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
