// A list of any length, scheduled in parts, each under a key of its own. What has to outlive the page is saved before a part goes, so
// that nobody is called twice whatever happens: a lost answer, a reload, a closed tab, a token that expires, a server that restarts.
// One rule: a part that was sent is only ever sent again as it is, under its key. The server then tells what is settled, looks up
// what is unknown, and sends what was certainly not accepted.

import { alone } from './alone.ts';
import { MalformedAnswerError, OtherRecordsError } from './errors.ts';
import { type CampaignRecordInput, LimitsDocument } from './generated/graphql.ts';
import { indexedDbStore, type JobStore } from './job-store.ts';
import { placed, untold, waitFor, withPerson } from './part-results.ts';
import { isRecordError, type RecordResult } from './results.ts';
import { again, createBackOff, type Patience, pause } from './retry.ts';
import { type ScheduleInput, schedule } from './schedule.ts';
import {
  beginJob,
  continueJob,
  type Job,
  type JobFile,
  type JobPart,
  keptJob,
  keptRecords,
} from './schedule-job.ts';
import { ask, type Transport } from './transport.ts';

export interface ScheduleAllOptions extends Pick<ScheduleInput, 'campaignName' | 'timeZone' | 'duplicates'> {
  transport: Transport;
  /** Stands for this very list: the same one goes on with the job after a reload. Best a UUID. */
  runId: string;
  /** @default IndexedDB, in a browser */
  store?: JobStore;
  /** Keep the records, phone numbers and all, until the end, so that `resumeAll` needs none. @default false */
  keepRecords?: boolean;
  /** Records a part. @default as many as a mutation takes, 2,000 at most */
  partSize?: number;
  /** How long a part is tried again whose records the dialer does not take for now, or that are looked up, in ms. @default 5 minutes */
  patienceMs?: number;
  /** Called where the credential is refused, before the part is sent once more: get a new token. @default the job stops with the error */
  onUnauthenticated?: () => void | Promise<void>;
  onProgress?: (progress: ScheduleAllProgress) => void;
  /** Stops before the next request. The job can be gone on with. */
  signal?: AbortSignal;
}

export interface ScheduleAllProgress {
  total: number;
  /** Records whose results are there. */
  done: number;
  scheduled: number;
  failed: number;
  unknown: number;
  /** Why it does not go on at the moment; null: it does. */
  waitingFor: string | null;
}

/** A result that this page was told, or one that an earlier page was told: then `phoneNumber` and `name` are what was handed in. */
export interface ScheduleAllResult {
  runId: string;
  /** One for each record, in their order. `index` counts from the first record of the list. */
  results: RecordResult[];
}

const parallelParts = 2;
const usualPartSize = 2000;
const usualPatienceMs = 300_000;
/** A key that will be forgotten so soon is not used any more. */
const keyMarginMs = 1_800_000;
const clockToleranceMs = 60_000;
const hourMs = 3_600_000;

/**
 * Schedules a list, or goes on with it. Resolves when every record has its result. Business failures are results. Rejects, with the
 * job kept as it is, with an UnauthenticatedError, a ForbiddenError, a RequestRefusedError, a TooLargeError, a ServerTooOldError, a
 * StoreUnavailableError, an OtherRecordsError, a JobRunsElsewhereError, or what the signal was aborted with. The same call goes on.
 */
export function scheduleAll(
  records: readonly CampaignRecordInput[],
  options: ScheduleAllOptions,
): Promise<ScheduleAllResult> {
  return alone(`job ${options.runId}`, options.signal, () => new Run(options).carryOut(records));
}

/** Goes on with a job that was begun with `keepRecords`. Rejects with an OtherRecordsError where there is none. */
export async function resumeAll(options: ScheduleAllOptions): Promise<ScheduleAllResult> {
  const { store = indexedDbStore(), runId } = options;
  const records = await keptRecords(runId, store);
  if (records === undefined)
    throw new OtherRecordsError(`Nothing was kept of the records of job ${runId}: hand them in again.`);
  return scheduleAll(records, { ...options, store, keepRecords: true });
}

class Run {
  readonly #options: ScheduleAllOptions;
  readonly #store: JobStore;
  readonly #stop = new AbortController();
  readonly #patience: Patience;
  readonly #counts = { done: 0, scheduled: 0, failed: 0, unknown: 0 };
  #file!: JobFile;
  #records: readonly CampaignRecordInput[] = [];
  /** The server's clock less `performance.now()`: that of this machine may be set meanwhile. */
  #clock = 0;
  /** This machine's clock less `performance.now()`, when the server's was looked at. */
  #ownClock = 0;
  #keyMs = 0;

