// What time does to an import: keys that are too old, the end of patience, and the end of its files. The store's clock cannot be moved,
// so the times that it has noted are.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StopController } from '../../src/foundation/cancellation.ts';
import { CancelImportDocument, PauseImportDocument, ResumeImportDocument } from '../gql/graphql.ts';
import { createTestStore, ledgerNumbers, type Stack } from '../harness.ts';
import { createTestDatabase } from '../postgres.ts';
import {
  csvOf,
  everybody,
  importFile,
  look,
  payloadOf,
  resultsOf,
  started,
  startImportStack,
  until,
  uploadsFolder,
} from './importing.ts';

/** Two stacks may share the store, the sandbox and the folder, as replicas do. */
async function startReplicas() {
  const databaseUrl = await createTestDatabase();
  const store = createTestStore({ databaseUrl });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await store.close();
  });
  const env = { UPLOADS_DIR: uploadsFolder(), DIALER_CONCURRENCY: '1' };
  const stack = await startImportStack({ store, env });
  const replica = () => startImportStack({ store, env, dialer: stack.sandbox });
  return { stack, replica, sql: (text: string) => client.query(text) };
}

async function pausedHalfWay(stack: Stack, rows: number): Promise<string> {
  stack.sandbox.script({ fault: 'latency', latencyMs: 15, times: Infinity });
  const id = await importFile(stack, csvOf(rows));
  await expect.poll(() => stack.sandbox.ledger.length).toBeGreaterThan(0);
  payloadOf((await stack.send(PauseImportDocument, { id })).pauseImport);
  const untold = async () => (await look(stack, id)).counts.scheduled - stack.sandbox.ledger.length;
  await expect.poll(untold).toBe(0);
  return id;
}

describe('an import', () => {
  it('goes on under another key where the first is too old', async () => {
    const { stack, sql } = await startReplicas();
    const id = await pausedHalfWay(stack, 1500);
    await sql(`UPDATE dialgraph.import_slices SET key_until = now() - interval '1 hour'`);
    await sql('DELETE FROM dialgraph.mutations');
    payloadOf((await stack.send(ResumeImportDocument, { id })).resumeImport);
    expect((await until(stack, id, 'FINISHED')).counts).toMatchObject({ scheduled: 1500, unknown: 0 });
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(1500);
    expect(stack.sandbox.ledger).toHaveLength(1500);
  });

  it('never sends again what a key that is too old has not told of', async () => {
    const { stack, sql } = await startReplicas();
    const id = await pausedHalfWay(stack, 1500);
    const sent = stack.sandbox.ledger.length;
    await sql(`UPDATE dialgraph.import_slices SET state = 'sending', key_until = now() - interval '1 hour'`);
    await sql('DELETE FROM dialgraph.mutations');
    payloadOf((await stack.send(ResumeImportDocument, { id })).resumeImport);
    expect((await until(stack, id, 'FINISHED')).counts).toMatchObject({
      scheduled: sent,
      unknown: 1500 - sent,
    });
    expect(stack.sandbox.ledger).toHaveLength(sent);
  });

  it('ends when nothing was accepted for as long as its patience', async () => {
    const { stack, sql } = await startReplicas();
    stack.sandbox.script({ fault: 'process-running', times: Infinity });
    const id = await importFile(stack, csvOf(150));
    await expect.poll(async () => (await look(stack, id)).counts.notSent).toBe(150);
    expect((await look(stack, id)).waitingFor).toBe('THROTTLED');
    await sql(`UPDATE dialgraph.imports SET stalled_at = now() - interval '1 day'`);
    const end = await until(stack, id, 'FINISHED');
    expect(end.counts).toMatchObject({ failed: 150, scheduled: 0, notSent: 0 });
    expect(end.errorCounts).toEqual([{ code: 'DIALER_THROTTLED', count: 150 }]);
    expect((await resultsOf(stack, id, 'failed'))[0]).toMatchObject({ line: 2, retryable: true });
  });

  it('is cancelled where what was unknown turned out not to be accepted', async () => {
    const { stack, sql } = await startReplicas();
    stack.sandbox.script({ fault: 'process-running', times: Infinity });
    const id = await importFile(stack, csvOf(150));
    await expect.poll(async () => (await look(stack, id)).counts.notSent).toBe(150);
    payloadOf((await stack.send(PauseImportDocument, { id })).pauseImport);
    await sql('UPDATE dialgraph.import_slices SET look_ups = 1');
    payloadOf((await stack.send(CancelImportDocument, { id })).cancelImport);
    expect((await until(stack, id, 'CANCELED')).counts).toMatchObject({ notSent: 150, unknown: 0 });
  });

  it('goes with its files, and keeps its counts', async () => {
    const { stack, replica, sql } = await startReplicas();
    const waiting = await started(stack, csvOf(1));
    const path = (await stack.imports.upload(waiting.id, everybody))?.path ?? '';
    const id = await importFile(
      stack,
      csvOf(20, (n) => (n === 3 ? '12,soon,x' : `98100000${n + 10},2026-11-26 10:00:00,x`)),
    );
    expect(await until(stack, id, 'FINISHED')).toMatchObject({ resultsUrl: `imports/${id}/results.csv` });
    await sql('UPDATE dialgraph.imports SET expires_at = now()');
    const other = await replica();
    await expect.poll(async () => (await look(other, id)).filesKeptUntil).toBeNull();
    expect(await look(other, id)).toMatchObject({
      state: 'FINISHED',
      counts: { total: 20, scheduled: 19, failed: 1 },
      firstErrors: [],
      preview: null,
      resultsUrl: null,
    });
    await expect(other.imports.results(id, 'all', everybody)).rejects.toThrow('deleted');
    expect(await look(other, waiting.id)).toMatchObject({ state: 'EXPIRED' });
    expect(await other.imports.upload(waiting.id, everybody)).toBeNull();
    expect(existsSync(dirname(path))).toBe(false);
    const { rows } = await sql('SELECT count(*)::int AS count FROM dialgraph.import_slices');
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('is watched from any replica, to its end', async () => {
    const { stack, replica } = await startReplicas();
    const other = await replica();
    stack.sandbox.script({ fault: 'latency', latencyMs: 15, times: Infinity });
    const id = await importFile(stack, csvOf(800));
    const { signal } = new StopController();
    const seen: { version: number; state: string }[] = [];
    const views = await other.imports.watch(id, everybody, signal);
    for await (const { version, state } of views ?? []) seen.push({ version, state });
    expect(seen.at(-1)?.state).toBe('FINISHED');
    const versions = seen.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].sort((one, two) => one - two));
  });
});
