// The sandbox dialer keeps the upstream's contract, and its faults do what they say: over real sockets, against a
// clock of the test's own. Requirements are data; the tests are loops over them.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, faultNames, faults, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { paths, texts } from '../../src/upstream/contract.ts';
import { poll } from './poll.ts';

// 2025-02-13 12:00:00 in Asia/Kolkata.
const noon = Date.UTC(2025, 1, 13, 6, 30);
const later = '2025-02-13 21:14:00';
let clock = noon;
let sandbox: Sandbox;
let agent: Agent;

beforeAll(async () => {
  sandbox = await createSandbox({
    now: () => clock,
    horizonDays: 30,
    campaigns: {
      Plain: { headers: ['Name', 'Priority', 'ExpiryDate', 'AgentID', 'skill', 'City'] },
      Agents: { headers: ['Name', 'AgentID'], routing: 'agent-wise' },
      Open: {},
      Abroad: { timeZone: 'America/New_York' },
    },
  });
});
beforeEach(() => {
  clock = noon;
  sandbox.reset();
  agent = new Agent();
  return () => agent.destroy();
});
afterAll(() => sandbox.close());

type Fields = Record<string, unknown>;
type Strings = Record<string, string>;
type Options = { method?: Dispatcher.HttpMethod; headers?: Strings; body?: string };

async function ask(path: string, options: Options = {}) {
  const {
    statusCode: status,
    headers,
    body,
  } = await request(sandbox.url + path, { dispatcher: agent, ...options });
  const text = await body.text();
  return { status, headers, text, json: () => JSON.parse(text) as Fields };
}

const typed = { 'content-type': 'application/json' };
const keyed = { ...typed, apiKey: 'sandbox-key' };
const account = { userName: 'sandbox' };
const plain = { ...account, campaignName: 'Plain' };

const call = async (method: Dispatcher.HttpMethod, path: string, body: Fields, headers: Strings = keyed) =>
  (await ask(path, { method, headers, body: JSON.stringify(body) })).json();
const schedule = (fields: Fields, headers?: Strings) =>
  call('POST', paths.schedule, { ...plain, ...fields }, headers);
const v1Fields = (fields: Strings) =>
  new URLSearchParams({ api_key: 'sandbox-key', campaign_name: 'Plain', ...fields }).toString();
const formType = { 'content-type': 'application/x-www-form-urlencoded' };
const v1Schedule = async (fields: Strings) =>
  (await ask(paths.v1Schedule, { method: 'POST', headers: formType, body: v1Fields(fields) })).json();

const phoneAndTime = ['PhoneNumber', 'ScheduledTime'];
const bulk = (map: readonly string[], ...data: readonly unknown[][]) => ({ map, data });
const numbers = (...list: string[]) => bulk(phoneAndTime, ...list.map((number) => [number, later]));
const rows = (count: number) => numbers(...Array.from({ length: count }, (_, at) => `98${10_000_000 + at}`));
const one = (more: Strings = {}) => {
  const cells = { PhoneNumber: '9810000000', ScheduledTime: later, ...more };
  return bulk(Object.keys(cells), Object.values(cells));
};
/** Node ends a connection before it resets it: a busy client can see the end alone. */
const reset = { code: expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/) };
const blank = { Name: '', AgentID: '', skill: '', msg: texts.updated, index: '0' };
const subject = { ScheduleTime: later, campaign_name: 'Plain', PhoneNumber: '9810000000' };
const entry = (more: Fields = {}) => ({ Response: 'success', ...subject, ...blank, ...more });
const good = (...message: Fields[]) => ({ status: 'success', message });
const bad = (message: unknown) => ({ status: 'error', message });
const noPhone = { Response: 'error', msg: 'Mandatory parameter PhoneNumber is missing', PhoneNumber: '' };
const noBulkData = { '0-0': expect.any(String), '0-1': expect.stringContaining('bulkData') };

