// Which column is which, said in several steps: no step undoes another.

import { expect, it } from 'vitest';
import { ConfirmImportDocument, type ConfirmImportInput } from '../gql/graphql.ts';
import { ledgerNumbers, type Stack } from '../harness.ts';
import { importFile, numberOf, payloadOf, started, startImportStack, until } from './importing.ts';
import { workbook } from './workbook-file.ts';

type Mapping = NonNullable<ConfirmImportInput['mapping']>;

const phone = (column: string) => ({ column, field: 'PHONE_NUMBER' as const });
const time = (column: string) => ({ column, field: 'SCHEDULED_TIME' as const });

const file = `Phone Number,Mobile,When\n${numberOf(1)},${numberOf(2)},2026-11-26 10:00:00\n`;

async function confirm(stack: Stack, id: string, input: Omit<ConfirmImportInput, 'id'>) {
  return (await stack.send(ConfirmImportDocument, { input: { id, ...input } })).confirmImport;
}

async function confirmed(stack: Stack, id: string, mapping: Mapping): Promise<void> {
  payloadOf(await confirm(stack, id, { mapping }));
}

it.each<[string, Mapping, Mapping, number]>([
  ['another column', [phone('Mobile')], [time('When')], 2],
  ['by its place', [phone('#2')], [phone('mobile '), time('When')], 2],
  ['the same field', [phone('Mobile')], [phone('Phone Number'), time('#3')], 1],
  ['the same column', [{ column: '#1' }, phone('Mobile')], [{ column: 'Phone Number' }, time('When')], 2],
  ['what is left out', [{ column: 'Phone Number' }], [phone('Mobile'), time('When')], 2],
  ['a column that is not there', [phone('Mobil')], [phone('Mobile'), time('When')], 2],
  ['a wrong leaving out', [{ column: 'Fax' }, phone('Mobile')], [{ column: 'fax' }, time('When')], 2],
])('a later choice leaves what it does not name as it was: %s', async (_, first, second, called) => {
  const stack = await startImportStack();
  const id = await importFile(stack, file, { mapping: first });
  await until(stack, id, 'READY');
  await confirmed(stack, id, second);
  await until(stack, id, 'FINISHED');
  expect(ledgerNumbers(stack.sandbox).map((number) => number.slice(-10))).toEqual([numberOf(called)]);
});

it('keeps the choices of three confirmations', async () => {
  const stack = await startImportStack();
  const id = await importFile(stack, file);
  await until(stack, id, 'READY');
  await confirmed(stack, id, [phone('Mobile')]);
  expect((await until(stack, id, 'READY')).decisions).toEqual(['SCHEDULED_TIME_COLUMN']);
  await confirmed(stack, id, [{ column: 'Phone Number', field: 'REFERENCE' }]);
  await until(stack, id, 'READY');
  await confirmed(stack, id, [time('When')]);
  const { mapping } = await until(stack, id, 'FINISHED');
  expect(mapping.map(({ field }) => field)).toEqual(['REFERENCE', 'PHONE_NUMBER', 'SCHEDULED_TIME']);
  expect(ledgerNumbers(stack.sandbox).map((number) => number.slice(-10))).toEqual([numberOf(2)]);
});

it('does not guess again what a column is whose field another one is given', async () => {
  const stack = await startImportStack();
  const id = await importFile(stack, file, { mapping: [{ column: 'Phone Number', field: 'REFERENCE' }] });
  await until(stack, id, 'READY');
  await confirmed(stack, id, [{ column: 'Mobile', field: 'REFERENCE' }, time('When')]);
  expect((await until(stack, id, 'READY')).decisions).toEqual(['PHONE_NUMBER_COLUMN']);
  expect(stack.sandbox.requests).toEqual([]);
});

it('asks again for a column by its place where other columns will be read', async () => {
  const stack = await startImportStack();
  const id = await importFile(stack, file, { mapping: [phone('#2')] });
  await until(stack, id, 'READY');
  expect(await confirm(stack, id, { delimiter: 'SEMICOLON', mapping: [time('When')] })).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['input', 'mapping'], message: expect.stringContaining('what #2 is') }],
  });
});

it('names the sheets there are where it is told another one', async () => {
  const stack = await startImportStack();
  const row = ['Phone', 'When'].map((name) => `<c t="inlineStr"><is><t>${name}</t></is></c>`).join('');
  const sheet = `<row>${row}</row><row><c><v>9812345678</v></c><c><v>46000</v></c></row>`;
  const bytes = Buffer.from(workbook({ sheets: { Notes: sheet, Leads: sheet } }));
  const { id, uploadUrl } = await started(stack, '', {
    fileSize: bytes.length,
    start: 'AFTER_REVIEW',
  });
  await fetch(new URL(uploadUrl ?? '', stack.url), { method: 'PUT', body: bytes });
  await until(stack, id, 'READY');
  expect(await confirm(stack, id, { sheet: 'leads' })).toMatchObject({
    __typename: 'InvalidInputError',
    issues: [{ path: ['input', 'sheet'], message: expect.stringContaining('"Notes", "Leads"') }],
  });
  expect(payloadOf(await confirm(stack, id, { sheet: 'Leads' })).state).toBe('CHECKING');
  await until(stack, id, 'READY');
});
