// Every fault at a deletion, a removal and a question for the status: whatever the client is told, the ledger holds what the fault says
// that it accepts, and no more.

import { Agent, type Dispatcher, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, faultNames, faults, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { paths, removalTexts, texts } from '../../src/upstream/contract.ts';
import { poll } from './poll.ts';

const noon = Date.UTC(2025, 1, 13, 6, 30);
const account = { userName: 'sandbox', campaignName: 'Sales_Demo' };

let sandbox: Sandbox;
let agent: Agent;

beforeAll(async () => {
  sandbox = await createSandbox({ now: () => noon });
});
beforeEach(() => {
  sandbox.reset();
  // The first row is the campaign's by now; the other four wait.
  sandbox.fill(1, { scheduledTime: '2025-02-13 12:00:01' });
  sandbox.fill(4);
  sandbox.advance(1000);
  agent = new Agent();
  return () => agent.destroy();
});
afterAll(() => sandbox.close());

const calls = {
  deleteScheduledData: { method: 'DELETE', body: { ...account, rowId: '2,3,4,5' } },
  deleteCampaignData: { method: 'DELETE', body: { ...account, phoneNumber: '9100000000', name: 'Lead 1' } },
  campaignStatus: { method: 'GET', body: account },
} as const satisfies Record<string, { method: Dispatcher.HttpMethod; body: object }>;
const kinds = Object.keys(calls) as (keyof typeof calls)[];

async function send(kind: keyof typeof calls) {
  const { method, body } = calls[kind];
  const { statusCode, ...reply } = await request(sandbox.url + paths[kind], {
    dispatcher: agent,
    method,
    headers: { 'content-type': 'application/json', apiKey: 'sandbox-key' },
    body: JSON.stringify(body),
  });
  return { status: statusCode, text: await reply.body.text() };
}
const sendJson = async (kind: keyof typeof calls) =>
  JSON.parse((await send(kind)).text) as { message: unknown };

const deleted = () => sandbox.ledger.filter((row) => row.deleted).length;
const removed = () => sandbox.ledger.filter((row) => row.removed).length;

describe('every fault', () => {
  const deletes = { true: 4, false: 0, partly: 2, later: 4 };
  // A removal has no parts.
  const removes = { true: 1, false: 0, partly: 0, later: 1 };

  it.each(faultNames)('%s: deletes, removes and answers what it says', async (fault) => {
    for (const on of kinds) sandbox.script({ fault, on, latencyMs: 5 });
    for (const kind of kinds) send(kind).catch(() => {});
    const readBytes = faults[fault].stage === 'head' ? 0 : expect.any(Number);
    const met = kinds.map((kind) => expect.objectContaining({ kind, fault, bodyBytes: readBytes }));
    await poll(() => {
      expect(sandbox.requests).toHaveLength(kinds.length);
      expect(sandbox.requests).toEqual(expect.arrayContaining(met));
      if (faults[fault].stage === 'body')
        for (const { bodyBytes } of sandbox.requests) expect(bodyBytes).toBeGreaterThan(0);
    });
    const accepts = `${faults[fault].accepts}` as const;
    await poll(() => expect([deleted(), removed()]).toEqual([deletes[accepts], removes[accepts]]));
    // Whoever still waits is cut off; the next requests find connections that no fault has touched.
    await agent.destroy();
    agent = new Agent();

    const again = await Promise.all(kinds.map(sendJson));
    expect(again.map(({ message }) => message)).toEqual([
      deletes[accepts] === 4 ? texts.noData : 'Data deleted successfully',
      removes[accepts] === 1 ? texts.noData : removalTexts.removed,
      [expect.objectContaining({ Position: 'RUNNING' })],
    ]);
    expect([deleted(), removed()]).toEqual([4, 1]);
  });
});

describe('a deletion', () => {
  it('meets no fault that waits for another call, and is remembered with its ids', async () => {
    sandbox.script({ fault: 'status-401' }, { fault: 'status-404', on: 'deleteCampaignData' });
    expect((await send('deleteScheduledData')).status).toBe(200);
    expect((await send('deleteCampaignData')).status).toBe(404);
    expect(sandbox.requests).toMatchObject([
      { kind: 'deleteScheduledData', rowId: '2,3,4,5', fault: null },
      { kind: 'deleteCampaignData', campaignName: 'Sales_Demo', fault: 'status-404' },
    ]);
  });

  it('that is accepted late finds only the rows that still wait by then', async () => {
    // Long enough to move the clock before it is over, on a busy machine too.
    sandbox.script({ fault: 'reset-then-accept', on: 'deleteScheduledData', latencyMs: 500 });
    await expect(send('deleteScheduledData')).rejects.toThrow();
    sandbox.advance(24 * 3_600_000 - 500);
    expect(sandbox.ledger.filter(({ handedOver }) => handedOver).map(({ id }) => id)).toEqual(['1', '2']);
    await poll(() => expect(deleted()).toBe(3));
    expect(sandbox.ledger[1]).not.toHaveProperty('deleted');
  });

  it.each([
    ['status-429-retry-after-seconds', { status: 429 }],
    ['html-200-after', { status: 200, text: expect.stringContaining('<html>') }],
    ['max-limit', { text: expect.stringContaining(texts.maxLimit) }],
    ['request-limit', { text: expect.stringContaining(texts.requestLimit) }],
    ['process-running', { text: expect.stringContaining(texts.processRunning) }],
    ['truncated-json-after', { status: 200, text: expect.stringMatching(/^\{"status":"success"[^}]*$/) }],
    ['error-unknown-text', { text: expect.stringContaining('sandbox-key') }],
    ['reset-after', { code: 'ECONNRESET' }],
    ['reset-before', { code: 'ECONNRESET' }],
  ] as const)('under %s reaches the client as such', async (fault, expected) => {
    sandbox.script({ fault, on: 'deleteScheduledData' });
    expect(await send('deleteScheduledData').catch((error: unknown) => error)).toMatchObject(expected);
  });
});
