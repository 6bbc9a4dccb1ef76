// Numbers that are never to be called, as callers and those who run the service meet them.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type onTestFinished, test } from 'vitest';
import { check } from '../../src/check.ts';
import { weekDays } from '../../src/config/calling-hours.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { answered, kinds, lead, leads, ledgerNumbers, type Stack, sendTo, startStack } from '../harness.ts';
import { runApp } from '../process.ts';

/** A file, and its replacement in one step, as a job that exports a list should do it. */
function suppressionFile(onFinished: typeof onTestFinished, ...numbers: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'dialgraph-suppression-'));
  onFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'never.csv');
  const replace = (text: string) => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  replace(numbers.join('\n'));
  return { path, folder, replace };
}

/** A change is in use after some seconds. */
const often = { interval: 200 };

const numberOf = (n: number) => lead(n).phoneNumber;

/** Most of a test is waiting for a file to be read again: they wait side by side. */
const it = test.extend<{
  suppressed(...numbers: string[]): ReturnType<typeof suppressionFile>;
  start(...paths: string[]): Promise<Stack>;
}>({
  suppressed: ({ onTestFinished: onFinished }, use) =>
    use((...numbers) => suppressionFile(onFinished, ...numbers)),
  start: ({ onTestFinished: onFinished }, use) =>
    use((...paths) => startStack({ onFinished, env: { SUPPRESSION_FILES: paths.join() } })),
});

async function readiness({ url }: Stack): Promise<[number, string]> {
  const response = await fetch(new URL('/readyz', url));
  return [response.status, await response.text()];
}

const validated = async ({ scheduled }: Stack, ...numbers: number[]) =>
  kinds(await scheduled({ validateOnly: true, records: numbers.map((n) => lead(n)) }));

