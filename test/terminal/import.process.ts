// `dialgraph import` and `dialgraph imports` as somebody at a terminal has them, beside a server that runs.

import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../../src/auth/callers.ts';
import { ledgerNumbers } from '../harness.ts';
import { csvOf, importFile, numberOf, startImportStack } from '../imports/importing.ts';
import { campaign, dialgraph, fileOf, unread } from './command.ts';

describe('dialgraph import', () => {
  it('hands a file over, and ends with 0 where every row is scheduled', async () => {
    const stack = await startImportStack();
    const { output, exited } = dialgraph(stack, ['import', fileOf(csvOf(250)), ...campaign]);
    expect([await exited, output()]).toEqual([
      0,
      expect.stringMatching(/\nleads\.csv: FINISHED, 250 row\(s\): 250 scheduled\n$/),
    ]);
    expect(ledgerNumbers(stack.sandbox).length).toBe(250);
  });

  it('ends in silence where nobody reads any more what it prints', async () => {
    const stack = await startImportStack();
    const text = csvOf(9, (n) => `${n < 5 ? '12' : numberOf(n)},2026-11-26 10:00:00,Lead ${n}`);
    const file = fileOf(text);
    for (let n = 0; n < 4; n++) await importFile(stack, text);
    for (const [args, code] of [
      [['import', file, ...campaign], 3],
      [['imports'], 0],
    ] as const) {
      const { exited, output } = unread(stack, [...args]);
      await exited;
      expect(output()).toContain(`code ${code}`);
      expect(output()).not.toContain('EPIPE');
    }
  });

  it('says what is wrong with the rows, by line and column, and where their results are', async () => {
    const stack = await startImportStack();
    const text = csvOf(5, (n) => `${n === 3 ? '12' : numberOf(n)},2026-11-26 10:00:00,Lead ${n}`);
    const { output, exited } = dialgraph(stack, ['import', fileOf(text), ...campaign]);
    expect(await exited).toBe(3);
    expect(output()).toContain('FINISHED, 5 row(s): 4 scheduled, 1 failed');
    expect(output()).toContain('Errors: 1 INVALID_PHONE_NUMBER\n  line 5, PhoneNumber: ');
    const [url = ''] = /http:\S+results\.csv/.exec(output()) ?? [];
    expect(await (await fetch(url)).text()).toContain('INVALID_PHONE_NUMBER');
  });

  it('sends nothing of a file with an error, with --reject-everything', async () => {
    const stack = await startImportStack();
    const text = csvOf(3, (n) => `${n === 1 ? '12' : numberOf(n)},2026-11-26 10:00:00,Lead ${n}`);
    const { output, exited } = dialgraph(stack, ['import', fileOf(text), ...campaign, '--reject-everything']);
    expect([await exited, output()]).toEqual([3, expect.stringMatching(/http:\S+results\.csv/)]);
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('sends nothing with --dry-run', async () => {
    const stack = await startImportStack();
    const good = dialgraph(stack, ['import', fileOf(csvOf(5)), ...campaign, '--dry-run']);
    expect([await good.exited, good.output()]).toEqual([
      0,
      expect.stringContaining('5 row(s): 5 valid\nNothing was sent: --dry-run.'),
    ]);
    const bad = dialgraph(stack, ['import', fileOf('a,b\nx,y\n'), ...campaign, '--dry-run']);
    expect(await bad.exited).toBe(3);
    expect(stack.sandbox.requests).toEqual([]);
    const { output, exited } = dialgraph(stack, ['imports']);
    expect([await exited, output().match(/CANCELED/g)?.length]).toEqual([0, 2]);
  });

  it('asks for what it cannot know, and goes on with the answer', async () => {
    const stack = await startImportStack();
    const file = fileOf(`who,when\n${numberOf(1)},26/11/2026 10:00\n${numberOf(2)},26/11/2026 11:00\n`);
    const first = dialgraph(stack, ['import', file, ...campaign]);
    expect(await first.exited).toBe(1);
    const [, id = ''] = /dialgraph import --resume (\S+)/.exec(first.output()) ?? [];
    expect(first.output()).toContain('Nothing is sent yet. To be decided:');
    expect(first.output()).not.toContain('rows are being read\n');
    expect(stack.sandbox.requests).toEqual([]);
    const answers = [
      '--map',
      'who=phoneNumber',
      '--map',
      '#2=scheduledTime',
      '--date-format',
      'DAY_MONTH_YEAR',
    ];
    const second = dialgraph(stack, ['import', '--resume', id, ...answers]);
    expect([await second.exited, second.output()]).toEqual([0, expect.stringContaining('2 scheduled')]);
  });

  it.each([
    [['import'], 'import takes a file'],
    [['import', 'x.csv'], 'import needs --campaign'],
    [['import', 'x.csv', ...campaign, '--map', 'Phone'], '--map takes column=field'],
    [['import', 'x.csv', ...campaign, '--map', 'Phone=fon'], '--map knows no field fon'],
    [['import', 'x.csv', ...campaign, '--date-format', 'XX'], '--date-format is one of ISO'],
    [['import', '--resume', 'id', ...campaign], '--campaign cannot be changed'],
    [['import', '--resume', 'id', '--dry-run'], '--dry-run goes with a new import'],
  ])('refuses %j with what is missing', async (args, reason) => {
    const { output, exited } = dialgraph({ url: 'http://127.0.0.1:1/graphql' }, args);
    expect([await exited, output()]).toEqual([2, expect.stringContaining(reason)]);
  });

  it.each([['foo'], ['localhost:4000/graphql'], ['http://'], ['http://me:secret@localhost/graphql']])(
    'refuses a URL that is none at once: %s',
    async (url) => {
      for (const args of [['import', fileOf(csvOf(1)), ...campaign], ['imports']]) {
        const { output, exited } = dialgraph({ url }, args);
        expect([await exited, output()]).toEqual([2, expect.stringContaining('DIALGRAPH_URL must be')]);
        expect(output()).not.toContain('secret');
      }
    },
  );

  it('says what the server and the machine refuse', async () => {
    const keys = [{ name: 'reader', hash: hashOf('k-reader-012345678'), scopes: ['read'] }];
    const stack = await startImportStack({ env: { AUTH: JSON.stringify({ keys }) } });
    const file = fileOf(csvOf(1));
    const without = dialgraph(stack, ['import', file, ...campaign]);
    expect([await without.exited, without.output()]).toEqual([1, expect.stringMatching(/credential|key/i)]);
    const reader = dialgraph(stack, ['import', file, ...campaign], { DIALGRAPH_KEY: 'k-reader-012345678' });
    expect([await reader.exited, reader.output()]).toEqual([1, expect.stringContaining('scope "schedule"')]);
    const folder = dialgraph(stack, ['import', dirname(file), ...campaign]);
    expect([await folder.exited, folder.output()]).toEqual([1, expect.stringContaining('is a folder')]);
    const absent = dialgraph(stack, ['import', `${file}.none`, ...campaign]);
    expect([await absent.exited, absent.output()]).toEqual([1, expect.stringContaining('no such file')]);
    const unknown = dialgraph(stack, ['import', '--resume', 'x'], { DIALGRAPH_KEY: 'k-reader-012345678' });
    expect([await unknown.exited, unknown.output()]).toEqual([1, expect.stringContaining('no import x')]);
  });

  it('fails with the reason where the file is none', async () => {
    const stack = await startImportStack();
    const { output, exited } = dialgraph(stack, [
      'import',
      fileOf('\0\x01\x02'.repeat(99), 'leads.csv'),
      ...campaign,
    ]);
    expect([await exited, output()]).toEqual([1, expect.stringContaining('leads.csv: FAILED')]);
  });

  it('waits for a server that is away, and starts one import', async () => {
    const stack = await startImportStack();
    const { port } = new URL(stack.url);
    let isAway = true;
    // The first answers are lost on their way.
    const proxy = createServer((client) => {
      const server = connect(Number(port), '127.0.0.1');
      client.pipe(server);
      if (isAway) server.once('data', () => client.destroy());
      else server.pipe(client);
      for (const socket of [client, server]) socket.on('error', () => {}).on('close', () => server.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const url = `http://127.0.0.1:${(proxy.address() as { port: number }).port}/graphql`;
    const { printed, output, exited } = dialgraph({ url }, ['import', fileOf(csvOf(20)), ...campaign]);
    await printed(/cannot be reached/);
    isAway = false;
    expect([await exited, output()]).toEqual([0, expect.stringContaining('20 scheduled')]);
    const list = dialgraph(stack, ['imports']);
    expect([await list.exited, list.output().trim().split('\n').length]).toEqual([0, 1]);
    expect(new Set(ledgerNumbers(stack.sandbox)).size).toBe(20);
    expect(stack.sandbox.ledger).toHaveLength(20);
  });

  it('may be left, and watched again', async () => {
    const stack = await startImportStack({ env: { DIALER_CONCURRENCY: '1' } });
    stack.sandbox.script({ fault: 'latency', latencyMs: 100, times: Infinity });
    const { child, printed, output, exited } = dialgraph(stack, ['import', fileOf(csvOf(3000)), ...campaign]);
    await printed(/RUNNING/);
    child.kill('SIGINT');
    expect(await exited).toBe(130);
    const [, id = ''] =
      /It goes on\. To watch it again: dialgraph import --resume (\S+)/.exec(output()) ?? [];
    stack.sandbox.script({ fault: 'latency', latencyMs: 0, times: Infinity });
    const again = dialgraph(stack, ['import', '--resume', id]);
    expect([await again.exited, again.output()]).toEqual([0, expect.stringContaining('3,000 scheduled')]);
    expect(stack.sandbox.ledger).toHaveLength(3000);
  });
});
