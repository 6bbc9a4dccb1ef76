// CORS: the origins whose pages may read answers. A browser sends JSON to another origin only when a preflight has allowed it,
// so a strange page cannot have its visitors schedule calls, and callers need no special header.

import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

const localOrigin = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

export interface CorsOptions {
  /** Origins whose pages may read answers, without cookies. */
  corsOrigins: readonly string[];
  /** Pages that this machine serves may call, whatever their port. */
  isForLocalPages: boolean;
  /** Called with the origin of a page whose preflight is refused. */
  onRefused(origin: string): void;
}

export interface Cors {
  /** Sets the headers for pages that may read the answer. Answers a preflight, and then returns true. */
  apply(req: IncomingMessage, res: ServerResponse): boolean;
}

export function createCors({ corsOrigins, isForLocalPages, onRefused }: CorsOptions): Cors {
  const setHeaders = cors({
    origin: [...corsOrigins, ...(isForLocalPages ? [localOrigin] : [])],
    // All but GET and POST are for the files of imports.
    methods: ['GET', 'POST', 'PUT', 'HEAD', 'PATCH'],
    // A page's own clock may be wrong: what it must not do any more some hours later, it learns by `date`.
    exposedHeaders: ['x-request-id', 'retry-after', 'content-disposition', 'date', 'upload-offset'],
    // No browser keeps it for longer than Chromium's two hours.
    maxAge: 7200,
    preflightContinue: true,
  });
  const isAllowed = (origin: string) =>
    corsOrigins.includes(origin) || (isForLocalPages && localOrigin.test(origin));
  const hasOrigins = corsOrigins.length > 0 || isForLocalPages;

  return {
    apply(req, res) {
      const { method, headers } = req;
      const { origin, 'access-control-request-method': asked } = headers;
      if (method === 'OPTIONS' && origin !== undefined && asked !== undefined && !isAllowed(origin))
        onRefused(origin);
      if (!hasOrigins) return false;
      setHeaders(req, res, () => {});
      if (method !== 'OPTIONS') return false;
      res.writeHead(204, { 'content-length': 0 }).end();
      return true;
    },
  };
}
