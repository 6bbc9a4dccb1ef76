// @dialgraph/client/react: one mutation, and a list of any length, as hooks.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { CampaignRecordInput } from './generated/graphql.ts';
import type { SchedulePayload } from './results.ts';
import { type ScheduleInput, schedule } from './schedule.ts';
import {
  type ScheduleAllOptions,
  type ScheduleAllProgress,
  type ScheduleAllResult,
  scheduleAll,
} from './schedule-all.ts';
import type { Transport } from './transport.ts';

export interface Work<Result> {
  /** `error`: what was thrown, see errors.ts. */
  state: 'idle' | 'running' | 'done' | 'failed';
  result: Result | null;
  error: Error | null;
}

const idle = { state: 'idle', result: null, error: null } as const;

/** One piece of work at a time; the answer of an older one is not shown. It goes on if the component is gone. */
function useWork<Result>() {
  const [work, setWork] = useState<Work<Result>>(idle);
  const latest = useRef(0);
  const run = useCallback(async (begin: () => Promise<Result>): Promise<void> => {
    const own = ++latest.current;
    const show = (next: Work<Result>) => {
      if (own === latest.current) setWork(next);
    };
    show({ state: 'running', result: null, error: null });
    try {
      show({ state: 'done', result: await begin(), error: null });
    } catch (error) {
      show({ state: 'failed', result: null, error: error as Error });
    }
  }, []);
  return { work, run };
}

export interface UseSchedule extends Work<SchedulePayload> {
  schedule(input: ScheduleInput): Promise<void>;
}

/** Give the input an `idempotencyKey` of its own: then `schedule` with the same input may be called again after a failure. */
export function useSchedule(transport: Transport): UseSchedule {
  const { work, run } = useWork<SchedulePayload>();
  const send = useCallback((input: ScheduleInput) => run(() => schedule(transport, input)), [run, transport]);
  return { ...work, schedule: send };
}

export interface UseScheduleAll extends Work<ScheduleAllResult> {
  progress: ScheduleAllProgress | null;
  /** Begins, or goes on with, the job that `runId` stands for. */
  start(
    records: readonly CampaignRecordInput[],
    options: Omit<ScheduleAllOptions, 'signal' | 'onProgress'>,
  ): Promise<void>;
  /** Stops before the next request; `start` goes on. So does a component that is gone. */
  stop(): void;
}

export function useScheduleAll(): UseScheduleAll {
  const { work, run } = useWork<ScheduleAllResult>();
  const [progress, setProgress] = useState<ScheduleAllProgress | null>(null);
  const controller = useRef<AbortController | null>(null);
  const stop = useCallback(() => controller.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const start = useCallback<UseScheduleAll['start']>(
    (records, options) => {
      stop();
      const begun = new AbortController();
      controller.current = begun;
      const { signal } = begun;
      return run(() => scheduleAll(records, { ...options, signal, onProgress: setProgress }));
    },
    [run, stop],
  );
  return { ...work, progress, start, stop };
}
