// What an answer is sent as, settled by the `Accept` header before anything is carried out: what has been carried out must be
// answered. JSON in two names, for every answer; one event or one part of JSON for who takes nothing else.

import { memoize } from '../foundation/memo.ts';

const json = 'application/json';
const graphqlJson = 'application/graphql-response+json';
/** Only by these names: a wildcard that stands for them comes from a client that expects something else. */
const streams = ['text/event-stream', 'multipart/mixed'] as const;

/** Of equal rank, `application/json` is what clients of any age read. */
export const jsonTypes = [json, graphqlJson] as const;

export type JsonType = (typeof jsonTypes)[number];
export type AnswerType = JsonType | (typeof streams)[number];

export interface MediaRange {
  /** In lower case; `*` stands as what it is meant for. */
  type: string;
  /** From 0, not at all, to 1. NaN where it is no number, which is less than none. */
  quality: number;
  /** In lower case, without quotes. */
  charset: string | undefined;
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

/** What a refusal is sent as, whoever it is for. */
export function refusalTypeOf(accept: string | undefined): JsonType {
  return answerTypeOf(accept) === graphqlJson ? graphqlJson : json;
}

/** By the most specific range that covers a type: `application/json;q=0, *\/*` is anything but that. */
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
    // Java's own client sends it so.
    type: name === '*' ? '*/*' : name,
    quality: quality === undefined ? 1 : Number.parseFloat(quality),
    charset: read('charset')?.replaceAll('"', ''),
  };
}
