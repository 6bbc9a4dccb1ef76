// What a value of any JSON shape says: its words, and whether it speaks of rows that were taken. The value may be anything, so
// only strings, numbers and booleans become text, and no more is read than a short answer has. What lies beyond that is not
// known.

import { headers, texts } from '../../upstream/contract.ts';

export interface Message {
  /** Its words, in order. */
  text: string;
  /** Something in it says that rows were taken. */
  claimsSuccess: boolean;
  /** Something in it has a telephone number's header. */
  namesNumber: boolean;
  /** False if it is deeper or larger than is read. */
  isWhole: boolean;
}

/** Known answers are three levels deep. The refusal of a hundred rows takes some hundred values and 10 kB. */
const maxDepth = 16;
const maxValues = 10_000;
const maxLength = 64 * 1024;

export type JsonObject = Record<string, unknown>;

export function readMessage(message: unknown): Message {
  const read: Message = { text: '', claimsSuccess: false, namesNumber: false, isWhole: true };
  let values = 0;
  let length = 0;

  const count = (text: string) => {
    length += text.length;
    if (length > maxLength) read.isWhole = false;
  };

  const textOf = (value: unknown, depth: number): string => {
    values++;
    if (values > maxValues || depth > maxDepth) read.isWhole = false;
    if (!read.isWhole) return '';
    if (Array.isArray(value)) return joined(value, (item) => textOf(item, depth + 1));
    if (isObject(value)) return textOfObject(value, depth);
    const text = scalarText(value).trim();
    count(text);
    if (read.isWhole && contains(text, texts.updated)) read.claimsSuccess = true;
    return text;
  };

  const textOfObject = (object: JsonObject, depth: number): string => {
    const { Response, status } = object;
    if (readStatus(Response) === 'succeeded' || readStatus(status) === 'succeeded') read.claimsSuccess = true;
    if (Object.hasOwn(object, headers.phoneNumber)) read.namesNumber = true;
    return joined(Object.keys(object), (key) => {
      const value = object[key];
      count(key);
      if (read.isWhole && /success|accepted|added|inserted/i.test(key) && !isNothing(value))
        read.claimsSuccess = true;
      return `${key}: ${textOf(value, depth + 1)}`;
    });
  };

  /** Stops where no more is read. */
  const joined = <Item>(items: readonly Item[], wordsOf: (item: Item) => string): string => {
    const words: string[] = [];
    for (const item of items) {
      if (!read.isWhole) break;
      words.push(wordsOf(item));
    }
    return words.filter(Boolean).join('; ');
  };

  read.text = textOf(message, 0).slice(0, maxLength);
  return read;
}

/** `unsaid`: none of the known words. `unclear`: not a word, or two that contradict each other. */
export type Status = 'succeeded' | 'failed' | 'unsaid' | 'unclear';

/** `status` is spelled success, SUCCESS, error, failure, FAIL, "false", or is absent. */
export function readStatus(status: unknown): Status {
  if (typeof status === 'object' && status !== null) return 'unclear';
  const text = scalarText(status);
  if (text.length > maxStatusLength) return 'unclear';
  const word = text.trim().toLowerCase();
  if (word === 'success' || word === 'true' || word === 'ok') return 'succeeded';
  if (/^(error|fail|failure|failed|false)$/.test(word)) return 'failed';
  return 'unsaid';
}

/** Characters, with the blanks around the word. */
const maxStatusLength = 100;

export function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function isNothing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === 0 ||
    value === '0' ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    readStatus(value) === 'failed'
  );
}
