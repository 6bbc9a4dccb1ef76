// The sandbox's public face: an upstream of our own on a real socket. It keeps the upstream's contract, calls nobody, remembers
// exactly what it accepted and what became of it, and answers with scripted faults.
// It shares facts with the dialer client, but no code: the same mistake on both sides would not be noticed.
// Everything is in memory and ends with close(), hanging and half-open connections included.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { CampaignDefinitions } from '../config/campaigns.ts';
import type { CharacterRules } from '../config/fields.ts';
import { isTimeZone } from '../foundation/time-zone.ts';
import { Account, type Credentials } from './account.ts';
import { routes, type SeenRequest } from './calls.ts';
import { CampaignPositions, type WrongKeyAnswer } from './campaign-status.ts';
import { MovableClock } from './clock.ts';
import { advanceClock, resetState, setPosition } from './controls.ts';
import { demonstratedEntry, errorsDemo } from './errors-demo.ts';
import { answerCall, type SandboxState, type Target } from './exchange.ts';
import { FaultQueue } from './fault-queue.ts';
import { htmlPage } from './faults/fault.ts';
import type { ScriptedFault } from './faults.ts';
import { type FillTerms, fillLedger } from './fill.ts';
import { DoNotDisturbList, demoDoNotDisturb, handOverDue } from './hand-over.ts';
import { LateAcceptances } from './late-acceptances.ts';
import { Ledger, type LedgerRow } from './ledger.ts';
import { answerOwnRoute } from './own-routes.ts';
import type { Replay } from './replay.ts';

export type { SeenRequest } from './calls.ts';
export { type FaultName, faultNames, faults, type ScriptedFault } from './faults.ts';
export type { FillTerms } from './fill.ts';
export { demoDoNotDisturb } from './hand-over.ts';
export type { HandOver, LedgerRow } from './ledger.ts';

export interface SandboxOptions {
  /** @default '127.0.0.1' */
  readonly host?: string | undefined;
  /** @default 0: any free port */
  readonly port?: number | undefined;
  /** Epoch milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** The account's zone. @default 'Asia/Kolkata' */
  readonly timeZone?: string | undefined;
  /** How far ahead a row may be scheduled. @default undefined: no limit */
  readonly horizonDays?: number | undefined;
  /** How rows are replayed at their time; `replayed` in the ledger has what that changes. @default 'encoded' */
  readonly replay?: Replay | undefined;
  /** Whether a row's Name may have any character, or only those that the vendor allows. @default 'any' */
  readonly nameCharacters?: CharacterRules['nameCharacters'] | undefined;
  /** What a wrong key is told that asks for a campaign's status. @default 'invalid-user' */
  readonly wrongKey?: WrongKeyAnswer | undefined;
  /** @default 'sandbox-key' */
  readonly apiKey?: string | undefined;
  /** @default 'sandbox' */
  readonly userName?: string | undefined;
  /** @default demoCampaigns */
  readonly campaigns?: CampaignDefinitions | undefined;
  /** Numbers that are refused when their rows are handed over, with or without a country code. @default demoDoNotDisturb */
  readonly doNotDisturb?: readonly string[] | undefined;
  /** How long an idle connection is kept. @default Node's 5 seconds */
  readonly keepAliveTimeoutMs?: number | undefined;
  /** Serves https, with a key and a certificate in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

export interface Sandbox {
  /** Such as http://127.0.0.1:4001, without a slash at its end. */
  readonly url: string;
  readonly account: Credentials;
  readonly campaigns: CampaignDefinitions;
  /** Every row accepted, in order of acceptance, and what became of it by now. Live: it grows, and reset() empties it. */
  readonly ledger: readonly LedgerRow[];
  /** Every upstream call seen, in order of arrival. Live, as the ledger is. */
  readonly requests: readonly SeenRequest[];
  readonly tokensGenerated: number;
  /** Queues faults, each for the next requests that it concerns. Throws a ScriptError for a wrong one. */
  script(...faults: readonly ScriptedFault[]): void;
  /** Moves the clock forwards, for good until reset(), and hands over what is due by then. Throws a RangeError for less than 0. */
  advance(ms: number): void;
  /**
   * Sets what `campaignStatus` says of a campaign, until the next row is handed over. Any word will do. Throws a RangeError for
   * an unknown campaign.
   */
  setPosition(campaignName: string, position: string): void;
  /** Accepts so many rows at once, each with a number and a second of its own. Throws a RangeError for terms that cannot be met. */
  fill(count: number, terms?: FillTerms): void;
  /**
   * Forgets rows, acceptances still to come, requests, faults, positions and the hour's tokens, and sets the clock back. The
   * current token stays valid.
   */
  reset(): void;
  /** Ends every connection and stops listening. May be called again. */
  close(): Promise<void>;
}

/** The port of a sandbox that people look at. */
export const usualPort = 4001;

const salesHeaders = ['Name', 'Priority', 'ExpiryDate', 'AgentID', 'skill', 'City', 'LeadSource'];