type Row<Reply> = [id: string, bulkData: unknown, reply: Reply, campaign?: string];
const now = '2025-02-13 12:00:00';
const horizon = '2025-03-15 12:00:00';
const lastNight = '2025-02-13 01:30:00';
const known = { Name: 'Asha', AgentID: '7', skill: 'x' };
const abroad = { campaign_name: 'Abroad', ScheduleTime: lastNight };
const acceptances: Row<Fields>[] = [
  ['known fields', one({ ...known, City: 'Pune' }), entry(known)],
  ['a priority and an expiry day', one({ Priority: '99', ExpiryDate: '2025-03-01' }), entry()],
  ['an expiry with a time', one({ ExpiryDate: later }), entry()],
  ['empty optional cells', one({ Priority: '', ExpiryDate: '' }), entry()],
  ['any header, mapping unknown', one({ Whatever: 'x' }), entry({ campaign_name: 'Open' }), 'Open'],
  ['the present second', one({ ScheduledTime: now }), entry({ ScheduleTime: now })],
  ['the horizon’s last second', one({ ScheduledTime: horizon }), entry({ ScheduleTime: horizon })],
  ['a time of the campaign’s zone', one({ ScheduledTime: lastNight }), entry(abroad), 'Abroad'],
];

const { wrongDateFormat, numberExists, updated } = texts;
const unfit = ['2025-02-29 10:00:00', '2025-02-14 24:00:00', '2025-02-13 11:59:59', '2025-03-15 12:00:01'];
const malformed = ['2025-02-14T10:00:00', '2025-02-14', '', 'soon'];
const agentless = 'AgentID is mandatory for Agentwise campaigns';
const wide = [...phoneAndTime, 'Name'];
const refusals: Row<string>[] = [
  ['an unknown campaign', one(), texts.accountOrCampaign, 'Nope'],
  ['a campaign named like an object’s member', one(), texts.accountOrCampaign, 'constructor'],
  ['no ScheduledTime in the map', bulk(['PhoneNumber'], ['98']), texts.missingScheduledTime],
  ...[...unfit, ...malformed].map((at): Row<string> => [at, one({ ScheduledTime: at }), wrongDateFormat]),
  ['a wrong expiry', one({ ExpiryDate: '31-12-2025' }), wrongDateFormat],
  ['one bad date among good', bulk(phoneAndTime, ['1', later], ['2', 'soon']), wrongDateFormat],
  ['a poisoned row', one({ Name: 'POISON' }), wrongDateFormat],
  ...['0', '100', 'high', '1.5'].map((at): Row<string> => [at, one({ Priority: at }), 'Invalid Priority']),
  ['another header', one({ Skill: 'x' }), 'Header Skill is not defined in the mapping of the campaign'],
  ['no agent id, agent-wise', one(), agentless, 'Agents'],
  ['an empty agent id, agent-wise', one({ AgentID: ' ' }), agentless, 'Agents'],
  ['a short row', bulk(wide, ['1', later]), 'Invalid bulkData'],
  ['a header twice', bulk([...wide, 'Name'], ['1', later, 'a', 'b']), 'Invalid bulkData'],
  ['cells that are no text', bulk(phoneAndTime, [null, later]), 'Invalid bulkData'],
  ['no rows', bulk(phoneAndTime), 'Invalid bulkData'],
  ['101 rows', rows(101), '100 records per request are allowed'],
];

