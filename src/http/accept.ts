// The media type of an answer, by the `Accept` header. It is chosen before anything is carried out, since what was carried out must
// be answered. Every answer can be JSON, under two names; a client that takes nothing else gets one event or one part.

import { memoize } from '../foundation/memo.ts';

const json = 'application/json';
const graphqlJson = 'application/graphql-response+json';
/** Only if they are named. A client that sends a wildcard expects something else. */
const streams = ['text/event-stream', 'multipart/mixed'] as const;

/** If both rank equally it is `application/json`, which old clients read too. */
export const jsonTypes = [json, graphqlJson] as const;

export type JsonType = (typeof jsonTypes)[number];
export type StreamType = (typeof streams)[number];
export type AnswerType = JsonType | StreamType;

export interface MediaRange {
  /** In lower case. `*` becomes the full form. */
  type: string;
  /** From 0 (not accepted) to 1. NaN if it is not a number. */
  quality: number;
  /** In lower case, without quotes. */
  charset: string | undefined;
  /** Of Apollo's protocol for subscriptions, such as `1.0`. */
  subscriptionSpec: string | undefined;
}

/** Undefined: nothing that this server writes is accepted. An absent or empty header accepts everything. */
export function answerTypeOf(accept = ''): AnswerType | undefined {
  return answerTypeOfHeader(accept);
}

const answerTypeOfHeader = memoize(100, (accept: string): AnswerType | undefined => {
  const ranges = readAccept(accept);
  if (ranges.length === 0) return json;
  const [best] = jsonTypes
    .flatMap((type) => acceptanceOf(type, ranges) ?? [])
    .sort((one, other) => other.quality - one.quality || one.place - other.place);
  return (
    best?.type ?? streams.find((name) => ranges.some(({ type, quality }) => type === name && quality > 0))
  );
});

export function isJson(type: string | undefined): type is JsonType {
  return type === json || type === graphqlJson;
}

/**
 * What the events of a subscription are sent as: clients that name several take the first. Parts are Apollo's, for those who ask for
 * its protocol. Undefined: the client accepts no stream.
 */
export function streamTypeOf(accept = ''): StreamType | undefined {
  const isTaken = ({ type, quality, subscriptionSpec }: MediaRange) =>
    quality > 0 &&
    (type === 'text/event-stream' || (type === 'multipart/mixed' && subscriptionSpec === '1.0'));
  return readAccept(accept).find(isTaken)?.type as StreamType | undefined;
}

/** What a refusal is sent as, whoever it is for. */
export function refusalTypeOf(accept: string | undefined): JsonType {
  return answerTypeOf(accept) === graphqlJson ? graphqlJson : json;
}

/** By the most specific range that matches a type: `application/json;q=0, *\/*` accepts everything else. */
function acceptanceOf(type: JsonType, ranges: readonly MediaRange[]) {
  for (const name of [type, 'application/*', '*/*']) {
    const place = ranges.findIndex((range) => range.type === name && isUtf8(range));
    const range = ranges[place];
    if (range !== undefined) return range.quality > 0 ? { type, quality: range.quality, place } : undefined;
  }
  return undefined;
}

function isUtf8({ charset }: MediaRange): boolean {
  return charset === undefined || charset === 'utf-8' || charset === 'utf8';
}

/** The ranges of an `Accept` header in their order. */
export function readAccept(accept: string): MediaRange[] {
  return accept
    .split(',')
    .filter((range) => range.trim() !== '')
    .map(readMediaRange);
}

function readMediaRange(range: string): MediaRange {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const read = (parameter: string) =>
    parameters.find((text) => text.startsWith(`${parameter}=`))?.slice(parameter.length + 1);
  const quality = read('q');
  return {
    // Java's own HTTP client sends `*`.
    type: name === '*' ? '*/*' : name,
    quality: quality === undefined ? 1 : Number.parseFloat(quality),
    charset: read('charset')?.replaceAll('"', ''),
    subscriptionSpec: read('subscriptionspec')?.replaceAll('"', ''),
  };
}
