// Listing scheduled rows under every fault: what a client that looks up what became of its rows may be answered.

import { Agent, request } from 'undici';
import { beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, faultNames, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { paths, texts } from '../../src/upstream/contract.ts';
import { poll } from './poll.ts';

const scheduledTime = '2025-02-13 21:14:00';
const later = { map: ['PhoneNumber', 'ScheduledTime'], data: ['1', '2', '3'].map((n) => [n, scheduledTime]) };
const account = { userName: 'sandbox' };

let sandbox: Sandbox;
let agent: Agent;

beforeEach(async () => {
  sandbox = await createSandbox({ now: () => Date.UTC(2025, 1, 13, 6, 30) });
  agent = new Agent();
  await ask('POST', paths.schedule, { ...account, campaignName: 'Sales_Demo', bulkData: later });
  return async () => {
    await agent.destroy();
    await sandbox.close();
  };
});

async function ask(method: 'GET' | 'POST', path: string, body: object) {
  const { statusCode, headers, ...reply } = await request(sandbox.url + path, {
    dispatcher: agent,
    method,
    headers: { 'content-type': 'application/json', apiKey: 'sandbox-key' },
    body: JSON.stringify(body),
  });
  return { status: statusCode, headers, text: await reply.body.text() };
}

const list = () => ask('GET', paths.scheduledData, account);
const listed = async () => (JSON.parse((await list()).text) as { message: { Id: string }[] }).message;

describe('a listing', () => {
  it('is dated by the upstream’s own clock, in a header', async () => {
    expect(Date.parse(String((await list()).headers.date))).not.toBeNaN();
  });

  it.each(faultNames)('under %s changes no row, and the next one is good', async (fault) => {
    sandbox.script({ fault, on: 'scheduledData', latencyMs: 5 });
    const settled = list().catch(() => {});
    await poll(() => expect(sandbox.requests[1]).toMatchObject({ kind: 'scheduledData', fault }));
    if (!endless.has(fault)) await settled;
    await agent.destroy();
    agent = new Agent();
    expect(sandbox.ledger).toHaveLength(3);
    expect(await listed()).toMatchObject([{ Id: '1' }, { Id: '2' }, { Id: '3' }]);
  });

  it.each([
    ['status-500-before', { status: 500 }],
    ['truncated-json-before', { status: 200, text: expect.stringMatching(/^\{"status":"success".*[^}]$/) }],
    ['html-200-before', { text: expect.stringContaining('<html>') }],
    ['message-null-string-before', { text: '{"status":"success","message":"null"}' }],
    ['early-response', { text: expect.stringContaining(texts.processRunning) }],
    ['empty-body-before', { status: 200, text: '' }],
    ['reset-before', { code: 'ECONNRESET' }],
    ['reset-then-accept', { code: 'ECONNRESET' }],
    ['partial-then-reset', { code: 'ECONNRESET' }],
    ['garbage-before', { name: 'HTTPParserError' }],
  ] as const)('under %s reaches the client as such', async (fault, expected) => {
    sandbox.script({ fault, on: 'scheduledData' });
    expect(await list().catch((error: unknown) => error)).toMatchObject(expected);
  });

  it.each([
    ['entries-shuffled', ['2', '1', '3']],
    ['entries-missing-one', ['1', '3']],
    ['entries-missing-all', []],
    ['partial-error', ['1', '2', '3']],
    ['latency', ['1', '2', '3']],
    ['gzip-json', null],
  ] as const)('under %s has these rows', async (fault, ids) => {
    sandbox.script({ fault, on: 'scheduledData' });
    if (ids === null) expect((await list()).headers['content-encoding']).toBe('gzip');
    else expect(await listed()).toMatchObject(ids.map((Id) => ({ Id, Response: '' })));
  });

  it('meets no fault that waits for scheduling, and the other way round', async () => {
    sandbox.script({ fault: 'status-401' }, { fault: 'status-404', on: 'scheduledData' });
    expect((await list()).status).toBe(404);
    expect((await ask('POST', paths.schedule, account)).status).toBe(401);
  });
});

/** The client has to give up by itself. */
const endless = new Set(
  faultNames.filter((name) => /^(hang|half-open|late-accept|slow-body-endless|huge-body)/.test(name)),
);
