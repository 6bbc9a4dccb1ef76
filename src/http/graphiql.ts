// The GraphiQL page, whole in one answer: it works with no internet. It has tabs that run as they are, so it knows the
// time and is made anew well before the leads in its tabs would lie in the past. 9 MB raw, 2.4 MB compressed: it is
// rendered when first asked for, kept compressed, and revalidated by its ETag.

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';

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

/** Answers a browser's GET of the endpoint with the page, and of `/` with the way there. */
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
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || !request.headers.get('accept')?.includes('text/html')) return;
      if (url.pathname === '/')
        return endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: endpoint } }));
      // A browser that carries a query wants its answer.
      if (url.pathname !== endpoint || url.searchParams.has('query')) return;

      const { compressed, etag, policy } = await getPage();
      const headers: Record<string, string> = {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
        'content-security-policy': policy,
        vary: 'accept, accept-encoding',
        etag,
      };
      if (request.headers.get('if-none-match')?.includes(etag))
        return endResponse(new fetchAPI.Response(null, { status: 304, headers }));
      const gzipped = /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '');
      if (gzipped) headers['content-encoding'] = 'gzip';
      const body = gzipped ? compressed : ((await promisify(gunzip)(compressed)) as Buffer<ArrayBuffer>);
      headers['content-length'] = String(body.length);
      endResponse(new fetchAPI.Response(body, { headers }));
    },
  };
}

async function render({ endpoint, horizonDays, live, now }: GraphiQLOptions): Promise<Page> {
  // 9 MB of JavaScript text: loaded for those who look, not at every start.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const renderedAt = now();
  const time = new Date(Math.floor(renderedAt / hourMs + horizonDays * 12) * hourMs).toISOString();
  const html = renderGraphiQL({
    title: 'Dialgraph',
    endpoint,
    defaultTabs: tabs(time, live),
    defaultEditorToolsVisibility: false,
    shouldPersistHeaders: false,
  });
  return {
    compressed: (await promisify(gzip)(html)) as Buffer<ArrayBuffer>,
    etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`,
    policy: policyOf(html),
    expiresAt: renderedAt + horizonDays * 6 * hourMs,
  };
}

/** Its one script, and no other; it speaks to this server alone, and stands in nobody's frame. */
function policyOf(html: string): string {
  const script = html.slice(html.indexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'));
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

function tabs(time: string, live: boolean) {
  const fields = `{
    __typename
    ... on ScheduleCampaignDataPayload {
      status
      summary { total scheduled valid failed skipped unknown }
      results {
        __typename
        ... on ScheduledRecord { index reference phoneNumber scheduledTime dialerTime message }
        ... on ValidRecord { index reference phoneNumber scheduledTime dialerTime message }
        ... on RecordError { index reference code message retryable }
      }
    }
    ... on InvalidInputError { message issues { path message } }
  }`;
  // The input stands in the document: GraphiQL drops the variables of its default tabs.
  const input = (more: string) => `{
    campaignName: "Sales_Demo"
    records: [
      { reference: "lead-1", phoneNumber: "098765 43210", scheduledTime: "${time}", name: "Asha Rao" }
      { reference: "lead-2", phoneNumber: "12345", scheduledTime: "${time}", name: "A number that is none" }
      { reference: "lead-3", phoneNumber: "+44 20 7946 0958", scheduledTime: "${time}", priority: 50 }
    ]${more}
  }`;
  const validateOnly = input('\n    validateOnly: true');
  return [
    {
      query: `# Three leads, of which one has no dialable number: each gets its own result.
${live ? '# This server calls people, so the tab only validates. Remove validateOnly to schedule.' : '# The sandbox dialer takes them, and calls nobody.'}
mutation Schedule {
  scheduleCampaignData(input: ${live ? validateOnly : input('')}) ${fields}
}
`,
    },
    {
      query: `# The same checks, and nothing is sent.
mutation Validate {
  scheduleCampaignData(input: ${validateOnly}) ${fields}
}
`,
    },
    {
      query: `# What this API takes at most, and what it assumes.
query Limits {
  limits {
    maxRecordsPerMutation
    recordsPerDialerRequest
    horizonDays
    maxRowBytes
    minPriority
    maxPriority
    timeZone
    region
  }
}
`,
    },
  ];
}
