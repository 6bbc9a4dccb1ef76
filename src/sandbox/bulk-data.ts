// Reads `bulkData` as the upstream's PHP does: from JSON text, from a JSON value, or from nested form fields
// (`bulkData[map][]=…&bulkData[data][0][]=…`, with or without explicit indexes).
// What cannot be read is either `missing` or `invalid`. No row is ever repaired.

import type { BulkData } from '../upstream/contract.ts';

export type BulkDataState = BulkData | 'missing' | 'invalid';

/** Reads the v1 field: JSON text under `bulkData`, else the nested fields. */
export function bulkDataOfForm(fields: URLSearchParams): BulkDataState {
  const text = fields.get('bulkData');
  if (text !== null) return text.trim() === '' ? 'missing' : bulkDataOfText(text);
  return nestedBulkData(fields);
}

/** Checks a value that is parsed already, as in a v2 body. Numbers in cells become text, as PHP casts them. */
export function bulkDataOf(value: unknown): BulkDataState {
  if (value === undefined || value === null || value === '') return 'missing';
  if (typeof value !== 'object') return 'invalid';
  const { map, data } = value as { map?: unknown; data?: unknown };
  const headers = cellsOf(map);
  if (headers === undefined || !Array.isArray(data) || data.length === 0) return 'invalid';
  const rows: string[][] = [];
  for (const row of data) {
    const cells = cellsOf(row);
    if (cells === undefined) return 'invalid';
    rows.push(cells);
  }
  return { map: headers, data: rows };
}

function bulkDataOfText(text: string): BulkDataState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'invalid';
  }
  const bulkData = bulkDataOf(value);
  return bulkData === 'missing' ? 'invalid' : bulkData;
}

function cellsOf(row: unknown): string[] | undefined {
  if (!Array.isArray(row)) return undefined;
  const cells: string[] = [];
  for (const cell of row) {
    if (typeof cell !== 'string' && typeof cell !== 'number') return undefined;
    cells.push(String(cell));
  }
  return cells;
}

const nestedName = /^bulkData\[(?:map\]\[(\d*)|data\]\[(\d+)\]\[(\d*))\]$/;

function nestedBulkData(fields: URLSearchParams): BulkDataState {
  const map = new NestedList();
  const data = new Map<string, NestedList>();
  let found = false;
  for (const [name, value] of fields) {
    if (!name.startsWith('bulkData[')) continue;
    found = true;
    const match = nestedName.exec(name);
    if (match === null) return 'invalid';
    const [, mapIndex, row, column = ''] = match;
    if (row === undefined) {
      map.put(mapIndex ?? '', value);
      continue;
    }
    let cells = data.get(row);
    if (cells === undefined) {
      cells = new NestedList();
      data.set(row, cells);
    }
    cells.put(column, value);
  }
  if (!found) return 'missing';
  return bulkDataOf({ map: map.values(), data: [...data.values()].map((row) => row.values()) });
}

/** A PHP array as its brackets fill it: `[]` takes the next free index, `[3]` names its own. */
class NestedList {
  #cells = new Map<number, string>();
  #next = 0;

  put(index: string, value: string): void {
    const at = index === '' ? this.#next : Number(index);
    this.#cells.set(at, value);
    this.#next = Math.max(this.#next, at + 1);
  }

  values(): string[] {
    return [...this.#cells.entries()].sort(([a], [b]) => a - b).map(([, value]) => value);
  }
}
