// Files that are no table, broken, or made to harm: each is refused by name, with what to do, before it takes memory.

import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readFile } from '../../src/imports/files/read-file.ts';
import { encode, limits, refusal, writeBytes } from './files.ts';
import { sheetOf, workbook, workbookFiles } from './workbook-file.ts';

const leads = sheetOf([['Phone'], ['9876543210']], true);
const good = workbook(leads);
const row = '<row r="1"><c r="A1"><v>1</v></c></row>';
const sheet = (data: string) => workbook({ sheets: { Leads: data } });

/** An OLE file of one sector of streams' names. */
const ole = (name: string) =>
  Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(504),
    Buffer.from(name, 'utf16le'),
    Buffer.alloc(600),
  ]);

/** The directory says that its last file, of the given size, has another one. */
function lie(size: number, told: number): Uint8Array {
  const zip = Buffer.from(
    zipSync({
      ...workbookFiles({ sheets: { Leads: row } }),
      'xl/worksheets/sheet1.xml': strToU8('x'.repeat(size)),
    }),
  );
  const entry = zip.lastIndexOf('xl/worksheets/sheet1.xml') - 46;
  expect(zip.readUInt32LE(entry + 24)).toBe(size);
  zip.writeUInt32LE(told, entry + 24);
  return zip;
}

