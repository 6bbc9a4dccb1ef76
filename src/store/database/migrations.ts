// The tables, as numbered statements. A statement's number is its position: new ones are appended, and old ones never change.
// All tables are in the schema `dialgraph`, which every statement names, so that other programs can use the same database.
// A database that a newer Dialgraph has migrated is refused: its rows may have a meaning that this version does not know.

import { type Query, StoreError } from './driver.ts';

/** `key`, `input` and `plan` are digests (`key` under the API key), never what a caller sent. */
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
  // Every claim of a mutation has a higher number than the one before, and what an older one writes is not taken. Rows from
  // before have digests of another version, and are answered as such.
  `ALTER TABLE dialgraph.mutations
    ADD COLUMN claim bigint NOT NULL DEFAULT 1,
    ADD COLUMN candidates jsonb,
    ADD COLUMN settled boolean NOT NULL DEFAULT false`,
  'ALTER TABLE dialgraph.spans ADD COLUMN claim bigint NOT NULL DEFAULT 1',
  `ALTER TABLE dialgraph.accounts ADD COLUMN windows jsonb NOT NULL DEFAULT '{}'`,
  takeTurns(),
  // Of an import nothing is kept that stands in its file: that lies in UPLOADS_DIR, and goes after some days.
  `CREATE TABLE dialgraph.imports (
    id uuid PRIMARY KEY,
    account text NOT NULL,
    campaign text NOT NULL,
    request jsonb NOT NULL,
    key text,
    input text NOT NULL,
    state text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    has_turn boolean NOT NULL DEFAULT false,
    received bigint NOT NULL DEFAULT 0,
    progress jsonb NOT NULL,
    waiting_for text,
    failure jsonb,
    job uuid,
    owner uuid,
    claim bigint NOT NULL DEFAULT 0,
    has_files boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    queued_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    stalled_at timestamptz,
    finished_at timestamptz,
    expires_at timestamptz,
    UNIQUE (account, key)
  )`,
  'CREATE INDEX ON dialgraph.imports (account, created_at, id)',
  'CREATE INDEX ON dialgraph.imports (account) WHERE job IS NOT NULL',
  // What became of the rows is packed. `key_until`: nothing is sent after that under the slice's idempotency key.
  `CREATE TABLE dialgraph.import_slices (
    import uuid NOT NULL REFERENCES dialgraph.imports ON DELETE CASCADE,
    first_row int NOT NULL,
    rows int NOT NULL,
    position bigint NOT NULL,
    bytes int NOT NULL,
    digest text NOT NULL,
    base text NOT NULL,
    outcomes text,
    attempt int NOT NULL DEFAULT 1,
    state text NOT NULL DEFAULT 'waiting',
    open int NOT NULL,
    look_ups int NOT NULL DEFAULT 0,
    key_until timestamptz,
    PRIMARY KEY (import, first_row)
  )`,
  'ALTER TABLE dialgraph.spans ADD COLUMN digest text',
  writeJournal(),
];

/**
 * Gives turns under the caps to several who ask together, each with its patience. The rule is that of
 * dialer/transport/rate-windows.ts, in one statement, by the database's clock, with the row locked. If nobody gets a turn, nothing
 * is written. Turns that an older version has stored count.
 */
function takeTurns(): string {
  return `CREATE FUNCTION dialgraph.take_turns(account text, initial jsonb, caps jsonb, patiences float8[],
      OUT moment float8, OUT waits float8[], OUT pause_end float8, OUT kept jsonb)
    LANGUAGE plpgsql AS $$
    DECLARE
      old jsonb;
      believed jsonb := '{}';
      earliest float8;
      patience float8;
      at float8;
      cap record;
      runs jsonb;
      turns int;
      taken boolean := false;
    BEGIN
      LOOP
        SELECT windows, state INTO kept, old FROM dialgraph.accounts WHERE id = account FOR UPDATE;
        EXIT WHEN FOUND;
        INSERT INTO dialgraph.accounts (id, state) VALUES (account, initial) ON CONFLICT DO NOTHING;
      END LOOP;
      moment := extract(epoch FROM clock_timestamp()) * 1000;
      pause_end := coalesce((old->>'pausedUntil')::float8, 0);
      IF pause_end > moment + 3660000 THEN pause_end := 0; END IF;
      earliest := greatest(moment, pause_end);

      FOR cap IN SELECT value->>'withinMs' AS name, (value->>'withinMs')::float8 AS span FROM jsonb_array_elements(caps) LOOP
        SELECT coalesce(jsonb_agg(run ORDER BY n), '[]') INTO runs
        FROM jsonb_array_elements(coalesce(kept->cap.name, '[]')) WITH ORDINALITY AS known (run, n)
        WHERE (run->>1)::float8 <= moment + 60000;
        IF jsonb_typeof(old->'turns') = 'array' THEN
          SELECT runs || coalesce(jsonb_agg(DISTINCT jsonb_build_array(first, greatest(last, (runs->-1->>1)::float8), count)), '[]')
          INTO runs
          FROM (SELECT min(turn::float8) AS first, max(turn::float8) AS last, count(*) AS count
            FROM jsonb_array_elements_text(old->'turns') AS turn
            WHERE turn::float8 > moment - cap.span * 1.04 AND turn::float8 <= moment + 60000) AS left_behind
          WHERE count > 0;
        END IF;
        believed := jsonb_set(believed, ARRAY[cap.name], runs);
      END LOOP;

      waits := '{}';
      FOREACH patience IN ARRAY patiences LOOP
        at := earliest;
        FOR cap IN SELECT value->>'withinMs' AS name, (value->>'withinMs')::float8 AS span, (value->>'requests')::int AS requests
          FROM jsonb_array_elements(caps) LOOP
          runs := believed->cap.name;
          turns := 0;
          at := greatest(at, (runs->-1->>1)::float8);
          FOR n IN REVERSE jsonb_array_length(runs) - 1 .. 0 LOOP
            turns := turns + (runs->n->>2)::int;
            IF turns >= cap.requests THEN
              at := greatest(at, (runs->n->>1)::float8 + cap.span * 1.04);
              EXIT;
            END IF;
          END LOOP;
        END LOOP;
        waits := waits || (at - moment);
        CONTINUE WHEN at > moment + patience;

        taken := true;
        FOR cap IN SELECT value->>'withinMs' AS name, (value->>'withinMs')::float8 AS span FROM jsonb_array_elements(caps) LOOP
          SELECT coalesce(jsonb_agg(run ORDER BY n), '[]') INTO runs
          FROM jsonb_array_elements(believed->cap.name) WITH ORDINALITY AS known (run, n)
          WHERE (run->>1)::float8 + cap.span * 1.04 > at;
          IF at - (runs->-1->>0)::float8 <= cap.span * 0.04 THEN
            runs := jsonb_set(runs, '{-1}', jsonb_build_array(runs->-1->0, at, (runs->-1->>2)::int + 1));
          ELSE
            runs := runs || jsonb_build_array(jsonb_build_array(at, at, 1));
          END IF;
          believed := jsonb_set(believed, ARRAY[cap.name], runs);
        END LOOP;
      END LOOP;

      IF taken THEN
        UPDATE dialgraph.accounts SET windows = believed, state = jsonb_set(state, '{turns}', '[]') WHERE id = account;
      END IF;
      kept := believed;
    END $$`;
}

