// The answers of a subscription, one after the other on one connection: as server-sent events, which urql and graphql-sse read, or as
// parts of Apollo's multipart protocol, which Apollo Client and its helper for Relay read.
// https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverSSE.md
// https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol

import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { StreamType } from './accept.ts';
import type { Exchange } from './exchange.ts';

/** Proxies and phones close connections on which nothing comes, most of them after half a minute at the soonest. */
const heartbeatMs = 10_000;

/** How a stream's pieces are written. */
interface Form {
  contentType: string;
  event(result: ExecutionResult): string;
  heartbeat: string;
  end: string;
}

const part = (value: object) => `content-type: application/json\r\n\r\n${JSON.stringify(value)}\r\n--graphql`;

const forms: Record<StreamType, Form> = {
  'text/event-stream': {
    contentType: 'text/event-stream; charset=utf-8',
    event: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
    heartbeat: ':\n\n',
    end: 'event: complete\ndata:\n\n',
  },
  'multipart/mixed': {
    contentType: 'multipart/mixed; boundary=graphql; subscriptionSpec=1.0',
    // A part is whole for a client when the next boundary is there.
    event: (result) => `\r\n${part({ payload: result })}`,
    heartbeat: `\r\n${part({})}`,
    end: '--\r\n',
  },
};

const notAcceptable = new GraphQLError(
  'A subscription is answered with text/event-stream or multipart/mixed;subscriptionSpec=1.0: name one of them in the accept header.',
  { extensions: { code: 'NOT_ACCEPTABLE', http: { spec: false, status: 406 } } },
);

/** Answers subscriptions. A client that takes no stream is told so, and nothing is subscribed to. */
export function useEventStreams(): Plugin<object, { exchange: Exchange }> {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { exchange } = args.contextValue as unknown as { exchange: Exchange };
      if (exchange.streamType === undefined) setResultAndStopExecution({ errors: [notAcceptable] });
    },
    onResultProcess({ result, serverContext: { exchange }, setResultProcessor }) {
      const { streamType } = exchange;
      if (Array.isArray(result) || !(Symbol.asyncIterator in result) || streamType === undefined) return;
      const form = forms[streamType];
      setResultProcessor((_, fetchAPI) => {
        const body = Readable.from(writeEvents(result, form));
        return new fetchAPI.Response(body as unknown as BodyInit, {
          headers: {
            'content-type': form.contentType,
            'cache-control': 'no-store',
            'x-accel-buffering': 'no',
          },
        });
      }, form.contentType);
    },
  };
}

async function* writeEvents(results: AsyncIterable<ExecutionResult>, form: Form): AsyncGenerator<string> {
  const iterator = results[Symbol.asyncIterator]();
  try {
    if (form === forms['multipart/mixed']) yield '--graphql';
    let next = iterator.next();
    for (;;) {
      const heartbeat = new AbortController();
      const beat = sleep(heartbeatMs, null, { signal: heartbeat.signal, ref: false }).catch(() => null);
      const result = await Promise.race([next, beat]).finally(() => heartbeat.abort());
      if (result === null) yield form.heartbeat;
      else if (result.done) return yield form.end;
      else {
        yield form.event(result.value);
        next = iterator.next();
      }
    }
  } finally {
    // The client may have gone: whatever makes the results stops.
    await iterator.return?.();
  }
}
