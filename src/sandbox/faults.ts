// The table of every fault by name, and the reading of a script that names them.
// A script with a mistake anywhere is refused as a whole, with a sentence that names it: a fault that never acts would let a test
// pass that tests nothing.

import { callKinds } from './calls.ts';
import { encodings } from './faults/encodings.ts';
import { entries } from './faults/entries.ts';
import type { Fault, FaultTarget, FaultTerms } from './faults/fault.ts';
import { noise } from './faults/noise.ts';
import { oddAnswers } from './faults/odd-answers.ts';
import { refusals } from './faults/refusals.ts';
import { silence } from './faults/silence.ts';
import { wire } from './faults/wire.ts';

const table = {
  ...silence,
  ...refusals,
  ...wire,
  ...encodings,
  ...noise,
  ...entries,
  ...oddAnswers,
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof table;

/** Every fault: when it acts, whether it accepts rows, and what it does. */
export const faults: Readonly<Record<FaultName, Fault>> = table;
export const faultNames = Object.keys(table) as readonly FaultName[];

export interface ScriptedFault extends FaultTerms {
  readonly fault: FaultName;
}

export class ScriptError extends Error {}

const targets: readonly FaultTarget[] = [...callKinds, 'any'];

/** Checks a script as it arrives over HTTP, where `null` or "always" stands for Infinity. Throws a ScriptError. */
export function parseScript(value: unknown): ScriptedFault[] {
  if (!Array.isArray(value)) throw new ScriptError('A script is a JSON array of faults');
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null) throw new ScriptError('A scripted fault is an object');
    const { times, ...terms } = item as Record<string, unknown>;
    const always = times === null || times === 'always';
    return checkFault({ ...terms, ...(times === undefined ? {} : { times: always ? Infinity : times }) });
  });
}

/** Checks one fault's name and terms. Throws a ScriptError that names the wrong one. */
export function checkFault(value: object): ScriptedFault {
  for (const [name, term] of Object.entries(value)) {
    const check = Object.hasOwn(checks, name) ? checks[name as keyof ScriptedFault] : undefined;
    if (check === undefined) throw new ScriptError(`A scripted fault has no ${JSON.stringify(name)}`);
    if (term !== undefined && !check(term))
      throw new ScriptError(`${JSON.stringify(term)} is no ${name} of a scripted fault`);
  }
  if (!('fault' in value)) throw new ScriptError('A scripted fault names its fault');
  return value as ScriptedFault;
}

const checks: Record<keyof ScriptedFault, (term: unknown) => boolean> = {
  fault: (term) => typeof term === 'string' && Object.hasOwn(table, term),
  times: (term) => term === Infinity || (Number.isInteger(term) && Number(term) >= 1),
  latencyMs: (term) => typeof term === 'number' && term >= 0 && Number.isFinite(term),
  on: (term) => targets.includes(term as FaultTarget),
  campaignName: isText,
  status: (term) => Number.isInteger(term) && Number(term) >= 200 && Number(term) <= 599,
  retryAfter: (term) => isText(term) || typeof term === 'number',
  text: isText,
  body: isText,
  headers: (term) => typeof term === 'object' && term !== null && Object.values(term).every(isText),
};

function isText(term: unknown): boolean {
  return typeof term === 'string';
}
