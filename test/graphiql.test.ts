// The GraphiQL page: how it is sent, and that its tabs run as they are in a real browser with no internet.

import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../src/auth/callers.ts';
import { type Stack, startStack } from './harness.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (executablePath === undefined)
  console.warn('The browser test is skipped: no chromium in /usr/bin. On Debian: apt-get install chromium.');

const html = { accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };

describe('the GraphiQL page', () => {
  it('is sent compressed, and revalidated rather than sent again', async () => {
    const { url } = await startStack();
    const first = await request(url, { headers: { ...html, 'accept-encoding': 'gzip, br' } });
    const size = (await first.body.arrayBuffer()).byteLength;
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-encoding': 'gzip',
      vary: 'accept, accept-encoding',
    });
    expect(size).toBeLessThan(3_000_000);

    const etag = String(first.headers.etag);
    const second = await request(url, { headers: { ...html, 'if-none-match': etag } });
    await second.body.dump();
    expect(second.statusCode).toBe(304);

    const plain = await request(url, { headers: html });
    expect(await plain.body.text()).toMatch(/^\s*<!doctype html>/i);
    expect(plain.headers['content-encoding']).toBeUndefined();
  });

  it('is found from the root, and needs nothing from elsewhere', async () => {
    const { url } = await startStack();
    const root = await fetch(new URL('/', url), { headers: html, redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/graphql']);
    const page = await (await fetch(url, { headers: html })).text();
    expect(page.match(/<(?:script|link|img)[^>]+(?:src|href)="https?:/g)).toBeNull();
  });

  it('is made anew before the leads in its tabs lie in the past', async () => {
    const { url, clock } = await startStack();
    const etag = async () => (await fetch(url, { headers: html })).headers.get('etag');
    const first = await etag();
    expect(await etag()).toBe(first);
    clock.now += 10 * 86_400_000;
    expect(await etag()).not.toBe(first);
  });
});

describe.skipIf(executablePath === undefined)('GraphiQL in a browser', () => {
  it('runs its tabs as they are: three leads, validate only, limits', { timeout: 60_000 }, async () => {
    const stack = await startStack();
    stack.clock.now = Date.now();
    const { page, elsewhere, complaints } = await openPage(stack);

    const scheduled = await runTab(page, 'Schedule', '"PARTIALLY_SCHEDULED"');
    expect(scheduled.match(/"ScheduledRecord"/g)).toHaveLength(2);
    expect(scheduled.match(/"InvalidPhoneNumberError"/g)).toHaveLength(1);
    expect(stack.sandbox.ledger).toHaveLength(2);

    expect(await runTab(page, 'Validate', '"VALIDATED"')).toContain('"status": "VALIDATED"');
    expect(stack.sandbox.ledger).toHaveLength(2);
    expect(await runTab(page, 'Limits', '"Asia/Kolkata"')).toContain('"maxRecordsPerMutation": 10000');
    expect(elsewhere).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('runs for whoever gives the browser a key for a password', { timeout: 60_000 }, async () => {
    const keys = [{ name: 'web', hash: hashOf('a key'), scopes: ['read'] }];
    const stack = await startStack({ env: { AUTH: JSON.stringify({ keys }) } });
    const { page } = await openPage(stack, { username: 'anybody', password: 'a key' });
    expect(await runTab(page, 'Limits', '"Asia/Kolkata"')).toContain('"maxRecordsPerMutation": 10000');
  });
});

interface Opened {
  page: Page;
  /** URLs of other servers that were asked for. */
  elsewhere: string[];
  /** What the console said that is wrong: violations of the policy, and exceptions. */
  complaints: string[];
}

async function openPage(
  { url }: Stack,
  httpCredentials?: { username: string; password: string },
): Promise<Opened> {
  const browser: Browser = await chromium.launch({
    executablePath: executablePath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({
    viewport: { width: 1400, height: 900 },
    ...(httpCredentials && { httpCredentials }),
  });
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

/** Selects the tab, presses the button, and returns what the page shows once that has `shown` in it. */
async function runTab(page: Page, name: string, shown: string): Promise<string> {
  // By the keyboard: the tabs can be dragged, and take some of a robot's clicks for that.
  await page.locator('.graphiql-tab-button', { hasText: name }).focus();
  await page.keyboard.press('Enter');
  const result = page.locator('.result-window');
  // GraphiQL learns the operation's name a moment after it shows the operation, and until then sends nothing.
  const early = result.getByText('Cannot infer operation');
  do {
    await page.locator('.graphiql-execute-button').click();
    await result.getByText(shown).or(early).first().waitFor();
  } while (await early.first().isVisible());
  // The editor shows spaces that do not break.
  return (await result.innerText()).replaceAll('\u00a0', ' ');
}
