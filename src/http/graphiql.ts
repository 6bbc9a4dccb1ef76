// Who gets the GraphiQL page, and how it is sent. A browser that opens the endpoint gets it, with the operation that stands in the
// address, which is thereby shown and not carried out; a client that takes JSON first is left to GraphQL.
// The page has tabs that run as they are, so it knows the time and is made anew well before the leads in its tabs would lie in
// the past. 9 MB raw, 2.4 MB compressed: it is rendered when first asked for, kept compressed, and revalidated by its ETag.

import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import { jsonTypes, readAccept } from './accept.ts';
import { prefersGzip } from './compression.ts';
import { renderPage } from './graphiql-page.ts';
import { createTabs } from './graphiql-tabs.ts';

export interface GraphiQLOptions {
  /** Path of the GraphQL endpoint, which is the page's own. */
  endpoint: string;
  horizonDays: number;
  /** Whether the dialer calls people: then no tab sends anything. */
  live: boolean;
  now: () => number;
}

interface Page {
  compressed: Buffer<ArrayBuffer>;
  etag: string;
  policy: string;
  expiresAt: number;
}

const hourMs = 3_600_000;

/** Answers a browser's GET of the endpoint with the page, whatever operation it carries, and of `/` with the way there. */
export function useGraphiQLPage(options: GraphiQLOptions): Plugin {
  const { endpoint, now } = options;
  let page: Promise<Page> | undefined;
  let current: Page | undefined;

  const getPage = async (): Promise<Page> => {
    if (current !== undefined && now() < current.expiresAt) return current;
    page ??= render(options).finally(() => {
      page = undefined;
    });
    current = await page;
    return current;
  };

  return {
    async onRequest({ request, url, fetchAPI, endResponse, serverContext }) {
      if (request.method !== 'GET' || !wantsPage(request.headers.get('accept') ?? '')) return;
      if (url.pathname === '/') {
        const location = endpoint + url.search;
        return endResponse(new fetchAPI.Response(null, { status: 302, headers: { location } }));
      }
      if (url.pathname !== endpoint) return;

      const { compressed, etag, policy } = await getPage();
      const headers: Record<string, string> = {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': policy,
        vary: varyOf((serverContext as { res?: ServerResponse }).res),
        etag,
      };
      if (request.headers.get('if-none-match')?.includes(etag))
        return endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      const gzipped = prefersGzip(request.headers.get('accept-encoding') ?? '');
      if (gzipped) headers['content-encoding'] = 'gzip';
      const body = gzipped ? compressed : ((await promisify(gunzip)(compressed)) as Buffer<ArrayBuffer>);
      headers['content-length'] = String(body.length);
      endResponse(new fetchAPI.Response(body, { headers }));
    },
  };
}

/** With what CORS has put there, in whose place yoga puts the page's own. */
function varyOf(res: ServerResponse | undefined): string {
  const own = ['accept', 'accept-encoding'];
  const before = String(res?.getHeader('vary') ?? '').split(/\s*,\s*/);
  return [...own, ...before.filter((name) => name !== '' && !own.includes(name.toLowerCase()))].join(', ');
}

async function render({ endpoint, horizonDays, live, now }: GraphiQLOptions): Promise<Page> {
  const renderedAt = now();
  const time = new Date(Math.floor(renderedAt / hourMs + horizonDays * 12) * hourMs).toISOString();
  const { html, script } = await renderPage({ endpoint, tabs: createTabs(time, live) });
  return {
    compressed: (await promisify(gzip)(html)) as Buffer<ArrayBuffer>,
    etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`,
    policy: policyOf(script),
    expiresAt: renderedAt + horizonDays * 6 * hourMs,
  };
}

/** Its one script, and no other; it speaks to this server alone, and stands in nobody's frame. */
function policyOf(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    // The editor makes style elements and attributes as it runs.
    "style-src 'unsafe-inline'",
    'font-src data:',
    'img-src data:',
    'worker-src blob:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Whether an `Accept` header names `text/html`, and ranks JSON in no form above it. Of equal quality, the one that is named comes
 * before one that a wildcard stands for, and of two that are named the first.
 */
export function wantsPage(accept: string): boolean {
  const ranges = readAccept(accept);
  const page = ranges.find(({ type }) => type === 'text/html');
  if (page === undefined || !(page.quality > 0)) return false;
  return jsonTypes.every((type) => {
    const named = ranges.find((range) => range.type === type);
    const json = named ?? ranges.find((range) => range.type === 'application/*' || range.type === '*/*');
    if (json === undefined || !(json.quality >= page.quality)) return true;
    return json.quality === page.quality && (json !== named || ranges.indexOf(page) < ranges.indexOf(json));
  });
}
