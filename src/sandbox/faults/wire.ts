// Faults of how an answer is sent: slow, cut, too long, labelled wrongly, or followed by a close without notice.
// What Node's HTTP server would not send is written to the socket directly.

import {
  accepting,
  answer,
  type Connection,
  html,
  htmlPage,
  json,
  pause,
  type Scene,
  twins,
} from './fault.ts';

export const wire = {
  latency: accepting(
    'answers well, late',
    async (scene) => {
      if (await pause(scene, scene.terms.latencyMs ?? 20)) answerWell(scene);
    },
    { ownsLatency: true },
  ),
  'slow-head': accepting(
    'drips the answer’s head over latencyMs',
    (scene) => drip(scene, lastHead(lengthHeader(scene)), () => scene.socket.end(text(scene))),
    { ownsLatency: true },
  ),
  'slow-body': accepting(
    'drips the answer’s body over latencyMs',
    (scene) => {
      scene.socket.write(lastHead(lengthHeader(scene)));
      return drip(scene, text(scene), () => scene.socket.end());
    },
    { ownsLatency: true },
  ),
  ...twins('slow-body-endless', 'drips the answer’s body for ever', dripForEver, { ownsLatency: true }),
  ...twins('huge-body', 'answers JSON white space without end, as fast as it is read', pourForEver),

  ...twins('truncated-json', 'cuts the JSON in its middle, under a length that fits', ({ res, reply }) =>
    answer(res, 200, half(JSON.stringify(reply))),
  ),
  ...twins('truncated-length', 'promises more bytes than it sends, then ends', (scene) =>
    scene.socket.end(head(lengthHeader(scene)) + half(text(scene))),
  ),
  ...twins('truncated-chunked', 'ends without the last chunk', (scene) =>
    scene.socket.end(head('Transfer-Encoding: chunked') + chunk(half(text(scene)))),
  ),
  ...twins('reset-in-body', 'resets the connection in the middle of the body', async (scene) => {
    scene.socket.write(head(lengthHeader(scene)) + half(text(scene)));
    if (await pause(scene, 2)) scene.reset();
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
  'interim-response': accepting('answers well after an HTTP 102', (scene) => {
    scene.res.writeProcessing();
    answerWell(scene);
  }),
  'http-1.0': accepting('an HTTP/1.0 answer without a length, ended by the close', (scene) =>
    scene.socket.end(`HTTP/1.0 200 OK\r\nContent-Type: ${json}\r\n\r\n${text(scene)}`),
  ),
  'connection-close': accepting('answers well and says that it closes', ({ res, reply }) =>
    answer(res, 200, JSON.stringify(reply), { connection: 'close' }),
  ),
  'stale-keep-alive': accepting(
    'answers well, keeps the connection by its word, and ends it at once',
    (scene) => {
      scene.res.once('finish', () => scene.socket.end());
      answerWell(scene);
    },
  ),
  'stale-keep-alive-late': accepting(
    'answers well, and ends the idle connection after latencyMs',
    (scene) => {
      afterAnswer(scene, 10, () => scene.socket.end());
    },
    { ownsLatency: true },
  ),
  'stale-keep-alive-rst': accepting(
    'answers well, and resets the idle connection after latencyMs',
    (scene) => {
      afterAnswer(scene, 5, scene.reset);
    },
    { ownsLatency: true },
  ),
};

function answerWell({ res, reply }: Scene): void {
  answer(res, 200, JSON.stringify(reply));
}

// The timer is unreferenced: the answer has been sent, and a close that is still to come must not keep the process alive.
function afterAnswer(scene: Scene, defaultMs: number, then: () => void): void {
  scene.res.once('finish', () => {
    setTimeout(() => {
      if (!scene.socket.destroyed) then();
    }, scene.terms.latencyMs ?? defaultMs).unref();
  });
  answerWell(scene);
}

function text({ reply }: Scene): string {
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

function lengthHeader(scene: Scene): string {
  return `Content-Length: ${Buffer.byteLength(text(scene))}`;
}

function chunk(body: string): string {
  return `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
}

async function drip(scene: Scene, bytes: string, then: () => void): Promise<void> {
  const drops = 5;
  const size = Math.ceil(bytes.length / drops);
  for (let at = 0; at < bytes.length; at += size) {
    if (!(await pause(scene, (scene.terms.latencyMs ?? 20) / drops))) return;
    scene.socket.write(bytes.slice(at, at + size));
  }
  then();
}

async function dripForEver(scene: Scene): Promise<void> {
  scene.socket.write(head('Transfer-Encoding: chunked') + chunk('{"status":"success","message":['));
  while (await pause(scene, scene.terms.latencyMs ?? 5)) scene.socket.write(chunk(' '));
}

async function pourForEver({ res, socket }: Connection): Promise<void> {
  const spaces = Buffer.alloc(64 * 1024, ' ');
  res.writeHead(200, { 'content-type': json });
  res.write('{"status":"success","message":[');
  while (!socket.destroyed)
    if (!res.write(spaces))
      await new Promise<void>((resolve) => {
        const go = () => {
          res.off('drain', go);
          res.off('close', go);
          resolve();
        };
        res.once('drain', go);
        res.once('close', go);
      });
}
