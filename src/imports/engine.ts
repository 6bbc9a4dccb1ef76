// Who works on imports in this process, for all of its accounts: it takes up jobs, checks or sends, and lets go of them. Jobs that are
// made here are taken up at once; those that other processes leave, and those that wait for a time, are looked for every few seconds.
// States: idle → (the first use, or the store's opening) at work → (stop) stopping: jobs end within a chunk, and are left to whoever
// comes next → stopped. States of a job here: taken → worked on → ended: its import has changed its state, or another job follows.

import { StopController, type StopSignal } from '../foundation/cancellation.ts';
import type { Telemetry } from '../telemetry/events.ts';
import { type CheckParts, check } from './check.ts';
import { isEnd } from './import.ts';
import type { ImportAccount } from './import-account.ts';
import { type ImportStore, isOutOfReach, type StoredImport, type Work } from './import-store.ts';
import { closed } from './progress.ts';
import { type RunEnd, type RunParts, run } from './run.ts';
import type { Spool } from './spool.ts';

export interface EngineParts extends CheckParts, RunParts {
  store: ImportStore;
  spool: Spool;
  /** How long files are kept after an import's end. */
  keptMs: number;
  telemetry: Telemetry;
}

export interface Engine {
  /** Takes up what is left of earlier processes, and looks for work from now on. More calls do nothing. */
  begin(): void;
  /** Jobs of an account are taken up from now on. */
  enter(account: ImportAccount): void;
  leave(account: ImportAccount): void;
  /** There may be work for an account. */
  wake(account: string): void;
  /** Tells whoever counts of a change that was made. */
  changed(stored: StoredImport): void;
  /** Stops what was not sent yet, and resolves when all jobs have ended. */
  stop(): Promise<void>;
}

const sweepMs = 5000;
/** How often old files are looked for. */
const tidyMs = 10 * 60_000;
const tidyAtWorkMs = 60_000;
const standsMs = 500;
/** Jobs of one account in this process; imports that are cancelled take no turn. */
const jobsAtATime = 4;
/** After an error that nobody expected, and a store that is out of reach. */
const errorPauseSeconds = 5;

