// The passes that are under way, and what stops them half-way: their caller goes away, or the service shuts down. What was sent
// is finished either way.

import { StopController, type StopSignal } from '../foundation/cancellation.ts';

export interface Cancellation {
  /** A controller for one request; once the service shuts down, it is aborted. */
  open(): StopController;
  close(controller: StopController): void;
  /** Does work whose signal is aborted when the caller's is, if there is one, and when the service shuts down. */
  run<Result>(
    callersSignal: StopSignal | undefined,
    work: (signal: StopSignal) => Promise<Result>,
  ): Promise<Result>;
  /** Resolves when all work has ended. */
  finish(): Promise<void>;
  /** Aborts every controller that is open, and each that will be. */
  shutDown(): void;
}

export function createCancellation(): Cancellation {
  const controllers = new Set<StopController>();
  const running = new Set<Promise<unknown>>();
  let isDown = false;

  const open = () => {
    const controller = new StopController();
    if (isDown) controller.cancel('shutting-down');
    controllers.add(controller);
    return controller;
  };

  const close = (controller: StopController) => {
    controllers.delete(controller);
  };

  return {
    open,
    close,
    async run(callersSignal, work) {
      const stop = open();
      const onGone = () => stop.cancel('caller-gone');
      callersSignal?.addEventListener('abort', onGone);
      if (callersSignal?.aborted) onGone();
      const working = work(stop.signal);
      running.add(working);
      try {
        return await working;
      } finally {
        running.delete(working);
        close(stop);
        callersSignal?.removeEventListener('abort', onGone);
      }
    },
    async finish() {
      while (running.size > 0) await Promise.allSettled(running);
    },
    shutDown() {
      isDown = true;
      for (const controller of controllers) controller.cancel('shutting-down');
    },
  };
}
