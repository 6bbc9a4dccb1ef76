// How work is stopped before its end, and why. The cause is the reason of an aborted signal; the words are for the records that
// were not sent for it.

export type CancellationCause = 'caller-gone' | 'shutting-down';

const texts: Record<CancellationCause, string> = {
  'caller-gone': 'the caller went away',
  'shutting-down': 'the service is shutting down',
};

/** What work that may be stopped is handed. An AbortSignal is one too. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Stops work. An AbortController does the same at ten times the cost, and every request needs some. */
export class StopController {
  readonly signal: StopSignal;
  readonly #signal = new LightSignal();

  constructor() {
    this.signal = this.#signal;
  }

  cancel(cause: CancellationCause): void {
    this.#signal.abort(cause);
  }
}

/** States: quiet → (abort, once) aborted, which calls the listeners that it has. */
class LightSignal implements StopSignal {
  aborted = false;
  reason: CancellationCause | undefined;
  #listeners: (() => void)[] = [];

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  abort(cause: CancellationCause): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = cause;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}

/** Of an aborted signal, which a StopController has aborted, or the end of a connection. */
export function causeOf({ reason }: StopSignal): CancellationCause {
  return reason === 'shutting-down' ? reason : 'caller-gone';
}

/** The cause in words. */
export function causeText(signal: StopSignal): string {
  return texts[causeOf(signal)];
}

/** Waits so long, or until the signal is aborted; false: it was. */
export function waitUnlessStopped(ms: number, signal: StopSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isOver: boolean) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      resolve(isOver);
    };
    const stop = () => end(false);
    const timer = setTimeout(end, ms, true);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
  });
}
