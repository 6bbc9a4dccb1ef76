// @dialgraph/client/react: one mutation, a list of any length, and files of leads, as hooks. What a component begins goes on with it: a
// component that is gone stops what this page does, and never what the server does. Effects that React runs twice (StrictMode) begin
// nothing twice: what is begun has a key.

import { useCallback, useEffect, useRef, useState } from 'react';
import type { CampaignRecordInput, ConfirmImportInput } from './generated/graphql.ts';
import { cancelImport, confirmImport, type Import, pauseImport, resumeImport } from './imports.ts';
import type { SchedulePayload } from './results.ts';
import { type ScheduleInput, schedule } from './schedule.ts';
import {
  type ScheduleAllOptions,
  type ScheduleAllProgress,
  type ScheduleAllResult,
  scheduleAll,
} from './schedule-all.ts';
import type { Transport } from './transport.ts';
import { type UploadImportOptions, type UploadProgress, uploadImport } from './upload-import.ts';
import { watchImport } from './watch-import.ts';

export interface Work<Result> {
  /** `error`: what was thrown, see errors.ts. */
  state: 'idle' | 'running' | 'done' | 'failed';
  result: Result | null;
  error: Error | null;
}

const idle = { state: 'idle', result: null, error: null } as const;

/** One piece of work at a time; the answer of an older one, and of one that was stopped, is not shown. */
function useWork<Result>() {
  const [work, setWork] = useState<Work<Result>>(idle);
  const latest = useRef(0);
  const forget = useCallback(() => {
    latest.current++;
    setWork(idle);
  }, []);
  const run = useCallback(async (begin: () => Promise<Result>, signal?: AbortSignal): Promise<void> => {
    const own = ++latest.current;
    const show = (next: Work<Result>) => {
      if (own === latest.current) setWork(next);
    };
    show({ state: 'running', result: null, error: null });
    try {
      show({ state: 'done', result: await begin(), error: null });
    } catch (error) {
      show(signal?.aborted ? idle : { state: 'failed', result: null, error: error as Error });
    }
  }, []);
  return { work, run, forget };
}

export interface UseSchedule extends Work<SchedulePayload> {
  /**
   * Without an `idempotencyKey` the input is given one: the same object has the same one, so that it may be sent again after a
   * failure, and schedules nothing twice.
   */
  schedule(input: ScheduleInput): Promise<void>;
}

/** Make the transport outside of the component. */
export function useSchedule(transport: Transport): UseSchedule {
  const { work, run } = useWork<SchedulePayload>();
  const keys = useRef(new WeakMap<ScheduleInput, string>());
  const send = useCallback(
    (input: ScheduleInput) => {
      const key = input.idempotencyKey ?? keys.current.get(input) ?? crypto.randomUUID();
      keys.current.set(input, key);
      return run(() => schedule(transport, { ...input, idempotencyKey: key }));
    },
    [run, transport],
  );
  return { ...work, schedule: send };
}