export function createEngine(parts: EngineParts): Engine {
  const { store, spool, telemetry, keptMs } = parts;
  const accounts = new Map<string, ImportAccount>();
  const running = new Map<string, { stop: StopController; done: Promise<void>; import: StoredImport }>();
  const pumping = new Map<string, { isAskedAgain: boolean }>();
  const timers = new Set<NodeJS.Timeout>();
  let sweeping: NodeJS.Timeout | undefined;
  let isBegun = false;
  let isStopping = false;
  let tidiedAt = -Infinity;

  const later = (seconds: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, seconds * 1000).unref();
    timers.add(timer);
  };

  const end = async (work: Work, end: RunEnd): Promise<void> => {
    const { import: of } = work;
    if (end.kind === 'again') {
      await store.release(work, end.delaySeconds);
      if (end.delaySeconds > 0) later(end.delaySeconds, () => wake(of.account));
    }
    if (end.kind === 'change') {
      const changed = await store.change(of.account, of.id, [of.state], end.to, of.claim);
      if (changed !== null) noteChange(changed);
    }
    if (end.kind !== 'again') await store.complete(work);
  };

  const carryOut = async (account: ImportAccount, work: Work, stop: StopController): Promise<void> => {
    const { import: of } = work;
    try {
      if (of.state === 'CHECKING') await end(work, await checkWhileItStands(account, work, stop.signal));
      else if (of.state === 'RUNNING' || of.state === 'CANCELING')
        await end(work, await run(parts, account, work, stop));
    } catch (error) {
      if (!isStopping && !isOutOfReach(error)) telemetry.error(error);
      const delaySeconds = isStopping ? 0 : errorPauseSeconds;
      await store.release(work, delaySeconds).catch(() => undefined);
      later(delaySeconds, () => wake(of.account));
    }
  };

  const checkWhileItStands = async (
    account: ImportAccount,
    work: Work,
    signal: StopSignal,
  ): Promise<RunEnd> => {
    const controller = new AbortController();
    let isLost = false;
    const stop = () => controller.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const timer = setInterval(async () => {
      const stands = await store.stands(work).catch(() => true);
      isLost ||= !stands;
      if (isLost) stop();
    }, standsMs);
    try {
      const to = await check(parts, account, work, controller.signal);
      return to === null ? { kind: 'lost' } : { kind: 'change', to: () => to };
    } catch (error) {
      if (isLost) return { kind: 'lost' };
      throw error;
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', stop);
    }
  };

  const take = async (account: ImportAccount): Promise<boolean> => {
    const inAccount = [...running.values()].filter((one) => one.import.account === account.id);
    if (isStopping || inAccount.length >= jobsAtATime) return false;
    const work = await store.take(account.id);
    if (work === null) return false;
    const stop = new StopController();
    if (isStopping) stop.cancel('shutting-down');
    const { id } = work.import;
    const key = `${id} ${work.import.claim}`;
    const done = carryOut(account, work, stop).finally(() => {
      running.delete(key);
      if (!isStopping) wake(account.id);
    });
    running.set(key, { stop, done, import: work.import });
    return true;
  };

  const pump = async (id: string): Promise<void> => {
    const asked = pumping.get(id);
    if (asked !== undefined) {
      asked.isAskedAgain = true;
      return;
    }
    const state = { isAskedAgain: true };
    pumping.set(id, state);
    try {
      while (state.isAskedAgain && !isStopping) {
        state.isAskedAgain = false;
        const account = accounts.get(id);
        while (account !== undefined && (await take(account)));
      }
    } finally {
      pumping.delete(id);
    }
  };

  const wake = (account: string) => {
    begin();
    void pump(account).catch((error) => {
      if (!isOutOfReach(error)) telemetry.error(error);
      later(errorPauseSeconds, () => wake(account));
    });
    sweepLater();
  };

  const sweep = async (): Promise<boolean> => {
    const withWork = await store.accountsWithWork();
    for (const account of withWork) if (accounts.has(account)) wake(account);
    const sinceMs = performance.now() - tidiedAt;
    if (sinceMs > tidyMs || (withWork.length > 0 && sinceMs > tidyAtWorkMs)) {
      tidiedAt = performance.now();
      await tidy();
    }
    return withWork.length > 0;
  };

  /** Where nobody else can leave work, it is looked for only while there is some. */
  const sweepLater = () => {
    if (sweeping !== undefined || isStopping) return;
    sweeping = setTimeout(async () => {
      const isBusy = await sweep().catch((error) => {
        if (!isOutOfReach(error)) telemetry.error(error);
        return true;
      });
      sweeping = undefined;
      if (store.isShared || isBusy) sweepLater();
      else sweepMuchLater();
    }, sweepMs).unref();
  };

  const sweepMuchLater = () => {
    later(tidyMs / 1000, sweepLater);
  };

  const tidy = async (): Promise<void> => {
    const { late, ended } = await store.outdated();
    for (const { account, id } of late) {
      const left = await store.change(
        account,
        id,
        ['AWAITING_FILE', 'READY', 'PAUSED'],
        // Of one that is paused something may have been sent: that is looked up first.
        ({ state, progress }) =>
          state === 'PAUSED' ? { state: 'CANCELING' } : { state: 'EXPIRED', progress: closed(progress) },
      );
      if (left !== null) noteChange(left);
      if (left?.state === 'EXPIRED') ended.push(id);
    }
    for (const id of ended) {
      await spool.remove(id);
      await store.filesGone(id);
    }
    const old = await spool.olderThan(2 * keptMs);
    const known = old.length === 0 ? new Set<string>() : await store.known(old);
    for (const id of old) if (!known.has(id)) await spool.remove(id);
    await store.maintain();
  };

  const noteChange = (stored: StoredImport) => {
    // What another process changes is noticed a little later.
    for (const { stop, import: of } of running.values())
      if (of.id === stored.id && of.state !== stored.state) stop.cancel('caller-gone');
    const { campaignName, state, progress, failure } = stored;
    telemetry.importChanged({
      id: stored.id,
      campaignName,
      state,
      counts: { ...progress.counts },
      failure: failure?.kind,
      isOver: isEnd(state),
    });
    wake(stored.account);
  };

  const begin = () => {
    if (isBegun || isStopping) return;
    isBegun = true;
    // What fails is tried again with the next.
    void sweep()
      .catch(() => undefined)
      .finally(sweepLater);
  };

  return {
    begin,
    enter(account) {
      accounts.set(account.id, account);
      if (isBegun) wake(account.id);
    },
    leave(account) {
      if (accounts.get(account.id) === account) accounts.delete(account.id);
    },
    wake,
    changed: noteChange,
    async stop() {
      isStopping = true;
      clearTimeout(sweeping);
      for (const timer of timers) clearTimeout(timer);
      for (const { stop } of running.values()) stop.cancel('shutting-down');
      while (running.size > 0) await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
}
