// Idempotency keys: which process carries a request out, what it was about to send, and what came of that.
// States of a key's row: owned (its first claim, by a process that lives) → settled (finished, with nothing left to do: from then
// on it is only replayed), or free (finished with something left to do, or released), or abandoned (its process is dead, or
// could not write its end). free or abandoned → (the next claim, under a higher number) owned. What an older claim writes from
// then on is not taken. Any of them → (its time is over, and nobody works on it) deleted.
// Keys and inputs are stored as digests only, those of keys under the API key, so no phone number can be read from them.
// All times are of the database's clock, since the clocks of replicas may differ.

import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimRequest, ClaimResult, KeptRange, KeyStore } from '../scheduling/idempotency/key-store.ts';
import type { Claims } from './claims.ts';
import type { Database, Query } from './database/database.ts';
import { StoreError } from './database/driver.ts';
import { isAlive } from './process-registry.ts';

export interface KeysOptions {
  account: string;
  apiKey: string;
  keyTtlMs: number;
}

interface MutationRow {
  id: number;
  input: string;
  plan: string;
  circumstances: object;
  result: string | null;
  candidates: string | null;
  settled: boolean;
  owner: string | null;
  alive: boolean;
  expired: boolean;
  now: number;
}

type AnyRequest = ClaimRequest<object>;
type AnyResult = ClaimResult<object>;

/** How often keys whose time is over are deleted. */
const sweepMs = 10 * 60_000;
/** From one attempt to write the end of a round to the next, and for how long. */
const retryMs = 1000;
const reachMs = 10 * 60_000;

