// Whether the process lives, and whether it is fit to be sent requests: the two questions that whatever runs it asks, on
// /healthz and /readyz. The answers say no more than that to whoever asks.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DialerState } from './events.ts';

export interface ReadinessParts {
  dialers(): readonly DialerState[];
  /** Whether what is stored can be reached, where it has been opened. */
  isStoreReachable(): Promise<boolean>;
}

export interface Readiness {
  /** Not where every dialer is left alone, the store is out of reach, or the process is about to end. */
  isReady(): Promise<boolean>;
  /** From now on it is not. */
  drain(): void;
}

/** Whoever asks gives up after a second or so. */
const storeMs = 1000;

export function createReadiness({ dialers, isStoreReachable }: ReadinessParts): Readiness {
  let draining = false;
  let asking: Promise<boolean> | undefined;

  /** One question at a time, however many ask. */
  const askStore = () => {
    asking ??= within(storeMs, isStoreReachable()).finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    async isReady() {
      if (draining || dialers().every(({ breaker }) => breaker === 'open')) return false;
      return (await askStore()) && !draining;
    },
    drain() {
      draining = true;
    },
  };
}

function within(ms: number, answer: Promise<boolean>): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), ms);
    answer
      .catch(() => false)
      .then((is) => {
        clearTimeout(late);
        resolve(is);
      });
  });
}

export function isProbe({ url }: IncomingMessage): boolean {
  return url === '/healthz' || url === '/readyz';
}

export function answerProbe(readiness: Readiness, { url }: IncomingMessage, res: ServerResponse): void {
  if (url === '/healthz') say(res, true);
  else void readiness.isReady().then((isReady) => say(res, isReady));
}

function say(res: ServerResponse, isWell: boolean): void {
  const text = isWell ? 'ok\n' : 'not ready\n';
  res.writeHead(isWell ? 200 : 503, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': text.length,
    'cache-control': 'no-store',
  });
  res.end(text);
}
