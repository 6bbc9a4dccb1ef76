// The entries of an answer, one for each row, and which row each of them is for.

import { parseWallClock } from '../../foundation/time-zone.ts';
import { type BulkData, headers } from '../../upstream/contract.ts';
import { phoneDigits, samePhone } from '../dialed-number.ts';
import { isObject, type JsonObject, readMessage, readStatus, type Status } from './message.ts';

export interface Entry {
  index: number | null;
  /** Digits, without leading zeros; null where none or only a masked number is given. */
  phone: string | null;
  said: Status;
  text: string;
  /** False if it says more than is read. */
  isWhole: boolean;
  /** Null where none is given, or the one that was sent. */
  time: string | null;
  /** All that it says besides its verdict, by its own words. */
  repeated: ReadonlyMap<string, unknown>;
}

/** The entries of a success, or null where `message` holds none. */
export function readEntries(message: unknown): Entry[] | null {
  if (Array.isArray(message)) {
    const objects = message.filter(isObject);
    return objects.length === message.length && objects.length > 0 ? objects.map(readEntry) : null;
  }
  if (!isObject(message)) return null;
  if (isEntry(message)) return [readEntry(message)];
  const pairs = Object.entries(message);
  const numbered = pairs.every(([key, value]) => /^\d+$/.test(key) && isObject(value));
  if (!numbered || pairs.length === 0) return null;
  return pairs.map(([key, value]) => readEntry({ index: key, ...(value as JsonObject) }));
}

function isEntry(value: JsonObject): boolean {
  return ['Response', 'msg', headers.phoneNumber].some((key) => Object.hasOwn(value, key));
}

const verdictKeys: ReadonlySet<string> = new Set(['index', 'Response', 'status', 'msg', 'message']);

function readEntry(entry: JsonObject): Entry {
  const index = typeof entry.index === 'number' ? String(entry.index) : entry.index;
  const phone = entry[headers.phoneNumber];
  const time = entry.ScheduleTime ?? entry[headers.scheduledTime];
  const { text, isWhole } = readMessage(entry.msg ?? entry.message);
  return {
    index: typeof index === 'string' && /^\d{1,6}$/.test(index) ? Number(index) : null,
    phone: typeof phone === 'string' || typeof phone === 'number' ? phoneDigits(String(phone)) : null,
    said: readEntryStatus(entry),
    text,
    isWhole,
    time: typeof time === 'string' && parseWallClock(time) !== null ? time : null,
    repeated: new Map(Object.entries(entry).filter(([key]) => !verdictKeys.has(key))),
  };
}

/** An entry may have its status in two places. */
function readEntryStatus({ Response, status }: JsonObject): Status {
  const [one, other] = [readStatus(Response), readStatus(status)];
  if (one === other || other === 'unsaid') return one;
  return one === 'unsaid' ? other : 'unclear';
}

export function saysTheSame(one: Entry, other: Entry): boolean {
  return (
    one.said === other.said &&
    one.time === other.time &&
    one.text === other.text &&
    one.isWhole === other.isWhole
  );
}

/**
 * Each row's entry, or null where none is certainly its own: by `index`, else by position, where all that the entries repeat is
 * plausible so; else by what they repeat.
 */
export function entriesOfRows(entries: readonly Entry[], { map, data }: BulkData): (Entry | null)[] {
  return new Matching(entries, map, data).find();
}

class Matching {
  readonly #entries: readonly Entry[];
  readonly #map: readonly string[];
  readonly #rows: readonly (readonly string[])[];
  /** Of each row, as `Entry.phone`. */
  readonly #phones: readonly string[];

  constructor(entries: readonly Entry[], map: readonly string[], rows: readonly (readonly string[])[]) {
    const column = map.indexOf(headers.phoneNumber);
    this.#entries = entries;
    this.#map = map;
    this.#rows = rows;
    this.#phones = rows.map((row) => phoneDigits(row[column] ?? '') ?? '');
  }

  find(): (Entry | null)[] {
    if (this.#indexesArePlausible()) {
      const byIndex = new Map(this.#entries.map((entry) => [entry.index, entry]));
      return this.#rows.map((_, at) => byIndex.get(at) ?? null);
    }
    if (this.#positionsArePlausible())
      return this.#entries.map((entry, at) => (this.#mayBeAnothers(entry, at) ? null : entry));
    return this.#rows.map((_, at) => this.#byContent(at));
  }

  /**
   * Indexes count from 0 and are each row's own. An entry without a number proves nothing alone: indexes counted from 1
   * would look the same but for one row, so then every row must have its entry.
   */
  #indexesArePlausible(): boolean {
    const seen = new Set<number>();
    for (const entry of this.#entries) {
      const { index, phone } = entry;
      if (index === null || index >= this.#rows.length || seen.has(index)) return false;
      seen.add(index);
      if (phone === null ? this.#entries.length !== this.#rows.length : !this.#isPlausible(entry, index))
        return false;
    }
    return true;
  }

  #positionsArePlausible(): boolean {
    return (
      this.#entries.length === this.#rows.length &&
      this.#entries.every((entry, at) => entry.phone !== null && this.#isPlausible(entry, at))
    );
  }

  /** Whether it has the row's number, and does not repeat another row instead. */
  #isPlausible(entry: Entry, at: number): boolean {
    if (entry.phone === null || !samePhone(entry.phone, this.#phones[at] ?? '')) return false;
    return this.#repeats(entry, at) || !this.#rows.some((_, other) => this.#repeats(entry, other));
  }

  /** Whether its position alone makes it this row's, and the other row that it may be for has another verdict. */
  #mayBeAnothers(entry: Entry, at: number): boolean {
    return this.#entries.some(
      (other, place) =>
        place !== at &&
        !saysTheSame(entry, other) &&
        this.#repeats(entry, place) &&
        !this.#areAlike(at, place),
    );
  }

  /** By all that is repeated, where that is of this row and of no other; else by a number that only one row and one entry have. */
  #byContent(at: number): Entry | null {
    const own = this.#entries.filter((entry) => this.#repeats(entry, at));
    if (own.length > 0) {
      const alike = [...this.#rows.keys()].filter((other) => this.#areAlike(at, other));
      if (own.length !== alike.length) return null;
      const ours = new Set(alike);
      const isOurs = (entry: Entry) =>
        this.#rows.every((_, other) => ours.has(other) || !this.#repeats(entry, other));
      return own.every(isOurs) ? (own[alike.indexOf(at)] ?? null) : null;
    }
    const phone = this.#phones[at] ?? '';
    const candidates = this.#entries.filter((entry) => entry.phone !== null && samePhone(entry.phone, phone));
    const rows = this.#phones.filter((other) => samePhone(other, phone));
    return candidates.length === 1 && rows.length === 1 ? (candidates[0] ?? null) : null;
  }

  /** Whether it has the row's number, and every other value that it repeats is the row's, too. */
  #repeats({ phone, time, repeated }: Entry, at: number): boolean {
    if (phone === null || phone !== this.#phones[at]) return false;
    return this.#map.every((header, column) => {
      const sent = this.#rows[at]?.[column] ?? '';
      if (header === headers.phoneNumber) return true;
      if (header === headers.scheduledTime) return time === null || time === sent;
      const said = repeated.get(header);
      return (typeof said !== 'string' && typeof said !== 'number') || String(said) === sent;
    });
  }

  /** Whether two rows were sent with the same values: it does not matter which of their entries is whose. */
  #areAlike(one: number, other: number): boolean {
    const [values, others] = [this.#rows[one] ?? [], this.#rows[other] ?? []];
    return values.every((value, column) => value === others[column]);
  }
}
