// A list of any length, scheduled in parts, each under a key of its own. What has to outlive the page is saved before a part goes, so
// that nobody is called twice whatever happens: a lost answer, a reload, a closed tab, a token that expires, a server that restarts.
// One rule: a part that was sent is only ever sent again as it is, under its key. The server then tells what is settled, looks up
// what is unknown, and sends what was certainly not accepted.

import {
  BusyError,
  JobRunsElsewhereError,
  MalformedAnswerError,
  NetworkError,
  OtherRecordsError,
  UnauthenticatedError,
} from './errors.ts';
import { type CampaignRecordInput, LimitsDocument } from './generated/graphql.ts';
import { indexedDbStore, type Job, type JobPart, type JobStore } from './job-store.ts';
import { isRecordError, type RecordResult } from './results.ts';
import { type ScheduleInput, schedule } from './schedule.ts';
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
/** A look-up finds out what became of a record about a minute after its answer was lost. */
const lookUpPauseMs = 15_000;
const firstPauseMs = 1000;
const longestPauseMs = 30_000;
/** A key that will be forgotten so soon is not used any more. */
const keyMarginMs = 1_800_000;
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
  return alone(options.runId, () => new Run(options).carryOut(records));
}

/** Goes on with a job that was begun with `keepRecords`. Rejects with an OtherRecordsError where there is none. */
export async function resumeAll(options: ScheduleAllOptions): Promise<ScheduleAllResult> {
  const { store = indexedDbStore(), runId } = options;
  const job = await store.get(runId);
  if (!job?.records)
    throw new OtherRecordsError(`Nothing was kept of the records of job ${runId}: hand them in again.`);
  return scheduleAll(job.records, { ...options, store, keepRecords: true });
}

/** Jobs of this browser that have not come to their end, for a page to offer them. */
export function unfinishedJobs(store: JobStore = indexedDbStore()): Promise<Job[]> {
  return store.list();
}

class Run {
  readonly #options: ScheduleAllOptions;
  readonly #store: JobStore;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  #job!: Job;
  #records!: readonly CampaignRecordInput[];
  /** The server's clock less `performance.now()`: that of this machine may be set meanwhile. */
  #clock = 0;
  #keyMs = 0;

  constructor(options: ScheduleAllOptions) {
    this.#options = options;
    this.#store = options.store ?? indexedDbStore();
    this.#signal = AbortSignal.any([this.#stop.signal, ...(options.signal ? [options.signal] : [])]);
  }

  async carryOut(records: readonly CampaignRecordInput[]): Promise<ScheduleAllResult> {
    const { runId } = this.#options;
    const limits = await this.#again(() => this.#limits());
    this.#records = records;
    this.#job = await this.#open(limits.maxRecordsPerMutation);
    this.#tell(null);

    const waiting = [...this.#job.parts.keys()];
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
    this.#signal.throwIfAborted();
    const results = this.#job.parts.flatMap(({ results }) => results ?? []);
    await this.#store.delete(runId);
    return { runId, results: results.map((result, n) => withPerson(result, records[n])) };
  }

  async #limits() {
    const { data, serverTime } = await ask(this.#options.transport, LimitsDocument, {}, this.#signal);
    if (data.limits === null || data.limits === undefined)
      throw new MalformedAnswerError('The server does not tell its limits.');
    this.#clock = (serverTime ?? Date.now()) - performance.now();
    this.#keyMs = data.limits.idempotencyKeyHours * hourMs;
    return data.limits;
  }

  /** The job as it is kept, or a new one. */
  async #open(maxRecords: number): Promise<Job> {
    const { runId, campaignName, partSize = usualPartSize, keepRecords = false } = this.#options;
    const digest = await digestOf(this.#records, this.#options);
    const kept = await this.#store.get(runId);
    if (kept !== undefined) {
      if (kept.digest !== digest)
        throw new OtherRecordsError(
          `Job ${runId} was begun with other records, or other options: nothing was sent.`,
        );
      return kept;
    }
    const size = Math.max(1, Math.min(partSize, maxRecords));
    const total = this.#records.length;
    const parts = Array.from(
      { length: Math.ceil(total / size) },
      (): JobPart => ({ state: 'open', sentAt: null, results: null }),
    );
    const createdAt = this.#now();
    const records = keepRecords ? this.#records : null;
    return { runId, campaignName, digest, total, partSize: size, createdAt, parts, records };
  }

  async #carryOutPart(n: number): Promise<void> {
    const part = this.#job.parts[n] as JobPart;
    if (part.state === 'done') return;
    const from = n * this.#job.partSize;
    const records = this.#records.slice(from, from + this.#job.partSize);
    const results = (await this.#results(part, n, records)).map((result) => placed(result, from));
    await this.#note(part, { state: 'done', results });
  }

  /** Until all of them are settled, or patience ends. */
  async #results(part: JobPart, n: number, records: readonly CampaignRecordInput[]): Promise<RecordResult[]> {
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
    const until = performance.now() + patienceMs;
    for (;;) {
      const results = await this.#again(async () => {
        if (!this.#isKeyKept(part)) return records.map(untold);
        // Saved before it goes: what was sent is never sent under another key.
        if (part.state === 'open') await this.#note(part, { state: 'sent', sentAt: this.#now() });
        return (await schedule(transport, input, this.#signal)).results;
      });
      const pause = pauseFor(results);
      if (pause === null || performance.now() + pause.ms > until || !this.#isKeyKept(part)) return results;
      await this.#pause(pause.ms, pause.reason);
    }
  }

  /** The same again, for as long as the server cannot be reached or asks for a pause. */
  async #again<Result>(work: () => Promise<Result>): Promise<Result> {
    let isRenewed = false;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      this.#signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        const { onUnauthenticated } = this.#options;
        if (error instanceof UnauthenticatedError && onUnauthenticated !== undefined && !isRenewed) {
          isRenewed = true;
          await onUnauthenticated();
        } else if (error instanceof BusyError) {
          await this.#pause((error.retryAfterSeconds ?? pauseMs / 1000) * 1000, error.message);
        } else if (error instanceof NetworkError || error instanceof MalformedAnswerError) {
          await this.#pause(pauseMs, error.message);
        } else throw error;
      }
    }
  }

  async #pause(ms: number, reason: string): Promise<void> {
    this.#tell(reason);
    await sleep(ms, this.#signal);
    this.#tell(null);
  }

  async #note(part: JobPart, change: Partial<JobPart>): Promise<void> {
    const before = { ...part };
    Object.assign(part, change);
    try {
      await this.#store.put(this.#job.records === null ? withoutPeople(this.#job) : this.#job);
    } catch (error) {
      Object.assign(part, before);
      throw error;
    }
    this.#tell(null);
  }

  /** By the server's clock, that of this machine being set as it likes. */
  #isKeyKept({ sentAt }: JobPart): boolean {
    if (sentAt === null) return true;
    const age = this.#now() - sentAt;
    return age >= -keyMarginMs && age < this.#keyMs - keyMarginMs;
  }

  #now(): number {
    return performance.now() + this.#clock;
  }

  #tell(waitingFor: string | null): void {
    const results = this.#job?.parts.flatMap((part) => part.results ?? []) ?? [];
    const count = (isCounted: (result: RecordResult) => boolean) => results.filter(isCounted).length;
    const unknown = count(({ __typename }) => __typename === 'OutcomeUnknownError');
    this.#options.onProgress?.({
      total: this.#records?.length ?? 0,
      done: results.length,
      scheduled: count(({ __typename }) => __typename === 'ScheduledRecord'),
      failed: count(isRecordError) - unknown,
      unknown,
      waitingFor,
    });
  }
}

