// Whether an account could be dialed with: its dialer's name, the way there, and the key, as far as the dialect lets a key be
// proved without a row. Nothing is ever scheduled, and nothing is tried twice.

import { lookup } from 'node:dns/promises';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import type { DialectName } from '../upstream/contract.ts';
import type { Account, ChunkAnswer } from './chunk.ts';
import type { Guard } from './dialects/dialect.ts';
import { dialects } from './dialects/dialects.ts';
import { connectTimeoutMs } from './transport/deadlines.ts';
import { createHttpClient, type HttpClient, reasonOf } from './transport/http-client.ts';
import { createLocalState } from './transport/shared-state.ts';

/**
 * One thing that was looked at. `unproved`: nothing speaks against it, and it cannot be known from here. `warning`: it works,
 * and may not be what was meant.
 */
export interface Finding {
  verdict: 'ok' | 'failed' | 'unproved' | 'warning';
  /** What was looked at: a host, a setting. Never a secret. */
  subject: string;
  /** What was found, in a line. */
  text: string;
}

export interface CheckedAccount extends Account {
  auth: DialectName;
  timeoutMs: number;
}

/** Yields each finding as it is made, and ends with the first that failed: what comes after would fail for the same. */
export async function* checkDialer(
  account: CheckedAccount,
  { newToken }: { newToken: boolean },
): AsyncGenerator<Finding> {
  for (const step of [findHost, findWay]) {
    const finding = await step(new URL(account.url));
    yield finding;
    if (finding.verdict === 'failed') return;
  }
  const http = createHttpClient({ ...account, connections: 1 }, Date.now);
  try {
    yield await findAccount(account, http, newToken);
  } finally {
    await http.close();
  }
}

async function findHost({ hostname }: URL): Promise<Finding> {
  const subject = hostname;
  try {
    const addresses = await lookup(hostname.replace(/^\[(.*)\]$/, '$1'), { all: true });
    const text = `found at ${addresses.length === 1 ? '1 address' : `${addresses.length} addresses`}`;
    return { verdict: 'ok', subject, text };
  } catch (error) {
    return { verdict: 'failed', subject, text: reasonOf(error as Error) };
  }
}

async function findWay({ hostname, protocol, port }: URL): Promise<Finding> {
  const subject = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  try {
    const socket = await connect({ hostname, protocol, port });
    const text = wordsOf(socket);
    socket.destroy();
    return { verdict: 'ok', subject, text };
  } catch (error) {
    return { verdict: 'failed', subject, text: reasonOf(error as Error) };
  }
}

/** Connects as the service itself does. */
function connect(target: Pick<URL, 'hostname' | 'protocol' | 'port'>): Promise<Socket> {
  return new Promise((resolve, reject) => {
    buildConnector({ timeout: connectTimeoutMs })(target, (error, socket) =>
      error === null ? resolve(socket) : reject(error),
    );
  });
}

function wordsOf(socket: Socket): string {
  if (!(socket instanceof TLSSocket))
    return 'connected, without TLS: keys and numbers can be read on the way';
  const until = new Date(socket.getPeerCertificate().valid_to).toISOString().slice(0, 10);
  return `connected over ${socket.getProtocol()}, with a certificate that is good until ${until}`;
}

async function findAccount(account: CheckedAccount, http: HttpClient, newToken: boolean): Promise<Finding> {
  const { capabilities, connect } = dialects[account.auth];
  const guard: Guard = { request: async (request, read) => read(await http.exchange(request)) };
  const { checkKey } = connect(account, guard, createLocalState(), Date.now);
  if (checkKey === undefined)
    return unproved(
      `the ${account.auth} API answers about a key only where rows are sent; the first mutation will tell`,
    );
  if (capabilities.checkMakesToken && !newToken)
    return unproved(
      'only a new token proves it, and that voids the one that a running process has: check --new-token makes one',
    );
  const check = await checkKey();
  switch (check.kind) {
    case 'good': {
      const waiting = check.rows === 1 ? '1 row waits' : `${check.rows} rows wait`;
      return { verdict: 'ok', subject, text: `the dialer knows it and the user name; ${waiting} there` };
    }
    case 'null':
      return failed(`the dialer answers "null", as it does to ${suspectsOf(account)}`);
    case 'other':
      return readNo(check.answer, account);
    default:
      return check satisfies never;
  }
}

function readNo(answer: ChunkAnswer, account: CheckedAccount): Finding {
  switch (answer.kind) {
    case 'refused': {
      const said = `the dialer says ${JSON.stringify(answer.refusal.text)}`;
      const isAccount = answer.refusal.reason === 'account-or-campaign';
      return isAccount ? failed(`${said}: ${suspectsOf(account)}`) : unproved(said);
    }
    case 'throttled':
      return unproved(`the dialer wants fewer requests (${answer.text}); try again later`);
    case 'unavailable':
    case 'unknown':
      return failed(`no answer that can be read: ${answer.reason}`);
    case 'rows':
      return unproved('the dialer lists its rows in a way that cannot be read: what is lost stays unknown');
  }
}

const subject = 'key';

function failed(text: string): Finding {
  return { verdict: 'failed', subject, text };
}

function unproved(text: string): Finding {
  return { verdict: 'unproved', subject, text };
}

function suspectsOf({ auth }: CheckedAccount): string {
  const { accountSetting } = dialects[auth].capabilities;
  return `a wrong key or user name, or an account that is not set to ${accountSetting} there`;
}
