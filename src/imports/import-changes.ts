// What a person changes of an import before it is confirmed: what was said before holds, and what cannot be is refused at once.

import { redact } from '../foundation/redaction.ts';
import { mergeMapping, planColumns } from './columns.ts';
import { sheetNames } from './files/read-file.ts';
import type { ImportPreview } from './import.ts';
import { InvalidImport } from './import-error.ts';
import type { ImportChanges } from './import-request.ts';
import type { StoredRequest } from './import-store.ts';

/** Undefined stays as it was, and so does each column that is not named. */
export function withChanges(
  request: StoredRequest,
  { mapping = [], ...changes }: ImportChanges,
  preview: ImportPreview | null,
): StoredRequest {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const changed: StoredRequest = { ...request, ...Object.fromEntries(given) };
  if (mapping.length === 0) return changed;
  const columns = preview === null || isReadAnew(changed, preview) ? null : preview.columns;
  return { ...changed, mapping: mergeMapping(request.mapping ?? [], mapping, columns) };
}

/** Throws an InvalidImport. `before`: the request that the preview is of. */
export function checkChanges(
  request: StoredRequest,
  before: StoredRequest,
  preview: ImportPreview | null,
): void {
  if (preview === null) return;
  checkSheet(request, preview);
  if (isReadAnew(request, preview)) checkPositions(request, before);
  else checkColumns(request, preview);
}

/** Whether other columns may be found than those of the preview. */
function isReadAnew(request: StoredRequest, preview: ImportPreview): boolean {
  return (
    (request.sheet ?? preview.sheet) !== preview.sheet ||
    (request.encoding ?? preview.encoding) !== preview.encoding ||
    (request.delimiter ?? preview.delimiter) !== preview.delimiter
  );
}

/** Where it is not there, the import would end, and its file would have to come again. */
function checkSheet({ sheet }: StoredRequest, { sheets }: ImportPreview): void {
  if (sheet === undefined || sheets.length === 0 || sheets.includes(sheet)) return;
  throw new InvalidImport(
    ['input', 'sheet'],
    `names no sheet of the workbook, which has: ${sheetNames(sheets)}`,
  );
}

/** Columns that are named must be there. What else is to be decided of them is no matter of their names. */
function checkColumns({ mapping = [] }: StoredRequest, preview: ImportPreview): void {
  const columns = { ...preview, problems: [] };
  for (const one of mapping)
    if (planColumns(columns, { mapping: [one], dateFormat: 'ISO' }).decisions.includes('MAPPING'))
      throw new InvalidImport(
        ['input', 'mapping'],
        `names a column that is not there, or not once: ${redact(one.column)}`,
      );
}

/** The third column is another one in another sheet. */
function checkPositions({ mapping = [] }: StoredRequest, before: StoredRequest): void {
  const kept = mapping.find((one) => /^\s*#/.test(one.column) && before.mapping?.includes(one) === true);
  if (kept !== undefined)
    throw new InvalidImport(
      ['input', 'mapping'],
      `must say again what ${redact(kept.column)} is: it was chosen among the columns of another sheet, encoding or delimiter`,
    );
}
