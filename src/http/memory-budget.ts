// How much memory all requests may take together, from the first byte of a body to the last byte of its answer. What a request
// takes is estimated from its length, its values and its records, before each of them is in memory. A request is refused if
// nothing is left for it. No caller gets more than half, so whoever has the most is refused first.
// States of a room: open, in which it only grows → (the response is closed) closed, and all of it is free again.

import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { Refusal } from './refusal.ts';

export interface MemoryBudgetOptions {
  /** Of all requests together. */
  bytes: number;
  /** How much of it one caller may have, from 0 to 1. */
  share: number;
}

/** `later`: too much beside other requests. `never`: too much for one. */
export type Holding = 'held' | 'later' | 'never';

/** What one request takes. It only grows, until the request is closed. */
export interface Room {
  /** For a body of so many characters. Throws a Refusal where that is too much. */
  holdBody(characters: number): void;
  /** For so many more values in what has been read of a long body. Throws a Refusal where that is too much. */
  addValues(count: number): void;
  /** For so many records, and their results. */
  holdRecords(count: number): Holding;
  /** For the compressor of its answer. */
  holdCompressor(): boolean;
  close(): void;
}

export interface MemoryBudget {
  /** The longest body that is ever taken, in characters. */
  readonly longestBody: number;
  open(caller: string): Room;
}

/** Characters: 200,000 records in variables. A text may be no longer than some 500 million. */
const longestOfAll = 25 * 1024 * 1024;

/** A request, an answer and a connection without anything in them. */
const bytesOfRequest = 16_384;
/** A text while it is put together: two bytes for each character beyond Latin. */
const bytesOfCharacter = 2;
/** Short texts are read whole, and may consist of empty lists. */
const shortText = 131_072;
const bytesOfShortCharacter = 16;
/** A value that is read, and that value coerced: an empty object takes 56. */
const bytesOfValue = 64;
/** A record that has been checked, its row, its result and its entry in an answer. */
const bytesOfRecord = 1500;
/** For br, with its buffers while nobody reads: 60 of them took 139 MB. */
const bytesOfCompressor = 2_500_000;

/** What a list of records of the usual length takes. */
export function bytesOfList(records: number): number {
  return (
    bytesOfBody(records * usualRecord.characters) +
    records * (usualRecord.values * bytesOfValue + bytesOfRecord) +
    bytesOfCompressor
  );
}

/** A record with every field, and two of the campaign's own. */
const usualRecord = { characters: 250, values: 16 };

function bytesOfBody(characters: number): number {
  const short = Math.min(characters, shortText);
  return bytesOfRequest + short * bytesOfShortCharacter + (characters - short) * bytesOfCharacter;
}

const megabyte = 1024 * 1024;
/** Beside lists of 10,000 and what the process takes for itself, the Kubernetes example's 768 MiB hold. */
const usualMemoryMb = 256;

/** As configured. Throws a ConfigError if there is no room for the longest list. */
export function memoryOf({
  callers,
  maxMemoryForRequestsMb,
  maxRecordsPerMutation,
}: Pick<Config, 'callers' | 'maxMemoryForRequestsMb' | 'maxRecordsPerMutation'>): MemoryBudgetOptions {
  // If everybody may call, all are one caller, and there is no other who needs the rest.
  const share = callers === undefined ? 1 : 0.5;
  const leastMb = Math.ceil(bytesOfList(maxRecordsPerMutation) / share / megabyte);
  const mb = maxMemoryForRequestsMb ?? Math.max(usualMemoryMb, leastMb);
  if (mb < leastMb)
    throw new ConfigError(
      `MAX_MEMORY_FOR_REQUESTS_MB ${mb} is less than the ${leastMb} that MAX_RECORDS_PER_MUTATION ${maxRecordsPerMutation} takes`,
    );
  return { bytes: mb * megabyte, share };
}

export function createMemoryBudget({ bytes, share }: MemoryBudgetOptions): MemoryBudget {
  const ofOne = bytes * share;
  const taken = new Map<string, number>();
  let takenByAll = 0;

  class OneRoom implements Room {
    readonly #caller: string;
    #body = 0;
    #values = 0;
    #records = 0;
    #compressor = 0;
    #taken = 0;
    #isClosed = false;

    constructor(caller: string) {
      this.#caller = caller;
    }

    holdBody(characters: number): void {
      this.#body = Math.max(this.#body, bytesOfBody(characters));
      this.#takeOrRefuse();
    }

    addValues(count: number): void {
      this.#values += count * bytesOfValue;
      this.#takeOrRefuse();
    }

    holdRecords(count: number): Holding {
      const before = this.#records;
      this.#records = Math.max(before, count * bytesOfRecord);
      const refusal = this.#take();
      if (refusal === undefined) return 'held';
      this.#records = before;
      return refusal === tooMuch ? 'never' : 'later';
    }

    holdCompressor(): boolean {
      // Nothing would free what a closed room holds.
      if (this.#isClosed) return false;
      this.#compressor = bytesOfCompressor;
      const isHeld = this.#take() === undefined;
      if (!isHeld) this.#compressor = 0;
      return isHeld;
    }

    close(): void {
      this.#isClosed = true;
      this.#move(-this.#taken);
    }

    #takeOrRefuse(): void {
      const refusal = this.#take();
      if (refusal !== undefined) throw refusal;
    }

    #take(): Refusal | undefined {
      const all = this.#body + this.#values + this.#records + this.#compressor;
      const more = all - this.#taken;
      if (this.#isClosed || more <= 0) return undefined;
      if (all > ofOne) return tooMuch;
      if ((taken.get(this.#caller) ?? 0) + more > ofOne) return tooMuchOfOne;
      if (takenByAll + more > bytes) return tooMuchOfAll;
      this.#move(more);
      return undefined;
    }

    #move(more: number): void {
      this.#taken += more;
      takenByAll += more;
      const left = (taken.get(this.#caller) ?? 0) + more;
      if (left > 0) taken.set(this.#caller, left);
      else taken.delete(this.#caller);
    }
  }

  return {
    longestBody: Math.min(longestOfAll, Math.floor(ofOne / bytesOfCharacter / 2)),
    open: (caller) => new OneRoom(caller),
  };
}

/** Most requests are answered sooner. */
const retryAfterSeconds = 5;

const tooMuch = new Refusal(
  413,
  'REQUEST_TOO_LARGE',
  'The request takes more memory than one caller may have: split it into several.',
);
const tooMuchOfOne = new Refusal(
  429,
  'TOO_MUCH_IN_FLIGHT',
  `Your requests under way take as much memory as one caller may have. Send the same request again in ${retryAfterSeconds} s.`,
  retryAfterSeconds,
);
const tooMuchOfAll = new Refusal(
  503,
  'OVERLOADED',
  `The requests under way take as much memory as there is for them. Send the same request again in ${retryAfterSeconds} s.`,
  retryAfterSeconds,
);
