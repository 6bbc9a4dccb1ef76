// The JSON of an answer's body, for everything that the upstream is asked. PHP prints its warnings, and files their byte
// order marks and blank lines, before what a script answers. What stands before the JSON is passed over by one rule: the JSON
// begins where the first list or object opens, and everything from there on must be that one list or object. So two of them,
// or one that was cut and another, are not readable, and a body is looked through once.

import { parseJson } from '../../foundation/json-stream.ts';

/** Of a long text: nothing that is meant is deeper, and reading it would hold up everybody else. */
const maxDepth = 256;

/** Undefined where the body has no JSON that can be told. */
export function parseAnswer(body: string): unknown {
  const text = body.trim();
  const json = parsed(text);
  return json === undefined ? parsed(behindNoise(text)) : json;
}

/** As `parseAnswer`, a slice at a time. `isAlone`: nothing else stands in the body. */
export async function parseLongAnswer(body: string): Promise<{ json: unknown; isAlone: boolean }> {
  const text = body.trim();
  try {
    return { json: await parseJson(text, { maxDepth }), isAlone: true };
  } catch {
    const json = await parseJson(behindNoise(text), { maxDepth }).catch(() => undefined);
    return { json, isAlone: false };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Where JSON's lists and objects open: those of words, lists and objects. Warnings have brackets of their own, `[8]`,
 * `{main}`, `$row["name"]`, and numbers alone say nothing of a record.
 */
const opening = /\{\s*["[{\]}]|(?<![\w\]])\[\s*["[{\]}]/;

/** Characters. A warning for every row of a request makes 30,000. */
const maxNoise = 256 * 1024;

/** A script that may have come to another end than the one which its JSON tells of. */
const contradicting = /success|fatal error|uncaught/i;

/** What begins at the first opening; an empty text where nothing does, or what stands before it may contradict it. */
function behindNoise(text: string): string {
  const at = text.slice(0, maxNoise).search(opening);
  return at <= 0 || contradicting.test(text.slice(0, at)) ? '' : text.slice(at);
}