describe('a file', () => {
  it.each<[string, string, Uint8Array | string, RegExp]>([
    ['nothing', 'EMPTY', '', /has no bytes/],
    ['blank lines', 'EMPTY', '\n \n,,,\n', /has no rows/],
    ['a byte order mark alone', 'EMPTY', encode('', 'utf-8', true), /has no/],
    ['an empty file in gzip', 'EMPTY', gzipSync(''), /has no bytes/],
    ['a sheet without rows', 'EMPTY', sheet(''), /has no rows/],
    ['an old workbook', 'OLD_EXCEL', ole('Workbook'), /Excel before 2007 \(\.xls\)\. Save it as/],
    [
      'a workbook with a password',
      'ENCRYPTED',
      ole('EncryptedPackage'),
      /with a password: save it without one/,
    ],
    ['an old document', 'NOT_A_TABLE', ole('WordDocument'), /document of Office/],
    ['a PDF', 'NOT_A_TABLE', '%PDF-1.7\n', /is a PDF and no table\. Upload CSV/],
    ['a picture', 'NOT_A_TABLE', Buffer.from('89504e470d0a1a0a', 'hex'), /is a picture/],
    [
      'a web page',
      'NOT_A_TABLE',
      '\n<html><table><tr><td>9876543210</td></tr></table></html>',
      /is a web page/,
    ],
    ['a web page in UTF-16', 'NOT_A_TABLE', encode('<table>', 'utf-16le', true), /is a web page/],
    ['gzip within gzip', 'NOT_A_TABLE', gzipSync(gzipSync('a,b')), /packed by gzip twice/],
    [
      'OpenDocument',
      'NOT_A_TABLE',
      zipSync({ mimetype: strToU8('x'), 'content.xml': strToU8('x') }),
      /\.ods/,
    ],
    ['a document', 'NOT_A_TABLE', zipSync({ 'word/document.xml': strToU8('x') }), /is a document/],
    [
      'an archive',
      'NOT_A_TABLE',
      zipSync({ 'leads.csv': strToU8('a,b') }),
      /ZIP archive and no workbook: unpack it/,
    ],
    [
      'a gzip file that is cut off',
      'CORRUPT',
      gzipSync('a,b\n'.repeat(99)).subarray(0, -9),
      /broken or cut off/,
    ],
    ['a workbook that is cut off', 'CORRUPT', good.subarray(0, -30), /ZIP archive.*cut off/],
    ['two files of one name', 'CORRUPT', twice(), /is in it twice/],
    [
      'a text that is not there',
      'CORRUPT',
      sheet('<row><c t="s"><v>7</v></c></row>'),
      /a text that is not there, in row 1/,
    ],
    [
      'a number that is none',
      'CORRUPT',
      sheet('<row><c><v>x</v></c></row>'),
      /a number that is none, in row 1/,
    ],
    [
      'one cell twice',
      'CORRUPT',
      sheet('<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'),
      /one cell twice/,
    ],
    ['rows in disorder', 'CORRUPT', sheet('<row r="5"/><row r="4"/>'), /row 5, and no row that may follow/],
    ['XML that is none', 'CORRUPT', sheet('<row><c></row>'), /is no XML/],
    ['elements without end', 'CORRUPT', sheet('<a>'.repeat(100)), /elements within elements/],
    [
      'a text without end',
      'CORRUPT',
      sheet(`<row><c t="str"><v>${'x'.repeat(2_000_000)}`),
      /a text or a tag of more than/,
    ],
    ['a document type', 'CORRUPT', doctype(), /a document type/],
    [
      'a hidden row',
      'HIDDEN_ROWS',
      sheet(`${row}<row r="2" hidden="1"><c r="A2"><v>2</v></c></row>`),
      /Row 2 is hidden/,
    ],
    [
      'a row of no height',
      'HIDDEN_ROWS',
      sheet(`${row}<row r="2" ht="0" customHeight="1"><c r="A2"><v>2</v></c></row>`),
      /Row 2 is hidden/,
    ],
  ])('of %s is refused', async (_, kind, bytes, message) => {
    const told = await refusal(bytes);
    expect(told).toMatchObject({ kind, message: expect.stringMatching(message) });
    expect(told.message).toMatch(/[A-Z].*\.$/s);
  });

  it('that unpacks to more than is allowed is refused before it does', async () => {
    const blank = Buffer.alloc(20_000_000, ' ');
    expect(await refusal(gzipSync(blank))).toEqual({
      kind: 'TOO_LARGE',
      line: null,
      message: 'The file has more than 8000000 bytes when it is unpacked: split it into several.',
    });
    const files = { 'xl/worksheets/sheet1.xml': blank };
    expect(await refusal(workbook({ sheets: { Leads: '' }, files }))).toMatchObject({
      kind: 'TOO_LARGE',
      message: expect.stringMatching(
        /^The workbook has 2000\d{4} bytes when it is unpacked; 8000000 is the most/,
      ),
    });
  });

  it('whose directory lies about sizes is refused, be it for more or for less', async () => {
    for (const bytes of [lie(9_000_000, 1000), lie(5000, 1000), lie(1000, 5000)])
      expect(await refusal(bytes)).toMatchObject({ kind: 'CORRUPT' });
  });

  it('with a byte that flipped is refused by its checksum', async () => {
    const stored = Buffer.from(zipSync(workbookFiles({ sheets: { Leads: row } }), { level: 0 }));
    stored.write('7', stored.indexOf('<v>1</v>') + 3);
    expect(await refusal(stored)).toMatchObject({
      kind: 'CORRUPT',
      message: expect.stringContaining('checksum'),
    });
  });

  it('of a workbook beyond the limits is refused', async () => {
    const long = 'x'.repeat(600);
    const rows = sheetOf([['a'], [long, long]], true);
    expect(await refusal(workbook(rows), {}, { rowBytes: 1000 })).toMatchObject({
      kind: 'ROW_TOO_LONG',
      line: 2,
    });
    const wide = sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>');
    expect(await refusal(wide)).toMatchObject({ kind: 'TOO_MANY_COLUMNS', line: 1 });
    const many = sheetOf(
      Array.from({ length: 700 }, () => ['1']),
      false,
    );
    expect(await refusal(workbook(many), {}, { rows: 600 })).toMatchObject({
      kind: 'TOO_MANY_ROWS',
      line: 602,
    });
  });

  it('is given up when it is told to be', async () => {
    const many = workbook(
      sheetOf(
        Array.from({ length: 5000 }, () => ['1']),
        false,
      ),
    );
    for (const bytes of [many, gzipSync(many), 'a,b\n'.repeat(5000)]) {
      const stop = new AbortController();
      const { rows } = await readFile(await writeBytes(bytes), {}, limits, stop.signal);
      const reading = (async () => {
        for await (const _ of rows) stop.abort(new Error('given up'));
      })();
      await expect(reading).rejects.toThrow('given up');
    }
  });
});

function twice(): Uint8Array {
  return zipSync({ ...workbookFiles({ sheets: { Leads: row } }), 'xl/workbook.XML': strToU8('x') });
}

function doctype(): Uint8Array {
  const xml = '<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>';
  return workbook({ sheets: { Leads: '' }, files: { 'xl/worksheets/sheet1.xml': strToU8(xml) } });
}
