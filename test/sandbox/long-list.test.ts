// A list of very many rows: written in pieces, while other requests are answered, and as it was when it was asked for.

import { Agent, type Dispatcher, request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { paths } from '../../src/upstream/contract.ts';

const noon = Date.UTC(2025, 1, 13, 6, 30);
const day = 86_400_000;
const account = { userName: 'sandbox' };
type Listed = Record<'Id' | 'ScheduleTime' | 'IsRequestSent' | 'RequestTime' | 'ScheduleParams', string>;

async function start(count: number) {
  const sandbox = await createSandbox({ now: () => noon });
  const agent = new Agent();
  onTestFinished(async () => {
    await agent.destroy();
    await sandbox.close();
  });
  sandbox.fill(count);
  const ask = (method: Dispatcher.HttpMethod, path: string, body: object) =>
    request(sandbox.url + path, {
      dispatcher: agent,
      method,
      headers: { 'content-type': 'application/json', apiKey: 'sandbox-key' },
      body: JSON.stringify(body),
    });
  return {
    sandbox,
    ask,
    list: () => ask('GET', paths.scheduledData, account),
    cancel: (rowId: string) => ask('DELETE', paths.deleteScheduledData, { ...account, rowId }),
  };
}

const messageOf = async (reply: Dispatcher.ResponseData) =>
  ((await reply.body.json()) as { message: Listed[] }).message;

describe('a long list', () => {
  it('has every row, in order, whole and each a second after the one before', async () => {
    const count = 20_000;
    const { list } = await start(count);
    const rows = await messageOf(await list());
    expect(rows.map(({ Id }) => Id)).toEqual(Array.from({ length: count }, (_, n) => String(n + 1)));
    expect(rows[0]).toMatchObject({ ScheduleTime: '2025-02-14 12:00:00', IsRequestSent: '0' });
    expect(rows[count - 1]).toMatchObject({ ScheduleTime: '2025-02-14 17:33:19' });
    const numbers = rows.map(({ ScheduleParams }) => new URLSearchParams(ScheduleParams).get('PhoneNumber'));
    expect(new Set(numbers).size).toBe(count);
  });

  it.each([0, 1, 199, 200, 201, 400])('of %i rows is one JSON document like any other', async (count) => {
    const { list } = await start(count + 1);
    const rows = await messageOf(await list());
    expect(rows).toHaveLength(count + 1);
    expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1);
  });

  it('is not what a row becomes while it is read, and holds nobody up', async () => {
    const { sandbox, list, cancel } = await start(20_000);
    sandbox.advance(day + 10_000_000);
    const reply = await list();
    // Nobody has read the body so far.
    expect(await (await cancel('19999')).body.json()).toMatchObject({ status: 'success' });
    sandbox.advance(day);
    const rows = await messageOf(reply);
    expect(rows).toHaveLength(20_000);
    expect(rows.filter(({ IsRequestSent }) => IsRequestSent === '1')).toHaveLength(10_001);
    expect(rows[10_000]).toMatchObject({ IsRequestSent: '1', RequestTime: rows[10_000]?.ScheduleTime });
    const later = await messageOf(await list());
    expect(later).toHaveLength(19_999);
    expect(later.every(({ IsRequestSent }) => IsRequestSent === '1')).toBe(true);
  });

  it('whose reader goes leaves a sandbox that answers the next', async () => {
    const { list } = await start(20_000);
    const reply = await list();
    reply.body.on('error', () => {}).destroy();
    expect(await messageOf(await list())).toHaveLength(20_000);
  });

  it('is cut off midway by the faults that cut', async () => {
    const { sandbox, list } = await start(1000);
    sandbox.script({ fault: 'truncated-json-before', on: 'scheduledData' });
    const text = await (await list()).body.text();
    expect(text).toMatch(/^\{"status":"success","message":\[\{"Id":"1"/);
    expect(text).toContain('"Id":"400"');
    expect(() => JSON.parse(text)).toThrow();
    sandbox.script({ fault: 'reset-in-body-before', on: 'scheduledData' });
    const cut = { code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) };
    await expect(list().then((reply) => reply.body.text())).rejects.toMatchObject(cut);
    sandbox.script({ fault: 'entries-missing-one', on: 'scheduledData' });
    expect(await messageOf(await list())).toHaveLength(999);
  });
});

describe('filling', () => {
  it('goes on where it was, in any campaign and from any time, over HTTP too', async () => {
    const { sandbox, ask } = await start(2);
    const terms = { campaignName: 'Skills_Demo', scheduledTime: '2025-02-20 09:59:59' };
    const reply = await ask('POST', '/sandbox/fill', { count: 2, ...terms });
    expect(await reply.body.json()).toEqual({ accepted: 4 });
    expect(sandbox.ledger.slice(1)).toMatchObject([
      { campaignName: 'Sales_Demo', phoneNumber: '9100000001', requestNumber: 0 },
      { campaignName: 'Skills_Demo', phoneNumber: '9100000002', scheduledTime: '2025-02-20 09:59:59' },
      { id: '4', phoneNumber: '9100000003', scheduledTime: '2025-02-20 10:00:00' },
    ]);
  });

  it.each([
    [0, {}],
    [1.5, {}],
    [1_000_001, {}],
    [1, { campaignName: 'Nope' }],
    [1, { scheduledTime: 'soon' }],
    [1, { scheduledTime: '9999-12-31 00:00:00' }],
  ])('refuses %d rows with %j, and adds none', async (count, terms) => {
    const { sandbox, ask } = await start(1);
    expect(() => sandbox.fill(count, terms)).toThrow(RangeError);
    expect((await ask('POST', '/sandbox/fill', { count, ...terms })).statusCode).toBe(400);
    expect(sandbox.ledger).toHaveLength(1);
  });
});
