// Requests with an idempotency key: carried out once, however often and from wherever they are sent, and resumed where a
// crash has cut them off. What is kept of a request has no phone number in it: outcomes are told anew from the input,
// which is the same by its digest.
//
// States of a key: free → (claim) mine → (every record has its answer) done → (its time is over) free. While it is mine,
// callers of this process share the one run, and other processes find it `elsewhere`. A run that all callers leave, or
// whose process dies, leaves what was sent in the journal; the next claim takes it up from there.

import { setTimeout as sleep } from 'node:timers/promises';
import { breathe } from '../breathe.ts';
import type { Dialer } from '../dialer/client.ts';
import type { ChunkAnswer } from '../dialer/dialect.ts';
import { packAnswer, packLeaves, type SentLeaf, unpackAnswer, unpackLeaves } from './kept-leaf.ts';
import { type Candidate, makePlan, type Plan, type PlanCircumstances, type ScheduleRequest } from './plan.ts';
import type { CampaignRecord } from './record.ts';
import { IdempotencyConflict } from './request-error.ts';
import { type Journal, type Leaf, lookUp, type Span } from './sending.ts';
import { callerGone, type Stops } from './stops.ts';

/** Where keys are kept, durably; the store's, on the account's behalf. Each call may reject where it is out of reach. */
export interface KeyStore {
  /** A keyed digest of a text: what is kept in its place. */
  digest(text: string): string;
  claim(request: KeyRequest): Promise<Claim>;
  /** Durable before it resolves. False: another process has taken the key over. */
  intend(id: number, span: Span): Promise<boolean>;
  settle(id: number, span: Span, answer: string): Promise<void>;
  withdraw(id: number, span: Span): Promise<void>;
  /** False where another process has taken the key over. */
  finish(id: number, result: string): Promise<boolean>;
  /** Puts a result in the place of the one that is kept. */
  improve(id: number, result: string): Promise<void>;
  /** Lets the next claim resume at once. Always true. */
  release(id: number): Promise<boolean>;
}

export interface KeyRequest {
  /** The claim that this run has lost: it is taken up again, and never begun anew. */
  held: number | null;
  /** Digests of the key, of the request and of its plan. */
  key: string;
  input: string;
  plan: string;
  circumstances: PlanCircumstances;
}

export type Claim =
  | { kind: 'mine'; id: number; plan: string; circumstances: PlanCircumstances; spans: KeptSpan[] }
  | { kind: 'done'; id: number; plan: string; circumstances: PlanCircumstances; result: string }
  | { kind: 'elsewhere' }
  /** The claim that was held is no more: its time was over. */
  | { kind: 'gone' }
  | { kind: 'conflict' };

/** A span of an earlier run; `answer` is null where it was about to be sent, and no more is known. */
export interface KeptSpan extends Span {
  sentAt: number;
  answer: string | null;
}

export interface IdempotencyParts {
  keys: KeyStore;
  dialer: Dialer;
  stops: Stops;
  circumstancesOf(request: ScheduleRequest): PlanCircumstances;
  send(plan: Plan, signal: AbortSignal, journal: Journal): Promise<Leaf[]>;
  now(): number;
}

export interface CarriedOut {
  plan: Plan;
  leaves: readonly Leaf[];
}

export interface Idempotency {
  /** Rejects with an IdempotencyConflict where the key stands for another request. */
  carryOut(request: ScheduleRequest, key: string, signal: AbortSignal): Promise<CarriedOut>;
}

/** How often a key that another process holds is looked at. */
const elsewherePollMs = 200;
/** A store that hangs must not keep a caller from answers that are there. */
const finishMs = 2000;

export function createIdempotency(parts: IdempotencyParts): Idempotency {
  const { keys, stops } = parts;
  const runs = new Map<string, Run>();

  return {
    async carryOut(request, key, signal) {
      const digest = keys.digest(key);
      const input = await digestInput(keys, request);
      let run = runs.get(digest);
      // A run that everybody has left ends soon, with part of its work undone.
      while (run?.isLeft() === true) {
        await run.carriedOut.catch(() => {});
        run = runs.get(digest);
      }
      if (run === undefined) {
        const stop = stops.open();
        const carriedOut = carryOutOnce(parts, request, { key: digest, input }, stop.signal).finally(() => {
          runs.delete(digest);
          stops.close(stop);
        });
        run = new Run(input, carriedOut, stop);
        runs.set(digest, run);
      }
      if (run.input !== input) throw new IdempotencyConflict();
      return run.join(signal);
    },
  };
}

/** A run in this process, and how many callers wait for it. */
class Run {
  readonly input: string;
  readonly carriedOut: Promise<CarriedOut>;
  readonly #stop: AbortController;
  #callers = 0;

  constructor(input: string, carriedOut: Promise<CarriedOut>, stop: AbortController) {
    this.input = input;
    this.carriedOut = carriedOut;
    this.#stop = stop;
  }

  isLeft(): boolean {
    return this.#stop.signal.aborted && this.#callers === 0;
  }