export function createKeys(
  database: Database,
  claims: Claims,
  { account, apiKey, keyTtlMs }: KeysOptions,
): KeyStore {
  const { worker, journal, active, claiming } = claims;
  const self = {};
  let sweptAt = -Infinity;

  const sweep = async () => {
    if (performance.now() - sweptAt < sweepMs) return;
    sweptAt = performance.now();
    await database.query(
      `DELETE FROM dialgraph.mutations
       WHERE expires_at <= now() AND owner IS DISTINCT FROM $1 AND NOT ${isAlive('owner')}`,
      [worker.id],
    );
  };

  const insert = async (query: Query, request: AnyRequest): Promise<AnyResult | undefined> => {
    const { key, formerKeys, input, circumstances, candidates } = request;
    const [row] = await query<{ id: number; now: number }>(
      `INSERT INTO dialgraph.mutations (account, key, input, plan, circumstances, candidates, owner, claim, expires_at)
       SELECT $1, $2, $3, '', $4, $5, $6, 1, now() + $7::float8 * interval '1 ms'
       WHERE NOT EXISTS (SELECT FROM dialgraph.mutations WHERE account = $1
         AND key IN (SELECT jsonb_array_elements_text($8::jsonb)) AND expires_at > now())
       ON CONFLICT (account, key) DO NOTHING RETURNING id, ${epochMs('clock_timestamp()')} AS now`,
      [
        ...[account, key, input, JSON.stringify(circumstances), candidates],
        ...[worker.id, keyTtlMs, JSON.stringify(formerKeys)],
      ],
    );
    if (row === undefined) return undefined;
    const kept = { plan: '', circumstances, result: null, candidates, databaseNow: row.now };
    return { kind: 'mine', claim: { id: row.id, number: 1 }, kept, ranges: [] };
  };

  /** Reads what the key stands for, and takes it over if nobody works on it. Runs within one transaction. */
  const take = async (query: Query, request: AnyRequest): Promise<AnyResult> => {
    const { key, input, held: heldId } = request;
    const [found] = await query<MutationRow>(
      `SELECT id, input, plan, circumstances, result::text, candidates::text, settled, owner,
         ${isAlive('owner')} AS alive, expires_at <= now() AS expired, ${epochMs('clock_timestamp()')} AS now
       FROM dialgraph.mutations WHERE account = $1 AND key = $2 FOR UPDATE`,
      [account, key],
    );
    if (heldId !== null && found?.id !== heldId) return { kind: 'gone' };
    if (found === undefined) return absent(query, request);
    const { id, owner } = found;
    const isElsewhere = owner === worker.id ? (active.get(id) ?? self) !== self : found.alive;
    if (found.expired && !isElsewhere && heldId === null) {
      await query('DELETE FROM dialgraph.mutations WHERE id = $1', [id]);
      return (await insert(query, request)) ?? { kind: 'elsewhere' };
    }
    if (found.input !== input)
      return { kind: versionOf(found.input) === versionOf(input) ? 'conflict' : 'other-version' };
    const { plan, circumstances, result, candidates, now: databaseNow } = found;
    const kept = { plan, circumstances, result, candidates, databaseNow };
    if (found.settled) return { kind: 'settled', kept };
    if (isElsewhere) return { kind: 'elsewhere' };

    const [taken] = await query<{ claim: number }>(
      'UPDATE dialgraph.mutations SET owner = $2, claim = claim + 1 WHERE id = $1 RETURNING claim',
      [id, worker.id],
    );
    const ranges = await query<KeptRange>(
      `SELECT start, size, claim, digest, answer::text, ${epochMs('sent_at')} AS "sentAt"
       FROM dialgraph.spans WHERE mutation = $1`,
      [id],
    );
    return { kind: 'mine', claim: { id, number: taken?.claim ?? 0 }, kept, ranges };
  };

  /** For a key without a row. Another version of this service stored it, or it was deleted just now and is free when asked again. */
  const absent = async (query: Query, { formerKeys }: AnyRequest): Promise<AnyResult> => {
    const former = await query(
      `SELECT id FROM dialgraph.mutations
       WHERE account = $1 AND key IN (SELECT jsonb_array_elements_text($2::jsonb)) AND expires_at > now()`,
      [account, JSON.stringify(formerKeys)],
    );
    return { kind: former.length > 0 ? 'other-version' : 'elsewhere' };
  };

  return {
    digest: (text) => createHmac('sha256', apiKey).update(text).digest('base64url'),

    async claim<Circumstances extends object>(request: ClaimRequest<Circumstances>) {
      await claims.open();
      await sweep();
      const name = `${account} ${request.key}`;
      if (claiming.has(name)) return { kind: 'elsewhere' };
      claiming.add(name);
      try {
        // An insert alone is tried first, since most keys are new.
        const free = request.held === null ? await insert(database.query, request) : undefined;
        const claim = free ?? (await database.transaction((query) => take(query, request)));
        if (claim.kind === 'mine') active.set(claim.claim.id, self);
        // What is kept of an input is what was kept with it.
        return claim as ClaimResult<Circumstances>;
      } finally {
        claiming.delete(name);
      }
    },

    intend: journal.intend,
    settle: journal.settle,

    async beginRound({ id, number }, { plan = null, result, candidates }) {
      const begun = await database.query(
        `WITH begun AS (
           UPDATE dialgraph.mutations SET plan = coalesce($3, plan), result = $4, candidates = $5
           WHERE id = $1 AND claim = $2 RETURNING id),
         cleared AS (
           DELETE FROM dialgraph.spans WHERE mutation IN (SELECT id FROM begun))
         SELECT id FROM begun`,
        [id, number, plan, result, candidates],
      );
      return begun.length > 0;
    },

    async finish(claim, end) {
      try {
        return await onceReachable(() => journal.finish(claim, end));
      } finally {
        active.delete(claim.id);
      }
    },

    async release({ id, number }) {
      active.delete(id);
      await journal.written();
      await database.query(
        `WITH unused AS (
           DELETE FROM dialgraph.mutations WHERE id = $1 AND claim = $2 AND result IS NULL
             AND NOT EXISTS (SELECT FROM dialgraph.spans WHERE mutation = $1) RETURNING id)
         UPDATE dialgraph.mutations SET owner = NULL
         WHERE id = $1 AND claim = $2 AND owner IS NOT NULL AND NOT EXISTS (SELECT FROM unused)`,
        [id, number],
      );
    },
  };
}

/** Tries again while the database is out of reach, but not if it refuses. */
async function onceReachable<T>(work: () => Promise<T>): Promise<T> {
  const until = performance.now() + reachMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const passes = error instanceof StoreError && ['unreachable', 'timeout'].includes(error.kind);
      if (!passes || performance.now() > until) throw error;
      await sleep(retryMs, undefined, { ref: false });
    }
  }
}

function epochMs(time: string): string {
  return `extract(epoch FROM ${time})::float8 * 1000`;
}

/** A digest begins with the version that made it. */
function versionOf(digest: string): string {
  return digest.slice(0, digest.indexOf(':') + 1);
}
