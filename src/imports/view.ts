// What is told of an import, from what is kept of it and from its preview, which lies with its files.

import { openProblems } from './columns.ts';
import { type ImportPreview, type ImportState, type ImportView, isEnd, type RowError } from './import.ts';
import type { Progress, StoredError, StoredImport } from './import-store.ts';

/** How often it is worth a look, in each state. */
const pollSeconds: Record<ImportState, number | null> = {
  AWAITING_FILE: 5,
  CHECKING: 1,
  READY: 10,
  RUNNING: 2,
  PAUSED: 10,
  CANCELING: 1,
  FINISHED: null,
  CANCELED: null,
  FAILED: null,
  EXPIRED: null,
};

export function viewOf(stored: StoredImport, preview: ImportPreview | null, now: number): ImportView {
  const { request, progress, state } = stored;
  const { fileName, fileSize, start, errorPolicy, duplicates, timeZone } = request;
  const { id, campaignName, receivedBytes, version, createdAt, startedAt, finishedAt, failure } = stored;
  const { counts, mapping, decisions } = progress;
  return {
    ...{
      id,
      campaignName,
      fileName,
      fileSize,
      receivedBytes,
      state,
      version,
      createdAt,
      startedAt,
      finishedAt,
    },
    filesKeptUntil: isEnd(state) && stored.hasFiles ? stored.expiresAt : null,
    ...{ start, errorPolicy, duplicates, timeZone: timeZone ?? null },
    dateFormat: progress.dateFormat ?? request.dateFormat ?? null,
    mapping,
    preview: preview && { ...preview, problems: openProblems(preview, request) },
    decisions: state === 'READY' ? decisions : [],
    counts,
    errorCounts: Object.entries(progress.codes)
      .map(([code, count]) => ({ code, count }))
      .sort((one, other) => other.count - one.count || (one.code < other.code ? -1 : 1)),
    firstErrors: progress.firstErrors.map((error) => rowErrorOf(error, preview)),
    waitingFor: stored.waitingFor,
    estimatedFinishAt: estimateOf(stored, now),
    pollAfterSeconds: pollSeconds[state],
    failure,
  };
}

function rowErrorOf({ column, ...error }: StoredError, preview: ImportPreview | null): RowError {
  const header = preview?.columns.find(({ index }) => index === column)?.header ?? null;
  return { ...error, column: column === null ? null : (header ?? letterOf(column)) };
}

/** As spreadsheets call it: A, B, …, AA. */
function letterOf(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return column < 26 ? letter : letterOf(Math.floor(column / 26) - 1) + letter;
}

/** At the speed of late. Nobody knows how long it waits for what it waits for. */
function estimateOf({ state, waitingFor, progress }: StoredImport, now: number): number | null {
  const { rate, counts, stalls }: Progress = progress;
  if (state !== 'RUNNING' || waitingFor !== null || rate === null || stalls > 0) return null;
  return now + ((counts.valid + counts.notSent) / rate) * 1000;
}
