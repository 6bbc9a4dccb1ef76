// A header below rows: of a second file that was put behind the first, or sorted into the sheet. Where it says otherwise than the
// first what the columns are, the rows below it would be read in the wrong columns.

import { type FileRow, UnsupportedFile } from './files/read-file.ts';
import type { ColumnMapping } from './mapping.ts';
import { meaningOf, plainName, resultColumnOf } from './mapping-names.ts';
import type { FilePreview } from './mapping-preview.ts';

/** Throws an UnsupportedFile. A row that has digits, or nothing, for a phone number costs one test. */
export function createHeaderCheck(
  { headerLine, columns }: Pick<FilePreview, 'headerLine' | 'columns'>,
  mapping: readonly ColumnMapping[],
): (row: FileRow) => void {
  const own = columns.map(({ header }) => plainName(header ?? ''));
  const names = new Set(own.filter((name) => name !== ''));
  const decisive = mapping.filter(({ field }) => field === 'phoneNumber' || field === 'scheduledTime');
  const phone = decisive.find(({ field }) => field === 'phoneNumber')?.column ?? 0;
  const isName = (cell: string) =>
    names.has(plainName(cell)) || meaningOf(cell) !== undefined || resultColumnOf(cell) !== null;

  return ({ line, cells }) => {
    if (line === headerLine || !mayBeName.test(cells[phone] ?? '')) return;
    const known = [...cells.keys()].filter((index) => isName(cells[index] ?? ''));
    if (known.length < 2 || !decisive.some(({ column }) => known.includes(column))) return;
    const isSame = known.every((index) => own[index] === plainName(cells[index] ?? ''));
    if (!isSame) throw headerAgain(line, headerLine);
  };
}

/** Is empty, or begins with a letter or a mark. */
const mayBeName = /^\s*(?:$|[^\s\d+('’\u200e\u202a-])/;

function headerAgain(line: number, headerLine: number | null): UnsupportedFile {
  const message =
    headerLine === null
      ? `Line ${line} is a header, and rows stand above it: put it first, so that the columns are what it says.`
      : `Line ${line} is a header, and the columns are others than in the header before it: import what is below it as a file of its own.`;
  return new UnsupportedFile('HEADER_AGAIN', message, line);
}
