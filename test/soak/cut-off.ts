// A network between a replica and its database that goes away and comes back: bytes are taken and not delivered, and nobody
// is told, as where a cable is pulled. New connections are taken as well, and say nothing.

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface Network {
  /** As the database's own, by way of this network. */
  readonly url: string;
  /** From now on nothing is delivered, in either direction. */
  cutOff(): void;
  /** `late`: what was on its way is delivered now; else the connections of before are reset. */
  restore(late: boolean): void;
  close(): void;
}

export async function createNetwork(databaseUrl: string): Promise<Network> {
  const target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let isCut = false;

  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname);
    const pair = [client, database] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [database, client]] as const) {
      from.setNoDelay(true);
      from.on('data', (data) => to.write(data));
      from.on('error', () => {});
      from.on('end', () => to.end());
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
    if (isCut) for (const socket of pair) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    cutOff() {
      isCut = true;
      for (const socket of [...pairs].flat()) socket.pause();
    },
    restore(late) {
      isCut = false;
      for (const socket of [...pairs].flat()) {
        if (late) socket.resume();
        else socket.resetAndDestroy();
      }
    },
    close() {
      server.close();
      for (const socket of [...pairs].flat()) socket.destroy();
    },
  };
}
