// What may go wrong where a file of results is the next file, and where a file is not in order: nobody is called twice, nobody instead
// of another, and no row is lost without a word.

import { describe, expect, it } from 'vitest';
import { ledgerNumbers, type Stack } from '../harness.ts';
import { csvOf, importFile, numberOf, resultsOf, startImportStack, until } from './importing.ts';

const time = '2026-11-26 10:00:00';

async function download({ url }: Stack, id: string, outcome = 'all', format = 'csv'): Promise<string> {
  return (await fetch(new URL(`/imports/${id}/results.${format}?outcome=${outcome}`, url))).text();
}

const finish = async (stack: Stack, file: string) => {
  const id = await importFile(stack, file);
  return { id, counts: (await until(stack, id, 'FINISHED')).counts };
};

describe('a file of results', () => {
  it.each(['csv', 'jsonl'])('of a file of results sends nobody twice (%s)', async (format) => {
    const stack = await startImportStack();
    const first = await finish(
      stack,
      csvOf(3, (n) => `1${n},${time},Lead ${n}`),
    );
    let file = await download(stack, first.id);
    for (const n of [0, 1, 2]) {
      // Of three wrong numbers one is corrected each time.
      file = file.replace(new RegExp(`(^|")1${n}(?=[",])`, 'm'), `$1${numberOf(n)}`);
      const { id, counts } = await finish(stack, file);
      expect(counts).toMatchObject({ scheduled: 1, skipped: n, failed: 2 - n });
      file = await download(stack, id, 'all', format);
      expect(file.match(/dialgraph_outcome/g)?.length).toBe(format === 'csv' ? 1 : 3);
    }
    expect((await finish(stack, file)).counts).toMatchObject({ scheduled: 0, skipped: 3 });
    expect(ledgerNumbers(stack.sandbox).sort()).toEqual([0, 1, 2].map(numberOf));
  });

  it('with the outcomes of two imports sends what none of them has sent', async () => {
    const stack = await startImportStack();
    const header =
      'PhoneNumber,ScheduledTime,dialgraph_line,dialgraph_outcome,dialgraph_line,dialgraph_outcome';
    const rows = ['failed,2,scheduled', 'scheduled,3,failed', 'failed,4,failed'].map(
      (told, n) => `${numberOf(n)},${time},${n + 2},${told}`,
    );
    await finish(stack, [header, ...rows].join('\n'));
    expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(2)]);
  });

  it('that is taken before the end sends nothing that may still be sent', async () => {
    const stack = await startImportStack();
    const id = await importFile(stack, csvOf(3), { start: 'AFTER_REVIEW' });
    await until(stack, id, 'READY');
    expect(await resultsOf(stack, id)).toMatchObject(Array(3).fill({ outcome: 'pending', retryable: false }));
    expect(await resultsOf(stack, id, 'not-sent')).toEqual([]);
    const { counts } = await finish(stack, await download(stack, id));
    expect(counts).toMatchObject({ scheduled: 0, skipped: 3 });
    expect(stack.sandbox.requests).toEqual([]);
    await stack.imports.cancel(id, { account: 'default', credential: 'everybody', campaigns: null });
    expect(await resultsOf(stack, id, 'not-sent')).toHaveLength(3);
  });
});

