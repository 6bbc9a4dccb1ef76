// The state of an account that all workers share: one row, whose times are of the database's clock.
// States of a worker: asking the database → (no answer within answerMs, or a failure) on its own for restMs → asking. On its own
// it goes on with the state that it saw last. So several workers together may exceed a cap; otherwise nobody would be called.

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cap, Windows } from '../dialer/transport/rate-windows.ts';
import {
  type AccountState,
  createLocalState,
  initialState,
  type SharedState,
} from '../dialer/transport/shared-state.ts';
import type { Database, Query } from './database/database.ts';

/** A database that hangs would hold up every request: it has so long to answer, and is not asked for a while after a failure. */
const answerMs = 1000;
const restMs = 5000;
/** Another worker's pause is heard of so late at most: to ask before each request would hold up each of them. */
const knownForMs = 20;

/** The id of an account's row. `identity`: what accounts are told apart by. */
export function accountIdOf(identity: string): string {
  return createHash('sha256').update(identity).digest('base64url');
}

export function createAccountState(database: Database, account: string): SharedState {
  /** How far the database's clock is ahead of this process's. */
  let aheadMs = 0;
  const local = createLocalState(() => Date.now() + aheadMs);
  let restsUntil = 0;
  /** When the database last told it, by performance.now(). */
  let knownAt = -Infinity;

  /** Null if the database does not answer, or has not done so a moment ago. */
  const ask = async <Answer extends object>(work: () => Promise<Answer>): Promise<Answer | null> => {
    if (Date.now() < restsUntil) return null;
    const answer = await Promise.race([work().catch(() => null), sleep(answerMs, null, { ref: false })]);
    if (answer === null) restsUntil = Date.now() + restMs;
    return answer;
  };

  const learn = ({ moment, pauseEnd }: Known): number => {
    aheadMs = moment - Date.now();
    knownAt = performance.now();
    local.adopt({ pausedUntil: pauseEnd });
    return Math.max(0, pauseEnd - moment);
  };

  const takeTogether = gather(async (asked: readonly Asked[]) => {
    const [{ caps } = { caps: [] }] = asked;
    // What is left of each one's patience: some of it was spent while they gathered.
    const patiences = asked.map(({ until }) => Math.max(0, until - performance.now()));
    const answer = await ask(() => takeTurns(database.query, account, caps, patiences));
    if (answer === null)
      return Promise.all(asked.map((one, n) => local.takeTurn(one.caps, patiences[n] ?? 0)));
    const pausedMs = learn(answer);
    local.adopt({ windows: answer.windows });
    return answer.waits.map((waitMs) => ({ waitMs, pausedMs }));
  });

  const lookTogether = gather(async (asked: readonly null[]) => {
    const answer = await ask(() => readPause(database.query, account));
    const pausedMs = answer === null ? await local.pausedMs() : learn(answer);
    return asked.map(() => pausedMs);
  });

  return {
    async read() {
      const answer = await ask(() => readState(database.query, account));
      if (answer !== null) local.adopt({ state: answer });
      return local.read();
    },
    async update(change) {
      const changed = await ask(() => database.transaction((query) => updateState(query, account, change)));
      if (changed === null) return local.update(change);
      local.adopt({ state: changed });
      return changed;
    },
    takeTurn: (caps, longestWaitMs) => takeTogether({ caps, until: performance.now() + longestWaitMs }),
    pausedMs: () => (performance.now() - knownAt < knownForMs ? local.pausedMs() : lookTogether(null)),
    async pause(ms) {
      const answer = await ask(() => pauseAccount(database.query, account, ms));
      return answer === null ? local.pause(ms) : learn(answer);
    },
    async resume() {
      const answer = await ask(() => resumeAccount(database.query, account));
      await local.resume();
      if (answer === null) throw new Error('The database is out of reach');
    },
  };
}

interface Known {
  /** Epoch milliseconds, by the database's clock. */
  moment: number;
  pauseEnd: number;
}

interface Asked {
  caps: readonly Cap[];
  /** How long it waits for a turn, by performance.now(). */
  until: number;
}

