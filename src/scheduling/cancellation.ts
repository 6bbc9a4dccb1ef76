// What stops requests half-way: their callers go away, or the service shuts down. What was sent is finished either way.

import { setMaxListeners } from 'node:events';

/** The reasons of an aborted signal, in the words that records are told. */
export const callerGone = 'the caller went away';
export const shuttingDown = 'the service is shutting down';

export interface Stops {
  /** A controller for one request; once the service shuts down, it is aborted. */
  open(): AbortController;
  close(stop: AbortController): void;
  /** Aborts every controller that is open, and each that will be. */
  shutDown(): void;
}

export function createStops(): Stops {
  const open = new Set<AbortController>();
  let isDown = false;
  return {
    open() {
      const stop = new AbortController();
      // Every chunk of the request that waits for something listens.
      setMaxListeners(0, stop.signal);
      if (isDown) stop.abort(shuttingDown);
      open.add(stop);
      return stop;
    },
    close: (stop) => {
      open.delete(stop);
    },
    shutDown() {
      isDown = true;
      for (const stop of open) stop.abort(shuttingDown);
    },
  };
}
