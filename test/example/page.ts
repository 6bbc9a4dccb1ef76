// The pages of examples/, built where they have changed, served before a stack, and driven in a real browser.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { build, preview } from 'vite';
import { onTestFinished } from 'vitest';
import type { Stack } from '../harness.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export type PageName = 'web' | 'relay';
const configOf = (name: PageName) => join(root, 'examples', name, 'vite.config.ts');

/** What a page is made of. As long as it is the same, the page need not be built again. */
const folders: Record<PageName, readonly string[]> = {
  web: ['examples/web/src', 'examples/web/public', 'client/src'],
  relay: ['examples/relay/src', 'examples/web/src', 'examples/web/public', 'docs/snippets'],
};
const files = (name: PageName) => [
  ...[`examples/${name}/index.html`, configOf('web'), configOf(name), 'package-lock.json'],
  'examples/relay/relay-artifacts.ts',
];

function digestOfSources(name: PageName): string {
  const sources = folders[name].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const hash = createHash('sha256');
  for (const file of [...sources, ...files(name).map((path) => resolve(root, path))].sort())
    hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

/** Returns its folder, inside of node_modules, where nothing is checked in. */
async function buildPage(name: PageName): Promise<string> {
  const cache = join(root, 'node_modules/.cache/dialgraph/example', name);
  const outDir = join(cache, digestOfSources(name));
  const built = join(outDir, 'built');
  if (existsSync(built)) return outDir;
  rmSync(cache, { recursive: true, force: true });
  await build({
    ...{ configFile: configOf(name), logLevel: 'error' },
    build: { outDir, emptyOutDir: true, minify: false, reportCompressedSize: false },
  });
  writeFileSync(built, '');
  return outDir;
}

/** Serves the page with the stack behind it, at one origin. */
export async function servePage(
  { url }: Stack,
  name: PageName = 'web',
): Promise<{ url: string; close(): Promise<void> }> {
  const target = { target: new URL('/', url).href, changeOrigin: true };
  const server = await preview({
    ...{ configFile: configOf(name), logLevel: 'error' },
    build: { outDir: await buildPage(name) },
    preview: { port: 0, proxy: { '/graphql': target, '/imports': target } },
  });
  const [address = ''] = server.resolvedUrls?.local ?? [];
  return { url: address, close: () => server.close() };
}

export interface Opened {
  page: Page;
  context: BrowserContext;
  /** What the console said that is wrong. */
  complaints: string[];
}

export interface OpenOptions {
  onFinished?: typeof onTestFinished;
}

/** In a browser that has seen nothing before. `address`: behind the page's own. */
export async function openPage(
  browser: Browser,
  url: string,
  address: string,
  { onFinished = onTestFinished }: OpenOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  onFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Of requests that a test has cut off, the browser itself complains.
    const isOfRequest = message.text().startsWith('Failed to load resource');
    if (['error', 'warning'].includes(message.type()) && !isOfRequest) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(new URL(address, url).href);
  return { page, context, complaints };
}

/** Hands each mutation that schedules to `handle`, with its number from 1; all others go through. */
export async function interceptSchedules(
  page: Page,
  handle: (route: Route, n: number) => Promise<void>,
  mutation = 'Schedule',
): Promise<void> {
  let n = 0;
  await page.route('**/graphql', (route) => {
    if (!route.request().postData()?.includes(`mutation ${mutation}`)) return route.continue();
    n += 1;
    return handle(route, n);
  });
}

export async function chooseCampaign(page: Page, name: string): Promise<void> {
  await page.getByLabel('Campaign', { exact: true }).selectOption(name);
}

/** As from a spreadsheet's clipboard, typed. */
export async function pasteList(page: Page, rows: readonly (readonly string[])[]): Promise<void> {
  await page.getByLabel('Rows from a spreadsheet').fill(rows.map((cells) => cells.join('\t')).join('\n'));
  await page.getByRole('button', { name: 'Use these rows' }).click();
}

/** From another window onto the page. */
export async function dropFile(page: Page, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ([fileName, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content ?? ''], fileName ?? '', { type: 'text/csv' }));
      return data;
    },
    [name, text],
  );
  await page.locator('.paste').dispatchEvent('drop', { dataTransfer });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is wrong for those who see little, or nothing: light and dark, narrow and wide. A page that is broader than the window counts. */
export async function findings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const found: string[] = [];
  for (const width of [390, 1280])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // In the dark only the colours are others.
      const violations = await violationsOf(page, colorScheme === 'dark' ? ['color-contrast'] : []);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) violations.push(`broader than the window by ${overflow}`);
      found.push(...violations.map((violation) => `${width} ${colorScheme} ${violation}`));
    }
  return found;
}

/** `rules`: these alone; none: all. */
async function violationsOf(page: Page, rules: readonly string[]): Promise<string[]> {
  const { violations } = await page.evaluate(
    (names) =>
      (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        resultTypes: ['violations'],
        ...(names.length > 0 && { runOnly: names }),
      }),
    rules,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
