// What the README shows is what happens.

import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { post, startStack } from './harness.ts';

let readme: string;
beforeAll(() => {
  readme = readFileSync('README.md', 'utf8');
});

function block(language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme) ?? [];
  if (text === undefined) throw new Error(`README has no block in ${language}`);
  return text;
}

it('has a mutation that is answered as it says', async () => {
  const stack = await startStack({ running: true });
  const { data } = await post(stack, { query: block('graphql') });
  expect(data?.scheduleCampaignData).toEqual(JSON.parse(block('json')));
});

it('has room for what a stranger reads in five minutes', () => {
  expect(readme.split(/\s+/).length).toBeLessThanOrEqual(900);
});

it.each([
  'README.md',
  'docs/architecture.md',
  'docs/contributing.md',
  'docs/operations.md',
  'docs/security.md',
  'docs/reliability.md',
  'docs/imports.md',
  'docs/front-end.md',
])('%s links to what is there', (path) => {
  const text = readFileSync(path, 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? '');
  const folder = path.includes('/') ? 'docs/' : '';
  expect(links.filter((link) => !existsSync(`${folder}${link}`))).toEqual([]);
});
