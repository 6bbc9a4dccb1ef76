// Where idempotency keys are kept, durably, as the claim loop sees it. The store implements it, on one account's behalf.
// Each call may reject where the store is out of reach. Times are on the database's clock, in epoch milliseconds: replicas'
// own clocks may be hours apart.

import type { RowRange } from '../../dialer/row-range.ts';
import type { PlanCircumstances } from '../plan.ts';

export interface KeyStore {
  /** A keyed digest of a text: what is kept in its place. */
  digest(text: string): string;
  /** The circumstances are those of the request's own kind: a key of another kind has another input. */
  claim<Circumstances extends object = PlanCircumstances>(
    request: ClaimRequest<Circumstances>,
  ): Promise<ClaimResult<Circumstances>>;
  /**
   * Notes that a range of the round is about to be sent, durable before it resolves. False: the claim is lost. `digest`: see
   * KeptRange.
   */
  intend(claim: Claim, range: RowRange, sentAt: number, digest: string | null): Promise<boolean>;
  /**
   * Keeps the answer to a range that was intended, within some 20 ms: it is written with what comes next. Nothing is written where
   * the claim is lost.
   */
  settle(claim: Claim, range: RowRange, answer: string): Promise<void>;
  /** Keeps what is known by now, and which candidates are to be sent next. False: the claim is lost. */
  beginRound(claim: Claim, round: RoundStart): Promise<boolean>;
  /**
   * Ends the round and releases the key. False: the claim is lost. While the store is out of reach this is tried again for
   * minutes, since a dialer that cannot be asked (v1) would never tell what came of the round. Where it rejects, the answers that
   * were given are kept.
   */
  finish(claim: Claim, end: RoundEnd): Promise<boolean>;
  /** Releases the key as it is: the next claim goes on from there. A key for which nothing was ever sent is as new again. */
  release(claim: Claim): Promise<void>;
}

/** One process's hold on a key. Every claim of a key has a higher number, and what an older one writes is not taken. */
export interface Claim {
  readonly id: number;
  readonly number: number;
}

/** `plan`: see KeptRequest. */
export interface RoundStart {
  plan?: string;
  result: string;
  candidates: string;
}

export interface RoundEnd {
  plan?: string;
  result: string;
  isSettled: boolean;
}

export interface ClaimRequest<Circumstances extends object = PlanCircumstances> {
  /** The id of the claim that this run has lost: its request is taken up again, and never begun anew. */
  held: number | null;
  /** Digest of the key, and what earlier versions of this service made of it. */
  key: string;
  formerKeys: readonly string[];
  /** Digest of the request, with its version before it. */
  input: string;
  circumstances: Circumstances;
  /** The candidates of the first round: those that there are, up to these. */
  candidates: string;
}

export type ClaimResult<Circumstances extends object = PlanCircumstances> =
  | { kind: 'mine'; claim: Claim; kept: KeptRequest<Circumstances>; ranges: readonly KeptRange[] }
  /** Nothing is left to be done: it has its last answers. */
  | { kind: 'settled'; kept: KeptRequest<Circumstances> }
  | { kind: 'elsewhere' }
  /** The claim that was held is no more: its time was over. */
  | { kind: 'gone' }
  | { kind: 'conflict' }
  | { kind: 'other-version' };

/** A request as an earlier run has left it. */
export interface KeptRequest<Circumstances extends object = PlanCircumstances> {
  /** Digest of the candidates; empty in the first round, where each range has its own. */
  plan: string;
  circumstances: Circumstances;
  /** What was known when the last round began or ended; null in the first. */
  result: string | null;
  /** The candidates of the round that is under way; null where none is. */
  candidates: string | null;
  /** The database's clock when it was read. */
  databaseNow: number;
}

/** A range of the round that was intended; `answer` is null where no more is known. */
export interface KeptRange extends RowRange {
  /** The number of the claim that intended it. */
  claim: number;
  sentAt: number;
  /** Of its rows; null where the whole plan has one, or the range is a part of one that has. */
  digest: string | null;
  answer: string | null;
}
