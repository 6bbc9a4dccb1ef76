// What is kept of a list on its way: a header, and each part by itself, so that what is written of a part is as long as the part. It
// holds no phone number unless the caller wants it to.
// States of a part: open (never sent, and nothing is kept of it) → sent (its request may have arrived; it is only ever sent again as it
// is, under its key) → done.

import { alone } from './alone.ts';
import { OtherRecordsError } from './errors.ts';
import type { CampaignRecordInput } from './generated/graphql.ts';
import { indexedDbStore, type JobStore } from './job-store.ts';
import type { RecordResult } from './results.ts';

/** A list that has not come to its end. */
export interface Job {
  runId: string;
  campaignName: string;
  /** Of the records, in their order, and of how they are scheduled. */
  digest: string;
  /** Records. */
  total: number;
  partSize: number;
  /** By the server's clock where it is known, in epoch milliseconds. */
  createdAt: number;
  /** Whether its records are kept: then `resumeAll` goes on with it. */
  keepsRecords: boolean;
}

export interface JobPart {
  state: 'open' | 'sent' | 'done';
  /** When it was sent first, by the same clock. */
  sentAt: number | null;
  /** Of a part that is done. */
  results: RecordResult[] | null;
}

/** Jobs of this browser that have not come to their end, for a page to offer them. */
export async function unfinishedJobs(store: JobStore = indexedDbStore()): Promise<Job[]> {
  return (await store.list('job ')) as Job[];
}

/**
 * Deletes what is kept of a job: nobody goes on with it. What was sent stays scheduled. Rejects with a JobRunsElsewhereError while it is
 * at work.
 */
export function forgetJob(runId: string, store: JobStore = indexedDbStore()): Promise<void> {
  return alone(`job ${runId}`, undefined, () => removeJob(runId, store));
}

function removeJob(runId: string, store: JobStore): Promise<void> {
  const { job, records, parts } = keysOf(runId);
  return store.delete([job, records, parts]);
}

/** Of a job that was begun with `keepRecords`. Undefined where they are not kept. */
export async function keptRecords(
  runId: string,
  store: JobStore = indexedDbStore(),
): Promise<readonly CampaignRecordInput[] | undefined> {
  return (await store.get(keysOf(runId).records)) as readonly CampaignRecordInput[] | undefined;
}

export interface JobFile {
  readonly job: Job;
  readonly parts: readonly Readonly<JobPart>[];
  /** Resolves when it is durable. Where it rejects, nothing has changed. */
  note(n: number, change: Partial<JobPart>): Promise<void>;
  /** Deletes all that is kept of the job. */
  remove(): Promise<void>;
}

/** Undefined where nothing is kept of it. Rejects with an OtherRecordsError where what is kept is of other records. */
export async function keptJob(store: JobStore, runId: string, digest: string): Promise<Job | undefined> {
  const kept = (await store.get(keysOf(runId).job)) as Job | undefined;
  if (kept !== undefined && kept.digest !== digest)
    throw new OtherRecordsError(
      `Job ${runId} was begun with other records, or other options: nothing was sent.`,
    );
  return kept;
}

/** A new job, whose header and, if they are to be kept, records are saved first. */
export async function beginJob(
  store: JobStore,
  job: Job,
  records: readonly CampaignRecordInput[],
): Promise<JobFile> {
  const keys = keysOf(job.runId);
  if (job.keepsRecords) await store.put(keys.records, records);
  await store.put(keys.job, job);
  return jobFile(store, job, []);
}

/** A job with what is kept of its parts. */
export async function continueJob(store: JobStore, job: Job): Promise<JobFile> {
  return jobFile(store, job, (await store.list(keysOf(job.runId).parts)) as KeptPart[]);
}

interface KeptPart {
  n: number;
  part: JobPart;
}

function jobFile(store: JobStore, job: Job, kept: readonly KeptPart[]): JobFile {
  const keys = keysOf(job.runId);
  const parts = Array.from(
    { length: Math.ceil(job.total / job.partSize) },
    (): JobPart => ({ state: 'open', sentAt: null, results: null }),
  );
  for (const { n, part } of kept) parts[n] = part;
  return {
    job,
    parts,
    async note(n, change) {
      const part = { ...(parts[n] as JobPart), ...change };
      const shown = job.keepsRecords ? part : withoutPeople(part);
      await store.put(keys.part(n), { n, part: shown } satisfies KeptPart);
      parts[n] = part;
    },
    remove: () => removeJob(job.runId, store),
  };
}

/** None of one job is the beginning of another's: a runId is whatever a page makes it. */
function keysOf(runId: string) {
  const name = JSON.stringify(runId);
  return {
    job: `job ${name}`,
    records: `records ${name}`,
    parts: `part ${name} `,
    part: (n: number) => `part ${name} ${n}`,
  };
}

/** As it is kept: no number, and no name. */
function withoutPeople(part: JobPart): JobPart {
  const results =
    part.results?.map((result) =>
      'phoneNumber' in result ? { ...result, phoneNumber: '', name: null } : result,
    ) ?? null;
  return { ...part, results };
}
