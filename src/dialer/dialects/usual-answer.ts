// The usual answer to a chunk: every row was taken, and each entry is the first one with the row's own values in it. Such a
// body is compared with what it must be, letter by letter, in one scan, and only its first entry is read, by the same reader that
// reads all other answers. A body that differs in one letter is not usual. So this file decides nothing of a row.

import { type BulkData, headers } from '../../upstream/contract.ts';

/** The first row's entry in its envelope, a body of its own; undefined where the body is not usual, or of one row alone. */
export function usualAnswer(body: string, { map, data }: BulkData): string | undefined {
  const [firstRow] = data;
  if (data.length < 2 || firstRow === undefined || !body.endsWith(closing)) return undefined;
  const start = body.indexOf(opening) + opening.length;
  const end = body.indexOf('}', start) + 1;
  if (start < opening.length || end === 0) return undefined;
  const form = formOf(body.slice(start, end), map, firstRow);
  if (form === undefined) return undefined;
  // All numbers are echoed in the same way, or the body is not usual.
  const echo = body.includes('%2B') ? asSent : decoded;
  if (body.slice(start, -closing.length) !== entriesOf(form, data, echo)) return undefined;
  const first = body.slice(0, end) + closing;
  return first.includes('\\') ? undefined : first;
}

const opening = '"message":[';
const closing = ']}';

/** An entry's text: `texts[0]`, the value of `columns[0]`, `texts[1]`, and so on; it ends with a text. */
interface EntryForm {
  texts: readonly string[];
  /** Of the row's values; or the row's index. */
  columns: readonly (number | typeof rowIndex)[];
}

const rowIndex = -1;

const member = /([{,])"([^"\\]*)":(?:"([^"\\]*)"|(\d+))/y;
const timeKeys = ['ScheduleTime', headers.scheduledTime];
/** They say what became of a row: none of them may be different in another entry. */
const verdictKeys = ['Response', 'status', 'msg', 'message'];

/** Undefined where the entry is not flat, or lacks its row's number, its index or, if it has a time, its row's time. */
function formOf(entry: string, map: readonly string[], row: readonly string[]): EntryForm | undefined {
  const texts: string[] = [];
  const columns: number[] = [];
  const seen = new Set<string>();
  let textStart = 0;
  let end = 0;
  for (; entry.charCodeAt(end) !== 0x7d; end = member.lastIndex) {
    member.lastIndex = end;
    const [, before = '', key = '', text, digits] = member.exec(entry) ?? [];
    if (before !== (end === 0 ? '{' : ',') || seen.has(key)) return undefined;
    seen.add(key);
    const value = text ?? digits ?? '';
    const column = columnOf(key, value, text !== undefined, map, row);
    if (column === undefined) continue;
    if (column === 'unusual') return undefined;
    const valueEnd = member.lastIndex - (text === undefined ? 0 : 1);
    texts.push(entry.slice(textStart, valueEnd - value.length));
    columns.push(column);
    textStart = valueEnd;
  }
  texts.push(entry.slice(textStart));
  return seen.has(headers.phoneNumber) && seen.has('index') ? { texts, columns } : undefined;
}

/** Which of the row's values a member repeats; undefined: none, so it is the same in every entry. */
function columnOf(
  key: string,
  value: string,
  isText: boolean,
  map: readonly string[],
  row: readonly string[],
): number | 'unusual' | undefined {
  if (key === 'index') return value === '0' ? rowIndex : 'unusual';
  if (verdictKeys.includes(key)) return undefined;
  const column = map.indexOf(timeKeys.includes(key) ? headers.scheduledTime : key);
  const sent = row[column];
  const isSent = value === sent || (key === headers.phoneNumber && value === decoded(sent ?? ''));
  if (isText && isSent) return column;
  return key === headers.phoneNumber || timeKeys.includes(key) ? 'unusual' : undefined;
}

/**
 * All entries as they must be, each with the values of its row. Undefined where a value would not stand in JSON as it is. The text
 * is made in one go, since comparing it piece by piece takes three times as long.
 */
function entriesOf(
  { texts, columns }: EntryForm,
  data: BulkData['data'],
  echo: (value: string) => string,
): string | undefined {
  let entries = '';
  let values = '';
  for (let n = 0; n < data.length; n++) {
    if (n > 0) entries += ',';
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at] ?? rowIndex;
      const value = column === rowIndex ? String(n) : echo(data[n]?.[column] ?? '');
      entries += (texts[at] ?? '') + value;
      values += value;
    }
    entries += texts[columns.length] ?? '';
  }
  return plain.test(values) ? entries : undefined;
}

/** Values that are the same within the quotes of JSON. */
const plain = /^[^"\\\p{Cc}]*$/u;

function asSent(value: string): string {
  return value;
}

/** A number that is sent with `%2B` comes back with a plus. */
function decoded(value: string): string {
  return value.startsWith('%2B') ? `+${value.slice(3)}` : value;
}
