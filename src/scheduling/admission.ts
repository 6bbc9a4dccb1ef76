// What a request has to pass before any of its records is looked at: the records in flight, and its credential's rate.
// A rate is how many records a credential may schedule, and validate, a minute. It counts records that the dialer took or may
// have taken. Records that were certainly not accepted are given back, and a replay takes nothing.

import { TokenBucket } from 'limiter';
import { LRUCache } from 'lru-cache';
import { Overloaded } from './request-error.ts';

export interface InFlight {
  /** Throws an Overloaded if there is no room for so many. The returned function must be called at their end. */
  enter(records: number): () => void;
}

/** The way of one chunk takes the dialer's time-out and 5 s at most; nearly all are done in far less. */
const retryAfterSeconds = 5;

/** `most`: records of all requests that are under way. */
export function createInFlight(most: number): InFlight {
  let inFlight = 0;
  return {
    enter(records) {
      if (inFlight + records > most) throw new Overloaded(retryAfterSeconds);
      inFlight += records;
      return () => {
        inFlight -= records;
      };
    },
  };
}

/** `recordsPerMinute`: undefined where there is no limit. */
export interface RateHolder {
  readonly account: string;
  readonly credential: string;
  readonly recordsPerMinute: number | undefined;
  readonly purpose: 'schedule' | 'validate';
}

export interface Rate {
  /** Takes so many records, and returns undefined; or takes none, and returns how many seconds to wait until it could. */
  take(count: number): number | undefined;
  giveBack(count: number): void;
  /** Undefined where there is no limit. */
  left(): RateLeft | undefined;
}

export interface RateLeft {
  /** Whole records that could be taken now. */
  records: number;
  /** Milliseconds until as many as ever can be taken, if none is taken meanwhile. */
  fullInMs: number;
}

/** A holder whose configuration did not change keeps its rate. */
export interface Rates {
  of(holder: RateHolder): Rate;
}

const mostHolders = 10_000;

const unlimited: Rate = { take: () => undefined, giveBack() {}, left: () => undefined };

export function createRates(): Rates {
  const known = new LRUCache<string, Rate>({ max: mostHolders });
  return {
    of({ account, credential, recordsPerMinute, purpose }) {
      if (recordsPerMinute === undefined) return unlimited;
      const key = JSON.stringify([account, credential, purpose, recordsPerMinute]);
      const rate = known.get(key) ?? createRate(recordsPerMinute);
      known.set(key, rate);
      return rate;
    },
  };
}

function createRate(recordsPerMinute: number): Rate {
  const bucket = new TokenBucket({
    bucketSize: recordsPerMinute,
    tokensPerInterval: recordsPerMinute,
    interval: 'minute',
  });
  // It begins full.
  bucket.content = recordsPerMinute;
  return {
    take(count) {
      if (bucket.tryRemoveTokens(count)) return undefined;
      // A request for more than a minute's records has been refused before.
      return Math.ceil(bucket.getWaitTime(Math.min(count, recordsPerMinute)) / 1000);
    },
    giveBack(count) {
      bucket.content = Math.min(recordsPerMinute, bucket.content + count);
    },
    left: () => ({
      // To ask for it brings the bucket's content up to date.
      fullInMs: bucket.getWaitTime(recordsPerMinute),
      records: Math.floor(bucket.content),
    }),
  };
}
