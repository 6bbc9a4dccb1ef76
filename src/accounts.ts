// The dialer's accounts, each with a dialer, keys and a scheduling pass of its own. Two accounts share nothing.
// States of an account: open → (it is configured otherwise, or not any more) retiring: its requests are finished as they began →
// closed. An account that is configured as before stays open.

import { isDeepStrictEqual } from 'node:util';
import { createCampaignStatuses } from './campaigns/status.ts';
import type { Suppression } from './campaigns/suppression.ts';
import { type AccountConfig, identityOf } from './config/accounts.ts';
import type { Config } from './config/config.ts';
import { createDialer, type Dialer } from './dialer/dialer.ts';
import { createLocalState, type SharedState } from './dialer/transport/shared-state.ts';
import { createEngine } from './imports/engine.ts';
import type { ImportAccount } from './imports/import-account.ts';
import { isOutOfReach } from './imports/import-store.ts';
import { createImports } from './imports/imports.ts';
import { createSpool } from './imports/spool.ts';
import { viewOf } from './imports/view.ts';
import { createWatching } from './imports/watching.ts';
import { createRecords } from './records/records.ts';
import { createTurns, type Turns } from './records/turns.ts';
import { createRates } from './scheduling/admission.ts';
import { createScheduling } from './scheduling/scheduling.ts';
import type { Account } from './schema/context.ts';
import type { Store } from './store/store.ts';
import type { DialerState, Telemetry } from './telemetry/events.ts';
import { createTelemetry } from './telemetry/telemetry.ts';

/** As configured, with a dialer to call. */
export type OpenAccountConfig = AccountConfig & { url: string };

export interface Accounts {
  get(name: string): Account | undefined;
  /** How the dialers are at this moment. */
  dialers(): DialerState[];
  /** The same, after asking what other processes know of pauses. */
  askedDialers(): Promise<DialerState[]>;
  /** Ends the pause of an account. Resolves to the seconds that were left of it; undefined if there is no such account. */
  resume(name: string): Promise<number | undefined>;
  /** Opens and retires accounts so that those of the list are open. */
  configure(accounts: readonly OpenAccountConfig[]): void;
  /** Goes on with imports that earlier processes have left. To be called when the store opens. */
  begin(): void;
  /** Stops what was not sent yet, and resolves when every request has its answers. */
  stop(): Promise<void>;
  /** Must be called when no request is at work any more. */
  close(): Promise<void>;
}

export interface AccountsParts {
  config: Config;
  store: Store;
  /** Of all accounts. */
  suppression: Suppression;
  /** Epoch milliseconds. @default Date.now */
  now?: () => number;
  /** @default none */
  telemetry?: Telemetry;
}

interface OpenAccount extends Account {
  readonly importing: ImportAccount;
  readonly config: OpenAccountConfig;
  readonly dialer: Dialer;
}