  /** The last caller who leaves stops what was not sent yet. */
  async join(signal: AbortSignal): Promise<CarriedOut> {
    this.#callers++;
    const leave = () => {
      this.#callers--;
      if (this.#callers === 0) this.#stop.abort(signal.reason);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    return this.carriedOut.finally(() => signal.removeEventListener('abort', leave));
  }
}

async function carryOutOnce(
  parts: IdempotencyParts,
  request: ScheduleRequest,
  digests: { key: string; input: string },
  signal: AbortSignal,
): Promise<CarriedOut> {
  const { keys } = parts;
  const circumstances = parts.circumstancesOf(request);
  const plan = await makeWholePlan(request, circumstances);
  const planDigest = await digestPlan(keys, plan);
  let held: { id: number; plan: Plan; leaves: Leaf[] } | null = null;
  for (;;) {
    let claim: Claim;
    try {
      claim = await keys.claim({ ...digests, plan: planDigest, circumstances, held: held?.id ?? null });
    } catch (error) {
      // Not sent now; but another request with this key may have been, and nobody can look.
      return { plan, leaves: whole(plan, { kind: 'unknown', reason: notRecorded(error as Error) }) };
    }
    if (claim.kind === 'conflict') throw new IdempotencyConflict();
    if (claim.kind === 'gone') return held ?? { plan, leaves: whole(plan, elsewhere) };
    if (claim.kind === 'elsewhere') {
      if (signal.aborted) return { plan, leaves: whole(plan, elsewhere) };
      await sleep(elsewherePollMs, undefined, { signal }).catch(() => {});
      continue;
    }
    const kept =
      claim.circumstances === circumstances ? plan : await makeWholePlan(request, claim.circumstances);
    if (kept !== plan && (await digestPlan(keys, kept)) !== claim.plan) {
      if (claim.kind === 'mine') await keys.release(claim.id).catch(() => {});
      return { plan: kept, leaves: whole(kept, otherVersion) };
    }
    if (claim.kind === 'done')
      return { plan: kept, leaves: await recallResult(parts, kept, claim.id, claim.result) };
    const { leaves, isLost } = await sendKept(parts, kept, claim.id, claim.spans, signal);
    if (!isLost) return { plan: kept, leaves };
    held = { id: claim.id, plan: kept, leaves: leaves.map(withoutTakenOver) };
  }
}

async function makeWholePlan(request: ScheduleRequest, circumstances: PlanCircumstances): Promise<Plan> {
  const plan = await makePlan(request, circumstances);
  await plan.readTo(Infinity);
  return plan;
}

/** The first answer again. What was unknown then may be known by now. */
async function recallResult(
  { keys, dialer }: IdempotencyParts,
  plan: Plan,
  id: number,
  result: string,
): Promise<Leaf[]> {
  const kept = unpackLeaves(result);
  const leaves = await Promise.all(
    kept.map(async (leaf): Promise<SentLeaf> => {
      if (leaf.sentAt === null) return leaf;
      return { ...leaf, answer: await lookUp(dialer, plan, id, leaf, leaf.answer, leaf.sentAt) };
    }),
  );
  const learned = leaves.some(({ answer }, n) => answer !== kept[n]?.answer);
  if (learned) await keys.improve(id, packLeaves(leaves, plan)).catch(() => {});
  return leaves;
}

/** `isLost`: another process has taken the key over meanwhile. */
async function sendKept(
  parts: IdempotencyParts,
  plan: Plan,
  id: number,
  spans: readonly KeptSpan[],
  signal: AbortSignal,
): Promise<{ leaves: Leaf[]; isLost: boolean }> {
  const { keys } = parts;
  const journal = createJournal(parts, plan, id, spans);
  const leaves = await parts.send(plan, signal, journal);
  if (journal.isLost()) return { leaves, isLost: true };
  // Nobody reads the answers of a run that was left: what it did not send is for the next to send.
  const isLeft = signal.aborted && signal.reason === callerGone;
  if (isLeft) await journal.settleLast();
  const result = leaves.map((leaf) => ({ ...leaf, sentAt: journal.sentAt(leaf) }));
  const ending = isLeft ? keys.release(id) : keys.finish(id, packLeaves(result, plan));
  // The answers are true all the same: where they cannot be kept, or not soon, what was sent stands in the journal.
  const kept = ending.catch(async () => {
    await journal.settleLast();
    return true;
  });
  const isMine = await Promise.race([kept, sleep(finishMs, true, { ref: false })]);
  return { leaves, isLost: !isMine };
}

interface KeptJournal extends Journal {
  /** Writes the answer that was left to be written with the result. */
  settleLast(): Promise<void>;
  isLost(): boolean;
  /** Null for a span that was not about to be sent. */
  sentAt(span: Span): number | null;
}

function createJournal(
  { keys, now }: IdempotencyParts,
  plan: Plan,
  id: number,
  spans: readonly KeptSpan[],
): KeptJournal {
  const nameOf = ({ start, size }: Span) => `${start} ${size}`;
  const past = new Map(spans.map((span) => [nameOf(span), span]));
  const sentAt = new Map(spans.map((span) => [nameOf(span), span.sentAt]));
  let lost = false;
  let broken: Error | undefined;
  let last: { span: Span; answer: ChunkAnswer } | undefined;
  const write = ({ span, answer }: { span: Span; answer: ChunkAnswer }) =>
    keys.settle(id, span, packAnswer(answer, span, plan)).catch(() => {});

  return {
    id,
    recall(span) {
      const kept = past.get(nameOf(span));
      return kept && { sentAt: kept.sentAt, answer: kept.answer === null ? null : unpackAnswer(kept.answer) };
    },
    partsOf: (span) => partsOf(span, spans),
    async intend(span) {
      // One that hangs must not cost each span its time-out.
      if (broken !== undefined) throw broken;
      sentAt.set(nameOf(span), now());
      const mine = await keys.intend(id, span).catch((error: Error) => {
        broken = new Error(notRecorded(error));
        throw broken;
      });
      if (mine) return;
      lost = true;
      throw new Error(takenOver);
    },
    async settle(span, answer) {
      // The answer to all there is stands in the result, which comes next; a refusal may be narrowed down first.
      const isLast = span.size === plan.candidates.length && answer.kind !== 'refused';
      if (isLast) last = { span, answer };
      else await write({ span, answer });
    },
    async settleLast() {
      if (last !== undefined) await write(last);
    },
    withdraw: (span) => keys.withdraw(id, span).catch(() => {}),
    isLost: () => lost,
    sentAt: (span) => sentAt.get(nameOf(span)) ?? null,
  };
}

/** The largest spans that were kept inside of one, and what lies between them. */
function partsOf(whole: Span, kept: readonly Span[]): Span[] | undefined {
  const inside = kept
    .filter(
      ({ start, size }) =>
        start >= whole.start && start + size <= whole.start + whole.size && size < whole.size,
    )
    .sort((one, other) => one.start - other.start || other.size - one.size);
  if (inside.length === 0) return undefined;
  const parts: Span[] = [];
  let end = whole.start;
  const fillTo = (start: number) => {
    if (start > end) parts.push({ start: end, size: start - end });
  };
  for (const { start, size } of inside) {
    if (start < end) continue;
    fillTo(start);
    parts.push({ start, size });
    end = start + size;
  }
  fillTo(whole.start + whole.size);
  return parts;
}

/** Of everything that the answer depends on, in an order that no client and no library chooses. */
function digestInput(keys: KeyStore, request: ScheduleRequest): Promise<string> {
  const { campaignName, timeZone, duplicates, errorPolicy, records } = request;
  const rowOf = (record: CampaignRecord) => [
    record.reference ?? null,
    record.phoneNumber,
    record.scheduledTime,
    record.name ?? null,
    record.priority ?? null,
    record.expiryDate ?? null,
    record.agentId ?? null,
    record.skill ?? null,
    record.customFields?.map(({ header, value }) => [header, value]) ?? null,
  ];
  return digestAll(keys, [campaignName, timeZone ?? null, duplicates, errorPolicy], records, rowOf);
}

function digestPlan(keys: KeyStore, { dialerZone, candidates }: Plan): Promise<string> {
  const rowOf = ({ index, record: { columns, values } }: Candidate) => [index, columns.join(), values];
  return digestAll(keys, [dialerZone], candidates, rowOf);
}

/** A digest of digests, so that a long list gives way in between. */
async function digestAll<Item>(
  keys: KeyStore,
  head: readonly unknown[],
  items: readonly Item[],
  rowOf: (item: Item) => unknown,
): Promise<string> {
  const digests: string[] = [];
  for (let start = 0; start < items.length; start += itemsPerDigest) {
    if (start > 0) await breathe();
    digests.push(keys.digest(JSON.stringify(items.slice(start, start + itemsPerDigest).map(rowOf))));
  }
  return keys.digest(JSON.stringify([head, items.length, digests]));
}

/** They take a millisecond or so. */
const itemsPerDigest = 500;

const takenOver = 'another process has taken the request over';

/** What the other process does with a span that was withheld here, nobody here can tell. */
function withoutTakenOver(leaf: Leaf): Leaf {
  const { answer } = leaf;
  const isTaken = answer.kind === 'unavailable' && answer.reason === takenOver;
  return isTaken ? { ...leaf, answer: { kind: 'unknown', reason: takenOver } } : leaf;
}

function whole({ candidates }: Plan, answer: ChunkAnswer): Leaf[] {
  return [{ start: 0, size: candidates.length, answer }];
}

function notRecorded(error: Error): string {
  return `its idempotencyKey could not be looked up or recorded (${error.message})`;
}

const elsewhere: ChunkAnswer = {
  kind: 'unknown',
  reason: 'another process is at the request with this idempotencyKey; send it again with the same key',
};

/** Rules that changed with an upgrade read the records otherwise: which of them were sent cannot be told any more. */
const otherVersion: ChunkAnswer = {
  kind: 'unknown',
  reason: 'this idempotencyKey was first used with another version of this service',
};
