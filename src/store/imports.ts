// What is kept of imports: their states and counts, and what became of their rows, slice by slice (imports/import-store.ts).
// An import's state changes by one statement that names the state it leaves, in one transaction with the job that goes on with it.
// An account has so many turns: imports that are CHECKING or RUNNING without one wait, the oldest first.
// States of its work: none (`job` is null) → (a job is sent) offered → (taken up, under a higher claim) owned by a process →
// offered anew, or none. A process that ends leaves what it owns to the others, after some seconds.

import { randomUUID } from 'node:crypto';
import { isEnd } from '../imports/import.ts';
import type { Change, ImportStore, StoredImport, StoredSlice, TakenSlice } from '../imports/import-store.ts';
import type { Claims } from './claims.ts';
import type { Database, Query } from './database/database.ts';
import { createJobs } from './jobs.ts';
import { isAlive } from './process-registry.ts';

export interface ImportLimits {
  /** Of one account. */
  running: number;
  waiting: number;
  /** How long files are kept, and an import waits for a person. */
  keptMs: number;
  /** How long a slice's key may be used. */
  keyMs: number;
}

/** What is told of an import without its files, for so long after its end. */
const rememberedFor = '90 days';

const epochMs = (time: string) => `(extract(epoch FROM ${time}) * 1000)::float8`;

const columns = `imports.id, account, campaign AS "campaignName", request, state, version, has_turn AS "hasTurn", claim,
  received AS "receivedBytes", progress, waiting_for AS "waitingFor", failure, has_files AS "hasFiles",
  ${epochMs('created_at')} AS "createdAt", ${epochMs('started_at')} AS "startedAt", ${epochMs('finished_at')} AS "finishedAt",
  ${epochMs('expires_at')} AS "expiresAt", coalesce(${epochMs('(now() - stalled_at)')}, 0) AS "stalledMs"`;

const sliceColumns = `first_row AS "firstRow", rows, position, bytes, digest, base, outcomes, attempt, state, open, look_ups AS "lookUps"`;

