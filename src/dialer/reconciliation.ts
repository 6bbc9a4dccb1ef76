// What became of rows that were sent and never answered, read from the upstream's list of scheduled rows. Sends nothing.
// A row is found only if the list has exactly as many rows of its campaign, number and time, taken since it was sent, as the
// chunk has, and if no other request that is known here could have brought them. A row is absent only if its number is nowhere
// in a list that came without a warning, after the settling time and before the row's own time. The number alone decides
// there, since the list may spell campaigns, times and dates differently. Rows that are known to have been there before do not count.
// Everything else stays unknown.
// States of a tracked chunk: under way → (its last answer) ended. It is kept for as long as its rows may be in somebody's list.

import { setTimeout as sleep } from 'node:timers/promises';
import { giveWay } from '../foundation/event-loop.ts';
import { parseWallClock, type TimeZone, timeZone } from '../foundation/time-zone.ts';
import { headers } from '../upstream/contract.ts';
import type { Chunk, ChunkAnswer, RowAnswer } from './chunk.ts';
import type { ScheduledClient } from './dialects/dialect.ts';
import { phoneDigits, samePhone } from './dialed-number.ts';
import type { ListAnswer, ListedRow } from './listed-row.ts';

export interface ReconciliationOptions {
  /** The account's zone: that of the dates in the list. */
  timeZone: string;
  /** How long after a request was sent the upstream may still take its rows. */
  settleMs: number;
}

export interface Reconciliation {
  /** Notes that a chunk is under way. The returned function takes its last answer, look-ups included. */
  track(chunk: Chunk): (answer: ChunkAnswer) => void;
  /**
   * One answer per row of a chunk whose answer was lost, by the time `by`: found, absent, or still unknown. `rivals` are
   * other chunks that may have brought the same rows, besides those that are tracked.
   */
  lookUp(chunk: Chunk, sent: Sent, by: number, rivals?: readonly Chunk[]): Promise<RowAnswer[]>;
}

/** When a chunk was sent, as far as that is known; epoch milliseconds. */
export interface Sent {
  earliest: number;
  latest: number;
}

/** The list holds every row of the account, so it is asked for once a second at most. Everybody who waits gets the same list. */
const pollIntervalMs = 1000;
/** When a lost answer is looked up. There is one more look-up if the settling time ends in time. */
const looksMs = [250, 1000];
/** The list's dates and the upstream's clock are both cut to the second. */
const cutMs = 2000;
/** A row whose time is so near may have been dialed already, and be gone from the list. */
const dueMs = 60_000;

