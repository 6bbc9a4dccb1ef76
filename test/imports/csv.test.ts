// What is read of text files: encodings, delimiters, quotes and line ends, found out or told.

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cellsOf, encode, read, refusal } from './files.ts';

const table = [
  ['Name', 'Ort'],
  ['Müller', 'Köln'],
  ['Strauß', 'Zürich – „See“'],
];
const text = table.map((cells) => cells.join(';')).join('\r\n');
const ascii = Array.from({ length: 5000 }, (_, n) => `Person ${n};Town ${n}`).join('\n');

it.each(['\x1a', '\r\n\x1a\x1a'])('the end mark of DOS is no row: %j', async (end) => {
  expect(await cellsOf(`a,b\r\nc\x1a,d${end}`)).toEqual([
    ['a', 'b'],
    ['c\x1a', 'd'],
  ]);
  expect(await cellsOf(`{"a":"b"}\n${end}`)).toEqual([['a'], ['b']]);
});

describe('an encoding', () => {
  it.each([
    ['utf-8', encode(text, 'utf-8')],
    ['utf-8', encode(text, 'utf-8', true)],
    ['utf-16le', encode(text, 'utf-16le', true)],
    ['utf-16le', encode(text, 'utf-16le')],
    ['utf-16be', encode(text, 'utf-16be', true)],
    ['utf-16be', encode(text, 'utf-16be')],
    ['windows-1252', encode(text, 'windows-1252')],
  ])('is found out: %s', async (encoding, bytes) => {
    const { facts, rows } = await read(bytes);
    expect(facts).toMatchObject({ encoding, delimiter: ';', format: 'CSV', gzipped: false });
    expect(rows.map(({ cells }) => cells)).toEqual(table);
    expect(await read(gzipSync(bytes))).toEqual({ facts: { ...facts, gzipped: true }, rows });
  });

  it('is decided over the whole file', async () => {
    for (const encoding of ['windows-1252', 'utf-8'] as const) {
      const { facts, rows } = await read(encode(`${ascii}\n€ ü;x`, encoding));
      expect(facts.encoding).toBe(encoding);
      expect(rows.at(-1)).toEqual({ line: 5001, cells: ['€ ü', 'x'] });
    }
  });

  it('is refused where it is two, none, or another than is said', async () => {
    const mixed = Buffer.concat([encode(`${ascii}\nü;x\n`, 'utf-8'), encode('ü;x', 'windows-1252')]);
    expect(await refusal(mixed)).toEqual({
      kind: 'WRONG_ENCODING',
      line: 5002,
      message:
        'Line 5001 is in UTF-8 and line 5002 is not: the file was put together from several. Save it as "CSV UTF-8", or say which encoding all of it has.',
    });
    expect(await cellsOf(mixed, { encoding: 'windows-1252' })).toContainEqual(['Ã¼', 'x']);
    expect(await refusal(encode(text, 'windows-1252'), { encoding: 'utf-8' })).toMatchObject({
      kind: 'WRONG_ENCODING',
      line: 2,
    });
    expect(await refusal(encode(text, 'utf-8', true), { encoding: 'windows-1252' })).toMatchObject({
      kind: 'WRONG_ENCODING',
      line: 1,
    });
    expect(await refusal(Buffer.from('a;b\n\x81\x9d;\xfc', 'latin1'))).toMatchObject({
      kind: 'WRONG_ENCODING',
      line: 2,
    });
    expect(await refusal(Buffer.from('fffe000061000000', 'hex'))).toMatchObject({ kind: 'WRONG_ENCODING' });
    expect(await refusal(encode('a;ü', 'utf-8').subarray(0, -1))).toMatchObject({ kind: 'CORRUPT' });
    expect(await refusal(encode(text, 'utf-16le').subarray(0, -1))).toMatchObject({ kind: 'CORRUPT' });
    expect(await refusal(encode('a;b\nc\0;d', 'utf-16le', true))).toMatchObject({ kind: 'NOT_A_TABLE' });
    expect(await refusal(`${ascii}\na\0;b`)).toMatchObject({ kind: 'NOT_A_TABLE', line: 5001 });
  });
});