export function createImports(database: Database, claims: Claims, limits: ImportLimits): ImportStore {
  const { query, transaction } = database;
  const jobs = createJobs(database);
  const self = claims.worker.id;
  /** Nobody else is at work where one process alone has the database. */
  const isFree = database.exclusive
    ? `(owner IS NULL OR owner <> $2::uuid)`
    : `(owner IS NULL OR (owner <> $2::uuid AND NOT ${isAlive('owner')}))`;

  let recovered: Promise<void> | undefined;
  /** Where one process alone has the database, all work that is offered at its start is of one that has ended. */
  const recover = async (): Promise<void> => {
    await claims.open();
    if (!database.exclusive) return;
    for (const { id, account } of await query<{ id: string; account: string }>(
      'SELECT id, account FROM dialgraph.imports WHERE job IS NOT NULL',
    )) {
      await jobs.ready(account);
      await transaction((query) => offer(query, account, id));
    }
  };
  const open = (): Promise<void> => {
    recovered ??= recover().catch((error) => {
      recovered = undefined;
      throw error;
    });
    return recovered;
  };

  /** A transaction in which the account's turns stand still. */
  const inTurn = async <Result>(
    account: string,
    work: (query: Query) => Promise<Result>,
  ): Promise<Result> => {
    await open();
    await jobs.ready(account);
    return transaction(async (query) => {
      await query(`SELECT pg_advisory_xact_lock(hashtextextended('dialgraph.imports ' || $1, 0))`, [account]);
      return work(query);
    });
  };

  const offer = async (query: Query, account: string, id: string, delaySeconds = 0): Promise<void> => {
    const job = randomUUID();
    await query('UPDATE dialgraph.imports SET job = $2, owner = NULL WHERE id = $1', [id, job]);
    await jobs.send(query, account, { id: job, import: id }, delaySeconds);
  };

  const giveTurns = async (query: Query, account: string): Promise<void> => {
    const given = await query<{ id: string }>(
      `UPDATE dialgraph.imports SET has_turn = true, waiting_for = NULL, version = version + 1 WHERE id IN (
         SELECT id FROM dialgraph.imports WHERE account = $1 AND state IN ('CHECKING', 'RUNNING') AND NOT has_turn
         ORDER BY queued_at, id
         LIMIT greatest(0, $2 - (SELECT count(*) FROM dialgraph.imports WHERE account = $1 AND has_turn)))
       RETURNING id`,
      [account, limits.running],
    );
    for (const { id } of given) await offer(query, account, id);
  };

  const mine = (states: string) =>
    `SELECT id FROM dialgraph.imports WHERE id = $1 AND claim = $2 AND state = ${states}`;

  return {
    start: ({ id, account, campaignName, request, key, input, progress }) =>
      inTurn(account, async (query) => {
        if (key !== null) {
          const [found] = await query<StoredImport & { input: string }>(
            `SELECT ${columns}, input FROM dialgraph.imports WHERE account = $1 AND key = $2`,
            [account, key],
          );
          if (found !== undefined)
            return found.input === input ? { kind: 'found', import: found } : { kind: 'conflict' };
        }
        const [open] = await query<{ count: number }>(
          `SELECT count(*) AS count FROM dialgraph.imports WHERE account = $1 AND NOT ${hasEnded}`,
          [account],
        );
        if ((open?.count ?? 0) >= limits.running + limits.waiting) return { kind: 'too-many' };
        const [started] = await query<StoredImport>(
          `INSERT INTO dialgraph.imports (id, account, campaign, request, key, input, state, progress, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, 'AWAITING_FILE', $7, now() + $8::float8 * interval '1 ms') RETURNING ${columns}`,
          [
            id,
            account,
            campaignName,
            JSON.stringify(request),
            key,
            input,
            JSON.stringify(progress),
            limits.keptMs,
          ],
        );
        return { kind: 'started', import: started as StoredImport };
      }),

    async get(account, id) {
      const [found] = await query<StoredImport>(
        `SELECT ${columns} FROM dialgraph.imports WHERE account = $1 AND id = $2::uuid`,
        [account, id],
      );
      return found ?? null;
    },

    list: (account, { first, after, campaigns }) =>
      query<StoredImport>(
        `SELECT ${columns} FROM dialgraph.imports
         WHERE account = $1 AND ($3::jsonb IS NULL OR campaign IN (SELECT jsonb_array_elements_text($3::jsonb)))
           AND ($4::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM dialgraph.imports WHERE id = $4::uuid))
         ORDER BY created_at DESC, id DESC LIMIT $2`,
        [account, first, campaigns && JSON.stringify([...campaigns]), after],
      ),

    changed: (known) =>
      query<StoredImport>(
        `SELECT ${columns} FROM dialgraph.imports
         WHERE EXISTS (SELECT FROM jsonb_to_recordset($1::jsonb) AS known (id uuid, version bigint)
           WHERE known.id = imports.id AND known.version <> imports.version)`,
        [JSON.stringify(known)],
      ),

    async noteReceived(id, bytes) {
      await query(
        `UPDATE dialgraph.imports SET received = $2, version = version + 1
         WHERE id = $1 AND state = 'AWAITING_FILE' AND received <> $2`,
        [id, bytes],
      );
    },

    change: (account, id, from, to, claim) =>
      inTurn(account, async (query) => {
        const [current] = await query<StoredImport>(
          `SELECT ${columns} FROM dialgraph.imports WHERE account = $1 AND id = $2::uuid FOR UPDATE`,
          [account, id],
        );
        if (current === undefined || !from.includes(current.state)) return null;
        if (claim !== undefined && claim !== current.claim) return null;
        const next = to(current);
        await query(...changeOf(id, next, claim !== undefined, limits.keptMs));
        await giveTurns(query, account);
        const [now] = await query<StoredImport>(`SELECT ${columns} FROM dialgraph.imports WHERE id = $1`, [
          id,
        ]);
        if (current.hasTurn && now?.hasTurn === true) await offer(query, account, id);
        if (next.state === 'CANCELING') await offer(query, account, id);
        return now ?? null;
      }),

    async accountsWithWork() {
      await open();
      const dead = await query<{ id: string; account: string }>(
        `SELECT id, account FROM dialgraph.imports WHERE owner IS NOT NULL AND $1::uuid IS NOT NULL AND ${isFree.replaceAll('$2', '$1')}`,
        [self],
      );
      for (const { id, account } of dead)
        await inTurn(account, async (query) => {
          const [free] = await query(
            `SELECT id FROM dialgraph.imports WHERE id = $1 AND owner IS NOT NULL AND job IS NOT NULL AND ${isFree} FOR UPDATE`,
            [id, self],
          );
          if (free !== undefined) await offer(query, account, id);
        });
      const rows = await query<{ account: string }>(
        'SELECT DISTINCT account FROM dialgraph.imports WHERE job IS NOT NULL',
      );
      return rows.map(({ account }) => account);
    },

    async take(account) {
      await open();
      await jobs.ready(account);
      for (;;) {
        // Both or neither: a process that ends in between leaves the job to the others at once.
        const taken = await transaction(async (query) => {
          const job = await jobs.fetch(query, account);
          if (job === null) return null;
          const [row] = await query<StoredImport>(
            `UPDATE dialgraph.imports SET owner = $2::uuid, claim = claim + 1 WHERE id = $1 AND job = $3::uuid AND ${isFree}
             RETURNING ${columns}`,
            [job.import, self, job.id],
          );
          return { import: row, job: job.id };
        });
        if (taken === null) return null;
        if (taken.import !== undefined) return { import: taken.import, job: taken.job };
        // Another job goes on with it, or its process is at it for longer than a job lives.
        await jobs.complete(account, taken.job);
      }
    },

    async release({ import: { id, account, claim }, job }, delaySeconds) {
      await inTurn(account, async (query) => {
        const [left] = await query(
          `SELECT id FROM dialgraph.imports WHERE id = $1 AND claim = $2 AND job = $3::uuid FOR UPDATE`,
          [id, claim, job],
        );
        if (left !== undefined) await offer(query, account, id, delaySeconds);
      });
      await jobs.complete(account, job);
    },

    complete: ({ import: { account }, job }) => jobs.complete(account, job),

    async stands({ import: { id, claim, state } }) {
      const found = await query(`${mine('$3')}`, [id, claim, state]);
      return found.length > 0;
    },

    async noteProgress({ import: { id, claim, state } }, progress, waitingFor) {
      const noted = await query(
        `UPDATE dialgraph.imports SET progress = $4, waiting_for = $5, version = version + 1
         WHERE id = $1 AND claim = $2 AND state = $3 RETURNING id`,
        [id, claim, state, JSON.stringify(progress), waitingFor],
      );
      return noted.length > 0;
    },

    async clearSlices({ import: { id, claim, state } }) {
      const [row] = await query<{ stands: boolean }>(
        `WITH mine AS (${mine('$3')} FOR SHARE),
           cleared AS (DELETE FROM dialgraph.import_slices WHERE import IN (SELECT id FROM mine))
         SELECT EXISTS (SELECT FROM mine) AS stands`,
        [id, claim, state],
      );
      return row?.stands === true;
    },

    async addSlice({ import: { id, claim, state } }, slice, progress) {
      const { firstRow, rows, position, bytes, digest, base, open } = slice;
      const added = await query(
        `WITH mine AS (
           UPDATE dialgraph.imports SET progress = $4, version = version + 1
           WHERE id = $1 AND claim = $2 AND state = $3 RETURNING id)
         INSERT INTO dialgraph.import_slices (import, first_row, rows, position, bytes, digest, base, open)
           SELECT id, $5, $6, $7, $8, $9, $10, $11 FROM mine RETURNING first_row`,
        [id, claim, state, JSON.stringify(progress), firstRow, rows, position, bytes, digest, base, open],
      );
      return added.length > 0;
    },

    openSlices: ({ import: { id } }) =>
      query(
        `SELECT first_row AS "firstRow", state, look_ups AS "lookUps" FROM dialgraph.import_slices
         WHERE import = $1 AND (open > 0 OR state = 'sending') ORDER BY first_row`,
        [id],
      ),

    async takeSlice({ import: { id, claim, state } }, firstRow) {
      const [taken] = await query<TakenSlice>(
        `WITH mine AS (${mine('$3')} FOR SHARE),
           slice AS (
             SELECT * FROM dialgraph.import_slices WHERE import IN (SELECT id FROM mine) AND first_row = $4 FOR UPDATE),
           marked AS (
             UPDATE dialgraph.import_slices SET state = 'sending',
               key_until = least(coalesce(slice.key_until, 'infinity'), now() + $5::float8 * interval '1 ms')
             FROM slice WHERE import_slices.import = slice.import AND import_slices.first_row = slice.first_row
               AND (slice.key_until IS NULL OR slice.key_until > now()))
         SELECT ${sliceColumns}, coalesce(key_until <= now(), false) AS "isTooOld" FROM slice`,
        [id, claim, state, firstRow, limits.keyMs],
      );
      return taken ?? null;
    },

    async endSlice({ import: { id, claim } }, end) {
      const { firstRow, base, outcomes, attempt, state, open, lookUps, progress, waitingFor, wentOn } = end;
      const ended = await query(
        `WITH mine AS (
           UPDATE dialgraph.imports SET progress = $3, waiting_for = $4, version = version + 1,
             stalled_at = CASE $5::boolean WHEN true THEN NULL WHEN false THEN coalesce(stalled_at, now()) ELSE stalled_at END
           WHERE id = $1 AND claim = $2 RETURNING id)
         UPDATE dialgraph.import_slices SET base = $7, outcomes = $8,
           key_until = CASE WHEN attempt = $9 THEN key_until END, attempt = $9, state = $10, open = $11, look_ups = $12
         WHERE import IN (SELECT id FROM mine) AND first_row = $6 RETURNING first_row`,
        [
          ...[id, claim, JSON.stringify(progress), waitingFor, wentOn ?? null],
          ...[firstRow, base, outcomes, attempt, state, open, lookUps],
        ],
      );
      return ended.length > 0;
    },

    slices: (id, from, count) =>
      query<StoredSlice>(
        `SELECT ${sliceColumns} FROM dialgraph.import_slices WHERE import = $1 AND first_row >= $2 ORDER BY first_row LIMIT $3`,
        [id, from, count],
      ),

    isShared: !database.exclusive,

    async outdated() {
      const rows = await query<{ account: string; id: string; hasEnded: boolean }>(
        `SELECT account, id, ${hasEnded} AS "hasEnded" FROM dialgraph.imports WHERE has_files AND expires_at <= now()`,
      );
      return {
        late: rows.filter((row) => !row.hasEnded),
        ended: rows.filter((row) => row.hasEnded).map(({ id }) => id),
      };
    },

    async filesGone(id) {
      await query(
        `WITH gone AS (
           UPDATE dialgraph.imports SET has_files = false, version = version + 1,
             progress = jsonb_set(progress, '{firstErrors}', '[]') WHERE id = $1 RETURNING id)
         DELETE FROM dialgraph.import_slices WHERE import IN (SELECT id FROM gone)`,
        [id],
      );
    },

    async known(ids) {
      const rows = await query<{ id: string }>(
        `SELECT id FROM dialgraph.imports
         WHERE has_files AND id IN (SELECT value::uuid FROM jsonb_array_elements_text($1::jsonb))`,
        [JSON.stringify(ids)],
      );
      return new Set(rows.map(({ id }) => id));
    },

    async maintain() {
      await jobs.maintain();
      await query(
        `DELETE FROM dialgraph.imports WHERE NOT has_files AND finished_at < now() - interval '${rememberedFor}'`,
      );
    },
  };
}

