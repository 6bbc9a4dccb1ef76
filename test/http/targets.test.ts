// Requests whose target is a whole address, as RFC 9112 has every server accept them, and what else fetch does not send.

import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Metrics } from '../../src/telemetry/metrics.ts';
import { createMonitoring } from '../../src/telemetry/monitoring.ts';
import type { Readiness } from '../../src/telemetry/readiness.ts';
import { startStack } from '../harness.ts';

const body = '{"query":"{ __typename }"}';
const json = `content-type: application/json\r\ncontent-length: ${body.length}`;

/** The answer to a request that is sent as it is. */
async function raw(url: string, line: string, headers: string[], content = ''): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.write([line, ...headers, 'connection: close', '', content].join('\r\n'));
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

describe('a target that is a whole address', () => {
  const page = 'accept: text/html';
  it.each([
    ['POST http://localhost/graphql', [json], body, 200, '"__typename":"Query"'],
    ['POST HTTP://LocalHost:4000/graphql?x=y', [json], body, 200, '"__typename":"Query"'],
    ['POST https://127.0.0.1/graphql', [json], body, 200, '"__typename":"Query"'],
    ['GET http://localhost/graphql?query={__typename}', [], '', 200, '"__typename":"Query"'],
    ['GET http://localhost/graphql', [page], '', 200, '<!doctype html>'],
    ['GET http://localhost', [page], '', 302, 'location: /graphql'],
    ['GET http://localhost?query=x', [page], '', 302, 'location: /graphql?query=x'],
    ['GET http://localhost/healthz', [], '', 200, ''],
    ['GET http://localhost/readyz', [], '', '(200|503)', 'store: '],
    ['GET http://localhost/schema.graphql', [], '', 200, 'type Mutation'],
    ['GET http://localhost/imports/nothing/results.csv', [], '', 404, 'There is no such import'],
    ['GET http://localhost/nowhere', [], '', 404, 'GraphQL is at /graphql'],
    ['POST http://', [json], body, 404, 'GraphQL is at /graphql'],
  ] as const)('is answered as its path: %s', async (target, headers, content, status, text) => {
    const { url } = await startStack();
    const answer = await raw(url, `${target} HTTP/1.1`, ['host: localhost', ...headers], content);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain(text.toLowerCase());
  });

  it('is answered so on the port for those who run the service', async () => {
    const metrics = { expose: async () => 'all of them', contentType: 'text/plain' } as Metrics;
    const server = createMonitoring(metrics, {} as Readiness).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const [path, text] of [
      ['metrics', 'all of them'],
      ['healthz', '200 OK'],
    ] as const)
      expect(await raw(url, `GET http://localhost/${path} HTTP/1.1`, ['host: localhost'])).toContain(text);
  });

  it('is checked by its own host, whatever the header says', async () => {
    const { url } = await startStack();
    const ask = (host: string, header: string) =>
      raw(url, `POST http://${host}/graphql HTTP/1.1`, [`host: ${header}`, json], body);
    expect(await ask('evil.example', 'localhost')).toContain('HOST_NOT_ALLOWED');
    expect(await ask('localhost', 'evil.example')).toMatch(/^HTTP\/1.1 200 /);
    expect(await raw(url, 'POST http://localhost/graphql HTTP/1.1', [json], body)).toContain(
      'A request needs a host header.',
    );
  });
});

describe('a body that is as it has to be', () => {
  it.each([
    'application/json; charset=UTF8',
    'application/json;charset="utf-8"',
    'application/json; charset="UTF8"',
    'Application/JSON; Charset=Utf-8',
  ])('is taken as %s', async (type) => {
    const { url } = await startStack();
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(200);
  });

  it.each([
    ['identity', 200],
    ['Identity', 200],
    ['gzip', 415],
    ['identity, gzip', 415],
  ])('is taken with content-encoding %s: %i', async (encoding, status) => {
    const { url } = await startStack();
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(status);
  });

  it.each(['latin1', '"utf-8', 'utf-16', 'utf--8'])('is not taken with charset %s', async (charset) => {
    const { url } = await startStack();
    const headers = { 'content-type': `application/json; charset=${charset}` };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(415);
  });
});