  constructor(options: ScheduleAllOptions) {
    this.#options = options;
    this.#store = options.store ?? indexedDbStore();
    this.#patience = {
      signal: AbortSignal.any([this.#stop.signal, ...(options.signal ? [options.signal] : [])]),
      onUnauthenticated: options.onUnauthenticated,
      onWait: (reason) => this.#tell(reason),
    };
  }

  async carryOut(records: readonly CampaignRecordInput[]): Promise<ScheduleAllResult> {
    const { runId } = this.#options;
    this.#records = records;
    const digest = await digestOf(records, this.#options);
    const kept = await keptJob(this.#store, runId, digest);
    const limits = await again(() => this.#limits(), this.#patience);
    this.#file =
      kept === undefined
        ? await beginJob(this.#store, this.#newJob(digest, limits.maxRecordsPerMutation), records)
        : await continueJob(this.#store, kept);
    const { parts } = this.#file;
    for (const { results } of parts) this.#count(results ?? []);
    this.#tell(null);

    const waiting = [...parts.keys()];
    const work = async () => {
      for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) await this.#carryOutPart(n);
    };
    // One part that fails stops the other: its answer is not waited for.
    const workers = Array.from({ length: parallelParts }, () =>
      work().catch((error: unknown) => {
        this.#stop.abort(error);
        throw error;
      }),
    );
    await Promise.allSettled(workers);
    this.#patience.signal.throwIfAborted();
    const results = parts.flatMap((part) => part.results ?? []);
    await this.#file.remove();
    return { runId, results: results.map((result, n) => withPerson(result, records[n])) };
  }

  async #limits() {
    const { data, serverTime } = await ask(
      this.#options.transport,
      LimitsDocument,
      {},
      this.#patience.signal,
    );
    if (data.limits === null || data.limits === undefined)
      throw new MalformedAnswerError('The server does not tell its limits.');
    this.#ownClock = Date.now() - performance.now();
    this.#clock = serverTime === undefined ? this.#ownClock : serverTime - performance.now();
    this.#keyMs = data.limits.idempotencyKeyHours * hourMs;
    return data.limits;
  }

  #newJob(digest: string, maxRecords: number): Job {
    const { runId, campaignName, partSize = usualPartSize, keepRecords = false } = this.#options;
    return {
      ...{ runId, campaignName, digest },
      total: this.#records.length,
      partSize: Math.max(1, Math.min(partSize, maxRecords)),
      createdAt: this.#now(),
      keepsRecords: keepRecords,
    };
  }

  async #carryOutPart(n: number): Promise<void> {
    const { job, parts } = this.#file;
    if (parts[n]?.state === 'done') return;
    const from = n * job.partSize;
    const records = this.#records.slice(from, from + job.partSize);
    const results = (await this.#results(n, records)).map((result) => placed(result, from));
    await this.#file.note(n, { state: 'done', results });
    this.#count(results);
    this.#tell(null);
  }

  /** Until all of them are settled, or patience ends. */
  async #results(n: number, records: readonly CampaignRecordInput[]): Promise<RecordResult[]> {
    const {
      transport,
      runId,
      campaignName,
      timeZone,
      duplicates,
      patienceMs = usualPatienceMs,
    } = this.#options;
    const input: ScheduleInput = {
      ...{ campaignName, records: [...records], idempotencyKey: `${runId}:${n}` },
      ...(timeZone !== undefined && { timeZone }),
      ...(duplicates !== undefined && { duplicates }),
    };
    const { signal } = this.#patience;
    const part = () => this.#file.parts[n] as JobPart;
    const until = performance.now() + patienceMs;
    const backOff = createBackOff();
    for (;;) {
      const results = await again(async () => {
        if (this.#isClockInDoubt()) await this.#limits();
        if (!this.#isKeyKept(part())) return records.map(untold);
        // Saved before it goes: what was sent is never sent under another key.
        if (part().state === 'open') await this.#file.note(n, { state: 'sent', sentAt: this.#now() });
        return (await schedule(transport, input, signal)).results;
      }, this.#patience);
      const wait = waitFor(results);
      if (wait === null) return results;
      const ms = backOff(wait.seconds);
      if (performance.now() + ms >= until || !this.#isKeyKept(part())) return results;
      await pause(ms, wait.reason, this.#patience);
    }
  }

  /** By the server's clock, that of this machine being set as it likes. */
  #isKeyKept({ sentAt }: JobPart): boolean {
    if (sentAt === null) return true;
    const age = this.#now() - sentAt;
    return age >= -keyMarginMs && age < this.#keyMs - keyMarginMs;
  }

  /** The machine's clock was set, or it slept: `performance.now()` may stand still then. */
  #isClockInDoubt(): boolean {
    return Math.abs(Date.now() - performance.now() - this.#ownClock) > clockToleranceMs;
  }

  #now(): number {
    return performance.now() + this.#clock;
  }

  #count(results: readonly RecordResult[]): void {
    this.#counts.done += results.length;
    for (const result of results)
      if (result.__typename === 'OutcomeUnknownError') this.#counts.unknown++;
      else if (isRecordError(result)) this.#counts.failed++;
      else if (result.__typename === 'ScheduledRecord') this.#counts.scheduled++;
  }

  #tell(waitingFor: string | null): void {
    this.#options.onProgress?.({ total: this.#records.length, ...this.#counts, waitingFor });
  }
}

async function digestOf(
  records: readonly CampaignRecordInput[],
  { runId, campaignName, timeZone, duplicates }: ScheduleAllOptions,
): Promise<string> {
  const text = JSON.stringify([runId, campaignName, timeZone ?? null, duplicates ?? null, records]);
  if (globalThis.crypto?.subtle === undefined)
    throw new TypeError('scheduleAll needs a secure page: https, or localhost.');
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
