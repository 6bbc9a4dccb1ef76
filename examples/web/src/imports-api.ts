// Files of leads, over the service's own endpoints: an import is started, its file is sent by the tus protocol, which goes on where it
// stopped, and its state is watched as server-sent events. One small file, so that it can be replaced by the client package's own.

import {
  ask,
  CancelImportDocument,
  ConfirmImportDocument,
  type ConfirmImportInput,
  ImportDocument,
  ImportProgressDocument,
  type ImportStateFragment,
  ImportsDocument,
  NetworkError,
  PauseImportDocument,
  RequestRefusedError,
  ResumeImportDocument,
  StartImportDocument,
  type StartImportInput,
  type Transport,
} from '@dialgraph/client';
import { authorization, endpoint } from './endpoint.ts';

export type ImportState = ImportStateFragment;

export function hasEnded({ state }: ImportState): boolean {
  return ['FINISHED', 'CANCELED', 'FAILED', 'EXPIRED'].includes(state);
}

/** Rejects with a RequestRefusedError where none is started. The same input with the same `idempotencyKey` is the same import. */
export async function startImport(transport: Transport, input: StartImportInput): Promise<ImportState> {
  return importOf((await ask(transport, StartImportDocument, { input })).data.startImport);
}

export async function confirmImport(transport: Transport, input: ConfirmImportInput): Promise<ImportState> {
  return importOf((await ask(transport, ConfirmImportDocument, { input })).data.confirmImport);
}

const changes = {
  pause: async (transport: Transport, id: string) =>
    (await ask(transport, PauseImportDocument, { id })).data.pauseImport,
  resume: async (transport: Transport, id: string) =>
    (await ask(transport, ResumeImportDocument, { id })).data.resumeImport,
  cancel: async (transport: Transport, id: string) =>
    (await ask(transport, CancelImportDocument, { id })).data.cancelImport,
};
export type ImportChange = keyof typeof changes;

export async function changeImport(
  transport: Transport,
  id: string,
  change: ImportChange,
): Promise<ImportState> {
  return importOf(await changes[change](transport, id));
}

/** The newest ones. */
export async function recentImports(transport: Transport, first: number): Promise<ImportState[]> {
  const { data } = await ask(transport, ImportsDocument, { first, after: null });
  const states = (data.imports?.nodes ?? []).map(({ id }) => ask(transport, ImportDocument, { id }));
  return (await Promise.all(states)).flatMap(({ data: { import: state } }) => state ?? []);
}

function importOf(
  answer:
    | { __typename: 'ImportPayload'; import: ImportState }
    | { __typename: string; message: string }
    | null
    | undefined,
): ImportState {
  if (answer && 'import' in answer) return answer.import;
  throw new RequestRefusedError(answer?.__typename ?? '', answer?.message ?? '');
}

const chunkBytes = 4 * 1024 * 1024;
const firstPauseMs = 1000;
const longestPauseMs = 15_000;

/**
 * Sends the file, from where it stopped. A connection that is lost is made again, for as long as it takes; what the server refuses
 * rejects with a RequestRefusedError. `onWaiting`: the server cannot be reached for now, or can be again.
 */
export async function uploadFile(
  { uploadUrl }: ImportState,
  file: File,
  { signal, onWaiting }: { signal: AbortSignal; onWaiting(isWaiting: boolean): void },
): Promise<void> {
  if (uploadUrl === null) return;
  const url = new URL(uploadUrl, endpoint);
  // Of nothing there is no rest: the server says what it thinks of an empty file.
  if (file.size === 0) return void (await tus(url, { method: 'PUT', body: file, signal }));
  let offset: number | null = null;
  for (let pauseMs = firstPauseMs; offset === null || offset < file.size; ) {
    signal.throwIfAborted();
    try {
      // What has arrived, the server knows best: after an interruption it is asked.
      offset ??= Number((await tus(url, { method: 'HEAD', signal })).headers.get('upload-offset'));
      const body = file.slice(offset, offset + chunkBytes);
      const type = 'application/offset+octet-stream';
      const headers: Record<string, string> = { 'upload-offset': String(offset), 'content-type': type };
      const answer: Response | false =
        offset < file.size && (await tus(url, { method: 'PATCH', headers, body, signal }));
      offset = answer ? Number(answer.headers.get('upload-offset')) : offset;
      pauseMs = firstPauseMs;
      onWaiting(false);
    } catch (error) {
      if (error instanceof RequestRefusedError) throw error;
      onWaiting(true);
      offset = null;
      await sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }
}

/** What passes by itself throws a NetworkError. */
async function tus(url: URL, init: RequestInit): Promise<Response> {
  const headers = { ...authorization(), 'tus-resumable': '1.0.0', ...init.headers };
  const response = await fetch(url, { ...init, headers });
  if (response.ok) return response;
  // Another connection has its place, or the server asks for a pause.
  if ([409, 423, 429].includes(response.status) || response.status >= 500)
    throw new NetworkError(`HTTP ${response.status}`);
  throw new RequestRefusedError(
    `HTTP_${response.status}`,
    (await response.text()) || `HTTP ${response.status}`,
  );
}

/** The import as it is, and again after each change, until its end. A connection that is lost is made again. */
export async function watchImport(
  id: string,
  {
    signal,
    onState,
    onWaiting,
  }: { signal: AbortSignal; onState(state: ImportState): void; onWaiting(isWaiting: boolean): void },
): Promise<void> {
  let hasCome = false;
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      for await (const state of events(id, signal)) {
        pauseMs = firstPauseMs;
        hasCome = true;
        onWaiting(false);
        onState(state);
        if (hasEnded(state)) return;
      }
    } catch (error) {
      if (error instanceof RequestRefusedError && !hasCome) throw error;
    }
    if (signal.aborted) return;
    onWaiting(true);
    await sleep(pauseMs, signal).catch(() => undefined);
  }
}

async function* events(id: string, signal: AbortSignal): AsyncGenerator<ImportState> {
  const query = ImportProgressDocument.loc?.source.body;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...authorization(), 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables: { id } }),
    signal,
  });
  if (response.body === null || response.status >= 500) throw new NetworkError(`HTTP ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const complete = text.split('\n\n');
    text = complete.pop() ?? '';
    for (const event of complete) {
      const line = event.split('\n').find((one) => one.startsWith('data: '));
      if (line === undefined) continue;
      const { data, errors } = JSON.parse(line.slice('data: '.length));
      if (errors?.[0])
        throw new RequestRefusedError(String(errors[0].extensions?.code ?? ''), errors[0].message);
      yield data.importProgress as ImportState;
    }
  }
}

export type ResultFilter = 'all' | 'failed' | 'unknown' | 'not-sent' | 'scheduled';

/** The rows as they came, and what became of each. */
export async function fetchResults(
  { resultsUrl }: ImportState,
  filter: ResultFilter,
  format: 'csv' | 'jsonl',
): Promise<Response> {
  const url = new URL((resultsUrl ?? '').replace(/\.csv$/, `.${format}`), endpoint);
  url.searchParams.set('outcome', filter);
  const response = await fetch(url, { headers: authorization() });
  if (!response.ok) throw new NetworkError(`HTTP ${response.status}`);
  return response;
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
