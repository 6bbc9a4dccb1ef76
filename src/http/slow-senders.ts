// Ends requests that take too long to be sent. Node's own time-out of a request is one for all, and would cut off the upload of a
// large file.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal, refuse } from './refusal.ts';

export interface SlowSenders {
  /** From now on the request has the time-out of those that are read into memory. */
  watch(req: IncomingMessage, res: ServerResponse): void;
  /** It has not: its body is a file, and may come as slowly as it likes, as long as it comes. */
  leave(req: IncomingMessage): void;
  close(): void;
}

/** How often they are looked for, at the most. */
const sweepMs = 1000;

export const tooSlow = new Refusal(
  408,
  'REQUEST_TIMEOUT',
  'The request took too long to be sent. Send it again.',
);

export function createSlowSenders(timeoutMs: number): SlowSenders {
  const senders = new Map<IncomingMessage, { res: ServerResponse; until: number }>();

  const sweep = () => {
    const now = performance.now();
    for (const [req, { res, until }] of senders) {
      if (req.complete) senders.delete(req);
      else if (now >= until) {
        senders.delete(req);
        // Else the rest of the body would be waited for.
        res.shouldKeepAlive = false;
        if (res.writableEnded) req.destroy();
        else refuse(res, tooSlow);
      }
    }
  };
  const sweeping = setInterval(sweep, Math.min(sweepMs, timeoutMs)).unref();

  return {
    watch(req, res) {
      senders.set(req, { res, until: performance.now() + timeoutMs });
      req.once('close', () => senders.delete(req));
    },
    leave: (req) => void senders.delete(req),
    close: () => clearInterval(sweeping),
  };
}