/** A signal for each piece of work: the last one is aborted by the next, and with the component. */
function useStop() {
  const controller = useRef<AbortController | null>(null);
  const stop = useCallback(() => controller.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const begin = useCallback((): AbortSignal => {
    stop();
    controller.current = new AbortController();
    return controller.current.signal;
  }, [stop]);
  return { begin, stop };
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
  const { begin, stop } = useStop();
  const [progress, setProgress] = useState<ScheduleAllProgress | null>(null);
  const start = useCallback<UseScheduleAll['start']>(
    (records, options) => {
      const signal = begin();
      setProgress(null);
      const onProgress = (next: ScheduleAllProgress) => {
        if (!signal.aborted) setProgress(next);
      };
      return run(() => scheduleAll(records, { ...options, signal, onProgress }), signal);
    },
    [begin, run],
  );
  return { ...work, progress, start, stop };
}

export interface UseImportProgress {
  /** Null until it is known. */
  import: Import | null;
  /** Why nothing is known of it at the moment; null: it is. */
  waitingFor: string | null;
  /** What was thrown, see errors.ts: nothing more is told then. */
  error: Error | null;
}

const unknown: UseImportProgress = { import: null, waitingFor: null, error: null };

/** An import as it goes on. Null for no import. Make the transport outside of the component. */
export function useImportProgress(transport: Transport, id: string | null): UseImportProgress {
  const [progress, setProgress] = useState({ ...unknown, id });
  useEffect(() => {
    if (id === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    const show = (change: Partial<UseImportProgress>) => {
      if (signal.aborted) return;
      setProgress((last) => ({ ...(last.id === id ? last : unknown), ...change, id }));
    };
    const onWait = (waitingFor: string | null) => show({ waitingFor });
    watchImport(transport, id, (state) => show({ import: state, error: null }), { signal, onWait }).catch(
      (error: unknown) => show({ error: error as Error }),
    );
    return () => controller.abort();
  }, [transport, id]);
  const { id: shown, ...told } = progress;
  return shown === id ? told : unknown;
}

export interface UseImport {
  /** `uploading`: its file is on its way; `watching`: the server has it; `ended`: nothing changes any more; `failed`: see `error`. */
  state: 'idle' | 'uploading' | 'watching' | 'ended' | 'failed';
  /** Null until it is known. */
  import: Import | null;
  upload: UploadProgress | null;
  /** Why it does not go on at the moment, on this side of the server; null: it does. */
  waitingFor: string | null;
  /** What was thrown last, see errors.ts. */
  error: Error | null;
  /** Starts an import, or goes on with the one that `runId` stands for, and watches it. */
  start(
    file: File | Blob,
    options: Omit<UploadImportOptions, 'transport' | 'signal' | 'onProgress'>,
  ): Promise<void>;
  /** Watches an import that was started before; null: none. */
  show(id: string | null): void;
  confirm(changes?: Omit<ConfirmImportInput, 'id'>): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  cancel(): Promise<void>;
  /** Stops the upload and the watching; `start` goes on. So does a component that is gone. The server's work goes on. */
  stop(): void;
}

/** Make the transport outside of the component. */
export function useImport(transport: Transport): UseImport {
  const { work, run, forget } = useWork<Import>();
  const { begin, stop: stopUpload } = useStop();
  const [id, setId] = useState<string | null>(null);
  const [upload, setUpload] = useState<UploadProgress | null>(null);
  const [changed, setChanged] = useState<Changed>(unchanged);
  const progress = useImportProgress(transport, id);

  const reset = useCallback((next: string | null) => {
    setId(next);
    setUpload(null);
    setChanged(unchanged);
  }, []);
  const show = useCallback(
    (next: string | null) => {
      stopUpload();
      forget();
      reset(next);
    },
    [stopUpload, forget, reset],
  );
  const stop = useCallback(() => show(null), [show]);
  const start = useCallback<UseImport['start']>(
    (file, options) => {
      const signal = begin();
      reset(null);
      const onProgress = (next: UploadProgress) => {
        if (signal.aborted) return;
        setUpload(next);
        setId(next.importId);
      };
      return run(() => uploadImport(file, { ...options, transport, signal, onProgress }), signal);
    },
    [begin, reset, run, transport],
  );
  const change = async (mutation: (id: string) => Promise<Import>): Promise<void> => {
    if (id === null) return;
    setChanged((last) => ({ ...last, error: null }));
    try {
      setChanged({ import: await mutation(id), error: null });
    } catch (error) {
      setChanged((last) => ({ ...last, error: error as Error }));
    }
  };

  const latest = newest(id, [progress.import, changed.import, work.result]);
  const error = work.error ?? progress.error;
  return {
    state: stateOf(work.state, id, latest, error),
    import: latest,
    upload,
    waitingFor: upload?.waitingFor ?? progress.waitingFor,
    error: changed.error ?? error,
    ...{ start, show, stop },
    confirm: (changes) => change((id) => confirmImport(transport, { ...changes, id })),
    pause: () => change((id) => pauseImport(transport, id)),
    resume: () => change((id) => resumeImport(transport, id)),
    cancel: () => change((id) => cancelImport(transport, id)),
  };
}

/** What the last mutation of an import came to. */
interface Changed {
  import: Import | null;
  error: Error | null;
}

const unchanged: Changed = { import: null, error: null };

/** Of what is known of the import from several sides. */
function newest(id: string | null, states: (Import | null)[]): Import | null {
  let latest: Import | null = null;
  for (const state of states)
    if (state?.id === id && state !== null && state.version > (latest?.version ?? -1)) latest = state;
  return latest;
}

function stateOf(
  upload: Work<Import>['state'],
  id: string | null,
  latest: Import | null,
  error: Error | null,
): UseImport['state'] {
  if (error !== null) return 'failed';
  if (upload === 'running') return 'uploading';
  if (id === null) return 'idle';
  return latest?.pollAfterSeconds === null ? 'ended' : 'watching';
}
