// How long the command waits for a server that does not answer, and what it never makes one file of.

import { open, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createServerClient, GivenUp, type Patience } from '../../src/terminal/server-client.ts';
import { uploadsFolder } from '../imports/importing.ts';

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

it('does not go on behind what somebody else sends meanwhile', async () => {
  const path = uploadsFolder();
  const size = 9 * 1024 * 1024;
  await writeFile(path, Buffer.alloc(size));
  const file = await open(path);
  onTestFinished(() => file.close());
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.method ?? '');
    const parts = asked.filter((method) => method === 'PATCH').length;
    // After the first part, another upload has begun.
    res.statusCode = parts > 1 && req.method === 'PATCH' ? 409 : 200;
    res.setHeader('upload-offset', parts > 1 ? 5 : 0);
    req.resume().on('end', () => res.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { client } = clientOf(port, { neverReachedMs: 1e9, reachedMs: 1e9 });
  await expect(client.upload('imports/x/file', file, size, () => {})).rejects.toThrow('other bytes');
  expect(asked).toEqual(['POST', 'HEAD', 'PATCH', 'PATCH', 'HEAD']);
});
