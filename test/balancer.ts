// A load balancer of the tests' own, as simple as one may be: it asks /readyz, takes turns, keeps connections, and tries another
// only where the first refused the connection, so that nothing had been sent. Whatever else fails, its client is told.

import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

interface Target {
  readonly port: number;
  ready: boolean;
  answers: number;
}

export interface Balancer {
  url: string;
  isReady(port: number): boolean;
  /** How many requests a port has answered. */
  answersOf(port: number): number;
}

const pollMs = 25;

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const targets = ports.map((port): Target => ({ port, ready: false, answers: 0 }));
  let turn = 0;

  const pass = async (req: IncomingMessage, res: ServerResponse) => {
    const body = await readAll(req);
    const ready = targets.filter((target) => target.ready);
    const first = turn++;
    for (const [n] of ready.entries()) {
      const target = ready[(first + n) % ready.length];
      if (target === undefined || !(await forward(target, req, body, res))) continue;
      target.answers++;
      return;
    }
    res.writeHead(503).end('no target is ready');
  };

  /** False where the connection was refused. */
  const forward = (
    target: Target,
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    res: ServerResponse,
  ) =>
    new Promise<boolean>((resolve) => {
      const { port } = target;
      const { connection: _, ...passed } = headers;
      const upstream = request({ agent, host: '127.0.0.1', port, method, path: url, headers: passed });
      upstream.once('response', (answer) => {
        res.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(res);
        res.once('close', () => resolve(true));
      });
      upstream.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') return resolve(false);
        res.writeHead(502).end(error.message);
        resolve(true);
      });
      upstream.end(body);
    });

  const server = createServer((req, res) => void pass(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let over = false;
  const polling = targets.map(async (target) => {
    for (; !over; await sleep(pollMs)) target.ready = await isReady(target.port);
  });
  onTestFinished(async () => {
    over = true;
    agent.destroy();
    server.closeAllConnections();
    server.close();
    await Promise.all(polling);
  });

  const targetOf = (port: number) => targets.find((target) => target.port === port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    isReady: (port) => targetOf(port)?.ready === true,
    answersOf: (port) => targetOf(port)?.answers ?? 0,
  };
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } });
    await response.text();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function readAll(req: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of req) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
