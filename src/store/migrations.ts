// The tables, and how they come to be: numbered by position, only ever appended, never changed.
// All live in the schema `dialgraph`, which every statement names, so that a database can be shared with others.
// Refuses a database that a newer Dialgraph has migrated: its rows may mean what this one does not know.

import { type Query, StoreError } from './driver.ts';

/** One entry per statement. `key`, `input` and `plan` hold digests (`key` a keyed one), never what a caller sent. */
export const migrations: readonly string[] = [
  `CREATE TABLE dialgraph.workers (
    id uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL
  )`,
  `CREATE TABLE dialgraph.accounts (
    id text PRIMARY KEY,
    state jsonb NOT NULL
  )`,
  `CREATE TABLE dialgraph.mutations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account text NOT NULL,
    key text NOT NULL,
    input text NOT NULL,
    plan text NOT NULL,
    circumstances jsonb NOT NULL,
    owner uuid,
    result jsonb,
    expires_at timestamptz NOT NULL,
    UNIQUE (account, key)
  )`,
  'CREATE INDEX ON dialgraph.mutations (expires_at)',
  `CREATE TABLE dialgraph.spans (
    mutation bigint NOT NULL REFERENCES dialgraph.mutations ON DELETE CASCADE,
    start int NOT NULL,
    size int NOT NULL,
    sent_at timestamptz NOT NULL,
    answer jsonb,
    PRIMARY KEY (mutation, start, size)
  )`,
  'CREATE INDEX ON dialgraph.mutations (owner) WHERE owner IS NOT NULL',
  // Every claim of a mutation has a higher number than the one before, and writes of an older one are not taken. What
  // was kept before has digests of another version, and is told to be of one.
  `ALTER TABLE dialgraph.mutations
    ADD COLUMN claim bigint NOT NULL DEFAULT 1,
    ADD COLUMN candidates jsonb,
    ADD COLUMN settled boolean NOT NULL DEFAULT false`,
  'ALTER TABLE dialgraph.spans ADD COLUMN claim bigint NOT NULL DEFAULT 1',
];

/** Any number, so long as no other program locks by it: "dialgrap" in ASCII. */
const lockKey = '7235421394567324016';

/** Applies, within one transaction, what the database has not seen yet. Several at once take turns. */
export async function migrate(query: Query): Promise<void> {
  await query(`SELECT pg_advisory_xact_lock(${lockKey})`);
  // Asked first: IF NOT EXISTS wants the right to create even where there is nothing to do.
  const [found] = await query<{ schema: boolean; migrations: boolean }>(
    `SELECT to_regnamespace('dialgraph') IS NOT NULL AS schema,
      to_regclass('dialgraph.migrations') IS NOT NULL AS migrations`,
  );
  if (!found?.schema) await query('CREATE SCHEMA dialgraph');
  if (!found?.migrations)
    await query(`CREATE TABLE dialgraph.migrations (
      number int PRIMARY KEY,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);

  const [last] = await query<{ number: number }>(
    'SELECT coalesce(max(number), 0) AS number FROM dialgraph.migrations',
  );
  const applied = last?.number ?? 0;
  if (applied > migrations.length)
    throw new StoreError(
      `The database is newer than this Dialgraph: it has migration ${applied}, this one knows ${migrations.length}. ` +
        'Run the newer version, or give this one a database of its own',
    );
  for (const [index, statement] of migrations.entries())
    if (index >= applied) {
      await query(statement);
      await query('INSERT INTO dialgraph.migrations (number) VALUES ($1)', [index + 1]);
    }
}
