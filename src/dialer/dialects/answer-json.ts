// The JSON of an answer's body, for everything that the upstream is asked. PHP prints its warnings, and files their byte
// order marks and blank lines, before what a script answers. What stands before the JSON is passed over by one rule: the JSON
// begins where the first list or object opens that is not of numbers alone, and everything from there on must be that one list
// or object. So two of them, or one that was cut and another, are not readable, and a body is looked through once.

import { parseJson } from '../../foundation/json-stream.ts';

/** Of a long text: nothing that is meant is deeper, and reading it would hold up everybody else. */
const maxDepth = 256;

export interface AnswerJson {
  /** Undefined where the body has no JSON that can be told. */
  json: unknown;
  /** What stands before the JSON; empty where nothing does, or the body has no JSON. */
  noise: string;
}

export function parseAnswer(body: string): AnswerJson {
  const text = body.trim();
  const json = parsed(text);
  if (json !== undefined) return { json, noise: '' };
  const { noise, rest } = splitNoise(text);
  return withNoise(parsed(rest), noise);
}

/** As `parseAnswer`, a slice at a time. */
export async function parseLongAnswer(body: string): Promise<AnswerJson> {
  const text = body.trim();
  try {
    return { json: await parseJson(text, { maxDepth }), noise: '' };
  } catch {
    const { noise, rest } = splitNoise(text);
    return withNoise(await parseJson(rest, { maxDepth }).catch(() => undefined), noise);
  }
}

function withNoise(json: unknown, noise: string): AnswerJson {
  return { json, noise: json === undefined ? '' : noise };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Where JSON's lists and objects open: those of words, lists and objects, whatever numbers come first. Warnings have brackets
 * of their own, `[8]`, `{main}`, `$row["name"]`, and numbers alone say nothing of a record.
 */
const opening = /\{\s*["[{\]}]|(?<![\w\]])\[\s*(?:(?:[-+.\deE]+|true|false|null)\s*,\s*)*["[{\]}]/;

/** Characters. A warning for every row of a request makes 30,000. */
const maxNoise = 256 * 1024;

/** A script that may have come to another end than the one which its JSON tells of. */
const failing = /(?:fatal|parse) error|uncaught/i;

/** `rest` begins at the first opening; it is empty where nothing does, or where what stands before it leaves a doubt. */
function splitNoise(text: string): { noise: string; rest: string } {
  const at = text.slice(0, maxNoise).search(opening);
  const noise = text.slice(0, Math.max(0, at));
  const isReadable = at > 0 && !failing.test(noise) && !leavesOpen(noise);
  return { noise, rest: isReadable ? text.slice(at) : '' };
}

/** Whether a bracket stands open at its end, of a list or an object that was cut. */
function leavesOpen(noise: string): boolean {
  let depth = 0;
  for (const [bracket] of noise.matchAll(/[[\]{}]/g))
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
  return depth > 0;
}
