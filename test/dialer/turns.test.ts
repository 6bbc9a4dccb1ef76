// Caps on requests, as a property: whatever the arrivals, no span of a cap's length has more turns than the cap allows, most of
// it can be used, and what one process keeps in memory and several in PostgreSQL gives the same turns.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cap, takeTurn, type Windows } from '../../src/dialer/transport/rate-windows.ts';
import { initialState } from '../../src/dialer/transport/shared-state.ts';
import { createAccountState } from '../../src/store/account-state.ts';
import { createDatabase, type Database } from '../../src/store/database/database.ts';
import { createTestDatabase } from '../postgres.ts';
import { runs } from '../property-runs.ts';

const caps: fc.Arbitrary<Cap[]> = fc
  .record({ second: fc.option(fc.integer({ min: 1, max: 60 })), minute: fc.integer({ min: 1, max: 900 }) })
  .map(({ second, minute }) => [
    ...(second === null ? [] : [{ requests: second, withinMs: 1000 }]),
    { requests: minute, withinMs: 60_000 },
  ]);

/** Arrivals: bursts, trickles and silences, each with its patience. */
const arrivals = fc.array(
  fc.record({
    afterMs: fc.oneof(
      fc.constant(0),
      fc.double({ min: 0, max: 80, noNaN: true }),
      fc.integer({ min: 0, max: 90_000 }),
    ),
    times: fc.integer({ min: 1, max: 40 }),
    patienceMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4500 })),
  }),
  { minLength: 1, maxLength: 60 },
);

