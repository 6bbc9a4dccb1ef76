// The words that the dialer and the rest of the house share: what is asked of the upstream, and what it may answer. Types only.

import type { BulkData } from '../upstream/contract.ts';
import type { SendOptions } from './transport/http-client.ts';

export interface Account {
  /** Base URL, such as https://in1-ccaas-api.ozonetel.com. */
  url: string;
  apiKey: string;
  /** v2 only; v1 tells accounts by their key alone. */
  userName: string;
}

/** Up to 100 rows for one campaign, as one request carries them. */
export interface Chunk {
  campaignName: string;
  /** Ask the upstream to leave out numbers it already has; dialects that cannot ask do not. */
  checkDuplicate: boolean;
  /** IANA: on whose clock the times of `bulkData` are. */
  timeZone: string;
  bulkData: BulkData;
  /** What its sender will call it when it asks again; two of one name are the same. */
  name?: string | undefined;
  /** Of a chunk that carries several: whose rows these are, in order. */
  parts?: readonly Chunk[] | undefined;
}

export interface SubmitOptions extends SendOptions {
  /**
   * May be called again for the same chunk; each call notes a new time. It is called once all waiting is over, and the
   * request is then written within `writeWithinMs` or not at all: the chunk may then be tried anew, with another call. So the
   * rows were written within `writeWithinMs` of the latest call, if they were.
   */
  beforeSending?: SendOptions['beforeSending'];
  /** Whose chunk it is, and of which mutation: callers take turns, and the mutations of each. */
  caller: unknown;
  mutation: object;
  /** Whether the caller has no more than this to send: some slots are kept for those. */
  small: boolean;
  /** Whether it may share a request with others' chunks. @default false */
  mayShare?: boolean;
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
  /** Certainly not accepted: looked for afterwards, and not there. */
  | { kind: 'unavailable'; reason: string }
  | { kind: 'unknown'; reason: string };

export type ChunkAnswer =
  /** One answer per row, in the order sent. */
  | { kind: 'rows'; rows: RowAnswer[] }
  /** The whole request was refused, and nothing of it accepted. */
  | { kind: 'refused'; refusal: Refusal }
  /** Certainly not accepted: the upstream asks for fewer requests. `passing`: worth another try within seconds. */
  | { kind: 'throttled'; retryAfterSeconds: number | null; text: string; passing: boolean }
  /**
   * Certainly not accepted: it never arrived, or was turned away unread. `passing` as above; `away`: it could not be sent
   * so far, for the dialer's sake or our own, which a list waits out.
   */
  | { kind: 'unavailable'; reason: string; passing: boolean; away?: true }
  /** Sent, and nobody can tell: it may have been accepted. */
  | { kind: 'unknown'; reason: string };
