// The dialer's list, fetched for everybody who asks at the same time, and kept for some seconds.
// The dialer can only list every row of the account. So at most one fetch runs at a time, whoever comes meanwhile gets its list, or,
// where that may lack what was changed since, the next one; and fetches take no more than half of the time.
// States of a list: none → (somebody asks) being fetched → kept → (keptMs have passed, or something was changed) none.

import { setTimeout as sleep } from 'node:timers/promises';
import { maxListedRows } from '../dialer/dialects/scheduled-rows.ts';
import type { ListAnswer, ListedRow } from '../dialer/listed-row.ts';
import type { ScheduledRows } from '../dialer/scheduled-rows.ts';
import { giveWay } from '../foundation/event-loop.ts';
import type { Origin } from '../telemetry/events.ts';
import { RecordListTooLong, RecordListUnavailable } from './request-error.ts';

export interface Snapshot {
  readonly rows: readonly ListedRow[];
  /** Of each row, the instant of its time in epoch milliseconds; Infinity where it has none. */
  readonly times: Float64Array;
  /** How far the dialer's clock is ahead of this process's, in milliseconds; 0 where it did not say. */
  readonly skewMs: number;
  /** False where it may lack rows: it then proves no row absent. */
  readonly isWhole: boolean;
}

/** Both reject with a RecordListUnavailable or a RecordListTooLong. `origin`: on whose behalf. */
export interface Snapshots {
  /** The list as it was some seconds ago at most, with everything that was changed from here. */
  recent(origin?: Origin): Promise<Snapshot>;
  /** The list as it is: fetched after this call. */
  fresh(origin?: Origin): Promise<Snapshot>;
}

const keptMs = 3000;
/** So many rows take a fraction of a millisecond. */
const rowsPerTurn = 500;

interface Fetch {
  readonly revision: number;
  readonly list: Promise<Snapshot>;
}

/** `timeOf`: the instant of a row's time. */
export function createSnapshots(scheduled: ScheduledRows, timeOf: (row: ListedRow) => number): Snapshots {
  let kept: { snapshot: Snapshot; revision: number; at: number } | null = null;
  let running: Fetch | null = null;
  let upcoming: Promise<Snapshot> | null = null;
  let restUntil = 0;
  let forgetting: NodeJS.Timeout | undefined;

  const fetchNow = (origin: Origin | undefined): Promise<Snapshot> => {
    // What was kept would be held beside the new list.
    kept = null;
    clearTimeout(forgetting);
    const revision = scheduled.revision();
    const startedAt = performance.now();
    const list = scheduled
      .list({ origins: origin === undefined ? [] : [origin] })
      .then((answer) => readList(answer, timeOf))
      .then((snapshot) => {
        kept = { snapshot, revision, at: performance.now() };
        forgetting = setTimeout(() => {
          kept = null;
        }, keptMs).unref();
        return snapshot;
      })
      .finally(() => {
        const endedAt = performance.now();
        restUntil = endedAt + (endedAt - startedAt);
        running = null;
      });
    running = { revision, list };
    return list;
  };

  /** A fetch that begins after this call, shared with whoever else waits for it. */
  const fetchNext = (origin: Origin | undefined): Promise<Snapshot> => {
    if (running === null && upcoming === null && performance.now() >= restUntil) return fetchNow(origin);
    upcoming ??= (async () => {
      await running?.list.catch(() => {});
      await sleep(Math.max(0, restUntil - performance.now()));
      upcoming = null;
      return fetchNow(origin);
    })();
    return upcoming;
  };

  return {
    async recent(origin) {
      const revision = scheduled.revision();
      if (kept?.revision === revision && performance.now() - kept.at < keptMs) return kept.snapshot;
      return running?.revision === revision ? running.list : fetchNext(origin);
    },
    fresh: fetchNext,
  };
}

async function readList(answer: ListAnswer, timeOf: (row: ListedRow) => number): Promise<Snapshot> {
  if (answer.kind !== 'list') throw errorOf(answer);
  const { rows, skewMs, isWhole } = answer;
  const times = new Float64Array(rows.length);
  for (const [n, row] of rows.entries()) {
    times[n] = timeOf(row);
    if (n % rowsPerTurn === 0) await giveWay();
  }
  return { rows, times, skewMs, isWhole };
}

function errorOf(answer: Exclude<ListAnswer, { kind: 'list' }>): Error {
  switch (answer.kind) {
    case 'too-long':
      return new RecordListTooLong(maxListedRows);
    case 'throttled':
      return new RecordListUnavailable(
        `it asks for fewer requests ("${answer.text}")`,
        answer.retryAfterSeconds,
      );
    case 'refused':
      return new RecordListUnavailable(
        answer.refusal.reason === 'account-or-campaign'
          ? `it answers "${answer.refusal.text}", as it does to a wrong key or user name; tell the people who run this service`
          : `it answers "${answer.refusal.text}"`,
      );
    case 'unavailable':
    case 'unknown':
      return new RecordListUnavailable(answer.reason);
    default:
      return answer satisfies never;
  }
}
