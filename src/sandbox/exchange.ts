// One upstream call, from its head to its answer. The steps: remember it; refuse a wrong method or a long URL, as the upstream's
// web server does; act on its head, where a fault does; read its body, and refuse a long one; decide; act as a fault of the
// body says, or commit and answer.
// The decision and its commit happen in one tick, so that the ledger depends neither on how long an answer takes nor on whether
// anybody still waits for it. A call that is accepted late is decided again in the tick that commits it. Rows whose time has come
// are handed over before each decision.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { headers } from '../upstream/contract.ts';
import type { Account } from './account.ts';
import {
  type Call,
  type CallKind,
  type Mutable,
  maxBodyBytes,
  maxUrlLength,
  type Route,
  readBody,
  type SeenRequest,
} from './calls.ts';
import { decideRemoval } from './campaign-data.ts';
import { decideCampaignStatus, type WrongKeyAnswer } from './campaign-status.ts';
import type { MovableClock } from './clock.ts';
import type { Decision } from './decision.ts';
import { demonstratedFault } from './errors-demo.ts';
import type { FaultQueue } from './fault-queue.ts';
import { answer, answerInPieces, type FaultContext, html, htmlPage, pause } from './faults/fault.ts';
import { faults, type ScriptedFault } from './faults.ts';
import { type HandOverRules, handOverDue } from './hand-over.ts';
import type { LateAcceptances } from './late-acceptances.ts';
import { decideSchedule, type ScheduleCall, type ScheduleRules } from './schedule.ts';
import { decideDelete, decideScheduledData } from './scheduled-data.ts';
import { scheduleCallOfV1 } from './v1.ts';
import { decideToken, jsonBody, scheduleCallOfV2, textOf } from './v2.ts';

/** Everything that the sandbox knows and remembers. */
export interface SandboxState extends ScheduleRules, HandOverRules {
  readonly clock: MovableClock;
  readonly account: Account;
  readonly faultQueue: FaultQueue;
  readonly lateAcceptances: LateAcceptances;
  readonly requests: Mutable<SeenRequest>[];
  readonly wrongKey: WrongKeyAnswer;
  /** Resets a request's connection. With TLS that is the socket below the one of the request. */
  reset(socket: Socket): void;
}

/** When a late acceptance comes, unless the script says: after a reset has reached the client, and soon enough for a test. */
const defaultLatenessMs = 50;

export interface Target {
  readonly path: string;
  readonly query: string;
  readonly length: number;
}

export async function answerCall(
  route: Route,
  target: Target,
  message: IncomingMessage,
  res: ServerResponse,
  state: SandboxState,
): Promise<void> {
  const { socket } = message;
  const seen = remember(state.requests, route.kind, route.dialect, target, message);
  if (!route.methods.includes(seen.method)) {
    answer(res, 405, JSON.stringify({ status: 'error', message: 'Method not allowed' }), {
      allow: route.methods.join(', '),
    });
    return;
  }
  if (target.length > maxUrlLength) {
    answer(res, 414, htmlPage('414 Request-URI Too Large'), { 'content-type': html });
    return;
  }

  const onHead = state.faultQueue.takeOnHead(route.kind);
  const connection = { res, socket, reset: () => state.reset(socket) };
  if (onHead !== undefined) {
    seen.fault = onHead.fault;
    const fault = faults[onHead.fault];
    if (fault.stage === 'head') {
      await pause(connection, onHead.latencyMs ?? 0);
      fault.act({ ...connection, terms: onHead });
      return;
    }
  }

  const body = await readBody(message);
  if (body === undefined) return;
  seen.bodyBytes = body.bytes;
  if (body.bytes > maxBodyBytes) {
    answer(res, 413, htmlPage('413 Request Entity Too Large'), { 'content-type': html });
    return;
  }
  const call: Call = { message, query: target.query, body: body.text, requestNumber: seen.number };
  const decideNow = () => decide(route, call, seen, state);
  const { decision, phoneNumber, demonstrated } = decideNow();
  const scripted = onHead ?? state.faultQueue.takeOnBody(route.kind, seen.campaignName) ?? demonstrated;
  if (scripted === undefined) {
    decision.commit();
    return answerDecision(res, decision);
  }
  seen.fault = scripted.fault;
  const context = contextOf(decision, {
    ...connection,
    terms: scripted,
    credentials: state.account.credentials,
    campaignName: seen.campaignName ?? '',
    phoneNumber,
    now: state.now(),
  });
  const acceptLater = () =>
    state.lateAcceptances.add(scripted.latencyMs ?? defaultLatenessMs, () => decideNow().decision.commit());
  await applyFault(scripted, context, decision, acceptLater);
}

