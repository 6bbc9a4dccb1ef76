// The scripted faults still to come, in order. A request meets the first one that matches it; each is used up
// after `times` requests, and one that lasts for ever therefore hides every later one for the same calls.
// A fault is taken when the request's head is in; one that waits for a campaign is matched once the body is, and
// faults queued behind it wait with it.

import type { CallKind } from './calls.ts';
import { checkFault, type ScriptedFault } from './faults.ts';

interface Queued {
  readonly scripted: ScriptedFault;
  left: number;
}

export class FaultQueue {
  #queue: Queued[] = [];

  add(scripted: readonly ScriptedFault[]): void {
    this.#queue.push(...scripted.map((fault) => ({ scripted: checkFault(fault), left: fault.times ?? 1 })));
  }

  clear(): void {
    this.#queue = [];
  }

  takeOnHead(kind: CallKind): ScriptedFault | undefined {
    const first = this.#queue.find(({ scripted }) => concerns(scripted, kind));
    return first === undefined || first.scripted.campaignName !== undefined ? undefined : this.#use(first);
  }

  takeOnBody(kind: CallKind, campaignName: string | null): ScriptedFault | undefined {
    const first = this.#queue.find(
      ({ scripted }) =>
        concerns(scripted, kind) &&
        (scripted.campaignName === undefined || scripted.campaignName === campaignName),
    );
    return first === undefined ? undefined : this.#use(first);
  }

  #use(queued: Queued): ScriptedFault {
    queued.left -= 1;
    if (queued.left <= 0) this.#queue = this.#queue.filter((other) => other !== queued);
    return queued.scripted;
  }
}

function concerns({ on = 'schedule' }: ScriptedFault, kind: CallKind): boolean {
  return on === 'any' || on === kind;
}
