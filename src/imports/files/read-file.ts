// The face: reads a file of leads, whatever its format, as rows of text. Its format is known by its content. Memory is bounded
// whatever the file: it is read in pieces, and what is longer than allowed is refused.

import { closeSync } from 'node:fs';
import { type ByteSource, readBytes } from './bytes.ts';
import { findContent, findTextFormat, firstBytes, gzip } from './content.ts';
import { createDelimiterCheck, DelimitedReader } from './delimited.ts';
import { findLayout, type Layout } from './delimiter.ts';
import { createTextDecoding, findEncoding } from './encoding.ts';
import { type JsonLayout, JsonLayoutFinder, JsonLinesReader } from './json-lines.ts';
import { batchesOf, type RawRow } from './rows.ts';
import type { Encoding, FileFacts, FileLimits, FileReading, ReadOptions } from './table.ts';
import { openUnpacked } from './unpacked.ts';
import { UnsupportedFile } from './unsupported-file.ts';
import { readWorkbook } from './xlsx.ts';

export { sheetNames } from './sheet-names.ts';
export type {
  Delimiter,
  Encoding,
  FileFacts,
  FileFormat,
  FileLimits,
  FileReading,
  FileRow,
  ReadOptions,
} from './table.ts';
export { UnsupportedFile, type UnsupportedFileKind } from './unsupported-file.ts';

/** How much of a text is looked at to know its layout. */
const lookedAtCharacters = 64 * 1024;

/**
 * Rejects, also while rows are read, with an UnsupportedFile, or with the signal's reason. A workbook's thread ends when the rows
 * have been gone through, or the signal aborts.
 */
export async function readFile(
  path: string,
  options: ReadOptions,
  limits: FileLimits,
  signal: AbortSignal,
): Promise<FileReading> {
  const received = { path, gzipped: false, maxBytes: limits.decodedBytes, signal };
  const gzipped = (await firstBytes(received)).startsWith(gzip);
  const source = { ...received, gzipped };
  const content = await findContent(source);
  const reading = content === 'workbook' ? readSheet : readText;
  const { facts, pieces } = await reading(source, options, limits);
  return { facts, rows: batchesOf(pieces, limits, signal) };
}

interface Pieces {
  facts: FileFacts;
  /** As many rows as there are in a piece of the file. */
  pieces: AsyncIterable<Iterable<RawRow>>;
}

async function readSheet(source: ByteSource, options: ReadOptions, limits: FileLimits): Promise<Pieces> {
  const file = await openUnpacked(source);
  const close = () => closeSync(file);
  const reading = await readWorkbook(file, options.sheet, limits, source.signal, close);
  const { rows, ...sheets } = reading;
  const { gzipped } = source;
  return { facts: { format: 'XLSX', gzipped, encoding: null, delimiter: null, ...sheets }, pieces: rows };
}

async function readText(source: ByteSource, options: ReadOptions, limits: FileLimits): Promise<Pieces> {
  const encoding = await findEncoding(source, options.encoding);
  const { start, isWhole } = await startOf(source, encoding);
  const facts = {
    gzipped: source.gzipped,
    encoding,
    sheets: [],
    sheet: null,
    otherSheets: [],
    hiddenColumns: [],
  };
  if (options.delimiter === undefined && findTextFormat(start) === 'json') {
    const layout = await findJsonLayout(source, encoding, limits);
    const pieces = jsonRows(source, encoding, layout, limits);
    return { facts: { ...facts, format: 'JSONL', delimiter: null }, pieces };
  }
  const layout = findLayout(start, isWhole, options.delimiter, limits);
  const { delimiter } = layout;
  const pieces = delimitedRows(source, encoding, layout, limits);
  return { facts: { ...facts, format: delimiter === '\t' ? 'TSV' : 'CSV', delimiter }, pieces };
}

async function startOf(source: ByteSource, encoding: Encoding): Promise<{ start: string; isWhole: boolean }> {
  let start = '';
  for await (const text of textOf(source, encoding)) {
    start += text;
    if (start.length >= lookedAtCharacters)
      return { start: start.slice(0, lookedAtCharacters), isWhole: false };
  }
  return { start, isWhole: true };
}

/** Programs of DOS write it behind the last line. */
const endMark = '\x1a';
const mostEndMarks = 1024;

async function* textOf(source: ByteSource, encoding: Encoding): AsyncGenerator<string, void> {
  const decoding = createTextDecoding(encoding);
  let marks = '';
  for await (const piece of readBytes(source)) {
    const text = marks + decoding.write(piece);
    let end = text.length;
    while (text[end - 1] === endMark && text.length - end < mostEndMarks) end--;
    marks = text.slice(end);
    if (text.includes('\0'))
      throw new UnsupportedFile('NOT_A_TABLE', 'The file has a character that is zero, which no text has.');
    yield text.slice(0, end);
  }
  const rest = decoding.end();
  yield rest === '' ? '' : marks + rest;
}

async function findJsonLayout(
  source: ByteSource,
  encoding: Encoding,
  limits: FileLimits,
): Promise<JsonLayout> {
  const finder = new JsonLayoutFinder(limits);
  for await (const text of textOf(source, encoding)) finder.push(text);
  return finder.end();
}

async function* jsonRows(
  source: ByteSource,
  encoding: Encoding,
  layout: JsonLayout,
  limits: FileLimits,
): AsyncGenerator<Iterable<RawRow>, void> {
  const reader = new JsonLinesReader(layout, limits);
  yield reader.header();
  for await (const text of textOf(source, encoding)) yield reader.push(text);
  yield reader.end();
}

async function* delimitedRows(
  source: ByteSource,
  encoding: Encoding,
  { delimiter, columns, hasSepLine }: Layout,
  limits: FileLimits,
): AsyncGenerator<Iterable<RawRow>, void> {
  const reader = new DelimitedReader(delimiter, limits);
  const check = createDelimiterCheck(delimiter, columns);
  function* rows() {
    for (let row = reader.next(); row !== undefined; row = reader.next()) {
      if (hasSepLine && row.line === 1) continue;
      check(row);
      yield row;
    }
  }
  for await (const text of textOf(source, encoding)) {
    reader.push(text);
    yield rows();
  }
  reader.end();
  yield rows();
}
