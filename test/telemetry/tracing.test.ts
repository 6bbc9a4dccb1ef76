// Traces, as a collector on a real socket receives them.

import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { ScheduleDocument } from '../gql/graphql.ts';
import { lead, now, startStack } from '../harness.ts';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: Record<string, unknown> }[];
  links?: { traceId: string; spanId: string }[];
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Keeps what comes, and answers as a collector does. */
async function startCollector() {
  const bodies: string[] = [];
  const paths: string[] = [];
  const url = await listen(
    createServer(async (req, res) => {
      let body = '';
      for await (const piece of req) body += piece;
      bodies.push(body);
      paths.push(req.url ?? '');
      res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    }),
  );
  const spans = () =>
    bodies.flatMap((body) =>
      (JSON.parse(body).resourceSpans as { scopeSpans: { spans: Span[] }[] }[]).flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  return { url, bodies, paths, spans };
}

/** Passes everything on to the sandbox, and keeps the heads. */
async function startRelay(to: string) {
  const traceparents: (string | undefined)[] = [];
  const url = await listen(
    createServer((req, res) => {
      const { method, headers } = req;
      traceparents.push(headers.traceparent as string | undefined);
      const passed = request(new URL(req.url ?? '', to), { method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(res);
      });
      req.pipe(passed);
    }),
  );
  return { url, traceparents };
}

async function scheduleTwice(env: Record<string, string>) {
  const sandbox = await createSandbox({ now: () => now });
  onTestFinished(() => sandbox.close());
  const relay = await startRelay(sandbox.url);
  const { apiKey } = sandbox.account;
  const { url, shutDown } = await startStack({
    env: { COALESCE_WINDOW_MS: '200', ...env },
    dialer: { ...sandbox, url: relay.url },
  });
  const post = async (n: number, traceparent: string) => {
    const variables = { input: { campaignName: 'Sales_Demo', records: [lead(n)] } };
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': `id-${n}`, traceparent },
      body: JSON.stringify({ query: ScheduleDocument.toString(), variables }),
    });
    expect(await response.json()).toMatchObject({ data: { scheduleCampaignData: { status: 'SCHEDULED' } } });
  };
  // Behind the request of a lone one, the others wait for each other.
  await post(9, '00-00000000000000000000000000000009-00000000000000a9-01');
  await Promise.all([0, 1].map((n) => post(n, `00-${traceIds[n]}-00000000000000a${n}-01`)));
  // What is left is sent before the service ends.
  await shutDown();
  return { relay, apiKey };
}

const traceIds = ['0af7651916cd43dd8448eb211c80319c', '1bf7651916cd43dd8448eb211c80319c'];

it('go from the caller’s through the pass to the dialer, and name nobody', async () => {
  const collector = await startCollector();
  const { relay, apiKey } = await scheduleTwice({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/` });

  const spans = collector.spans().filter(({ traceId }) => traceIds.includes(traceId));
  expect(new Set(collector.paths)).toEqual(new Set(['/v1/traces']));
  const named = (name: string) => spans.filter((span) => span.name === name);
  expect(spans).toHaveLength(5);
  const requests = named('GraphQL request').toSorted((one, other) => (one.traceId < other.traceId ? -1 : 1));
  expect(requests.map(({ traceId, parentSpanId }) => [traceId, parentSpanId])).toEqual([
    [traceIds[0], '00000000000000a0'],
    [traceIds[1], '00000000000000a1'],
  ]);
  const passes = requests.map(({ traceId, spanId }) => {
    const pass = named('scheduling pass').find((span) => span.traceId === traceId);
    expect(pass?.parentSpanId).toBe(spanId);
    return pass as Span;
  });

  // One request for both: it is a part of one trace, and linked to the other.
  const [upstream] = named('dialer schedule') as [Span];
  const own = passes.find(({ spanId }) => spanId === upstream.parentSpanId);
  const other = passes.find((pass) => pass !== own);
  expect(upstream.traceId).toBe(own?.traceId);
  expect(upstream.links).toMatchObject([{ traceId: other?.traceId, spanId: other?.spanId }]);
  expect(relay.traceparents.slice(1)).toEqual([`00-${upstream.traceId}-${upstream.spanId}-01`]);

  const attributes = ({ attributes: list }: Span) =>
    Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
  expect(attributes(requests[0] as Span)).toMatchObject({
    'dialgraph.request_id': 'id-0',
    'graphql.operation.name': 'Schedule',
    'http.response.status_code': 200,
  });
  expect(attributes(passes[0] as Span)).toEqual({
    'dialgraph.campaign': 'Sales_Demo',
    'dialgraph.status': 'SCHEDULED',
    'dialgraph.records.ScheduledRecord': 1,
  });
  expect(attributes(upstream)).toEqual({
    'dialgraph.result': 'answered',
    'dialgraph.rows': 2,
    'dialgraph.attempt': 1,
    'http.response.status_code': 200,
  });
  const all = collector.bodies.join('\n');
  expect(all).toContain('"service.name"');
  expect(all).not.toContain(apiKey);
  expect(all).not.toMatch(/9810000000|9810000001/);
});

it('are sent to the address for traces alone, where one is set', async () => {
  const collector = await startCollector();
  await scheduleTwice({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/elsewhere` });
  expect(new Set(collector.paths)).toEqual(new Set(['/elsewhere']));
  expect(collector.spans()).toHaveLength(8);
});

it('are none, and nothing is passed on, where no collector is set', async () => {
  const { relay } = await scheduleTwice({});
  expect(relay.traceparents).toEqual([undefined, undefined]);
});

it('hold nobody up where the collector is down', async () => {
  const { relay } = await scheduleTwice({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
  expect(relay.traceparents).toHaveLength(2);
});
