// Who holds a directory, among processes that start, race and die.

import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { lockDirectory } from '../../src/store/database/directory-lock.ts';
import { bundled, runChild } from '../child.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialgraph-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a directory lock', () => {
  it('is refused to a second holder, of the same process too, until the first lets go', async () => {
    const path = join(folder, 'same');
    mkdirSync(path);
    const lock = await lockDirectory(path);
    await expect(lockDirectory(path)).rejects.toThrow(`DATA_DIR ${path} is in use by another process`);
    await lock.release();
    await (await lockDirectory(path)).release();
  });

  it('goes to one of several processes that find a dead one', async () => {
    const paths = Array.from({ length: 20 }, (_, index) => join(folder, `lock-${index}`));
    for (const path of paths) mkdirSync(path);
    const holder = startLocker();
    await Promise.all(paths.map((path) => holder.lock(path)));
    await holder.kill();

    const starters = Array.from({ length: 5 }, startLocker);
    // Whoever has not loaded its code yet would come late to the race.
    await Promise.all(starters.map(({ ready }) => ready));
    for (const path of paths) {
      const answers = await Promise.all(starters.map((starter) => starter.lock(path)));
      expect(answers.toSorted()).toEqual(['held', 'refused', 'refused', 'refused', 'refused']);
    }
    await Promise.all(starters.map((starter) => starter.kill()));
    for (const path of paths) await (await lockDirectory(path)).release();
  });

  it('leaves next to nothing behind', async () => {
    const path = join(folder, 'lock-remains');
    mkdirSync(path);
    for (let round = 0; round < 5; round++) await (await lockDirectory(path)).release();
    expect(readdirSync(path)).toEqual(['lock.5']);
  });

  it('says so where the path is too long for a socket', async () => {
    const path = join(folder, 'x'.repeat(120));
    mkdirSync(path);
    await expect(lockDirectory(path)).rejects.toThrow(/too long a path/);
  });
});

/** A process that tries for the lock of each path it is told, and says how that went. */
function startLocker() {
  const child = runChild(`
    import { createInterface } from 'node:readline';
    import { lockDirectory } from '${bundled('directory-lock.js')}';
    console.log('ready');
    for await (const path of createInterface({ input: process.stdin }))
      lockDirectory(path).then(
        () => console.log(path + ' held'),
        (error) => console.log(path + (/in use/.test(error.message) ? ' refused' : error.message)),
      );
  `);
  const answers = new Map<string, string>();
  child.lines.on('line', (line) => {
    const [path = '', answer = ''] = line.split(' ');
    answers.set(path, answer);
  });
  const answered = (path: string) =>
    vi.waitFor(
      () => {
        const answer = answers.get(path);
        if (answer === undefined) throw new Error(`no answer yet; ${child.errors()}`);
        return answer;
      },
      { interval: 5, timeout: 60_000 },
    );
  return {
    ready: answered('ready'),
    lock(path: string): Promise<string> {
      child.process.stdin.write(`${path}\n`);
      return answered(path);
    },
    async kill() {
      child.process.kill('SIGKILL');
      await once(child.process, 'close');
    },
  };
}
