// Faults that are complete answers and refuse the request, or seem to: HTTP statuses, throttling, texts, redirects.
// Most accept nothing. The server-side statuses have twins, since a gateway's 502 does not say what the server behind it did.

import { texts } from '../../upstream/contract.ts';
import { answer, type FaultContext, html, htmlPage, json, onHead, refusing, twins } from './fault.ts';

/** Where redirects point. A request to it is remembered, and proves that a client followed. */
export const redirectedPath = '/sandbox/redirected';

const plain = 'text/plain; charset=utf-8';

export const refusals = {
  ...twins('status-500', 'HTTP 500 with JSON', ({ res }) =>
    answer(res, 500, JSON.stringify({ status: 'error', message: 'Internal Server Error' })),
  ),
  ...twins('status-502', 'HTTP 502 with a proxy’s HTML page', htmlStatus(502, '502 Bad Gateway')),
  ...twins('status-503', 'HTTP 503 with plain text', ({ res }) =>
    answer(res, 503, 'Service Unavailable', { 'content-type': plain }),
  ),
  ...twins('status-504', 'HTTP 504 with a proxy’s HTML page', htmlStatus(504, '504 Gateway Time-out')),
  'status-503-retry-after': refusing('HTTP 503 with Retry-After in seconds', ({ res, terms }) =>
    answer(res, 503, 'Service Unavailable', {
      'content-type': plain,
      'retry-after': String(terms.retryAfter ?? 1),
    }),
  ),

  'status-429': refusing('HTTP 429 with JSON', ({ res }) => answer(res, 429, throttled)),
  'status-429-retry-after-seconds': refusing('HTTP 429 with Retry-After in seconds', ({ res, terms }) =>
    answer(res, 429, throttled, { 'retry-after': String(terms.retryAfter ?? 1) }),
  ),
  'status-429-retry-after-date': refusing('HTTP 429 with Retry-After as a date', ({ res, terms, now }) =>
    answer(res, 429, throttled, { 'retry-after': retryDate(terms.retryAfter ?? 1, now) }),
  ),
  'status-429-html': refusing('HTTP 429 with a proxy’s HTML page', htmlStatus(429, '429 Too Many Requests')),

  'status-400': refusing('HTTP 400 with JSON', jsonStatus(400, 'Bad Request')),
  'status-401': refusing('HTTP 401 with JSON', jsonStatus(401, 'Unauthorized')),
  'status-403': refusing('HTTP 403 with JSON', jsonStatus(403, 'Forbidden')),
  'status-404': refusing('HTTP 404 with an HTML page', htmlStatus(404, '404 Not Found')),
  'status-408': refusing('HTTP 408 with an HTML page', htmlStatus(408, '408 Request Time-out')),
  'status-413': refusing('HTTP 413 with an HTML page', htmlStatus(413, '413 Request Entity Too Large')),

  'max-limit': refusing('throttled, HTTP 200', replying('error', texts.maxLimit)),
  'max-limit-success': refusing(
    'throttled, HTTP 200 and status "success"',
    replying('success', texts.maxLimit),
  ),
  'request-limit': refusing('throttled, HTTP 200', replying('error', texts.requestLimit)),
  'process-running': refusing('throttled, HTTP 200', replying('error', texts.processRunning)),
  'account-refused': refusing(
    'refuses the account or the campaign',
    replying('error', texts.accountOrCampaign),
  ),
  'wrong-date': refusing('finds a wrong date, whatever the rows', replying('error', texts.wrongDateFormat)),
  'status-false': refusing('status "false" and the invalid user text', ({ res }) =>
    answer(res, 200, JSON.stringify({ status: 'false', message: texts.invalidUser, data: null })),
  ),
  'error-unknown-text': refusing('an unknown text that repeats the key and a number', (context) =>
    replying(
      'error',
      `Feed of ${context.credentials.apiKey} stopped at ${context.phoneNumber}: rule 7 failed`,
    )(context),
  ),
  'error-echo-key': refusing('an unknown text that repeats the query string, key included', (context) =>
    replying('error', `Could not replay ${replayed(context)}`)(context),
  ),

  'redirect-301': refusing('HTTP 301 to another path of the sandbox', redirect(301)),
  'redirect-302': refusing('HTTP 302 to another path of the sandbox', redirect(302)),
  'redirect-303': refusing('HTTP 303 to another path of the sandbox', redirect(303)),
  'redirect-307': refusing('HTTP 307 to another path of the sandbox', redirect(307)),
  'redirect-308': refusing('HTTP 308 to another path of the sandbox', redirect(308)),

  ...twins('custom', 'answers as the script says: status, headers, body', ({ res, terms }) =>
    answer(res, terms.status ?? 200, terms.body ?? '', terms.headers),
  ),
  'early-response': onHead('refuses with HTTP 200 before the body is read', ({ res, terms }) =>
    answer(res, 200, JSON.stringify({ status: 'error', message: terms.text ?? texts.processRunning })),
  ),
  'early-response-close': onHead(
    'refuses with HTTP 413 before the body is read, and closes',
    ({ res, socket }) => {
      res.once('finish', () => socket.end());
      answer(res, 413, htmlPage('413 Request Entity Too Large'), {
        'content-type': html,
        connection: 'close',
      });
    },
  ),
};

const throttled = JSON.stringify({ status: 'error', message: texts.maxLimit });

function htmlStatus(status: number, title: string) {
  return ({ res }: FaultContext) => answer(res, status, htmlPage(title), { 'content-type': html });
}

function jsonStatus(status: number, message: string) {
  return ({ res, terms }: FaultContext) =>
    answer(res, status, JSON.stringify({ status: 'error', message: terms.text ?? message }));
}

function replying(status: string, text: string) {
  return ({ res, terms }: FaultContext) =>
    answer(res, 200, JSON.stringify({ status, message: terms.text ?? text }));
}

function redirect(status: number) {
  return ({ res }: FaultContext) =>
    answer(res, status, '', { location: redirectedPath, 'content-type': json });
}

function replayed({ credentials, campaignName, phoneNumber }: FaultContext): string {
  return `api_key=${credentials.apiKey}&campaign_name=${encodeURIComponent(campaignName)}&PhoneNumber=${encodeURIComponent(phoneNumber)}`;
}

function retryDate(retryAfter: number | string, now: number): string {
  return typeof retryAfter === 'string' ? retryAfter : new Date(now + retryAfter * 1000).toUTCString();
}
