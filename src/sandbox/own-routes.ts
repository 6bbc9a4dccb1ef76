// What the sandbox serves besides the upstream's calls: a page for people, and under /sandbox/ the controls for tests that run
// it in another process. None of this is part of the upstream. Any other path is answered 404, in JSON.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './calls.ts';
import { remember, type SandboxState, type Target } from './exchange.ts';
import { answer, html } from './faults/fault.ts';
import { redirectedPath } from './faults/refusals.ts';
import { parseScript, ScriptError } from './faults.ts';
import { newestRows, renderPage } from './page.ts';

/** Forgets everything but the current token. A test in this process and one in another both call it. */
export function resetState({ ledger, requests, faultQueue, lateAcceptances, account }: SandboxState): void {
  lateAcceptances.cancel();
  ledger.clear();
  requests.length = 0;
  faultQueue.clear();
  account.reset();
}

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
  switch (visit) {
    case 'GET /':
      answerPage(target, message, res, state);
      return;
    case 'GET /favicon.ico':
      res.writeHead(204).end();
      return;
    case 'GET /sandbox/ledger':
      answerJson(res, 200, {
        accepted: state.ledger.rows.length,
        tokensGenerated: state.account.tokensGenerated,
        rows: state.ledger.rows,
        requests: state.requests,
      });
      return;
    case 'POST /sandbox/reset':
      resetState(state);
      answerJson(res, 200, { reset: true });
      return;
    case 'POST /sandbox/script':
      await answerScript(message, res, state);
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

async function answerScript(
  message: IncomingMessage,
  res: ServerResponse,
  state: SandboxState,
): Promise<void> {
  const body = await readBody(message);
  if (body === undefined) return;
  try {
    const script = parseScript(JSON.parse(body.text));
    state.faultQueue.add(script);
    answerJson(res, 200, { scripted: script.length });
  } catch (error) {
    if (!(error instanceof ScriptError) && !(error instanceof SyntaxError)) throw error;
    answerJson(res, 400, { status: 'error', message: error.message });
  }
}

function answerJson(res: ServerResponse, status: number, body: unknown): void {
  answer(res, status, JSON.stringify(body));
}
