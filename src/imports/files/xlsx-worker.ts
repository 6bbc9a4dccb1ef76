// The thread that reads one workbook: it says which sheets there are, and then, when it is asked, sends the rows of one in batches, some
// ahead of those that have been taken. On the main thread the XML would take seconds of everybody's time.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { RawRow } from './rows.ts';
import type { SharedStrings } from './shared-strings.ts';
import { hiddenOf, sheetHandler } from './sheet.ts';
import { sheetNames } from './sheet-names.ts';
import { batchRows, type FileLimits } from './table.ts';
import { UnsupportedFile, type UnsupportedFileKind } from './unsupported-file.ts';
import { openWorkbook, type Sheet, type Workbook } from './workbook.ts';

export interface Task {
  /** A descriptor of the main thread's. */
  file: number;
  /** The sheet that is asked for. */
  sheet: string | undefined;
  limits: FileLimits;
}

/** The cells of all rows one after the other, since a thread is handed one list faster than hundreds. */
export interface PackedRows {
  lines: number[];
  widths: number[];
  cells: string[];
  fractions: RawRow['fractions'][];
}

export type Answer =
  | { sheets: string[]; sheet: string; otherSheets: string[]; hiddenColumns: number[] }
  | { rows: PackedRows }
  | { end: true }
  | { problem: { kind: UnsupportedFileKind; message: string; line: number | null } };

/** The main thread asks for one more batch. */
export type Order = 'more';

if (parentPort !== null) await answer(parentPort, workerData as Task);

async function answer(port: MessagePort, { file, sheet: asked, limits }: Task): Promise<void> {
  try {
    const workbook = await openWorkbook(file, limits);
    let strings: Promise<SharedStrings> | undefined;
    const reading = {
      ...workbook,
      strings() {
        strings ??= workbook.readStrings();
        return strings;
      },
    };
    const { sheet, others } = await chosen(reading, asked, limits);
    const hiddenColumns = await hiddenColumnsOf(sheet, reading, limits);
    const facts = {
      sheets: workbook.sheets.map(({ name }) => name),
      sheet: sheet.name,
      otherSheets: others.map(({ name }) => name),
      hiddenColumns,
    };
    port.postMessage(facts satisfies Answer);
    await sendRows(port, reading, sheet, limits);
    port.postMessage({ end: true } satisfies Answer);
  } catch (error) {
    if (!(error instanceof UnsupportedFile)) throw error;
    const { kind, message, line } = error;
    port.postMessage({ problem: { kind, message, line } } satisfies Answer);
  } finally {
    // Its listener would keep the thread.
    port.unref();
  }
}

/** The strings that cells share are read once, for all of its sheets. */
type Reading = Pick<Workbook, 'sheets' | 'readPart' | 'formats' | 'is1904'> & {
  strings(): Promise<SharedStrings>;
};

interface Choice {
  sheet: Sheet;
  /** Those that may be meant as well. */
  others: Sheet[];
}

/** The one that is named, or else the first with records of those that are seen. */
async function chosen(reading: Reading, asked: string | undefined, limits: FileLimits): Promise<Choice> {
  const { sheets } = reading;
  if (asked === undefined) {
    const seen = sheets.filter(({ isHidden }) => !isHidden);
    return firstWithRecords(seen.length > 0 ? seen : sheets, reading, limits);
  }
  const sheet = sheets.find(({ name }) => name === asked);
  if (sheet !== undefined) return { sheet, others: [] };
  throw new UnsupportedFile(
    'UNKNOWN_SHEET',
    `The workbook has no sheet of that name. It has: ${sheetNames(sheets.map(({ name }) => name))}.`,
  );
}

/** Where none has records, the first with a row, or the very first: whoever reads it says so. */
async function firstWithRecords(
  sheets: readonly Sheet[],
  reading: Reading,
  limits: FileLimits,
): Promise<Choice> {
  const [first] = sheets;
  if (first === undefined) throw new Error('The workbook has no sheet');
  if (sheets.length === 1) return { sheet: first, others: [] };
  // A thousand sheets may be the same part.
  const contents = new Map<string, Content>();
  for (const { part } of sheets)
    if (!contents.has(part)) contents.set(part, await contentOf(part, reading, limits));
  const having = (content: Content) => sheets.filter(({ part }) => contents.get(part) === content);
  const [sheet = first] = [...having('records'), ...having('row')];
  return { sheet, others: having('records').filter(({ part }) => part !== sheet.part) };
}

type Content = 'nothing' | 'row' | 'records';

/** Reads up to the second row that has text: a row alone is a title or a header, unless a number is in it. */
async function contentOf(part: string, reading: Reading, limits: FileLimits): Promise<Content> {
  const found = new Error('There are records');
  let rows = 0;
  try {
    await readSheet(part, reading, limits, ({ cells }) => {
      if (cells.every((cell) => cell.trim() === '')) return;
      if (++rows > 1 || cells.some((cell) => /(?:\d\D{0,3}){7}/.test(cell))) throw found;
    });
    return rows === 0 ? 'nothing' : 'row';
  } catch (error) {
    // What is wrong with a sheet is told when it is read.
    if (error === found || error instanceof UnsupportedFile) return 'records';
    throw error;
  }
}

/** They stand before the rows. */
async function hiddenColumnsOf(
  { part }: Sheet,
  { readPart }: Reading,
  { columns }: FileLimits,
): Promise<number[]> {
  const hidden = new Set<number>();
  const done = new Error('The rows begin');
  try {
    await readPart(part, {
      open(name, attributes) {
        if (name === 'sheetData') throw done;
        if (name === 'col') for (const column of hiddenOf(attributes, columns)) hidden.add(column);
      },
    });
  } catch (error) {
    if (error !== done) throw error;
  }
  return [...hidden];
}

async function readSheet(
  part: string,
  reading: Reading,
  limits: FileLimits,
  take: (row: RawRow) => void,
  afterPiece?: () => Promise<void> | undefined,
): Promise<void> {
  const { formats, is1904 } = reading;
  const strings = await reading.strings();
  await reading.readPart(part, sheetHandler({ part, strings, formats, is1904, limits }, take), afterPiece);
}

async function sendRows(
  port: MessagePort,
  reading: Reading,
  sheet: Sheet,
  limits: FileLimits,
): Promise<void> {
  let ordered = 0;
  let resume: (() => void) | undefined;
  port.on('message', (_: Order) => {
    ordered++;
    resume?.();
  });
  let packed = noRows();
  const full: PackedRows[] = [];
  const take = ({ line, cells, fractions }: RawRow) => {
    packed.fractions.push(fractions);
    packed.cells.push(...cells);
    packed.widths.push(cells.length);
    if (packed.lines.push(line) < batchRows) return;
    full.push(packed);
    packed = noRows();
  };
  const send = async () => {
    for (let rows = full.shift(); rows !== undefined; rows = full.shift()) {
      while (ordered === 0)
        await new Promise<void>((resolve) => {
          resume = resolve;
        });
      ordered--;
      port.postMessage({ rows } satisfies Answer);
    }
  };
  // Nothing of it is read before somebody wants rows.
  while (ordered === 0)
    await new Promise<void>((resolve) => {
      resume = resolve;
    });
  await readSheet(sheet.part, reading, limits, take, () => (full.length === 0 ? undefined : send()));
  if (packed.lines.length > 0) full.push(packed);
  await send();
}

function noRows(): PackedRows {
  return { lines: [], widths: [], cells: [], fractions: [] };
}