const inText = (campaign_name: string, json: unknown) => ({ campaign_name, bulkData: JSON.stringify(json) });
describe.each([
  ['v1', (campaign: string, json: unknown) => v1Schedule(inText(campaign, json))],
  ['v2', (campaignName: string, bulkData: unknown) => schedule({ campaignName, bulkData })],
] as const)('%s scheduling', (dialect, send) => {
  it.each(acceptances)('accepts %s', async (_, bulkData, reply, campaign = 'Plain') => {
    expect(await send(campaign, bulkData)).toEqual(good(reply));
    expect(sandbox.ledger).toHaveLength(1);
  });

  it.each(refusals)('refuses %s', async (_, bulkData, text, campaign = 'Plain') => {
    expect(await send(campaign, bulkData)).toEqual(bad(text));
    expect(sandbox.ledger).toHaveLength(0);
  });

  it('answers a missing number in its own entry, and accepts the neighbours', async () => {
    const [first, last] = [entry({ PhoneNumber: '1' }), entry({ PhoneNumber: '3', index: '2' })];
    const reply = await send('Plain', numbers('1', '', '3'));
    expect(reply).toEqual(good(first, entry({ ...noPhone, index: '1' }), last));
    expect(sandbox.ledger.map(({ phoneNumber }) => phoneNumber)).toEqual(['1', '3']);
    expect(await send('Plain', bulk(['ScheduledTime'], [later]))).toEqual(good(entry(noPhone)));
  });

  it('keeps every accepted row exactly, in order', async () => {
    await send('Plain', bulk(wide, ['%2B919810000000', later, 'Zoë & "co" +1'], ['22', later, '']));
    clock += 1;
    await send('Open', one());
    const row = { campaignName: 'Plain', dialect, scheduledTime: later, createdAt: noon, requestNumber: 1 };
    const fields = { PhoneNumber: '%2B919810000000', ScheduledTime: later, Name: 'Zoë & "co" +1' };
    const other = { campaignName: 'Open', createdAt: noon + 1, requestNumber: 2, phoneNumber: '9810000000' };
    expect(sandbox.ledger).toEqual([
      { ...row, id: '1', phoneNumber: '+919810000000', fields },
      { ...row, id: '2', phoneNumber: '22', fields: { PhoneNumber: '22', ScheduledTime: later, Name: '' } },
      { ...row, ...other, id: '3', fields: { PhoneNumber: '9810000000', ScheduledTime: later } },
    ]);
    expect(sandbox.requests[0]).toMatchObject({ number: 1, dialect, rows: 2, map: wide, fault: null });
  });
});

describe('v1', () => {
  const map = { 'bulkData[map][]': 'PhoneNumber', 'bulkData[map][1]': 'ScheduledTime' };
  const nested = { ...map, 'bulkData[data][0][]': '9810000000', 'bulkData[data][0][1]': later };
  it('reads nested fields in a posted form', async () => {
    expect(await v1Schedule(nested)).toEqual(good(entry()));
  });

  const bulkData = JSON.stringify(one());
  it.each([
    ['a row', { bulkData }, good(entry())],
    ['nested fields', nested, good(entry())],
    ['a wrong key', { api_key: 'wrong', bulkData }, bad(texts.accountOrCampaign)],
    ['no bulkData', {}, bad(noBulkData)],
    ['bulkData that is no JSON', { bulkData: '{"map":' }, bad('Invalid bulkData')],
  ])('answers a GET with %s', async (_, fields, reply) => {
    expect((await ask(`${paths.v1Schedule}?${v1Fields(fields)}`)).json()).toEqual(reply);
  });

  it.each([8 * 1024 + 1, 100_000])('answers a URL of %i characters with an HTML 414', async (urlLength) => {
    const reply = await ask(`${paths.v1Schedule}?bulkData=`.padEnd(urlLength, 'x'));
    expect(reply).toMatchObject({ status: 414, text: expect.stringContaining('<html>') });
    expect(sandbox.requests).toMatchObject([{ urlLength }]);
  });
});

