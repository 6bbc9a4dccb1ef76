// Idempotency keys: who carries a request out, what was about to be sent of it, and what came of it.
// Nothing here can be read back into a key, a number or an input: those are kept as digests under the API key.

import { createHmac } from 'node:crypto';
import type { Database } from './database.ts';
import { createSpanWriter, type Span } from './span-writer.ts';
import { isAlive, type Worker } from './worker.ts';

export interface KeysOptions {
  account: string;
  apiKey: string;
  keyTtlMs: number;
  now: () => number;
}

export interface KeyRequest {
  key: string;
  input: string;
  plan: string;
  /** Kept as JSON, and handed back by later claims. */
  circumstances: object;
}

interface KeptSpan extends Span {
  sentAt: number;
  answer: string | null;
}

interface MutationRow {
  id: number;
  input: string;
  plan: string;
  circumstances: string;
  result: string | null;
  owner: string | null;
  alive: boolean;
  expired: boolean;
}

/** How often keys whose time is over are looked for. */
const sweepMs = 10 * 60_000;

export function createKeys(
  database: Database,
  worker: Worker,
  { account, apiKey, keyTtlMs, now }: KeysOptions,
) {
  const spans = createSpanWriter(database, worker.id);
  let sweptAt = -Infinity;

  const sweep = async () => {
    if (now() - sweptAt < sweepMs) return;
    sweptAt = now();
    await database.query(
      `DELETE FROM dialgraph.mutations
       WHERE expires_at <= to_timestamp($1::float8 / 1000) AND NOT ${isAlive('owner')}`,
      [now()],
    );
  };

  return {
    digest: (text: string) => createHmac('sha256', apiKey).update(text).digest('base64url'),

    async claim<Circumstances extends object>(request: KeyRequest & { circumstances: Circumstances }) {
      const { key, input, plan, circumstances } = request;
      await worker.join();
      await sweep();
      return database.transaction(async (query) => {
        const insert = async () => {
          const [row] = await query<{ id: number }>(
            `INSERT INTO dialgraph.mutations (account, key, input, plan, circumstances, owner, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))
             ON CONFLICT (account, key) DO NOTHING RETURNING id`,
            [account, key, input, plan, JSON.stringify(circumstances), worker.id, now() + keyTtlMs],
          );
          return row && { kind: 'mine' as const, id: row.id, plan, circumstances, spans: [] as KeptSpan[] };
        };
        const free = await insert();
        if (free !== undefined) return free;

        const [held] = await query<MutationRow>(
          `SELECT id, input, plan, circumstances::text, result::text, owner, ${isAlive('owner')} AS alive,
             expires_at <= to_timestamp($3::float8 / 1000) AS expired
           FROM dialgraph.mutations WHERE account = $1 AND key = $2 FOR UPDATE`,
          [account, key, now()],
        );
        // Deleted between the two statements: whoever asks again finds it free.
        if (held === undefined) return { kind: 'elsewhere' as const };
        const isElsewhere = held.alive && held.owner !== worker.id;
        if (held.expired && !isElsewhere) {
          await query('DELETE FROM dialgraph.mutations WHERE id = $1', [held.id]);
          return (await insert()) ?? { kind: 'elsewhere' as const };
        }
        if (held.input !== input) return { kind: 'conflict' as const };
        const first = {
          id: held.id,
          plan: held.plan,
          circumstances: JSON.parse(held.circumstances) as Circumstances,
        };
        if (held.result !== null) return { kind: 'done' as const, ...first, result: held.result };
        if (isElsewhere) return { kind: 'elsewhere' as const };

        await query('UPDATE dialgraph.mutations SET owner = $2 WHERE id = $1', [held.id, worker.id]);
        const left = await query<KeptSpan>(
          `SELECT start, size, answer::text, extract(epoch FROM sent_at)::float8 * 1000 AS "sentAt"
           FROM dialgraph.spans WHERE mutation = $1`,
          [held.id],
        );
        return { kind: 'mine' as const, ...first, spans: left };
      });
    },

    intend: (mutation: number, span: Span) => spans.intend(mutation, span, now()),
    settle: (mutation: number, span: Span, answer: string) => spans.settle(mutation, span, answer),
    withdraw: (mutation: number, span: Span) => spans.withdraw(mutation, span),

    async finish(mutation: number, result: string) {
      const done = await database.query(
        `WITH done AS (
           UPDATE dialgraph.mutations SET result = $2, owner = NULL WHERE id = $1 AND owner = $3 RETURNING id),
         cleared AS (
           DELETE FROM dialgraph.spans WHERE mutation IN (SELECT id FROM done))
         SELECT id FROM done`,
        [mutation, result, worker.id],
      );
      return done.length > 0;
    },

    async improve(mutation: number, result: string) {
      await database.query(
        'UPDATE dialgraph.mutations SET result = $2 WHERE id = $1 AND result IS NOT NULL',
        [mutation, result],
      );
    },

    async release(mutation: number) {
      await spans.written();
      await database.query('UPDATE dialgraph.mutations SET owner = NULL WHERE id = $1 AND owner = $2', [
        mutation,
        worker.id,
      ]);
    },
  };
}
