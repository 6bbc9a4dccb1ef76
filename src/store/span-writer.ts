// Writes what is about to be sent, and what came of it: while one write is under way, the next ones gather, and go
// together. So many lanes cost few statements, and none waits for more than two.

import type { Database } from './database.ts';

export interface Span {
  start: number;
  size: number;
}

interface Write extends Span {
  what: 'intention' | 'answer' | 'withdrawal';
  mutation: number;
  /** Of an intention: epoch milliseconds. */
  sentAt?: number;
  /** Of an answer: JSON. */
  answer?: string;
  done(inserted: boolean): void;
  failed(error: Error): void;
}

export interface SpanWriter {
  /** False where the mutation is another worker's by now, or the span is intended already. */
  intend(mutation: number, span: Span, sentAt: number): Promise<boolean>;
  settle(mutation: number, span: Span, answer: string): Promise<void>;
  withdraw(mutation: number, span: Span): Promise<void>;
  /** Resolves when everything that was asked for so far is written, or has failed. */
  written(): Promise<void>;
}

export function createSpanWriter(database: Database, worker: string): SpanWriter {
  let gathered: Write[] = [];
  let writing: Promise<void> | null = null;

  const writeTogether = async (writes: readonly Write[]) => {
    const inserted = await writeAll(database, worker, writes);
    for (const write of writes) write.done(inserted.has(nameOf(write.mutation, write)));
  };

  const writeGathered = async () => {
    while (gathered.length > 0) {
      const writes = gathered;
      gathered = [];
      await writeTogether(writes).catch(async (error: Error) => {
        // One that the database refuses must not take the others with it.
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
    intend: (mutation, { start, size }, sentAt) =>
      gather({ what: 'intention', mutation, start, size, sentAt }),
    async settle(mutation, { start, size }, answer) {
      await gather({ what: 'answer', mutation, start, size, answer });
    },
    async withdraw(mutation, { start, size }) {
      await gather({ what: 'withdrawal', mutation, start, size });
    },
    async written() {
      await writing;
    },
  };
}

/** The names of the intentions that were inserted. */
async function writeAll(
  database: Database,
  worker: string,
  writes: readonly Write[],
): Promise<ReadonlySet<string>> {
  const json = (wanted: Write['what']) => JSON.stringify(writes.filter(({ what }) => what === wanted));
  // A statement that has less to do takes half the time, and callers wait for intentions.
  const isOnly = (wanted: Write['what']) => writes.every(({ what }) => what === wanted);
  const rows = isOnly('intention')
    ? await database.query<NamedSpan>(`WITH ${intended} ${insertIntended}`, [worker, json('intention')])
    : await database.query<NamedSpan>(`WITH ${intended}, ${answered}, ${withdrawn} ${insertIntended}`, [
        worker,
        json('intention'),
        json('answer'),
        json('withdrawal'),
      ]);
  return new Set(rows.map((row) => nameOf(row.mutation, row)));
}

type NamedSpan = Span & { mutation: number };

/** Locks the mutations, so that none is taken over in between. */
const intended = `intended AS (
     SELECT * FROM jsonb_to_recordset($2::jsonb) AS given (mutation bigint, start int, size int, "sentAt" float8)),
   mine AS (
     SELECT id FROM dialgraph.mutations
     WHERE owner = $1 AND id IN (SELECT mutation FROM intended) FOR SHARE)`;
const insertIntended = `INSERT INTO dialgraph.spans (mutation, start, size, sent_at)
   SELECT mutation, start, size, to_timestamp("sentAt" / 1000) FROM intended JOIN mine ON mine.id = mutation
   ON CONFLICT DO NOTHING RETURNING mutation, start, size`;
const answered = `answered AS (
     UPDATE dialgraph.spans SET answer = given.answer::jsonb
     FROM jsonb_to_recordset($3::jsonb) AS given (mutation bigint, start int, size int, answer text)
     WHERE (spans.mutation, spans.start, spans.size) = (given.mutation, given.start, given.size))`;
const withdrawn = `withdrawn AS (
     DELETE FROM dialgraph.spans USING jsonb_to_recordset($4::jsonb) AS given (mutation bigint, start int, size int)
     WHERE (spans.mutation, spans.start, spans.size) = (given.mutation, given.start, given.size))`;

function nameOf(mutation: number, { start, size }: Span): string {
  return `${mutation} ${start} ${size}`;
}
