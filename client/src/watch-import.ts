// How an import goes on, as it happens.
// States: streaming (a subscription, again after each that broke off) → polling, where no subscription can be had → the import's end.

import { NetworkError, RequestRefusedError, ServerTooOldError } from './errors.ts';
import { eventStreamParser } from './event-stream.ts';
import { errorOfAnswer } from './failures.ts';
import { ImportProgressDocument, type ImportProgressSubscription } from './generated/graphql.ts';
import { type Endpoint, request, textOf } from './http.ts';
import { findImport, type Import } from './imports.ts';
import { again, type Patience, pause, sleep, waitMs } from './retry.ts';
import { type Answer, answerOf, sourceOf, type Transport } from './transport.ts';

export interface WatchImportOptions {
  /** Stops the watching. The import goes on. */
  signal?: AbortSignal;
  /** Called where the credential is refused, before the same is asked once more. @default it stops with the error */
  onUnauthenticated?: () => void | Promise<void>;
  /** Told why nothing is known of the import at the moment; null: it is again. */
  onWait?: (reason: string | null) => void;
}

/** The state comes at once. Where it does not, something on the way holds the stream back. */
const firstEventMs = 10_000;
/** The server says something every 10 s. */
const silenceMs = 35_000;
const reconnectMs = 1000;
const shortestPollMs = 1000;

/**
 * Calls `onChange` with the import as it is, and after each change. Resolves to it when it has ended. Rejects with a RequestRefusedError
 * where there is none, an UnauthenticatedError, a ForbiddenError, a ServerTooOldError, what `onChange` rejects with, or what the signal
 * was aborted with.
 */
export async function watchImport(
  transport: Transport,
  id: string,
  onChange: (state: Import) => void | Promise<void>,
  options: WatchImportOptions = {},
): Promise<Import> {
  const { signal = new AbortController().signal, onUnauthenticated, onWait = () => {} } = options;
  const patience: Patience = { signal, onUnauthenticated, onWait };
  let latest: Import | undefined;
  const tell = async (state: Import) => {
    signal.throwIfAborted();
    // What is asked for may come behind what was told meanwhile.
    if (latest !== undefined && state.version <= latest.version) return;
    latest = state;
    await onChange(state);
  };

  const { endpoint } = transport;
  for (let streams = endpoint !== undefined; streams && endpoint !== undefined; ) {
    const stream = () => readStream(endpoint, id, tell, patience);
    streams = (await again(stream, patience)) !== 'unsupported';
    signal.throwIfAborted();
    if (hasEnded(latest)) return latest;
    if (streams) await pause(reconnectMs, 'The connection broke off.', patience);
  }
  for (;;) {
    const state = await again(() => findImport(transport, id, signal), patience);
    await tell(state);
    if (state.pollAfterSeconds === null) return state;
    await sleep(waitMs(state.pollAfterSeconds, shortestPollMs), signal);
  }
}

/** Also in a state that only a newer server has. */
function hasEnded(state: Import | undefined): state is Import {
  return state?.pollAfterSeconds === null;
}

/** Until the stream ends, or breaks off after its first event. Rejects with a NetworkError where it does so before. */
async function readStream(
  endpoint: Endpoint,
  id: string,
  tell: (state: Import) => Promise<void>,
  { signal }: Patience,
): Promise<'ended' | 'unsupported'> {
  const quiet = new AbortController();
  const either = AbortSignal.any([signal, quiet.signal]);
  let timer = setTimeout(() => quiet.abort(), firstEventMs);
  let events = 0;
  try {
    const response = await subscribe(endpoint, id, either);
    if (response === null) return 'unsupported';
    for await (const piece of piecesOf(response, either)) {
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), silenceMs);
      for (const answer of piece) {
        await tell(stateIn(answer));
        events++;
      }
    }
    if (events === 0) throw new NetworkError('The stream ended before it had begun.');
    return 'ended';
  } catch (error) {
    signal.throwIfAborted();
    if (quiet.signal.aborted) return events === 0 ? 'unsupported' : 'ended';
    if (error instanceof NetworkError && events > 0) return 'ended';
    throw error;
  } finally {
    clearTimeout(timer);
    quiet.abort();
  }
}

/** Null where no stream is to be had. */
async function subscribe(endpoint: Endpoint, id: string, signal: AbortSignal): Promise<Response | null> {
  const response = await request(endpoint, '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: sourceOf(ImportProgressDocument), variables: { id } }),
    signal,
  });
  if (response.ok && response.headers.get('content-type')?.startsWith('text/event-stream')) return response;
  const text = await textOf(response, signal);
  if (unsupported.has(response.status)) return null;
  try {
    const [first] = answerOf(response, text).errors ?? [];
    if (first !== undefined) throw errorOfAnswer(first);
  } catch (error) {
    if (error instanceof ServerTooOldError) return null;
    if (error instanceof RequestRefusedError && error.kind === 'NOT_ACCEPTABLE') return null;
    throw error;
  }
  return null;
}

const unsupported = new Set([404, 405, 406, 415]);

/** The answers of each piece that comes; none, where it is a sign of life. Throws a NetworkError where it breaks off. */
async function* piecesOf({ body, url }: Response, signal: AbortSignal): AsyncGenerator<Answer[]> {
  const parse = eventStreamParser();
  const decoder = new TextDecoder();
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = parse(decoder.decode(value, { stream: true }));
      yield events.flatMap(({ event, data }) => (event === 'next' ? (JSON.parse(data) as Answer) : []));
    }
  } catch (error) {
    throw new NetworkError(`The stream of ${url} broke off: ${(error as Error).message}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

function stateIn({ data, errors }: Answer): Import {
  const [first] = errors ?? [];
  if (first !== undefined) throw errorOfAnswer(first);
  return (data as ImportProgressSubscription).importProgress;
}