/** How long to wait before the same request is sent again; null: it would change nothing. */
function pauseFor(results: readonly RecordResult[]): { ms: number; reason: string } | null {
  const waits = results.filter(isRecordError).flatMap((result) => {
    if (result.__typename === 'OutcomeUnknownError') return [{ ms: lookUpPauseMs, reason: result.message }];
    if (!result.retryable) return [];
    const { retryAfterSeconds = null } = result as { retryAfterSeconds?: number | null };
    return [
      { ms: retryAfterSeconds === null ? lookUpPauseMs : retryAfterSeconds * 1000, reason: result.message },
    ];
  });
  return waits.sort((one, other) => other.ms - one.ms)[0] ?? null;
}

/** Of a record whose key is forgotten by now: it may have been scheduled, and must not be sent again. */
function untold({ reference = null }: CampaignRecordInput, index: number): RecordResult {
  return {
    __typename: 'OutcomeUnknownError',
    index,
    reference,
    code: 'OUTCOME_UNKNOWN',
    message:
      'Nobody can tell whether it is scheduled: it was sent, and its answer was asked for too late. Look in the dialer; do not simply send it again.',
    field: null,
    problems: [],
    retryable: false,
  };
}

/** Its places are those of the whole list. */
function placed(result: RecordResult, from: number): RecordResult {
  if (!('index' in result)) return result;
  const index = result.index + from;
  return result.__typename === 'DuplicateRecordError' && result.firstIndex !== null
    ? { ...result, index, firstIndex: result.firstIndex + from }
    : { ...result, index };
}

/** What was not kept of a person is as it was handed in. */
function withPerson(result: RecordResult, record: CampaignRecordInput | undefined): RecordResult {
  return 'phoneNumber' in result && result.phoneNumber === ''
    ? { ...result, phoneNumber: record?.phoneNumber ?? '', name: record?.name ?? null }
    : result;
}

/** As it is kept: no number, and no name. */
function withoutPeople(job: Job): Job {
  return {
    ...job,
    parts: job.parts.map((part) => ({
      ...part,
      results:
        part.results?.map((result) =>
          'phoneNumber' in result ? { ...result, phoneNumber: '', name: null } : result,
        ) ?? null,
    })),
  };
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

/** Jobs of this page that are at work: where there are no Web Locks, they are all that can be known. */
const atWork = new Set<string>();

async function alone<Result>(runId: string, work: () => Promise<Result>): Promise<Result> {
  const elsewhere = () =>
    new JobRunsElsewhereError(`Job ${runId} is at work already, here or in another tab.`);
  if (globalThis.navigator?.locks !== undefined)
    return navigator.locks.request(`dialgraph ${runId}`, { ifAvailable: true }, (lock) => {
      if (lock === null) throw elsewhere();
      return work();
    }) as Promise<Result>;
  if (atWork.has(runId)) throw elsewhere();
  atWork.add(runId);
  try {
    return await work();
  } finally {
    atWork.delete(runId);
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
