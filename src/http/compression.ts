// Answers over some kilobytes are compressed for clients that accept it. No answer has a secret beside a text that somebody else
// chose, so the length of a compressed answer tells an attacker nothing.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:zlib';
import compression from 'compression';
import { readAccept } from './accept.ts';
import type { Room } from './memory-budget.ts';

/** Bytes. One or two packets cost the same with and without compression. */
export const leastCompressed = 2048;

/** Events and parts are sent one by one, and a compressor would hold them back; the GraphiQL page is kept compressed. */
const compressible = /^(application\/(json|graphql-response\+json|jsonl)|text\/csv)\b/;

export interface Compression {
  /** Tells caches that answers differ by `Accept-Encoding`. */
  announce(req: IncomingMessage, res: ServerResponse): void;
  /**
   * Has the answer that is written next compressed, if it is long enough, the client accepts it, and there is memory for a
   * compressor. Otherwise it is sent as it is.
   */
  compress(res: ServerResponse, room: Room): void;
}

export function createCompression(): Compression {
  const rooms = new WeakMap<ServerResponse, Room>();

  /** Asked once, as the headers are written. */
  const isWorthIt = ({ headers }: IncomingMessage, res: ServerResponse): boolean =>
    /gzip|br|deflate|\*/i.test(String(headers['accept-encoding'] ?? '')) &&
    compressible.test(String(res.getHeader('content-type'))) &&
    rooms.get(res)?.holdCompressor() === true;

  // Results repeat themselves, so low levels are enough. A wider window takes more memory; a higher level takes twice the time for a
  // tenth of the length. zlib's own threads do the work.
  const compress = compression({
    threshold: leastCompressed,
    level: 4,
    brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 } },
    filter: isWorthIt,
  });

  return {
    announce({ method }, res) {
      // The answer to a preflight has no body.
      if (method !== 'OPTIONS') res.setHeader('vary', 'Accept-Encoding');
    },
    compress: (res, room) => {
      rooms.set(res, room);
      // The types are Express's. The package uses only what Node's messages have.
      compress(res.req as never, res as never, () => {});
    },
  };
}

/** For those whose proxy compresses. */
export const noCompression: Compression = { announce() {}, compress() {} };

/** Whether an `Accept-Encoding` header accepts gzip, and does not prefer an answer that is not compressed. */
export function prefersGzip(acceptEncoding = ''): boolean {
  const codings = readAccept(acceptEncoding);
  const qualityOf = (...names: string[]) => codings.find(({ type }) => names.includes(type))?.quality;
  const gzip = qualityOf('gzip', 'x-gzip') ?? qualityOf('*/*') ?? 0;
  return gzip > 0 && gzip >= (qualityOf('identity') ?? 0);
}
