// `dialgraph import` that is interrupted, and what becomes of its import.

import { connect, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ledgerNumbers } from '../harness.ts';
import { csvOf, numberOf, startImportStack } from '../imports/importing.ts';
import { campaign, dialgraph, fileOf } from './command.ts';

it.each([[/CHECKING/], [/AWAITING_FILE/]])(
  'sends nothing of a dry run that is interrupted, then or later: %s',
  async (moment) => {
    const stack = await startImportStack();
    const file = fileOf(csvOf(60_000));
    const { child, printed, output, exited } = dialgraph(stack, ['import', file, ...campaign, '--dry-run']);
    await printed(moment);
    child.kill('SIGINT');
    expect([await exited, output()]).toEqual([
      130,
      expect.stringMatching(/\nCANCELED: nothing was sent \(--dry-run\)\.\n$/),
    ]);
    expect(output()).not.toContain('--resume');
    const list = dialgraph(stack, ['imports']);
    expect([await list.exited, list.output()]).toEqual([0, expect.stringContaining('CANCELED')]);
    expect(stack.sandbox.requests).toEqual([]);
  },
);

it('sends a file that did not come whole anew, and mixes it with no other', async () => {
  const stack = await startImportStack();
  const { port } = new URL(stack.url);
  let taken = 0;
  // It takes half of the file, and then nothing more.
  const proxy = createServer((client) => {
    const server = connect(Number(port), '127.0.0.1');
    client.on('data', (data) => {
      taken += data.length;
      if (taken < 100_000) server.write(data);
      else client.pause();
    });
    server.pipe(client);
    for (const socket of [client, server]) socket.on('error', () => {}).on('close', () => server.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const url = `http://127.0.0.1:${(proxy.address() as { port: number }).port}/graphql`;
  const file = fileOf(csvOf(9000));
  const first = dialgraph({ url }, ['import', file, ...campaign]);
  await expect.poll(() => taken).toBeGreaterThan(100_000);
  first.child.kill('SIGINT');
  expect(await first.exited).toBe(130);
  const [, id = ''] = /not sent whole\. To send it anew: .* --resume (\S+)/.exec(first.output()) ?? [];
  const short = dialgraph(stack, ['import', fileOf(csvOf(1)), '--resume', id]);
  expect([await short.exited, short.output()]).toEqual([1, expect.stringContaining('was started for')]);
  const another = dialgraph(stack, ['import', fileOf(csvOf(9000), 'others.csv'), '--resume', id]);
  expect([await another.exited, another.output()]).toEqual([
    1,
    expect.stringContaining('is not the file of import'),
  ]);
  // It has the same name and size, and other people: as many as it has are called, and nobody else.
  const corrected = csvOf(9000, (n) => `${numberOf(9000 - n)},2026-11-26 10:00:00,Lead ${n}`);
  const second = dialgraph(stack, ['import', fileOf(corrected), '--resume', id]);
  expect([await second.exited, second.output()]).toEqual([0, expect.stringContaining('9,000 scheduled')]);
  const expected = Array.from({ length: 9000 }, (_, n) => numberOf(9000 - n)).sort();
  expect(
    ledgerNumbers(stack.sandbox)
      .map((number) => number.slice(-10))
      .sort(),
  ).toEqual(expected);
});
