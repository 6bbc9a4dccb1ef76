// Reads the body of a POST. Memory is held for it before it comes, while it comes, and while it is parsed. It is read to its end
// even if it is refused, since a client that is still sending reads no answer.

import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { parseJson, TooDeep } from '../foundation/json-reader.ts';
import type { Room } from './memory-budget.ts';
import { Refusal } from './refusal.ts';

/** Brackets within brackets; the deepest variables have six. */
const maxDepth = 64;

/** Characters of a text's piece: what one read from a socket brings. */
const leastOfPiece = 65_536;

/** In the form that yoga takes for a body that was read: a text, or an object that is not empty. */
export async function readBody(req: IncomingMessage, room: Room, longest: number): Promise<string | object> {
  const pieces = await readPieces(req, room, longest);
  const [text = ''] = pieces;
  try {
    const onValues = (count: number) => room.addValues(count);
    const body = await parseJson(pieces, { maxDepth, onValues });
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
/** Read as such, what is sent and what is compared would be another text than the caller's. */
const notUtf8 = new Refusal(400, 'BODY_NOT_UTF8', 'The body is not UTF-8: send its text in that encoding.');

/** A short text is one piece. */
function readPieces(req: IncomingMessage, room: Room, longest: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let pieces: string[] = [];
    let text = '';
    let length = 0;
    let isRefused = false;
    const decode = createDecoder();
    const refuse = (error: unknown) => {
      isRefused = true;
      pieces = [];
      text = '';
      reject(error);
    };
    const hold = (characters: number) => {
      try {
        if (characters > longest) throw tooLong(longest);
        room.holdBody(characters);
      } catch (error) {
        refuse(error);
      }
    };
    const add = (piece?: Buffer) => {
      try {
        const more = decode(piece);
        text += more;
        length += more.length;
      } catch {
        refuse(notUtf8);
      }
    };
    // The header is absent if the body is sent in chunks.
    hold(Number(req.headers['content-length'] ?? 0));
    if (isRefused) return;
    req.on('data', (piece: Buffer) => {
      if (!isRefused) add(piece);
      if (!isRefused) hold(length);
      if (text.length < leastOfPiece) return;
      pieces.push(text);
      text = '';
    });
    req.once('end', () => {
      if (!isRefused) add();
      const [first = '', ...others] = [...pieces, text];
      resolve([first.startsWith('\uFEFF') ? first.slice(1) : first, ...others]);
      // The listeners live as long as the request does.
      pieces = [];
      text = '';
    });
    req.once('error', reject);
    req.once('close', () => {
      // Every request closes, and an error takes time to make: it is made only where it is needed.
      if (!req.complete) reject(new Error('the caller went away before the body was there'));
    });
  });
}

/** Decodes a text that comes in pieces, and throws where it is not UTF-8. No piece stands for the end. */
function createDecoder(): (piece?: Buffer) => string {
  // Most bodies are one piece. Only from a piece on that ends within a character is something kept for the next.
  let decoder: TextDecoder | undefined;
  return (piece) => {
    if (piece === undefined) return decoder?.decode() ?? '';
    if (decoder === undefined && isUtf8(piece)) return piece.toString();
    decoder ??= new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return decoder.decode(piece, { stream: true });
  };
}

function tooLong(longest: number): Refusal {
  return new Refusal(413, 'BODY_TOO_LARGE', `The request is longer than ${longest} characters.`);
}
