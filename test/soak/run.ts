// One run of the soak: a sandbox full of faults, replicas to which everything happens, and callers who do not give up. Its phases: every
// mutation under its own key, amid chaos → the same again, on any replica, until nothing may be sent again → all killed → twice again.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DialectName } from '../../src/upstream/contract.ts';
import type { Postgres } from '../postgres.ts';
import { askToSchedule, type Caller, createCaller, type Payload } from './caller.ts';
import { type Changes, createChanges } from './changes.ts';
import { type ChangesVerdict, isMoved, judgeChanges } from './changes-verdict.ts';
import { type Chaos, createChaos } from './chaos.ts';
import { createNetwork, type Network } from './cut-off.ts';
import { createFaultStream, type FaultStream, filler, lateMs } from './faults.ts';
import { type PlannedMutation, planMutations } from './mutations.ts';
import { type App, type Running, startApp, startSandbox } from './processes.ts';
import { createRandom, type Random } from './random.ts';
import { createSecretFinder, findInFiles, findInTables, type SecretFinder } from './secrets.ts';
import { createStories, lastOf, type Openness, type Stories } from './story.ts';
import { judge, type LedgerDump, type Verdict } from './verdict.ts';

export interface RunOptions {
  readonly seed: number;
  readonly store: 'embedded' | 'server';
  readonly dialect: DialectName;
  readonly mutations: number;
  /** On a server; embedded, one process holds the store. */
  readonly replicas: number;
  readonly reconcile: boolean;
  /** Whether some of what is scheduled is listed, and cancelled or rescheduled; not with v1, which can do neither. */
  readonly changes: boolean;
}

export interface RunReport extends RunOptions, Verdict, Omit<ChangesVerdict, 'violations'> {
  readonly records: number;
  readonly seconds: number;
  /** Until every mutation had been sent; until nothing was left to be sent again; until all had been asked for twice more. */
  readonly phases: readonly number[];
  readonly requests: number;
  readonly scheduleRequests: number;
  readonly faultsMet: ReadonlyMap<string, number>;
  readonly otherFaultsMet: number;
  readonly tokens: number;
  readonly rounds: number;
  readonly sentAgain: ReadonlyMap<string, number>;
  readonly chaos: ReadonlyMap<string, number>;
  readonly storeRows: Readonly<Record<string, number>>;
  readonly changesAsked: number;
  readonly pages: number;
  readonly deletions: number;
}

/** Callers at a time. */
const callers = 16;
/** Nothing is accepted later than that, so that a look-up may tell truthfully that a row is absent. */
const settleMs = lateMs + 500;
const timeoutMs = 300;
/** The list has thousands of rows, and every change wants it. */
const timeoutWithListsMs = 1500;
/** With chaos going on in the first of them, and unknown records asked for as well. */
const chaoticRounds = 2;
const roundsForUnknown = 3;
const maxRounds = 12;
/** What the dialer asks for, and what the breaker takes, has passed by then. */
const backOffMs = 1500;
/** How many requests with rows a list makes for each hundred of its records, narrowing and retries included. */
const requestsPerChunk = 1.4;
/** Of the table's frequency, once it is about getting done. */
const calmShare = 0.1;

