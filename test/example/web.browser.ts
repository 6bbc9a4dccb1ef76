// The page of examples/web in a real browser, over real sockets: what is lost on the way, nobody is called twice. The sandbox's
// ledger says what was really scheduled.

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { CallingHours } from '../../src/config/calling-hours.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { ledgerNumbers, type Stack, startStack } from '../harness.ts';
import {
  chooseCampaign,
  dropFile,
  findings,
  interceptSchedules,
  type Opened,
  type OpenOptions,
  openPage,
  pasteList,
  servePage,
} from './page.ts';

const rowsAPart = 20;

/** Told, and refusing nothing: on whatever day the tests run. */
const callingHours: CallingHours = {
  ...{ rule: 'Office hours', source: 'a decision', asOf: '2026-05-03' },
  ...{ zone: 'RECIPIENT', policy: 'ALLOW', holidays: ['2026-12-25'] },
  windows: [{ days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], from: '09:00', to: '21:00' }],
};

let stack: Stack;
let served: { url: string; close(): Promise<void> };
let browser: Browser;

/** Tomorrow, as a spreadsheet has it. */
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
const headings = ['Phone', 'Name', 'Call at'];
const row = (n: number, phone = `98${String(10_000_000 + n)}`) => [phone, `Lead ${n}`, `${tomorrow} 15:00`];
const rows = (count: number) => Array.from({ length: count }, (_, n) => row(n));

/** Each is there once, and nothing else. */
function expectOnce(numbers: readonly (string | undefined)[]): void {
  expect([...ledgerNumbers(stack.sandbox)].sort()).toEqual([...numbers].sort());
}

/** The first request is carried out, and nobody hears of it; the second one is refused. */
async function lostThenBusy(route: Route, n: number): Promise<void> {
  const busy = { message: 'Busy.', extensions: { code: 'OVERLOADED' } };
  if (n === 2) return route.fulfill({ status: 503, json: { errors: [busy] } });
  if (n > 1) return route.continue();
  await route.fetch();
  await route.abort('connectionreset');
}

