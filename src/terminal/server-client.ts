// A running server, as the command knows it: GraphQL operations, and the way of a file there. A server that cannot be reached is asked
// again for a while: an import goes on without this process, and nothing is done twice by asking.
// Not by the fetch of Node 20, which can wait for ever where a compressed answer is aborted.

import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BodyInit, fetch, type RequestInit, type Response } from 'undici';

/** It answered, and does not do what was asked: to ask again would not help. */
export class Refused extends Error {}

/** It was waited for as long as may be. */
export class GivenUp extends Refused {}

/** Nobody can tell whether it did what was asked. */
class Unreachable extends Error {}

export interface ServerClient {
  /** The data of an operation that may be sent again. Rejects with a Refused. */
  ask<Data>(document: string, variables: object): Promise<Data>;
  /**
   * Sends a file by tus, to a URL relative to the endpoint. What came there before may be of another file: it is sent from its
   * beginning, and goes on where the line breaks meanwhile. Rejects with a Refused.
   */
  upload(url: string, file: FileHandle, size: number, onProgress: (sent: number) => void): Promise<void>;
  /** The whole of a URL relative to the endpoint. */
  urlOf(url: string): string;
}

export interface ServerClientOptions {
  /** The GraphQL endpoint. */
  url: string;
  key: string | undefined;
  signal: AbortSignal;
  /** Called with the reason while the server is waited for. */
  onWait(reason: string): void;
  /** @default half a minute, and ten */
  patience?: Patience | undefined;
}

/** For how long a server is waited for. */
export interface Patience {
  /** One that has not answered yet: the URL may be wrong. */
  neverReachedMs: number;
  /** One that has: it may be started anew. */
  reachedMs: number;
}

const usualPatience: Patience = { neverReachedMs: 30_000, reachedMs: 10 * 60_000 };

/** Pauses between attempts. */
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** For an answer of a server that may be none, or hangs. */
const answerMs = 30_000;
/** Bytes of one PATCH: no more is sent again after a line has broken. */
const partBytes = 8 * 1024 * 1024;

export function createServerClient({
  url,
  key,
  signal,
  onWait,
  patience = usualPatience,
}: ServerClientOptions): ServerClient {
  let reachedAt: number | undefined;
  const credential: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };

  const exchange = async (to: string, { headers, ...init }: RequestInit): Promise<Response> => {
    const response = await fetch(to, {
      signal,
      ...init,
      headers: { ...credential, ...(headers as Record<string, string>) },
    }).catch(unreachable);
    if (response.status === 429 || response.status >= 500) throw new Unreachable(await reasonOf(response));
    reachedAt = performance.now();
    return response;
  };

  const unreachable = (error: Error): never => {
    if (signal.aborted) throw error;
    throw new Unreachable(error.cause instanceof Error ? error.cause.message : error.message);
  };

  /** Rejects with a GivenUp. */
  const untilReached = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const begunAt = performance.now();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        const waitsMs = reachedAt === undefined ? patience.neverReachedMs : patience.reachedMs;
        const leftMs = Math.max(begunAt, reachedAt ?? 0) + waitsMs - performance.now();
        if (leftMs <= 0)
          throw new GivenUp(`${url} cannot be reached (${error.message}): given up after ${shown(waitsMs)}.`);
        onWait(error.message);
        await sleep(Math.min(pauseMs, leftMs), undefined, { signal });
      }
    }
  };

  const sendPart = async (to: string, offset: number, part: Uint8Array): Promise<void> => {
    const headers = {
      ...tus,
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
    };
    const response = await exchange(to, { method: 'PATCH', headers, body: part as BodyInit });
    // Another part of it came meanwhile: where it stands is asked again.
    if (response.status === 409) throw new Unreachable('the file grew meanwhile');
    if (!response.ok) throw new Refused(await reasonOf(response));
  };

  /** What is there by now is thrown away. */
  const beginAnew = async (to: string, size: number): Promise<void> => {
    const response = await exchange(to, {
      method: 'POST',
      headers: { ...tus, 'upload-length': String(size) },
    });
    if (!response.ok) throw new Refused(await reasonOf(response));
  };

  const urlOf = (path: string) => new URL(path, url).href;

  return {
    urlOf,
    ask: (query, variables) =>
      untilReached(async () => {
        const response = await exchange(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ query, variables }),
          signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
        });
        const { data, errors } = answerOf(await response.text().catch(unreachable));
        if (data === undefined || errors !== undefined)
          throw new Refused(errors?.[0]?.message ?? `${url} answers ${response.status}, without GraphQL`);
        return data as never;
      }),

    async upload(path, file, size, onProgress) {
      const to = urlOf(path);
      await untilReached(() => beginAnew(to, size));
      let acknowledged = 0;
      await untilReached(async () => {
        const head = await exchange(to, { method: 'HEAD', headers: tus });
        if (!head.ok) throw new Refused(`The file is not taken any more (HTTP ${head.status}).`);
        const part = Buffer.alloc(Math.min(partBytes, size));
        const there = Number(head.headers.get('upload-offset'));
        if (there < acknowledged || there > acknowledged + part.length) throw otherBytes;
        for (let sent = there; sent < size; ) {
          onProgress(sent);
          const { bytesRead } = await file.read(part, 0, Math.min(part.length, size - sent), sent);
          if (bytesRead === 0) throw new Refused('The file has become shorter while it was sent.');
          await sendPart(to, sent, part.subarray(0, bytesRead));
          sent += bytesRead;
          acknowledged = sent;
        }
        onProgress(size);
      });
    },
  };
}

/** To go on would make one file of two. */
const otherBytes = new Refused(
  'The server has other bytes of the file than were sent: somebody else sends it too, or it was lost there. Send it anew with --resume.',
);

const tus = { 'tus-resumable': '1.0.0' };

interface Answer {
  data?: unknown;
  errors?: { message: string }[];
}

function answerOf(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}

function shown(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

async function reasonOf(response: Response): Promise<string> {
  const { errors } = (await response.json().catch(() => ({}))) as Answer;
  return errors?.[0]?.message ?? `HTTP ${response.status}`;
}
