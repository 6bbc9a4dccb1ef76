// The scripted faults that are still to come, in order. A request gets the first one that concerns its call and its campaign.
// States of a fault: queued (added) → gone (it has answered `times` requests, or the queue is cleared). A fault whose times are
// infinite therefore hides every later one for the same calls.
// A request is matched when its head has arrived; but if the first fault for its call names a campaign, when its body has arrived.
// Faults behind that one then act after the body too, those of the head included.

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
