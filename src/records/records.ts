// The account's scheduled records, and this room's public face: they are listed, cancelled and rescheduled.

import type { Dialer } from '../dialer/dialer.ts';
import type { StopSignal } from '../foundation/cancellation.ts';
import { createCancellation } from '../scheduling/cancellation.ts';
import { parseTime } from '../scheduling/dialer-time.ts';
import type { KeyStore } from '../scheduling/idempotency/key-store.ts';
import { IdempotencyConflict } from '../scheduling/request-error.ts';
import type { Scheduling } from '../scheduling/scheduling.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import type { IncomingRequest, Origin, Pass, Telemetry } from '../telemetry/events.ts';
import {
  type CancelProgress,
  type CancelRequest,
  type CancelResult,
  carryOutCancel,
  resultOf,
  unknownAll,
} from './cancellation.ts';
import { createKeptAnswers, type KeptAnswers, unkept, type Work } from './kept-answers.ts';
import { isSettled, unwritten } from './outcome.ts';
import { pageOf, type RecordPage, type RecordQuery } from './record-list.ts';
import { RecordsNotSupported } from './request-error.ts';
import {
  carryOutReschedule,
  type RescheduleProgress,
  type RescheduleRequest,
  unknownAllAnew,
} from './reschedule.ts';
import { type RescheduleResult, resultOfReschedule } from './reschedule-outcome.ts';
import { createRowReader, type RowReaderOptions } from './row-reader.ts';
import { createSnapshots, type Snapshot } from './snapshots.ts';
import type { Turns } from './turns.ts';

export interface RecordsOptions extends RowReaderOptions {
  /** A record whose time is nearer is not rescheduled. */
  rescheduleMarginMs: number;
}

export interface RecordsParts {
  dialer: Dialer;
  scheduling: Scheduling;
  keys: KeyStore;
  /** Of all who change records of the same account. */
  turns: Turns;
  /** Epoch milliseconds. */
  now: () => number;
  telemetry: Telemetry;
}

/** Whatever needs the dialer's list rejects with a RecordsNotSupported, a RecordListUnavailable or a RecordListTooLong. */
export interface Records {
  /** The dialer's list, some seconds old at most. */
  list(origin: Origin): Promise<Snapshot>;
  pageOf(list: Snapshot, query: RecordQuery): Promise<RecordPage>;
  /**
   * One result for each id of the request, in its order, or for each row of its number. An aborted signal stops what was not sent yet,
   * unless the request has a key. Rejects with an IdempotencyConflict too.
   */
  cancel(request: CancelRequest, signal: StopSignal, incoming: IncomingRequest): Promise<CancelResult>;
  /**
   * One result for each record of the request, in its order: each is scheduled anew, and then the former one is cancelled. An aborted
   * signal stops what was not begun yet, unless the request has a key. Rejects with an IdempotencyConflict too.
   */
  reschedule(
    request: RescheduleRequest,
    signal: StopSignal,
    incoming: IncomingRequest,
  ): Promise<RescheduleResult>;
  /** A number as callers write it, in E.164; undefined where it is none. */
  numberOf(text: string): string | undefined;
  /** A time as callers write it, in epoch milliseconds; or what is wrong with it. Without an offset: on the campaign's clock. */
  timeOf(text: string, campaignName?: string): number | { problem: string };
  /** Resolves when every request has its answers. */
  finish(): Promise<void>;
  /** The same, and stops what was not sent yet. */
  close(): Promise<void>;
}

