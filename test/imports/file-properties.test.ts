// Whatever is written as a table is read back cell by cell, and whatever else a file may be, it is read or refused, and nothing else.

import { closeSync, openSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DelimitedReader } from '../../src/imports/files/delimited.ts';
import { type Encoding, UnsupportedFile } from '../../src/imports/files/read-file.ts';
import type { RawRow } from '../../src/imports/files/rows.ts';
import { sheetHandler } from '../../src/imports/files/sheet.ts';
import { openWorkbook } from '../../src/imports/files/workbook.ts';
import { runs } from '../property-runs.ts';
import { cellsOf, encode, limits, read, writeBytes } from './files.ts';
import { sheetOf, workbook } from './workbook-file.ts';

const letters = [...'abzé ü€ß019"\',;|\t\n\r=-+@#{['];
const narrow = fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });
const wide = fc
  .string({ unit: 'binary', maxLength: 8 })
  .map((text) => text.replace(/[\0\uFEFF\uD800-\uDFFF]/gu, ''));

const rowsOf = (cell: fc.Arbitrary<string>) =>
  fc
    .array(fc.array(cell, { maxLength: 5 }), { minLength: 1, maxLength: 20 })
    .filter((rows) => whole(rows).length > 0);

/** As rows are read: without blank cells at their end, and without rows of blanks. */
function whole(rows: readonly (readonly string[])[]): string[][] {
  return rows
    .filter((cells) => cells.some((cell) => cell.trim() !== ''))
    .map((cells) => cells.slice(0, cells.findLastIndex((cell) => cell.trim() !== '') + 1));
}

const needsQuotes = /[",;|\t\r\n]|^ | $/;
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function write(
  rows: readonly (readonly string[])[],
  delimiter: string,
  end: string,
  quoteAll: boolean,
): string {
  const cellOf = (cell: string) => (quoteAll || needsQuotes.test(cell) ? quoted(cell) : cell);
  return rows.map((cells) => cells.map(cellOf).join(delimiter) + end).join('');
}

const layouts = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  quoteAll: fc.boolean(),
  bom: fc.boolean(),
  gzip: fc.boolean(),
});

it('delimited text is read back in every encoding', async () => {
  const encodings = fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'utf-16be', 'windows-1252');
  const cases = encodings.chain((encoding) =>
    fc.tuple(
      fc.constant(encoding),
      rowsOf(encoding === 'windows-1252' ? narrow : fc.oneof(narrow, wide)),
      layouts,
    ),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([encoding, rows, { delimiter, end, quoteAll, bom, gzip }]) => {
      const text = write(rows, delimiter, end, quoteAll);
      const bytes = encode(text, encoding, bom && encoding !== 'windows-1252');
      const options = { encoding, delimiter: delimiter as ',' };
      expect(await cellsOf(gzip ? gzipSync(bytes) : bytes, options)).toEqual(whole(rows));
    }),
    { numRuns: runs(100) },
  );
});

it('the layout of a table is found out', async () => {
  const word = fc
    .string({ unit: fc.constantFrom(...'abcé ü09,;|"'), minLength: 1, maxLength: 8 })
    .map((text) => `x${text}x`);
  const tables = fc
    .integer({ min: 2, max: 6 })
    .chain((columns) =>
      fc.array(fc.array(word, { minLength: columns, maxLength: columns }), { minLength: 2, maxLength: 30 }),
    );
  await fc.assert(
    fc.asyncProperty(tables, layouts, async (rows, { delimiter, end, bom }) => {
      const header = (rows[0] ?? []).map((_, n) => `Column ${n}`);
      const bytes = encode(write([header, ...rows], delimiter, end, false), 'utf-8', bom);
      const { facts, rows: seen } = await read(bytes);
      expect(facts.delimiter).toBe(delimiter);
      expect(seen.map(({ cells }) => cells)).toEqual([header, ...rows]);
    }),
    { numRuns: runs(100) },
  );
});

it('JSON lines are read back', async () => {
  const objects = fc.array(
    fc.dictionary(
      narrow.filter((name) => name.trim() !== ''),
      fc.oneof(narrow, wide),
      { minKeys: 1 },
    ),
    {
      minLength: 1,
      maxLength: 20,
    },
  );
  await fc.assert(
    fc.asyncProperty(objects, fc.boolean(), async (rows, gzip) => {
      const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
      const cells = rows.map((row) =>
        names.map((name) => (Object.hasOwn(row, name) ? (row[name] ?? '') : '')),
      );
      expect(await cellsOf(gzip ? gzipSync(text) : text)).toEqual(whole([names, ...cells]));
    }),
    { numRuns: runs(50) },
  );
});

const xmlText = fc
  .oneof(narrow, wide)
  .map((text) => text.replace(/[^\t\n\r\x20-\uFFFD]|[\uFFFE\uFFFF]/g, '').replace(/\t/g, ' '));

it('workbooks are read back', async () => {
  await fc.assert(
    fc.asyncProperty(rowsOf(xmlText), fc.boolean(), fc.boolean(), async (rows, share, gzip) => {
      const bytes = workbook(sheetOf(rows, share));
      expect(await cellsOf(gzip ? gzipSync(bytes) : bytes)).toEqual(whole(rows));
    }),
    { numRuns: runs(6) },
  );
});

