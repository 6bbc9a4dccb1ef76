// What a test, or a person at the page, can do to a sandbox: reset it, move its clock, set a campaign's position, fill it, script
// faults. Each does everything or, where its terms are wrong, nothing: a RangeError or a ScriptError says why.

import { wallClock } from './clock.ts';
import type { SandboxState } from './exchange.ts';
import { parseScript, ScriptError } from './faults.ts';
import { type FillTerms, fillLedger } from './fill.ts';
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

export type Control = (body: Readonly<Record<string, unknown>>, state: SandboxState) => unknown;

/** By path: what each is told in its body, and what it answers. All are POSTs. */
export const controls: Readonly<Record<string, Control>> = {
  /** No body. */
  '/sandbox/reset': (_body, state) => {
    resetState(state);
    return { reset: true };
  },
  /** An array of faults, as `Sandbox.script` takes them. */
  '/sandbox/script': (body, { faultQueue }) => {
    const script = parseScript(body);
    faultQueue.add(script);
    return { scripted: script.length };
  },
  /** {"advanceMs": 3600000} */
  '/sandbox/clock': ({ advanceMs }, state) => {
    advanceClock(Number(advanceMs ?? Number.NaN), state);
    return { now: state.now(), wallClock: wallClock(state.now(), state.timeZone) };
  },
  /** {"campaignName": "Sales_Demo", "position": "COMPLETED"} */
  '/sandbox/position': ({ campaignName, position }, state) => {
    if (typeof position !== 'string') throw new ScriptError('A position is a text');
    setPosition(String(campaignName), position, state);
    return { campaignName, position };
  },
  /** {"count": 100000}, and what `FillTerms` has. */
  '/sandbox/fill': ({ count, ...terms }, state) => {
    fillLedger(Number(count), terms as FillTerms, state);
    return { accepted: state.ledger.rows.length };
  },
};