async function answerDecision(res: ServerResponse, decision: Decision): Promise<void> {
  if (decision.pieces === undefined) answer(res, 200, JSON.stringify(decision.reply));
  else await answerInPieces(res, decision.pieces());
}

function contextOf(decision: Decision, known: Omit<FaultContext, 'reply' | 'acceptedRows'>): FaultContext {
  return {
    ...known,
    // Not read before a fault asks for it: a long list is made only then.
    get reply() {
      return decision.reply;
    },
    acceptedRows: decision.rows === 0 ? Infinity : Math.floor(decision.rows / 2),
  };
}

/** Remembers what the head of a request tells. */
export function remember(
  requests: Mutable<SeenRequest>[],
  kind: CallKind | 'redirected',
  dialect: Route['dialect'],
  target: Target,
  message: IncomingMessage,
): Mutable<SeenRequest> {
  const bearer = message.headers.authorization !== undefined;
  const key = message.headers.apikey !== undefined || (dialect === 'v1' && kind === 'schedule');
  const seen: Mutable<SeenRequest> = {
    number: requests.length + 1,
    method: message.method ?? '',
    path: target.path,
    kind,
    dialect,
    campaignName: null,
    rows: 0,
    map: [],
    urlLength: target.length,
    bodyBytes: 0,
    auth: bearer ? 'token' : key ? 'apiKey' : null,
    fault: null,
    remotePort: message.socket.remotePort ?? 0,
  };
  requests.push(seen);
  return seen;
}

/** Decides a call, and remembers its campaign and its rows. */
function decide(
  route: Route,
  call: Call,
  seen: Mutable<SeenRequest>,
  state: SandboxState,
): { decision: Decision; phoneNumber: string; demonstrated?: ScriptedFault | undefined } {
  handOverDue(state);
  if (route.kind === 'schedule') {
    const read = route.dialect === 'v1' ? scheduleCallOfV1 : scheduleCallOfV2;
    const scheduleCall = read(call, state.account);
    const decision = decideSchedule(scheduleCall, state);
    const { bulkData } = scheduleCall;
    // A request that is refused anyway gets that answer.
    const demonstrated =
      typeof bulkData === 'object' && decision.rows > 0
        ? demonstratedFault(scheduleCall.campaignName, bulkData)
        : undefined;
    return { decision, phoneNumber: rememberRows(scheduleCall, seen), demonstrated };
  }
  const { campaignName, phoneNumber, rowId } = jsonBody(call.body) ?? {};
  if (typeof campaignName === 'string') seen.campaignName = campaignName;
  if (route.kind === 'deleteScheduledData') seen.rowId = textOf(rowId);
  return { decision: decideOther(route.kind, call, state), phoneNumber: textOf(phoneNumber) };
}

function decideOther(kind: Exclude<CallKind, 'schedule'>, call: Call, state: SandboxState): Decision {
  const { account, ledger, campaigns, positions, timeZone } = state;
  switch (kind) {
    case 'token':
      return decideToken(call, account);
    case 'scheduledData':
      return decideScheduledData(call, account, ledger, timeZone);
    case 'deleteScheduledData':
      return decideDelete(call, account, ledger);
    case 'deleteCampaignData':
      return decideRemoval(call, account, ledger, campaigns);
    case 'campaignStatus':
      return decideCampaignStatus(call, account, campaigns, positions, state.wrongKey);
  }
}

/** Returns the first row's number. */
function rememberRows({ campaignName, bulkData }: ScheduleCall, seen: Mutable<SeenRequest>): string {
  seen.campaignName = campaignName;
  if (typeof bulkData === 'string') return '';
  seen.rows = bulkData.data.length;
  seen.map = bulkData.map;
  return bulkData.data[0]?.[bulkData.map.indexOf(headers.phoneNumber)] ?? '';
}

async function applyFault(
  scripted: ScriptedFault,
  context: FaultContext,
  decision: Decision,
  acceptLater: () => void,
): Promise<void> {
  const fault = faults[scripted.fault];
  if (fault.accepts === true) decision.commit();
  if (fault.accepts === 'partly') decision.commit(context.acceptedRows);
  if (fault.accepts === 'later') acceptLater();
  const waits = fault.ownsLatency !== true && scripted.latencyMs !== undefined;
  if (waits && !(await pause(context, scripted.latencyMs ?? 0))) return;
  await fault.act(context);
}
