import { expect, it } from 'vitest';
import { ask, fetchTransport, LimitsDocument } from '../../client/src/index.ts';

it.each([
  ['an answer', () => new Promise<Response>(() => {})],
  ['the body of one', async () => new Response(new ReadableStream())],
])('what is aborted ends, though a fetch waits for %s for ever', async (_, fetch) => {
  const controller = new AbortController();
  const asked = ask(
    fetchTransport({ url: 'http://127.0.0.1', fetch }),
    LimitsDocument,
    {},
    controller.signal,
  );
  setImmediate(() => controller.abort(new Error('enough')));
  await expect(asked).rejects.toThrow('enough');
});