describe('v2', () => {
  it.each<[string, Fields, Strings, unknown]>([
    ['a wrong key', { bulkData: one() }, { ...typed, apiKey: 'x' }, texts.accountOrCampaign],
    ['a wrong token', { bulkData: one() }, { ...typed, authorization: 'Bearer x' }, texts.accountOrCampaign],
    ['a wrong user', { userName: 'x', bulkData: one() }, keyed, texts.accountOrCampaign],
    ['no bulkData', {}, keyed, noBulkData],
    ['text', { bulkData: one() }, { apiKey: 'sandbox-key' }, 'Content-Type must be application/json'],
  ])('refuses %s', async (_, fields, headers, message) => {
    expect(await schedule(fields, headers)).toEqual(bad(message));
    expect(sandbox.ledger).toHaveLength(0);
  });

  it('filters numbers it has, and numbers twice in a request, when asked to', async () => {
    await schedule({ bulkData: numbers('1') });
    const reply = await schedule({ bulkData: numbers('1', '2', '%2B2', '2'), checkDuplicate: true });
    const messages = (reply.message as Fields[]).map(({ msg }) => msg);
    expect(messages).toEqual([numberExists, updated, updated, numberExists]);
    expect(reply.message).toMatchObject([{ Response: 'success', index: '0' }, {}, {}, { index: '3' }]);
    await schedule({ campaignName: 'Open', bulkData: numbers('1'), checkDuplicate: true });
    expect(sandbox.ledger.map(({ phoneNumber }) => phoneNumber)).toEqual(['1', '2', '+2', '1']);
  });

  it('lists waiting rows with the query that would be replayed', async () => {
    await schedule({ bulkData: one({ PhoneNumber: '%2B919810000000', Name: 'A & B' }) });
    const { message } = await call('GET', paths.scheduledData, account);
    const own = { Id: '1', api_key: 'sandbox-key', CreatedDate: now, ScheduleTime: later };
    const time = 'ScheduledTime=2025-02-13+21%3A14%3A00';
    const query = `campaign_name=Plain&action=START&format=json&PhoneNumber=%2B919810000000&${time}&Name=A+%26+B`;
    const rest = { RequestTime: '', IsRequestSent: '0', Response: '' };
    expect(message).toEqual([{ ...own, ...rest, ScheduleParams: `api_key=sandbox-key&${query}` }]);
    const stranger = await call('GET', paths.scheduledData, account, { ...typed, apiKey: 'wrong' });
    expect(stranger).toEqual({ status: 'success', message: 'null' });
  });

  it('deletes rows by id, list and range, and keeps them as history', async () => {
    await schedule({ bulkData: rows(10) });
    const remove = (rowId?: string) => call('DELETE', paths.deleteScheduledData, { ...account, rowId });
    expect(await remove()).toEqual(bad(texts.missingRowId));
    for (const rowId of ['1', '2,4', '7-99']) expect((await remove(rowId)).status).toBe('success');
    for (const rowId of ['1', '11', '0', 'x', '3-2']) expect(await remove(rowId)).toEqual(bad(texts.noData));
    const live = sandbox.ledger.filter(({ deleted }) => !deleted);
    expect(live.map(({ id }) => id)).toEqual(['3', '5', '6']);
    const { message } = await schedule({ bulkData: rows(1), checkDuplicate: true });
    expect(message).toMatchObject([{ msg: updated }]);
  });

  it('tells a campaign’s state', async () => {
    const tell = (fields: Fields) => call('GET', paths.campaignStatus, { ...account, ...fields });
    const state = { CampaignID: '257', CampaignName: 'Agents', UserName: 'sandbox', Position: 'READY' };
    expect(await tell({ campaignName: 'Agents' })).toEqual(good(state));
    expect(await tell({ campaignName: 'Nope' })).toEqual({ status: 'failure', message: texts.noRecord });
    expect(await tell({})).toEqual({ status: 'failure', message: texts.allMandatory });
  });
});

