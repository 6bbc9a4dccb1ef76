// A list on the page: its rows, their check as they are typed, and the sending. What is sent is a job of scheduleAll, kept in this
// browser until its end: after a reload or a closed tab it goes on, and calls nobody twice.

import { ask, type Job, keptRecords, ValidateDocument } from '@dialgraph/client';
import { useScheduleAll } from '@dialgraph/client/react';
import { useEffect, useState } from 'react';
import { announce } from '../announce.ts';
import { useSession } from '../session.tsx';
import { t } from '../texts.ts';
import type { Reading, Target } from './mapping.ts';
import { hasWrongPriority, isSendable, type Row, read, resultOf, rowsOf, sheetOf } from './rows.ts';
import type { Sheet } from './sheet.ts';

const checkDelayMs = 500;
const checkedAtOnce = 500;

interface Sending {
  runId: string;
  campaignName: string;
  /** Positions of the rows that are sent, in order. */
  positions: number[];
  records: Row['record'][];
}

const noReading: Reading = { mapping: [], dateOrder: 'asWritten', commonTime: '' };

/** The records of a job are kept, how duplicates are treated is not: the job's own name says it. */
const skipping = '-skip';

export function useList() {
  const { transport } = useSession();
  const [columns, setColumns] = useState<readonly string[]>([]);
  const [reading, setReading] = useState(noReading);
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [runs, setRuns] = useState<readonly Sending[]>([]);
  const { state, result, error, progress, start, stop } = useScheduleAll();

  /** The latest is the last. */
  const begin = (job: Sending) => {
    setRuns((before) => [...before.filter(({ runId }) => runId !== job.runId), job]);
    const { runId, campaignName, records } = job;
    const duplicates = runId.endsWith(skipping) ? 'SKIP' : 'ALLOW';
    return start(records, { transport, campaignName, runId, duplicates, keepRecords: true });
  };

  useEffect(() => {
    const run = runs.at(-1);
    if (state !== 'done' || result === null || run?.runId !== result.runId) return;
    const results = new Map(run.positions.map((position, n) => [position, result.results[n] ?? null]));
    setRows((before) =>
      before.map((row) => {
        const own = results.get(row.position);
        // It may have been corrected, and sent by a later run.
        return own === undefined || row.sent?.runId !== run.runId
          ? row
          : { ...row, sent: { ...row.sent, result: own } };
      }),
    );
    const scheduled = result.results.filter(({ __typename }) => __typename === 'ScheduledRecord').length;
    announce(t.list.done(scheduled, result.results.length));
  }, [state, result, runs]);

  return {
    columns,
    reading,
    rows,
    state,
    error,
    progress,
    stop,
    /** Begins with another list, or with none. */
    open(sheet: Sheet | null, mapping: readonly Target[] = []) {
      const next = { ...noReading, mapping };
      setColumns(sheet?.columns ?? []);
      setReading(next);
      setRows(sheet === null ? [] : rowsOf(sheet, next));
      setRuns([]);
    },
    reread(change: Partial<Reading>) {
      const next = { ...reading, ...change };
      setReading(next);
      setRows((before) => before.map((row) => (row.sent === null ? read(row, next) : row)));
    },
    edit(position: number, column: number, value: string) {
      setRows((before) =>
        before.map((row) =>
          row.position === position
            ? read({ ...row, cells: row.cells.map((cell, n) => (n === column ? value : cell)) }, reading)
            : row,
        ),
      );
    },
    check: (results: ReadonlyMap<string, NonNullable<Row['checked']>['result']>) =>
      setRows((before) =>
        before.map((row) => {
          const own = results.get(row.text);
          return own === undefined ? row : { ...row, checked: { text: row.text, result: own } };
        }),
      ),
    /** For another campaign, which has other rules. */
    forgetChecks: () => setRows((before) => before.map((row) => ({ ...row, checked: null }))),
    /** Everything that is ready. What failed before is among it if it was corrected, or may succeed as it is. */
    send(campaignName: string, skipsDuplicates: boolean) {
      const ready = rows.filter((row) => isSendable(row, reading.mapping));
      const positions = new Set(ready.map(({ position }) => position));
      const runId = `${crypto.randomUUID()}${skipsDuplicates ? skipping : ''}`;
      setRows(
        rows.map((row) =>
          positions.has(row.position) ? { ...row, sent: { runId, text: row.text, result: null } } : row,
        ),
      );
      void begin({
        runId,
        campaignName,
        positions: [...positions],
        records: ready.map(({ record }) => record),
      });
    },
    /** After a failure, or after it was stopped: the same job. */
    goOn() {
      const run = runs.at(-1);
      if (run !== undefined) void begin(run);
    },
    /** The same requests once more: the server looks up what it does not know. */
    askUnknown() {
      const unknown = rows.find((row) => row.sent?.result?.__typename === 'OutcomeUnknownError');
      const run = runs.find(({ runId }) => runId === unknown?.sent?.runId);
      if (run !== undefined) void begin(run);
    },
    /** A job of an earlier page. */
    async adopt({ runId, campaignName }: Job) {
      const records = [...((await keptRecords(runId)) ?? [])];
      const { sheet, mapping } = sheetOf(records);
      const next = { ...noReading, mapping };
      setColumns(sheet.columns);
      setReading(next);
      setRows(
        rowsOf(sheet, next).map((row, n) => {
          const record = records[n] ?? row.record;
          const text = JSON.stringify(record);
          return { ...row, record, text, sent: { runId, text, result: null } };
        }),
      );
      void begin({ runId, campaignName, positions: [...sheet.rows.keys()], records });
    },
  };
}

export type List = ReturnType<typeof useList>;

/** Has the rows checked that are not yet, as they stand: a moment after the last change. Nothing is sent to the dialer by it. */
export function useRowChecks({ rows, reading, check, state }: List, campaignName: string): Error | null {
  const { transport, limits } = useSession();
  const atOnce = Math.min(checkedAtOnce, limits?.maxRecordsPerMutation ?? checkedAtOnce);
  const [error, setError] = useState<Error | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `check` is another function each time, and does the same
  useEffect(() => {
    if (state === 'running' || campaignName === '') return;
    const waiting = rows
      .filter(
        (row) =>
          resultOf(row) === null && row.sent?.result !== null && !hasWrongPriority(row, reading.mapping),
      )
      .slice(0, atOnce);
    if (waiting.length === 0) return;
    const controller = new AbortController();
    const records = waiting.map(({ record }) => record);
    const timer = setTimeout(
      () => {
        ask(transport, ValidateDocument, { input: { campaignName, records } }, controller.signal).then(
          ({ data: { validateCampaignData: answer } }) => {
            if (controller.signal.aborted) return;
            setError(null);
            if (answer?.__typename === 'ScheduleCampaignDataPayload')
              check(new Map(answer.results.map((result, n) => [waiting[n]?.text ?? '', result])));
            else setError(new Error(answer?.message));
          },
          (reason: Error) => !controller.signal.aborted && setError(reason),
        );
      },
      waiting.length < atOnce ? checkDelayMs : 0,
    );
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [transport, rows, reading, campaignName, state]);
  return error;
}
