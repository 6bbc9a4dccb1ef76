// Whether the process lives (/healthz), and whether it should get requests (/readyz), for whatever runs it.
// States: ready while the store is up, or opens for the first time; not ready while it is down or gives no answer within a
// second; → (drain) not ready for good. The dialers' states do not count: without a dialer the process still replays, validates
// and tells its limits, and another process would have the same dialer. They are in the answer for people, without a name.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { breakerStates, type DialerState, type StoreState, type SuppressionState } from './events.ts';

export interface ReadinessParts {
  dialers(): readonly DialerState[];
  storeState(): Promise<StoreState>;
  suppression(): readonly SuppressionState[];
}

export interface Report {
  /** False if the store is down or gives no answer within a second, or the process is about to end. */
  isReady: boolean;
  /** One line each, for people. */
  details: readonly string[];
}

export interface Readiness {
  report(): Promise<Report>;
  /** The answer of the `storeState` that was given here: it is asked once at a time, and is `down` after a second without one. */
  storeState(): Promise<StoreState>;
  /** From now on it is not ready. */
  drain(): void;
}

/** Probes usually give up after a second. */
const storeMs = 1000;

export function createReadiness({ dialers, storeState, suppression }: ReadinessParts): Readiness {
  let draining = false;
  let asking: Promise<StoreState> | undefined;

  /** Those who ask at the same time share one question. */
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
        details: [
          `store: ${store}`,
          `dialers: ${summarise(dialers())}`,
          ...suppressionLine(suppression()),
          ...(draining ? ['draining'] : []),
        ],
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

/** A stale list is still in use, so the process gets requests. */
function suppressionLine(states: readonly SuppressionState[]): string[] {
  if (states.length === 0) return [];
  const stale = states.filter(({ isStale }) => isStale).length;
  const current = states.length - stale;
  const counts = [current > 0 ? `${current} current` : '', stale > 0 ? `${stale} stale` : ''];
  return [`suppression: ${counts.filter((count) => count !== '').join(', ')}`];
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
