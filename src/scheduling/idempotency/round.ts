// One claim's work on a request. Its states, each entered from the one before:
// resumed: what an earlier round left is read, and what was unanswered is unknown → looked up: unknown candidates become
// settled, may be sent, or stay unknown → begun: those that may be sent, and whose time is not over, are written down as the
// round's candidates → sent → ended: all outcomes are written, and the key is free.
// A new request begins in "begun". Whatever fails on the way, "not accepted" is only answered where it is written.

import type { ChunkAnswer, RowAnswer } from '../../dialer/chunk.ts';
import type { Dialer } from '../../dialer/dialer.ts';
import type { StopSignal } from '../../foundation/cancellation.ts';
import { giveWay } from '../../foundation/event-loop.ts';
import type { Rate } from '../admission.ts';
import {
  answersOf,
  type Batch,
  type CandidateAnswer,
  type ChunkResult,
  chunkOf,
  type Journal,
  mayBeScheduled,
} from '../dispatch.ts';
import type { Plan, PlanCircumstances } from '../plan.ts';
import type { CheckedRecord } from '../record.ts';
import { RateLimited, UnknownCampaign } from '../request-error.ts';
import type { EndedRound, Mine } from './claim-loop.ts';
import { createPlanDigest } from './fingerprint.ts';
import { createJournal, type RoundJournal, sendingName } from './journal.ts';
import {
  KeptOutcomes,
  maySend,
  packPositions,
  type Sending,
  unpackAnswer,
  unpackPositions,
  unsent,
} from './journal-codec.ts';
import type { KeptRange, KeyStore } from './key-store.ts';

export interface LookUpParts {
  dialer: Dialer;
  /** Undefined: there is no number that is never to be called. */
  isSuppressed: ((e164: string) => boolean) | undefined;
  now(): number;
}

export interface RoundParts extends LookUpParts {
  keys: KeyStore;
  send(batch: Batch, signal: StopSignal, journal: Journal | undefined): Promise<ChunkResult[]>;
  /** Whether the dialer certainly has no such campaign. */
  isMissing(campaignName: string, origin: Batch['origin']): boolean | Promise<boolean>;
}

export interface RoundResult extends Omit<EndedRound<unknown>, 'answer'> {
  /** One for each of the plan's candidates. */
  answers: readonly CandidateAnswer[];
}

/** If the store hangs, callers must not wait for it when the answers are there. */
const finishMs = 2000;

/**
 * Does not reject if the store fails: `end` says what became of it. Rejects with an UnknownCampaign or a RateLimited if nothing was
 * sent so far.
 */
export async function carryOn(
  parts: RoundParts,
  plan: Plan,
  mine: Mine<PlanCircumstances>,
  rate: Rate,
  signal: StopSignal,
): Promise<RoundResult> {
  const { keys, now } = parts;
  const { claim, kept, ranges } = mine;
  const aheadMs = kept.databaseNow - now();
  const isUntouched = kept.result === null && ranges.length === 0;
  const isNew = isUntouched && claim.number === 1;
  // A new plan is read while it is sent: so far it has as many candidates as there are records.
  const count = isNew ? plan.total : plan.candidates.length;
  const outcomes =
    kept.result === null ? KeptOutcomes.ofUnsent(count) : KeptOutcomes.unpack(kept.result, aheadMs);
  const digest = createPlanDigest(keys.digest, plan);
  const due = isNew ? [...outcomes.answers.keys()] : await resume(parts, plan, mine, outcomes, signal);
  if (isUntouched && (await parts.isMissing(plan.campaignName, plan.origin)))
    throw new UnknownCampaign(plan.campaignName);
  const positions = withinRate(rate, due, outcomes, isUntouched);
  try {
    if (!isNew) {
      const candidates = packPositions(positions);
      const round = { plan: await digest.whole(), result: outcomes.pack(aheadMs), candidates };
      // With nothing to send, the end is all that is to be written.
      const begun = positions.length === 0 || (await keys.beginRound(claim, round).catch(() => undefined));
      if (begun !== true) return { answers: outcomes.answers, end: begun === false ? 'lost' : 'undurable' };
    }
    const journal = createJournal({ keys, claim, digestOf: isNew ? digest.of : undefined, aheadMs, now });
    await sendRound(parts, plan, outcomes, positions, signal, journal);
    outcomes.limit(plan.candidates.length);
    if (journal.isLost()) return { answers: outcomes.answers, end: 'lost' };
    const end = {
      plan: await digest.whole(),
      result: outcomes.pack(aheadMs),
      isSettled: outcomes.isSettled(),
    };
    return { answers: outcomes.answers, ...(await endRound(keys.finish(claim, end))) };
  } finally {
    rate.giveBack(positions.filter((at) => !mayBeScheduled(outcomes.answers[at] ?? unsent)).length);
  }
}

