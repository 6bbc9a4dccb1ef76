// The account's scheduled records, and this room's public face: they are listed, cancelled and rescheduled.

import type { Dialer } from '../dialer/dialer.ts';
import type { StopSignal } from '../foundation/cancellation.ts';
import { createCancellation } from '../scheduling/cancellation.ts';
import { parseTime } from '../scheduling/dialer-time.ts';
import type { KeyStore } from '../scheduling/idempotency/key-store.ts';
import { cleanNumeral } from '../scheduling/text.ts';
import type { IncomingRequest, Origin, Telemetry } from '../telemetry/events.ts';
import {
  type CancelRequest,
  type CancelResult,
  carryOutCancel,
  isSettled,
  resultOf,
  unknownAll,
} from './cancellation.ts';
import { createKeptAnswers, KeyUnavailable } from './kept-answers.ts';
import { pageOf, type RecordPage, type RecordQuery } from './record-list.ts';
import { RecordsNotSupported } from './request-error.ts';
import { createRowReader, type RowReaderOptions } from './row-reader.ts';
import { createSnapshots, type Snapshot } from './snapshots.ts';

export interface RecordsParts {
  dialer: Dialer;
  keys: KeyStore;
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
  options: RowReaderOptions,
  { dialer, keys, now, telemetry }: RecordsParts,
): Records {
  const { scheduled } = dialer;
  const reader = createRowReader(options);
  const parts = scheduled && {
    scheduled,
    snapshots: createSnapshots(scheduled, reader.timeOf, now),
    reader,
    now,
  };
  const kept = createKeptAnswers(keys);
  const stopping = createCancellation();
  const running = new Set<Promise<unknown>>();

  const supported = () => {
    if (parts === null) throw new RecordsNotSupported();
    return parts;
  };

  /** Work whose signal is aborted when the service shuts down, and when the caller goes away, if one is given. */
  const underWay = async <Result>(
    callersSignal: StopSignal | undefined,
    work: (signal: StopSignal) => Promise<Result>,
  ): Promise<Result> => {
    const stop = stopping.open();
    const onGone = () => stop.cancel('caller-gone');
    callersSignal?.addEventListener('abort', onGone);
    if (callersSignal?.aborted) onGone();
    const working = work(stop.signal);
    running.add(working);
    return working.finally(() => {
      running.delete(working);
      stopping.close(stop);
      callersSignal?.removeEventListener('abort', onGone);
    });
  };

  const carryOut = async (
    request: CancelRequest,
    callersSignal: StopSignal,
    origin: Origin,
  ): Promise<CancelResult> => {
    const { idempotencyKey, validateOnly, credential, target, afterHandover } = request;
    const cancelParts = supported();
    if (idempotencyKey === undefined || validateOnly) {
      const progress = await underWay(callersSignal, (signal) =>
        carryOutCancel(cancelParts, request, { signal, origin }),
      );
      return resultOf(progress, validateOnly);
    }
    const input = { target, afterHandover };
    const keyed = { mutation: 'cancelCampaignRecords', credential, key: idempotencyKey, input };
    const progress = await underWay(undefined, (signal) =>
      kept.carryOut<Awaited<ReturnType<typeof carryOutCancel>>>(keyed, async (before, write) => {
        const done = await carryOutCancel(cancelParts, request, { signal, origin }, before, write);
        return { progress: done, isSettled: isSettled(done) };
      }),
    ).catch((error: unknown) => {
      if (error instanceof KeyUnavailable) return unknownAll(request, error.message);
      throw error;
    });
    return resultOf(progress, false);
  };

  const finish = async () => {
    while (running.size > 0) await Promise.allSettled(running);
  };

  return {
    list: async (origin) => supported().snapshots.recent(origin),
    pageOf: (list, query) => pageOf(list, query, reader),
    async cancel(request, signal, incoming) {
      const pass = telemetry.passStarted(nameOf(request), incoming, 'cancelling');
      try {
        const result = await carryOut(request, signal, pass);
        pass.end(result.status, countsOf(result));
        return result;
      } catch (error) {
        pass.end('FAILED');
        throw error;
      }
    },
    numberOf: reader.numberOf,
    timeOf: (text, campaignName = '') => parseTime(cleanNumeral(text), reader.zoneOf(campaignName)),
    finish,
    async close() {
      stopping.shutDown();
      await finish();
    },
  };
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
