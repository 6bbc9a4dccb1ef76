// Headers that limit what browsers do with an answer, and the host names under which this service may be asked.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from './refusal.ts';

/** For answers that are data. Strict-Transport-Security is set by whoever terminates TLS. */
const securityHeaders = new Map([
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
]);

export function setSecurityHeaders(res: ServerResponse): void {
  res.setHeaders(securityHeaders);
}

/** The owner of any page may have its name resolve to this machine. The page is then of one origin with what listens here. */
const localHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

const noHost = new Refusal(400, 'BAD_REQUEST', 'A request needs a host header.');

const otherHost = new Refusal(
  403,
  'HOST_NOT_ALLOWED',
  'Without AUTH_FILE this service answers to the names of this machine only, such as 127.0.0.1 and localhost.',
);

/** Throws a Refusal. `isOfThisMachine`: every caller is taken, so it must not be reached by other names than this machine's. */
export function checkHost(
  { headers: { host }, httpVersion }: IncomingMessage,
  isOfThisMachine: boolean,
): void {
  if (host === undefined && httpVersion === '1.1') throw noHost;
  if (isOfThisMachine && !localHost.test(host ?? '')) throw otherHost;
}
