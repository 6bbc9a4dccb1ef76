// Reads the JSON of an answer's body, whatever the upstream was asked. PHP prints its warnings before the answer, and files print
// their byte order marks and blank lines there. One rule passes these over: the JSON begins where the first list or object
// opens that is not of numbers alone, and all that follows must be that one list or object. So two answers in one body, or one
// that was cut and another, cannot be read, and a body is searched only once.

export interface AnswerJson {
  /** Undefined if no JSON was found in the body. */
  json: unknown;
  /** The text before the JSON. Empty if there is none, or the body has no JSON. */
  noise: string;
}

export function parseAnswer(body: string): AnswerJson {
  const text = body.trim();
  const json = parsed(text);
  if (json !== undefined) return { json, noise: '' };
  const { noise, rest } = splitNoise(text);
  return withNoise(parsed(rest), noise);
}

function withNoise(json: unknown, noise: string): AnswerJson {
  return { json, noise: json === undefined ? '' : noise };
}

function parsed(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return isSaidTwice(text, json) ? undefined : json;
  } catch {
    return undefined;
  }
}

/** Of a key that stands twice in one object, JSON.parse keeps the last: one that decides what became of a row is not believed then. */
function isSaidTwice(text: string, json: unknown): boolean {
  let count = 0;
  for (const _ of text.matchAll(decidingKey)) count++;
  return count > 1 && count > countKeys(json, 0);
}

const decidingKeys = ['status', 'message', 'Response', 'msg', 'index'];
const decidingKey = new RegExp(`"(?:${decidingKeys.join('|')})"\\s*:`, 'g');

/** Known answers are three levels deep. */
function countKeys(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > 16) return 0;
  let count = 0;
  if (!Array.isArray(value)) for (const key of decidingKeys) if (Object.hasOwn(value, key)) count++;
  for (const one of Object.values(value)) count += countKeys(one, depth + 1);
  return count;
}

/**
 * The beginning of a list or an object that has more in it than numbers. Warnings have brackets of their own: `[8]`, `{main}`,
 * `$row["name"]`. Numbers alone say nothing of a record.
 */
const opening = /\{\s*["[{\]}]|(?<![\w\]])\[\s*(?:(?:[-+.\deE]+|true|false|null)\s*,\s*)*["[{\]}]/;

/** Characters. A warning for every row of a request makes 30,000. */
export const maxNoise = 256 * 1024;

/** Words of a script that may have ended otherwise than its JSON says. */
const failing = /(?:fatal|parse) error|uncaught/i;

/** `rest` begins at the first list or object. It is empty if there is none, or if the text before it leaves a doubt. */
function splitNoise(text: string): { noise: string; rest: string } {
  const { at, isReadable } = findJson(text);
  return { noise: text.slice(0, Math.max(0, at)), rest: isReadable && at > 0 ? text.slice(at) : '' };
}

/** Where the first list or object begins; -1 if there is none so far. Not readable: the text before it leaves a doubt. */
export function findJson(text: string): { at: number; isReadable: boolean } {
  const at = text.slice(0, maxNoise).search(opening);
  const noise = text.slice(0, Math.max(0, at));
  return { at, isReadable: at >= 0 && !failing.test(noise) && !leavesOpen(noise) };
}

/** Whether a list or an object is open at its end, which was cut. */
function leavesOpen(noise: string): boolean {
  let depth = 0;
  for (const [bracket] of noise.matchAll(/[[\]{}]/g))
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
  return depth > 0;
}
