// The usual answer to a chunk: every row was taken, and each entry is the first one with the row's own values in it. Such a
// body is compared with what it must be, letter by letter, in one scan, and only its first entry is read, by the same reader that
// reads all other answers. A body that differs in one letter is not usual. So this file decides nothing of a row.

import { type BulkData, headers } from '../../upstream/contract.ts';

/** The first row's entry in its envelope, a body of its own; undefined where the body is not usual, or of one row alone. */
export function usualAnswer(body: string, { map, data }: BulkData): string | undefined {
  if (data.length < 2) return undefined;
  const start = body.indexOf(opening) + opening.length;
  const end = body.indexOf('}', start) + 1;
  const [firstRow] = data;
  if (start < opening.length || end === 0 || firstRow === undefined) return undefined;
  const form = formOf(body.slice(start, end), map, firstRow);
  if (form === undefined) return undefined;
  let at = start;
  for (let n = 0; n < data.length; n++) {
    if (n > 0 && body.charCodeAt(at++) !== comma) return undefined;
    at = endOfEntry(body, at, form, data[n] ?? [], n);
    if (at === none) return undefined;
  }
  if (at + closing.length !== body.length || !body.endsWith(closing)) return undefined;
  const first = body.slice(0, end) + closing;
  return first.includes('\\') ? undefined : first;
}

const opening = '"message":[';
const closing = ']}';
const comma = 0x2c;
const plus = 0x2b;
const none = -1;

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
  const isSent = isText && (value === sent || (key === headers.phoneNumber && value === withPlus(sent)));
  if (isSent) return column;
  return key === headers.phoneNumber || timeKeys.includes(key) ? 'unusual' : undefined;
}

/** A value that is the same within the quotes of JSON. */
const plain = /^[^"\\\p{Cc}]*$/u;

/** Where the entry of a row ends that begins at `at`, or `none` if it is another entry. */
function endOfEntry(
  body: string,
  at: number,
  form: EntryForm,
  row: readonly string[],
  index: number,
): number {
  const { texts, columns } = form;
  let end = at;
  for (let n = 0; n < columns.length; n++) {
    const text = texts[n] ?? '';
    const column = columns[n] ?? rowIndex;
    const value = column === rowIndex ? String(index) : (row[column] ?? '');
    if (!body.startsWith(text, end)) return none;
    end += text.length;
    if (!body.startsWith(value, end)) {
      const echoed = body.charCodeAt(end) === plus ? withPlus(value) : undefined;
      if (echoed === undefined || !body.startsWith(echoed, end)) return none;
      end += echoed.length;
    } else end += value.length;
    if (!plain.test(value)) return none;
  }
  const last = texts[columns.length] ?? '';
  return body.startsWith(last, end) ? end + last.length : none;
}

/** A number that is sent with `%2B` comes back with a plus. */
function withPlus(value = ''): string | undefined {
  return value.startsWith('%2B') ? `+${value.slice(3)}` : undefined;
}