/** Brings the outcomes up to date, and returns the candidates that may be sent now. */
async function resume(
  parts: RoundParts,
  plan: Plan,
  { claim, kept, ranges }: Mine<PlanCircumstances>,
  outcomes: KeptOutcomes,
  signal: StopSignal,
): Promise<number[]> {
  const aheadMs = kept.databaseNow - parts.now();
  if (kept.candidates !== null)
    readRound(outcomes, claim.id, unpackPositions(kept.candidates), ranges, aheadMs);
  return lookUp(parts, plan, outcomes, signal);
}

/** Asks the dialer for what is unknown, and returns the candidates that may be sent now. */
export async function lookUp(
  parts: LookUpParts,
  plan: Plan,
  outcomes: KeptOutcomes,
  signal: StopSignal,
): Promise<number[]> {
  await lookUpUnknown(parts, plan, outcomes);
  return signal.aborted ? [] : dueAgain(parts, plan, outcomes);
}

/** The candidates that may be sent within the rate: all, or none. */
export function withinRate(
  rate: Rate,
  due: readonly number[],
  outcomes: KeptOutcomes,
  isUntouched: boolean,
): readonly number[] {
  const waitSeconds = rate.take(due.length);
  if (waitSeconds === undefined) return due;
  if (isUntouched) throw new RateLimited(waitSeconds);
  // What is known of the request is told; the rest may be sent later.
  const reason = `your credential may send no more records for ${waitSeconds} s`;
  for (const position of due) outcomes.put(position, { kind: 'unavailable', reason, passing: false }, null);
  return [];
}

/** What the ranges of a round that was cut off say of its candidates. */
export function readRound(
  outcomes: KeptOutcomes,
  id: number,
  positions: readonly number[],
  ranges: readonly KeptRange[],
  aheadMs: number,
): void {
  // A part of a range that was refused as a whole says more than the whole.
  const outerFirst = [...ranges].sort((one, other) => other.size - one.size);
  for (const range of outerFirst) {
    const { start, size, claim, sentAt, answer: text } = range;
    const sending: Sending = { name: sendingName(id, claim, range), sentAt: sentAt - aheadMs };
    const answer = text === null ? cutOff : unpackAnswer(text);
    // Narrowing it down was cut off: nothing of it was accepted, and which row it was for is not known.
    const isCut = answer.kind === 'refused' && answer.refusal.reason !== 'account-or-campaign' && size > 1;
    const rows = isCut ? new Array(size).fill(unsent) : answersOf([{ start: 0, size, answer }], size);
    for (const [n, row] of rows.entries()) {
      const position = positions[start + n];
      if (position !== undefined) outcomes.put(position, row, sending);
    }
  }
}

const cutOff: ChunkAnswer = {
  kind: 'unknown',
  reason: 'this service stopped while it waited for the answer',
};