/** As the thread does it, without the thread. */
async function readSheet(bytes: Uint8Array): Promise<RawRow[]> {
  const rows: RawRow[] = [];
  const file = openSync(await writeBytes(bytes), 'r');
  try {
    const book = await openWorkbook(file, limits);
    const { formats, is1904 } = book;
    const part = book.sheets[0]?.part ?? '';
    const strings = await book.readStrings();
    const handler = sheetHandler({ part, strings, formats, is1904, limits }, (row) => rows.push(row));
    await book.readPart(part, handler);
  } finally {
    closeSync(file);
  }
  return rows;
}

async function outcomeOf<T>(work: Promise<T>): Promise<T | 'refused'> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UnsupportedFile) return 'refused';
    throw error;
  }
}

const table = Array.from({ length: 40 }, (_, n) => [
  `98765432${n + 10}`,
  '2026-12-01 10:00:00',
  `Größe "${n}",\nx`,
]);

it('a workbook that is cut off or changed is refused, or the same', async () => {
  const bytes = workbook(sheetOf(table, true));
  const rows = await readSheet(bytes);
  expect(rows).toHaveLength(table.length);
  const change = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(change, fc.nat(bytes.length - 1), async (changes, cut) => {
      const changed = Buffer.from(bytes);
      for (const [at, mask] of changes) changed[at] = (changed[at] ?? 0) ^ mask;
      expect([rows, 'refused']).toContainEqual(await outcomeOf(readSheet(changed)));
      expect(await outcomeOf(readSheet(bytes.subarray(0, cut)))).toBe('refused');
    }),
    { numRuns: runs(60) },
  );
});

it('a text that is cut off is refused, or has the rows before the cut', async () => {
  const texts = [write(table, ',', '\r\n', false), table.map((row) => JSON.stringify(row)).join('\n')];
  const cases = fc.tuple(
    fc.constantFrom(...texts),
    fc.constantFrom('utf-8', 'utf-16le'),
    fc.boolean(),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([text, encoding, gzip, where]) => {
      const bytes = gzip ? gzipSync(encode(text, encoding, true)) : encode(text, encoding, true);
      const outcome = await outcomeOf(cellsOf(bytes.subarray(0, Math.floor(where * (bytes.length - 1)))));
      if (outcome === 'refused') return;
      expect(gzip).toBe(false);
      expect(outcome.slice(0, -1)).toEqual(table.slice(0, outcome.length - 1));
      const last = table[outcome.length - 1] ?? [];
      for (const [n, cell] of (outcome.at(-1) ?? []).entries()) expect(last[n]?.startsWith(cell)).toBe(true);
    }),
    { numRuns: runs(100) },
  );
});

it('random bytes are read or refused', async () => {
  const starts = fc.constantFrom(
    '',
    'PK\x03\x04',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    '\x1f\x8b\x08',
    '\xff\xfe',
    '{"',
    '[',
    'sep=',
    '"',
    'a,b\n',
  );
  const bytes = fc.uint8Array({ maxLength: 300 });
  const texts = fc
    .string({ unit: fc.constantFrom(...'ab1,;"\n\r\t{}[]: '), maxLength: 300 })
    .map((text) => Buffer.from(text));
  await fc.assert(
    fc.asyncProperty(starts, fc.oneof(texts, bytes), async (start, rest) => {
      const file = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
      if (start.startsWith('PK')) await outcomeOf(readSheet(file));
      else await outcomeOf(read(file));
    }),
    { numRuns: runs(200) },
  );
});

/** As csv-parse reads it, where it does. */
function parsed(text: string): string[][] | undefined {
  try {
    return parse(text, { record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true });
  } catch {
    return undefined;
  }
}

it('rows are those of csv-parse, in whatever pieces they come', () => {
  const texts = fc.string({ unit: fc.constantFrom(...'ab,,""\n\r '), maxLength: 40 });
  fc.assert(
    fc.property(texts, fc.array(fc.nat(40), { maxLength: 5 }), (text, cuts) => {
      const bounds = [0, ...cuts.sort((one, other) => one - other), text.length];
      const readIn = (pieces: string[]): RawRow[] | 'refused' => {
        const reader = new DelimitedReader(',', limits);
        const rows: RawRow[] = [];
        const take = () => {
          for (let row = reader.next(); row !== undefined; row = reader.next()) rows.push(row);
        };
        try {
          for (const piece of pieces) {
            reader.push(piece);
            take();
          }
          reader.end();
          take();
        } catch {
          return 'refused';
        }
        return rows;
      };
      const rows = readIn([text]);
      expect(readIn(bounds.map((cut, n) => text.slice(bounds[n - 1] ?? 0, cut)))).toEqual(rows);
      const theirs = parsed(text);
      if (theirs !== undefined && rows !== 'refused')
        expect(whole(rows.map(({ cells }) => cells))).toEqual(whole(theirs));
      expect(theirs !== undefined && rows === 'refused').toBe(false);
    }),
    { numRuns: runs(500) },
  );
});

it('windows-1252 is read as Windows writes it', async () => {
  expect(await cellsOf(Buffer.from([0x80, 0x2c, 0x93, 0xfc]))).toEqual([['€', '“ü']]);
});
