// What is read of a workbook, cell by cell, and which workbooks are refused, and in which words.

import { describe, expect, it } from 'vitest';
import { ledgerNumbers } from '../harness.ts';
import { cellsOf, encode, read, refusal } from './files.ts';
import { everybody, importFile, numberOf, startImportStack, until } from './importing.ts';
import { sheetOf, workbook } from './workbook-file.ts';

const one = (cells: string, more = {}) =>
  workbook({ sheets: { Leads: `<row r="1">${cells}</row>` }, ...more });
/** The values of cells of one row. Starting a thread for each would cost more than all else. */
const valuesOf = async (cells: readonly string[], more = {}) =>
  (await cellsOf(one(cells.map((cell) => `<c${cell}</c>`).join(''), more)))[0];

describe('a workbook', () => {
  it('has texts that are shared, in the cell, in several runs, with pronunciation beside them, or calculated', async () => {
    const cells = [
      '<c r="A1" t="s"><v>0</v></c>',
      '<c r="B1" t="s"><v>1</v></c>',
      '<c r="C1" t="inlineStr"><is><t>in</t><rPh><t>no</t></rPh><r><t> cell</t></r></is></c>',
      '<c r="D1" t="str"><f>"a"&amp;"b"</f><v>a&amp;b</v></c>',
      '<c r="E1" t="s"><v>2</v></c>',
    ].join('');
    const strings =
      '<si><t>Müller &amp; Söhne</t></si><si><r><t xml:space="preserve">two </t></r><r><rPr><b/></rPr><t>runs</t></r><rPh sb="0" eb="1"><t>silent</t></rPh></si><si><t>a_x000D_b_x005F_x0041_</t></si>';
    const { facts, rows } = await read(one(cells, { strings }));
    expect(rows).toEqual([
      { line: 1, cells: ['Müller & Söhne', 'two runs', 'in cell', 'a&b', 'a\rb_x0041_'] },
    ]);
    expect(facts).toEqual({
      format: 'XLSX',
      gzipped: false,
      encoding: null,
      delimiter: null,
      sheets: ['Leads'],
      sheet: 'Leads',
      otherSheets: [],
      hiddenColumns: [],
    });
  });

  it('has numbers in digits, all of them and no more', async () => {
    const numbers = {
      '919876543210': '919876543210',
      '9.1987654321E+11': '919876543210',
      '9.19876543210123E11': '919876543210.123',
      '9876543210.0': '9876543210',
      '1E+20': '100000000000000000000',
      '12345678901234567': '12345678901234567',
      '1.5E-3': '0.0015',
      '-0': '0',
      '-12.50': '-12.5',
      '19.989999999999998': '19.99',
      '0.30000000000000004': '0.3',
    };
    const cells = Object.keys(numbers).map((raw) => `><v>${raw}</v>`);
    expect(await valuesOf(cells)).toEqual(Object.values(numbers));
  });

  it('has amounts that are no telephone numbers, whatever their digits', async () => {
    const amounts = ['98765432.18', '98765432.1', '987654.3211', '-98765432.18', '9.8765432105E8'];
    const rows = amounts.map(
      (raw) => `<row><c><v>${raw}</v></c><c t="str"><v>2026-11-26 10:00</v></c></row>`,
    );
    const header = '<row><c t="str"><v>Mobile</v></c><c t="str"><v>Call time</v></c></row>';
    const file = workbook({ sheets: { Leads: [header, ...rows].join('') } });
    const stack = await startImportStack();
    const { counts, firstErrors } = await until(stack, await importFile(stack, file), 'FINISHED');
    expect(counts).toMatchObject({ failed: amounts.length, scheduled: 0 });
    expect(firstErrors[0]?.message).toContain('its cell is a number with a fraction');
    expect(firstErrors[0]?.message).not.toContain('98765432');
  });

  it('has dates, times and zeros before a number by number formats', async () => {
    const codes = ['dd\\/mm\\/yyyy\\ hh:mm', '0.00" days"', 'mmmm', '0000000000', '[Red]#,##0_d;General'];
    const cases: [format: number, raw: string, text: string][] = [
      [14, '46357', '2026-12-01'],
      [14, '46357.416666666664', '2026-12-01 10:00:00'],
      [22, '46357.416666666664', '2026-12-01 10:00:00'],
      [22, '46357', '2026-12-01 00:00:00'],
      [22, '46357.99999999', '2026-12-02 00:00:00'],
      [20, '0.4375', '10:30:00'],
      [14, '1', '1900-01-01'],
      [14, '60', '1900-02-29'],
      [14, '61', '1900-03-01'],
      [14, '9999999', '9999999'],
      [14, '-5', '-5'],
      [1, '46357', '46357'],
      [164, '46357.4375', '2026-12-01 10:30:00'],
      [165, '46357', '46357'],
      [166, '46357', '2026-12-01'],
      [167, '987654321', '0987654321'],
      [168, '46357', '46357'],
    ];
    const defined = codes.map(
      (code, n) => `<numFmt numFmtId="${164 + n}" formatCode="${code.replaceAll('"', '&quot;')}"/>`,
    );
    const used = cases.map(([format]) => `<xf numFmtId="${format}"/>`);
    const styles = `<numFmts>${defined.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${used.join('')}</cellXfs>`;
    const cells = cases.map(([, raw], n) => ` s="${n}"><v>${raw}</v>`);
    expect(await valuesOf(cells, { styles })).toEqual(cases.map(([, , text]) => text));
  });

  it('counts days from 1904 where it says so', async () => {
    const styles = '<cellXfs><xf numFmtId="22"/></cellXfs>';
    const cells = [' s="0"><v>44895.416666666664</v>', ' s="0"><v>0</v>'];
    expect(await valuesOf(cells, { styles, date1904: true })).toEqual([
      '2026-12-01 10:00:00',
      '1904-01-01 00:00:00',
    ]);
  });

  it('has truths, errors, dates in ISO form, and cells of nothing but a style', async () => {
    const cells =
      '<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c><c r="C1" t="d"><v>2026-12-01T10:00:00</v></c><c r="D1" t="b"><v>0</v></c><c r="F1" s="3"/>';
    expect(await cellsOf(one(cells))).toEqual([['TRUE', '#N/A', '2026-12-01T10:00:00', 'FALSE']]);
  });

  it('may leave out rows, cells and places', async () => {
    const sheets = {
      Leads:
        '<row r="3"><c r="B3"><v>1</v></c><c r="AB3"><v>2</v></c></row><row><c><v>3</v></c><c r="D4"/><c><v>4</v></c></row><row r="9"><c r="A9" t="inlineStr"><is><t> </t></is></c></row><row r="12"/>',
    };
    const { rows } = await read(workbook({ sheets }));
    expect(rows).toEqual([
      { line: 3, cells: ['', '1', ...Array.from({ length: 25 }, () => ''), '2'] },
      { line: 4, cells: ['3', '', '', '', '4'] },
    ]);
  });

  it('has the rows that are seen, where those without cells are not', async () => {
    const data = '<row r="1" ht="15" customHeight="1"><c><v>1</v></c></row><row r="3"><c><v>2</v></c></row>';
    const sheet = `<worksheet><sheetFormatPr defaultRowHeight="15" zeroHeight="1"/><sheetData>${data}</sheetData></worksheet>`;
    const files = { 'xl/worksheets/sheet1.xml': encode(sheet, 'utf-8') };
    expect(await cellsOf(workbook({ sheets: { Leads: '' }, files }))).toEqual([['1'], ['2']]);
  });

  it('may have several sheets, of which the first that is seen is read, or the one that is named', async () => {
    const parts = { sheets: { Notes: '<row><c><v>1</v></c></row>', Leads: '<row><c><v>2</v></c></row>' } };
    const seen = await read(workbook({ ...parts, hidden: ['Notes'] }));
    expect(seen).toMatchObject({
      facts: { sheets: ['Notes', 'Leads'], sheet: 'Leads' },
      rows: [{ cells: ['2'] }],
    });
    const named = await read(workbook(parts), { sheet: 'Notes' });
    expect(named).toMatchObject({ facts: { sheet: 'Notes' }, rows: [{ cells: ['1'] }] });
    expect(await refusal(workbook(parts), { sheet: 'leads' })).toEqual({
      kind: 'UNKNOWN_SHEET',
      line: null,
      message: 'The workbook has no sheet of that name. It has: "Notes", "Leads".',
    });
  });

  it('may begin with empty sheets, and is empty where all that are seen are', async () => {
    const blank = '<row r="1"><c r="A1" s="1"/><c r="B1" t="s"><v>0</v></c></row>';
    const sheets = { Cover: '', Blank: blank, Leads: '<row><c t="s"><v>1</v></c></row>' };
    const parts = { sheets, strings: '<si><t> </t></si><si><t>a</t></si>' };
    expect(await read(workbook(parts))).toMatchObject({
      facts: { sheets: ['Cover', 'Blank', 'Leads'], sheet: 'Leads' },
      rows: [{ line: 1, cells: ['a'] }],
    });
    expect(await refusal(workbook(parts), { sheet: 'Blank' })).toMatchObject({ kind: 'EMPTY' });
    expect(await refusal(workbook({ ...parts, hidden: ['Leads'] }))).toMatchObject({ kind: 'EMPTY' });
  });

  it('may have names with prefixes, and XML in UTF-16', async () => {
    const sheet =
      '<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="m"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>ü</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>';
    const files = { 'xl/worksheets/sheet1.xml': encode(sheet, 'utf-16le', true) };
    expect(await cellsOf(workbook({ sheets: { Leads: '' }, files }))).toEqual([['ü']]);
  });

  it('comes in batches, more than the thread is ahead', async () => {
    const rows = Array.from({ length: 4321 }, (_, n) => [`row ${n}`, '', String(n)]);
    expect(await cellsOf(workbook(sheetOf(rows, true)))).toEqual(rows);
  });
});

