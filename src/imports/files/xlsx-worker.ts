// The thread that reads one workbook: it says which sheets there are, and then, when it is asked, sends the rows of one in batches, some
// ahead of those that have been taken. On the main thread the XML would take seconds of everybody's time.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { redact } from '../../foundation/redaction.ts';
import type { RawRow } from './rows.ts';
import { sheetHandler } from './sheet.ts';
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
}

export type Answer =
  | { sheets: string[]; sheet: string }
  | { rows: PackedRows }
  | { end: true }
  | { problem: { kind: UnsupportedFileKind; message: string; line: number | null } };

/** The main thread asks for one more batch. */
export type Order = 'more';

if (parentPort !== null) await answer(parentPort, workerData as Task);

async function answer(port: MessagePort, { file, sheet: asked, limits }: Task): Promise<void> {
  try {
    const workbook = await openWorkbook(file, limits);
    const sheet = chosen(workbook.sheets, asked);
    const names = workbook.sheets.map(({ name }) => name);
    port.postMessage({ sheets: names, sheet: sheet.name } satisfies Answer);
    await sendRows(port, workbook, sheet, limits);
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

/** The one that is named, or else the first that is seen. */
function chosen(sheets: readonly Sheet[], asked: string | undefined): Sheet {
  const sheet =
    asked === undefined
      ? (sheets.find(({ isHidden }) => !isHidden) ?? sheets[0])
      : sheets.find(({ name }) => name === asked);
  if (sheet !== undefined) return sheet;
  const names = sheets.slice(0, 20).map(({ name }) => `"${redact(name)}"`);
  throw new UnsupportedFile(
    'UNKNOWN_SHEET',
    `The workbook has no sheet of that name. It has: ${names.join(', ')}${sheets.length > 20 ? ', …' : ''}.`,
  );
}

async function sendRows(
  port: MessagePort,
  workbook: Workbook,
  sheet: Sheet,
  limits: FileLimits,
): Promise<void> {
  let ordered = 0;
  let resume: (() => void) | undefined;
  port.on('message', (_: Order) => {
    ordered++;
    resume?.();
  });
  let packed: PackedRows = { lines: [], widths: [], cells: [] };
  const full: PackedRows[] = [];
  const take = ({ line, cells }: RawRow) => {
    packed.cells.push(...cells);
    packed.widths.push(cells.length);
    if (packed.lines.push(line) < batchRows) return;
    full.push(packed);
    packed = { lines: [], widths: [], cells: [] };
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
  const strings = await workbook.readStrings();
  const { formats, is1904 } = workbook;
  const handler = sheetHandler({ part: sheet.part, strings, formats, is1904, limits }, take);
  await workbook.readPart(sheet.part, handler, () => (full.length === 0 ? undefined : send()));
  if (packed.lines.length > 0) full.push(packed);
  await send();
}