describe('tokens', () => {
  const generate = (userName = 'sandbox', headers: Strings = keyed) =>
    call('POST', paths.generateToken, { userName }, headers);
  const statusWith = async ({ token }: Fields) =>
    (await schedule({ bulkData: one() }, { ...typed, authorization: `Bearer ${token}` })).status;
  const refusal = (message: string) => ({ status: 'false', message, data: null });

  it('are good for 60 minutes, or until the next', async () => {
    const [first, second] = [await generate(), await generate()];
    clock += 60 * 60_000 - 1;
    expect([await statusWith(first), await statusWith(second)]).toEqual(['error', 'success']);
    clock += 1;
    expect(await statusWith(second)).toBe('error');
    expect(sandbox.tokensGenerated).toBe(2);
  });

  it('are given ten times in any hour, and never to strangers', async () => {
    expect(await generate('other')).toEqual(refusal(texts.invalidUser));
    expect(await generate('sandbox', { ...keyed, apiKey: 'x' })).toEqual(refusal(texts.invalidUser));
    for (let at = 0; at < 10; at += 1, clock += 60_000) expect(await generate()).toHaveProperty('token');
    expect(await generate()).toEqual(refusal(texts.requestLimit));
    clock = noon + 60 * 60_000;
    expect(await generate()).toHaveProperty('token');
    expect(await generate()).toEqual(refusal(texts.requestLimit));
  });
});

describe('the page', () => {
  it('escapes what it shows, newest first, and says that nobody is called', async () => {
    await schedule({ bulkData: one({ Name: '<script>"x"&\'', City: '<b>Pune' }) });
    await schedule({ bulkData: numbers('2') });
    const { text } = await ask('/');
    expect(text).toContain('<td>&lt;script&gt;&quot;x&quot;&amp;&#39;</td>');
    expect(text).not.toMatch(/<script|<b>Pune|https?:/);
    expect(text).toMatch(/^<!doctype html>.*nobody is called.*<td>2<\/td>.*<td>9810000000<\/td>/s);
  });

  it('shows the newest 1000 rows, and how many there are; as JSON too', async () => {
    for (let at = 0; at < 11; at += 1) await schedule({ bulkData: rows(100) });
    const { text } = await ask('/');
    expect(text).toContain('The newest 1,000 of 1,100 rows');
    expect(text.match(/<tr><td>/g)).toHaveLength(1000);
    const asked = [await ask('/?format=json'), await ask('/', { headers: { accept: 'application/json' } })];
    for (const reply of asked) expect(reply.json()).toMatchObject({ accepted: 1100, requests: 11 });
    expect((await ask('/favicon.ico')).status).toBe(204);
    expect((await ask('/nowhere')).json()).toMatchObject({ status: 'error' });
  });
});