describe('a workbook of several sheets', () => {
  const header = ['Phone', 'Call time', 'Name'];
  const lead = (n: number) => [numberOf(n), '2026-11-26 10:00', 'Lead'];
  const book = (sheets: Record<string, string[][]>, hidden?: string[]) => {
    const contents = Object.entries(sheets).map(([name, rows]) => [name, sheetOf(rows, false).sheets.Sheet1]);
    return workbook({ sheets: Object.fromEntries(contents), ...(hidden && { hidden }) });
  };
  const file = book({ Cover: [['Leads of May']], Berlin: [header, lead(1)], Pune: [header, lead(2)] });

  it('is asked which of them is read, where several have rows', async () => {
    const stack = await startImportStack();
    const id = await importFile(stack, file);
    const { decisions, preview } = await until(stack, id, 'READY');
    expect(decisions).toEqual(['SHEET']);
    expect(preview).toMatchObject({ sheets: ['Cover', 'Berlin', 'Pune'], sheet: 'Berlin' });
    expect(preview?.problems).toMatchObject([
      {
        kind: 'OTHER_SHEETS',
        message: expect.stringContaining('"Berlin" is the first, and nobody of "Pune"'),
      },
    ]);
    await stack.imports.confirm(id, { sheet: 'Pune' }, everybody);
    const { preview: now } = await until(stack, id, 'FINISHED');
    expect(now).toMatchObject({ sheet: 'Pune', problems: [] });
    expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(2)]);
  });

  it('is not asked where it was said, or the others are hidden, or have a row of names alone', async () => {
    const stack = await startImportStack();
    await until(stack, await importFile(stack, file, { sheet: 'Berlin' }), 'FINISHED');
    const others = { Berlin: [header, lead(2)], Pune: [header, lead(3)], Empty: [header] };
    await until(stack, await importFile(stack, book(others, ['Pune'])), 'FINISHED');
    expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(1), numberOf(2)]);
  });

  it('is read where rows stand below a header, and is empty with the names of its sheets', async () => {
    const stack = await startImportStack();
    await until(stack, await importFile(stack, book({ New: [header], Old: [header, lead(1)] })), 'FINISHED');
    expect(ledgerNumbers(stack.sandbox)).toEqual([numberOf(1)]);
    const empty = await importFile(stack, book({ New: [header], Old: [header, lead(1)] }), { sheet: 'New' });
    expect((await until(stack, empty, 'FAILED')).failure).toMatchObject({
      kind: 'EMPTY',
      message: expect.stringMatching(/^The sheet "New" has a header, and no row .* has: "New", "Old"\.$/),
    });
  });

  it('is asked for the sheet of a single row without a header, too', async () => {
    const stack = await startImportStack();
    const id = await importFile(stack, book({ New: [lead(1)], Old: [header, lead(2)] }));
    expect(await until(stack, id, 'READY')).toMatchObject({
      decisions: ['SHEET', 'PHONE_NUMBER_COLUMN', 'SCHEDULED_TIME_COLUMN'],
      preview: { sheet: 'New' },
    });
  });
});
