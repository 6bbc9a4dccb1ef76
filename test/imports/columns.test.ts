// How many columns a file may have, and that too many are told to be that.

import { expect, it } from 'vitest';
import { cellsOf, limits, refusal } from './files.ts';
import { workbook } from './workbook-file.ts';

const names = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`);
const tooMany = {
  kind: 'TOO_MANY_COLUMNS',
  line: 1,
  message: 'Line 1 has 300 columns; 200 is the most. Leave out those that are not needed.',
};

it.each([
  [',', (name: string) => name],
  [';', (name: string) => `"${name}"`],
  ['\t', (name: string) => `"${name}"`],
])(
  'too many columns are told to be that where nobody says what sets them apart: %j',
  async (delimiter, cell) => {
    const row = names(300).map(cell).join(delimiter);
    expect(await refusal(`${row}\n${row}\n`)).toEqual(tooMany);
    expect(await refusal(row)).toEqual(tooMany);
  },
);

it('a text with many commas is no row of many columns where another delimiter is found', async () => {
  const note = 'a,'.repeat(300);
  expect(await cellsOf(`phone;note\n1;${note}\n2;y`)).toEqual([
    ['phone', 'note'],
    ['1', note],
    ['2', 'y'],
  ]);
});

it('blank cells at the end of a row are no columns', async () => {
  const blank = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? ' ' : ''));
  const row = ['phone', 'name', ...blank];
  expect(await cellsOf(row.join(','))).toEqual([['phone', 'name']]);
  expect(await cellsOf(JSON.stringify(row))).toEqual([['phone', 'name']]);
  const far = `<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" t="str"><v> </v></c></row>`;
  expect(await cellsOf(workbook({ sheets: { Leads: far } }))).toEqual([['1']]);
  expect(await cellsOf(names(limits.columns).join(','))).toEqual([names(limits.columns)]);
});
