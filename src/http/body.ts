// Reads the body of a POST. Memory is held for it before it comes, while it comes, and while it is parsed. It is read to its end
// even if it is refused, since a client that is still sending reads no answer.

import type { IncomingMessage } from 'node:http';
import { parseJson, TooDeep } from '../foundation/json-stream.ts';
import type { Room } from './memory-budget.ts';
import { Refusal } from './refusal.ts';

/** Brackets within brackets; the deepest variables have six. */
const maxDepth = 64;

/** In the form that yoga takes for a body that was read: a text, or an object that is not empty. */
export async function readBody(req: IncomingMessage, room: Room, longest: number): Promise<string | object> {
  const text = await readText(req, room, longest);
  try {
    const onValues = (count: number) => room.addValues(count);
    const body = await parseJson(text, { maxDepth, onValues });
    if (typeof body !== 'object' || body === null) return shortest(text, 'null');
    return Array.isArray(body) ? shortest(text, '[{}]') : Object.keys(body).length > 0 ? body : '{}';
  } catch (error) {
    if (error instanceof TooDeep) throw tooDeep;
    if (error instanceof SyntaxError) return ' ';
    throw error;
  }
}

/** yoga has the message for what is not a request, and would parse it once more. */
function shortest(text: string, alike: string): string {
  return text.length <= 1000 ? text : alike;
}

const tooDeep = new Refusal(400, 'BODY_TOO_DEEP', `The request is nested deeper than ${maxDepth} levels.`);

function readText(req: IncomingMessage, room: Room, longest: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let length = 0;
    let isRefused = false;
    const hold = (characters: number) => {
      try {
        if (characters > longest) throw tooLong(longest);
        room.holdBody(characters);
      } catch (error) {
        isRefused = true;
        text = '';
        reject(error);
      }
    };
    // The header is absent if the body is sent in chunks.
    hold(Number(req.headers['content-length'] ?? 0));
    req.setEncoding('utf8');
    req.on('data', (piece: string) => {
      if (isRefused) return;
      length += piece.length;
      text += piece;
      hold(length);
    });
    req.once('end', () => resolve(text));
    req.once('error', reject);
    req.once('close', () => {
      // Every request closes, and an error takes time to make: it is made only where it is needed.
      if (!req.complete) reject(new Error('the caller went away before the body was there'));
    });
  });
}

function tooLong(longest: number): Refusal {
  return new Refusal(413, 'BODY_TOO_LARGE', `The request is longer than ${longest} characters.`);
}