describe.skipIf(!hasBrowser)('the example page', () => {
  beforeAll(async () => {
    const UPLOADS_DIR = join(inject('folder'), randomUUID());
    const env = { MAX_RECORDS_PER_MUTATION: String(rowsAPart), UPLOADS_DIR };
    stack = await startStack({ env, running: true, callingHours, onFinished: afterAll });
    stack.clock.now = Date.now();
    [served, browser] = await Promise.all([servePage(stack), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  beforeEach(() => stack.sandbox.reset());

  const open = (address: string, options?: OpenOptions) => openPage(browser, served.url, address, options);

  describe('one lead', () => {
    it('is checked as it is typed, and scheduled', async () => {
      const { page, complaints } = await open('#/lead');
      await chooseCampaign(page, 'Sales_Demo');
      const phone = page.getByLabel('Phone number');
      await phone.fill('12345');
      await page.getByText('is too short for a number').waitFor();
      expect(await phone.getAttribute('aria-invalid')).toBe('true');
      await page.getByRole('button', { name: 'Schedule the call' }).click();
      expect(await phone.evaluate((input) => input === document.activeElement)).toBe(true);
      expect(stack.sandbox.requests.filter(({ rows }) => rows > 0)).toEqual([]);

      await phone.fill('098765 43210');
      await page.getByLabel('Name').fill('Asha Rao');
      await page.getByText('Ready: ').waitFor();
      await page.getByLabel('Name').press('Enter');
      await page.getByText('Will be called').first().waitFor();
      expectOnce(['9876543210']);
      expect(stack.sandbox.ledger[0]?.fields.Name).toBe('Asha Rao');
      expect(complaints).toEqual([]);
    });

    it('is scheduled once, though its answer is lost, the page reloaded, and the server busy then', async () => {
      const { page } = await open('#/lead');
      await interceptSchedules(page, lostThenBusy);
      await chooseCampaign(page, 'Sales_Demo');
      await page.getByLabel('Phone number').fill('098765 43210');
      await page.getByText('Ready: ').waitFor();
      await page.getByRole('button', { name: 'Schedule the call' }).click();
      await page.getByText('Nobody knows yet').waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Send it again' }).click();
      await page.getByText('Busy.').waitFor();
      // What was sent before is not known yet, so that nothing else may be sent.
      expect(await page.getByRole('button', { name: 'Schedule the call' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Send it again' }).click();
      await page.getByText('Will be called').first().waitFor();
      expectOnce(['9876543210']);
    });
  });

  describe('a list', () => {
    it.each(['fetch', 'apollo', 'urql'])(
      'has a message for each row that fails, and sends the corrected ones again, over %s',
      async (client) => {
        const { page, complaints } = await open(`?client=${client}#/list`);
        await chooseCampaign(page, 'Errors_Demo');
        // Of the last one the check sees nothing: the dialer refuses it.
        const list = [row(1), row(2, '12'), ['9810000003', 'Lead 3', '01/02/2031 10:00'], row(4)];
        await pasteList(page, [headings, ...list, ['9810000005', 'REJECTED', `${tomorrow} 15:00`]]);
        await page.getByText('3 ready · 2 to correct').waitFor();
        await page.getByText('cannot be dialled').waitFor();
        await page.getByText('does not say which of its numbers is the day').waitFor();
        await page.getByRole('button', { name: 'Schedule 3 calls' }).click();
        await page.getByText('2 rows scheduled · 3 to correct').waitFor();
        await page.getByText('The dialer refused this record').waitFor();
        expectOnce(['9810000001', '9810000004']);

        await page.getByLabel('Phone of row 2').fill('9810000002');
        await page.getByLabel('Call at of row 3').fill(`${tomorrow} 16:00`);
        await page.getByLabel('Name of row 5').fill('Lead 5');
        await page.getByText('2 rows scheduled · 3 ready').waitFor();
        await page.getByRole('button', { name: 'Schedule 3 calls' }).click();
        await page.getByText('5 rows scheduled', { exact: true }).waitFor();
        expectOnce([1, 4, 2, 3, 5].map((n) => `981000000${n}`));
        expect(complaints).toEqual([]);
      },
    );

    const list = rows(3 * rowsAPart);
    const numbers = list.map(([phone]) => phone);

    it('goes on after a reload in its middle', async () => {
      const { page } = await open('#/list');
      let reached = () => {};
      const isInMiddle = new Promise<void>((resolve) => {
        reached = resolve;
      });
      await interceptSchedules(page, async (route, n) => {
        if (n !== 2) return route.continue();
        // The server has it, and its answer is not told: the page goes before.
        await route.fetch();
        reached();
      });
      await chooseCampaign(page, 'Sales_Demo');
      await pasteList(page, [headings, ...list]);
      await page.getByRole('button', { name: `Schedule ${list.length} calls` }).click();
      await isInMiddle;
      await page.reload();
      await page.getByText(`A list of ${list.length} rows for Sales_Demo is not finished`).waitFor();
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByText(`${list.length} rows scheduled`, { exact: true }).waitFor();
      expectOnce(numbers);
      await page.reload();
      await page.getByText('Try an example').waitFor();
      expect(await page.getByText('is not finished').count()).toBe(0);
    });

    it('goes on by itself when the network is back', async () => {
      const { page, context } = await open('#/list');
      await interceptSchedules(page, async (route, n) => {
        if (n !== 2) return route.continue();
        await route.fetch();
        await context.setOffline(true);
        await route.abort('internetdisconnected');
      });
      await chooseCampaign(page, 'Sales_Demo');
      await pasteList(page, [headings, ...list]);
      await page.getByRole('button', { name: `Schedule ${list.length} calls` }).click();
      await page.getByText('It waits, and goes on by itself').waitFor();
      await context.setOffline(false);
      await page.getByText(`${list.length} rows scheduled`, { exact: true }).waitFor();
      expectOnce(numbers);
    });

    it('is imported from a file that is dropped, and what fails is corrected here', async () => {
      const { page, complaints } = await open('#/list');
      await chooseCampaign(page, 'Sales_Demo');
      const wrong = [7, 1500];
      const many = rows(2000).map((cells, n) => (wrong.includes(n) ? ['12', ...cells.slice(1)] : cells));
      await dropFile(page, 'leads.csv', [headings, ...many].map((cells) => cells.join(',')).join('\r\n'));
      await page.getByRole('button', { name: 'Schedule 1,998 calls' }).click();
      await page.getByText('Finished').waitFor();
      await page.getByRole('button', { name: 'Correct 2 rows here' }).click();
      await page.getByText('2 to correct').waitFor();
      for (const [n, position] of wrong.entries())
        await page.getByLabel(`Phone of row ${n + 1}`).fill(row(position)[0] ?? '');
      await page.getByRole('button', { name: 'Schedule 2 calls' }).click();
      await page.getByText('2 rows scheduled', { exact: true }).waitFor();
      expectOnce(rows(2000).map(([phone]) => phone));
      expect(complaints).toEqual([]);
    });
  });

  it('goes on with a file after a reload, once the same one is chosen again', async () => {
    const { page } = await open('#/list');
    await chooseCampaign(page, 'Sales_Demo');
    const path = join(inject('folder'), `example-${randomUUID()}.csv`);
    const other = `${path}.other`;
    writeFileSync(path, [headings, ...rows(30)].map((cells) => cells.join(',')).join('\r\n'));
    writeFileSync(other, 'Phone\r\n');
    const files = '**/imports/*/file';
    await page.route(files, (route) => route.abort('connectionreset'));
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByText('The server cannot be reached').waitFor();
    await page.reload();
    await page.getByText(/^Choose example-.* once more$/).waitFor();
    await page.unroute(files);
    await page.locator('input[type=file]').setInputFiles(other);
    await page.getByText('This is another file').waitFor();
    await page.locator('input[type=file]').setInputFiles(path);
    await page.getByRole('button', { name: 'Schedule 30 calls' }).click();
    await page.getByText('Finished').waitFor();
    expectOnce(rows(30).map(([phone]) => phone));
  });

  it('cancels and moves what is scheduled, each with its own result', async () => {
    const scheduledTime = `${tomorrow} 15:00`;
    const records = ['9810000001', '9810000002', '9810000003'].map((phoneNumber) => ({
      phoneNumber,
      scheduledTime,
    }));
    await stack.scheduled({ records });
    // A client that answers the same query with what it knows would show what is no more.
    const { page } = await open('?client=urql#/scheduled');
    await page.getByLabel('Select +919810000001').check();
    await page.getByRole('button', { name: 'Cancel these calls' }).click();
    await page.getByText('1 of 1 call cancelled').first().waitFor();
    await page.getByText('2 records', { exact: true }).waitFor();

    await page.getByLabel('Select +919810000002').check();
    await page.getByRole('button', { name: 'Move to another time' }).click();
    await page.getByRole('dialog').getByLabel('Call at').fill(`${tomorrow}T17:30`);
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByText('1 of 1 call moved').first().waitFor();
    await page.getByText('17:30').first().waitFor();
    const waiting = stack.sandbox.ledger.filter(({ deleted }) => !deleted);
    expect(waiting.map((one) => [one.phoneNumber, one.scheduledTime])).toEqual([
      ['9810000003', `${tomorrow} 15:00:00`],
      ['9810000002', `${tomorrow} 17:30:00`],
    ]);
  });

  it('moves a record once, though the answer is lost, and the server busy then', async () => {
    await stack.scheduled({ records: [{ phoneNumber: '9810000001', scheduledTime: `${tomorrow} 15:00` }] });
    const { page } = await open('#/scheduled');
    await interceptSchedules(page, lostThenBusy, 'Reschedule');
    await page.getByLabel('Select +919810000001').check();
    await page.getByRole('button', { name: 'Move to another time' }).click();
    await page.getByRole('dialog').getByLabel('Call at').fill(`${tomorrow}T17:30`);
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('Busy.').waitFor();
    expect(await page.getByRole('button', { name: 'Move to another time' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Send it again' }).click();
    await page.getByText('1 of 1 call moved').first().waitFor();
    const waiting = stack.sandbox.ledger.filter(({ deleted }) => !deleted);
    expect(waiting.map(({ scheduledTime }) => scheduledTime)).toEqual([`${tomorrow} 17:30:00`]);
    expect(stack.sandbox.ledger).toHaveLength(2);
  });

  describe('for everybody', () => {
    let opened: Opened;
    // One after the other, on one page: most of a test's time would be its start.
    beforeAll(async () => {
      opened = await open('', { onFinished: afterAll });
    });

    it.each<[string, string, (page: Page) => Promise<unknown>]>([
      [
        'one lead',
        '#/lead/Sales_Demo',
        async (page) => {
          await page.getByText('More about this call').click();
          await page.getByLabel('Phone number').fill('12');
          await page.getByText('cannot be dialled').waitFor();
        },
      ],
      [
        'a list',
        '#/list',
        async (page) => {
          await chooseCampaign(page, 'Sales_Demo');
          await pasteList(page, [headings, row(1), row(2, '12')]);
          await page.getByText('1 to correct').waitFor();
        },
      ],
      [
        'a file',
        '#/list',
        async (page) => {
          await page.getByRole('button', { name: 'Another list' }).click();
          await dropFile(page, 'leads.csv', [headings, row(1), row(2, '12')].map(String).join('\n'));
          await page.getByRole('button', { name: 'Schedule 1 call' }).waitFor();
        },
      ],
      [
        'what is scheduled',
        '#/scheduled',
        async (page) => {
          stack.sandbox.fill(30);
          await page.getByRole('button', { name: 'Refresh' }).click();
          await page.getByText('30 records').waitFor();
          await page.locator('tbody input').first().check();
          await page.getByRole('button', { name: 'Move to another time' }).click();
          await page.getByRole('dialog').waitFor();
        },
      ],
      ['the campaigns', '#/campaigns', (page) => page.getByText('Mon–Fri 09:00–21:00').first().waitFor()],
    ])('%s has no finding of axe, and fits, light and dark, narrow and wide', async (_, address, prepare) => {
      const { page, complaints } = opened;
      await page.evaluate((hash) => {
        location.hash = hash;
      }, address);
      await prepare(page);
      expect(await findings(page)).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });
});