export const demoCampaigns: CampaignDefinitions = {
  Sales_Demo: { headers: salesHeaders },
  Agents_Demo: { headers: ['Name', 'Priority', 'ExpiryDate', 'AgentID', 'City'], routing: 'agent-wise' },
  Skills_Demo: { headers: ['Name', 'Priority', 'ExpiryDate', 'skill', 'City'], routing: 'skill-wise' },
  [errorsDemo]: { headers: salesHeaders },
};

/** Starts a sandbox. Rejects when the port is taken (the system's error) or the zone unknown (a RangeError). */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', now = Date.now, campaigns = demoCampaigns, tls } = options;
  const sockets = new Sockets();
  const state = createState(options, now, campaigns, sockets);
  const server = createListener(state, sockets, tls);
  // A scripted silence lasts until the client gives up, so the server itself must never time out.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  if (options.keepAliveTimeoutMs !== undefined) server.keepAliveTimeout = options.keepAliveTimeoutMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

  let closed: Promise<void> | undefined;
  return {
    url: urlOf(server.address() as AddressInfo, tls === undefined ? 'http' : 'https'),
    account: state.account.credentials,
    campaigns,
    get ledger() {
      handOverDue(state);
      return state.ledger.rows;
    },
    requests: state.requests,
    get tokensGenerated() {
      return state.account.tokensGenerated;
    },
    script: (...faults) => state.faultQueue.add(faults),
    advance: (ms) => advanceClock(ms, state),
    setPosition: (campaignName, position) => setPosition(campaignName, position, state),
    fill: (count, terms = {}) => fillLedger(count, terms, state),
    reset: () => resetState(state),
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        sockets.destroy();
        state.lateAcceptances.cancel();
      });
      return closed;
    },
  };
}

function createState(
  options: SandboxOptions,
  source: () => number,
  campaigns: CampaignDefinitions,
  sockets: Sockets,
): SandboxState {
  const { timeZone = 'Asia/Kolkata', horizonDays, apiKey = 'sandbox-key', userName = 'sandbox' } = options;
  if (!isTimeZone(timeZone)) throw new RangeError(`${timeZone} is not a time zone of the IANA data base`);
  const clock = new MovableClock(source);
  return {
    clock,
    campaigns: new Map(Object.entries(campaigns)),
    ledger: new Ledger(),
    positions: new CampaignPositions(),
    doNotDisturb: new DoNotDisturbList(options.doNotDisturb ?? demoDoNotDisturb),
    account: new Account({ apiKey, userName }, clock.now),
    faultQueue: new FaultQueue(),
    lateAcceptances: new LateAcceptances(),
    requests: [],
    timeZone,
    horizonDays,
    replay: options.replay ?? 'encoded',
    nameCharacters: options.nameCharacters ?? 'any',
    wrongKey: options.wrongKey ?? 'invalid-user',
    now: clock.now,
    ownEntry: demonstratedEntry,
    reset: (socket) => sockets.reset(socket),
  };
}

function createListener(state: SandboxState, sockets: Sockets, tls: SandboxOptions['tls']): Server {
  const handle = (message: IncomingMessage, res: ServerResponse) => {
    const target = targetOf(message.url ?? '/');
    res.setHeader('date', new Date(state.now()).toUTCString());
    const route = routes.get(target.path);
    const answering =
      route === undefined
        ? answerOwnRoute(target, message, res, state)
        : answerCall(route, target, message, res, state);
    answering.catch((error: unknown) => {
      console.error('The sandbox failed to answer:', error);
      message.socket.destroy();
    });
  };
  // Node refuses a head over 16 KB; a URL that is too long must get the upstream's answer instead.
  const settings = { maxHeaderSize: 1024 * 1024 };
  const server =
    tls === undefined ? createServer(settings, handle) : createTlsServer({ ...settings, ...tls }, handle);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('clientError', refuseUnreadable);
  return server;
}

function targetOf(url: string): Target {
  const at = url.indexOf('?');
  return {
    path: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? '' : url.slice(at + 1),
    length: url.length,
  };
}

function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket | { destroy(): unknown }): void {
  if (!('writable' in socket) || !socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '414 Request-URI Too Large' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n${htmlPage(status)}`);
}

function urlOf({ address, family, port }: AddressInfo, scheme: string): string {
  const everywhere = address === '0.0.0.0' || address === '::';
  const shown = everywhere ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `${scheme}://${shown}:${port}`;
}

/** Every TCP connection, those below TLS included: a TLS socket cannot send a RST, and close() must end all of them. */
class Sockets {
  #open = new Map<string, Socket>();

  add(socket: Socket): void {
    const peer = peerOf(socket);
    this.#open.set(peer, socket);
    socket.once('close', () => {
      if (this.#open.get(peer) === socket) this.#open.delete(peer);
    });
  }

  reset(socket: Socket): void {
    (this.#open.get(peerOf(socket)) ?? socket).resetAndDestroy();
  }

  destroy(): void {
    for (const socket of this.#open.values()) socket.destroy();
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
