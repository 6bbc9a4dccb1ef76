// One run of a soak of imports: a file is sent through a sandbox with faults, and kill -9 ends a process again and again, while the
// file is checked and while it is sent. Its phases: the file is uploaded → killed while CHECKING → killed while RUNNING, spread over
// what is left to send → its end is waited for, and judged by its results and the ledger.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScriptedFault } from '../../src/sandbox/faults.ts';
import type { DialectName } from '../../src/upstream/contract.ts';
import {
  ImportDocument,
  type ImportQuery,
  type ImportStateFragment,
  StartImportDocument,
  type StartImportMutation,
} from '../gql/graphql.ts';
import type { Postgres } from '../postgres.ts';
import { bodyOf, type Caller, createCaller } from './caller.ts';
import { createFaultStream, filler, lateMs } from './faults.ts';
import { type PlannedRow, planFile, textOf } from './file-plan.ts';
import { type FileVerdict, judgeFile, readResults, type ToldRow } from './file-verdict.ts';
import { campaignName } from './mutations.ts';
import { type App, type Running, startApp, startSandbox } from './processes.ts';
import { createRandom, type Random } from './random.ts';
import { createSecretFinder, findInTables, type SecretFinder } from './secrets.ts';
import type { Violation, ViolationKind } from './story.ts';
import type { LedgerDump } from './verdict.ts';

export interface ImportRunOptions {
  readonly seed: number;
  readonly store: 'embedded' | 'server';
  readonly dialect: DialectName;
  readonly rows: number;
  readonly kills: number;
  /** On a server; embedded, one process holds the store. */
  readonly replicas: number;
}

export interface ImportRunReport extends ImportRunOptions, FileVerdict {
  readonly records: number;
  readonly seconds: number;
  /** Until it was checked, and until its end. */
  readonly phases: readonly number[];
  readonly killed: ReadonlyMap<string, number>;
  readonly looks: number;
  readonly sentAgain: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly scheduleRequests: number;
  readonly faultsMet: number;
}

/** Of the table's frequency. */
const faultShare = 0.3;
/** How long the calm dialer would take for the file, for each kill: all of them find it under way. */
const secondsAKill = { embedded: 2, server: 5 } as const;
/** Of a process: DIALER_CONCURRENCY. */
const requestsAtATime = 8;
/** Narrowing and retries included. */
const requestsPerChunk = 1.4;
const lookEveryMs = 30;
/** A look-up reads the list of all rows, and may take as long as a request with rows. */
const timeoutMs = 4000;
/** Nothing is accepted later than that. */
const settleMs = lateMs + 500;
/** Of the kills, while the file is checked. */
const checkingShare = 0.2;
/** How many of the kills do not wait until a process is at work again. */
const atOnceShare = 0.2;
/** Of the kills of one of several: all of them at once; or one that has stood still, as a suspended machine does, and was taken for dead. */
const bothShare = { early: 0.6, later: 0.25 };
const stillShare = 0.25;
/** Longer than a silent process is taken for alive. */
const shortestStillMs = 5500;
const longestStillMs = 9000;
/** From a process's start until it is at work. On a server it is known first, some seconds later, that the one before has ended. */
const longestStartMs = { embedded: 1000, server: 8000 } as const;
/** A slice of a file is checked in less. */
const longestCheckMs = 300;
/** Without any change: dead processes are noticed, pauses and jobs are over by then. */
const givesUpAfterMs = 180_000;
const ends: readonly string[] = ['FINISHED', 'CANCELED', 'FAILED', 'EXPIRED'];

/** `postgres`: null: embedded. */
export async function runImport(
  options: ImportRunOptions,
  postgres: Postgres | null,
): Promise<ImportRunReport> {
  const startedAt = Date.now();
  const soak = await ImportSoak.open(options, postgres);
  try {
    await soak.carryOut();
    const { verdict, ledger } = await soak.close();
    const { outcomes, sent, unknownInLedger, unknownNotInLedger } = verdict;
    const schedules = ledger.requests.filter(({ kind }) => kind === 'schedule');
    return {
      ...options,
      ...{ outcomes, sent, unknownInLedger, unknownNotInLedger },
      violations: [...soak.violations, ...verdict.violations],
      records: options.rows,
      seconds: Math.round((Date.now() - startedAt) / 1000),
      phases: soak.phases,
      killed: soak.killed,
      looks: soak.looks,
      sentAgain: soak.sentAgain,
      requests: ledger.requests.length,
      scheduleRequests: schedules.length,
      faultsMet: schedules.filter(({ fault }) => fault !== null && fault !== filler).length,
    };
  } finally {
    await soak.destroy();
  }
}

