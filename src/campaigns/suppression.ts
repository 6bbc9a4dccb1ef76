// The numbers that are never to be called: which files an account has, that they are read before anything is sent, and read again
// when they change.
// States of a file: current → (it has another size, time or place) changing: it is looked at until it stays the same for one look →
// current, with what was read; or stale: it is gone or broken, and what was read last stays in use. A stale file becomes current
// when it can be read again, or is again the one that was read.

import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { CountryCode } from 'libphonenumber-js/max';
import { ConfigError } from '../config/config-error.ts';
import type { SuppressionState } from '../telemetry/events.ts';
import { digestKeyBytes, NumberDigests } from './number-digests.ts';
import type { FileLines } from './suppression-file.ts';

/** The numbers of an account. */
export interface SuppressedNumbers {
  has(e164: string): boolean;
}

/** What tells one version of a file from another. */
export interface FileState {
  readonly size: number;
  /** Epoch milliseconds. */
  readonly changedAt: number;
  readonly inode: number;
}

/** A file as it was read. */
export interface ReadFile extends FileLines {
  readonly digests: BigUint64Array<ArrayBuffer>;
  readonly state: FileState;
}

/** An account's files, and the region of their numbers without a country code. */
export interface SuppressionConfig {
  readonly name: string;
  readonly region: CountryCode;
  readonly suppressionFiles: readonly string[];
}

export interface SuppressionParts {
  /** Rejects with an error that says what is wrong with the file, in words that fit behind its path. `signal`: gives it up. */
  read(path: string, region: CountryCode, key: Uint8Array, signal: AbortSignal): Promise<ReadFile>;
  /** A file was read anew, or could not be. */
  report(path: string, result: FileLines | { readonly problem: string }): void;
}

export interface Suppression {
  /** Reads the files that are not known yet. Rejects with a ConfigError for the first that is broken; then nothing has changed. */
  prepare(accounts: readonly SuppressionConfig[]): Promise<void>;
  /** From now on these accounts' files, which are prepared, are looked after, and no others. */
  use(accounts: readonly SuppressionConfig[]): void;
  /** Undefined where the account has no files. */
  numbersOf(account: SuppressionConfig): SuppressedNumbers | undefined;
  /** Of the accounts in use that have files. */
  states(): SuppressionState[];
  close(): void;
}

/** How often files are looked at: a changed one is in use after two looks. */
const lookMs = 1000;

export function createSuppression({ read, report }: SuppressionParts): Suppression {
  const key = randomBytes(digestKeyBytes);
  const lists = new Map<string, List>();
  let accounts: readonly SuppressionConfig[] = [];
  let timer: NodeJS.Timeout | undefined;
  const closing = new AbortController();

  /** Nothing is wrong with a file whose reading the end gave up. */
  const reportOpen: typeof report = (path, result) => {
    if (!closing.signal.aborted) report(path, result);
  };

  const listsOf = (account: SuppressionConfig) =>
    account.suppressionFiles.flatMap((path) => lists.get(idOf(account.region, path)) ?? []);

  const look = async () => {
    for (const list of lists.values()) if (!closing.signal.aborted) await list.look();
    lookLater();
  };

  const lookLater = () => {
    clearTimeout(timer);
    if (lists.size > 0 && !closing.signal.aborted) timer = setTimeout(look, lookMs).unref();
  };

  return {
    async prepare(next) {
      const fresh = new Map<string, List>();
      for (const { region, suppressionFiles } of next)
        for (const path of suppressionFiles) {
          const id = idOf(region, path);
          if (lists.has(id) || fresh.has(id)) continue;
          const list = new List(path, () => read(path, region, key, closing.signal), key, reportOpen);
          await list.open();
          fresh.set(id, list);
        }
      for (const [id, list] of fresh) lists.set(id, list);
    },
    use(next) {
      accounts = next;
      const used = new Set(
        next.flatMap(({ region, suppressionFiles }) => suppressionFiles.map((path) => idOf(region, path))),
      );
      for (const id of lists.keys()) if (!used.has(id)) lists.delete(id);
      lookLater();
    },
    numbersOf(account) {
      const own = listsOf(account);
      return own.length === 0 ? undefined : { has: (e164) => own.some((list) => list.has(e164)) };
    },
    states: () =>
      accounts
        .filter(({ suppressionFiles }) => suppressionFiles.length > 0)
        .map((account) => {
          const own = listsOf(account);
          const numbers = own.reduce((sum, { size }) => sum + size, 0);
          return { account: account.name, numbers, isStale: own.some(({ problem }) => problem !== null) };
        }),
    close() {
      closing.abort();
      clearTimeout(timer);
    },
  };
}

function idOf(region: CountryCode, path: string): string {
  return `${region} ${path}`;
}

/** One file. */
class List {
  readonly #path: string;
  readonly #read: () => Promise<ReadFile>;
  readonly #key: Uint8Array;
  readonly #report: SuppressionParts['report'];
  #numbers: NumberDigests | undefined;
  /** As it was read; as it was seen last; and as it was when it could not be read. */
  #current: string | undefined;
  #seen: string | undefined;
  #broken: string | undefined;
  problem: string | null = null;

  constructor(
    path: string,
    read: () => Promise<ReadFile>,
    key: Uint8Array,
    report: SuppressionParts['report'],
  ) {
    this.#path = path;
    this.#read = read;
    this.#key = key;
    this.#report = report;
  }

  get size(): number {
    return this.#numbers?.size ?? 0;
  }

  has(e164: string): boolean {
    return this.#numbers?.has(e164) ?? false;
  }

  async open(): Promise<void> {
    try {
      this.#take(await this.#read());
    } catch (error) {
      throw new ConfigError(`SUPPRESSION_FILES: ${this.#path} ${(error as Error).message}`);
    }
  }

  /** Reads the file where it has changed, and stays as it is now. Never rejects. */
  async look(): Promise<void> {
    const found = await stat(this.#path).then(
      ({ size, mtimeMs, ino }) => textOf({ size, changedAt: mtimeMs, inode: ino }),
      (error: NodeJS.ErrnoException) => `cannot be read: ${error.code}`,
    );
    const isSteady = found === this.#seen;
    this.#seen = found;
    if (!isSteady || found === this.#broken) return;
    if (found === this.#current) {
      this.#mend();
      return;
    }
    try {
      this.#take(await this.#read());
    } catch (error) {
      this.#broken = found;
      this.problem = (error as Error).message;
      this.#report(this.#path, { problem: this.problem });
    }
  }

  #take(file: ReadFile): void {
    const before = this.#numbers;
    this.#numbers = new NumberDigests(this.#key, file.digests);
    before?.release();
    this.#current = textOf(file.state);
    this.#mend();
    const { numbers, unreadable, firstUnreadable } = file;
    this.#report(this.#path, { numbers, unreadable, firstUnreadable });
  }

  #mend(): void {
    this.problem = null;
    this.#broken = undefined;
  }
}

function textOf({ size, changedAt, inode }: FileState): string {
  return `${size} ${changedAt} ${inode}`;
}
