// One request to cancel: which rows it means, what became of each, and one outcome for each id of the input or row that was found.
// Under a key, the rows that are about to be cancelled are written down first. Whoever carries the request on knows by that of a row that
// is gone, that it was this request.

import type { StopSignal } from '../foundation/cancellation.ts';
import type { Origin } from '../telemetry/events.ts';
import {
  type CancelEnd,
  type CancelParts,
  type CancelTerms,
  cancelRows,
  handedOverOf,
  type Target,
} from './cancel.ts';
import { type Found, findIds, findNumber } from './find.ts';
import type { Keeping } from './kept-answers.ts';
import {
  type Cancellation,
  type CancelledFields,
  type CancelOutcome,
  type CancelStatus,
  type CancelSummary,
  failureOfEnd,
  handedOver,
  isFinal,
  notFound,
  statusOfCancel,
  summariseCancel,
} from './outcome.ts';
import type { RowReader } from './row-reader.ts';
import type { Snapshot } from './snapshots.ts';
import { createTurns, type Turns, takeFound } from './turns.ts';

export interface CancelRequest {
  /** The ids, or the rows of a number in a campaign: E.164, and all of them or those of one time. */
  target:
    | { ids: readonly string[] }
    | { campaignName: string; phoneNumber: string; scheduledTime?: number | undefined };
  afterHandover: CancelTerms['afterHandover'];
  validateOnly: boolean;
  idempotencyKey: string | undefined;
  /** Who asks: idempotency keys belong to it, and callers take turns. */
  credential: string;
  /** The campaigns of the caller. Null: every campaign. */
  campaigns: ReadonlySet<string> | null;
}

export interface CancelResult {
  status: CancelStatus;
  summary: CancelSummary;
  /** One for each id of the input, in its order; or one for each row of the number. */
  results: CancelOutcome[];
}

/** What is kept under a key. */
export interface CancelProgress {
  ids: string[];
  /** The rows that were about to be cancelled, by id. */
  begun: Record<string, Omit<CancelledFields, 'message' | 'id'>>;
  /** Null while they are at work. */
  outcomes: CancelOutcome[] | null;
}

export interface CancellationParts extends CancelParts {
  reader: RowReader;
  turns: Turns;
}

/** What it is carried out for. */
interface CancelFor {
  signal: StopSignal | undefined;
  origin: Origin;
}

export async function carryOutCancel(
  parts: CancellationParts,
  request: CancelRequest,
  on: CancelFor,
  keeping: Keeping<CancelProgress>,
): Promise<CancelProgress> {
  const { snapshots, reader } = parts;
  const { target, campaigns } = request;
  const { before } = keeping;
  // Nobody's turn is waited for where nothing is changed.
  const turns = request.validateOnly ? createTurns() : parts.turns;
  const work = (found: Found) => cancelFound(parts, request, on, keeping, found);
  if (before !== undefined || 'ids' in target) {
    const settled = settledOf(before);
    const ids = before?.ids ?? ('ids' in target ? target.ids : []);
    const open = new Set(ids.filter((id) => !settled.has(id)));
    // Of several ids the dialer deletes those that are there, and does not say which were not.
    const isFresh = open.size > 1;
    return turns.take(open, async () => work(await findIds(snapshots, open, on.origin, isFresh)));
  }
  const find = (list: Snapshot) => findNumber(list, reader, target, campaigns);
  const found = await find(await snapshots.fresh(on.origin));
  return takeFound(turns, found, async () => find(await snapshots.recent(on.origin)), work);
}

async function cancelFound(
  parts: CancellationParts,
  { target, afterHandover, validateOnly, campaigns, credential }: CancelRequest,
  { signal, origin }: CancelFor,
  { before, write }: Keeping<CancelProgress>,
  { list, targets }: Found,
): Promise<CancelProgress> {
  const ids = before?.ids ?? ('ids' in target ? [...target.ids] : [...targets.keys()]);
  const outcomes = settledOf(before);
  const now = parts.now() + list.skewMs;
  const work: Target[] = [];
  for (const id of new Set(ids)) {
    if (outcomes.has(id)) continue;
    const row = targets.get(id);
    const isKnown = row !== undefined && (campaigns?.has(row.row.campaignName) ?? true);
    if (!isKnown) outcomes.set(id, absentOf(id, before, now));
    else {
      const { refused } = handedOverOf(row.row, afterHandover);
      if (refused !== undefined) outcomes.set(id, handedOver(id, refused));
      else if (validateOnly) outcomes.set(id, cancellable(row));
      else work.push(row);
    }
  }
  const begun = { ...before?.begun, ...Object.fromEntries(work.map((one) => [one.row.id, fieldsOf(one)])) };
  if (work.length > 0) {
    await write({ ids, begun, outcomes: before?.outcomes ?? null });
    const small = work.length <= 100;
    const terms = { afterHandover, caller: credential, mutation: {}, small, signal, origins: [origin] };
    const ends = await cancelRows(parts, work, list, terms);
    for (const one of work) outcomes.set(one.row.id, outcomeOf(one, ends.get(one.row.id)));
  }
  return { ids, begun, outcomes: inOrder(ids, outcomes) };
}