describe.concurrent('a suppressed number', () => {
  it('is refused and never sent, and its neighbours are scheduled', async ({ expect, suppressed, start }) => {
    const { path } = suppressed(numberOf(1), '+919810000003');
    const stack = await start(path);
    const { results } = await stack.scheduled({ records: leads(5) });
    expect(results[1]).toMatchObject({
      __typename: 'SuppressedNumberError',
      code: 'SUPPRESSED_NUMBER',
      retryable: false,
      field: 'phoneNumber',
      problems: [{ field: 'phoneNumber', reason: 'SUPPRESSED' }],
    });
    expect(results[1]?.message).not.toContain(numberOf(1));
    expect(results.map(({ __typename }) => __typename === 'SuppressedNumberError')).toEqual([
      ...[false, true, false, true, false],
    ]);
    expect(ledgerNumbers(stack.sandbox)).toEqual([0, 2, 4].map(numberOf));
    await expect
      .poll(() => readiness(stack))
      .toEqual([200, expect.stringContaining('suppression: 1 current\n')]);
    expect(stack.log.join('')).toContain('a suppression file was read');
    expect(stack.log.join('')).not.toMatch(/98100000/);
  });

  it('is refused however it is written, and in the file of any of several', async ({
    expect,
    suppressed,
    start,
  }) => {
    const files = [suppressed('098100 00001'), suppressed('id;phone', '1;+91 98100 00002')];
    const stack = await start(...files.map(({ path }) => path));
    const records = ['+91 9810000001', '०९८१००००००१', '919810000002'].map((phoneNumber, n) =>
      lead(n, { phoneNumber }),
    );
    const payload = await stack.scheduled({ records });
    expect(kinds(payload)).toEqual(Array.from({ length: 3 }, () => 'SuppressedNumberError'));
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('keeps everything from being sent where the request says so', async ({ expect, suppressed, start }) => {
    const { path } = suppressed(numberOf(1));
    const { scheduled, sandbox } = await start(path);
    const payload = await scheduled({ errorPolicy: 'REJECT_EVERYTHING', records: leads(2) });
    expect(kinds(payload)).toEqual(['ValidRecord', 'SuppressedNumberError']);
    expect(sandbox.requests).toEqual([]);
  });

  it('is told again with its key, though it is suppressed no more', async ({ expect, suppressed, start }) => {
    const file = suppressed(numberOf(1));
    const stack = await start(file.path);
    const input = { idempotencyKey: randomUUID(), records: leads(3) };
    const first = await stack.scheduled(input);
    file.replace(numberOf(9));
    await expect.poll(() => validated(stack, 1), often).toEqual(['ValidRecord']);
    expect(await stack.scheduled(input)).toEqual(first);
    expect(stack.sandbox.ledger).toHaveLength(2);
  });

  it('is not sent with a key that was used before it was suppressed, where nothing had been accepted', async ({
    expect,
    suppressed,
    start,
  }) => {
    const file = suppressed(numberOf(9));
    const stack = await start(file.path);
    const input = { idempotencyKey: randomUUID(), records: leads(3) };
    stack.sandbox.script({ fault: 'status-404' });
    expect(new Set(kinds(await stack.scheduled(input)))).toEqual(new Set(['DialerUnavailableError']));
    file.replace(numberOf(1));
    await expect.poll(() => validated(stack, 1), often).toEqual(['SuppressedNumberError']);
    const second = await stack.scheduled(input);
    expect(kinds(second)).toEqual(['ScheduledRecord', 'SuppressedNumberError', 'ScheduledRecord']);
    expect(await stack.scheduled(input)).toEqual(second);
    expect(ledgerNumbers(stack.sandbox)).toEqual([0, 2].map(numberOf));
  });

  it('that the dialer has already is told as scheduled with its key', async ({
    expect,
    suppressed,
    start,
  }) => {
    const file = suppressed(numberOf(9));
    const stack = await start(file.path);
    const input = { idempotencyKey: randomUUID(), records: leads(2) };
    const first = await stack.scheduled(input);
    file.replace(numberOf(1));
    await expect.poll(() => validated(stack, 1), often).toEqual(['SuppressedNumberError']);
    expect(await stack.scheduled(input)).toEqual(first);
  });
});

describe.concurrent('a suppression file', () => {
  it('that is written to while it is read is read again, until it is whole', async ({
    expect,
    suppressed,
    start,
  }) => {
    const { path } = suppressed(numberOf(0));
    const starting = start(path);
    for (let n = 1; n < 500; n++) await appendFile(path, `\n${numberOf(n)}`);
    const stack = await starting;
    await expect
      .poll(() => validated(stack, 1, 499, 500), often)
      .toEqual([...['SuppressedNumberError', 'SuppressedNumberError', 'ValidRecord']]);
  });

  it('is read again when it changes', async ({ expect, suppressed, start }) => {
    const file = suppressed(numberOf(1));
    const stack = await start(file.path);
    expect(await validated(stack, 1, 2)).toEqual(['SuppressedNumberError', 'ValidRecord']);
    file.replace(numberOf(2));
    await expect.poll(() => validated(stack, 1, 2), often).toEqual(['ValidRecord', 'SuppressedNumberError']);
    // Written to in place.
    writeFileSync(file.path, `${numberOf(1)}\n${numberOf(2)}\n`);
    await expect
      .poll(() => validated(stack, 1, 2))
      .toEqual(['SuppressedNumberError', 'SuppressedNumberError']);
  });

  it.for([
    [
      'has other text',
      (file) => file.replace('<html>\n<p>\n'),
      'has no telephone number in 1 of its 1 lines',
    ],
    ['is empty', (file) => file.replace(''), 'is empty'],
    ['is no text', (file) => file.replace(`${numberOf(1)}\n\0\n`), 'is no text'],
    ['is gone', ({ path }) => rmSync(path), 'cannot be read: there is no such file'],
  ] satisfies [string, (file: ReturnType<typeof suppressionFile>) => void, string][])(
    'that %s leaves the last good one in use, and says so until it is good again',
    async ([, spoil, problem], { expect, suppressed, start }) => {
      const file = suppressed(numberOf(1));
      const stack = await start(file.path);
      spoil(file);
      await expect
        .poll(() => readiness(stack))
        .toEqual([200, expect.stringContaining('suppression: 1 stale\n')]);
      expect(await validated(stack, 1, 2)).toEqual(['SuppressedNumberError', 'ValidRecord']);
      const lines = stack.log.filter((line) => line.includes('is broken'));
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        level: 'warn',
        problem: expect.stringContaining(problem),
      });
      file.replace(numberOf(2));
      await expect
        .poll(() => readiness(stack))
        .toEqual([200, expect.stringContaining('suppression: 1 current\n')]);
      expect(await validated(stack, 1, 2)).toEqual(['ValidRecord', 'SuppressedNumberError']);
    },
  );

  it('that is broken ends the start with a line that says which and why', async ({
    expect,
    suppressed,
    onTestFinished,
  }) => {
    const { path } = suppressed('no number');
    for (const [file, problem] of [
      [`${path}x`, 'cannot be read: there is no such file'],
      [join(path, '..'), 'is a folder'],
    ]) {
      const app = runApp(
        { PORT: '0', DIALER_URL: 'sandbox', SUPPRESSION_FILES: `${path},${file}` },
        onTestFinished,
      );
      expect(await app.exited).toBe(1);
      expect(app.output()).toContain(`SUPPRESSION_FILES: ${file} ${problem}`);
    }
  });

  it('is looked at by the check, which tells lines without a number', async ({ expect, suppressed }) => {
    const good = suppressed('PhoneNumber', ...Array.from({ length: 20 }, (_, n) => numberOf(n)), 'unknown');
    const bad = suppressed('PhoneNumber', 'unknown');
    const lines: string[] = [];
    const env = { DATA_DIR: good.folder, SUPPRESSION_FILES: `${good.path},${bad.path}` };
    expect(await check(env, { newToken: false }, (line) => lines.push(line))).toBe(false);
    expect(lines).toContain(
      `warning   account default, suppression: ${good.path} has 20 number(s), and 1 line(s) without one, such as line 22`,
    );
    expect(lines).toContain(
      `failed    account default, suppression: ${bad.path} has no telephone number in 1 of its 1 lines, such as line 2`,
    );
  });

  it('is an account’s own, with its calling hours, and another one on SIGHUP', async ({
    expect,
    suppressed,
    onTestFinished,
  }) => {
    const sandbox = await createSandbox();
    onTestFinished(() => sandbox.close());
    const { path, folder } = suppressed(numberOf(1));
    const accounts = join(folder, 'accounts.json');
    const configure = (more: object) => {
      const { userName, apiKey } = sandbox.account;
      const account = { url: sandbox.url, userName, apiKey, ...more };
      writeFileSync(accounts, JSON.stringify({ one: account }), { mode: 0o600 });
    };
    configure({});
    const app = runApp({ PORT: '0', ACCOUNTS_FILE: accounts }, onTestFinished);
    const [, url = ''] = await app.printed(/GraphQL at (\S+)/);
    const scheduledTime = new Date(Date.now() + 86_400_000).toISOString();
    const outcomes = async () => {
      const input = {
        campaignName: 'Sales_Demo',
        validateOnly: true,
        records: [1, 2].map((n) => lead(n, { scheduledTime })),
      };
      const answer = answered((await sendTo(url, ScheduleDocument, { input })).scheduleCampaignData);
      return 'results' in answer ? kinds(answer) : [answer.message];
    };
    expect(await outcomes()).toEqual(['ValidRecord', 'ValidRecord']);
    configure({ suppressionFiles: [`${path}x`] });
    app.child.kill('SIGHUP');
    await app.printed(/SIGHUP: everything stays as it was\. SUPPRESSION_FILES: \S+x cannot be read/);
    expect(await outcomes()).toEqual(['ValidRecord', 'ValidRecord']);
    configure({ suppressionFiles: [path] });
    app.child.kill('SIGHUP');
    await app.printed(/SIGHUP: 1 account/);
    expect(await outcomes()).toEqual(['SuppressedNumberError', 'ValidRecord']);
    // Open on the day three days after the call alone.
    const days = [weekDays[(new Date(scheduledTime).getUTCDay() + 3) % 7]];
    const windows = [{ days, from: '08:00', to: '20:00' }];
    const rule = { rule: 'Some day', source: 'us', asOf: '2026-01-01', zone: 'CAMPAIGN', policy: 'REJECT' };
    configure({ callingHours: { ...rule, windows } });
    app.child.kill('SIGHUP');
    await expect.poll(outcomes, often).toEqual(['OutsideCallingHoursError', 'OutsideCallingHoursError']);
  });

  it('is in the metrics', async ({ expect, suppressed, onTestFinished }) => {
    const { path, replace } = suppressed(numberOf(1));
    const app = runApp(
      {
        PORT: '0',
        DIALER_URL: 'sandbox',
        SUPPRESSION_FILES: path,
        METRICS_PORT: '0',
      },
      onTestFinished,
    );
    const [, metrics = ''] = await app.printed(/Metrics: {2}(\S+)/);
    const text = async () => (await fetch(metrics)).text();
    expect(await text()).toContain('dialgraph_suppressed_numbers{account="default"} 1');
    expect(await text()).toContain('dialgraph_suppression_stale{account="default"} 0');
    replace('');
    await expect.poll(text, often).toContain('dialgraph_suppression_stale{account="default"} 1');
    expect(await text()).toContain('dialgraph_suppression_reads_total{result="broken"} 1');
  });
});