/**
 * Writes intentions, answers and ends of rounds, each under its claim, and answers which intentions and ends were written. A function,
 * since the database then plans its statements once in a session. They are planned for tables of any size: those of the embedded
 * database are never analysed.
 */
function writeJournal(): string {
  return `CREATE FUNCTION dialgraph.write_journal(writes jsonb)
    RETURNS TABLE (mutation bigint, start int, size int)
    LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
    #variable_conflict use_column
    BEGIN
      -- The mutations whose claim is still the same are locked, so that none is taken over in between.
      PERFORM FROM dialgraph.mutations
        JOIN (SELECT DISTINCT mutation, claim FROM jsonb_to_recordset(writes) AS written (mutation bigint, claim bigint)) AS asked
          ON asked.mutation = id AND asked.claim = mutations.claim
        ORDER BY id FOR SHARE OF mutations;

      IF writes @> '[{"what": "answer"}]' THEN
        UPDATE dialgraph.spans SET answer = written.answer::jsonb
          FROM jsonb_to_recordset(writes) AS written (what text, mutation bigint, claim bigint, start int, size int, answer text)
            JOIN dialgraph.mutations ON id = written.mutation AND mutations.claim = written.claim
          WHERE what = 'answer' AND (spans.mutation, spans.claim, spans.start, spans.size)
            = (written.mutation, written.claim, written.start, written.size);
      END IF;

      -- A claim may write its own intention again, since the range was certainly not accepted; that of an older claim stays.
      RETURN QUERY INSERT INTO dialgraph.spans AS kept (mutation, claim, start, size, sent_at, digest)
        SELECT written.mutation, written.claim, start, size, to_timestamp("sentAt" / 1000), digest
          FROM jsonb_to_recordset(writes)
              AS written (what text, mutation bigint, claim bigint, start int, size int, "sentAt" float8, digest text)
            JOIN dialgraph.mutations ON id = written.mutation AND mutations.claim = written.claim
          WHERE what = 'intention'
        ON CONFLICT (mutation, start, size) DO UPDATE
          SET claim = excluded.claim, sent_at = excluded.sent_at, answer = NULL WHERE kept.claim = excluded.claim
        RETURNING kept.mutation, kept.start, kept.size;

      IF writes @> '[{"what": "end"}]' THEN
        RETURN QUERY WITH ended AS (
            UPDATE dialgraph.mutations SET plan = coalesce(written.plan, mutations.plan), result = written.result::jsonb,
                settled = "isSettled", candidates = NULL, owner = NULL
              FROM jsonb_to_recordset(writes)
                AS written (what text, mutation bigint, claim bigint, plan text, result text, "isSettled" boolean)
              WHERE what = 'end' AND id = written.mutation AND mutations.claim = written.claim
              RETURNING id),
          cleared AS (DELETE FROM dialgraph.spans WHERE spans.mutation IN (SELECT id FROM ended))
          SELECT id, 0, 0 FROM ended;
      END IF;
    END $$`;
}

/** Any number that no other program locks with: "dialgrap" in ASCII. */
const lockKey = '7235421394567324016';

/** Runs the statements that the database has not seen yet, in one transaction. Processes that start together take turns. */
export async function migrate(query: Query): Promise<void> {
  await query(`SELECT pg_advisory_xact_lock(${lockKey})`);
  // This is asked first, since IF NOT EXISTS needs the right to create even if there is nothing to do.
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
      { kind: 'newer' },
    );
  for (const [index, statement] of migrations.entries())
    if (index >= applied) {
      await query(statement);
      await query('INSERT INTO dialgraph.migrations (number) VALUES ($1)', [index + 1]);
    }
}