export function createAccounts({
  config,
  store,
  suppression,
  now = Date.now,
  telemetry = createTelemetry(),
}: AccountsParts): Accounts {
  const { maxRecordsPerMutation, maxRecordsInFlight } = config;
  const open = new Map<string, OpenAccount>();
  const retiring = new Map<OpenAccount, Promise<void>>();
  /** An account that is configured otherwise keeps its rate limit, its pause and its token. */
  const localStates = new Map<string, SharedState>();
  /** While one account retires, its records may be changed by the next. */
  const turns = new Map<string, Turns>();
  const rates = createRates();
  const importing = createImporting(config, store, telemetry);

  const openAccount = (account: OpenAccountConfig): OpenAccount => {
    const {
      horizonDays,
      timeZone,
      region,
      apiKey,
      campaigns = {},
      callingHours,
      unsafeCharacters,
      nameCharacters,
    } = account;
    const identity = identityOf(account);
    const { id, keys, shared = localStateOf(identity) } = store.account({ identity, apiKey });
    const dialer = createDialer({ ...config.dialer, ...account }, { now, shared, telemetry });
    const idempotencyKeyHours = config.store.keyTtlMs / 3_600_000;
    const imports = { ...config.imports, ...config.store.imports };
    const limits = { maxRecordsPerMutation, idempotencyKeyHours, horizonDays, timeZone, region, imports };
    const statuses = createCampaignStatuses(dialer, config.dialer, now);
    const scheduling = createScheduling(
      {
        ...limits,
        account: account.name,
        maxRecordsInFlight,
        campaigns,
        callingHours,
        unsafeCharacters,
        nameCharacters,
      },
      { dialer, statuses, keys, suppressed: suppression.numbersOf(account), rates, now, telemetry },
    );
    const records = createRecords(
      { region, timeZone, campaigns, unsafeCharacters, rescheduleMarginMs: config.rescheduleMarginMs },
      { dialer, scheduling, keys, turns: turnsOf(identity), now, telemetry },
    );
    const forImports = { id, scheduling, statuses, campaigns, region, timeZone, dialer, keys };
    importing.engine.enter(forImports);
    return {
      ...{ config: account, dialer, limits, scheduling, records, statuses, campaigns, callingHours },
      imports: createImports(importing, forImports),
      importing: forImports,
    };
  };

  const localStateOf = (identity: string): SharedState => {
    const state = localStates.get(identity) ?? createLocalState(now);
    localStates.set(identity, state);
    return state;
  };

  const turnsOf = (identity: string): Turns => {
    const ofAccount = turns.get(identity) ?? createTurns();
    turns.set(identity, ofAccount);
    return ofAccount;
  };

  const retire = (account: OpenAccount) => {
    importing.engine.leave(account.importing);
    const retired = Promise.all([account.scheduling.finish(), account.records.finish()])
      .then(() => account.dialer.close())
      .finally(() => retiring.delete(account));
    retiring.set(account, retired);
  };

  return {
    get: (name) => open.get(name),
    dialers: () => [...open.values()].map(({ dialer }) => dialer.state()),
    askedDialers: () => Promise.all([...open.values()].map(({ dialer }) => dialer.askState())),
    resume: async (name) => open.get(name)?.dialer.resume(),
    configure(accounts) {
      const left = new Map(open);
      for (const account of accounts) {
        const { name } = account;
        const current = left.get(name);
        left.delete(name);
        if (current !== undefined && isDeepStrictEqual(current.config, account)) continue;
        if (current !== undefined) retire(current);
        open.set(name, openAccount(account));
      }
      for (const [name, account] of left) {
        open.delete(name);
        retire(account);
      }
    },
    begin: () => importing.engine.begin(),
    async stop() {
      importing.watching.close();
      const jobs = importing.engine.stop();
      const all = [...open.values(), ...retiring.keys()];
      const closing = all.flatMap(({ scheduling, records }) => [scheduling.close(), records.close()]);
      await Promise.all([jobs, ...closing, ...retiring.values()]);
    },
    async close() {
      await Promise.all([...open.values()].map(({ dialer }) => dialer.close()));
    },
  };
}

/** What the imports of all accounts share. */
function createImporting(config: Config, store: Store, telemetry: Telemetry) {
  const { uploadsDir, maxFileBytes, maxDecodedBytes, maxRows, maxRowBytes, maxColumns, patienceMs } =
    config.imports;
  const { running, waiting, keptMs } = config.store.imports;
  const spool = createSpool(uploadsDir);
  const engine = createEngine({
    store: store.imports,
    spool,
    limits: { decodedBytes: maxDecodedBytes, rows: maxRows, rowBytes: maxRowBytes, columns: maxColumns },
    patienceMs,
    keptMs,
    telemetry,
  });
  const watching = createWatching({
    changed: (known) => store.imports.changed(known),
    view: async (stored) => viewOf(stored, await spool.readPreview(stored.id), Date.now()),
    failed(error) {
      if (!isOutOfReach(error)) telemetry.error(error);
    },
  });
  return { store: store.imports, spool, engine, watching, maxFileBytes, most: running + waiting };
}
