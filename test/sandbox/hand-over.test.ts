// The sandbox hands rows over to their campaigns at their time, in the words of the upstream's "add campaign data" API: over a real
// socket, on a clock that stands still until it is moved.

import fc from 'fast-check';
import { request } from 'undici';
import { beforeEach, describe, expect, it } from 'vitest';
import { errorsDemo, handOverDemonstrations } from '../../src/sandbox/errors-demo.ts';
import { handOverTexts, paths, texts } from '../../src/upstream/contract.ts';
import { runs } from '../property-runs.ts';
import { account, hour, noon, type Stack, start } from './sandbox-client.ts';

const started = { status: 'SUCCESS', message: handOverTexts.started };
const exists = { status: 'SUCCESS', message: texts.numberExists };
const notToBeCalled = { status: 'FAIL', message: handOverTexts.doNotDisturb };

let stack: Stack;
beforeEach(async () => {
  stack = await start();
});

const one = '2025-02-13 13:00:00';
const two = '2025-02-13 14:00:00';

describe('a row', () => {
  it('waits until its time, is handed over in its very second, and stays in the list', async () => {
    await stack.schedule([['9810000000', one]]);
    stack.sandbox.advance(hour - 1);
    expect(await stack.list()).toMatchObject([{ IsRequestSent: '0', RequestTime: '', Response: '' }]);
    stack.sandbox.advance(1);
    expect(await stack.list()).toMatchObject([
      { Id: '1', IsRequestSent: '1', RequestTime: one, Response: JSON.stringify(started) },
    ]);
  });

  it('is handed over at its own time, however late anybody asks', async () => {
    await stack.schedule([['9810000000', one]]);
    stack.sandbox.advance(30 * 24 * hour);
    const { ledger } = stack.sandbox;
    expect(ledger).toMatchObject([{ handedOver: { at: noon + hour, outcome: 'added' } }]);
  });

  it('is told by the ledger alone, to a test in another process too', async () => {
    await stack.schedule([['9810000000', one]]);
    const moved = await stack.call('POST', '/sandbox/clock', { advanceMs: hour });
    expect(moved).toEqual({ now: noon + hour, wallClock: one });
    expect(await stack.call('GET', '/sandbox/ledger')).toMatchObject({
      now: noon + hour,
      rows: [{ handedOver: { at: noon + hour, outcome: 'added', response: JSON.stringify(started) } }],
    });
  });

  it('has its time in the zone of its campaign, and its request in that of the account', async () => {
    const campaigns = { Abroad: { timeZone: 'America/New_York' } };
    const abroad = await start({ campaigns });
    await abroad.schedule([['9810000000', '2025-02-13 02:00:00']], 'Abroad');
    abroad.sandbox.advance(hour / 2 - 1);
    expect(abroad.sandbox.ledger[0]?.handedOver).toBeUndefined();
    abroad.sandbox.advance(1);
    expect(await abroad.list()).toMatchObject([{ IsRequestSent: '1', RequestTime: '2025-02-13 12:30:00' }]);
  });

  it.each([
    ['that comes twice, at the first', '2025-11-02 01:30:00', '2025-11-02T05:30:00Z'],
    ['after the hour that comes twice', '2025-11-02 02:00:00', '2025-11-02T07:00:00Z'],
    ['that the clocks skip, an hour on', '2025-03-09 02:30:00', '2025-03-09T07:30:00Z'],
    ['after the hour that is skipped', '2025-03-09 03:00:00', '2025-03-09T07:00:00Z'],
    ['of the last day that can be written', '9999-12-31 23:59:59', null],
  ])('is handed over at a time %s', async (_, at, instant) => {
    const abroad = await start({ campaigns: { Abroad: { timeZone: 'America/New_York' } } });
    await abroad.schedule([['9810000000', at]], 'Abroad');
    expect(abroad.sandbox.ledger).toHaveLength(1);
    abroad.sandbox.advance(400 * 24 * hour);
    expect(abroad.sandbox.ledger[0]?.handedOver?.at ?? null).toBe(instant && Date.parse(instant));
  });

  it('that was deleted before its time is never handed over; after its time it cannot be deleted', async () => {
    await stack.schedule([
      ['1', one],
      ['2', one],
    ]);
    expect(await stack.cancel('1')).toMatchObject({ status: 'success' });
    stack.sandbox.advance(hour);
    expect(await stack.cancel('2')).toEqual({ status: 'error', message: texts.noData });
    expect(await stack.list()).toMatchObject([{ Id: '2', IsRequestSent: '1' }]);
    const { ledger } = stack.sandbox;
    expect(ledger).toMatchObject([{ deleted: true }, { handedOver: { outcome: 'added' } }]);
    expect(ledger[0]?.handedOver).toBeUndefined();
    expect(ledger[1]?.deleted).toBeUndefined();
  });
});

