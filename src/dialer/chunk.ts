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
  /** Ids of rows that the upstream had before: none of them is one of these. */
  known?: ReadonlySet<string> | undefined;
  /** The name under which its sender looks it up later. Two chunks of one name are the same. */
  name?: string | undefined;
  /** The chunks whose rows this one carries, in their order. */
  parts?: readonly Chunk[] | undefined;
}

export interface SubmitOptions extends SendOptions {
  /**
   * Called when all waiting is over. The request is then written within `writeWithinMs`, or not at all. A chunk that is tried
   * again calls it again, and each call notes a new time. So rows that were written, were written within `writeWithinMs` of
   * the latest call.
   */
  beforeSending?: SendOptions['beforeSending'];
  /** Whose chunk it is, and of which mutation. Callers take turns, and so do the mutations of one caller. */
  caller: unknown;
  mutation: object;
  /** Whether this is all that the caller has to send. Some slots are kept for such requests. */
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

/** The upstream refused. It accepted nothing of what the refusal is about. */
export interface Refusal {
  reason: RefusalReason;
  /** The upstream's words, redacted. */
  text: string;
  /** Which of the two it was, for `account-or-campaign`. Undefined: that cannot be told. */
  which?: 'api-key' | 'campaign';
}

export type RowAnswer =
  /** `dialerTime` is the time that the upstream gave, null where it gave none, or the one that was sent. */
  | { kind: 'scheduled'; dialerTime: string | null; text: string }
  | { kind: 'refused'; refusal: Refusal }
  /** Certainly not accepted: it was looked up afterwards, and the dialer does not have it. */
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
   * Certainly not accepted: it never arrived, or was rejected unread. `passing` as above. `away`: it could not be sent so
   * far, because of the dialer or of this process; a list waits until it can.
   */
  | { kind: 'unavailable'; reason: string; passing: boolean; away?: true }
  /** Sent, and nobody can tell: it may have been accepted. */
  | { kind: 'unknown'; reason: string };

/** What the upstream says of a campaign. */
export type CampaignStatus =
  /** Its id and its position in the upstream's own words; null where it gave none. */
  | { kind: 'found'; id: string | null; position: string | null }
  /** The account is good, and has no such campaign. */
  | { kind: 'missing' }
  /** The account was refused. */
  | { kind: 'refused' }
  /** It was not asked, or its answer tells nothing. `throttled`: it asks for fewer requests. */
  | { kind: 'unavailable' | 'throttled'; reason: string };
