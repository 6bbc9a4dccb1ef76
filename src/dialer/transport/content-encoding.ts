// Decodes the body of an answer by its `Content-Encoding`. This client asks for no encoding, but some servers and proxies
// compress all the same. Decoding is done by zlib's threads, a piece at a time, and never makes more than is read of a plain
// answer. What is cut, damaged or in an unknown encoding is not guessed at.

import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { brotliDecompress, createBrotliDecompress, createUnzip, inflateRaw, unzip } from 'node:zlib';

export type Decoded =
  | { kind: 'text'; text: string }
  /** `reason`: in words, with nothing of the answer. `isTooLong`: decoding was given up before the end. */
  | { kind: 'unreadable'; reason: string; isTooLong: boolean };

/** Servers compress once, and a proxy before them may do so again. */
const maxEncodings = 4;

/** The encodings of a body, in the order in which they were applied; none where it is plain. */
export function encodingsOf({ 'content-encoding': header }: IncomingHttpHeaders): readonly string[] {
  if (header === undefined) return [];
  // A header that stands twice is a list, whatever its type says.
  return [header]
    .flat()
    .join()
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
}

/** Decodes a complete body. Never rejects, and never makes more than `maxBytes` of it. */
export async function decode(body: Buffer, encodings: readonly string[], maxBytes: number): Promise<Decoded> {
  if (encodings.length > maxEncodings) return unreadable('an answer that is encoded too many times');
  let bytes = body;
  for (const encoding of encodings.toReversed()) {
    if (bytes.length === 0) break;
    const decompress = decoders.get(encoding)?.(bytes);
    const decoded = decompress && (await run(decompress, bytes, maxBytes));
    if (decoded === 'too-long')
      return { ...unreadable(`an answer of over ${maxBytes} bytes, decoded`), isTooLong: true };
    if (decoded === undefined) return readAsItIs(bytes, encoding, decompress !== undefined);
    bytes = decoded;
  }
  return { kind: 'text', text: textOf(bytes) };
}

/**
 * The decoded pieces of a body that is too long to be read whole. What cannot be decoded ends them with an error: an encoding
 * that is not known, a second one, or bytes that are not what they are said to be.
 */
export function decodeStream(body: Readable, encodings: readonly string[]): AsyncIterable<Buffer> {
  const [encoding, ...others] = encodings;
  if (encoding === undefined) return body;
  const decoder = encoding === 'br' ? createBrotliDecompress() : createUnzip();
  const isKnown = decoders.has(encoding) && others.length === 0;
  // Its error reaches whoever reads the pieces.
  pipeline(body, decoder, () => {});
  if (!isKnown) decoder.destroy(new Error('an answer in an encoding that is not known'));
  return decoder;
}

const utf8 = new TextDecoder();

export function textOf(bytes: Buffer): string {
  return utf8.decode(bytes);
}

type Decompress = typeof unzip;

const decoders = new Map<string, (bytes: Buffer) => Decompress>([
  ['gzip', () => unzip],
  ['x-gzip', () => unzip],
  // In the standard, deflate is zlib's form. Some servers send the bare stream.
  ['deflate', (bytes) => (isGzipOrZlib(bytes) ? unzip : inflateRaw)],
  ['br', () => brotliDecompress],
]);

/**
 * By the first bytes of RFC 1952 and RFC 1950. A bare stream cannot begin like the former, and no encoder has it begin like
 * the latter.
 */
function isGzipOrZlib(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return first === 0x1f || ((first & 0x0f) === 8 && (first * 256 + second) % 31 === 0);
}

/** Undefined where it cannot be decompressed to its very end, or something follows that end. */
function run(
  decompress: Decompress,
  bytes: Buffer,
  maxOutputLength: number,
): Promise<Buffer | 'too-long' | undefined> {
  return new Promise((resolve) => {
    decompress(bytes, { maxOutputLength, info: true }, (error, result) => {
      if (error !== null) return resolve(isTooLarge(error) ? 'too-long' : undefined);
      // Node's types leave out what `info` changes.
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
      resolve(engine.bytesWritten === bytes.length ? buffer : undefined);
    });
  });
}

function isTooLarge({ code }: Error & { code?: string }): boolean {
  return code === 'ERR_BUFFER_TOO_LARGE';
}

/** Characters. Every compressed form begins with a byte that no text has. */
const lookedAt = 1024;

/**
 * Some servers name an encoding that they, or a proxy, did not apply. Text is then taken for what it is: compressed bytes are
 * never text throughout.
 */
function readAsItIs(bytes: Buffer, encoding: string, isKnown: boolean): Decoded {
  const text = isUtf8(bytes) ? textOf(bytes) : undefined;
  if (text !== undefined && !/(?![\t\r\n])\p{Cc}/u.test(text.slice(0, lookedAt)))
    return { kind: 'text', text };
  const shown = /^[a-z-]{1,20}$/.test(encoding) ? ` (${encoding})` : '';
  return unreadable(
    isKnown
      ? `an answer whose compressed data is cut or damaged${shown}`
      : `an answer in an encoding that is not known${shown}`,
  );
}

function unreadable(reason: string) {
  return { kind: 'unreadable', reason, isTooLong: false } as const;
}
