// A workbook's sheet as rows of text.

import { formatNumber, type NumberFormat, unescapeText } from './cell-text.ts';
import { ColumnLimit, type RawRow, rowTooLong } from './rows.ts';
import type { SharedStrings } from './shared-strings.ts';
import type { FileLimits } from './table.ts';
import { UnsupportedFile } from './unsupported-file.ts';
import { broken, type XmlHandler } from './xml.ts';

export interface SheetParts {
  /** Its name in the workbook. */
  readonly part: string;
  readonly strings: SharedStrings;
  /** By the number of a cell's style. */
  readonly formats: readonly NumberFormat[];
  /** Whether days are counted from 1904. */
  readonly is1904: boolean;
  readonly limits: Pick<FileLimits, 'rowBytes' | 'columns'>;
}

/** Of Excel. */
const lastRow = 1_048_576;
const lastColumn = 16_384;
const plainNumber: NumberFormat = { kind: 'number' };

interface Cell {
  column: number;
  type: string;
  style: number;
  text: string;
  hasValue: boolean;
}

/** Hands on each row that has a cell, in their order. Throws an UnsupportedFile. */
export function sheetHandler(parts: SheetParts, take: (row: RawRow) => void): XmlHandler {
  const { part, limits } = parts;
  const columns = new ColumnLimit(limits.columns);
  let line = 0;
  let isHidden = false;
  let cells: string[] = [];
  let fractions: number[] = [];
  let bytes = 0;
  let nextColumn = 0;
  let cell: Cell | undefined;
  let isText = false;
  let isPhonetic = false;

  const openRow = ({ r, ...attributes }: Readonly<Record<string, string>>) => {
    const before = line;
    line = r === undefined ? before + 1 : Number(r);
    if (!(Number.isInteger(line) && line > before && line <= lastRow))
      throw broken(part, `has row ${before}, and no row that may follow behind it`, before);
    isHidden = isHiddenRow(attributes);
    cells = [];
    fractions = [];
    bytes = nextColumn = 0;
  };

  const closeRow = () => {
    if (isHidden && cells.some((text) => text.trim() !== '')) throw hiddenRow(line);
    if (cells.length > 0) take({ line, cells, ...(fractions.length > 0 && { fractions }) });
  };

  const openCell = ({ r, t = 'n', s = '0' }: Readonly<Record<string, string>>) => {
    const column = r === undefined ? nextColumn : columnOf(r);
    if (column === undefined || column >= lastColumn) throw broken(part, `has a cell at no place`, line);
    nextColumn = column + 1;
    cell = { column, type: t, style: Number(s), text: '', hasValue: false };
  };

  const closeCell = ({ column, type, style, text, hasValue }: Cell) => {
    if (!hasValue) return;
    const value = textOf(parts, line, type, style, text);
    if (value === '' || (column >= columns.most && value.trim() === '')) return;
    bytes += Buffer.byteLength(value);
    if (bytes > limits.rowBytes) throw rowTooLong(line, limits.rowBytes);
    if (cells[column]) throw broken(part, `has one cell twice, in row ${line}`, line);
    while (cells.length < column) cells.push('');
    cells[column] = value;
    if (type === 'n' && /^-?\d+\.\d/.test(value)) fractions.push(column);
    columns.assert(cells, line);
  };

  return {
    open(name, attributes) {
      switch (name) {
        case 'row':
          return openRow(attributes);
        case 'c':
          return openCell(attributes);
        case 'rPh':
          isPhonetic = true;
          return;
        case 'v':
        case 't':
          isText = cell !== undefined && !isPhonetic;
          if (cell !== undefined) cell.hasValue = true;
      }
    },
    text(more) {
      if (isText && cell !== undefined) cell.text += more;
    },
    close(name) {
      switch (name) {
        case 'v':
        case 't':
          isText = false;
          return;
        case 'rPh':
          isPhonetic = false;
          return;
        case 'c':
          if (cell !== undefined) closeCell(cell);
          cell = undefined;
          return;
        case 'row':
          closeRow();
      }
    },
  };
}

function textOf(
  { part, strings, formats, is1904 }: SheetParts,
  line: number,
  type: string,
  style: number,
  text: string,
): string {
  switch (type) {
    case 's': {
      const shared = /^\d{1,9}$/.test(text.trim()) ? strings.get(Number(text)) : undefined;
      if (shared === undefined) throw broken(part, `names a text that is not there, in row ${line}`, line);
      return shared;
    }
    case 'n': {
      const raw = text.trim();
      if (raw === '') return '';
      const number = formatNumber(raw, formats[style] ?? plainNumber, is1904);
      if (number === null) throw broken(part, `has a number that is none, in row ${line}`, line);
      return number;
    }
    case 'b':
      return text.trim() === '1' || text.trim() === 'true' ? 'TRUE' : 'FALSE';
    case 'inlineStr':
    case 'str':
      return unescapeText(text);
    // `e`, the name of an error; `d`, a date in ISO form.
    default:
      return text;
  }
}

/** `AB12` as 27; undefined for what is no place. */
function columnOf(place: string): number | undefined {
  let column = 0;
  let at = 0;
  for (; at < place.length; at++) {
    const letter = place.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
    if (at > 2) return undefined;
  }
  return at === 0 ? undefined : column - 1;
}

/** A `col` stands for all columns from `min` to `max`. */
export function hiddenOf(
  { min, max, hidden, width }: Readonly<Record<string, string>>,
  most: number,
): number[] {
  if (!isTrue(hidden) && Number(width ?? 1) !== 0) return [];
  const [first, last] = [Number(min), Math.min(Number(max), most)];
  if (!(first >= 1 && last >= first)) return [];
  return Array.from({ length: last - first + 1 }, (_, n) => first - 1 + n);
}

/**
 * Excel shows none of a height of its own that is 0, or is not told. A row that is written is seen though its sheet has `zeroHeight`,
 * which hides those that are not.
 */
function isHiddenRow({ hidden, ht, customHeight }: Readonly<Record<string, string>>): boolean {
  return isTrue(hidden) || (ht === undefined ? isTrue(customHeight) : Number(ht) === 0);
}

function isTrue(attribute: string | undefined): boolean {
  return attribute === '1' || attribute === 'true';
}

function hiddenRow(line: number): UnsupportedFile {
  return new UnsupportedFile(
    'HIDDEN_ROWS',
    `Row ${line} is hidden, by a filter or by hand, and whether its person is to be called is not certain: show all rows or delete the hidden ones, or copy those that are seen into a new sheet.`,
    line,
  );
}
