// A text that many ask for and that seldom changes: it is kept compressed, and revalidated by its ETag.

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { prefersGzip } from './compression.ts';

export interface KeptText {
  readonly compressed: Buffer<ArrayBuffer>;
  readonly etag: string;
}

export async function keepText(text: string): Promise<KeptText> {
  return {
    compressed: (await promisify(gzip)(text)) as Buffer<ArrayBuffer>,
    etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`,
  };
}

/** Answers with the text, or with a 304 where the caller has it. `headers`: its content type, and what else it needs. */
export async function sendKept(
  { headers: asked }: IncomingMessage,
  res: ServerResponse,
  { compressed, etag }: KeptText,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  res.setHeaders(
    new Map([
      ...Object.entries(headers),
      ['cache-control', 'no-cache'],
      ['vary', varyOf(res)],
      ['etag', etag],
    ]),
  );
  const known = asked['if-none-match'];
  if (known?.trim() === '*' || known?.includes(etag)) {
    res.writeHead(304).end();
    return;
  }
  const gzipped = prefersGzip(asked['accept-encoding']);
  const body = gzipped ? compressed : await promisify(gunzip)(compressed);
  res.writeHead(200, { 'content-length': body.length, ...(gzipped && { 'content-encoding': 'gzip' }) });
  res.end(body);
}

/** Together with what CORS has put there. */
function varyOf(res: ServerResponse): string {
  const own = ['accept', 'accept-encoding'];
  const before = String(res.getHeader('vary') ?? '').split(/\s*,\s*/);
  return [...own, ...before.filter((name) => name !== '' && !own.includes(name.toLowerCase()))].join(', ');
}