describe('a file that is not in order', () => {
  it('has its rows above the header sent, where telephone numbers stand in them', async () => {
    const stack = await startImportStack();
    const row = (n: number) => `${numberOf(n)},${time},Lead ${n}`;
    const { counts } = await finish(stack, [row(0), row(1), 'phone,call time,name', row(2)].join('\n'));
    expect(counts).toMatchObject({ total: 3, scheduled: 3 });
    for (const line of ['Account No,12345678,', 'Report,20261127,', 'Helpline,1800 123 4567,']) {
      const titled = await finish(
        stack,
        [line, 'name,phone,call time', `Asha,${numberOf(9)},${time}`].join('\n'),
      );
      expect(titled.counts).toMatchObject({ total: 1, scheduled: 1 });
    }
    const title = await finish(stack, ['Leads of May', '', 'phone,call time,name', row(3)].join('\n'));
    expect(title.counts).toMatchObject({ total: 1, scheduled: 1 });
  });

  it('fails where it has a header alone', async () => {
    const stack = await startImportStack();
    const id = await importFile(stack, 'PhoneNumber,ScheduledTime\n');
    expect((await until(stack, id, 'FAILED')).failure).toMatchObject({ kind: 'EMPTY' });
  });

  it('has a row refused whose cells are moved', async () => {
    const stack = await startImportStack();
    const rows = [
      `${time},Asha,${numberOf(1)},${numberOf(2)}`,
      `${time},Smith, John,${numberOf(3)},${numberOf(4)}`,
      `${time},Ravi,${numberOf(5)},${numberOf(6)}, ,`,
    ];
    const { id, counts } = await finish(
      stack,
      ['call time,name,agent phone,phone number', ...rows].join('\n'),
    );
    expect(counts).toMatchObject({ scheduled: 2, failed: 1 });
    expect(await resultsOf(stack, id, 'failed')).toMatchObject([{ line: 3, field: 'phoneNumber' }]);
    expect(ledgerNumbers(stack.sandbox)).toEqual([2, 6].map(numberOf));
  });

  it.each([
    ['Alt Phone,Phone Number,Call time', 3],
    ['Mobile,Phone Number,Call time', 3],
    ['phone number,Name,Call time,dialgraph_outcome', 70],
  ])('fails where a second header has other columns: %s', async (header, rows) => {
    const stack = await startImportStack();
    const lead = (n: number) => `${numberOf(n)},${numberOf(n + 500)},${time}`;
    const leads = Array.from({ length: rows }, (_, n) => lead(n));
    const file = ['Phone Number,Alt Phone,Call time', ...leads, header, lead(rows)].join('\n');
    const { failure } = await until(stack, await importFile(stack, file), 'FAILED');
    expect(failure).toMatchObject({ kind: 'HEADER_AGAIN', line: rows + 2 });
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('fails where the header was sorted below its rows', async () => {
    const stack = await startImportStack();
    const rows = Array.from({ length: 60 }, (_, n) => `${numberOf(n)},${time}`);
    const mapping = [
      { column: '#1', field: 'PHONE_NUMBER' as const },
      { column: '#2', field: 'SCHEDULED_TIME' as const },
    ];
    const id = await importFile(stack, [...rows, 'Phone,Call time'].join('\n'), { mapping });
    expect((await until(stack, id, 'FAILED')).failure).toMatchObject({ kind: 'HEADER_AGAIN', line: 61 });
  });

  it('goes on below the same header', async () => {
    const stack = await startImportStack();
    const { counts } = await finish(stack, csvOf(2) + csvOf(4).replace(/\n.*\n.*\n/, '\n'));
    expect(counts).toMatchObject({ scheduled: 4, failed: 1 });
  });

  it.each(['Number;Contact Tel;Call time', 'Numéro;Tél. client;Call time'])(
    'asks which is the phone number: %s',
    async (header) => {
      const stack = await startImportStack();
      const id = await importFile(stack, `${header}\n9000000001;${numberOf(1)};${time}\n`);
      expect((await until(stack, id, 'READY')).decisions).toContain('PHONE_NUMBER_COLUMN');
      expect(stack.sandbox.requests).toEqual([]);
    },
  );
});

it('asks which of two columns a field is that changes the call, and goes on with the answer', async () => {
  const stack = await startImportStack();
  const file = `phone,call time,Expiry,Deadline\n${numberOf(1)},${time},2026-11-27,2026-11-28\n`;
  const id = await importFile(stack, file);
  const { decisions } = await until(stack, id, 'READY');
  expect(decisions).toEqual(['MAPPING']);
  const mapping = [{ column: 'Deadline', field: 'EXPIRY_DATE' as const }];
  const again = await importFile(stack, file, { mapping });
  expect((await until(stack, again, 'FINISHED')).counts).toMatchObject({ scheduled: 1 });
  expect(stack.sandbox.ledger[0]?.fields).toMatchObject({ ExpiryDate: '2026-11-28 23:59:59' });
});

it('results tell what an import does, and not what a request would', async () => {
  const stack = await startImportStack({ env: { DIALER_RECONCILE: 'off' } });
  stack.sandbox.script({ fault: 'reset-after', times: Number.POSITIVE_INFINITY });
  const id = await importFile(stack, csvOf(2));
  await expect.poll(async () => (await resultsOf(stack, id, 'unknown').catch(() => [])).length).toBe(2);
  for (const { message } of await resultsOf(stack, id, 'unknown')) {
    expect(message).toContain('Look in the dialer');
    expect(message).not.toContain('idempotencyKey');
  }
});
