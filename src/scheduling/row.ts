// What is sent of a record: its columns and values, and what they must be for its campaign.

import type { CampaignDefinition } from '../config/campaigns.ts';
import { headers, mandatoryHeaders } from '../upstream/contract.ts';
import { type Finding, invalidField, quote } from './record-problem.ts';

/** What is sent of a record. */
export interface Row {
  /** Headers, the mandatory two first. */
  readonly columns: readonly string[];
  /** A value for each of them. */
  readonly values: readonly string[];
}

export interface CustomField {
  header: string;
  value: string;
}

export interface PlacedField extends CustomField {
  /** Where its header stands in the input: `customFields[1].header`. */
  place: string;
}

/** A row longer than this is refused: the dialer replays rows as query strings, and servers refuse long URLs. */
export const maxRowBytes = 4096;

/** The columns of records without custom fields: one for each choice of those that may be left out. */
const optionalHeaders = [headers.name, headers.priority, headers.expiryDate, headers.agentId, headers.skill];
const standardColumns = Array.from(
  { length: 1 << optionalHeaders.length },
  (_, choice): readonly string[] => [
    ...mandatoryHeaders,
    ...optionalHeaders.filter((_, n) => choice & (1 << n)),
  ],
);

/**
 * Lists are of one kind, so their records share their columns. `choice`: which of the headers are there that may be left out, as
 * bits in the order name, priority, expiryDate, agentId, skill.
 */
export function createColumns() {
  // A record whose columns are those of the one before shares them with it.
  let columnsBefore: readonly string[] = [];

  return (choice: number, customFields: readonly PlacedField[]): readonly string[] => {
    const standard = standardColumns[choice] ?? [];
    if (customFields.length === 0) return standard;
    const columns = [...standard, ...customFields.map(({ header }) => header)];
    if (!isSame(columns, columnsBefore)) columnsBefore = columns;
    return columnsBefore;
  };
}

/** What a campaign's definition asks of a row, and how long a row may be. */
export function createCampaignCheck({ routing, headers: defined }: CampaignDefinition) {
  const known = defined && [...mandatoryHeaders, ...defined];
  /** Columns that have been found good. */
  let goodColumns: readonly string[] | undefined;

  const checkColumns = (
    columns: readonly string[],
    customFields: readonly PlacedField[],
    findings: Finding[],
  ) => {
    const before = findings.length;
    if (routing === 'agent-wise' && !columns.includes(headers.agentId))
      findings.push({
        kind: 'MissingAgentIdError',
        field: 'agentId',
        reason: 'MISSING',
        message: 'agentId is empty, and this campaign is agent-wise: name the agent who is to make the call.',
      });
    for (const header of columns)
      if (known !== undefined && !known.includes(header))
        findings.push({
          kind: 'UnknownHeaderError',
          field: fieldOf.get(header) ?? placeOf(header, customFields),
          reason: 'UNKNOWN_HEADER',
          message: `The campaign's mapping has no header ${quote(header)}. It has: ${known.join(', ')}.`,
          header,
          knownHeaders: known,
        });
    if (findings.length === before) goodColumns = columns;
  };

  return (
    columns: readonly string[],
    values: readonly string[],
    customFields: readonly PlacedField[],
    findings: Finding[],
  ): void => {
    if (columns !== goodColumns) checkColumns(columns, customFields, findings);
    checkLength(columns, values, customFields, findings);
  };
}

/** UTF-8 has no more bytes for a UTF-16 unit. */
const mostBytesOfUnit = 3;

function checkLength(
  columns: readonly string[],
  values: readonly string[],
  customFields: readonly PlacedField[],
  findings: Finding[],
): void {
  let units = 0;
  for (let n = 0; n < columns.length; n++) units += (columns[n] ?? '').length + (values[n] ?? '').length;
  if (units * mostBytesOfUnit <= maxRowBytes) return;
  let bytes = 0;
  let longest = 0;
  for (let n = 0; n < columns.length; n++) {
    const [header, value] = [columns[n] ?? '', values[n] ?? ''];
    bytes += Buffer.byteLength(header) + Buffer.byteLength(value);
    if (value.length > (values[longest] ?? '').length) longest = n;
  }
  if (bytes <= maxRowBytes) return;
  const widest = columns[longest] ?? '';
  findings.push(
    invalidField(
      fieldOf.get(widest) ?? placeOf(widest, customFields).replace(/header$/, 'value'),
      'ROW_TOO_LONG',
      `makes the row ${bytes} bytes long with its headers; ${maxRowBytes} is the most`,
    ),
  );
}

/** The input's own names of the standard headers. */
const fieldOf: ReadonlyMap<string, string> = new Map([
  [headers.name, 'name'],
  [headers.priority, 'priority'],
  [headers.expiryDate, 'expiryDate'],
  [headers.agentId, 'agentId'],
  [headers.skill, 'skill'],
]);

function placeOf(header: string, customFields: readonly PlacedField[]): string {
  return customFields.find((field) => field.header === header)?.place ?? 'customFields';
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, n) => text === other[n]);
}
