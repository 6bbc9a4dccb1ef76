// Time-outs of answers that nobody reads: their memory is freed after a while, and their connection is ended.

import type { ServerResponse } from 'node:http';
import { writeJson } from '../foundation/json-writer.ts';

export interface AnswerTimeouts {
  /** With nothing of an answer read, in milliseconds. */
  idleMs: number;
  /** From the first byte of a long answer to its last, in milliseconds. */
  totalMs: number;
}

/** A phone in a tunnel is back within half a minute. Ten megabytes take five minutes at 270 kbit/s. */
export const answerTimeouts: AnswerTimeouts = { idleMs: 30_000, totalMs: 300_000 };

/** Ends the connection if nothing of the answer is read for `idleMs`. The work before the answer may take longer. */
export function endUnread(res: ServerResponse, { idleMs }: AnswerTimeouts): void {
  res.setTimeout(idleMs, () => {
    if (res.headersSent) res.destroy();
  });
}

/** The JSON of a long answer, in pieces. Ends the connection if it is not read to its end in time, or no piece of it is. */
export async function* writeInTime(
  answer: object,
  res: ServerResponse,
  { idleMs, totalMs }: AnswerTimeouts,
): AsyncGenerator<string> {
  const timer = setTimeout(() => res.destroy(), totalMs);
  res.once('close', () => clearTimeout(timer));
  // yoga's server removes the connection's time-out before it asks for the first piece.
  res.setTimeout(idleMs);
  yield* writeJson(answer);
}
