// What a dialect is: how chunks are written, authenticated and answered. Types only.

import type { Account, CampaignStatus, Chunk, ChunkAnswer } from '../chunk.ts';
import type { CampaignEntry, ChangeAnswer, ListAnswer } from '../listed-row.ts';
import type { HttpReply, HttpRequest, SendOptions } from '../transport/http-client.ts';
import type { SharedState } from '../transport/shared-state.ts';

/** What every request to the upstream passes. */
export interface Guard {
  /** Sends a request once, and answers what `read` makes of its reply. Never rejects, unless `read` throws. */
  request<Answer>(
    request: HttpRequest,
    read: (reply: HttpReply) => Answer | Promise<Answer>,
    options?: SendOptions,
  ): Promise<Answer>;
}

export interface Dialect {
  readonly capabilities: Capabilities;
  /** For one account, through a given guard. */
  connect(account: Account, guard: Guard, shared: SharedState, now: () => number): DialectClient;
}

export interface Capabilities {
  /** Whether `checkKey` makes a token, which voids the one in use. */
  readonly checkMakesToken: boolean;
  /** What the account has to be set to at the vendor. Undefined: nothing. */
  readonly accountSetting: string | undefined;
}

/** One dialect, spoken for one account. */
export interface DialectClient {
  /** Sends the rows of one chunk once, and says what became of them. Never rejects. */
  postRows(chunk: Chunk, options?: SendOptions): Promise<ChunkAnswer>;
  /** Undefined: the dialect cannot ask for rows, and cannot take one back. */
  readonly scheduled?: ScheduledClient;
  /** Asks whether the account's key is good, and sends no row. Undefined: the dialect cannot ask. */
  checkKey?: () => Promise<KeyCheck>;
  /** Asks for a campaign. Never rejects. Undefined: the dialect cannot ask. */
  campaignStatus?: (campaignName: string, options?: SendOptions) => Promise<CampaignStatus>;
}

/** The account's rows that were scheduled. Each request is sent once; none rejects. */
export interface ScheduledClient {
  /** Every row that the upstream still has, whether it waits for its time or was handed over. */
  list(options?: SendOptions): Promise<ListAnswer>;
  /** Deletes the rows with these ids, and no others. Where some of them are not there, the others are deleted. */
  delete(ids: readonly string[], options?: SendOptions): Promise<ChangeAnswer>;
  /** Takes a number out of a campaign to which it was handed over. */
  remove(entry: CampaignEntry, options?: SendOptions): Promise<ChangeAnswer>;
}

export type KeyCheck =
  /** It is good, and so many rows wait. */
  | { kind: 'good'; rows: number }
  /** The answer is `null`. */
  | { kind: 'null' }
  /** Anything else that was answered, or the reason why nothing was asked. */
  | { kind: 'other'; answer: ChunkAnswer };