describe('scripted faults', () => {
  const four = JSON.stringify({ ...plain, bulkData: rows(4) });
  const sendFour = () => ask(paths.schedule, { method: 'POST', headers: keyed, body: four });
  const accepted = { true: 4, false: 0, partly: 2, later: 4 };

  it.each(faultNames)('%s: the ledger holds what the fault says that it accepts', async (fault) => {
    sandbox.script({ fault, latencyMs: 5 });
    const settled = sendFour().catch(() => {});
    const bodyBytes = faults[fault].stage === 'head' ? 0 : four.length;
    await poll(() => expect(sandbox.requests).toMatchObject([{ fault, bodyBytes }]));
    await Promise.race([settled, sleep(20)]);
    // Whoever still waits is cut off; the next request finds a connection that no fault has touched.
    await agent.destroy();
    agent = new Agent();
    await poll(() => expect(sandbox.ledger).toHaveLength(accepted[`${faults[fault].accepts}`]));
    expect(await schedule({ bulkData: one() })).toEqual(good(entry()));
  });

  it.each([
    ['entries-shuffled', ['1', '3', '0', '2']],
    ['entries-no-index', [undefined, undefined, undefined, undefined]],
    ['entries-one-based', ['1', '2', '3', '4']],
    ['entries-duplicate-index', ['0', '0', '2', '2']],
    ['entries-missing-one', ['0', '1', '3']],
    ['entries-extra', ['0', '1', '2', '3', '4']],
  ] as const)('%s bends the indexes', async (fault, expected) => {
    sandbox.script({ fault });
    const { message } = (await sendFour()).json();
    expect((message as Fields[]).map(({ index }) => index)).toEqual(expected);
  });

  it.each([
    ['reset-before', reset],
    ['reset-on-headers', reset],
    ['close-after', { code: 'UND_ERR_SOCKET' }],
    ['garbage-after', { name: 'HTTPParserError' }],
    ['truncated-length-after', { code: 'UND_ERR_SOCKET' }],
    ['truncated-chunked-after', { code: 'UND_ERR_SOCKET' }],
    ['reset-in-body-after', reset],
    ['status-429-retry-after-date', { headers: { 'retry-after': 'Thu, 13 Feb 2025 06:30:07 GMT' } }],
    ['redirect-307', { status: 307, headers: { location: '/sandbox/redirected' } }],
    ['stale-keep-alive', { status: 200, headers: { connection: 'keep-alive' } }],
    ['error-unknown-text', { text: expect.stringMatching(/sandbox-key.*9810000000/) }],
    ['error-echo-key', { text: expect.stringMatching(/sandbox-key.*9810000000/) }],
    ['custom-after', { status: 418, headers: { 'x-more': 'yes' } }],
  ] as const)('%s reaches the client as such', async (fault, expected) => {
    sandbox.script({ fault, retryAfter: 7, status: 418, headers: { 'x-more': 'yes' } });
    expect(await sendFour().catch((error: unknown) => error)).toMatchObject(expected);
  });

  it('are met in order, as often as they say, and only by the calls that they wait for', async () => {
    sandbox.script({ fault: 'wrong-date', times: 2 }, { fault: 'status-401', on: 'token' });
    sandbox.script({ fault: 'max-limit', campaignName: 'Open' });
    const campaigns = ['Plain', 'Plain', 'Plain', 'Open', 'Open'];
    for (const campaignName of campaigns) await schedule({ campaignName, bulkData: one() });
    await call('POST', paths.generateToken, account);
    const met = sandbox.requests.map(({ fault }) => fault);
    expect(met).toEqual(['wrong-date', 'wrong-date', null, 'max-limit', null, 'status-401']);
  });

  const head = `POST ${paths.schedule} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n`;

  it('refuse a head before its body was sent', async () => {
    sandbox.script({ fault: 'early-response' });
    const socket = dial(sandbox.url);
    socket.write(head);
    expect(String(await once(socket, 'data'))).toContain(texts.processRunning);
    socket.destroy();
  });

  it('hang until the client goes, half-open longer than that, and end with close()', async () => {
    const own = await createSandbox();
    const ended: string[] = [];
    for (const fault of ['hang-after', 'half-open-after'] as const) {
      own.script({ fault });
      const socket = dial(own.url).resume();
      socket.once('close', () => ended.push(fault)).write(`${head}{}`);
      await poll(() => expect(own.requests.at(-1)).toMatchObject({ fault }));
      socket.end();
    }
    await poll(() => expect(ended).toEqual(['hang-after']));
    await sleep(20);
    expect(ended).toEqual(['hang-after']);
    await own.close();
    await poll(() => expect(ended).toEqual(['hang-after', 'half-open-after']));
  });

  it('are scripted, read and forgotten over HTTP', async () => {
    const script = (faults: unknown) => call('POST', '/sandbox/script', faults as Fields);
    expect(await script([{ fault: 'latency', latencyMs: 1, times: null }])).toEqual({ scripted: 1 });
    for (let at = 0; at < 3; at += 1) await schedule({ bulkData: one() });
    const ledger = (await ask('/sandbox/ledger')).json();
    expect(ledger).toMatchObject({ accepted: 3, requests: [{ fault: 'latency' }, {}, { fault: 'latency' }] });
    expect(await script([{ fault: 'nope' }])).toMatchObject({ status: 'error' });
    expect(await script([{ fault: 'latency', when: 1 }])).toMatchObject({ status: 'error' });
    await ask('/sandbox/reset', { method: 'POST' });
    expect([sandbox.ledger, sandbox.requests]).toEqual([[], []]);
    await schedule({ bulkData: one() });
    expect(sandbox.requests).toMatchObject([{ fault: null }]);
  });
});

function dial(url: string): Socket {
  return connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
}
