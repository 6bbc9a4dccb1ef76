// Answers with thousands of results, written a slice at a time where yoga would make one text of them.

import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isLong } from '../foundation/json-stream.ts';
import { isJson } from './accept.ts';
import { type AnswerTimeouts, writeInTime } from './answer-timeouts.ts';

/** Has yoga say how it would answer, and writes the data itself. */
export function useLongAnswers(timeouts: AnswerTimeouts): Plugin {
  const held = new WeakMap<Request, ExecutionResult>();
  return {
    onResultProcess({ request, result, setResult }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      // An event and a part are a form of their own, which yoga writes in one go.
      if (!isJson(request.headers.get('accept') ?? undefined) || !isLong(result.data)) return;
      held.set(request, result);
      setResult({ data: null });
    },
    onResponse({ request, response, serverContext, fetchAPI, setResponse }) {
      const result = held.get(request);
      if (result === undefined) return;
      const headers = new fetchAPI.Headers(response.headers);
      headers.delete('content-length');
      const { res } = serverContext as unknown as { res: ServerResponse };
      // yoga's own Response takes Node's streams, and saves the detour over the web's.
      const body = Readable.from(writeInTime(result, res, timeouts)) as unknown as BodyInit;
      setResponse(new fetchAPI.Response(body, { status: response.status, headers }));
    },
  };
}
