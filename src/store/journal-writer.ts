// Writes down what is about to be sent (intentions) and what the dialer answered. Writes that come while a statement runs are
// written together by the next one: many requests at a time need few statements, and none waits for more than two.
// Every write names its claim. If that claim has been taken over, nothing is written.

import type { RowRange } from '../dialer/row-range.ts';
import type { Claim } from '../scheduling/idempotency/key-store.ts';
import type { Database } from './database/database.ts';

interface Write extends RowRange {
  what: 'intention' | 'answer';
  mutation: number;
  claim: number;
  /** An intention's time: epoch milliseconds, by the database's clock. */
  sentAt?: number;
  /** An answer, in JSON. */
  answer?: string;
  done(written: boolean): void;
  failed(error: Error): void;
}

export interface JournalWriter {
  /** False: the claim is lost, and nothing was written. */
  intend(claim: Claim, range: RowRange, sentAt: number): Promise<boolean>;
  settle(claim: Claim, range: RowRange, answer: string): Promise<void>;
  /** Resolves when all writes that were asked for so far are written, or have failed. */
  written(): Promise<void>;
}

export function createJournalWriter(database: Database): JournalWriter {
  let gathered: Write[] = [];
  let writing: Promise<void> | null = null;

  const writeTogether = async (writes: readonly Write[]) => {
    const intended = await writeAll(database, writes);
    for (const write of writes) write.done(intended.has(nameOf(write)));
  };

  const writeGathered = async () => {
    while (gathered.length > 0) {
      const writes = gathered;
      gathered = [];
      await writeTogether(writes).catch(async (error: Error) => {
        // Each is then written alone: one that the database refuses must not fail the others.
        if (writes.length === 1) writes[0]?.failed(error);
        else for (const write of writes) await writeTogether([write]).catch(write.failed);
      });
    }
    writing = null;
  };

  const gather = (write: Omit<Write, 'done' | 'failed'>) =>
    new Promise<boolean>((done, failed) => {
      gathered.push({ ...write, done, failed });
      writing ??= writeGathered();
    });

  return {
    intend: ({ id, number }, { start, size }, sentAt) =>
      gather({ what: 'intention', mutation: id, claim: number, start, size, sentAt }),
    async settle({ id, number }, { start, size }, answer) {
      await gather({ what: 'answer', mutation: id, claim: number, start, size, answer });
    },
    async written() {
      await writing;
    },
  };
}

/** The names of the intentions that were written. */
async function writeAll(database: Database, writes: readonly Write[]): Promise<ReadonlySet<string>> {
  const json = (wanted: Write['what']) => JSON.stringify(writes.filter(({ what }) => what === wanted));
  // The statement for intentions alone takes half the time, and callers wait for it.
  const rows = writes.every(({ what }) => what === 'intention')
    ? await database.query<Named>(`WITH ${intended}, ${mine('intended')} ${insertIntended}`, [
        json('intention'),
      ])
    : await database.query<Named>(
        `WITH ${intended}, ${answered},
           given AS (SELECT mutation, claim FROM intended UNION SELECT mutation, claim FROM answered), ${mine('given')},
           ${updateAnswered} ${insertIntended}`,
        [json('intention'), json('answer')],
      );
  return new Set(rows.map(nameOf));
}

type Named = RowRange & { mutation: number };

const intended = `intended AS (
     SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS written (mutation bigint, claim bigint, start int, size int, "sentAt" float8))`;
const answered = `answered AS (
     SELECT * FROM jsonb_to_recordset($2::jsonb)
       AS written (mutation bigint, claim bigint, start int, size int, answer text))`;
/** The mutations whose claim is still the same, locked, so that none is taken over in between. */
const mine = (given: string) => `mine AS (
     SELECT id, mutations.claim FROM dialgraph.mutations
       JOIN (SELECT DISTINCT mutation, claim FROM ${given}) AS asked
         ON asked.mutation = id AND asked.claim = mutations.claim
     FOR SHARE OF mutations)`;
/** A claim may write its own intention again, since the range was certainly not accepted; that of an older claim stays. */
const insertIntended = `INSERT INTO dialgraph.spans AS kept (mutation, claim, start, size, sent_at)
   SELECT mutation, intended.claim, start, size, to_timestamp("sentAt" / 1000)
     FROM intended JOIN mine ON mine.id = mutation AND mine.claim = intended.claim
   ON CONFLICT (mutation, start, size) DO UPDATE
     SET claim = excluded.claim, sent_at = excluded.sent_at, answer = NULL WHERE kept.claim = excluded.claim
   RETURNING mutation, start, size`;
const updateAnswered = `updated AS (
     UPDATE dialgraph.spans SET answer = answered.answer::jsonb
     FROM answered JOIN mine ON mine.id = mutation AND mine.claim = answered.claim
     WHERE (spans.mutation, spans.claim, spans.start, spans.size)
       = (answered.mutation, answered.claim, answered.start, answered.size))`;

function nameOf({ mutation, start, size }: Named): string {
  return `${mutation} ${start} ${size}`;
}
