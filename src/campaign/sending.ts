// The second half of the pass: the candidates go out in chunks, and every one gets an answer.
// A record leaves this file sent once or not at all: nothing is sent again but the parts of a chunk that the dialer
// refused as a whole, which it thereby did not accept.

import { breathe } from '../breathe.ts';
import type { Dialer } from '../dialer/client.ts';
import { maxRowsPerRequest } from '../dialer/contract.ts';
import type { Chunk, ChunkAnswer, Refusal } from '../dialer/dialect.ts';
import type { Asker } from '../telemetry/events.ts';
import type { Plan } from './plan.ts';
import type { Row } from './record.ts';

/** Candidates that one request carries: `size` of them, from the one at `start` on. */
export interface Span {
  readonly start: number;
  readonly size: number;
}

/** What became of a span. Its parts have no answers of their own. */
export interface Leaf extends Span {
  readonly answer: ChunkAnswer;
}

/** Keeps what was about to be sent and what came of it, so that a crash does not lose it. */
export interface Journal {
  /** The mutation's, whichever process is at it. */
  readonly id: number;
  /** What an earlier process has left of a span: its answer, or that it was about to be sent then. */
  recall(span: Span): { sentAt: number; answer: ChunkAnswer | null } | undefined;
  /** How an earlier process cut a span up, what it did not come to included; undefined where it did not. */
  partsOf(span: Span): Span[] | undefined;
  /** Resolves when the span's being sent is durable; where it rejects, the span must not be sent. */
  intend(span: Span): Promise<void>;
  /** Neither rejects: an answer that could not be kept is one that a crash has lost. */
  settle(span: Span, answer: ChunkAnswer): Promise<void>;
  /** The span was not sent after all, and may be by the next who asks. */
  withdraw(span: Span): Promise<void>;
}

export interface SendingOptions {
  /** Aborted, with the reason in words, it stops what was not sent yet. */
  signal: AbortSignal;
  /** Epoch milliseconds after which nothing of a small request is sent any more. @default never */
  writeBy?: number | undefined;
  /** @default nothing is kept */
  journal?: Journal | undefined;
}

/** Whether one request carries it all. */
export function isSmall({ total }: Plan): boolean {
  return total <= maxRowsPerRequest;
}

/** Sends every candidate of a plan. The leaves cover each of them exactly once, in no order. */
export async function sendAll(plan: Plan, dialer: Dialer, options: SendingOptions): Promise<Leaf[]> {
  return new Sending(plan, dialer, options).run();
}

/** The chunk that carries a span, of the mutation that is kept as `id`. */
function chunkOf(plan: Plan, { start, size }: Span, id: number | undefined): Chunk {
  const { campaignName, checkDuplicate, dialerZone, candidates } = plan;
  const rows = candidates.slice(start, start + size).map(({ record }) => record);
  const name = id === undefined ? undefined : `${id} ${start} ${size}`;
  return { campaignName, checkDuplicate, timeZone: dialerZone, bulkData: buildBulkData(rows), name };
}

/** What can be learned by now of a span that was sent at `sentAt`; the same row elsewhere in the plan is a rival. */
export function lookUp(
  dialer: Dialer,
  plan: Plan,
  id: number,
  span: Span,
  answer: ChunkAnswer,
  sentAt: number,
): Promise<ChunkAnswer> {
  const end = span.start + span.size;
  const rest = [
    { start: 0, size: span.start },
    { start: end, size: plan.candidates.length - end },
  ];
  return dialer.lookUp(
    chunkOf(plan, span, id),
    answer,
    sentAt,
    rest.map((other) => chunkOf(plan, other, id)),
  );
}

/**
 * After so many refusals in words that are not known, with nothing scheduled, they may concern the request and not a row.
 * Then one refused part is narrowed down before the others are. Where so many of its rows are refused alone, one row of
 * each of the others is tried; as soon as a row is scheduled they are all narrowed down, and otherwise their refusals stand.
 */
const doubtfulRefusals = 8;

/** One pass. Once the account or the campaign is refused, nothing more is sent. */
class Sending {
  readonly #plan: Plan;
  readonly #dialer: Dialer;
  readonly #options: SendingOptions;
  readonly #small: boolean;
  readonly #askers: readonly Asker[];
  readonly #leaves: Leaf[] = [];
  #accountRefusal: Refusal | null = null;
  #taken = 0;
  #scheduled = false;
  #unknownRefusals = 0;
  #rowsRefusedAlone = 0;
  #parked: Leaf[] = [];

  constructor(plan: Plan, dialer: Dialer, options: SendingOptions) {
    this.#plan = plan;
    this.#dialer = dialer;
    this.#options = options;
    this.#small = isSmall(plan);
    this.#askers = plan.asker === undefined ? [] : [plan.asker];
  }

