// Whether the process lives, and whether it is fit to be sent requests: the two questions that whatever runs it asks, on
// /healthz and /readyz. It is fit while its store answers: without a dialer it still replays, validates and says its limits,
// and another process would have the same dialer. How that is stands in the answer for people to read, without a name.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { breakerStates, type DialerState, type StoreState } from './events.ts';

export interface ReadinessParts {
  dialers(): readonly DialerState[];
  storeState(): Promise<StoreState>;
}

export interface Report {
  /** Not where the store is down or says nothing within a second, or the process is about to end. */
  isReady: boolean;
  /** A line each. */
  details: readonly string[];
}

export interface Readiness {
  report(): Promise<Report>;
  /** As `storeState`, which is asked once at a time and has a second to answer. */
  storeState(): Promise<StoreState>;
  /** From now on it is not ready. */
  drain(): void;
}

/** Whoever asks gives up after a second or so. */
const storeMs = 1000;

export function createReadiness({ dialers, storeState }: ReadinessParts): Readiness {
  let draining = false;
  let asking: Promise<StoreState> | undefined;

  /** One question at a time, however many ask. */
  const askStore = () => {
    asking ??= within(storeMs, storeState()).finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    storeState: askStore,
    async report() {
      const store = await askStore();
      return {
        isReady: store !== 'down' && !draining,
        details: [`store: ${store}`, `dialers: ${summarise(dialers())}`, ...(draining ? ['draining'] : [])],
      };
    },
    drain() {
      draining = true;
    },
  };
}

/** `1 closed, 2 open, 1 paused`. */
function summarise(dialers: readonly DialerState[]): string {
  const counts = [
    ...breakerStates.map(
      (state) => [state, dialers.filter(({ breaker }) => breaker === state).length] as const,
    ),
    ['paused', dialers.filter(({ pausedSeconds }) => pausedSeconds > 0).length] as const,
  ];
  return counts
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');
}

function within(ms: number, answer: Promise<StoreState>): Promise<StoreState> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve('down'), ms);
    answer
      .catch((): StoreState => 'down')
      .then((state) => {
        clearTimeout(late);
        resolve(state);
      });
  });
}

export function isProbe({ url }: IncomingMessage): boolean {
  return url === '/healthz' || url === '/readyz';
}

export function answerProbe(readiness: Readiness, { url }: IncomingMessage, res: ServerResponse): void {
  if (url === '/healthz') say(res, { isReady: true, details: [] });
  else
    readiness.report().then(
      (report) => say(res, report),
      () => say(res, { isReady: false, details: [] }),
    );
}

function say(res: ServerResponse, { isReady, details }: Report): void {
  const text = [isReady ? 'ok' : 'not ready', ...details, ''].join('\n');
  res.writeHead(isReady ? 200 : 503, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': text.length,
    'cache-control': 'no-store',
  });
  res.end(text);
}
