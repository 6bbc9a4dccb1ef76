// Refuses what never becomes a request, in the form of every other refusal: what is not HTTP, too long in its headers, or too slow.

import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Refusal } from './refusal.ts';
import { tooSlow } from './slow-senders.ts';

/** By Node's error codes, https://nodejs.org/api/http.html#event-clienterror */
const refusals = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    new Refusal(431, 'HEADERS_TOO_LARGE', 'The headers of the request are longer than 16 kB.'),
  ],
  [
    'HPE_CHUNK_EXTENSIONS_OVERFLOW',
    new Refusal(413, 'BODY_TOO_LARGE', 'The chunks have extensions too long.'),
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', tooSlow],
]);
const notHttp = new Refusal(400, 'BAD_REQUEST', 'This is no HTTP request that can be read.');

/** On the connection itself: the answer that is being written there. */
const answered = Symbol('answered');
type Connection = Duplex & { [answered]?: ServerResponse };

/** Notes at the connection what is being answered there. */
export function watchConnection({ socket }: IncomingMessage, res: ServerResponse): void {
  (socket as Connection)[answered] = res;
}

/** For the event `clientError` of a server whose connections are watched. */
export function refuseConnection({ code }: NodeJS.ErrnoException, connection: Connection): void {
  if (!connection.writable) {
    connection.destroy();
    return;
  }
  const answer = connection[answered];
  // What follows a request costs it nothing: it may have been carried out, and its answer is written first.
  if (answer !== undefined && isOwed(answer)) {
    answer.shouldKeepAlive = false;
    answer.once('finish', () => connection.end());
    return;
  }
  const { status, code: name, message } = refusals.get(code ?? '') ?? notHttp;
  const text = JSON.stringify({ errors: [{ message, extensions: { code: name } }] });
  connection.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(text)}`,
      '',
      text,
    ].join('\r\n'),
  );
  // A client that neither reads nor closes is not waited for.
  setTimeout(() => connection.destroy(), lingerMs).unref();
}

/** Whether it is still to come, and nothing that could not be read belongs to its request. */
function isOwed(answer: ServerResponse): boolean {
  return !answer.writableFinished && !answer.destroyed && (answer.headersSent || answer.req.complete);
}

const lingerMs = 1000;
