// A subscription by plain fetch, as server-sent events: for Relay, graphql-request, or no client at all. Leaving the loop, or the
// signal, ends it. After a broken line subscribe again: the first answer has the whole state. Throws what `post` throws.

import { type Answer, RequestFailed } from './fetch.ts';

export async function* subscribe<Data>(
  url: string,
  token: string,
  body: object,
  signal?: AbortSignal,
): AsyncGenerator<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
  if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream'))
    throw new RequestFailed(response, (await response.json().catch(() => ({}))).errors);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = ''; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (rest + value).split('\n\n');
      rest = events.pop() ?? '';
      // Between the events a lone colon says that the line is alive.
      for (const event of events) {
        const text = /^event: next\ndata: (.*)$/.exec(event)?.[1];
        if (text === undefined) continue;
        const { data, errors }: Answer<Data> = JSON.parse(text);
        if (errors !== undefined || data === undefined) throw new RequestFailed(response, errors);
        yield data;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
