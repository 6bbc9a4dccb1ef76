// @dialgraph/client on pages of a real browser, from another origin than the service's: reloaded, cut off, open twice, without a store.
// The sandbox's ledger says who is called.

import { randomUUID } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ScheduleAllResult } from '../../client/src/index.ts';
import { hasBrowser, launchBrowser } from '../browser.ts';
import { leads, ledgerNumbers, type Stack } from '../harness.ts';
import { csvOf, look, startImportStack, until } from '../imports/importing.ts';
import type { Seen } from './page.ts';
import { servePages } from './pages.ts';
import { type CuttingProxy, startProxy } from './proxy.ts';

const count = 300;
const numbers = leads(count).map(({ phoneNumber }) => phoneNumber);

describe.skipIf(!hasBrowser)('a page', { timeout: 180_000 }, () => {
  let browser: Browser;
  let address: string;
  let stack: Stack;
  let proxy: CuttingProxy;
  let context: BrowserContext;
  beforeAll(async () => {
    [browser, address] = await Promise.all([launchBrowser(), servePages(afterAll)]);
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    stack = await startImportStack();
    proxy = await startProxy(stack);
    const own = await browser.newContext();
    onTestFinished(() => own.close());
    context = own;
  });

  async function open(path = '/'): Promise<Page> {
    const page = await context.newPage();
    await page.goto(address + path);
    await isReady(page);
    return page;
  }

  const isReady = (page: Page) => page.waitForFunction(() => 'dialgraph' in globalThis);

  /** Its promise is the page's: it never comes where the page goes. */
  function scheduleAll(page: Page, runId: string): Promise<ScheduleAllResult> {
    return page.evaluate(
      ([url, runId, count]) =>
        dialgraph.scheduleAll(makeLeads(count), {
          transport: transportTo(url),
          campaignName: 'Sales_Demo',
          runId,
          partSize: 25,
          onProgress: (progress) => {
            seen.progress = progress;
          },
        }),
      [proxy.url, runId, count] as const,
    );
  }

  function expectWhole({ results }: ScheduleAllResult): void {
    expect(results.map((result) => 'phoneNumber' in result && result.phoneNumber.slice(-10))).toEqual(
      numbers,
    );
    expect([...ledgerNumbers(stack.sandbox)].sort()).toEqual([...numbers].sort());
  }

  const schedules = 'mutation Schedule';

  it('that is reloaded in the middle goes on, and calls nobody twice', async () => {
    const page = await open();
    const runId = randomUUID();
    const held = proxy.held(schedules, 3);
    const lost = scheduleAll(page, runId).catch(() => 'gone');
    await held;
    await page.reload();
    expect(await lost).toBe('gone');
    proxy.open();
    await isReady(page);
    const serverTime = await page.evaluate(async (url) => {
      const { LimitsDocument, ask } = dialgraph;
      return (await ask(transportTo(url), LimitsDocument, {})).serverTime;
    }, proxy.url);
    expect(serverTime).toBeGreaterThan(0);
    const [job] = await page.evaluate(() => dialgraph.unfinishedJobs());
    expect(job).toMatchObject({ runId, total: count });
    expect(ledgerNumbers(stack.sandbox).length).toBeGreaterThan(0);
    expectWhole(await scheduleAll(page, runId));
    expect(await page.evaluate(() => dialgraph.indexedDbStore().list(''))).toEqual([]);
  });

  it('that is cut off in the middle waits, and goes on by itself', async () => {
    const page = await open();
    const held = proxy.held(schedules, 4);
    const all = scheduleAll(page, randomUUID());
    await held;
    proxy.cut();
    await page.waitForFunction(() => seen.progress?.waitingFor?.includes('did not answer'));
    proxy.open();
    // The browser's own way of being offline, too.
    await context.setOffline(true);
    await page.waitForFunction(() => seen.progress?.waitingFor?.includes('did not answer'));
    await context.setOffline(false);
    expectWhole(await all);
  });

  it('that is open twice works on a job in one tab, and the other goes on when that is closed', async () => {
    const [first, second] = await Promise.all([open(), open()]);
    const runId = randomUUID();
    const held = proxy.held(schedules, 3);
    scheduleAll(first, runId).catch(() => undefined);
    await held;
    await expect(scheduleAll(second, runId)).rejects.toThrow('JobRunsElsewhereError');
    await first.close();
    proxy.open();
    expectWhole(await scheduleAll(second, runId));
  });

  it('that may keep nothing says so, and sends nothing', async () => {
    const page = await open('/opaque');
    await expect(scheduleAll(page, randomUUID())).rejects.toThrow('StoreUnavailableError');
    const upload = page.evaluate(
      ([url]) =>
        dialgraph.uploadImport(new Blob(['x']), {
          ...{ transport: transportTo(url), campaignName: 'Sales_Demo', runId: 'x' },
        }),
      [proxy.url] as const,
    );
    await expect(upload).rejects.toThrow('StoreUnavailableError');
    expect(await page.evaluate(() => signals.length)).toBe(0);
  });

  it('uploads a file, and goes on with it after a reload', async () => {
    const page = await open();
    const content = csvOf(12_000);
    const runId = randomUUID();
    const upload = () =>
      page.evaluate(
        ([url, content, runId]) =>
          dialgraph.uploadImport(new File([content], 'leads.csv', { lastModified: 1 }), {
            ...{ transport: transportTo(url), campaignName: 'Sales_Demo', runId, start: 'AFTER_REVIEW' },
          }),
        [proxy.url, content, runId] as const,
      );
    const held = proxy.held('PATCH ', 1);
    const lost = upload().catch(() => 'gone');
    await held;
    await page.reload();
    expect(await lost).toBe('gone');
    proxy.open();
    await isReady(page);
    expect(await page.evaluate(() => dialgraph.unfinishedUploads())).toMatchObject([
      { runId, fileName: 'leads.csv', fileSize: content.length },
    ]);
    // The answer to the last piece is lost, this time.
    const heldAgain = proxy.held('PATCH ', 1);
    const uploaded = upload();
    await heldAgain;
    proxy.cut();
    proxy.open();
    const { id } = (await uploaded) as { id: string };
    const { counts } = await until(stack, id, 'READY');
    expect(counts).toMatchObject({ total: 12_000, valid: 12_000 });
  });

  describe('with React, in StrictMode', () => {
    const see = <Name extends keyof Seen>(page: Page, name: Name, state: string) =>
      page.waitForFunction(
        ([name, state]) => (seen[name as 'schedule'] as { state: string } | undefined)?.state === state,
        [name, state] as const,
      );

    it('schedules once with useSchedule and useScheduleAll, whatever effects run twice', async () => {
      const page = await open();
      const { url } = proxy;
      const input = { campaignName: 'Sales_Demo', records: leads(2) };
      await page.evaluate(([props]) => show('schedule', props as never), [{ url, input }]);
      await see(page, 'schedule', 'done');
      expect(ledgerNumbers(stack.sandbox)).toEqual(numbers.slice(0, 2));
      stack.sandbox.reset();
      await page.evaluate(
        ([props]) => show('scheduleAll', props as never),
        [{ url, count, runId: randomUUID() }],
      );
      await see(page, 'scheduleAll', 'done');
      const all = await page.evaluate(() => seen.scheduleAll);
      expect(all?.progress).toMatchObject({ total: count, done: count, scheduled: count });
      expectWhole(all?.result as ScheduleAllResult);
    });

    it('goes on with a list in a component that is shown again', async () => {
      const page = await open();
      const props = { url: proxy.url, count, runId: randomUUID() };
      const held = proxy.held(schedules, 3);
      await page.evaluate(([props]) => show('scheduleAll', props as never), [props]);
      await held;
      await page.evaluate(() => unmount());
      expect(await page.evaluate(() => signals.every(({ aborted }) => aborted))).toBe(true);
      proxy.open();
      await page.evaluate(([props]) => show('scheduleAll', props as never), [props]);
      await see(page, 'scheduleAll', 'done');
      expectWhole((await page.evaluate(() => seen.scheduleAll?.result)) as ScheduleAllResult);
    });

    it('starts one import with useImport, shows it, and confirms it', async () => {
      const page = await open();
      const props = { url: proxy.url, content: csvOf(50), runId: randomUUID() };
      await page.evaluate(([props]) => show('import', props as never), [props]);
      await page.waitForFunction(() => seen.import?.import?.state === 'READY');
      expect(await page.evaluate(() => seen.import?.state)).toBe('watching');
      await page.evaluate(() => seen.import?.resume());
      await page.waitForFunction(() => seen.import?.error?.name === 'RequestRefusedError');
      await page.evaluate(() => seen.import?.confirm());
      await see(page, 'import', 'ended');
      expect(await page.evaluate(() => seen.import?.import)).toMatchObject({ counts: { scheduled: 50 } });
      expect(await page.evaluate(() => seen.import?.error)).toBeNull();
      expect(ledgerNumbers(stack.sandbox)).toHaveLength(50);
    });

    it('stops watching with the component, and leaves the import alone', async () => {
      const page = await open();
      const props = { url: proxy.url, content: csvOf(50), runId: randomUUID() };
      await page.evaluate(([props]) => show('import', props as never), [props]);
      await page.waitForFunction(() => seen.import?.import?.state === 'READY');
      const id = (await page.evaluate(() => seen.import?.import?.id)) ?? '';
      await page.evaluate(([props]) => show('importProgress', props as never), [{ url: proxy.url, id }]);
      await page.waitForFunction(() => seen.importProgress?.import?.state === 'READY');
      await page.evaluate(() => unmount());
      await page.waitForFunction(() => signals.every(({ aborted }) => aborted));
      expect(await look(stack, id)).toMatchObject({ state: 'READY' });
    });
  });
});
