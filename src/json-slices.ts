// JSON of thousands of records, read and written a slice at a time: in one go it would hold up everybody else for as long as
// it takes. Small texts and values go the native way, and so does every text of another form than clients send.

import { breathe } from './breathe.ts';

/** Native parsing takes about a millisecond for so many characters. */
const sliceLength = 64 * 1024;
/** Native writing takes about a millisecond for so many results. */
const sliceItems = 500;

/** The one list of a text that may be long. */
export interface LongList {
  key: 'records' | 'message';
  /** What may have the key, in the value of the whole text. */
  holders(value: unknown): readonly unknown[];
}

const listBehindKey = /\s*:\s*\[/y;
const nextItem = '},{';

/** As `JSON.parse`, a SyntaxError included. */
export async function parseJson(text: string, { key: name, holders }: LongList): Promise<unknown> {
  if (text.length <= 2 * sliceLength) return JSON.parse(text);
  // A quote inside of a string would have a backslash before it.
  const quoted = JSON.stringify(name);
  const key = text.indexOf(quoted);
  listBehindKey.lastIndex = key + quoted.length;
  const isOne = key !== -1 && text[key - 1] !== '\\' && text.indexOf(quoted, key + 1) === -1;
  if (!isOne || !listBehindKey.test(text)) return JSON.parse(text);

  const start = listBehindKey.lastIndex;
  const first: unknown[] = [];
  let from = start;
  let length = sliceLength;
  for (;;) {
    const end = text.indexOf(nextItem, from + length);
    if (end === -1) break;
    const items = itemsOf(text.slice(from, end + 1));
    // The boundary lies inside of a string or of a list, or past the last record.
    if (items === null) length *= 2;
    else {
      for (const item of items) first.push(item);
      from = end + 2;
      length = sliceLength;
    }
    await breathe();
  }
  const rest: unknown = JSON.parse(text.slice(0, start) + text.slice(from));
  const holder = holders(rest).find((value) => Array.isArray(membersOf(value)[name]));
  if (holder === undefined) return JSON.parse(text);
  const members = membersOf(holder);
  members[name] = [...first, ...(members[name] as unknown[])];
  return rest;
}

function itemsOf(text: string): unknown[] | null {
  try {
    return JSON.parse(`[${text}]`);
  } catch {
    return null;
  }
}

function membersOf(value: unknown): Record<string, unknown> {
  return (value ?? {}) as Record<string, unknown>;
}

/** The text of a value in pieces; those of a long list are made as they are asked for. */
export async function* writeJson(value: unknown): AsyncGenerator<string> {
  if (Array.isArray(value)) {
    for (let start = 0; start < value.length; start += sliceItems) {
      const items = JSON.stringify(value.slice(start, start + sliceItems)).slice(1, -1);
      yield `${start === 0 ? '[' : ','}${items}`;
      await breathe();
    }
    yield value.length === 0 ? '[]' : ']';
    return;
  }
  if (typeof value !== 'object' || value === null || !hasLongList(value)) {
    yield JSON.stringify(value);
    return;
  }
  let before = '{';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* writeJson(member);
    before = ',';
  }
  yield '}';
}

/** A list so long stands near the top of a result. */
export function hasLongList(value: unknown, depth = 0): boolean {
  if (Array.isArray(value)) return value.length > sliceItems;
  if (typeof value !== 'object' || value === null || depth > 3) return false;
  return Object.values(value).some((member) => hasLongList(member, depth + 1));
}
