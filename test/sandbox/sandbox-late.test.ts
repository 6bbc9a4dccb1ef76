// The faults that accept late: the rows reach the ledger when the client has long been told nothing, or gone.

import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { describe, expect, it, type TestContext } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { paths, texts } from '../../src/upstream/contract.ts';
import { poll } from './poll.ts';

const noon = Date.UTC(2025, 1, 13, 6, 30);
const rowCount = 3;
/** Long enough to look at the ledger before it is over, on a busy machine too. */
const latencyMs = 1000;
const bulkData = {
  map: ['PhoneNumber', 'ScheduledTime'],
  data: Array.from({ length: rowCount }, (_, at) => [`98${10_000_000 + at}`, '2025-02-13 21:14:00']),
};
const fields = { userName: 'sandbox', campaignName: 'Sales_Demo', bulkData };
const v1Fields = {
  api_key: 'sandbox-key',
  campaign_name: fields.campaignName,
  bulkData: JSON.stringify(bulkData),
};

const calls = {
  v1: { path: paths.v1Schedule, type: 'application/x-www-form-urlencoded', body: v1FormOf(v1Fields) },
  v2: { path: paths.schedule, type: 'application/json', body: JSON.stringify(fields) },
};
type Dialect = keyof typeof calls;

async function start({ onTestFinished }: TestContext) {
  const clock = { now: noon };
  const sandbox = await createSandbox({ now: () => clock.now });
  const agent = new Agent();
  onTestFinished(async () => {
    await agent.destroy();
    await sandbox.close();
  });
  const send = async (dialect: Dialect, options: { body?: string; signal?: AbortSignal } = {}) => {
    const { path, type, body } = calls[dialect];
    const reply = await request(sandbox.url + path, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': type, apiKey: 'sandbox-key' },
      body,
      ...options,
    });
    return (await reply.body.json()) as { message: unknown };
  };
  return { sandbox, clock, send };
}

describe.concurrent.each(['v1', 'v2'] as const)('%s', (dialect) => {
  it('reset-then-accept resets at once, and accepts every row once when its time has come', async (context) => {
    const { sandbox, send } = await start(context);
    sandbox.script({ fault: 'reset-then-accept', latencyMs });
    await expect(send(dialect)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/),
    });
    expect(sandbox.ledger).toEqual([]);
    await poll(() => expect(sandbox.ledger).not.toEqual([]));
    expect(numbers(sandbox)).toEqual(bulkData.data.map(([number]) => number));
  });

  it('late-accept accepts behind the back of a client that waits, and never answers it', async (context) => {
    const { sandbox, send } = await start(context);
    sandbox.script({ fault: 'late-accept' });
    const caller = new AbortController();
    let settled = false;
    const answer = send(dialect, { signal: caller.signal }).finally(() => {
      settled = true;
    });
    answer.catch(() => {});
    await poll(() => expect(sandbox.ledger).toHaveLength(rowCount));
    await sleep(20);
    expect(settled).toBe(false);
    caller.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(sandbox.ledger).toHaveLength(rowCount);
  });

  it('late-accept accepts for a client that has gone', async (context) => {
    const { sandbox, send } = await start(context);
    sandbox.script({ fault: 'late-accept', latencyMs });
    const caller = new AbortController();
    const answer = send(dialect, { signal: caller.signal });
    await poll(() => expect(sandbox.requests).toMatchObject([{ fault: 'late-accept', rows: rowCount }]));
    caller.abort();
    await expect(answer).rejects.toThrow('aborted');
    expect(sandbox.ledger).toEqual([]);
    await poll(() => expect(sandbox.ledger).toHaveLength(rowCount));
  });
});

describe.concurrent('a late acceptance', () => {
  it('is decided in the moment it comes: its clock, and the rows that came before it', async (context) => {
    const { sandbox, clock, send } = await start(context);
    sandbox.script({ fault: 'reset-then-accept', latencyMs });
    const body = JSON.stringify({ ...fields, checkDuplicate: true });
    await expect(send('v2', { body })).rejects.toThrow();
    const { message } = await send('v2', { body: JSON.stringify({ ...fields, bulkData: rowsUpTo(1) }) });
    expect(message).toMatchObject([{ msg: texts.updated }]);
    clock.now += 1000;
    await poll(() => expect(sandbox.ledger).toHaveLength(rowCount));
    expect(sandbox.ledger.map(({ requestNumber, createdAt }) => [requestNumber, createdAt])).toEqual([
      [2, noon],
      [1, noon + 1000],
      [1, noon + 1000],
    ]);
  });

  it.for<[string, (sandbox: Sandbox) => unknown]>([
    ['reset()', (sandbox) => sandbox.reset()],
    ['a reset over HTTP', ({ url }) => request(`${url}/sandbox/reset`, { method: 'POST' })],
    ['close()', (sandbox) => sandbox.close()],
  ])('is called off by %s', async ([, callOff], context) => {
    const [{ sandbox, send }, witness] = [await start(context), await start(context)];
    sandbox.script({ fault: 'reset-then-accept', latencyMs });
    await expect(send('v2')).rejects.toThrow();
    await callOff(sandbox);
    // Its own would have come before one that is sent only now.
    witness.sandbox.script({ fault: 'reset-then-accept', latencyMs });
    await expect(witness.send('v2')).rejects.toThrow();
    await poll(() => expect(witness.sandbox.ledger).not.toEqual([]));
    expect(sandbox.ledger).toEqual([]);
  });
});

function rowsUpTo(count: number): typeof bulkData {
  return { ...bulkData, data: bulkData.data.slice(0, count) };
}

function v1FormOf(form: Record<string, string>): string {
  return new URLSearchParams(form).toString();
}

function numbers({ ledger }: Sandbox): string[] {
  return ledger.map(({ phoneNumber }) => phoneNumber);
}