/** Asks the dialer for every candidate that is unknown, all at once. Sends nothing. */
async function lookUpUnknown({ dialer }: LookUpParts, plan: Plan, outcomes: KeptOutcomes): Promise<void> {
  const bySending = new Map<string, { sending: Sending; positions: number[] }>();
  for (const [position, { kind }] of outcomes.answers.entries()) {
    const sending = outcomes.sendings[position];
    if (kind !== 'unknown' || !sending) continue;
    const group = bySending.get(sending.name);
    if (group === undefined) bySending.set(sending.name, { sending, positions: [position] });
    else group.positions.push(position);
  }
  const lookUp = async ({ sending, positions }: { sending: Sending; positions: readonly number[] }) => {
    const own = new Set(positions);
    const chunk = chunkOf(plan, candidatesAt(plan, positions), sending.name);
    const answer = { kind: 'rows' as const, rows: positions.map((at) => outcomes.answers[at] as RowAnswer) };
    // The same row elsewhere in the plan may be the one that the dialer has.
    const rivals = chunkOf(
      plan,
      plan.candidates.filter((_, position) => !own.has(position)),
    );
    const looked = await dialer.lookUp(chunk, answer, sending.sentAt, [rivals]);
    if (looked.kind !== 'rows') return;
    for (const [n, position] of positions.entries()) {
      const row = looked.rows[n];
      if (row !== undefined) outcomes.put(position, row, sending);
    }
  };
  const looking: Promise<void>[] = [];
  for (const group of bySending.values()) {
    await giveWay();
    looking.push(lookUp(group));
  }
  await Promise.all(looking);
}

/** The candidates that may be sent; those whose time is over become `expired`, and those that must not be called `suppressed`. */
function dueAgain({ isSuppressed, ...parts }: LookUpParts, plan: Plan, outcomes: KeptOutcomes): number[] {
  const now = parts.now();
  const positions: number[] = [];
  for (const [position, { phoneNumber, scheduledTime }] of plan.candidates.entries()) {
    const answer = outcomes.answers[position];
    if (answer === undefined || !maySend(answer)) continue;
    if (isSuppressed?.(phoneNumber)) outcomes.put(position, { kind: 'suppressed' }, null);
    else if (scheduledTime > now) positions.push(position);
    else outcomes.put(position, { kind: 'expired', at: now }, null);
  }
  return positions;
}

export async function sendRound(
  { send }: Pick<RoundParts, 'send'>,
  plan: Plan,
  outcomes: KeptOutcomes,
  positions: readonly number[],
  signal: StopSignal,
  journal: RoundJournal | undefined,
): Promise<void> {
  if (positions.length === 0) return;
  for (const result of await send(batchOf(plan, positions), signal, journal)) {
    const sending = journal?.sendingOf(result) ?? null;
    for (const [n, answer] of answersOf([{ ...result, start: 0 }], result.size).entries())
      outcomes.put(positions[result.start + n] ?? -1, answer, sending);
  }
}

function batchOf(plan: Plan, positions: readonly number[]): Batch {
  // Of a plan that is not read so far, all are sent.
  if (positions.length >= plan.candidates.length) return plan;
  const { campaignName, checkDuplicate, dialerZone, credential, origin, known } = plan;
  const candidates = candidatesAt(plan, positions);
  return {
    campaignName,
    checkDuplicate,
    dialerZone,
    credential,
    origin,
    known,
    total: candidates.length,
    candidates,
    async readTo() {},
  };
}

function candidatesAt({ candidates }: Plan, positions: readonly number[]): CheckedRecord[] {
  return positions.map((position) => candidates[position] as CheckedRecord);
}

/**
 * Where the end is not written soon, callers are told so, and writing it goes on. Where it cannot be written, what was sent stands
 * in the journal.
 */
export async function endRound(finishing: Promise<boolean>): Promise<Omit<EndedRound<unknown>, 'answer'>> {
  let late: NodeJS.Timeout | undefined;
  const inTime = new Promise<'undurable'>((resolve) => {
    late = setTimeout(resolve, finishMs, 'undurable');
  });
  const ending = finishing.then(
    (isMine): RoundResult['end'] => (isMine ? 'durable' : 'lost'),
    (): RoundResult['end'] => 'undurable',
  );
  return { end: await Promise.race([ending, inTime]).finally(() => clearTimeout(late)), ending };
}