/** Questions that come while one is being answered are asked together afterwards. `askAll` must not reject. */
function gather<One, Answer>(
  askAll: (all: readonly One[]) => Promise<readonly Answer[]>,
): (one: One) => Promise<Answer> {
  let gathered: { one: One; resolve(answer: Answer): void }[] = [];
  let isAsking = false;
  const askGathered = async () => {
    isAsking = true;
    while (gathered.length > 0) {
      const asked = gathered;
      gathered = [];
      const answers = await askAll(asked.map(({ one }) => one));
      for (const [n, { resolve }] of asked.entries()) resolve(answers[n] as Answer);
    }
    isAsking = false;
  };
  return (one) =>
    new Promise((resolve) => {
      gathered.push({ one, resolve });
      if (!isAsking) void askGathered();
    });
}

async function takeTurns(
  query: Query,
  account: string,
  caps: readonly Cap[],
  patiences: readonly number[],
): Promise<Known & { waits: number[]; windows: Windows }> {
  const [row] = await query<{ moment: number; waits: number[]; pauseEnd: number; windows: Windows }>(
    `SELECT moment, waits, pause_end AS "pauseEnd", kept AS windows
     FROM dialgraph.take_turns($1, $2::jsonb, $3::jsonb, $4::float8[])`,
    [account, JSON.stringify(initialState), JSON.stringify(caps), `{${patiences.join()}}`],
  );
  if (row === undefined) throw new Error('take_turns answers one row');
  return row;
}

const nowMs = 'extract(epoch FROM clock_timestamp())::float8 * 1000';
/** An end that is later than any pause can end was written before the clock was set back, and does not count. */
const pauseEnd = `CASE WHEN (accounts.state->>'pausedUntil')::float8 <= ${nowMs} + 3660000
  THEN (accounts.state->>'pausedUntil')::float8 ELSE 0 END`;

async function readPause(query: Query, account: string): Promise<Known> {
  const [row] = await query<Known>(
    `SELECT ${nowMs} AS moment, ${pauseEnd} AS "pauseEnd" FROM dialgraph.accounts WHERE id = $1`,
    [account],
  );
  return row ?? { moment: Date.now(), pauseEnd: 0 };
}

async function pauseAccount(query: Query, account: string, ms: number): Promise<Known> {
  const [row] = await query<Known>(
    `INSERT INTO dialgraph.accounts (id, state)
     VALUES ($1, jsonb_set($2::jsonb, '{pausedUntil}', to_jsonb(${nowMs} + $3::float8)))
     ON CONFLICT (id) DO UPDATE SET state = jsonb_set(accounts.state, '{pausedUntil}',
       to_jsonb(greatest(${pauseEnd}, ${nowMs} + $3::float8)))
     RETURNING ${nowMs} AS moment, ${pauseEnd} AS "pauseEnd"`,
    [account, JSON.stringify(initialState), ms],
  );
  return row ?? { moment: Date.now(), pauseEnd: 0 };
}

/** Ends an account's pause. Returns when it would have ended. */
export async function resumeAccount(query: Query, account: string): Promise<Known> {
  const known = await readPause(query, account);
  await query(`UPDATE dialgraph.accounts SET state = jsonb_set(state, '{pausedUntil}', '0') WHERE id = $1`, [
    account,
  ]);
  return known;
}

async function readState(query: Query, account: string): Promise<AccountState> {
  const [row] = await query<{ state: AccountState }>('SELECT state FROM dialgraph.accounts WHERE id = $1', [
    account,
  ]);
  return { ...initialState, ...row?.state };
}

async function updateState(
  query: Query,
  account: string,
  change: (state: AccountState) => AccountState,
): Promise<AccountState> {
  await query('INSERT INTO dialgraph.accounts (id, state) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    account,
    JSON.stringify(initialState),
  ]);
  const [row] = await query<{ state: AccountState }>(
    'SELECT state FROM dialgraph.accounts WHERE id = $1 FOR UPDATE',
    [account],
  );
  const changed = change({ ...initialState, ...row?.state });
  await query('UPDATE dialgraph.accounts SET state = $2 WHERE id = $1', [account, JSON.stringify(changed)]);
  return changed;
}
