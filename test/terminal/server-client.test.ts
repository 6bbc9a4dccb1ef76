// How long the command waits for a server that does not answer.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createServerClient, GivenUp, type Patience } from '../../src/terminal/server-client.ts';

function clientOf(port: number, patience: Patience) {
  const waits: string[] = [];
  const { signal } = new AbortController();
  const url = `http://127.0.0.1:${port}/graphql`;
  const onWait = (reason: string) => void waits.push(reason);
  return { client: createServerClient({ url, key: undefined, signal, onWait, patience }), waits };
}

/** Answers as often, and is away then. */
async function startServer(answers: number): Promise<number> {
  let left = answers;
  const server = createServer((req, res) => {
    if (left-- <= 0) return void req.socket.destroy();
    res.setHeader('content-type', 'application/json').end('{"data":{}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('gives up a server that was never reached', async () => {
  const { client, waits } = clientOf(1, { neverReachedMs: 600, reachedMs: 1e9 });
  await expect(client.ask('{ limits }', {})).rejects.toThrow(GivenUp);
  expect(waits.length).toBeGreaterThan(0);
});

it('waits longer for one that was reached, and not for ever', async () => {
  const { client, waits } = clientOf(await startServer(1), { neverReachedMs: 0, reachedMs: 600 });
  await client.ask('{ limits }', {});
  await expect(client.ask('{ limits }', {})).rejects.toThrow(/cannot be reached .*: given up after 1 s/);
  expect(waits.length).toBeGreaterThan(0);
});
