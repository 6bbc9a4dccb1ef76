// What can be shut before a dialer.

import { createServer, request as forward } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import type { onTestFinished } from 'vitest';

/** What stands before a dialer: while it is shut, connections are refused. What is on its way through it is answered first. */
export async function startDoor(dialerUrl: string, onFinished: typeof onTestFinished) {
  let isShut = false;
  const server = createServer((req, res) => {
    const { method, headers, url } = req;
    const through = forward(`${dialerUrl}${url}`, { method, headers, agent: false }, (answer) => {
      const connection = isShut ? 'close' : 'keep-alive';
      res.writeHead(answer.statusCode ?? 500, { ...answer.headers, connection });
      answer.pipe(res);
    });
    through.on('error', () => res.destroy());
    req.pipe(through);
  });
  const host = ownHost();
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, host, resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const shut = () => {
    isShut = true;
    // What is open answers once more: a connection that is closed while a request is written to it leaves that unknown.
    NetServer.prototype.close.call(server);
  };
  onFinished(() => {
    if (server.listening) server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://${host}:${port}`,
    shut,
    async open() {
      isShut = false;
      await listen(port);
    },
  };
}

/** An address of this machine that nobody else uses: while the door is shut its port is free, and another test's server may take it. */
function ownHost(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.${[254, 254, 254].map((most) => 1 + Math.floor(Math.random() * most)).join('.')}`;
}
