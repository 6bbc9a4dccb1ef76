// Who gets the GraphiQL page, and how it is sent. A browser that opens the endpoint gets it. An operation in the address is shown and
// not carried out. A client that prefers JSON gets an answer of GraphQL.
// The tabs of the page run as they are, so the page has times in it, and is made anew well before these are past. It has 9 MB, and
// 2.4 MB compressed: it is rendered at the first request, kept compressed, and revalidated by its ETag.
// States of the page: none → (a request) rendering → kept → (expiresAt) none.

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonTypes, readAccept } from './accept.ts';
import { renderPage } from './graphiql-page.ts';
import { createTabs } from './graphiql-tabs.ts';
import { type KeptText, keepText, sendKept } from './kept-text.ts';

export interface GraphiQLOptions {
  /** Path of the GraphQL endpoint, which is the page's own. */
  endpoint: string;
  horizonDays: number;
  /** Whether the dialer calls people: then no tab sends anything. */
  live: boolean;
  now: () => number;
}

interface Page {
  text: KeptText;
  policy: string;
  expiresAt: number;
}

const hourMs = 3_600_000;

export interface GraphiQLPage {
  /** Whether a request is a browser's, which opens the endpoint or `/`. */
  isFor(req: IncomingMessage): boolean;
  /** Answers it with the page, whatever operation it carries, and at `/` with the way there. */
  answer(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

export function createGraphiQLPage(options: GraphiQLOptions): GraphiQLPage {
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
    isFor({ method, url = '', headers }) {
      const [path] = url.split('?', 1);
      return method === 'GET' && (path === endpoint || path === '/') && wantsPage(headers.accept ?? '');
    },
    async answer(req, res) {
      const { url = '' } = req;
      if (url === '/' || url.startsWith('/?')) {
        res.writeHead(302, { location: endpoint + url.slice(1) }).end();
        return;
      }
      const { text, policy } = await getPage();
      await sendKept(req, res, text, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': policy,
      });
    },
  };
}

async function render({ endpoint, horizonDays, live, now }: GraphiQLOptions): Promise<Page> {
  const renderedAt = now();
  const time = new Date(Math.floor(renderedAt / hourMs + horizonDays * 12) * hourMs).toISOString();
  const { html, script } = await renderPage({ endpoint, tabs: createTabs(time, live) });
  return {
    text: await keepText(html),
    policy: policyOf(script),
    expiresAt: renderedAt + horizonDays * 6 * hourMs,
  };
}

/** Allows its own script and no other, requests to this server alone, and no frame around it. */
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