/** `postgres`: this run's alone, since it is killed. */
export async function runOnce(options: RunOptions, postgres: Postgres | null): Promise<RunReport> {
  const startedAt = Date.now();
  const soak = await Soak.open(options, postgres);
  try {
    await soak.carryOut();
    const { verdict, changed, ledger, storeRows } = await soak.close();
    const schedules = ledger.requests.filter(({ kind }) => kind === 'schedule');
    const met = schedules.flatMap(({ fault }) => (fault === null || fault === filler ? [] : [fault]));
    const others = ledger.requests.filter(({ kind, fault }) => kind !== 'schedule' && fault !== null);
    const { violations, first, last, reasons, answers, learned, forgotten, stale } = verdict;
    const { unknownInLedger, unknownNotInLedger } = verdict;
    return {
      ...options,
      ...{ violations, first, last, reasons, answers, learned, forgotten, stale },
      ...{ unknownInLedger, unknownNotInLedger },
      firstChanges: changed.firstChanges,
      lastChanges: changed.lastChanges,
      changesAsked: soak.changes.all.length,
      pages: soak.changes.pages(),
      deletions: ledger.requests.filter(({ kind }) => kind === 'deleteScheduledData').length,
      records: soak.records,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      phases: soak.phases,
      requests: ledger.requests.length,
      scheduleRequests: schedules.length,
      faultsMet: countOf(met),
      otherFaultsMet: others.length,
      tokens: ledger.tokensGenerated,
      rounds: soak.rounds,
      sentAgain: soak.sentAgain,
      chaos: soak.chaos.done,
      storeRows,
    };
  } finally {
    await soak.destroy();
  }
}

interface SoakParts {
  readonly mutations: readonly PlannedMutation[];
  readonly stories: Stories;
  readonly changes: Changes;
  readonly sandbox: Running;
  readonly apps: readonly App[];
  readonly networks: readonly Network[];
  readonly caller: Caller;
  readonly chaos: Chaos;
  readonly finder: SecretFinder;
  readonly dataDir: string;
  /** Past all networks; undefined: embedded. */
  readonly databaseUrl: string | undefined;
}

class Soak {
  rounds = 0;
  readonly phases: number[] = [];
  readonly #options: RunOptions;
  readonly #parts: SoakParts;
  readonly #random: Random;
  readonly #faults: FaultStream;

