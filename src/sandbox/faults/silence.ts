// Faults without an answer: hangs, ends, resets, half-open connections, bytes that are not HTTP.
// A client cannot tell the twins apart; only the ledger shows which it was. The faults of the head act before the body is read.

import type { BodyFault, Connection } from './fault.ts';
import { acceptingLater, onHead, twins } from './fault.ts';

export const silence = {
  ...twins('hang', 'never answers, closes when the client does', () => {}),
  ...twins('half-open', 'stops reading and answering, and never closes', stopReading),
  ...twins('reset', 'resets the connection (RST) instead of answering', ({ reset }) => reset()),
  ...twins('close', 'ends the connection (FIN) instead of answering', ({ socket }) => socket.end()),
  ...twins('garbage', 'answers bytes that are not HTTP', ({ socket }) =>
    socket.end('\u0000\u0001SSH-2.0-not-a-dialer\r\n\r\n\u0007'),
  ),
  'partial-then-reset': {
    stage: 'body',
    accepts: 'partly',
    description: 'accepts the first half of the rows, then resets the connection',
    act: ({ reset }) => reset(),
  } satisfies BodyFault,
  // Until the rows are accepted, even the ledger looks as after `hang-before` and `reset-before`: a look-up in between finds
  // nothing, and does not prove that nothing comes.
  'late-accept': acceptingLater(
    'never answers; accepts after latencyMs, whether or not the client waits',
    () => {},
  ),
  'reset-then-accept': acceptingLater(
    'resets the connection at once, and accepts after latencyMs',
    ({ reset }) => reset(),
  ),
  'reset-on-headers': onHead('resets once the head is in, before the body is read', ({ reset }) => reset()),
  'close-on-headers': onHead('ends (FIN) once the head is in, before the body is read', ({ socket }) =>
    socket.end(),
  ),
  'half-open-on-headers': onHead('stops reading once the head is in, and never closes', stopReading),
};

function stopReading({ res, socket }: Connection): void {
  res.req.pause();
  socket.pause();
}
