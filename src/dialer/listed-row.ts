// A row of the upstream's list, as the rest of the house sees it, and what may be answered to those who ask for the list or
// change it. A list may have 100,000 rows: a row keeps its parameters as one text, and reads them when they are asked for.

import type { ChunkAnswer } from './chunk.ts';
import { phoneDigits } from './dialed-number.ts';

export interface RowFacts {
  id: string;
  campaignName: string;
  /** As the upstream has it, which may be anything. */
  number: string;
  /** `YYYY-MM-DD HH:mm:ss` on the dialer's clock, as it was sent. */
  scheduledTime: string;
  /** When the upstream took it, `YYYY-MM-DD HH:mm:ss` on the account's clock; null where it does not say. */
  createdTime: string | null;
  /** Whether it was handed over to its campaign; null where the upstream does not say. */
  isSent: boolean | null;
  /** When, in the upstream's own words; null where it does not say. */
  sentTime: string | null;
  /** What the campaign answered, redacted; empty before that. */
  response: string;
  /** The other columns, form-encoded. There is no secret in it. */
  parameters: string;
}

export interface Column {
  readonly header: string;
  readonly value: string;
}

export class ListedRow implements Omit<RowFacts, 'parameters'> {
  readonly id: string;
  readonly campaignName: string;
  readonly number: string;
  readonly scheduledTime: string;
  readonly createdTime: string | null;
  readonly isSent: boolean | null;
  readonly sentTime: string | null;
  readonly response: string;
  readonly #parameters: string;

  constructor(facts: RowFacts) {
    this.id = facts.id;
    this.campaignName = facts.campaignName;
    this.number = facts.number;
    this.scheduledTime = facts.scheduledTime;
    this.createdTime = facts.createdTime;
    this.isSent = facts.isSent;
    this.sentTime = facts.sentTime;
    this.response = facts.response;
    this.#parameters = facts.parameters;
  }

  /** The number's digits without leading zeros; null where it has none, or anything else in it. */
  get phone(): string | null {
    return phoneDigits(this.number);
  }

  /** Its columns besides the number and the time, in the upstream's order. */
  get columns(): Column[] {
    return [...new URLSearchParams(this.#parameters)].map(([header, value]) => ({ header, value }));
  }
}

/** Why there is no list, or why nothing was changed. */
export type NoAnswer = Exclude<ChunkAnswer, { kind: 'rows' }>;

export type ListAnswer =
  | {
      kind: 'list';
      rows: readonly ListedRow[];
      /** How far the upstream's clock is ahead, from its date, which is cut to the second. 0 where it told none. */
      skewMs: number;
      /** False where a warning stood before the list, perhaps of rows that it lacks: it then proves no row absent. */
      isWhole: boolean;
    }
  /** It has more rows, or longer ones, than are read. */
  | { kind: 'too-long' }
  /** `unknown`: it was cut off, or cannot be read. */
  | NoAnswer;

/** What became of a request to delete or to remove. */
export type ChangeAnswer =
  /** It was done. */
  | { kind: 'done' }
  /** The upstream has none of what was named. It says the same to a wrong key. */
  | { kind: 'absent'; text: string }
  | NoAnswer;

/** What is taken out of a campaign: every row of the number, as far as is known. */
export interface CampaignEntry {
  readonly campaignName: string;
  /** As it was sent. */
  readonly phoneNumber: string;
  readonly name: string;
}