export function createReconciliation(
  list: ScheduledClient['list'],
  options: ReconciliationOptions,
  now: () => number,
): Reconciliation {
  const zone = timeZone(options.timeZone);
  const poll = createPoll(list);
  let underway: Attempt[] = [];

  const judge = (
    chunk: Chunk,
    { sameNumber, skewMs, isWhole }: IndexedList,
    sent: Sent,
    askedAt: number,
    rivals: readonly Chunk[],
  ) => {
    const settledAt = sent.latest + options.settleMs;
    const own = rowsOf(chunk);
    const sameOwn = createFinder(own);
    const sameRival = createFinder([...rivals.flatMap(rowsOf), ...trackedRivals(chunk, sent)]);
    const isSame = (one: RowIdentity) => (other: RowIdentity) => one.scheduledTime === other.scheduledTime;

    return own.map((row): RowAnswer => {
      const listed = sameNumber(row).filter(({ id }) => !chunk.known?.has(id));
      if (listed.length === 0) {
        const due = readTime(row.scheduledTime, timeZone(chunk.timeZone));
        const waits = due !== null && due > askedAt + skewMs + dueMs;
        return isWhole && askedAt >= settledAt && waits
          ? absent
          : unclear('the dialer does not list it so far');
      }
      const created = listed
        .filter(isSame(row))
        .filter(({ campaignName }) => campaignName === chunk.campaignName)
        .map(({ createdTime }) => readTime(createdTime, zone));
      const fresh = created.filter((at) => at === null || at >= sent.earliest + skewMs - cutMs);
      const isCertain =
        fresh.length > 0 &&
        fresh.length === sameOwn(row).filter(isSame(row)).length &&
        fresh.every((at) => at !== null && at <= settledAt + skewMs + cutMs) &&
        !sameRival(row).some(isSame(row));
      return isCertain ? found : unclear('the dialer lists its number, perhaps from another request');
    });
  };

  /** Rows of other requests of this process that may have been taken since. */
  const trackedRivals = (chunk: Chunk, { earliest }: Sent) => {
    const isOwn = (other: Chunk) => partsOf(chunk).some((own) => isSameChunk(own, other));
    return underway
      .filter(({ endedAt }) => (endedAt ?? Infinity) >= earliest - cutMs)
      .filter((attempt) => attempt.chunk.campaignName === chunk.campaignName)
      .flatMap((attempt) => {
        const rows = partsOf(attempt.chunk).flatMap((part) => {
          const own = isOwn(part);
          return rowsOf(part).map((row) => (own ? null : row));
        });
        return rows.filter((row, n) => row !== null && mayBeThere(attempt.answers?.[n]));
      })
      .filter((row) => row !== null);
  };

  return {
    track(chunk) {
      const attempt: Attempt = { chunk, startedAt: now(), endedAt: null, answers: null };
      const oldest = underway.find(({ endedAt }) => endedAt === null)?.startedAt ?? attempt.startedAt;
      underway = underway.filter(({ endedAt }) => endedAt === null || endedAt >= oldest - cutMs);
      underway.push(attempt);
      return (answer) => {
        attempt.endedAt = now();
        if (answer.kind === 'rows') attempt.answers = answer.rows;
        const brought = answer.kind === 'rows' ? answer.rows.some(mayBeThere) : answer.kind === 'unknown';
        if (!brought) underway = underway.filter((other) => other !== attempt);
      };
    },

    async lookUp(chunk, sent, by, rivals = []) {
      let answers: RowAnswer[] = rowsOf(chunk).map(() => unclear('the dialer could not be asked for it'));
      const settlesIn = Math.max(0, sent.latest + options.settleMs - now());
      const looks = [...looksMs.filter((ms) => ms < settlesIn), Math.max(settlesIn, looksMs[0] ?? 0)];
      const startedAt = now();
      let hadList = false;
      // If the last look-up had no list, it is repeated while there is time.
      for (let look = 0; look < looks.length || !hadList; look++) {
        const wait = Math.max(0, startedAt + (looks[look] ?? 0) - now());
        if (now() + wait >= by) break;
        await sleep(wait);
        const askedAt = now();
        const listed = await Promise.race([poll(by), sleep(Math.max(0, by - now()), null, { ref: false })]);
        hadList = listed !== null;
        if (listed !== null) answers = judge(chunk, listed, sent, askedAt, rivals);
        if (answers.every(({ kind }) => kind !== 'unknown')) break;
      }
      return answers;
    },
  };
}

function partsOf(chunk: Chunk): readonly Chunk[] {
  return chunk.parts ?? [chunk];
}

function isSameChunk(one: Chunk, other: Chunk): boolean {
  return one === other || (one.name !== undefined && one.name === other.name);
}

interface Attempt {
  readonly chunk: Chunk;
  readonly startedAt: number;
  endedAt: number | null;
  /** Of each row, once they are there. */
  answers: readonly RowAnswer[] | null;
}

/** Whether a row with this answer was taken, or may have been. */
function mayBeThere(answer: RowAnswer | undefined): boolean {
  return answer === undefined || answer.kind === 'scheduled' || answer.kind === 'unknown';
}

const found: RowAnswer = {
  kind: 'scheduled',
  dialerTime: null,
  text: 'Found in the dialer after its answer was lost',
};
const absent: RowAnswer = {
  kind: 'unavailable',
  reason: 'its answer was lost, and the dialer does not have it',
};

