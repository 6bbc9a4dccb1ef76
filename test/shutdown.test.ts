// The end of the process: within its deadline whatever hangs, a call of the system that nobody can stop included.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundled, runChild } from './child.ts';

async function start(steps: string, deadlineMs: number) {
  const child = runChild(`
    import { open } from 'node:fs';
    import { createShutdown } from ${JSON.stringify(bundled('shutdown.js'))};
    const forever = () => new Promise(() => {});
    createShutdown(${steps}, ${deadlineMs}).endOnSignals();
    setInterval(() => {}, 1000);
    console.log('ready');`);
  await once(child.lines, 'line');
  const ended = once(child.process, 'exit');
  return { ...child, ended };
}

describe('a signal to end', () => {
  it('ends with 0 once all is done, and with 1 where something fails', async () => {
    const [good, bad] = await Promise.all([
      start("[['one', () => {}], ['another', async () => console.log('done')]]", 60_000),
      start("[['one', async () => { throw new Error('it broke') }]]", 60_000),
    ]);
    for (const { process } of [good, bad]) process.kill('SIGTERM');
    expect(await good.ended).toEqual([0, null]);
    expect(await bad.ended).toEqual([1, null]);
    expect(bad.errors()).toContain('it broke');
  });

  it('ends with 1 and a line that names what hangs, once its time is over', async () => {
    const { process, ended, errors } = await start(
      "[['one', () => {}], ['the store to close', forever]]",
      200,
    );
    process.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(errors()).toBe('The end took over 0.2 s and was cut short: it waited for the store to close\n');
  });

  it('ends at once where it comes twice', async () => {
    const { process, lines, ended } = await start("[['the store to close', forever]]", 60_000);
    process.kill('SIGINT');
    await once(lines, 'line');
    process.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
  });

  // Opened for reading, a pipe that nobody writes to hangs as a file on a server that is gone does.
  it.skipIf(process.platform === 'win32')('ends though a call of the system hangs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dialgraph-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const hang = `[['the store to close', () => open(${JSON.stringify(fifo)}, 'r', () => {})]]`;
    const { process, ended } = await start(hang, 60_000);
    process.kill('SIGTERM');
    // Node itself would wait for the call, whatever its exit code was to be.
    expect(await ended).toEqual([null, 'SIGKILL']);
  });
});
