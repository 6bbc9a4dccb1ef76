// watchImport of @dialgraph/client: an import's changes, as they happen where a stream can be had, and asked for where it cannot.

import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type Endpoint,
  fetchTransport,
  findImport,
  type Import,
  pauseImport,
  resumeImport,
  type Transport,
  watchImport,
} from '../../client/src/index.ts';
import { hashOf } from '../../src/auth/callers.ts';
import { CancelImportDocument } from '../gql/graphql.ts';
import type { Stack } from '../harness.ts';
import { csvOf, started, startImportStack, upload } from '../imports/importing.ts';

const file = csvOf(20);

/** The client's fetch; `answer` replaces the answers of subscriptions. */
function streaming({ url }: Stack, answer: (go: () => Promise<Response>, n: number) => Promise<Response>) {
  const seen = { streams: 0, polls: 0 };
  const send: typeof fetch = (input, init) => {
    const go = () => fetch(input, init);
    if (String(init?.body).includes('query Import(')) seen.polls++;
    return String(init?.body).includes('subscription') ? answer(go, ++seen.streams) : go();
  };
  return { transport: fetchTransport({ url, fetch: send }), seen };
}

/** The beginning of an answer: so many of its pieces, and then nothing more. */
function cut({ body, headers }: Response, pieces: number): Response {
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  let left = pieces;
  const rest = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value } = left-- > 0 ? await reader.read() : { value: undefined };
      if (value !== undefined) return controller.enqueue(value);
      await reader.cancel();
      controller.error(new TypeError('network error'));
    },
    cancel: () => reader.cancel(),
  });
  return new Response(rest, { headers });
}

/** Watches an import from before its file came until it has ended. */
async function watchWhole(stack: Stack, transport: Transport): Promise<Import[]> {
  const { id } = await started(stack, file);
  const states: Import[] = [];
  const ended = await watchImport(transport, id, (state) => {
    states.push(state);
    if (states.length === 1) void upload(stack, id, file);
  });
  expect(states.at(-1)).toBe(ended);
  expect(ended).toMatchObject({ state: 'FINISHED', counts: { scheduled: 20 } });
  const versions = states.map(({ version }) => version);
  expect(versions).toEqual([...new Set(versions)].sort((one, other) => one - other));
  expect(states[0]?.state).toBe('AWAITING_FILE');
  return states;
}