interface ImportSoakParts {
  readonly file: readonly PlannedRow[];
  readonly sandbox: Running;
  readonly apps: readonly App[];
  readonly caller: Caller;
  readonly finder: SecretFinder;
  readonly violations: Violation[];
  readonly folder: string;
  /** Undefined: embedded. */
  readonly databaseUrl: string | undefined;
}

class ImportSoak {
  readonly killed = new Map<string, number>();
  readonly phases: number[] = [];
  looks = 0;
  readonly #options: ImportRunOptions;
  readonly #parts: ImportSoakParts;
  readonly #random: Random;
  readonly #startedAt = Date.now();
  readonly #goodRows: number;
  #id = '';
  #last: ImportStateFragment | undefined;

  private constructor(options: ImportRunOptions, parts: ImportSoakParts) {
    this.#options = options;
    this.#parts = parts;
    this.#random = createRandom(options.seed, 'kills');
    this.#goodRows = parts.file.filter(({ kind }) => kind === 'good').length;
  }

  static async open(options: ImportRunOptions, postgres: Postgres | null): Promise<ImportSoak> {
    const { seed, dialect, rows } = options;
    const apiKey = `soak-secret-key-${seed}-${randomUUID()}`;
    const folder = join(tmpdir(), `soak-imports-${seed}-${randomUUID().slice(0, 8)}`);
    const databaseUrl = await postgres?.createDatabase();
    const sandbox = await startSandbox(apiKey, 'soak');
    const env = {
      DIALER_URL: sandbox.url,
      DIALER_API_KEY: apiKey,
      DIALER_USER_NAME: 'soak',
      DIALER_AUTH: dialect,
      DIALER_CONCURRENCY: String(requestsAtATime),
      DIALER_TIMEOUT_MS: String(timeoutMs),
      DIALER_SETTLE_MS: String(settleMs),
      DATA_DIR: join(folder, 'data'),
      UPLOADS_DIR: join(folder, 'uploads'),
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    };
    const apps: App[] = [];
    for (let n = 0; n < options.replicas; n++) apps.push(await startApp(env));
    const violations: Violation[] = [];
    const caller = createCaller({
      urls: apps.map(({ url }) => url),
      random: createRandom(seed, 'caller'),
      onText: (text) => {
        if (text.includes(apiKey)) violations.push({ kind: 'leak', text: `the API key in ${text}` });
      },
    });
    const file = planFile(seed, rows, Date.now());
    const finder = createSecretFinder(apiKey, new Set(file.map(({ cells }) => cells[0])));
    const body = JSON.stringify(faultsOf(options));
    await fetch(`${sandbox.url}/sandbox/script`, { method: 'POST', body });
    return new ImportSoak(options, { file, sandbox, apps, caller, finder, violations, folder, databaseUrl });
  }

  get violations(): readonly Violation[] {
    return this.#parts.violations;
  }

  get sentAgain(): ReadonlyMap<string, number> {
    return this.#parts.caller.sentAgain;
  }

