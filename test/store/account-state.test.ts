// What the workers of one account share on a server: a pause that one of them was told of reaches the others, without a question
// to the database for each request.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { SharedState } from '../../src/dialer/transport/shared-state.ts';
import { createAccountState } from '../../src/store/account-state.ts';
import { createDatabase, type Database, type Query } from '../../src/store/database/database.ts';
import { createTestDatabase } from '../postgres.ts';

let database: Database;
beforeAll(async () => {
  database = createDatabase({ url: await createTestDatabase(), dataDir: '' });
});
afterAll(() => database.close());

/** Of the other's statements. */
let asked = 0;

/** Two of an account of their own. */
function startWorkers(): { told: SharedState; other: SharedState } {
  const account = randomUUID();
  const query: Query = (sql, parameters) => {
    asked++;
    return database.query(sql, parameters);
  };
  const other = createAccountState({ ...database, query }, account);
  return { told: createAccountState(database, account), other };
}

it('lets every worker know of a pause that one was told of, and of its end', async () => {
  const { told, other } = startWorkers();
  expect(await other.pausedMs()).toBe(0);
  await told.pause(60_000);
  await expect.poll(() => other.pausedMs()).toBeGreaterThan(50_000);
  await told.resume();
  await expect.poll(() => other.pausedMs()).toBe(0);
});

it('asks for a pause once in a while, whoever and however many want to send', async ({ onTestFinished }) => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { told, other } = startWorkers();
  const askMany = () => Promise.all(Array.from({ length: 100 }, () => other.pausedMs()));
  const pausedMs = async () => Math.max(...(await askMany()), ...(await askMany()));
  asked = 0;
  expect(await pausedMs()).toBe(0);
  expect(asked).toBe(1);
  await told.pause(60_000);
  expect(await pausedMs()).toBe(0);
  expect(asked).toBe(1);
  vi.advanceTimersByTime(50);
  expect(await pausedMs()).toBeGreaterThan(50_000);
  expect(asked).toBe(2);
});

it('knows of a pause from the turn that it takes', async () => {
  const { told, other } = startWorkers();
  expect(await other.pausedMs()).toBe(0);
  await told.pause(90_000);
  await other.takeTurn([{ requests: 5, withinMs: 1000 }], 0);
  expect(await other.pausedMs()).toBeGreaterThan(80_000);
});