function unclear(reason: string): RowAnswer {
  return { kind: 'unknown', reason };
}

/** Whoever waits when a poll starts gets its answer. Whoever comes later waits for the next poll. */
function createPoll(list: ScheduledClient['list']) {
  let upcoming: Promise<IndexedList | null> | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let startedAt = 0;
  return (by: number): Promise<IndexedList | null> => {
    upcoming ??= (async () => {
      await running;
      await sleep(Math.max(0, startedAt + pollIntervalMs - Date.now()));
      upcoming = null;
      startedAt = Date.now();
      const polled = list({ writeBy: by }).then(indexed);
      running = polled.catch(() => {});
      return polled;
    })();
    return upcoming;
  };
}

/** A list, made ready once for everybody who waits for it. */
interface IndexedList {
  readonly sameNumber: (row: RowIdentity) => ScheduledRow[];
  readonly skewMs: number;
  readonly isWhole: boolean;
}

/** What identifies a listed row. */
interface ScheduledRow extends RowIdentity, Pick<ListedRow, 'id' | 'campaignName' | 'createdTime'> {}

/** Null if there is no list, or a row in it whose number cannot be read: then it says nothing of any row. */
async function indexed(answer: ListAnswer): Promise<IndexedList | null> {
  if (answer.kind !== 'list') return null;
  const { rows, skewMs, isWhole } = answer;
  const byKey = new Map<string, ScheduledRow[]>();
  for (let start = 0; start < rows.length; start += rowsPerTurn) {
    if (start > 0) await giveWay();
    const identified: ScheduledRow[] = [];
    for (const { id, phone, scheduledTime, campaignName, createdTime } of rows.slice(
      start,
      start + rowsPerTurn,
    )) {
      if (phone === null || campaignName === '') return null;
      identified.push({ id, phone, scheduledTime, campaignName, createdTime });
    }
    addTo(byKey, identified);
  }
  return { sameNumber: finderOf(byKey), skewMs, isWhole };
}

/** So many rows take a fraction of a millisecond. */
const rowsPerTurn = 1000;

interface RowIdentity {
  /** Digits without leading zeros. */
  readonly phone: string;
  /** As it was sent, `YYYY-MM-DD HH:mm:ss` on the dialer's clock. */
  readonly scheduledTime: string;
}

function rowsOf({ bulkData: { map, data } }: Chunk): RowIdentity[] {
  const phone = map.indexOf(headers.phoneNumber);
  const time = map.indexOf(headers.scheduledTime);
  return data.map((row) => ({ phone: phoneDigits(row[phone] ?? '') ?? '', scheduledTime: row[time] ?? '' }));
}

function createFinder<Row extends RowIdentity>(rows: readonly Row[]): (row: RowIdentity) => Row[] {
  const byKey = new Map<string, Row[]>();
  addTo(byKey, rows);
  return finderOf(byKey);
}

/** Numbers that are the same share at least their last seven digits. */
const keyOf = ({ phone }: RowIdentity) => phone.slice(-7);

function addTo<Row extends RowIdentity>(byKey: Map<string, Row[]>, rows: readonly Row[]): void {
  for (const row of rows) {
    const key = keyOf(row);
    const others = byKey.get(key);
    if (others === undefined) byKey.set(key, [row]);
    else others.push(row);
  }
}

/** Finds the rows of the same number. */
function finderOf<Row extends RowIdentity>(
  byKey: ReadonlyMap<string, readonly Row[]>,
): (row: RowIdentity) => Row[] {
  return (row) => (byKey.get(keyOf(row)) ?? []).filter(({ phone }) => samePhone(phone, row.phone));
}

/** Null where it cannot be told. */
function readTime(text: string | null, zone: TimeZone): number | null {
  const wallMs = text === null ? null : parseWallClock(text);
  return wallMs === null ? null : zone.fromWallClock(wallMs);
}