const hasEnded = `state IN ('FINISHED', 'CANCELED', 'FAILED', 'EXPIRED')`;

/** The statement of a change of state. What it leads to decides on turn, times and job. */
function changeOf(
  id: string,
  { state, request, progress, waitingFor = null, failure, receivedBytes }: Change,
  isOwners: boolean,
  keptMs: number,
): [string, unknown[]] {
  const isWork = state === 'CHECKING' || state === 'RUNNING';
  const isLasting = isWork || state === 'CANCELING';
  return [
    `UPDATE dialgraph.imports SET state = $2, version = version + 1, job = NULL,
       owner = CASE WHEN $3::boolean THEN NULL ELSE owner END,
       has_turn = has_turn AND $4::boolean,
       queued_at = CASE WHEN $4::boolean AND NOT has_turn THEN clock_timestamp() ELSE queued_at END,
       waiting_for = CASE WHEN $4::boolean AND NOT has_turn THEN 'TURN' ELSE $5 END,
       request = coalesce($6::jsonb, request), progress = coalesce($7::jsonb, progress),
       failure = coalesce($8::jsonb, failure), received = coalesce($9::bigint, received),
       started_at = CASE WHEN $2 = 'RUNNING' THEN coalesce(started_at, now()) ELSE started_at END,
       stalled_at = CASE WHEN $2 = 'RUNNING' THEN NULL ELSE stalled_at END,
       finished_at = CASE WHEN $10::boolean THEN now() END,
       expires_at = CASE WHEN NOT $11::boolean THEN now() + $12::float8 * interval '1 ms' END
     WHERE id = $1`,
    [
      ...[id, state, isOwners, isWork, waitingFor],
      ...[request && JSON.stringify(request), progress && JSON.stringify(progress)],
      ...[failure && JSON.stringify(failure), receivedBytes ?? null, isEnd(state), isLasting, keptMs],
    ],
  ];
}
