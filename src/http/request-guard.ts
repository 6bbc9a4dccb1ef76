// What every request passes first, whoever answers it: headers that keep browsers from doing more with an answer than they
// must, CORS, and no POST but of JSON. A browser sends JSON to another origin only when a preflight has allowed it, so that no
// page of anybody's can have its visitors schedule calls, and callers need no header of their own.

import type { IncomingMessage, RequestListener } from 'node:http';
import cors from 'cors';
import { Refusal, refuse } from './refusal.ts';

/** For answers that are data. Strict-Transport-Security is for whoever holds the certificate. */
const securityHeaders = new Map([
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
]);

const json = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

const notJson = new Refusal(
  415,
  'UNSUPPORTED_MEDIA_TYPE',
  'A POST takes JSON: send it with content-type: application/json, in UTF-8 and not compressed.',
);

/** A page of anybody's may have its name resolve to this machine, and is then of one origin with what listens here. */
const localHost = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i;

const localOrigin = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const noHost = new Refusal(400, 'BAD_REQUEST', 'A request needs a host header.');

const otherHost = new Refusal(
  403,
  'HOST_NOT_ALLOWED',
  'Without AUTH_FILE this service answers to the names of this machine only, such as 127.0.0.1 and localhost.',
);

export interface EntranceOptions {
  /** Origins whose pages may read answers, without cookies. */
  corsOrigins: readonly string[];
  /** It takes every caller, so it must not be reached by other names than this machine's. */
  isOfThisMachine: boolean;
  /** Pages that this machine serves may call, whatever their port. */
  isForLocalPages: boolean;
  /** Told of a page that asked in vain whether it may call. */
  onRefused: (origin: string) => void;
}

/**
 * Stands before a listener. Answers preflights where there are origins, POSTs of anything but JSON with 415, and where everybody
 * on this machine may call, other names than this machine's with 403.
 */
export function createEntrance({
  corsOrigins,
  isOfThisMachine,
  isForLocalPages,
  onRefused,
}: EntranceOptions) {
  const allowOrigins = cors({
    origin: [...corsOrigins, ...(isForLocalPages ? [localOrigin] : [])],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    // No browser keeps it for longer than Chromium's two hours.
    maxAge: 7200,
  });

  const isRefusedPreflight = ({ method, headers }: IncomingMessage): boolean =>
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined &&
    !corsOrigins.includes(headers.origin) &&
    !(isForLocalPages && localOrigin.test(headers.origin));

  return (listener: RequestListener): RequestListener => {
    const enter: RequestListener = (req, res) => {
      const { 'content-type': type, 'content-encoding': encoding } = req.headers;
      if (req.method !== 'POST' || (encoding === undefined && json.test(type ?? '')))
        return listener(req, res);
      res.setHeader('accept', 'application/json');
      refuse(res, notJson);
    };
    return (req, res) => {
      res.setHeaders(securityHeaders);
      if (isRefusedPreflight(req)) onRefused(req.headers.origin ?? '');
      if (req.headers.host === undefined && req.httpVersion === '1.1') refuse(res, noHost);
      else if (isOfThisMachine && !localHost.test(req.headers.host ?? '')) refuse(res, otherHost);
      else if (corsOrigins.length === 0 && !isForLocalPages) enter(req, res);
      else allowOrigins(req, res, () => enter(req, res));
    };
  };
}