describe('watchImport', () => {
  it('tells the state at once and each change, and ends with the import', async () => {
    const stack = await startImportStack();
    const { transport, seen } = streaming(stack, (go) => go());
    await watchWhole(stack, transport);
    expect(seen).toEqual({ streams: 1, polls: 0 });
  });

  it('subscribes again where the stream breaks off, and tells nothing twice', async () => {
    const stack = await startImportStack();
    const { transport, seen } = streaming(stack, async (go, n) => {
      if (n === 1) return cut(await go(), 1);
      if (n === 2) throw new TypeError('network error');
      if (n === 3) return new Response('<html>502</html>', { status: 502 });
      return go();
    });
    await watchWhole(stack, transport);
    expect(seen).toEqual({ streams: 4, polls: 0 });
  });

  it.each<[string, (go: () => Promise<Response>) => Promise<Response>]>([
    ['a proxy that takes the header away', (go) => go().then(() => new Response('', { status: 406 }))],
    [
      'a server that knows none',
      async () =>
        Response.json(
          { errors: [{ message: 'Cannot query field "importProgress" on type "Subscription".' }] },
          { status: 400 },
        ),
    ],
    ['something that answers with a page', async () => Response.json({ data: { importProgress: null } })],
  ])('asks again and again behind %s', async (_, answer) => {
    const stack = await startImportStack();
    const { transport, seen } = streaming(stack, answer);
    const { id } = await started(stack, file);
    await stack.send(CancelImportDocument, { id });
    const states: string[] = [];
    await watchImport(transport, id, ({ state }) => void states.push(state));
    expect(states).toEqual(['CANCELED']);
    expect(seen).toEqual({ streams: 1, polls: 1 });
  });

  it('asks again and again over a client that has no endpoint, as often as the server says', async () => {
    const stack = await startImportStack();
    const { id } = await started(stack, file);
    await stack.send(CancelImportDocument, { id });
    const last = await findImport(fetchTransport(stack), id);
    const answers = [
      { ...last, version: 1, state: 'CHECKING', pollAfterSeconds: 0 },
      { ...last, version: 1, state: 'CHECKING', pollAfterSeconds: 0 },
      { ...last, version: 2, state: 'RESTING_A_WHILE', pollAfterSeconds: 0 },
      { ...last, version: 3, state: 'ENDED_OTHERWISE', pollAfterSeconds: null },
    ];
    const states: string[] = [];
    const transport: Transport = async () => ({ data: { import: answers.shift() } });
    // In states of a newer server, too.
    await watchImport(transport, id, ({ state }) => void states.push(state));
    expect(states).toEqual(['CHECKING', 'RESTING_A_WHILE', 'ENDED_OTHERWISE']);
  });

  it('does not wait for a stream that is held back, or that has fallen silent', async () => {
    const stack = await startImportStack();
    const { id } = await started(stack, file);
    await stack.send(CancelImportDocument, { id });
    const last = await findImport(fetchTransport(stack), id);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const event = (state: object) =>
      new TextEncoder().encode(
        `event: next\ndata: ${JSON.stringify({ data: { importProgress: state } })}\n\n`,
      );
    const silentAfter = (...pieces: Uint8Array[]) =>
      new Response(
        new ReadableStream({
          start(controller) {
            for (const piece of pieces) controller.enqueue(piece);
          },
        }),
        { headers: { 'content-type': 'text/event-stream' } },
      );
    const answers = [
      silentAfter(event({ ...last, version: 1, state: 'CHECKING', pollAfterSeconds: 1 })),
      silentAfter(),
      Response.json({ data: { import: last } }),
    ];
    const endpoint: Endpoint = { url: stack.url, fetch: async () => answers.shift() as Response };
    const states: string[] = [];
    const watched = watchImport(fetchTransport(endpoint), id, ({ state }) => void states.push(state));
    await vi.waitFor(() => expect(states).toEqual(['CHECKING']), { timeout: 60_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    await watched;
    expect(states).toEqual(['CHECKING', 'CANCELED']);
    expect(answers).toEqual([]);
  });

  it('stops when it is told to, and leaves the import alone', async () => {
    const stack = await startImportStack();
    const { id } = await started(stack, file);
    const stop = new AbortController();
    const watched = watchImport(fetchTransport(stack), id, () => stop.abort(new Error('unmounted')), {
      signal: stop.signal,
    });
    await expect(watched).rejects.toThrow('unmounted');
    expect(await findImport(fetchTransport(stack), id)).toMatchObject({ state: 'AWAITING_FILE' });
  });

  it('throws what is wrong, typed', async () => {
    const keys = [{ name: 'web', hash: hashOf('dg_web'), scopes: ['read'] }];
    const stack = await startImportStack({ env: { AUTH: JSON.stringify({ keys }) } });
    const watch = (token: string, options = {}) => {
      const headers = () => ({ authorization: `Bearer ${token}` });
      return watchImport(fetchTransport({ url: stack.url, headers }), 'nothing', () => {}, options);
    };
    await expect(watch('dg_web')).rejects.toMatchObject({ name: 'RequestRefusedError', kind: 'NOT_FOUND' });
    await expect(watch('dg_old')).rejects.toMatchObject({ name: 'UnauthenticatedError' });
    let renewed = 0;
    const onUnauthenticated = () => void renewed++;
    await expect(watch('dg_old', { onUnauthenticated })).rejects.toMatchObject({
      name: 'UnauthenticatedError',
    });
    expect(renewed).toBe(1);
  });
});

describe('the mutations of an import', () => {
  it('resolve to the import, and reject with the kind of what refuses them', async () => {
    const stack = await startImportStack();
    const transport = fetchTransport(stack);
    const { id } = await started(stack, file, { start: 'AFTER_REVIEW' });
    await expect(pauseImport(transport, id)).rejects.toMatchObject({ kind: 'ImportStateConflictError' });
    await expect(resumeImport(transport, 'nothing')).rejects.toMatchObject({ kind: 'ImportNotFoundError' });
  });
});
