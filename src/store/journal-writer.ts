// Writes down what is about to be sent (intentions), what the dialer answered, and how a round ended. Writes that come while a
// statement runs are written together by the next one: many requests at a time need few statements, and none waits for more than
// two. An answer waits for an intention or an end, for at most answerMs, and is written with it: a crash may lose that much.
// Every write names its claim. If that claim has been taken over, nothing is written.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RowRange } from '../dialer/row-range.ts';
import type { Claim, RoundEnd } from '../scheduling/idempotency/key-store.ts';
import type { Database } from './database/database.ts';

/** What the function dialgraph.write_journal is given of it is in migrations.ts. An end is of no rows. */
interface Write extends RowRange, Partial<RoundEnd> {
  what: 'intention' | 'answer' | 'end';
  mutation: number;
  claim: number;
  /** An intention's time: epoch milliseconds, by the database's clock. */
  sentAt?: number;
  digest?: string | null;
  /** An answer, in JSON. */
  answer?: string;
  done(written: boolean): void;
  failed(error: Error): void;
}

export interface JournalWriter {
  /** False: the claim is lost, and nothing was written. */
  intend(claim: Claim, range: RowRange, sentAt: number, digest: string | null): Promise<boolean>;
  settle(claim: Claim, range: RowRange, answer: string): Promise<void>;
  /** False: as above. */
  finish(claim: Claim, end: RoundEnd): Promise<boolean>;
  /** Resolves when all writes that were asked for so far are written, or have failed. */
  written(): Promise<void>;
}

const answerMs = 20;
/** From the end of one write to the next. */
const pauseMs = 1;

export function createJournalWriter(database: Database): JournalWriter {
  let gathered: Write[] = [];
  let isDue = false;
  let isWriting = false;
  let answersDue: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const writeGathered = async () => {
    isWriting = true;
    while (isDue) {
      const writes = gathered;
      gathered = [];
      isDue = false;
      clearTimeout(answersDue);
      answersDue = undefined;
      await writeAll(database, writes).catch(async (error: Error) => {
        // Each is then written alone: one that the database refuses must not fail the others.
        if (writes.length === 1) writes[0]?.failed(error);
        else for (const write of writes) await writeAll(database, [write]).catch(write.failed);
      });
      // In a process that is busy, those that come next are written together.
      await sleep(pauseMs);
    }
    isWriting = false;
  };

  const begin = () => {
    isDue = true;
    if (!isWriting) void writeGathered();
  };

  const gather = (write: Omit<Write, 'done' | 'failed'>) => {
    const written = new Promise<boolean>((done, failed) => {
      gathered.push({ ...write, done, failed });
      if (write.what !== 'answer') begin();
      else answersDue ??= setTimeout(begin, answerMs).unref();
    });
    last = written.catch(() => undefined);
    return written;
  };

  return {
    intend: ({ id, number }, { start, size }, sentAt, digest) =>
      gather({ what: 'intention', mutation: id, claim: number, start, size, sentAt, digest }),
    async settle({ id, number }, { start, size }, answer) {
      await gather({ what: 'answer', mutation: id, claim: number, start, size, answer });
    },
    finish: ({ id, number }, end) =>
      gather({ what: 'end', mutation: id, claim: number, start: 0, size: 0, ...end }),
    async written() {
      if (gathered.length > 0) begin();
      // They are written in their order.
      await last;
    },
  };
}

async function writeAll(database: Database, writes: readonly Write[]): Promise<void> {
  const ended = new Set(writes.filter(({ what }) => what === 'end').map(claimOf));
  // An end has all answers in it.
  const needed = writes.filter((write) => write.what !== 'answer' || !ended.has(claimOf(write)));
  const rows = await database.query<Named>(
    'SELECT mutation, start, size FROM dialgraph.write_journal($1::jsonb)',
    [JSON.stringify(needed)],
  );
  const written = new Set(rows.map(nameOf));
  for (const write of writes) write.done(written.has(nameOf(write)));
}

type Named = RowRange & { mutation: number };

function nameOf({ mutation, start, size }: Named): string {
  return `${mutation} ${start} ${size}`;
}

function claimOf({ mutation, claim }: Write): string {
  return `${mutation} ${claim}`;
}
