// Faults of an answer's encoding, for which no client has asked: compressed in every usual way, cut, damaged, very long when
// decoded, or not encoded as its `Content-Encoding` says.

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { accepting, type BodyFault, type FaultContext, json, refusing, twins } from './fault.ts';

export const encodings = {
  ...compressed('gzip', 'gzip', gzipSync),
  ...compressed('deflate', 'deflate', deflateSync),
  ...compressed('deflate-raw', 'deflate', deflateRawSync),
  ...compressed('br', 'br', brotliCompressSync),
  ...compressed('gzip-br', 'GZIP , identity,br', (text) => brotliCompressSync(gzipSync(text))),
  'gzip-twice-named': accepting('valid JSON, compressed once and said to be so twice', (context) =>
    send(context, ['gzip', 'gzip'], gzipSync(textOf(context))),
  ),
  'gzip-in-name-only': accepting('valid JSON, said to be compressed', (context) =>
    send(context, 'gzip', textOf(context)),
  ),
  ...twins('gzip-cut', 'cuts the compressed JSON, under a length that fits', (context) =>
    send(context, 'gzip', gzipSync(textOf(context)).subarray(0, -9)),
  ),
  ...twins('gzip-damaged', 'compressed JSON whose checksum is wrong', (context) =>
    send(context, 'gzip', damaged(gzipSync(textOf(context), { level: 0 }))),
  ),
  ...twins('gzip-bomb', 'a small answer that is 64 MB of white space, decoded', (context) =>
    send(context, 'gzip', bomb()),
  ),
  ...twins('zstd-json', 'JSON in an encoding that few clients know', (context) =>
    send(context, 'zstd', Buffer.concat([zstdMagic, Buffer.from(textOf(context))])),
  ),
};

/** Two faults: the usual answer, compressed, and a refusal, compressed. */
function compressed<Name extends string>(
  name: Name,
  encoding: string,
  compress: (text: string) => Buffer,
): Record<`${Name}-json` | `${Name}-error`, BodyFault> {
  return {
    [`${name}-json`]: accepting(`valid JSON, encoded as ${encoding} though nobody asked`, (context) =>
      send(context, encoding, compress(textOf(context))),
    ),
    [`${name}-error`]: refusing(`an unknown text, encoded as ${encoding} though nobody asked`, (context) =>
      send(context, encoding, compress(JSON.stringify({ status: 'error', message: 'Feed stopped' }))),
    ),
  } as Record<`${Name}-json` | `${Name}-error`, BodyFault>;
}

function send({ res }: FaultContext, encoding: string | string[], body: Buffer | string): void {
  res.setHeader('content-encoding', encoding);
  res.writeHead(200, { 'content-type': json, 'content-length': Buffer.byteLength(body) });
  res.end(body);
}

function textOf({ reply }: FaultContext): string {
  return JSON.stringify(reply);
}

/** Changes the first byte of the checksum. The checksum and the length are the last eight bytes. */
function damaged(gzip: Buffer): Buffer {
  const bytes = Buffer.from(gzip);
  bytes[bytes.length - 8] = (bytes.at(-8) ?? 0) ^ 1;
  return bytes;
}

/** Gzip members of a megabyte of blanks each; members one after the other are one stream. */
function bomb(): Buffer {
  const member = gzipSync(' '.repeat(1024 * 1024));
  return Buffer.concat(Array.from({ length: 64 }, () => member));
}

const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
