// Two processes on one database, behind a balancer, restarted one after the other while callers call: nobody notices.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { ScheduleDocument } from './gql/graphql.ts';
import { answered, lead, ledgerNumbers, sendTo } from './harness.ts';
import { createTestDatabase } from './postgres.ts';
import { type Running, runApp } from './process.ts';

interface Replica {
  port: number;
  process: Running;
}

async function startReplica(env: Record<string, string>, port = 0): Promise<Replica> {
  const process = runApp({ ...env, PORT: String(port) });
  const [, url = ''] = await process.printed(/GraphQL at (\S+)/);
  return { port: Number(new URL(url).port), process };
}

async function restart({ process, port }: Replica, env: Record<string, string>): Promise<Replica> {
  process.child.kill('SIGTERM');
  expect(await process.exited).toBe(0);
  return startReplica(env, port);
}

/** Callers who schedule lists of several lengths, some with keys, one after the other, until told to stop. */
function startCallers({ url }: Balancer) {
  const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
  const sent: string[] = [];
  const failures: unknown[] = [];
  let calling = true;
  let calls = 0;
  const callers = [1, 1, 1, 150].map(async (length, caller) => {
    while (calling) {
      const records = Array.from({ length }, (_, n) => lead(sent.length + n, { scheduledTime }));
      sent.push(...records.map(({ phoneNumber }) => phoneNumber));
      const idempotencyKey = caller % 2 === 0 ? randomUUID() : null;
      const input = { campaignName: 'Sales_Demo', records, idempotencyKey };
      try {
        const result = answered((await sendTo(url, ScheduleDocument, { input })).scheduleCampaignData);
        if (!('status' in result) || result.status !== 'SCHEDULED') failures.push(result);
      } catch (error) {
        failures.push(String(error));
      }
      calls++;
      // The processes that start need the machine, too.
      await sleep(20);
    }
  });
  return {
    sent,
    failures,
    calls: () => calls,
    async stop() {
      calling = false;
      await Promise.all(callers);
    },
  };
}

function envFor(sandbox: Sandbox, DATABASE_URL: string): Record<string, string> {
  const { apiKey, userName } = sandbox.account;
  return {
    DATABASE_URL,
    DIALER_URL: sandbox.url,
    DIALER_API_KEY: apiKey,
    DIALER_USER_NAME: userName,
    // Many polls of the balancer's, on a machine that may be busy.
    DRAIN_MS: '1000',
  };
}

describe('two processes behind a balancer', () => {
  it('are restarted under load without a failed request, and no record is lost or doubled', async () => {
    const sandbox = await createSandbox();
    onTestFinished(() => sandbox.close());
    sandbox.script({ fault: 'latency', latencyMs: 20, times: Infinity });
    const env = envFor(sandbox, await createTestDatabase());
    const replicas = await Promise.all([startReplica(env), startReplica(env)]);
    const balancer = await startBalancer(replicas.map(({ port }) => port));
    const ready = async ({ port }: Replica) => expect.poll(() => balancer.isReady(port)).toBe(true);
    for (const replica of replicas) await ready(replica);

    const callers = startCallers(balancer);
    for (const replica of replicas) {
      // Both are at work when one ends, and the one that comes back is at work before the other does.
      const before = balancer.answersOf(replica.port);
      await expect.poll(() => balancer.answersOf(replica.port)).toBeGreaterThan(before + 5);
      const again = await restart(replica, env);
      await ready(again);
      const after = balancer.answersOf(again.port);
      await expect.poll(() => balancer.answersOf(again.port)).toBeGreaterThan(after + 5);
    }
    await callers.stop();
    expect(callers.failures).toEqual([]);
    expect(callers.calls()).toBeGreaterThan(50);
    expect(ledgerNumbers(sandbox).sort()).toEqual([...callers.sent].sort());
  });
});
