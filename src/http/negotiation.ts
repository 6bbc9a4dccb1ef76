// Content negotiation: a POST is JSON, and an answer is of the one type that is settled before anything is carried out.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerTypeOf, jsonTypes, type StreamType, streamTypeOf } from './accept.ts';
import { Refusal } from './refusal.ts';

const json = /^application\/json\s*(;\s*charset=(utf-?8|"utf-?8")\s*)?$/i;

const notJson = new Refusal(
  415,
  'UNSUPPORTED_MEDIA_TYPE',
  'A POST takes JSON: send it with content-type: application/json, in UTF-8 and not compressed.',
);

const notAcceptable = new Refusal(
  406,
  'NOT_ACCEPTABLE',
  `Answers are ${jsonTypes.join(' or ')}: send one of them in the accept header, or no such header. Nothing was carried out.`,
);

/** Throws a Refusal. */
export function checkContentType({ method, headers }: IncomingMessage, res: ServerResponse): void {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  if (method !== 'POST' || (encoding.toLowerCase() === 'identity' && json.test(type ?? ''))) return;
  res.setHeader('accept', 'application/json');
  throw notJson;
}

/**
 * Leaves the request with the one type that its answer is going to have, or throws a Refusal. Returns what events are sent as, if
 * it is a subscription.
 */
export function settleAnswerType({ headers }: IncomingMessage): StreamType | undefined {
  const { accept } = headers;
  const type = answerTypeOf(accept);
  if (type === undefined) throw notAcceptable;
  headers.accept = type;
  return streamTypeOf(accept);
}
