// A running server, as the command knows it: GraphQL operations, and the way of a file there. A server that cannot be reached is asked
// again and again: an import goes on without this process, and nothing is done twice by asking.
// Not by the fetch of Node 20, which can wait for ever where a compressed answer is aborted.

import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BodyInit, fetch, type RequestInit, type Response } from 'undici';

/** It answered, and does not do what was asked: to ask again would not help. */
export class Refused extends Error {}

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
}

/** Pauses between attempts. */
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** Bytes of one PATCH: no more is sent again after a line has broken. */
const partBytes = 8 * 1024 * 1024;

export function createServerClient({ url, key, signal, onWait }: ServerClientOptions): ServerClient {
  const credential: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };

  const exchange = async (to: string, init: RequestInit): Promise<Response> => {
    const response = await fetch(to, { ...init, headers: { ...credential, ...init.headers }, signal }).catch(
      (error: Error) => {
        if (signal.aborted) throw error;
        throw new Unreachable(error.cause instanceof Error ? error.cause.message : error.message);
      },
    );
    if (response.status === 429 || response.status >= 500) throw new Unreachable(await reasonOf(response));
    return response;
  };

  const untilReached = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        onWait(error.message);
        await sleep(pauseMs, undefined, { signal });
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
        });
        const { data, errors } = (await response.json().catch(() => ({}))) as Answer;
        if (data === undefined || errors !== undefined)
          throw new Refused(errors?.[0]?.message ?? `${url} answers ${response.status}, without GraphQL`);
        return data as never;
      }),

    async upload(path, file, size, onProgress) {
      const to = urlOf(path);
      await untilReached(() => beginAnew(to, size));
      await untilReached(async () => {
        const head = await exchange(to, { method: 'HEAD', headers: tus });
        if (!head.ok) throw new Refused(`The file is not taken any more (HTTP ${head.status}).`);
        const part = Buffer.alloc(Math.min(partBytes, size));
        for (let sent = Number(head.headers.get('upload-offset')); sent < size; ) {
          onProgress(sent);
          const { bytesRead } = await file.read(part, 0, Math.min(part.length, size - sent), sent);
          if (bytesRead === 0) throw new Refused('The file has become shorter while it was sent.');
          await sendPart(to, sent, part.subarray(0, bytesRead));
          sent += bytesRead;
        }
        onProgress(size);
      });
    },
  };
}

const tus = { 'tus-resumable': '1.0.0' };

interface Answer {
  data?: unknown;
  errors?: { message: string }[];
}

async function reasonOf(response: Response): Promise<string> {
  const { errors } = (await response.json().catch(() => ({}))) as Answer;
  return errors?.[0]?.message ?? `HTTP ${response.status}`;
}
