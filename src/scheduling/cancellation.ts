// The passes that are under way, and what stops them half-way: their caller goes away, or the service shuts down. What was sent
// is finished either way.

import { setMaxListeners } from 'node:events';
import { cancel } from '../foundation/cancellation.ts';

export interface Cancellation {
  /** A controller for one request; once the service shuts down, it is aborted. */
  open(): AbortController;
  close(controller: AbortController): void;
  /** Aborts every controller that is open, and each that will be. */
  shutDown(): void;
}

export function createCancellation(): Cancellation {
  const open = new Set<AbortController>();
  let isDown = false;
  return {
    open() {
      const controller = new AbortController();
      // Every chunk of the request that waits for something listens.
      setMaxListeners(0, controller.signal);
      if (isDown) cancel(controller, 'shutting-down');
      open.add(controller);
      return controller;
    },
    close: (controller) => {
      open.delete(controller);
    },
    shutDown() {
      isDown = true;
      for (const controller of open) cancel(controller, 'shutting-down');
    },
  };
}
