// Answers over some kilobytes are compressed for clients that take it. What an attacker could choose of an answer stands beside no
// secret, so that its length tells nothing.

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { constants } from 'node:zlib';
import compression from 'compression';

/** Bytes: one or two packets cost the same either way. */
const threshold = 2048;

/** Events and parts are sent one by one, and a compressor would hold them back; the GraphiQL page is kept compressed. */
const compressible = /^application\/(json|graphql-response\+json)\b/;

/**
 * Results repeat themselves, and take little of either. A wider window would be megabytes for each answer that is under way; higher
 * levels take twice the time for a tenth of the length.
 */
const compress = compression({
  threshold,
  level: 4,
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_LGWIN]: 18 } },
  filter: (_: IncomingMessage, res: ServerResponse) =>
    compressible.test(String(res.getHeader('content-type'))),
});

/** Stands before a listener. */
export function compressAnswers(listener: RequestListener): RequestListener {
  // Its types are Express', of which it uses what Node's messages have.
  return (req, res) => compress(req as never, res as never, () => listener(req, res));
}
