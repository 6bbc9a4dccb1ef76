// What was pasted, as columns and rows. Spreadsheets paste with tabs; a CSV's text has commas or semicolons. Quotes are as in CSV.

import { t } from '../texts.ts';

export interface Sheet {
  columns: string[];
  rows: string[][];
}

/** Null: there is nothing in it. */
export function parseSheet(text: string): Sheet | null {
  const delimiter = delimiterOf(text);
  const lines = split(text, delimiter).filter((cells) => cells.some((cell) => cell.trim() !== ''));
  const [first] = lines;
  if (first === undefined) return null;
  const hasHeader = !first.some((cell) => /\d{4}/.test(cell));
  const width = Math.max(...lines.map(({ length }) => length));
  const columns = Array.from(
    { length: width },
    (_, n) => (hasHeader && first[n]?.trim()) || t.list.column(n),
  );
  const rows = (hasHeader ? lines.slice(1) : lines).map((cells) =>
    columns.map((_, n) => cells[n]?.trim() ?? ''),
  );
  return rows.length === 0 ? null : { columns, rows };
}

function delimiterOf(text: string): string {
  const [line = ''] = text.split('\n', 1);
  const counts = ['\t', ';', ','].map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).mark;
}

function split(text: string, delimiter: string): string[][] {
  const lines: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  const endCell = () => {
    lines.at(-1)?.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at] as string;
    if (isQuoted) {
      if (mark !== '"') cell += mark;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (mark === '"' && cell === '') isQuoted = true;
    else if (mark === delimiter) endCell();
    else if (mark === '\n') {
      endCell();
      lines.push([]);
    } else if (mark !== '\r') cell += mark;
  }
  endCell();
  return lines;
}
