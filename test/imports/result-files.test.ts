// A result file on its way through people, text editors and other programs: what it protects stays protected, and what was corrected
// is sent.

import { describe, expect, it } from 'vitest';
import type { StartImportInput } from '../gql/graphql.ts';
import { ledgerNumbers, type Stack } from '../harness.ts';
import { read } from './files.ts';
import { importFile, numberOf, resultsOf, startImportStack, until } from './importing.ts';
import { sheetOf, workbook } from './workbook-file.ts';

const time = '2026-11-26 10:00:00';
const told =
  'dialgraph_line,dialgraph_outcome,dialgraph_code,dialgraph_field,dialgraph_message,dialgraph_retryable';
const header = `PhoneNumber,ScheduledTime,Name,${told},dialgraph_scheduled_time`;
const scheduled = (n: number) => `${numberOf(n)},${time},Lead,${n},scheduled,,,,,2026-11-26T04:30:00.000Z`;

async function download({ url }: Stack, id: string, outcome: string, format = 'csv'): Promise<string> {
  return (await fetch(new URL(`/imports/${id}/results.${format}?outcome=${outcome}`, url))).text();
}

async function finish(stack: Stack, file: string, input: Partial<StartImportInput> = {}) {
  const id = await importFile(stack, file, input);
  return { id, counts: (await until(stack, id, 'FINISHED')).counts };
}

async function failure(stack: Stack, file: string, input: Partial<StartImportInput> = {}) {
  const id = await importFile(stack, file, input);
  const found = await until(stack, id, 'FAILED');
  expect(stack.sandbox.requests).toEqual([]);
  return found.failure;
}

describe('a row with more cells than the header', () => {
  const file = (name: string) =>
    `Scheduled Time,Name,Alt Phone,Phone Number\n${time},${name},${numberOf(1)},${numberOf(2)}\n`;

  it.each(['csv', 'jsonl'])('stays refused in its results until its cells are moved (%s)', async (format) => {
    const stack = await startImportStack();
    let { id } = await finish(stack, file('Rao,Asha'));
    for (let n = 0; n < 3; n++) {
      const results = await download(stack, id, 'failed', format);
      const again = await finish(stack, results);
      expect(again.counts).toMatchObject({ failed: 1, scheduled: 0 });
      id = again.id;
    }
    const results = await download(stack, id, 'failed', format);
    const corrected =
      format === 'csv'
        ? results.replace(
            `Rao,Asha,${numberOf(1)},${numberOf(2)},`,
            `"Rao, Asha",${numberOf(1)},${numberOf(2)},,`,
          )
        : `${JSON.stringify({ ...JSON.parse(results), Name: 'Rao, Asha', 'Alt Phone': numberOf(1), 'Phone Number': numberOf(2), dialgraph_cell_5: '' })}\n`;
    expect((await finish(stack, corrected)).counts).toMatchObject({ scheduled: 1 });
    expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(2)]);
  });
});

it.each(['csv', 'jsonl'])('equal names are asked for in results, too (%s)', async (format) => {
  const stack = await startImportStack();
  const mapping = [{ column: '#2', field: 'PHONE_NUMBER' as const }];
  const { id } = await finish(stack, `Mobile,Mobile,Scheduled Time\n${numberOf(1)},12,${time}\n`, {
    mapping,
  });
  const corrected = (await download(stack, id, 'failed', format)).replace(
    /(["',])12(["',])/,
    `$1${numberOf(2)}$2`,
  );
  expect(corrected).toContain(numberOf(2));
  const again = await importFile(stack, corrected);
  expect((await until(stack, again, 'READY')).decisions).toEqual(['PHONE_NUMBER_COLUMN']);
  await finish(stack, corrected, { mapping });
  expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(2)]);
});

