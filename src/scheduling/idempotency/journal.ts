// The journal of one round: what is about to be sent and what came of it, under the claim that sends. Once the claim is lost,
// or the store fails, nothing more may be sent under it.

import type { RowRange } from '../../dialer/row-range.ts';
import type { Journal } from '../dispatch.ts';
import { packAnswer, type Sending } from './journal-codec.ts';
import type { Claim, KeyStore } from './key-store.ts';

export interface RoundJournal extends Journal {
  /** Of a range that was intended; null for any other. */
  sendingOf(range: RowRange): Sending | null;
  /** Whether another process has taken the request over. */
  isLost(): boolean;
}

/** The journal of a part of a round: of the candidates from `offset` on. */
export function partOf(journal: RoundJournal, offset: number): RoundJournal {
  const whole = ({ start, size }: RowRange) => ({ start: start + offset, size });
  return {
    ...journal,
    nameOf: (range) => journal.nameOf(whole(range)),
    intend: (range) => journal.intend(whole(range)),
    settle: (range, answer) => journal.settle(whole(range), answer),
    sendingOf: (range) => journal.sendingOf(whole(range)),
  };
}

export interface JournalParts {
  keys: KeyStore;
  claim: Claim;
  /** Digest of a range's rows: see KeptRange. @default they are known otherwise */
  digestOf?: ((range: RowRange) => string | null) | undefined;
  /** What the database's clock shows more than this process's. */
  aheadMs: number;
  now(): number;
}

/** What a claim calls the sending of a range: unlike any other's. */
export function sendingName(id: number, claim: number, { start, size }: RowRange): string {
  return `${id} ${claim} ${start} ${size}`;
}

export function createJournal({
  keys,
  claim,
  digestOf = () => null,
  aheadMs,
  now,
}: JournalParts): RoundJournal {
  const nameOf = (range: RowRange) => sendingName(claim.id, claim.number, range);
  const sendings = new Map<string, Sending>();
  let lost = false;
  let broken: Error | undefined;

  return {
    nameOf,
    async intend(range) {
      // If the store hangs, not every range may wait for its time-out.
      if (broken !== undefined) throw broken;
      const name = nameOf(range);
      const sentAt = now();
      const isMine = await keys.intend(claim, range, sentAt + aheadMs, digestOf(range)).catch(() => {
        broken = new Error('its idempotencyKey could not be recorded');
        throw broken;
      });
      if (!isMine) {
        lost = true;
        broken = new Error('another process has taken the request over');
        throw broken;
      }
      sendings.set(name, { name, sentAt });
    },
    settle(range, answer) {
      keys.settle(claim, range, packAnswer(answer)).catch(() => {});
    },
    sendingOf: (range) => sendings.get(nameOf(range)) ?? null,
    isLost: () => lost,
  };
}
