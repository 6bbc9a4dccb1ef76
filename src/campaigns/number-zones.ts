// In which time zones a number may be: those of its longest prefix in the data of libphonenumber. Of a number that is bound to no
// place, such as most mobile ones, these are all zones of its country code. Numbers of no country, as of a satellite, have none.

import { type TimeZone, timeZone } from '../foundation/time-zone.ts';
import { numberZones } from './number-zones-data.ts';

/** A prefix, by the digits that may follow. */
interface Node {
  readonly next: (Node | undefined)[];
  zones: Zones | null;
}

/** To make a zone takes half a millisecond, and few of the 286 are ever needed. */
class Zones {
  readonly #names: string;
  #all: readonly TimeZone[] | undefined;

  constructor(names: string) {
    this.#names = names;
  }

  get all(): readonly TimeZone[] {
    this.#all ??= this.#names.split('&').map(timeZone);
    return this.#all;
  }
}

let root: Node | undefined;

/** The same list for all numbers that have the same zones; null where they are not known. */
export function zonesOfNumber(e164: string): readonly TimeZone[] | null {
  root ??= readPrefixes();
  let node: Node | undefined = root;
  let zones: Node['zones'] = null;
  // Behind the +.
  for (let n = 1; n < e164.length; n++) {
    node = node.next[e164.charCodeAt(n) - 48];
    if (node === undefined) break;
    zones = node.zones ?? zones;
  }
  return zones?.all ?? null;
}

/** Takes some milliseconds, and is needed only for hours on the recipient's clock. */
function readPrefixes(): Node {
  const top: Node = { next: [], zones: null };
  for (const line of numberZones.split('\n')) {
    const [names = '', prefixes = ''] = line.split(':');
    const zones = new Zones(names);
    for (const group of prefixes.split(' ')) {
      const [head = '', lastDigits = ''] = group.split('.');
      const node = nodeOf(top, head);
      if (lastDigits === '') node.zones = zones;
      for (const digit of lastDigits) nodeOf(node, digit).zones = zones;
    }
  }
  return top;
}

function nodeOf(top: Node, prefix: string): Node {
  let node = top;
  for (const digit of prefix) {
    const next = node.next[Number(digit)] ?? { next: [], zones: null };
    node.next[Number(digit)] = next;
    node = next;
  }
  return node;
}