  async carryOut(): Promise<void> {
    const { kills, replicas } = this.#options;
    await this.#upload();
    let left = kills;
    while (left > 0) {
      const isEarly = kills - left < kills * checkingShare;
      await this.#untilMoment(isEarly, left);
      const { state } = await this.#look();
      if (isOver(this.#last)) break;
      const victims =
        replicas > 1 && left > 1 && this.#random.chance(isEarly ? bothShare.early : bothShare.later)
          ? [...this.#parts.apps.keys()].slice(0, left)
          : [this.#random.below(replicas)];
      await this.#kill(victims, state);
      left -= victims.length;
    }
    await this.#untilEnd();
  }

  /** Starts the import, with a key: it may be asked for more than once. */
  async #upload(): Promise<void> {
    const { file, apps } = this.#parts;
    const text = textOf(file);
    const input = {
      campaignName,
      idempotencyKey: 'the-file',
      fileName: 'leads.csv',
      fileSize: Buffer.byteLength(text),
      duplicates: 'SKIP' as const,
      errorPolicy: 'REJECT_FAILED_RECORDS' as const,
    };
    const { id, uploadUrl } = await this.#ask(bodyOf(StartImportDocument, { input }), (data) => {
      const result = (data as StartImportMutation).startImport;
      return result?.__typename === 'ImportPayload' ? result.import : null;
    });
    this.#id = id;
    const url = new URL(uploadUrl ?? '', apps[0]?.url);
    const { status } = await fetch(url, { method: 'PUT', body: text });
    if (status !== 204) throw new Error(`The file was answered with ${status}`);
  }

  /** The next kill's: somewhere in what is left to check, or to send; or soon after the processes' last start. */
  async #untilMoment(isEarly: boolean, killsLeft: number): Promise<void> {
    const before = (await this.#look()).version;
    const { accepted } = await this.#dialer();
    const { valid = 0, notSent = 0 } = this.#last?.counts ?? {};
    // What is on its way is in the ledger before it is told.
    const left = Math.min(valid + notSent, 0.98 * this.#goodRows - accepted);
    const isFar = async (share: number) =>
      (await this.#dialer()).accepted >= accepted + (share * left) / killsLeft;
    if (!isEarly && this.#random.chance(atOnceShare)) {
      const at = Date.now() + this.#random.below(longestStartMs[this.#options.store]);
      return this.#until(async () => Date.now() >= at || (await isFar(1)));
    }
    await this.#until(({ version }) => version > before + 1);
    if (isEarly) return sleep(this.#random.below(longestCheckMs));
    const share = this.#random.next();
    await this.#until(() => isFar(share));
  }

  async #kill(victims: readonly number[], state: string): Promise<void> {
    if (victims.length < this.#options.replicas && this.#random.chance(stillShare))
      await this.#standStill(this.#app(victims[0] ?? 0));
    for (const n of victims) {
      await this.#app(n).kill();
      count(this.killed, `killed while ${state}`);
    }
    const { databaseUrl } = this.#parts;
    // What is kept of requests that are cut off half-way is gone once they are done.
    if (databaseUrl !== undefined) await this.#findInTables();
    // Now and then the other one goes on alone for a while.
    if (state === 'RUNNING' && victims.length < this.#options.replicas && this.#random.chance(0.5))
      await sleep(this.#random.below(longestStartMs[this.#options.store]));
    for (const n of victims) await this.#app(n).start();
  }

  /** What it goes on with then is another's by now. */
  async #standStill(app: App): Promise<void> {
    app.pause();
    await sleep(shortestStillMs + this.#random.below(longestStillMs - shortestStillMs));
    app.resume();
    count(this.killed, 'stood still before');
    await sleep(this.#random.below(1000));
  }

  async #untilEnd(): Promise<void> {
    await this.#until(() => false);
    this.#endPhase();
    const { state, failure } = await this.#look();
    if (state !== 'FINISHED') this.#blame('unsettled', `it is ${state}: ${JSON.stringify(failure)}`);
    // Whatever is still to be accepted late.
    await sleep(lateMs);
  }

  /** Until it is over, too; where nothing changes for long, that is blamed. */
  async #until(isSo: (now: ImportStateFragment) => boolean | Promise<boolean>): Promise<void> {
    let changedAt = Date.now();
    for (;;) {
      const before = this.#last?.version;
      const now = await this.#look();
      if (isOver(now) || (await isSo(now))) return;
      if (now.version !== before) changedAt = Date.now();
      if (Date.now() - changedAt > givesUpAfterMs) throw new Error(`Nothing changes: ${JSON.stringify(now)}`);
      await sleep(lookEveryMs);
    }
  }

  /** What is told is true at that moment, and is not taken back. */
  async #look(): Promise<ImportStateFragment> {
    const now = await this.#ask(
      bodyOf(ImportDocument, { id: this.#id }),
      (data) => (data as ImportQuery).import,
    );
    this.looks++;
    const { state, version, counts } = now;
    const describe = () => JSON.stringify({ before: this.#last, now });
    if (state !== 'CHECKING' && this.#last?.state === 'CHECKING') this.#endPhase();
    const { total, ...rows } = counts;
    const sum = Object.values(rows).reduce((all, each) => all + each, 0);
    if (total !== null && sum !== total) this.#blame('shape', `the counts do not add up: ${describe()}`);
    if (version < (this.#last?.version ?? 0) || counts.scheduled < (this.#last?.counts.scheduled ?? 0))
      this.#blame('changed', `what was told is taken back: ${describe()}`);
    const { accepted } = await this.#dialer();
    if (counts.scheduled > accepted) this.#blame('false', `${accepted} are in the ledger: ${describe()}`);
    this.#last = now;
    return now;
  }

  /** How many rows it has. */
  async #dialer(): Promise<{ accepted: number }> {
    const ask = () => fetch(`${this.#parts.sandbox.url}/?format=json`);
    // A connection that has been idle for long may just be closed.
    return (await (await ask().catch(ask)).json()) as { accepted: number };
  }

  async #ask<Told extends object>(body: string, read: (data: unknown) => Told | null): Promise<Told> {
    const asked = { key: 'the import', body, read, onTry: () => {} };
    const { payload } = await this.#parts.caller.ask<Told>(asked);
    return payload as Told;
  }

  /** Kills all once more, has the results told by their next lives, ends everything in good order, and judges. */
  async close(): Promise<{ verdict: FileVerdict; ledger: LedgerDump }> {
    const { sandbox, apps, file, finder, violations } = this.#parts;
    for (const app of apps) await app.kill();
    for (const app of apps) await app.start();
    const end = await this.#look();
    const told = await this.#results();
    const ledger = (await (await fetch(`${sandbox.url}/sandbox/ledger`)).json()) as LedgerDump;
    for (const [n, app] of apps.entries()) {
      await app.stop().catch((error: Error) => this.#blame('died', error.message));
      const { length } = violations;
      for (const finding of finder.find("the app's output", app.output())) this.#blame('leak', finding);
      if (app.deaths() > 0 && violations.length === length)
        this.#blame('died', `replica ${n} ended by itself: ${app.output().slice(-2000)}`);
    }
    await sandbox.kill();
    await this.#findInTables();
    return { verdict: judgeFile(file, told, end, ledger), ledger };
  }

  async #results(): Promise<ToldRow[]> {
    const url = new URL(this.#last?.resultsUrl ?? '', this.#app(0).url);
    return readResults(await (await fetch(url)).text());
  }

  async #findInTables(): Promise<void> {
    const { finder, databaseUrl, folder } = this.#parts;
    const location = { url: databaseUrl, dataDir: join(folder, 'data') };
    for (const finding of (await findInTables(finder, location)).findings) this.#blame('leak', finding);
  }

  async destroy(): Promise<void> {
    const { sandbox, apps, folder } = this.#parts;
    await Promise.allSettled([...apps, sandbox].map((one) => one.kill()));
    await rm(folder, { recursive: true, force: true });
  }

  #blame(kind: ViolationKind, text: string): void {
    this.#parts.violations.push({ kind, text });
  }

  #endPhase(): void {
    this.phases.push(Math.round((Date.now() - this.#startedAt) / 1000));
  }

  #app(n: number): App {
    const app = this.#parts.apps[n];
    if (app === undefined) throw new Error(`There is no replica ${n}`);
    return app;
  }
}

/** What the requests meet, one after the other. */
function faultsOf({ seed, dialect, store, rows, kills, replicas }: ImportRunOptions): ScriptedFault[] {
  const chunks = Math.ceil(rows / 100);
  const meanMs = (1000 * secondsAKill[store] * kills * requestsAtATime * replicas) / chunks;
  const longestMs = Math.min(2 * meanMs, 0.8 * timeoutMs);
  const requests = Math.ceil(chunks * requestsPerChunk);
  return createFaultStream(seed, requests)
    .portion(requests, faultShare, Math.ceil(longestMs))
    .filter(({ on }) => on !== 'token' || dialect === 'token');
}

function isOver(now: ImportStateFragment | undefined): boolean {
  return now !== undefined && ends.includes(now.state);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
