// The face: reads a file of leads, whatever its format, as rows of text. Its format is known by its content. Memory is bounded
// whatever the file: it is read in pieces, and what is longer than allowed is refused.

import { giveWay } from '../../foundation/event-loop.ts';
import { type ByteSource, readBytes } from './bytes.ts';
import { createDelimiterCheck, DelimitedReader, type RawRow, withoutEmptyEnd } from './delimited.ts';
import { findLayout, type Layout } from './delimiter.ts';
import { createTextDecoding, findEncoding } from './encoding.ts';
import {
  batchRows,
  type Encoding,
  type FileFacts,
  type FileLimits,
  type FileReading,
  type FileRow,
  type ReadOptions,
} from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';

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

/** Rejects, also while rows are read, with an UnsupportedFile, or with the signal's reason. */
export async function readFile(
  path: string,
  options: ReadOptions,
  limits: FileLimits,
  signal: AbortSignal,
): Promise<FileReading> {
  const gzipped = await isGzip({ path, gzipped: false, maxBytes: Infinity, signal });
  const source = { path, gzipped, maxBytes: limits.decodedBytes, signal };
  const encoding = await findEncoding(source, options.encoding);
  const { start, isWhole } = await startOf(source, encoding);
  const layout = findLayout(start, isWhole, options.delimiter, limits);
  const { delimiter } = layout;
  const facts: FileFacts = {
    format: delimiter === '\t' ? 'TSV' : 'CSV',
    gzipped,
    encoding,
    delimiter,
    sheets: [],
    sheet: null,
  };
  return { facts, rows: batches(delimitedRows(source, encoding, layout, limits), limits) };
}

async function isGzip(source: ByteSource): Promise<boolean> {
  for await (const piece of readBytes(source)) return piece[0] === 0x1f && piece[1] === 0x8b;
  return false;
}

async function startOf(source: ByteSource, encoding: Encoding): Promise<{ start: string; isWhole: boolean }> {
  const decoding = createTextDecoding(encoding);
  let start = '';
  for await (const piece of readBytes(source)) {
    start += decoding.write(piece);
    if (start.length >= lookedAtCharacters)
      return { start: start.slice(0, lookedAtCharacters), isWhole: false };
  }
  return { start: start + decoding.end(), isWhole: true };
}

/** Pieces of rows, as many as there are in a piece of the file. */
async function* delimitedRows(
  source: ByteSource,
  encoding: Encoding,
  { delimiter, columns, hasSepLine }: Layout,
  limits: FileLimits,
): AsyncGenerator<Iterable<RawRow>, void> {
  const decoding = createTextDecoding(encoding);
  const reader = new DelimitedReader(delimiter, limits);
  const check = createDelimiterCheck(delimiter, columns);
  function* rows() {
    for (let row = reader.next(); row !== undefined; row = reader.next()) {
      if (hasSepLine && row.line === 1) continue;
      check(row);
      yield row;
    }
  }
  for await (const piece of readBytes(source)) {
    reader.push(decoding.write(piece));
    yield rows();
  }
  reader.push(decoding.end());
  reader.end();
  yield rows();
}

async function* batches(
  pieces: AsyncIterable<Iterable<RawRow>>,
  limits: FileLimits,
): AsyncGenerator<FileRow[], void> {
  let batch: FileRow[] = [];
  let rows = 0;
  for await (const piece of pieces)
    for (const raw of piece) {
      const row = withoutEmptyEnd(raw);
      if (row === null) continue;
      if (rows++ > limits.rows)
        throw new UnsupportedFile(
          'TOO_MANY_ROWS',
          `The file has more than ${limits.rows} rows: split it into several.`,
          row.line,
        );
      if (batch.push(row) < batchRows) continue;
      yield batch;
      batch = [];
      await giveWay();
    }
  if (batch.length > 0) yield batch;
  else if (rows === 0)
    throw new UnsupportedFile(
      'EMPTY',
      'The file has no rows: write one row for each person who is to be called.',
    );
}