describe('at the hand-over', () => {
  it('a number of the do-not-disturb list is refused, however it is written', async () => {
    const { schedule, sandbox, answers } = await start({ doNotDisturb: ['9000000009'] });
    const forms = ['9000000009', '%2B919000000009', '919000000009', '09000000009'];
    await schedule([...forms.map((number) => [number, one]), ['9000000001', one]]);
    sandbox.advance(hour);
    expect(answers()).toEqual([...forms.map(() => notToBeCalled), started]);
    expect(sandbox.ledger.map(({ handedOver }) => handedOver?.outcome)).toContain('refused');
  });

  it('a number that the campaign has already is a duplicate there, and in no other campaign', async () => {
    await stack.schedule([
      ['1', two],
      ['1', one],
      ['2', one],
    ]);
    await stack.schedule([['1', two]], 'Skills_Demo');
    stack.sandbox.advance(2 * hour);
    expect(stack.answers()).toEqual([exists, started, started, started]);
    expect(stack.sandbox.ledger[0]?.handedOver?.outcome).toBe('duplicate');
  });

  it('a row without any digit has an empty number', async () => {
    await stack.schedule([['nobody', one]]);
    stack.sandbox.advance(hour);
    expect(stack.answers()).toEqual([{ status: 'FAIL', message: handOverTexts.emptyNumber }]);
  });

  it('a record of Errors_Demo has the answer that its name asks for, and its name is one elsewhere', async () => {
    const names = [...handOverDemonstrations.keys()];
    const rows = names.map((name, n) => [String(n), one, name]);
    await stack.schedule(rows, errorsDemo);
    await stack.schedule(rows, 'Sales_Demo');
    stack.sandbox.advance(hour);
    const asked = [...handOverDemonstrations.values()].map(({ answer }) => answer);
    expect(stack.answers()).toEqual([...asked, ...names.map(() => started)]);
    const said = asked.map((answer) => answer?.message);
    for (const text of [...Object.values(handOverTexts), texts.numberExists])
      if (text !== handOverTexts.started) expect(said).toContain(text);
  });

  it('nothing depends on when anybody looks', async () => {
    const row = fc.record({
      number: fc.integer({ min: 0, max: 3 }),
      minutes: fc.integer({ min: 0, max: 60 }),
    });
    const looks = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 6 });
    const rowsOf = (rows: readonly { number: number; minutes: number }[]) =>
      rows.map(({ number, minutes }) => [
        `900000000${number}`,
        `2025-02-13 ${12 + Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:00`,
      ]);
    const [patient, curious] = [stack, await start()];
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), looks, async (rows, minutes) => {
        for (const { sandbox, schedule } of [patient, curious]) {
          sandbox.reset();
          await schedule(rowsOf(rows));
        }
        patient.sandbox.advance(4 * hour);
        for (const ms of minutes.map((n) => n * 60_000)) {
          curious.sandbox.advance(ms);
          await curious.list();
        }
        curious.sandbox.advance(4 * hour - minutes.reduce((sum, n) => sum + n * 60_000, 0));
        expect(curious.sandbox.ledger).toEqual(patient.sandbox.ledger);
        expect(patient.sandbox.ledger.every(({ handedOver }) => handedOver !== undefined)).toBe(true);
      }),
      { numRuns: runs(20) },
    );
  });
});

describe('a key that the dialer does not know', () => {
  it('lists nothing and deletes nothing, and is not told so', async () => {
    await stack.schedule([['1', one]]);
    const strange = { apiKey: 'x' };
    const list = await stack.call('GET', paths.scheduledData, account, strange);
    const cancel = await stack.call('DELETE', paths.deleteScheduledData, { ...account, rowId: '1' }, strange);
    expect([list, cancel]).toEqual([
      { status: 'success', message: 'null' },
      { status: 'error', message: texts.noData },
    ]);
    expect(stack.sandbox.ledger[0]?.deleted).toBeUndefined();
  });
});

describe('the clock', () => {
  it('goes forwards only, for tokens and for what may be scheduled too, until a reset', async () => {
    const { sandbox, schedule, call } = stack;
    for (const ms of [-1, Number.NaN, Infinity, 1e16]) expect(() => sandbox.advance(ms)).toThrow(RangeError);
    expect(await call('POST', '/sandbox/clock', { advanceMs: 'soon' })).toMatchObject({ status: 'error' });
    const { token } = await call('POST', paths.generateToken, account);
    sandbox.advance(hour + 1000);
    expect(await schedule([['1', one]])).toMatchObject({ message: texts.wrongDateFormat });
    const status = { ...account, campaignName: 'Sales_Demo' };
    const asked = await call('GET', paths.campaignStatus, status, { authorization: `Bearer ${token}` });
    expect(asked).toMatchObject({ message: texts.invalidUser });
    sandbox.setPosition('Sales_Demo', 'COMPLETED');
    sandbox.reset();
    expect(await schedule([['1', one]])).toMatchObject({ status: 'success' });
    expect(await stack.position()).toBe('READY');
  });

  it('is moved by the page, which shows what became of each row', async () => {
    const { url } = stack.sandbox;
    await stack.schedule([
      ['9810000000', one],
      ['9000000002', one],
      ['3', '2025-02-14 13:00:00'],
    ]);
    const page = async () => (await request(url)).body.text();
    expect(await page()).toContain('<code>9000000002</code>');
    expect((await page()).match(/<td>waits<\/td>/g)).toHaveLength(3);
    const { statusCode, headers } = await request(`${url}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `advanceMs=${hour}`,
    });
    expect([statusCode, headers.location]).toEqual([303, '/']);
    // As curl labels it, unless told otherwise.
    const mislabelled = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const moved = await request(`${url}/sandbox/clock`, { ...mislabelled, body: '{"advanceMs":0}' } as const);
    expect(await moved.body.json()).toMatchObject({ wallClock: one });
    const text = await page();
    expect(text).toContain(`added at ${one}`);
    expect(text).toContain(`refused at ${one}<br>${JSON.stringify(notToBeCalled).replaceAll('"', '&quot;')}`);
    expect(text.match(/<td>waits<\/td>/g)).toHaveLength(1);
    for (const name of [...handOverDemonstrations.keys()]) expect(text).toContain(`<code>${name}</code>`);
  });
});