  private constructor(options: RunOptions, parts: SoakParts) {
    this.#options = options;
    this.#parts = parts;
    this.#random = createRandom(options.seed, 'run');
    this.#faults = createFaultStream(
      options.seed,
      parts.mutations.reduce((sum, one) => sum + requestsOf(one), 0),
      options.changes,
    );
  }

  static async open(options: RunOptions, postgres: Postgres | null): Promise<Soak> {
    const { seed, dialect, reconcile } = options;
    const apiKey = `soak-secret-key-${seed}-${randomUUID()}`;
    const userName = 'soak';
    const dataDir = join(tmpdir(), `soak-${seed}-${randomUUID().slice(0, 8)}`);
    const mutations = planMutations(seed, options.mutations, Date.now(), options.changes);
    const numbers = new Set(mutations.flatMap(({ leads }) => leads.map(({ number }) => number)));
    const finder = createSecretFinder(apiKey, numbers);
    const stories = createStories();
    const databaseUrl = await postgres?.createDatabase();
    const sandbox = await startSandbox(apiKey, userName);
    const env = {
      DIALER_URL: sandbox.url,
      DIALER_API_KEY: apiKey,
      DIALER_USER_NAME: userName,
      DIALER_AUTH: dialect,
      DIALER_TIMEOUT_MS: String(options.changes ? timeoutWithListsMs : timeoutMs),
      DIALER_SETTLE_MS: String(settleMs),
      DIALER_RECONCILE: reconcile ? 'on' : 'off',
      DATA_DIR: dataDir,
    };
    const networks: Network[] = [];
    const apps: App[] = [];
    for (let n = 0; n < options.replicas; n++) {
      const network = databaseUrl === undefined ? null : await createNetwork(databaseUrl);
      if (network !== null) networks.push(network);
      apps.push(await startApp({ ...env, ...(network && { DATABASE_URL: network.url }) }));
    }
    const caller = createCaller({
      urls: apps.map(({ url }) => url),
      random: createRandom(seed, 'caller'),
      onText: (text) => {
        // Numbers are the caller's own here.
        if (text.includes(apiKey)) stories.blame('leak', `the API key in an answer: ${text.slice(0, 2000)}`);
      },
    });
    const changes = createChanges({ caller, blame: stories.blame });
    const chaos = createChaos({
      targets: apps.map((app, n) => ({ app, network: networks[n] ?? null })),
      database: postgres,
      random: createRandom(seed, 'chaos'),
      // What is kept of requests that are cut off half-way is gone once they are done.
      onKilled: async () => {
        if (databaseUrl === undefined) return;
        const found = await findInTables(finder, { url: databaseUrl, dataDir }).catch(() => null);
        for (const finding of found?.findings ?? []) stories.blame('leak', finding);
      },
    });
    const parts = {
      mutations,
      stories,
      changes,
      sandbox,
      apps,
      networks,
      caller,
      chaos,
      finder,
      dataDir,
      databaseUrl,
    };
    return new Soak(options, parts);
  }

  get records(): number {
    return this.#parts.mutations.reduce((sum, { leads }) => sum + leads.length, 0);
  }

  get sentAgain(): ReadonlyMap<string, number> {
    return this.#parts.caller.sentAgain;
  }

  get changes(): Changes {
    return this.#parts.changes;
  }

  get chaos(): Chaos {
    return this.#parts.chaos;
  }

  async carryOut(): Promise<void> {
    const { mutations, chaos } = this.#parts;
    const startedAt = Date.now();
    const endPhase = () => this.phases.push(Math.round((Date.now() - startedAt) / 1000));
    chaos.start();
    await this.#sendAll();
    endPhase();
    await this.#untilDone(() => chaos.stop());
    await chaos.stop();
    endPhase();
    await chaos.killAll();
    for (let time = 0; time < 2; time++)
      await inTurns(mutations, async (mutation) => {
        await this.#script(mutation, calmShare);
        await this.#ask(mutation);
      });
    await inTurns(this.#parts.changes.all, (change) => this.#parts.changes.ask(change));
    endPhase();
    await this.#untilDone();
    // Whatever is still to be accepted late.
    await sleep(lateMs);
  }

  /** Every mutation: some twice at a time, some again soon after their answers. */
  async #sendAll(): Promise<void> {
    const due: { mutation: PlannedMutation; at: number }[] = [];
    await inTurns(this.#parts.mutations, async (mutation) => {
      await this.#script(mutation, 1);
      const doubled = this.#askOnceMore(mutation);
      await this.#ask(mutation, mutation.hangsUpAfterMs);
      await doubled;
      await this.#change(mutation);
      if (mutation.isReplayed) due.push({ mutation, at: Date.now() + this.#random.below(6000) });
      const next = due.findIndex(({ at }) => at <= Date.now());
      const [replay] = next < 0 ? [] : due.splice(next, 1);
      if (replay !== undefined) await this.#ask(replay.mutation);
    });
    await inTurns(due, ({ mutation }) => this.#ask(mutation));
  }

  async #askOnceMore(mutation: PlannedMutation): Promise<void> {
    const { doubledAfterMs } = mutation;
    if (doubledAfterMs === null) return;
    await sleep(doubledAfterMs);
    // To another replica than the first, where there is another.
    const first = this.#parts.stories.all.get(mutation.key)?.tries[0]?.replica;
    await this.#ask(mutation, [], first);
  }

  /** The same requests with the same keys, until nothing is left that may be sent again. */
  async #untilDone(calmDown?: () => Promise<void>): Promise<void> {
    for (let round = 0; round < maxRounds; round++) {
      const kinds: Openness[] = round < roundsForUnknown ? ['retryable', 'unknown'] : ['retryable'];
      const open = this.#parts.stories.open(kinds);
      const openChanges = this.#parts.changes.open(kinds);
      if (open.length + openChanges.length === 0) return;
      this.rounds++;
      if (round === chaoticRounds) await calmDown?.();
      await sleep(backOffMs);
      await inTurns(open, async (mutation) => {
        await this.#script(mutation, calmShare);
        await this.#ask(mutation);
      });
      await inTurns(openChanges, (change) => this.#parts.changes.ask(change));
    }
  }

  /** What was told scheduled by now is changed, where that is planned. */
  async #change(mutation: PlannedMutation): Promise<void> {
    const { changes, stories } = this.#parts;
    const story = stories.all.get(mutation.key);
    const told = story && lastOf(story)?.payload;
    if (mutation.change !== null && told) await changes.begin(mutation, told);
  }

  async #ask(
    mutation: PlannedMutation,
    hangsUpAfterMs?: readonly number[],
    notReplica?: number,
  ): Promise<void> {
    const { caller, stories } = this.#parts;
    try {
      const asked = askToSchedule(mutation, (attempt) => stories.begin(mutation, attempt));
      await caller.ask<Payload>(asked, hangsUpAfterMs, notReplica);
    } catch (error) {
      stories.blame('unanswered', (error as Error).message);
    }
  }

  async #script(mutation: PlannedMutation, share: number): Promise<void> {
    const faults = this.#faults.portion(requestsOf(mutation), share);
    const concerned = faults.filter(({ on }) => on !== 'token' || this.#options.dialect === 'token');
    const post = () =>
      fetch(`${this.#parts.sandbox.url}/sandbox/script`, {
        method: 'POST',
        body: JSON.stringify(concerned),
      });
    // A connection that has been idle for long may just be closed.
    const response = await post().catch(post);
    if (!response.ok) throw new Error(`The sandbox refused a script: ${await response.text()}`);
  }

  /** Ends everything in good order, and judges. */
  async close(): Promise<{
    verdict: Verdict;
    changed: ChangesVerdict;
    ledger: LedgerDump;
    storeRows: Record<string, number>;
  }> {
    const { sandbox, apps, stories, changes, chaos, mutations } = this.#parts;
    const ledger = (await (await fetch(`${sandbox.url}/sandbox/ledger`)).json()) as LedgerDump;
    for (const [n, app] of apps.entries()) {
      await app.stop().catch((error: Error) => stories.blame('died', error.message));
      if (app.deaths() > 0)
        stories.blame(
          'died',
          `replica ${n} ended by itself ${app.deaths()} times: ${app.output().slice(-2000)}`,
        );
    }
    await sandbox.kill();
    const storeRows = await this.#findSecrets();
    const changed = judgeChanges(changes.all, ledger.rows, chaos);
    // Rows that a change has brought are judged by what the change was told.
    const planned = new Map(
      mutations.flatMap(({ leads, change }) => leads.map(({ number }) => [number, change])),
    );
    const rows = ledger.rows.filter((row) => {
      const change = planned.get(row.phoneNumber.replace(/\D/g, '').slice(-10));
      return !change || !isMoved(row, change);
    });
    const verdict = judge(stories.all.values(), { ...ledger, rows }, chaos);
    verdict.violations.push(...stories.violations, ...changed.violations);
    return { verdict, changed, ledger, storeRows };
  }

  async destroy(): Promise<void> {
    const { sandbox, apps, networks, chaos, dataDir } = this.#parts;
    await chaos.stop().catch(() => {});
    await Promise.allSettled([...apps, sandbox].map((one) => one.kill()));
    for (const network of networks) network.close();
    await rm(dataDir, { recursive: true, force: true });
  }

  /** How many rows each table has in the end. */
  async #findSecrets(): Promise<Record<string, number>> {
    const { finder, apps, dataDir, databaseUrl, stories } = this.#parts;
    const found = apps.flatMap((app) => finder.find("the app's output", app.output()));
    if (databaseUrl === undefined) {
      const { findings, bytes } = findInFiles(finder, dataDir);
      found.push(...findings);
      if (bytes === 0) found.push('there are no files under DATA_DIR');
    }
    const { findings, rows } = await findInTables(finder, { url: databaseUrl, dataDir });
    for (const finding of [...found, ...findings]) stories.blame('leak', finding);
    return rows;
  }
}

function requestsOf({ leads }: PlannedMutation): number {
  return Math.ceil((leads.length / 100) * requestsPerChunk);
}

async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const turns = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: callers }, turns));
}

function countOf(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
