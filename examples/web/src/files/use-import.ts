// One import: watched until its end, and its file sent for as long as it is awaited.

import { useEffect, useState } from 'react';
import { type ImportState, uploadFile, watchImport } from '../imports-api.ts';
import { fileOf, keepFile } from './start-file.ts';

export interface WatchedImport {
  /** Null: not told yet. */
  state: ImportState | null;
  error: Error | null;
  /** The server cannot be reached for now. It goes on by itself. */
  isWaiting: boolean;
  /** The file is awaited, and this page does not have it. */
  needsFile: boolean;
  giveFile(file: File): void;
  show(state: ImportState): void;
}

export function useImport(id: string): WatchedImport {
  const [state, setState] = useState<ImportState | null>(null);
  const [error, setError] = useState<Error | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  const [file, setFile] = useState(() => fileOf(id));

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    // Whatever comes after another of a newer version is older.
    const onState = (next: ImportState) =>
      setState((before) => (before !== null && before.version > next.version ? before : next));
    watchImport(id, { signal, onState, onWaiting: setWaiting }).catch((reason: Error) => {
      if (!signal.aborted) setError(reason);
    });
    return () => controller.abort();
  }, [id]);

  const uploadUrl = state?.state === 'AWAITING_FILE' ? state.uploadUrl : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for the file, not for each of its states
  useEffect(() => {
    if (uploadUrl === null || file === undefined || state === null) return;
    const controller = new AbortController();
    const { signal } = controller;
    uploadFile(state, file, { signal, onWaiting: setWaiting }).catch((reason: Error) => {
      if (!signal.aborted) setError(reason);
    });
    return () => controller.abort();
  }, [uploadUrl, file]);

  return {
    state,
    error,
    isWaiting,
    needsFile: state?.state === 'AWAITING_FILE' && file === undefined,
    giveFile(given) {
      keepFile(id, given);
      setFile(given);
    },
    show: (next) => setState((before) => (before !== null && before.version > next.version ? before : next)),
  };
}