export function createRecords(
  options: RecordsOptions,
  { dialer, scheduling, keys, turns, now, telemetry }: RecordsParts,
): Records {
  const { scheduled } = dialer;
  const reader = createRowReader(options);
  const parts = scheduled && {
    scheduled,
    snapshots: createSnapshots(scheduled, reader.timeOf),
    reader,
    turns,
    now,
  };
  const cancellation = createCancellation();
  const cancelKeys = createKeptAnswers<CancelProgress>('cancelCampaignRecords', keys, cancellation, now);
  const rescheduleKeys = createKeptAnswers<RescheduleProgress>(
    'rescheduleCampaignRecords',
    keys,
    cancellation,
    now,
  );

  const supported = () => {
    if (parts === null) throw new RecordsNotSupported();
    return parts;
  };

  /** With a key, the work goes on when its caller leaves. */
  const carryOut = async <Progress>(
    kept: KeptAnswers<Progress>,
    { input, credential, idempotencyKey: key, validateOnly }: Keyed,
    callersSignal: StopSignal,
    work: Work<Progress>,
  ): Promise<Progress> => {
    if (key === undefined || validateOnly)
      return cancellation.run(callersSignal, async (signal) => (await work.run(unkept, signal)).progress);
    return cancellation.run(undefined, (signal) => kept.carryOut({ credential, key, input }, signal, work));
  };

  /** Tells telemetry of a pass. */
  const told = async <Result extends { status: string; results: readonly { kind: string }[] }>(
    pass: Pass,
    work: Promise<Result>,
  ): Promise<Result> => {
    try {
      const result = await work;
      pass.end(result.status, countsOf(result));
      return result;
    } catch (error) {
      pass.end(error instanceof IdempotencyConflict ? 'IDEMPOTENCY_CONFLICT' : 'FAILED');
      throw error;
    }
  };

  const cancelAll = async (
    request: CancelRequest,
    callersSignal: StopSignal,
    origin: Origin,
  ): Promise<CancelResult> => {
    const { target, afterHandover, validateOnly } = request;
    const own = supported();
    const keyed = { ...request, input: { target, afterHandover } };
    const progress = await carryOut(cancelKeys, keyed, callersSignal, {
      async run(keeping, signal) {
        const progress = await carryOutCancel(own, request, { signal, origin }, keeping);
        return { progress, isSettled: isSettled(progress) };
      },
      unknown: (reason) => unknownAll(request, reason),
      unwritten,
    });
    return resultOf(progress, validateOnly);
  };

  const rescheduleAll = async (
    request: RescheduleRequest,
    callersSignal: StopSignal,
    incoming: IncomingRequest,
    origin: Origin,
  ): Promise<RescheduleResult> => {
    const { records, timeZone, validateOnly } = request;
    const own = {
      ...supported(),
      scheduling,
      marginMs: options.rescheduleMarginMs,
      digest: keys.digest,
      report: telemetry.error,
    };
    const keyed = { ...request, input: { records, timeZone } };
    const progress = await carryOut(rescheduleKeys, keyed, callersSignal, {
      async run(keeping, signal) {
        const progress = await carryOutReschedule(own, request, { signal, incoming, origin }, keeping);
        return { progress, isSettled: isSettled(progress) };
      },
      unknown: (reason) => unknownAllAnew(request, reason),
      unwritten,
    });
    return resultOfReschedule(progress.outcomes ?? [], validateOnly);
  };

  return {
    list: async (origin) => supported().snapshots.recent(origin),
    pageOf: (list, query) => pageOf(list, query, reader),
    cancel(request, signal, incoming) {
      const pass = telemetry.passStarted(nameOf(request), incoming, 'cancelling');
      return told(pass, cancelAll(request, signal, pass));
    },
    reschedule(request, signal, incoming) {
      const pass = telemetry.passStarted(undefined, incoming, 'rescheduling');
      return told(pass, rescheduleAll(request, signal, incoming, pass));
    },
    numberOf: reader.numberOf,
    timeOf: (text, campaignName = '') => parseTime(cleanNumeral(text), reader.zoneOf(campaignName)),
    finish: () => cancellation.finish(),
    async close() {
      cancellation.shutDown();
      await cancellation.finish();
    },
  };
}

/** A request that may have a key, and what its answer depends on. */
interface Keyed {
  input: unknown;
  credential: string;
  idempotencyKey: string | undefined;
  validateOnly: boolean;
}

/** Ids may be of several campaigns. */
function nameOf({ target }: CancelRequest): string | undefined {
  return 'campaignName' in target ? target.campaignName : undefined;
}

function countsOf({ results }: { results: readonly { kind: string }[] }): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of results) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries(counts);
}