/** The most turns in any half-open span of such a length. */
function mostWithin(turns: readonly number[], ms: number): number {
  const sorted = turns.toSorted((one, other) => one - other);
  let most = 0;
  for (let first = 0, last = 0; last < sorted.length; last++) {
    while ((sorted[last] ?? 0) - (sorted[first] ?? 0) >= ms) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const start = Date.parse('2026-11-25T04:30:00Z');

describe('turns under caps', () => {
  it('are never more than a cap in any span of its length, in a state that stays small', () => {
    fc.assert(
      fc.property(caps, arrivals, (caps, arrivals) => {
        const turns: number[] = [];
        let earliest = Number.POSITIVE_INFINITY;
        let windows: Windows = {};
        let now = start;
        for (const { afterMs, times, patienceMs } of arrivals) {
          now += afterMs;
          for (let n = 0; n < times; n++) {
            const turn = takeTurn(windows, caps, now, now, now + patienceMs);
            windows = turn.windows;
            if (turn.at <= now + patienceMs) turns.push(turn.at);
            earliest = Math.min(earliest, turn.at - now);
          }
        }
        expect(earliest).toBeGreaterThanOrEqual(0);
        for (const { requests, withinMs } of caps) {
          expect(mostWithin(turns, withinMs)).toBeLessThanOrEqual(requests);
          expect(windows[withinMs]?.length ?? 0).toBeLessThanOrEqual(54);
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it.each([1, 2, 7, 25, 100, 1000, 60_000])(
    'let %d through at once, and nine in ten of so many for ever',
    (requests) => {
      const caps = [{ requests, withinMs: 60_000 }];
      let windows: Windows = {};
      const take = (now: number, patienceMs: number) => {
        const turn = takeTurn(windows, caps, now, now, now + patienceMs);
        windows = turn.windows;
        return turn.at <= now + patienceMs;
      };
      expect(Array.from({ length: requests }, () => take(start, 0))).not.toContain(false);
      expect(take(start, 0)).toBe(false);

      // Asked steadily, and often.
      let taken = 0;
      const minutes = 3;
      const asked = Math.max(Math.ceil(requests * 1.3), 300) * minutes;
      const from = start + 120_000;
      for (let n = 0; n < asked; n++) if (take(from + (n * minutes * 60_000) / asked, 0)) taken++;
      expect(taken / (requests * minutes)).toBeGreaterThan(0.9);
      expect(JSON.stringify(windows).length).toBeLessThan(3000);
    },
  );

  it('goes on where the clock was set back', () => {
    const caps = [{ requests: 1, withinMs: 60_000 }];
    const { windows } = takeTurn({}, caps, start + 7_200_000, start + 7_200_000, start + 7_200_000);
    expect(takeTurn(windows, caps, start, start, start).at).toBe(start);
  });
});

describe('turns that several processes share', () => {
  let database: Database;
  let other: Database;
  beforeAll(async () => {
    const url = await createTestDatabase();
    database = createDatabase({ url, dataDir: '' });
    other = createDatabase({ url, dataDir: '' });
  });
  afterAll(() => Promise.all([database.close(), other.close()]));

  interface Row {
    moment: number;
    waits: number[];
    kept: Windows;
  }
  const takeThere = async (account: string, caps: readonly Cap[], patiences: readonly number[]) => {
    const [row] = await database.query<Row>(
      'SELECT * FROM dialgraph.take_turns($1, $2::jsonb, $3::jsonb, $4::float8[])',
      [account, JSON.stringify(initialState), JSON.stringify(caps), `{${patiences.join()}}`],
    );
    if (row === undefined) throw new Error('no row');
    return row;
  };
  const stateOf = async (account: string) => {
    const [row] = await database.query<{ state: { turns: number[] }; windows: Windows }>(
      'SELECT state, windows FROM dialgraph.accounts WHERE id = $1',
      [account],
    );
    if (row === undefined) throw new Error('no row');
    return row;
  };

  it('are those that one process would take', async () => {
    let accounts = 0;
    await fc.assert(
      fc.asyncProperty(
        caps,
        fc.array(fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 30 }), {
          minLength: 1,
          maxLength: 6,
        }),
        async (caps, batches) => {
          const account = `same ${accounts++}`;
          let windows: Windows = {};
          for (const patiences of batches) {
            const { moment, waits, kept } = await takeThere(account, caps, patiences);
            const here = patiences.map((patience) => {
              const turn = takeTurn(windows, caps, moment, moment, moment + patience);
              windows = turn.windows;
              return turn.at - moment;
            });
            expect(waits).toEqual(here);
            const isTaken = waits.some((wait, n) => wait <= (patiences[n] ?? 0));
            if (isTaken) expect(kept).toEqual(windows);
            windows = (await stateOf(account)).windows;
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 180_000);

  it('keep a cap for all of them together, with one statement for many', async () => {
    const caps = [{ requests: 30, withinMs: 1000 }];
    const states = [database, other].map((each) => createAccountState(each, 'together'));
    // The database's moment lies between asking and being answered, which take long on a busy machine.
    const turns = await Promise.all(
      Array.from({ length: 120 }, async (_, n) => {
        const askedAt = Date.now();
        const waitMs = (await states[n % 2]?.takeTurn(caps, 10_000))?.waitMs ?? 0;
        return { earliest: askedAt + waitMs, latest: Date.now() + waitMs };
      }),
    );
    for (const { earliest: from } of turns) {
      const within = turns.filter(({ earliest, latest }) => earliest >= from && latest < from + 1000);
      expect(within.length).toBeLessThanOrEqual(30);
    }
  });

  it('count what an older version has kept, and tidy it away', async () => {
    const turns = Array.from({ length: 90 }, (_, n) => Date.now() - 30_000 + n * 100);
    await database.query('INSERT INTO dialgraph.accounts (id, state) VALUES ($1, $2)', [
      'old',
      JSON.stringify({ ...initialState, turns }),
    ]);
    const caps = [
      { requests: 10, withinMs: 1000 },
      { requests: 91, withinMs: 60_000 },
    ];
    const { waits } = await takeThere('old', caps, [0, 0]);
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(30_000);
    expect((await stateOf('old')).state.turns).toEqual([]);
  });

  it('write nothing where no turn is taken', async () => {
    const caps = [{ requests: 1, withinMs: 60_000 }];
    await takeThere('full', caps, [0]);
    const version = async () => {
      const [row] = await database.query<{ xmin: string }>(
        "SELECT xmin::text FROM dialgraph.accounts WHERE id = 'full'",
      );
      return row?.xmin;
    };
    const before = await version();
    await takeThere('full', caps, [0, 100]);
    expect(await version()).toBe(before);
  });

  it('wait out a pause that any of them met, and none that was lifted', async () => {
    const caps = [{ requests: 10, withinMs: 1000 }];
    const [one, two] = [database, other].map((each) => createAccountState(each, 'paused'));
    expect(await one?.pause(60_000)).toBeGreaterThan(59_000);
    // A shorter one does not end it.
    expect(await two?.pause(1000)).toBeGreaterThan(59_000);
    const turn = await two?.takeTurn(caps, 1000);
    expect(turn?.waitMs).toBeGreaterThan(59_000);
    await two?.resume();
    // Its process hears of it a moment later.
    await expect.poll(() => one?.pausedMs(), { interval: 1 }).toBe(0);
    expect((await one?.takeTurn(caps, 1000))?.waitMs).toBe(0);
  });
});
