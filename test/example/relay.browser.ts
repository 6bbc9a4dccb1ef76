// The page of examples/relay in a real browser, over real sockets. The sandbox's ledger says what was really scheduled.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { ledgerNumbers, type Stack, startStack } from '../harness.ts';
import { chooseCampaign, findings, openPage, servePage } from './page.ts';

let stack: Stack;
let served: { url: string; close(): Promise<void> };
let browser: Browser;

describe.skipIf(!hasBrowser)('the example page over Relay', () => {
  beforeAll(async () => {
    stack = await startStack({ running: true, onFinished: afterAll });
    stack.clock.now = Date.now();
    [served, browser] = await Promise.all([servePage(stack, 'relay'), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });
  beforeEach(() => stack.sandbox.reset());

  const open = () => openPage(browser, served.url, '');

  const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
  /** The service knows its list for some seconds, unless it changes it itself. */
  async function fill(count: number): Promise<void> {
    stack.sandbox.fill(count - 1);
    await stack.scheduled({ records: [{ phoneNumber: '9810000001', scheduledTime }] });
  }

  async function schedule(page: Page, campaign: string, phone: string, name = ''): Promise<void> {
    await chooseCampaign(page, campaign);
    await page.getByLabel('Phone number').fill(phone);
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Schedule the call' }).click();
  }

  const pressAgain = (page: Page) => page.getByRole('button', { name: 'Send it again' }).click();

  /** What the server answers to a mutation that schedules, changed on its way. */
  const changeAnswer = (page: Page, change: (text: string) => string) =>
    page.route('**/graphql', async (route) => {
      if (!route.request().postData()?.includes('mutation')) return route.continue();
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    });

  it('schedules one lead, and shows it in the list', async () => {
    const { page, complaints } = await open();
    await page.getByText('Nothing is scheduled.').waitFor();
    await schedule(page, 'Sales_Demo', '098765 43210', 'Asha Rao');
    await page.getByText('+919876543210 is scheduled').waitFor();
    await page.getByRole('row', { name: /\+919876543210.*Asha Rao.*Sales_Demo/ }).waitFor();
    expect(ledgerNumbers(stack.sandbox)).toEqual(['9876543210']);
    expect(stack.sandbox.ledger[0]?.fields.Name).toBe('Asha Rao');
    expect(complaints).toEqual([]);
  });

  it('has one sign in where a key is needed, and begins anew with it', async () => {
    const key = 'dg_relay';
    const keys = [{ name: 'relay', hash: hashOf(key), scopes: ['schedule', 'read', 'cancel'] }];
    const guarded = await startStack({ env: { AUTH: JSON.stringify({ keys }) }, running: true });
    const { url, close } = await servePage(guarded, 'relay');
    onTestFinished(close);
    const { page } = await openPage(browser, url, '');
    await page.getByLabel('API key or token').fill(key);
    await page.getByLabel('API key or token').press('Enter');
    await page.getByText('Nothing is scheduled.').waitFor();
  });

  it('keeps a lead while one signs in again', async () => {
    const { page } = await open();
    await page.route('**/graphql', (route) => {
      const errors = [{ message: 'A valid credential is needed.', extensions: { code: 'UNAUTHENTICATED' } }];
      const isMutation = route.request().postData()?.includes('mutation');
      return isMutation ? route.fulfill({ status: 401, json: { errors } }) : route.continue();
    });
    await schedule(page, 'Sales_Demo', '098765 43210');
    await page.getByLabel('API key or token').fill('another');
    await page.unroute('**/graphql');
    await page.getByLabel('API key or token').press('Enter');
    await pressAgain(page);
    await page.getByText('+919876543210 is scheduled').waitFor();
    expect(ledgerNumbers(stack.sandbox)).toEqual(['9876543210']);
  });

  it.each([
    ['beside its field', 'Sales_Demo', '12345', '', 'INVALID_PHONE_NUMBER', 'is too short'],
    ['of the dialer', 'Errors_Demo', '098765 43210', 'REJECTED', 'DIALER_REJECTION', 'refused this record'],
  ])('shows code and message of an error %s', async (_, campaign, phone, name, code, message) => {
    const { page } = await open();
    await schedule(page, campaign, phone, name);
    const notice = page.getByRole('alert');
    await notice.getByText(code, { exact: true }).waitFor();
    await page.getByText(message).waitFor();
    const isInvalid = await page.getByLabel('Phone number').getAttribute('aria-invalid');
    expect(isInvalid).toBe(code === 'INVALID_PHONE_NUMBER' ? 'true' : null);
    expect(stack.sandbox.ledger).toEqual([]);
  });

  it('shows an error of a kind that it does not know by its message, and any other kind by its name', async () => {
    const { page } = await open();
    await changeAnswer(page, (text) => text.replaceAll('InvalidPhoneNumberError', 'LaterError'));
    await schedule(page, 'Sales_Demo', '12345');
    await page.getByText('is too short').waitFor();
    await page.unroute('**/graphql');
    await changeAnswer(page, (text) =>
      text.replace(/"results":\[.*\]/, '"results":[{"__typename":"Later"}]'),
    );
    await page.getByRole('button', { name: 'Schedule the call' }).click();
    await page.getByText('does not know yet: Later.').waitFor();
  });

  it('shows why the request as a whole was refused', async () => {
    const { page } = await open();
    const refusal = '{"__typename":"LaterError","__isRequestError":"LaterError","message":"Not today."}';
    await changeAnswer(page, () => `{"data":{"scheduleCampaignData":${refusal}}}`);
    await schedule(page, 'Sales_Demo', '098765 43210');
    await page.getByRole('alert').getByText('Not today.').waitFor();
    expect(await page.getByRole('button', { name: 'Schedule the call' }).isEnabled()).toBe(true);
  });

  it('schedules it once, though its answer is lost, the page is reloaded, and the server is busy then', async () => {
    const { page } = await open();
    const keysSent = new Set<string>();
    let n = 0;
    await page.route('**/graphql', async (route) => {
      const { query, variables } = route.request().postDataJSON();
      if (!query.includes('mutation')) return route.continue();
      keysSent.add(variables.input.idempotencyKey);
      n += 1;
      if (n === 2) return route.fulfill({ status: 503, json: { errors: [{ message: 'Busy.' }] } });
      if (n > 2) return route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await schedule(page, 'Sales_Demo', '098765 43210');
    await page.getByText('Nobody knows yet whether 098765 43210 is scheduled').waitFor();
    expect(await page.getByRole('button', { name: 'Schedule the call' }).isDisabled()).toBe(true);
    await page.reload();
    await pressAgain(page);
    await page.getByText('Busy.').waitFor();
    await pressAgain(page);
    await page.getByText('+919876543210 is scheduled').waitFor();
    expect(ledgerNumbers(stack.sandbox)).toEqual(['9876543210']);
    expect([n, keysSent.size]).toEqual([3, 1]);
  });

  it('lists a page behind the other, and cancels one, which leaves the list', async () => {
    await fill(60);
    const { page, complaints } = await open();
    for (const shown of [25, 50, 60]) {
      await page.getByText(`${shown} of 60`, { exact: true }).waitFor();
      expect(await page.locator('tbody tr').count()).toBe(shown);
      if (shown < 60) await page.getByRole('button', { name: 'Show more' }).click();
    }
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    const number = (await page.locator('tbody th').nth(30).textContent()) ?? '';
    await page.getByRole('row', { name: number }).getByRole('button').click();
    await page.getByText(`The call to ${number} is cancelled.`).waitFor();
    await page.getByText('59 of 59', { exact: true }).waitFor();
    expect(await page.getByRole('row', { name: number }).count()).toBe(0);
    const cancelled = stack.sandbox.ledger.filter(({ deleted }) => deleted);
    expect(cancelled.map(({ phoneNumber }) => `+91${phoneNumber}`)).toEqual([number]);
    expect(complaints).toEqual([]);
  });

  it('says of a record that cannot be cancelled why not, and keeps it', async () => {
    await fill(2);
    const { page } = await open();
    await changeAnswer(
      page,
      () => '{"data":{"cancelCampaignRecords":null},"errors":[{"message":"Not yours."}]}',
    );
    await page
      .getByRole('button', { name: /^Cancel the call/ })
      .first()
      .click();
    await page.getByRole('alert').getByText('Not yours.').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(2);
  });

  it('keeps the form where the list cannot be had, and the list where it cannot be had anew', async () => {
    const { page } = await open();
    const cut = () =>
      page.route('**/graphql', (route) => {
        const isOfList = route.request().postData()?.includes('query recordsQuery');
        return isOfList ? route.abort('connectionreset') : route.continue();
      });
    const failure = page.getByText('The server did not answer.');
    await cut();
    await page.reload();
    await failure.waitFor();
    await schedule(page, 'Sales_Demo', '098765 43210');
    await page.getByText('+919876543210 is scheduled').waitFor();
    await page.unroute('**/graphql');
    await pressAgain(page);
    const row = page.getByRole('row', { name: /\+919876543210/ });
    await row.waitFor();
    await cut();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await failure.waitFor();
    expect(await row.count()).toBe(1);
  });

  it('has no finding of axe, and fits, light and dark, narrow and wide', async () => {
    await fill(30);
    const { page } = await open();
    await schedule(page, 'Sales_Demo', '12345');
    await page.getByText('INVALID_PHONE_NUMBER').waitFor();
    expect(await findings(page)).toEqual([]);
  });
});
