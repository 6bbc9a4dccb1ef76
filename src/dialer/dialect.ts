// The words that the dialer and the rest of the house share: what is asked of the upstream, what it may answer, and
// what a dialect is. Types only.

import type { BulkData } from './contract.ts';
import type { HttpClient } from './http.ts';

export interface Account {
  /** Base URL, such as https://in1-ccaas-api.ozonetel.com. */
  url: string;
  apiKey: string;
  /** v2 only; v1 tells accounts by their key alone. */
  userName: string;
}

/** How chunks are written, authenticated and answered, over a given connection. */
export type Dialect = (account: Account, http: HttpClient, now: () => number) => ChunkScheduler;

export interface ChunkScheduler {
  /**
   * Sends one chunk once, and says what became of it. Never rejects, never sends again what may have been accepted.
   * An aborted signal stops a chunk that has not been written yet.
   */
  schedule(chunk: Chunk, signal?: AbortSignal): Promise<ChunkAnswer>;
}

/** Up to 100 rows for one campaign, as one request carries them. */
export interface Chunk {
  campaignName: string;
  /** Ask the upstream to leave out numbers it already has; dialects that cannot ask do not. */
  checkDuplicate: boolean;
  bulkData: BulkData;
}

export type RefusalReason =
  | 'account-or-campaign'
  | 'wrong-date'
  | 'missing-scheduled-time'
  | 'missing-phone-number'
  | 'missing-bulk-data'
  | 'duplicate'
  | 'other';

/** The upstream's own no. Nothing was accepted of what it speaks about. */
export interface Refusal {
  reason: RefusalReason;
  /** The upstream's words, redacted. */
  text: string;
}

export type RowAnswer =
  /** `dialerTime` is the time the upstream echoed, null where it gave none. */
  | { kind: 'scheduled'; dialerTime: string | null; text: string }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'unknown'; reason: string };

export type ChunkAnswer =
  /** One answer per row, in the order sent. */
  | { kind: 'rows'; rows: RowAnswer[] }
  /** The whole request was refused, and nothing of it accepted. */
  | { kind: 'refused'; refusal: Refusal }
  /** Certainly not accepted: the upstream asks for fewer requests. */
  | { kind: 'throttled'; retryAfterSeconds: number | null; text: string }
  /** Certainly not accepted: it never arrived, or was turned away unread. */
  | { kind: 'unavailable'; reason: string }
  /** Sent, and nobody can tell: it may have been accepted. */
  | { kind: 'unknown'; reason: string };