it.each(['csv', 'jsonl'])(
  'the columns of results are none of the most that a file may have (%s)',
  async (format) => {
    const stack = await startImportStack();
    const more = Array.from({ length: 197 }, (_, n) => `c${n}`).join(',');
    const names = `${told},dialgraph_scheduled_time`;
    const file = `Phone,Call time,Name,${more}\n12,${time},Asha,${more}\n`;
    let { id } = await finish(stack, file);
    for (let n = 0; n < 2; n++) {
      const results = await download(stack, id, 'failed', format);
      const again = await finish(stack, results);
      expect(again.counts).toMatchObject({ failed: 1 });
      id = again.id;
    }
    const sheet = sheetOf([['a', ...more.split(','), 'b', 'c', ...names.split(',')]], true);
    expect((await read(workbook(sheet))).rows[0]?.cells).toHaveLength(207);
  },
);

describe('a result file', () => {
  it.each([
    ['dialgraph line', 'Dialgraph Outcome'],
    ['DIALGRAPH-LINE', 'dialgraph outcome'],
  ])('is known by %s and %s', async (line, outcome) => {
    const stack = await startImportStack();
    const renamed = header.replace('dialgraph_line', line).replace('dialgraph_outcome', outcome);
    const { counts } = await finish(stack, `${renamed}\n${scheduled(2)}\n`);
    expect(counts).toMatchObject({ scheduled: 0, skipped: 1 });
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('is refused whose header was sorted below its rows', async () => {
    const stack = await startImportStack();
    const rows = Array.from({ length: 60 }, (_, n) => scheduled(n));
    const mapping = [
      { column: '#1', field: 'PHONE_NUMBER' as const },
      { column: '#2', field: 'SCHEDULED_TIME' as const },
    ];
    const found = await failure(stack, [...rows, header].join('\n'), { mapping });
    expect(found).toMatchObject({ kind: 'OUTCOMES_MISSING' });
  });

  it('is refused without its header', async () => {
    const stack = await startImportStack();
    const found = await failure(stack, [scheduled(2), scheduled(3)].join('\n'));
    expect(found).toMatchObject({ kind: 'OUTCOMES_MISSING', message: expect.stringContaining('first line') });
  });

  const leads = (names: string, ...rows: string[]) =>
    [`Phone,Call time,Name,${names}`, ...rows.map((row, n) => `${numberOf(n)},${time},Lead,${row}`)].join(
      '\n',
    );

  const told7 = ',scheduled,,,,,2026-11-26T04:30:00.000Z';
  const code = 'INVALID_PHONE_NUMBER';
  it.each([
    ['lines and outcomes', leads('Line,Status', '2,scheduled', '3,unknown')],
    ['one row', leads('Row,Status', '2,scheduled')],
    ['sorted rows', leads('Line,Status', '7,scheduled', '3,failed')],
    ['lines that were set elsewhere', leads('Outcome,Message,Line', 'scheduled,,7', 'failed,Too short,3')],
    ['a message', leads('Line,Outcome,Message', '2,Scheduled,', '3,failed,Too short')],
    ['names without their first word', leads(told.replaceAll('dialgraph_', ''), '2,scheduled,,,,')],
    ['outcomes that were left out', leads('line,code,field,message,retryable', '2,,,,', '3,,,,')],
    ['codes of sorted rows', leads('Nr,Ergebnis,Grund', `7,failed,${code}`, '3,scheduled,', '5,scheduled,')],
    ['times of sorted rows', leads('A,B,C,D,E,F,G', `7${told7}`, `3${told7}`)],
    ['a name of another number', leads('Id,Status,Text', '2,scheduled,', '3,scheduled,', '4,failed,Short')],
    [
      'codes behind a column of its reader',
      leads('Id,Status,Note,Why', '2,scheduled,ok,', `3,failed,bad,${code}`),
    ],
    ['lines as a spreadsheet writes them', leads('Nr,Status', '999.0,scheduled', '"1,00,000.0",failed')],
    ['text behind lines', leads('Zeile,Status,Note', '2,scheduled,called', '3,scheduled,called')],
    ['JSON', JSON.stringify({ Phone: numberOf(1), 'Call time': time, Zeile: 2, Ergebnis: 'scheduled' })],
  ])('is refused whose columns have other names: %s', async (_, file) => {
    const stack = await startImportStack();
    expect(await failure(stack, file)).toMatchObject({
      kind: 'OUTCOMES_MISSING',
      message: expect.stringContaining('under other names'),
    });
  });

  it.each([
    leads('Status', 'scheduled', 'scheduled'),
    leads('Outcome', 'failed', 'scheduled'),
    leads('Message,Status', 'Hello,scheduled', 'Hello,unknown'),
    leads('Id,Status', '48,scheduled', '12,pending'),
    leads('Line,Status', '1,open', '2,scheduled'),
    leads('Id,Status,City', '1,scheduled,Pune', '2,pending,Delhi'),
    leads('Amount,Status', '10.50,scheduled', '20.75,failed'),
    leads('Account,Status', '100234567,scheduled', '100234568,failed'),
    leads('Account,Status', '04711,scheduled', '04712,failed'),
    leads('Code,Line,Status', 'A,1,won', 'B,2,scheduled'),
  ])('is none for a status alone: %s', async (file) => {
    const stack = await startImportStack();
    expect((await finish(stack, file)).counts).toMatchObject({ scheduled: 2 });
  });

  it('without its outcomes is refused', async () => {
    const stack = await startImportStack();
    const cut = [header, scheduled(2)].map((row) =>
      row
        .split(',')
        .filter((_, n) => n !== 4)
        .join(','),
    );
    expect(await failure(stack, cut.join('\n'))).toMatchObject({
      kind: 'OUTCOMES_MISSING',
      message: expect.stringContaining('such as dialgraph_line, and not its dialgraph_outcome'),
    });
  });

  const missing: [string, string][] = [
    ['its name', `${numberOf(2)},${time},2,scheduled,,,,,2026-11-26T04:30:00.000Z`],
    ['its line', `${numberOf(2)},${time},Lead,scheduled,,,,,2026-11-26T04:30:00.000Z`],
    ['two cells', `${numberOf(2)},${time},scheduled,,,,,2026-11-26T04:30:00.000Z`],
  ];
  it.each(missing)('has a scheduled row left out that has lost %s', async (_, row) => {
    const stack = await startImportStack();
    const { id, counts } = await finish(stack, `${header}\n${row}\n`);
    expect(counts).toMatchObject({ scheduled: 0 });
    expect(await resultsOf(stack, id)).toMatchObject([
      { message: expect.stringContaining('not below their headers') },
    ]);
    await finish(stack, await download(stack, id, 'all'));
    expect(stack.sandbox.requests).toEqual([]);
  });

  it('has a row that was corrected with a comma refused as that, also in its own results', async () => {
    const stack = await startImportStack();
    const row = `${numberOf(2)},${time},B, Mr,2,failed,INVALID_PHONE_NUMBER,phoneNumber,Too short,false,`;
    let { id, counts } = await finish(stack, `${header}\n${row}\n`);
    for (let n = 0; n < 2; n++) {
      expect(counts).toMatchObject({ failed: 1, skipped: 0, scheduled: 0 });
      expect(await resultsOf(stack, id)).toMatchObject([
        { outcome: 'failed', message: expect.stringContaining('which is the phone number cannot be told') },
      ]);
      ({ id, counts } = await finish(stack, await download(stack, id, 'failed')));
    }
    expect(stack.sandbox.requests).toEqual([]);
    const quoted = row.replace('B, Mr', '"B, Mr"').slice(0, -1);
    expect((await finish(stack, `${header}\n${quoted}\n`)).counts).toMatchObject({ scheduled: 1 });
  });

  it('takes rows that were added, and none that was scheduled once, whatever was done to its outcome', async () => {
    const stack = await startImportStack();
    const changed = [
      scheduled(2).replace('scheduled', ''),
      // The cells behind it move to its place.
      scheduled(3).replace('scheduled,', ''),
    ];
    const rows = [`${numberOf(1)},${time},New`, ...changed];
    const { counts } = await finish(stack, [header, ...rows].join('\n'));
    expect(counts).toMatchObject({ scheduled: 1, skipped: 1, failed: 1 });
    expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(1)]);
  });

  it('is known under the names that Salesforce makes of its columns', async () => {
    const stack = await startImportStack();
    const named = header.replace(/dialgraph_\w+/g, '$&__c');
    expect((await finish(stack, `${named}\n${scheduled(1)}\n`)).counts).toMatchObject({ skipped: 1 });
  });
});