  async run(): Promise<Leaf[]> {
    if (this.#small) {
      const chunk = await this.#nextChunk();
      if (chunk !== undefined) await this.#send(chunk);
    } else
      await this.#inLanes(
        () => this.#nextChunk(),
        (chunk) => this.#send(chunk),
      );
    await this.#narrowParked();
    return this.#leaves;
  }

  /** The next hundred candidates, checked now that their turn has come; undefined where none is left. */
  async #nextChunk(): Promise<Span | undefined> {
    const start = this.#taken;
    this.#taken += maxRowsPerRequest;
    await this.#plan.readTo(this.#taken);
    const size = Math.min(maxRowsPerRequest, this.#plan.candidates.length - start);
    return size > 0 ? { start, size } : undefined;
  }

  /** No more at a time than the dialer carries, so that a refusal can still stop the rest. */
  async #inLanes<Item>(
    next: () => Item | undefined | Promise<Item | undefined>,
    work: (item: Item) => Promise<void>,
  ): Promise<void> {
    const lane = async () => {
      for (;;) {
        if (!this.#small) await breathe();
        const item = await next();
        if (item === undefined) return;
        await work(item);
      }
    };
    await Promise.all(Array.from({ length: this.#small ? 1 : this.#dialer.concurrency }, lane));
  }

  async #send(span: Span, mayPark = true): Promise<void> {
    const leaf: Leaf = { ...span, answer: await this.#ask(span) };
    const { answer } = leaf;
    this.#learn(leaf);
    if (answer.kind === 'refused' && answer.refusal.reason !== 'account-or-campaign' && span.size > 1) {
      const parts = this.#options.journal?.partsOf(span);
      const isParked =
        parts === undefined && mayPark && answer.refusal.reason === 'other' && this.#isDoubtful();
      if (isParked) this.#parked.push(leaf);
      else await this.#sendParts(parts ?? halvesOf(span), mayPark);
    } else this.#leaves.push(leaf);
  }

  async #sendParts(parts: readonly Span[], mayPark: boolean): Promise<void> {
    await Promise.all(parts.map((part) => this.#send(part, mayPark)));
  }

  async #narrowParked(): Promise<void> {
    const narrow = (span: Span) => this.#sendParts(halvesOf(span), false);
    const parked = this.#parked;
    // The smallest first, whose refused halves are parked again: it leads to single rows on the shortest way.
    while (!this.#scheduled && this.#rowsRefusedAlone < doubtfulRefusals) {
      const scout = parked.sort((one, other) => one.size - other.size).shift();
      if (scout === undefined) return;
      await this.#sendParts(halvesOf(scout), true);
    }
    const refused: Leaf[] = [];
    await this.#inLanes(
      () => parked.shift(),
      async ({ start, size, answer }) => {
        if (this.#scheduled) return narrow({ start, size });
        refused.push({ start, size: size - 1, answer });
        await this.#send({ start: start + size - 1, size: 1 });
      },
    );
    if (this.#scheduled)
      await this.#inLanes(
        () => refused.shift(),
        (span) => this.#send(span, false),
      );
    else this.#leaves.push(...refused);
  }

  /** Whether it is all there is to send, and leaves room in a request. */
  #isWhole({ size }: Span): boolean {
    return this.#small && size === this.#plan.candidates.length && size < maxRowsPerRequest;
  }

  #isDoubtful(): boolean {
    return !this.#scheduled && this.#unknownRefusals >= doubtfulRefusals;
  }

  #learn({ size, answer }: Leaf): void {
    if (answer.kind === 'rows') this.#scheduled ||= answer.rows.some(({ kind }) => kind === 'scheduled');
    if (answer.kind !== 'refused') return;
    if (answer.refusal.reason === 'account-or-campaign') this.#accountRefusal = answer.refusal;
    if (answer.refusal.reason !== 'other') return;
    this.#unknownRefusals++;
    if (size === 1) this.#rowsRefusedAlone++;
  }

  async #ask(span: Span): Promise<ChunkAnswer> {
    const { signal, writeBy, journal } = this.#options;
    const past = journal?.recall(span);
    if (journal !== undefined && past !== undefined) {
      const last = past.answer ?? cutOff;
      const answer = await lookUp(this.#dialer, this.#plan, journal.id, span, last, past.sentAt);
      if (answer !== past.answer) void journal.settle(span, answer);
      return answer;
    }
    if (this.#accountRefusal !== null) return { kind: 'refused', refusal: this.#accountRefusal };
    if (signal.aborted) return { kind: 'unavailable', reason: String(signal.reason), passing: false };

    let intended: Promise<void> | undefined;
    const beforeSending = journal && (() => (intended ??= journal.intend(span)));
    const chunk = chunkOf(this.#plan, span, journal?.id);
    const answer = await this.#dialer.schedule(chunk, {
      caller: this,
      askers: this.#askers,
      small: this.#small,
      // One that the dialer has refused already would only spoil the others'.
      mayShare: this.#isWhole(span),
      signal,
      writeBy,
      beforeSending,
    });
    if (intended !== undefined)
      void (wasStopped(answer, signal) ? journal?.withdraw(span) : journal?.settle(span, answer));
    return answer;
  }
}

function wasStopped(answer: ChunkAnswer, signal: AbortSignal): boolean {
  return signal.aborted && answer.kind === 'unavailable' && answer.reason === String(signal.reason);
}

const cutOff: ChunkAnswer = {
  kind: 'unknown',
  reason: 'this service stopped while it waited for the answer',
};

/** One bad row costs its neighbours the request. Halving finds k bad rows among n in about 2k·log2(n/k) requests. */
function halvesOf({ start, size }: Span): Span[] {
  const half = Math.ceil(size / 2);
  return [
    { start, size: half },
    { start: start + half, size: size - half },
  ];
}

/** One map for all rows, of the headers that any of them uses; the mandatory two come first. */
function buildBulkData(rows: readonly Row[]) {
  const map = rows[0]?.columns ?? [];
  if (rows.every(({ columns }) => columns === map)) return { map, data: rows.map(({ values }) => values) };
  const used = [...new Set(rows.flatMap(({ columns }) => columns))];
  const data = rows.map(({ columns, values }) => used.map((header) => values[columns.indexOf(header)] ?? ''));
  return { map: used, data };
}
