// What a test, or a person at the page, can do to a sandbox: reset it, move its clock, set a campaign's position, fill it, script
// faults. Each does everything or, where its terms are wrong, nothing: a RangeError or a ScriptError says why.

import { wallClock } from './clock.ts';
import type { SandboxState } from './exchange.ts';
import { parseScript, ScriptError } from './faults.ts';
import { fillLedger } from './fill.ts';
import { handOverDue } from './hand-over.ts';

/** Forgets everything but the current token. The clock is again the one that the sandbox was given. */
export function resetState(state: SandboxState): void {
  const { ledger, requests, faultQueue, lateAcceptances, account, clock, positions } = state;
  lateAcceptances.cancel();
  ledger.clear();
  requests.length = 0;
  faultQueue.clear();
  account.reset();
  clock.reset();
  positions.clear();
}

/** Moves the clock forwards, and hands over what comes due on the way. */
export function advanceClock(ms: number, state: SandboxState): void {
  state.clock.advance(ms);
  handOverDue(state);
}

/** Sets what `campaignStatus` says of a campaign, until a row that is handed over starts it again. */
export function setPosition(campaignName: string, position: string, state: SandboxState): void {
  if (!state.campaigns.has(campaignName))
    throw new RangeError(`${campaignName} is no campaign of the sandbox`);
  handOverDue(state);
  state.positions.set(campaignName, position);
}

type Body = Readonly<Record<string, unknown>>;
export type Control = (body: Body, state: SandboxState) => unknown;

/** By path: what each is told in its body, and what it answers. All are POSTs. */
export const controls: ReadonlyMap<string, Control> = new Map<string, Control>([
  ['/sandbox/reset', reset],
  ['/sandbox/script', script],
  ['/sandbox/clock', moveClock],
  ['/sandbox/position', position],
  ['/sandbox/fill', fill],
]);

/** Takes no body. */
function reset(_body: unknown, state: SandboxState): unknown {
  resetState(state);
  return { reset: true };
}

/** Takes an array of faults, as `Sandbox.script` does. */
function script(body: unknown, { faultQueue }: SandboxState): unknown {
  const faults = parseScript(body);
  faultQueue.add(faults);
  return { scripted: faults.length };
}

/** Takes {"advanceMs": 3600000}. */
function moveClock({ advanceMs }: Body, state: SandboxState): unknown {
  advanceClock(Number(advanceMs ?? Number.NaN), state);
  return { now: state.now(), wallClock: wallClock(state.now(), state.timeZone) };
}

/** Takes {"campaignName": "Sales_Demo", "position": "COMPLETED"}. */
function position({ campaignName, position }: Body, state: SandboxState): unknown {
  if (typeof position !== 'string') throw new ScriptError('A position is a text');
  setPosition(String(campaignName), position, state);
  return { campaignName, position };
}

/** Takes {"count": 100000}, and what `FillTerms` has. */
function fill({ count, campaignName, scheduledTime }: Body, state: SandboxState): unknown {
  const textOrNone = (term: unknown) => (term === undefined ? undefined : String(term));
  fillLedger(
    Number(count),
    { campaignName: textOrNone(campaignName), scheduledTime: textOrNone(scheduledTime) },
    state,
  );
  return { accepted: state.ledger.rows.length };
}
