// Idempotency keys: who carries a request out, what was about to be sent of it, and what came of it.
// Nothing here can be read back into a key, a number or an input: those are kept as digests under the API key.

import { createHmac } from 'node:crypto';
import type { Claims } from './claims.ts';
import type { Database, Query } from './database.ts';
import type { Span } from './span-writer.ts';
import { isAlive } from './worker.ts';

export interface KeysOptions {
  account: string;
  apiKey: string;
  keyTtlMs: number;
  now: () => number;
}

export interface KeyRequest {
  /** A claim that was this worker's, and must not be begun anew. */
  held: number | null;
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
  claims: Claims,
  { account, apiKey, keyTtlMs, now }: KeysOptions,
) {
  const { worker, spans, active, claiming } = claims;
  const self = {};
  let sweptAt = -Infinity;

  const sweep = async () => {
    if (now() - sweptAt < sweepMs) return;
    sweptAt = now();
    await database.query(
      `DELETE FROM dialgraph.mutations
       WHERE expires_at <= to_timestamp($1::float8 / 1000)
         AND owner IS DISTINCT FROM $2 AND NOT ${isAlive('owner')}`,
      [now(), worker.id],
    );
  };

  return {
    digest: (text: string) => createHmac('sha256', apiKey).update(text).digest('base64url'),

    async claim<Circumstances extends object>(request: KeyRequest & { circumstances: Circumstances }) {
      const { key, input, plan, circumstances, held: heldId } = request;
      await claims.open();
      await sweep();
      const insert = async (query: Query) => {
        const [row] = await query<{ id: number }>(
          `INSERT INTO dialgraph.mutations (account, key, input, plan, circumstances, owner, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000))
           ON CONFLICT (account, key) DO NOTHING RETURNING id`,
          [account, key, input, plan, JSON.stringify(circumstances), worker.id, now() + keyTtlMs],
        );
        return row && { kind: 'mine' as const, id: row.id, plan, circumstances, spans: [] as KeptSpan[] };
      };
      const take = async (query: Query) => {
        const [held] = await query<MutationRow>(
          `SELECT id, input, plan, circumstances::text, result::text, owner, ${isAlive('owner')} AS alive,
             expires_at <= to_timestamp($3::float8 / 1000) AS expired
           FROM dialgraph.mutations WHERE account = $1 AND key = $2 FOR UPDATE`,
          [account, key, now()],
        );
        if (heldId !== null && held?.id !== heldId) return { kind: 'gone' as const };
        // Deleted between the two statements: whoever asks again finds it free.
        if (held === undefined) return { kind: 'elsewhere' as const };
        const isElsewhere = held.owner === worker.id ? (active.get(held.id) ?? self) !== self : held.alive;
        if (held.expired && !isElsewhere && heldId === null) {
          await query('DELETE FROM dialgraph.mutations WHERE id = $1', [held.id]);
          return (await insert(query)) ?? { kind: 'elsewhere' as const };
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
      };
      const name = `${account} ${key}`;
      if (claiming.has(name)) return { kind: 'elsewhere' as const };
      claiming.add(name);
      try {
        // Most keys are new.
        const free = heldId === null ? await insert(database.query) : undefined;
        const claim = free ?? (await database.transaction(take));
        if (claim.kind === 'mine') active.set(claim.id, self);
        return claim;
      } finally {
        claiming.delete(name);
      }
    },

    intend: (mutation: number, span: Span) => spans.intend(mutation, span, now()),
    settle: (mutation: number, span: Span, answer: string) => spans.settle(mutation, span, answer),
    withdraw: (mutation: number, span: Span) => spans.withdraw(mutation, span),

    async finish(mutation: number, result: string) {
      // What was answered is written first, for the case that this cannot be.
      await spans.written();
      try {
        const done = await database.query(
          `WITH done AS (
             UPDATE dialgraph.mutations SET result = $2, owner = NULL WHERE id = $1 AND owner = $3 RETURNING id),
           cleared AS (
             DELETE FROM dialgraph.spans WHERE mutation IN (SELECT id FROM done))
           SELECT id FROM done`,
          [mutation, result, worker.id],
        );
        return done.length > 0;
      } finally {
        active.delete(mutation);
      }
    },

    async improve(mutation: number, result: string) {
      await database.query(
        'UPDATE dialgraph.mutations SET result = $2 WHERE id = $1 AND result IS NOT NULL',
        [mutation, result],
      );
    },

    async release(mutation: number) {
      await spans.written();
      active.delete(mutation);
      await database.query('UPDATE dialgraph.mutations SET owner = NULL WHERE id = $1 AND owner = $2', [
        mutation,
        worker.id,
      ]);
      return true;
    },
  };
}
