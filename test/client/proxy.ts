// A way between a page and the service that can be held up, and cut.
// States: open → held (requests go through; from the one that was asked for on, no answer does) → cut (every connection is broken off,
// and no other is taken) → open. Each is entered by the method of its name.

import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface CuttingProxy {
  /** Of the GraphQL endpoint, through it. */
  url: string;
  /** Resolves when the n-th request from now on that has `text` in it has been answered. Nothing of any answer goes on from there. */
  held(text: string, n: number): Promise<void>;
  cut(): void;
  open(): void;
}

export async function startProxy(
  { url }: { url: string },
  onFinished: (end: () => void) => void = onTestFinished,
): Promise<CuttingProxy> {
  const { port } = new URL(url);
  const sockets = new Set<Socket>();
  let state: 'open' | 'held' | 'cut' = 'open';
  let left = 0;
  let looksFor = '';
  let hold = () => {};
  /** Pieces of answers that wait. */
  let waiting: (() => void)[] = [];

  const proxy = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    const server = connect(Number(port), '127.0.0.1');
    let isLookedFor = false;
    client.on('data', (data) => {
      if (looksFor !== '' && data.includes(looksFor) && --left === 0) isLookedFor = true;
      server.write(data);
    });
    server.on('data', (data) => {
      if (isLookedFor) {
        isLookedFor = false;
        looksFor = '';
        state = 'held';
        hold();
      }
      if (state === 'held') waiting.push(() => client.write(data));
      else client.write(data);
    });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          server.destroy();
        });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const destroy = () => {
    for (const socket of sockets) socket.destroy();
  };
  onFinished(() => {
    proxy.close();
    destroy();
  });

  return {
    url: `http://127.0.0.1:${(proxy.address() as { port: number }).port}/graphql`,
    held: (text, n) =>
      new Promise((resolve) => {
        looksFor = text;
        left = n;
        hold = resolve;
      }),
    cut() {
      state = 'cut';
      waiting = [];
      destroy();
    },
    open() {
      state = 'open';
      for (const go of waiting) go();
      waiting = [];
    },
  };
}
