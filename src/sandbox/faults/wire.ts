// Faults of how an answer is sent: slow, cut, too long, labelled wrongly, or followed by a close without notice.
// What Node's HTTP server would not send is written to the socket directly.

import {
  accepting,
  answer,
  type Connection,
  type FaultContext,
  html,
  htmlPage,
  json,
  pause,
  twins,
  writable,
} from './fault.ts';

export const wire = {
  latency: accepting(
    'answers well, late',
    async (context) => {
      if (await pause(context, context.terms.latencyMs ?? 20)) answerReply(context);
    },
    { ownsLatency: true },
  ),
  'slow-head': accepting(
    'drips the answer’s head over latencyMs',
    (context) =>
      writeSlowly(context, lastHead(lengthHeader(context)), () => context.socket.end(text(context))),
    { ownsLatency: true },
  ),
  'slow-body': accepting(
    'drips the answer’s body over latencyMs',
    (context) => {
      context.socket.write(lastHead(lengthHeader(context)));
      return writeSlowly(context, text(context), () => context.socket.end());
    },
    { ownsLatency: true },
  ),
  ...twins('slow-body-endless', 'drips the answer’s body for ever', writeSlowlyForEver, {
    ownsLatency: true,
  }),
  ...twins('huge-body', 'answers JSON white space without end, as fast as it is read', writeForEver),

  ...twins('truncated-json', 'cuts the JSON in its middle, under a length that fits', ({ res, reply }) =>
    answer(res, 200, half(JSON.stringify(reply))),
  ),
  ...twins('truncated-length', 'promises more bytes than it sends, then ends', (context) =>
    context.socket.end(head(lengthHeader(context)) + half(text(context))),
  ),
  ...twins('truncated-chunked', 'ends without the last chunk', (context) =>
    context.socket.end(head('Transfer-Encoding: chunked') + chunk(half(text(context)))),
  ),
  ...twins('reset-in-body', 'resets the connection in the middle of the body', async (context) => {
    context.socket.write(head(lengthHeader(context)) + half(text(context)));
    if (await pause(context, 2)) context.reset();
  }),
  ...twins('empty-body', 'HTTP 200 with no body', ({ res }) => answer(res, 200, '')),
  ...twins('html-200', 'HTTP 200 with a proxy’s HTML page', ({ res }) =>
    answer(res, 200, htmlPage('Welcome'), { 'content-type': html }),
  ),

  'wrong-content-type': accepting('valid JSON labelled text/html', ({ res, reply }) =>
    answer(res, 200, JSON.stringify(reply), { 'content-type': html }),
  ),
  'bom-json': accepting('valid JSON after a byte order mark', ({ res, reply }) =>
    answer(res, 200, `\uFEFF${JSON.stringify(reply)}`),
  ),
  'padded-json': accepting('valid JSON between blank lines, as PHP templates leave them', ({ res, reply }) =>
    answer(res, 200, `\r\n\r\n${JSON.stringify(reply)}\n\n`),
  ),
  'interim-response': accepting('answers well after an HTTP 102', (context) => {
    context.res.writeProcessing();
    answerReply(context);
  }),
  'http-1.0': accepting('an HTTP/1.0 answer without a length, ended by the close', (context) =>
    context.socket.end(`HTTP/1.0 200 OK\r\nContent-Type: ${json}\r\n\r\n${text(context)}`),
  ),
  'connection-close': accepting('answers well and says that it closes', ({ res, reply }) =>
    answer(res, 200, JSON.stringify(reply), { connection: 'close' }),
  ),
  'stale-keep-alive': accepting(
    'answers well, keeps the connection by its word, and ends it at once',
    (context) => {
      context.res.once('finish', () => context.socket.end());
      answerReply(context);
    },
  ),
  'stale-keep-alive-late': accepting(
    'answers well, and ends the idle connection after latencyMs',
    (context) => {
      afterAnswer(context, 10, () => context.socket.end());
    },
    { ownsLatency: true },
  ),
  'stale-keep-alive-rst': accepting(
    'answers well, and resets the idle connection after latencyMs',
    (context) => {
      afterAnswer(context, 5, context.reset);
    },
    { ownsLatency: true },
  ),
};

function answerReply({ res, reply }: FaultContext): void {
  answer(res, 200, JSON.stringify(reply));
}

// The timer is unreferenced: the answer has been sent, and a close that is still to come must not keep the process alive.
function afterAnswer(context: FaultContext, defaultMs: number, then: () => void): void {
  context.res.once('finish', () => {
    setTimeout(() => {
      if (!context.socket.destroyed) then();
    }, context.terms.latencyMs ?? defaultMs).unref();
  });
  answerReply(context);
}

function text({ reply }: FaultContext): string {
  return JSON.stringify(reply);
}

function half(body: string): string {
  return body.slice(0, Math.floor(body.length / 2));
}

function head(...more: string[]): string {
  return headOf('keep-alive', more);
}

/** For an answer written past Node's server, which would hold back every later answer on the connection: there is no later one. */
function lastHead(...more: string[]): string {
  return headOf('close', more);
}

function headOf(connection: string, more: readonly string[]): string {
  return ['HTTP/1.1 200 OK', `Content-Type: ${json}`, ...more, `Connection: ${connection}`, '', ''].join(
    '\r\n',
  );
}

function lengthHeader(context: FaultContext): string {
  return `Content-Length: ${Buffer.byteLength(text(context))}`;
}

function chunk(body: string): string {
  return `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
}

async function writeSlowly(context: FaultContext, bytes: string, then: () => void): Promise<void> {
  const pieces = 5;
  const size = Math.ceil(bytes.length / pieces);
  for (let at = 0; at < bytes.length; at += size) {
    if (!(await pause(context, (context.terms.latencyMs ?? 20) / pieces))) return;
    context.socket.write(bytes.slice(at, at + size));
  }
  then();
}

async function writeSlowlyForEver(context: FaultContext): Promise<void> {
  context.socket.write(head('Transfer-Encoding: chunked') + chunk('{"status":"success","message":['));
  while (await pause(context, context.terms.latencyMs ?? 5)) context.socket.write(chunk(' '));
}

async function writeForEver({ res, socket }: Connection): Promise<void> {
  const spaces = Buffer.alloc(64 * 1024, ' ');
  res.writeHead(200, { 'content-type': json });
  res.write('{"status":"success","message":[');
  while (!socket.destroyed) if (!res.write(spaces)) await writable(res);
}
