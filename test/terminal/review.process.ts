// What `dialgraph import` says where something is to be decided, and what the person is told to do next.

import { expect, it } from 'vitest';
import { csvOf, importFile, numberOf, startImportStack, until } from '../imports/importing.ts';
import { workbook } from '../imports/workbook-file.ts';
import { campaign, dialgraph, fileOf } from './command.ts';

const undecided = `Phone Number,Mobile,When\n${numberOf(1)},${numberOf(2)},2026-11-26 10:00:00\n`;

it('keeps what was chosen in one step in the next', async () => {
  const stack = await startImportStack();
  const first = dialgraph(stack, ['import', fileOf(undecided), ...campaign, '--map', 'Mobile=phoneNumber']);
  expect([await first.exited, first.output()]).toEqual([
    1,
    expect.stringContaining('To be decided: scheduled time column'),
  ]);
  const [, id = ''] = /dialgraph import --resume (\S+)/.exec(first.output()) ?? [];
  const second = dialgraph(stack, ['import', '--resume', id, '--map', 'When=scheduledTime']);
  expect([await second.exited, second.output()]).toEqual([0, expect.stringContaining('1 scheduled')]);
  expect(stack.sandbox.ledger.map(({ phoneNumber }) => phoneNumber.slice(-10))).toEqual([numberOf(2)]);
});

it('tells how a dry run that needs decisions is run again', async () => {
  const stack = await startImportStack();
  const file = fileOf(undecided, 'my leads.csv');
  const args = ['import', file, ...campaign, '--dry-run', '--map', 'Mobile=phoneNumber', '--skip-duplicates'];
  const { output, exited } = dialgraph(stack, args);
  expect(await exited).toBe(3);
  expect(output()).not.toContain('--resume');
  expect(output()).toContain(
    `Then: dialgraph import '${file}' --campaign Sales_Demo --dry-run --map Mobile=phoneNumber --skip-duplicates --map`,
  );
  const list = dialgraph(stack, ['imports']);
  expect([await list.exited, list.output()]).toEqual([0, expect.stringContaining('its rows were not read')]);
  expect(list.output()).not.toContain('being read');
});

it('says why a column is asked for, and takes it that it is left out', async () => {
  const stack = await startImportStack();
  const file = fileOf(`Country,Phone Number,Scheduled Time\nNepal,${numberOf(1)},2026-11-26 10:00:00\n`);
  const first = dialgraph(stack, ['import', file, ...campaign]);
  expect(await first.exited).toBe(1);
  expect(first.output()).toContain('Column 1, Country, seems to be a part of the phone number');
  expect(first.output()).toContain('or nothing at all>');
  const [, id = ''] = /dialgraph import --resume (\S+)/.exec(first.output()) ?? [];
  const second = dialgraph(stack, ['import', '--resume', id, '--map', 'Country=']);
  expect([await second.exited, second.output()]).toEqual([0, expect.stringContaining('1 scheduled')]);
});

it('asks for no columns where rows have errors', async () => {
  const stack = await startImportStack();
  const file = fileOf(csvOf(2, (n) => `${n === 1 ? '12' : numberOf(n)},2026-11-26 10:00:00,x`));
  const { output, exited } = dialgraph(stack, [
    'import',
    file,
    ...campaign,
    '--dry-run',
    '--reject-everything',
  ]);
  expect([await exited, output()]).toEqual([3, expect.stringContaining('To be decided: errors.')]);
  expect(output()).toContain('leave --reject-everything out');
  expect(output()).not.toContain('--map');
});

it('names a column that the file does not have', async () => {
  const stack = await startImportStack();
  const { output, exited } = dialgraph(stack, [
    'import',
    fileOf(csvOf(1)),
    ...campaign,
    '--map',
    'Mobil=phoneNumber',
  ]);
  expect([await exited, output()]).toEqual([1, expect.stringContaining('The file has no column Mobil,')]);
  expect(output()).toContain('#1 PhoneNumber:');
});

it('says that what was changed waits to be confirmed', async () => {
  const stack = await startImportStack();
  const id = await importFile(stack, csvOf(1), { start: 'AFTER_REVIEW' });
  await until(stack, id, 'READY');
  for (const _ of [1, 2]) {
    const changed = dialgraph(stack, ['import', '--resume', id, '--date-format', 'DAY_MONTH_YEAR']);
    expect([await changed.exited, changed.output()]).toEqual([
      1,
      expect.stringContaining(
        `Nothing is sent yet: it waits to be confirmed. To send it: dialgraph import --resume ${id}`,
      ),
    ]);
  }
  expect(stack.sandbox.requests).toEqual([]);
});

it('asks for the sheet, and takes it', async () => {
  const stack = await startImportStack();
  const rows = [
    ['Phone', 'Call time'],
    [numberOf(1), '2026-11-26 10:00'],
  ].map((cells) => `<row>${cells.map((text) => `<c t="str"><v>${text}</v></c>`).join('')}</row>`);
  const file = fileOf(workbook({ sheets: { May: rows.join(''), June: rows.join('') } }));
  const first = dialgraph(stack, ['import', file, ...campaign]);
  expect([await first.exited, first.output()]).toEqual([1, expect.stringContaining('nobody of "June"')]);
  const [, id = ''] = /dialgraph import --resume (\S+) --sheet <name>/.exec(first.output()) ?? [];
  const second = dialgraph(stack, ['import', '--resume', id, '--sheet', 'June']);
  expect([await second.exited, second.output()]).toEqual([0, expect.stringContaining('1 scheduled')]);
});