describe('a delimiter', () => {
  it.each([
    [
      ',',
      'CSV',
      'a,b\n"1,5",2\n3,4',
      [
        ['a', 'b'],
        ['1,5', '2'],
        ['3', '4'],
      ],
    ],
    [
      ';',
      'CSV',
      'name;price;town\nDoe, John;1,5;Bonn\nRoe, Jane;2,5;Köln',
      [
        ['name', 'price', 'town'],
        ['Doe, John', '1,5', 'Bonn'],
        ['Roe, Jane', '2,5', 'Köln'],
      ],
    ],
    [
      '\t',
      'TSV',
      'a\tb c\n1\t2, 3',
      [
        ['a', 'b c'],
        ['1', '2, 3'],
      ],
    ],
    [
      '|',
      'CSV',
      'a|b\n1|2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [null, 'CSV', 'phone\n9876543210', [['phone'], ['9876543210']]],
    [
      ';',
      'CSV',
      'sep=;\r\na;b,c\r\n1,1;2',
      [
        ['a', 'b,c'],
        ['1,1', '2'],
      ],
    ],
    [
      ',',
      'CSV',
      'Leads of November\n\na,b,c\n1,2,3\n4,5,6',
      [['Leads of November'], ['a', 'b', 'c'], ['1', '2', '3'], ['4', '5', '6']],
    ],
  ])('is found out: %j', async (delimiter, format, content, cells) => {
    const { facts, rows } = await read(content);
    expect(facts).toMatchObject({ delimiter, format });
    expect(rows.map((row) => row.cells)).toEqual(cells);
  });

  it('may be told', async () => {
    expect(await cellsOf('a;b,c\n', { delimiter: ',' })).toEqual([['a;b', 'c']]);
    expect(await cellsOf('[1];b\n', { delimiter: ';' })).toEqual([['[1]', 'b']]);
  });

  it('is refused where it changes', async () => {
    const changed = 'phone,time,name\n1,2,3\n4,5,6\n7;8;9\n10;11;12\n';
    expect(await refusal(changed)).toEqual({
      kind: 'DELIMITER_CHANGED',
      line: 4,
      message:
        'Up to line 4 columns are set apart by commas, and from there by semicolons: write the file with one delimiter.',
    });
    for (const rows of ['A;1;2;3\nB;4;5;6\n', '"A";1;2;3\nB;4;5;6\n'])
      expect(await refusal(`Name,Phone,Phone2,Call time\n${rows}`)).toMatchObject({
        kind: 'DELIMITER_CHANGED',
        line: 2,
        message: expect.stringMatching(/^Up to line 2 .* apart by commas, and from there by semicolons:/),
      });
    const two = `phone,time\n${'1,2\n'.repeat(9)}`;
    expect(await refusal(`${two}3;4\n5;6\n`)).toMatchObject({ kind: 'DELIMITER_CHANGED', line: 11 });
    expect(await cellsOf(`${two}3;4\n5,6\n`)).toHaveLength(12);
    expect(await refusal('sep=^\na^b')).toMatchObject({ kind: 'NOT_A_TABLE', line: 1 });
  });
});

describe('rows that are quoted as a whole', () => {
  const rows = (mark: string) => [1, 2].map((n) => `"Asha${mark}981000000${n}${mark}2026-12-05 10:00"`);
  const header = 'Name,Phone,Call time';

  it.each([
    ['below a header', 2, [header, ...rows(',')]],
    ['with another delimiter', 2, [header, ...rows(';')]],
    ['with their header', 1, [`"${header}"`, ...rows(',')]],
    ['below good rows', 3, [header, rows(',')[0]?.replaceAll('"', ''), ...rows(',')]],
  ])('are refused: %s', async (_, line, lines) => {
    const told = await refusal(lines.join('\n'));
    expect(told).toMatchObject({ kind: 'ROWS_QUOTED', line });
    expect(told.message).toContain('stands in quotes as a whole');
  });

  it('are none where a title or one row is quoted', async () => {
    const titles = '"Leads, May, 2026"\n"Pune, Nashik, Thane"\n';
    expect(await cellsOf(`${titles}${header}\n${rows(',')[0]}\n"A","1","2"\n`)).toHaveLength(5);
  });
});

describe('rows', () => {
  it.each(['\n', '\r\n', '\r'])('may end in %j', async (end) => {
    const { rows } = await read(['a,b', '1,"x', 'y"', '', '2,', '"3", "4" ,5', ''].join(end));
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', `x${end}y`] },
      { line: 5, cells: ['2'] },
      { line: 6, cells: ['3', '4', '5'] },
    ]);
  });

  it('may have mixed ends, quotes within cells, and empty cells and rows at the end', async () => {
    const { rows } = await read('a,b,c\r\n1,5" pipe,"say ""hi"""\n2, ,\r,,,,\n"","",""\r\n  \n,3\n,,,\n');
    expect(rows).toEqual([
      { line: 1, cells: ['a', 'b', 'c'] },
      { line: 2, cells: ['1', '5" pipe', 'say "hi"'] },
      { line: 3, cells: ['2'] },
      { line: 7, cells: ['', '3'] },
    ]);
  });

  it('are refused where a quote is not closed, with its line', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n},name ${n}`);
    rows[999] = '999,"name';
    expect(await refusal(rows.join('\n'))).toEqual({
      kind: 'UNCLOSED_QUOTE',
      line: 1000,
      message:
        'A quote (") begins a cell in line 1000, and none ends it within 65536 bytes: close it, or write "" where the quote is a part of the text.',
    });
    expect(await refusal('a,b\n1,"x\n2,y')).toMatchObject({ kind: 'UNCLOSED_QUOTE', line: 2 });
    expect(await refusal('a,b\n1,"x\n2,"y"\n')).toMatchObject({ kind: 'UNCLOSED_QUOTE', line: 2 });
  });

  it('are refused beyond the limits', async () => {
    expect(await refusal(`a,b\n1,${'x'.repeat(2000)}`, {}, { rowBytes: 1000 })).toMatchObject({
      kind: 'ROW_TOO_LONG',
      line: 2,
    });
    expect(await refusal(`a,b\n1,"${'ü'.repeat(501)}"`, {}, { rowBytes: 1000 })).toMatchObject({
      kind: 'ROW_TOO_LONG',
      line: 2,
    });
    expect(await refusal('x'.repeat(100_000))).toMatchObject({ kind: 'ROW_TOO_LONG', line: 1 });
    expect(await refusal('a,b\n1,2,3,4', {}, { columns: 3 })).toMatchObject({
      kind: 'TOO_MANY_COLUMNS',
      line: 2,
    });
    expect(await cellsOf('a,b\n1,2,3,,,,', {})).toHaveLength(2);
    const rows = (count: number) => `a,b\n${'1,2\n\n'.repeat(count)}`;
    expect((await read(rows(700), {}, { rows: 700 })).rows).toHaveLength(701);
    expect(await refusal(rows(701), {}, { rows: 700 })).toEqual({
      kind: 'TOO_MANY_ROWS',
      line: 1402,
      message: 'The file has more than 700 rows: split it into several.',
    });
    expect(await refusal('x,y\n'.repeat(1000), {}, { decodedBytes: 3999 })).toMatchObject({
      kind: 'TOO_LARGE',
    });
  });
});

describe('JSON lines', () => {
  it('have their names as columns, and numbers as they are written', async () => {
    const lines = [
      '{"phone": 9.19877E+11, "n": 12345678901234567890, "note": "5 \\"x\\" 1e5", "ok": true, "none": null}',
      '',
      '{"late": "x", "phone": "9876543210", "tags": ["a", 1], "n": 5.0}',
    ];
    const { facts, rows } = await read(lines.join('\r\n'));
    expect(facts).toMatchObject({ format: 'JSONL', delimiter: null, encoding: 'utf-8' });
    expect(rows).toEqual([
      { line: 0, cells: ['phone', 'n', 'note', 'ok', 'none', 'late', 'tags'] },
      { line: 1, cells: ['9.19877E+11', '12345678901234567890', '5 "x" 1e5', 'true'] },
      { line: 3, cells: ['9876543210', '5.0', '', '', '', 'x', '["a",1]'] },
    ]);
  });

  it('may be arrays', async () => {
    expect(await cellsOf('["a","b"]\n[1.50,null,""]\n[null,2]')).toEqual([['a', 'b'], ['1.50'], ['', '2']]);
  });

  it.each([
    ['{"a":1}\n{"a":2},', 2],
    ['[\n{"a":1}\n]', 1],
    ['{"a":1}\n[1]', 2],
    ['{"a":1}\n"x"', 2],
    [`{"b":1,"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 1],
  ])('are refused where a line is none of its own: %#', async (content, line) => {
    expect(await refusal(content)).toMatchObject({ kind: 'INVALID_JSON', line });
  });

  it('are refused beyond the limits', async () => {
    expect(await refusal('{"a":1}\n{"b":1,"c":2}', {}, { columns: 2 })).toMatchObject({
      kind: 'TOO_MANY_COLUMNS',
      line: 2,
    });
    expect(await refusal('[1,2,3]', {}, { columns: 2 })).toMatchObject({ kind: 'TOO_MANY_COLUMNS', line: 1 });
    expect(await refusal(`{"a":1}\n{"a":"${'x'.repeat(70_000)}`)).toMatchObject({
      kind: 'ROW_TOO_LONG',
      line: 2,
    });
  });
});
