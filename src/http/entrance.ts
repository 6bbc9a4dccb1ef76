// What every request passes first, whoever answers it: headers that keep browsers from doing more with an answer than they
// must, CORS, and no POST but of JSON. A browser sends JSON to another origin only when a preflight has allowed it, so that no
// page of anybody's can have its visitors schedule calls, and callers need no header of their own.

import type { RequestListener } from 'node:http';
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

export interface EntranceOptions {
  /** Origins whose pages may read answers, without cookies. */
  corsOrigins: readonly string[];
}

/** Stands before a listener. Answers preflights where there are origins, and POSTs of anything but JSON, with 415. */
export function createEntrance({ corsOrigins }: EntranceOptions) {
  const allowOrigins = cors({
    origin: [...corsOrigins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    // No browser keeps it for longer than Chromium's two hours.
    maxAge: 7200,
  });

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
      if (corsOrigins.length === 0) enter(req, res);
      else allowOrigins(req, res, () => enter(req, res));
    };
  };
}
