// The results of an import as a file, at /imports/<id>/results.csv and .jsonl: the rows as they came, in their order, and what became
// of each. It is itself a good next upload, so the cells that came are written as they are. Streamed: a million rows take no memory.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImportNotFound, ImportStateConflict } from '../imports/import-error.ts';
import { type ImportResults, type ResultRow, resultFilters } from '../imports/imports.ts';
import { ownerOf } from '../schema/context.ts';
import { missingScope } from '../schema/rights.ts';
import type { Admission } from './exchange.ts';
import { Refusal } from './refusal.ts';

export const resultFormats = ['csv', 'jsonl'] as const;
export type ResultFormat = (typeof resultFormats)[number];

export interface ResultsRequest {
  id: string;
  format: ResultFormat;
  query: URLSearchParams;
}

const forbidden = new Refusal(403, 'FORBIDDEN', missingScope('read'));
const notAllowed = new Refusal(405, 'METHOD_NOT_ALLOWED', 'Results are read with GET.');
const noSuchOutcome = new Refusal(400, 'BAD_REQUEST', `outcome is one of ${resultFilters.join(', ')}.`);

interface ResultsParts {
  /** Has the answer compressed. */
  compress(): void;
  /** Takes what fails once the answer has begun, and can only be cut off. */
  logError(error: unknown): void;
}

/** Rejects with a Refusal. */
export async function answerResults(
  { id, format, query }: ResultsRequest,
  { caller, account }: Admission,
  req: IncomingMessage,
  res: ServerResponse,
  { compress, logError }: ResultsParts,
): Promise<void> {
  if (req.method !== 'GET') {
    res.setHeader('allow', 'GET');
    throw notAllowed;
  }
  if (!caller.scopes.has('read')) throw forbidden;
  const filter = resultFilters.find((name) => name === (query.get('outcome') ?? 'all'));
  if (filter === undefined) throw noSuchOutcome;
  const results = await account.imports.results(id, filter, ownerOf(caller)).catch((error: Error) => {
    if (error instanceof ImportNotFound) throw new Refusal(404, 'NOT_FOUND', error.message);
    if (error instanceof ImportStateConflict) throw new Refusal(409, 'IMPORT_STATE_CONFLICT', error.message);
    throw error;
  });
  const rows = await begun(results.rows);
  const { contentType, write } = formats[format];
  res.setHeader('content-type', contentType);
  compress();
  const name = encodeURIComponent(`${results.fileName}.${format}`);
  res.writeHead(200, { 'content-disposition': `attachment; filename*=UTF-8''${name}` });
  await pipeline(Readable.from(logged(write({ ...results, rows }), logError)), res);
}

/** Where the rows cannot be read, the request can still be answered so. */
async function begun<Item>(items: AsyncIterable<Item>): Promise<AsyncIterable<Item>> {
  const rest = items[Symbol.asyncIterator]();
  const first = await rest.next();
  return {
    async *[Symbol.asyncIterator]() {
      for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
    },
  };
}

async function* logged<Item>(
  items: AsyncIterable<Item>,
  log: (error: unknown) => void,
): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    log(error);
    throw error;
  }
}

/** What is told of a row, by the names under which a next upload knows it. */
function resultOf({ line, outcome, code, field, message, retryable, scheduledTime }: ResultRow) {
  return {
    dialgraph_line: line,
    dialgraph_outcome: outcome,
    dialgraph_code: code,
    dialgraph_field: field,
    dialgraph_message: message,
    dialgraph_retryable: code === null ? null : retryable,
    dialgraph_scheduled_time: scheduledTime === null ? null : new Date(scheduledTime).toISOString(),
  };
}

const resultColumns = Object.keys(
  resultOf({
    line: 0,
    cells: [],
    outcome: 'failed',
    code: null,
    field: null,
    message: null,
    retryable: false,
    scheduledTime: null,
  }),
);

const formats = {
  csv: { contentType: 'text/csv; charset=utf-8', write: writeCsv },
  jsonl: { contentType: 'application/jsonl; charset=utf-8', write: writeJsonLines },
} as const;

/** Excel takes a file for UTF-8 only where it begins so. */
const byteOrderMark = '\ufeff';

async function* writeCsv({ columns, rows, delimiter }: ImportResults): AsyncGenerator<string> {
  const lineOf = (cells: readonly string[]) =>
    `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\r\n`;
  yield byteOrderMark + lineOf([...columns, ...resultColumns]);
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      const cells = columns.map((_, n) => row.cells[n] ?? '');
      text += lineOf([...cells, ...Object.values(resultOf(row)).map(asText)]);
    }
    yield text;
  }
}

function quoted(cell: string, delimiter: string): string {
  const isPlain = !cell.includes(delimiter) && !/["\r\n]|^\s|\s$/.test(cell);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}

/** A text that a spreadsheet would take for a formula has an apostrophe before it: the dialer's own words may stand in a message. */
function asText(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

async function* writeJsonLines({ columns, rows }: ImportResults): AsyncGenerator<string> {
  const names = distinct(columns);
  for await (const batch of rows) {
    let text = '';
    for (const row of batch) {
      const cells = Object.fromEntries(names.map((name, n) => [name, row.cells[n] ?? '']));
      text += `${JSON.stringify({ ...cells, ...resultOf(row) })}\n`;
    }
    yield text;
  }
}

/** An object has each name once: a second column of the same name is `Phone (2)`. */
function distinct(columns: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let n = 2; taken.has(name); n++) name = `${column} (${n})`;
    taken.add(name);
    return name;
  });
}
