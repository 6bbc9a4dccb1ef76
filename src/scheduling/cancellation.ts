// The passes that are under way, and what stops them half-way: their caller goes away, or the service shuts down. What was sent
// is finished either way.

import { StopController } from '../foundation/cancellation.ts';

export interface Cancellation {
  /** A controller for one request; once the service shuts down, it is aborted. */
  open(): StopController;
  close(controller: StopController): void;
  /** Aborts every controller that is open, and each that will be. */
  shutDown(): void;
}

export function createCancellation(): Cancellation {
  const open = new Set<StopController>();
  let isDown = false;
  return {
    open() {
      const controller = new StopController();
      if (isDown) controller.cancel('shutting-down');
      open.add(controller);
      return controller;
    },
    close: (controller) => {
      open.delete(controller);
    },
    shutDown() {
      isDown = true;
      for (const controller of open) controller.cancel('shutting-down');
    },
  };
}
