// What the sandbox serves besides the upstream's calls: a page for people, and under /sandbox/ the ledger and the controls, for tests
// that run it in another process. None of this is part of the upstream. Any other path is answered 404, in JSON.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { mediaType, readBody } from './calls.ts';
import { type Control, controls } from './controls.ts';
import { remember, type SandboxState, type Target } from './exchange.ts';
import { answer, html } from './faults/fault.ts';
import { redirectedPath } from './faults/refusals.ts';
import { ScriptError } from './faults.ts';
import { handOverDue } from './hand-over.ts';
import { newestRows, renderPage } from './page.ts';

export async function answerOwnRoute(
  target: Target,
  message: IncomingMessage,
  res: ServerResponse,
  state: SandboxState,
): Promise<void> {
  const reads = message.method === 'GET' || message.method === 'HEAD';
  const visit = `${reads ? 'GET' : message.method} ${target.path}`;
  if (target.path === redirectedPath) {
    remember(state.requests, 'redirected', 'v2', target, message);
    answerJson(res, 200, { status: 'error', message: 'A redirect was followed; nothing was accepted' });
    return;
  }
  const control = message.method === 'POST' ? controls.get(target.path) : undefined;
  if (control !== undefined) {
    await answerControl(control, message, res, state);
    return;
  }
  handOverDue(state);
  switch (visit) {
    case 'GET /':
      answerPage(target, message, res, state);
      return;
    case 'GET /favicon.ico':
      res.writeHead(204).end();
      return;
    case 'GET /sandbox/ledger':
      answerJson(res, 200, {
        now: state.now(),
        accepted: state.ledger.rows.length,
        tokensGenerated: state.account.tokensGenerated,
        rows: state.ledger.rows,
        requests: state.requests,
      });
      return;
    default:
      answerJson(res, 404, { status: 'error', message: 'No such path in the sandbox' });
  }
}

function answerPage(
  target: Target,
  message: IncomingMessage,
  res: ServerResponse,
  state: SandboxState,
): void {
  const asked = new URLSearchParams(target.query).get('format');
  const accept = message.headers.accept ?? '';
  if (asked === 'json' || accept.split(',')[0]?.trim().startsWith('application/json')) {
    answerJson(res, 200, {
      accepted: state.ledger.rows.length,
      requests: state.requests.length,
      campaigns: Object.fromEntries(state.campaigns),
      rows: newestRows(state.ledger.rows),
    });
    return;
  }
  answer(res, 200, renderPage(state), {
    'content-type': html,
    'cache-control': 'no-store',
    // Field values come from callers: if one got past the escaping, it could still run and load nothing.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
}

/** A control is told in JSON, or by a form of the page, which is then shown again. A mistake is answered 400, with a sentence. */
async function answerControl(
  control: Control,
  message: IncomingMessage,
  res: ServerResponse,
  state: SandboxState,
): Promise<void> {
  const body = await readBody(message);
  if (body === undefined) return;
  // `curl -d` labels JSON as a form.
  const isForm = mediaType(message) === 'application/x-www-form-urlencoded' && /^\w+=/.test(body.text);
  try {
    const done = control(
      isForm ? Object.fromEntries(new URLSearchParams(body.text)) : jsonOf(body.text),
      state,
    );
    if (isForm) answer(res, 303, '', { location: '/' });
    else answerJson(res, 200, done);
  } catch (error) {
    if (!(error instanceof ScriptError || error instanceof SyntaxError || error instanceof RangeError))
      throw error;
    answerJson(res, 400, { status: 'error', message: error.message });
  }
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new ScriptError('The body is not a JSON object');
  return value as Readonly<Record<string, unknown>>;
}

function answerJson(res: ServerResponse, status: number, body: unknown): void {
  answer(res, status, JSON.stringify(body));
}
