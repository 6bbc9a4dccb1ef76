// The target of an HTTP request: a path, or a whole address, as a proxy is asked for one. https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2

import type { IncomingMessage } from 'node:http';

const absoluteForm = /^https?:\/\/([^/?#@]+)(.*)$/is;

/** Leaves the request with a path. The host that a whole address names counts, whatever the header says. */
export function settleTarget(req: IncomingMessage): void {
  // Most begin with a slash.
  if (req.url === undefined || req.url.startsWith('/')) return;
  const [, host, rest = ''] = absoluteForm.exec(req.url) ?? [];
  if (host === undefined) return;
  req.url = rest.startsWith('/') ? rest : `/${rest}`;
  // HTTP/1.1 needs the header all the same.
  if (req.headers.host !== undefined || req.httpVersion !== '1.1') req.headers.host = host;
}
