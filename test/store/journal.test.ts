// The journal of requests with a key: what stands in it when a process is gone, and what an earlier version has written there.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createDatabase, type Database } from '../../src/store/database/database.ts';
import type { Store } from '../../src/store/store.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { counts, createTestStore, lead, leads, sendTo, startStack, withKeys } from '../harness.ts';
import { createTestDatabase } from '../postgres.ts';
import { expectTruth, startReplica } from '../replica.ts';

let databaseUrl: string;
let database: Database;
let store: Store;
beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  database = createDatabase({ url: databaseUrl, dataDir: '' });
  store = createTestStore({ databaseUrl, onFinished: afterAll });
});
afterAll(() => Promise.all([store.close(), database.close()]));

describe('a request whose round was cut off', () => {
  /** All of it was sent. What the dialer answered is in the journal, unless it `waited` for what was to be written next. */
  const cutOff = async (size: number, waited = false) => {
    let isCut = true;
    const cutting = withKeys(store, (keys) => ({
      ...keys,
      settle: (...answer) => (waited ? Promise.resolve() : keys.settle(...answer)),
      finish: (claim, end) => (isCut ? Promise.reject(new Error('cut off')) : keys.finish(claim, end)),
    }));
    const env = { DIALER_RECONCILE: 'on', DIALER_SETTLE_MS: '0' };
    const stack = await startStack({ env, store: cutting });
    const request = { idempotencyKey: randomUUID(), records: leads(size) };
    const answer = await stack.scheduled(request);
    expect(counts(answer)).toEqual({ ScheduledRecord: size });
    const [row] = await database.query<{ id: number }>('SELECT max(id) AS id FROM dialgraph.mutations');
    isCut = false;
    return { answer, id: row?.id, sandbox: stack.sandbox, askAgain: () => stack.scheduled(request) };
  };

  it('is told from the journal, as often as it is asked for', async () => {
    const { answer, sandbox, askAgain } = await cutOff(250);
    for (let n = 0; n < 2; n++) expect(await askAgain()).toEqual(answer);
    expect(sandbox.requests).toHaveLength(3);
  });

  it('is looked up where its answers waited to be written, and is not sent again', async () => {
    const { answer, sandbox, askAgain } = await cutOff(250, true);
    for (let n = 0; n < 2; n++) expect(counts(await askAgain())).toEqual(counts(answer));
    const sent = sandbox.requests.filter(({ kind }) => kind === 'schedule');
    expect(sent).toHaveLength(3);
    expect(sandbox.ledger).toHaveLength(250);
  });

  it('is unknown where the rules of this version make other rows of it than were sent', async () => {
    const { id, sandbox, askAgain } = await cutOff(250);
    await database.query('UPDATE dialgraph.spans SET digest = $2 WHERE mutation = $1 AND start = 100', [
      id,
      'of other rows',
    ]);
    const payload = await askAgain();
    expect(counts(payload)).toEqual({ OutcomeUnknownError: 250 });
    expect(payload.results[0]?.message).toContain('another version of this service');
    expect(sandbox.requests).toHaveLength(3);
  });

  it('is unknown where they make another plan than the one whose end was written', async () => {
    const { answer, id, askAgain } = await cutOff(3);
    expect(await askAgain()).toEqual(answer);
    await database.query('UPDATE dialgraph.mutations SET plan = $2 WHERE id = $1', [id, 'another']);
    expect(counts(await askAgain())).toEqual({ OutcomeUnknownError: 3 });
  });

  it('is told as well where version 0.1.0 has written the journal', async () => {
    const { answer, id, sandbox, askAgain } = await cutOff(3);
    // It kept a digest of the whole plan alone, and a number for each row.
    await database.query('UPDATE dialgraph.mutations SET plan = $2 WHERE id = $1', [
      id,
      'zeHUbF4RUWFy4LaYDCyVVsxwCF65l_O1zeG7_k3SGKU',
    ]);
    const kept = { kind: 'scheduled', text: 'Data updated successfully', dialerTime: null };
    await database.query('UPDATE dialgraph.spans SET digest = NULL, answer = $2 WHERE mutation = $1', [
      id,
      JSON.stringify({ kind: 'rows', answers: [kept], rows: [0, 0, 0] }),
    ]);
    for (let n = 0; n < 2; n++) expect(await askAgain()).toEqual(answer);
    expect(sandbox.requests).toHaveLength(1);
  });
});

it('has answers soon, though nothing else is to be written', async () => {
  const { sandbox, scheduled } = await startStack({ store });
  sandbox.script({ fault: 'hang-before' });
  const running = scheduled({ idempotencyKey: randomUUID(), records: leads(300) });
  const answered = async () => {
    const [row] = await database.query<{ answers: number }>(
      `SELECT count(answer) AS answers FROM dialgraph.spans
       WHERE mutation = (SELECT max(id) FROM dialgraph.mutations)`,
    );
    return row?.answers;
  };
  await expect.poll(answered).toBe(2);
  await sandbox.close();
  expect(counts(await running)).toMatchObject({ ScheduledRecord: 200 });
});

it('may lose answers that waited for what is written next, with the process: they are looked up', async () => {
  const sandbox = await createSandbox();
  onTestFinished(() => sandbox.close());
  // One hundred hangs, the other two are answered, and then nothing else is to be written.
  sandbox.script({ fault: 'hang-before' }, { fault: 'latency', latencyMs: 20, times: 2 });
  const start = () =>
    startReplica(sandbox, {
      DATABASE_URL: databaseUrl,
      DIALER_SETTLE_MS: '0',
      DIALER_CAMPAIGN_CHECK: 'off',
    });
  const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
  const records = Array.from({ length: 300 }, (_, n) => lead(n, { scheduledTime }));
  const input = { campaignName: 'Sales_Demo', idempotencyKey: randomUUID(), records };
  const first = await start();
  const cut = sendTo(first.url, ScheduleDocument, { input }).catch(() => null);
  await expect.poll(() => sandbox.ledger.length, { interval: 1 }).toBe(200);
  await first.kill();
  await cut;
  const second = await start();
  const payload = await second.schedule(input);
  await second.kill();
  expectTruth(expect, sandbox, input, payload);
  expect(counts(payload)).toEqual({ ScheduledRecord: 300 });
});
