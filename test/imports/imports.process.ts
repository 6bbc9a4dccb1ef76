// kill -9 at any instant of an import, a restart, and a second replica: every row is sent once, and the counts say so. Real processes;
// the sandbox, which is not killed, holds the exact ledger.

import { randomUUID } from 'node:crypto';
import { cpSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/config.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createService } from '../../src/service.ts';
import { sendTo } from '../harness.ts';
import { createTestDatabase } from '../postgres.ts';
import { type Replica, startReplica } from '../replica.ts';
import { csvOf, everybody, look, numberOf, started, until, upload, uploadsFolder } from './importing.ts';

const rows = 3000;

async function placeFor(kind: string): Promise<Record<string, string>> {
  const UPLOADS_DIR = uploadsFolder();
  if (kind === 'server') return { UPLOADS_DIR, DATABASE_URL: await createTestDatabase() };
  const DATA_DIR = join(tmpdir(), `dialgraph-${randomUUID()}`);
  cpSync(inject('dataDir'), DATA_DIR, { recursive: true });
  onTestFinished(() => rm(DATA_DIR, { recursive: true, force: true }));
  return { UPLOADS_DIR, DATA_DIR };
}

const over = ({ url }: Replica) => ({
  send: <Data, Variables>(
    ...[document, variables]: [Parameters<typeof sendTo<Data, Variables>>[1], Variables]
  ) => sendTo(url, document, variables),
});

/** Starts an import in a process that ends before it has sent anything worth a word. */
async function leave(settings: Record<string, string>, file: string): Promise<string> {
  const service = await createService(parseConfig(settings), { log: { write() {} } });
  const { server } = service;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/graphql`;
  const imports = service.imports('default');
  if (imports === undefined) throw new Error('There is an account');
  const { id } = await started({ send: (document, variables) => sendTo(url, document, variables) }, file);
  await upload({ imports }, id, file);
  expect((await imports.upload(id, everybody))?.path).toBeNull();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await service.finish();
  await service.close();
  return id;
}

describe.each(['embedded', 'server'])('with the %s store', (kind) => {
  it('an import goes on exactly, whenever its process is killed', async () => {
    const sandbox = await createSandbox();
    onTestFinished(() => sandbox.close());
    sandbox.script({ fault: 'latency', latencyMs: 200, times: Infinity });
    const settings = {
      ...(await placeFor(kind)),
      DIALER_URL: sandbox.url,
      DIALER_API_KEY: sandbox.account.apiKey,
      DIALER_USER_NAME: sandbox.account.userName,
      DIALER_CONCURRENCY: '2',
      DIALER_SETTLE_MS: '0',
      DIALER_CAMPAIGN_CHECK: 'off',
      LOG_LEVEL: 'silent',
    };
    const time = new Date(Date.now() + 86_400_000).toISOString();
    const id = await leave(
      settings,
      csvOf(rows, (n) => `${numberOf(n)},${time},x`),
    );

    let halfWay = 0;
    for (let kills = 0; kills < 3; kills++) {
      const { length } = sandbox.ledger;
      // On the server's store two are at it.
      const starting = Array.from({ length: kind === 'server' ? 2 : 1 }, () =>
        startReplica(sandbox, settings),
      );
      await expect.poll(() => sandbox.ledger.length > length || length === rows, { interval: 5 }).toBe(true);
      await sleep(kills * 17);
      if (sandbox.ledger.length < rows) halfWay++;
      await Promise.all(starting.map(async (replica) => (await replica).kill()));
    }
    expect(halfWay).toBeGreaterThan(0);
    const last = await startReplica(sandbox, settings);
    const end = await until(over(last), id, 'FINISHED');
    const held = new Set(sandbox.ledger.map(({ phoneNumber }) => phoneNumber));
    expect({ rows: sandbox.ledger.length, numbers: held.size }).toEqual({ rows, numbers: rows });
    expect(end.counts).toEqual({
      total: rows,
      valid: 0,
      scheduled: rows,
      failed: 0,
      skipped: 0,
      unknown: 0,
      notSent: 0,
    });
    expect((await look(over(last), id)).estimatedFinishAt).toBeNull();
  });
});
