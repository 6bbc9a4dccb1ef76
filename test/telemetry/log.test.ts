// The log's way out: standard output may be read slowly, by nobody, or be closed, and the process neither grows nor ends, nor
// stays, for that: in processes of their own, with real pipes. And nothing that observes ends what it observes.

import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createTelemetry, type Sinks } from '../../src/telemetry/telemetry.ts';
import { bundled, runChild } from '../child.ts';

/** Writes `lines` lines of some 300 bytes with each line that it reads, and says so; one more as it exits. */
const writer = (lines: number) => `
  import { createInterface } from 'node:readline';
  import { createLog } from ${JSON.stringify(bundled('log.js'))};
  const log = createLog('info');
  let n = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'exit') {
      log.error('the last line', 'an-id');
      process.exit(0);
    }
    for (let i = 0; i < ${lines}; i++) {
      log.error(String(n++).padEnd(240, '.'), 'an-id');
      if (i % 1000 === 0) await new Promise(setImmediate);
    }
    console.log('a word of the process itself');
    process.stderr.write(JSON.stringify({ written: n, bytes: process.memoryUsage().arrayBuffers }) + '\\n');
  }`;

interface Told {
  written: number;
  bytes: number;
}

describe('the log', () => {
  it('drops lines rather than grow where nobody reads it, says how many, and lets the process end', async () => {
    const { process: child, lines, errors } = runChild(writer(100_000));
    lines.pause();
    const told = () =>
      errors()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Told);
    child.stdin.write('\n');
    await expect.poll(told).toHaveLength(1);
    expect(told()[0]?.bytes).toBeLessThan(16_000_000);

    let read = 0;
    let dropped = 0;
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line) as { dropped?: number };
      if (entry.dropped === undefined) read++;
      else dropped += entry.dropped;
    });
    lines.resume();
    await expect.poll(() => read + dropped).toBe(100_000);
    expect(dropped).toBeGreaterThan(10_000);

    lines.pause();
    child.stdin.write('\n');
    await expect.poll(told).toHaveLength(2);
    child.stdin.write('exit\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('is written to its last line where somebody reads it', async () => {
    const { process: child, lines } = runChild(writer(1000));
    const told: string[] = [];
    lines.on('line', (line) => told.push(JSON.parse(line.startsWith('{') ? line : '{}').msg));
    child.stdin.write('\n');
    child.stdin.write('exit\n');
    await once(lines, 'close');
    expect(told.filter((text) => text !== undefined).map((text) => text.replace(/\.+$/, ''))).toEqual([
      ...Array.from({ length: 1000 }, (_, n) => String(n)),
      'the last line',
    ]);
  });

  it('lets the process end where nobody can read its last line', async () => {
    const { process: child } = runChild(writer(1));
    child.stdout.destroy();
    child.stdin.write('exit\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('does not end the process where nobody can read it any more', async () => {
    const { process: child, errors } = runChild(writer(100));
    child.stdout.destroy();
    for (let n = 1; n <= 3; n++) {
      child.stdin.write('\n');
      await expect.poll(() => errors().split('\n')).toHaveLength(n + 1);
    }
    child.stdin.write('exit\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('what observes', () => {
  it('ends nothing where it fails, whatever it is told', () => {
    const broken = () => {
      throw new Error('it broke');
    };
    const sink = new Proxy({}, { get: () => broken });
    const told: string[] = [];
    const log = { request: broken, upstream: broken, error: (text: string) => told.push(text) };
    const odd = [5, {}, null, [], { toString: 'x' }] as unknown as string[];
    for (const sinks of [
      { log: sink, metrics: sink, tracing: sink },
      { log, metrics: sink },
      { log },
    ] as unknown as Sinks[]) {
      const telemetry = createTelemetry(sinks);
      for (const name of ['web', ...odd]) {
        const request = telemetry.requestStarted('id', {});
        request.caller = name;
        request.operation = name;
        const pass = telemetry.passStarted(name, request);
        const { headers, end } = telemetry.upstreamStarted({
          purpose: 'list',
          rows: 0,
          attempt: 1,
          origins: [pass],
        });
        expect(headers).toEqual({});
        end('answered', 200);
        pass.end('SCHEDULED', { scheduled: 1 });
        request.end(200);
        telemetry.mutationsJoined(1, 1);
        telemetry.error(name);
      }
    }
    expect(told.some((text) => text.startsWith('Telemetry failed: Error: it broke'))).toBe(true);
  });
});
