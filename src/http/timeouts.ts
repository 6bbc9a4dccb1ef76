// Answers that nobody reads: what they hold is let go after a while, and so is their connection.

import type { ServerResponse } from 'node:http';
import { writeJson } from '../foundation/json-stream.ts';

export interface AnswerTimeouts {
  /** With nothing of an answer read, in milliseconds. */
  idleMs: number;
  /** From the first byte of a long answer to its last, in milliseconds. */
  totalMs: number;
}

/** A phone in a tunnel is back within half a minute; ten megabytes take five minutes at 270 kbit a second. */
export const answerTimeouts: AnswerTimeouts = { idleMs: 30_000, totalMs: 300_000 };

/** Ends the connection where nothing of the answer is read for some time. The work that comes before it may take its time. */
export function endUnread(res: ServerResponse, { idleMs }: AnswerTimeouts): void {
  res.setTimeout(idleMs, () => {
    if (res.headersSent) res.destroy();
  });
}

/** The JSON of a long answer, in pieces. Ends the connection where it is not read to its end in time, or no piece of it is. */
export async function* writeInTime(
  answer: object,
  res: ServerResponse,
  { idleMs, totalMs }: AnswerTimeouts,
): AsyncGenerator<string> {
  const timer = setTimeout(() => res.destroy(), totalMs);
  res.once('close', () => clearTimeout(timer));
  // yoga's server takes the connection's time-out off before it asks for the first piece.
  res.setTimeout(idleMs);
  yield* writeJson(answer);
}
