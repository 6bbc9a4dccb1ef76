// The GraphiQL page in a real browser with no internet: its tabs run as they are.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { lead, type Payload, type Stack, startStack } from '../harness.ts';

/** One for the whole file: to render and compress the page takes longer than most of what is asked of it. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ onFinished: afterAll });
});
beforeEach(() => stack.sandbox.reset());

describe.skipIf(!hasBrowser)('GraphiQL in a browser', { timeout: 180_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 180_000);
  afterAll(() => browser?.close());

  // Of the seconds of a test, most are the page's start: these use one page, one after the other.
  describe('on one page', () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await openPage(browser, stack, { onFinished: afterAll });
    }, 180_000);

    it('selects the tab at the first click, whatever the window did before', async () => {
      const { page } = opened;
      for (const [name, width] of [
        ['Limits', 1400],
        ['Validate', 1000],
        ['Errors_Demo', 1200],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        const box = await tabOf(page, name).boundingBox();
        if (box === null) throw new Error(`the tab ${name} is not there`);
        await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
        await page.locator('.graphiql-tab-active', { hasText: name }).waitFor();
      }
    });

    it('runs its tabs as they are: leads, validate only, every error, limits', async () => {
      const { page, elsewhere, complaints } = opened;
      const scheduled = await runTab(page, 'Schedule', '"PARTIALLY_SCHEDULED"');
      expect(scheduled.match(/"ScheduledRecord"/g)).toHaveLength(2);
      expect(scheduled.match(/"InvalidPhoneNumberError"/g)).toHaveLength(1);
      expect(stack.sandbox.ledger).toHaveLength(2);

      expect(await runTab(page, 'Validate', '"VALIDATED"')).toContain('"status": "VALIDATED"');
      expect(stack.sandbox.ledger).toHaveLength(2);
      expect(await runTab(page, 'Records', '"totalCount"')).toContain('"totalCount": 2');
      const changed = await runTab(page, 'Change_mind', '"RESCHEDULED"');
      expect(changed).toContain('"status": "CANCELLED"');
      expect(stack.sandbox.ledger.map(({ deleted }) => deleted ?? false)).toEqual([true, true, false]);
      expect(await runTab(page, 'Start_import', '"uploadUrl"')).toContain('"AWAITING_FILE"');
      expect(await runTab(page, 'Imports', '"pageInfo"')).toContain('"leads.csv"');
      expect(await runTab(page, 'Limits', '"Asia/Kolkata"')).toContain('"maxRecordsPerMutation": 10000');
      const errors = page.waitForResponse(
        (response) => response.request().postData()?.includes('Errors_Demo') ?? false,
      );
      expect(await runTab(page, 'Errors_Demo', '"INDETERMINATE"')).toContain('"unknown": 1');
      const { data } = await (await errors).json();
      for (const { results } of Object.values<Payload>(data))
        for (const { reference, __typename } of results) expect(__typename).toBe(reference);
      expect(stack.sandbox.ledger).toHaveLength(5);
      expect(elsewhere).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('opens on the tabs that it had, though the address names none', async () => {
      const { page } = await openPage(browser, stack);
      const tabs = () => page.locator('.graphiql-tab').allInnerTexts();
      const before = await tabs();
      await page.goto(stack.url);
      await page.locator('.graphiql-tab-active', { hasText: 'Schedule' }).waitFor();
      expect(await tabs()).toEqual(before);
    });

    it.each([390, 768])('is usable at a width of %i', async (width) => {
      const { page } = opened;
      await page.setViewportSize({ width, height: 844 });
      const sidebar = await page.locator('.graphiql-sidebar').boundingBox();
      expect(Math.min(sidebar?.width ?? 0, sidebar?.height ?? 0)).toBeLessThan(80);
      expect(width > 500 || sidebar?.width === width).toBe(true);
      expect(await runTab(page, 'Limits', '"Asia/Kolkata"')).toMatch(/"maxRecordsPerMutation":\s+10000/);
      for (const part of [
        '.graphiql-query-editor',
        '.graphiql-execute-button',
        '.result-window',
        '.graphiql-sidebar',
      ]) {
        const box = await page.locator(part).boundingBox();
        if (box === null) throw new Error(`${part} is not there`);
        expect(box.x, part).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width, part).toBeLessThanOrEqual(width);
        expect(box.y + box.height, part).toBeLessThanOrEqual(844);
        if (/editor|result/.test(part)) expect(box.width, part).toBeGreaterThan(300);
      }
      const documentation = page.locator('.graphiql-plugin').getByText('Root Types');
      await page.locator('.graphiql-sidebar button').first().click();
      await documentation.waitFor();
      await page.locator('.graphiql-sidebar button').first().click();
      await documentation.waitFor({ state: 'hidden' });
    });

    it('puts the operation of the tab that is shown into the address', async () => {
      const { page } = opened;
      await page.setViewportSize(usualSize);
      await tabOf(page, 'Validate').click();
      await page.waitForURL((address) => address.searchParams.get('operationName') === 'Validate');
      const { searchParams } = new URL(page.url());
      expect(searchParams.get('query')).toContain('mutation Validate(');
      expect(JSON.parse(searchParams.get('variables') ?? '')).toMatchObject({
        input: { validateOnly: true },
      });
      await tabOf(page, 'Limits').click();
      await page.waitForURL((address) => address.searchParams.get('operationName') === 'Limits');
      expect(new URL(page.url()).searchParams.has('variables')).toBe(false);
      await page.reload();
      await page.locator('.graphiql-tab-active', { hasText: 'Limits' }).waitFor();
      expect(await page.locator('.graphiql-tab').count()).toBe(10);
    });

    it('lets a tab be dragged to another place', async () => {
      const { page } = opened;
      // As its listeners are there when it has been clicked.
      await tabOf(page, 'Schedule').click();
      await tabOf(page, 'Limits').click();
      await page.locator('.graphiql-tab-active', { hasText: 'Limits' }).waitFor();
      const from = await tabOf(page, 'Schedule').boundingBox();
      const to = await tabOf(page, 'Limits').boundingBox();
      if (!from || !to) throw new Error('the tabs are not there');
      const y = from.y + from.height / 2;
      await page.mouse.move(from.x + 20, y);
      await page.mouse.down();
      // The tabs' library looks at the mouse once a frame.
      for (let x = from.x + 20; x < to.x + to.width; x += 10) {
        await page.mouse.move(x, y);
        await page.evaluate(() => new Promise(requestAnimationFrame));
      }
      await page.mouse.up();
      await page.locator('.graphiql-tab').last().filter({ hasText: 'Schedule' }).waitFor();
    });
  });

  it('opens a link as it was sent, keeps it over a reload, and runs it for whoever gives the browser a key for a password', async () => {
    const keys = [{ name: 'web', hash: hashOf('a key'), scopes: ['schedule', 'read'] }];
    const { url, clock, sandbox } = await startStack({ env: { AUTH: JSON.stringify({ keys }) } });
    const soon = new Date(clock.now + 86_400_000).toISOString();
    const link = new URL(url);
    link.search = String(
      new URLSearchParams({
        query: `query First { limits { region } }
          mutation Linked($input: ScheduleCampaignDataInput!) { scheduleCampaignData(input: $input) { __typename } }`,
        variables: JSON.stringify({
          input: { campaignName: 'Sales_Demo', records: [lead(1, { scheduledTime: soon })] },
        }),
        operationName: 'Linked',
      }),
    );
    const { page, complaints } = await openPage(
      browser,
      { url: link.href },
      { httpCredentials: { username: 'anybody', password: 'a key' } },
    );
    const isShown = async () => {
      await tabOf(page, 'First').and(page.locator('.graphiql-tab-active *')).waitFor();
      await page.locator('.graphiql-query-editor').getByText('Linked').waitFor();
      await page.locator('.graphiql-editor-tool').getByText('"Sales_Demo"').waitFor();
    };
    await isShown();
    await tabOf(page, 'Schedule').waitFor();
    await page.reload();
    await isShown();
    expect(await page.locator('.graphiql-tab').count()).toBe(11);
    expect(sandbox.requests).toEqual([]);

    // The cursor stands in the operation that the link names: of two, the keyboard runs that one.
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await page.evaluate(() =>
      document.querySelector<HTMLElement>('.graphiql-query-editor textarea')?.focus(),
    );
    await page.keyboard.press('Control+Enter');
    await page.locator('.result-window').getByText('"ScheduleCampaignDataPayload"').waitFor();
    expect(sandbox.ledger).toHaveLength(1);
    expect(complaints).toEqual([]);
  });
});

interface Opened {
  page: Page;
  /** URLs of other servers that were asked for. */
  elsewhere: string[];
  /** What the console said that is wrong: violations of the policy, and exceptions. */
  complaints: string[];
}