/** A result of what is known. */
export function resultOf({ outcomes }: CancelProgress, validateOnly: boolean): CancelResult {
  const results = outcomes ?? [];
  const summary = summariseCancel(results);
  return { status: statusOfCancel(summary, validateOnly), summary, results };
}

/** What an earlier run has settled, by id. */
function settledOf(before: CancelProgress | undefined): Map<string, Cancellation> {
  const settled = new Map<string, Cancellation>();
  for (const [n, { index: _, reference: __, ...outcome }] of (before?.outcomes ?? []).entries())
    if (isFinal(outcome.kind)) settled.set(before?.ids[n] ?? '', outcome as Cancellation);
  return settled;
}

/** Of a row that the dialer does not have. An earlier run of the request may have cancelled it. */
function absentOf(id: string, before: CancelProgress | undefined, now: number): Cancellation {
  const begun = new Map(Object.entries(before?.begun ?? {})).get(id);
  if (begun === undefined) return notFound(id);
  if (begun.scheduledTime === null || begun.scheduledTime > now)
    return { kind: 'CancelledRecord', id, ...begun, message: cancelledText(begun.removedFromCampaign) };
  const reason = 'this request was cut off before, and the time of the record has come since';
  return failureOfEnd(id, begun.dialerTime, { kind: 'unknown', reason });
}

function fieldsOf({ row, time }: Target, removedFromCampaign = row.isSent !== false) {
  return {
    campaignName: row.campaignName,
    scheduledTime: time === Infinity ? null : time,
    dialerTime: row.scheduledTime,
    removedFromCampaign,
  };
}

function cancellable(target: Target): Cancellation {
  const fields = fieldsOf(target);
  const message = fields.removedFromCampaign
    ? `Its number would be taken out of the campaign, ${others}`
    : 'It waits for its time, and could be cancelled.';
  return { kind: 'CancellableRecord', id: target.row.id, ...fields, message };
}

function outcomeOf(target: Target, end: CancelEnd = lost): Cancellation {
  const { id, scheduledTime } = target.row;
  if (end.kind !== 'cancelled') return failureOfEnd(id, scheduledTime, end);
  const message = cancelledText(end.removed);
  return { kind: 'CancelledRecord', id, ...fieldsOf(target, end.removed), message };
}

const lost: CancelEnd = { kind: 'unknown', reason: 'what became of it was lost' };

const others = 'and other records of the number in the same campaign may go with it.';

function cancelledText(removed: boolean): string {
  return removed
    ? `It was handed over already. Its number was taken out of the campaign, ${others}`
    : 'Cancelled: the call is not made.';
}

/** One for each id, also for one that stands there twice. Nothing found is told as well. */
function inOrder(ids: readonly string[], outcomes: ReadonlyMap<string, Cancellation>): CancelOutcome[] {
  const at = (outcome: Cancellation, index: number) => ({ ...outcome, index, reference: null });
  if (ids.length === 0) return [at(notFound(null), 0)];
  return ids.map((id, index) => at(outcomes.get(id) ?? notFound(id), index));
}

/** Of a request that could not be looked up by its key: nothing was done now. */
export function unknownAll({ target }: CancelRequest, reason: string): CancelProgress {
  const ids = 'ids' in target ? [...target.ids] : [];
  const outcome = (id: string, index: number): CancelOutcome => ({
    ...failureOfEnd(id, '', { kind: 'unknown', reason }),
    index,
    reference: null,
  });
  return { ids, begun: {}, outcomes: ids.length === 0 ? [outcome('', 0)] : ids.map(outcome) };
}
