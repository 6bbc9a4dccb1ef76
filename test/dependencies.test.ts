// What is deployed besides our own code: `npm run licenses` lets through what the lock file has, and nothing unknown.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from './process.ts';

const licenses = async (...args: string[]) => {
  const script = [process.execPath, '--import', 'tsx', 'licenses.ts', ...args];
  const { exited, output } = runCommand(script, {});
  return { code: await exited, output: output() };
};

it('has licences that are allowed', async () => {
  expect(await licenses()).toMatchObject({ code: 0, output: expect.stringMatching(/^\d\d+ packages/) });
});

it('is refused under any other licence, unless it is for development', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dialgraph-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8'));
  Object.assign(lock.packages, {
    'node_modules/copyleft': { version: '1.0.0', license: 'GPL-3.0-only' },
    'node_modules/a/node_modules/@b/silent': { version: '2.0.0' },
    'node_modules/either': { version: '3.0.0', license: '(GPL-2.0 OR MIT)' },
    'node_modules/both': { version: '4.0.0', license: 'MIT AND GPL-2.0' },
    'node_modules/tool': { version: '5.0.0', license: 'GPL-3.0-only', dev: true },
  });
  const path = join(folder, 'package-lock.json');
  await writeFile(path, JSON.stringify(lock));
  expect(await licenses(path)).toEqual({
    code: 1,
    output: [
      'copyleft@1.0.0: GPL-3.0-only is not allowed: see licenses.ts\n',
      '@b/silent@2.0.0: no licence is not allowed: see licenses.ts\n',
      'both@4.0.0: MIT AND GPL-2.0 is not allowed: see licenses.ts\n',
    ].join(''),
  });
});