const usualSize = { width: 1400, height: 900 };

/** In a window of its own, which has seen nothing before. */
async function openPage(
  browser: Browser,
  { url }: Pick<Stack, 'url'>,
  {
    onFinished = onTestFinished,
    ...options
  }: { onFinished?: typeof onTestFinished; httpCredentials?: { username: string; password: string } } = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: usualSize, ...options });
  onFinished(() => page.close());
  // The test's own time-out ends what hangs.
  page.setDefaultTimeout(0);
  const elsewhere: string[] = [];
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (sent) => {
    if (!/^(?:data|blob):/.test(sent.url()) && !sent.url().startsWith(new URL('/', url).href))
      elsewhere.push(sent.url());
  });
  await page.goto(url);
  return { page, elsewhere, complaints };
}

function tabOf(page: Page, name: string) {
  return page.locator('.graphiql-tab-button', { hasText: name });
}

/** Selects the tab, presses the button, and returns what the page shows once that has `shown` in it. */
async function runTab(page: Page, name: string, shown: string): Promise<string> {
  await tabOf(page, name).click();
  const answered = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.locator('.graphiql-execute-button').click();
  await answered;
  const result = page.locator('.result-window');
  await result.getByText(shown).first().waitFor();
  // The editor shows spaces that do not break.
  return (await result.innerText()).replaceAll('\u00a0', ' ');
}
