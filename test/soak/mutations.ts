// What the soak's caller wants: mutations of a few leads each, and how it behaves with each of them. Drawn from the seed
// alone. Each number occurs once in a run, so that the ledger tells exactly what was accepted of whom, and how often.

import type { CampaignRecordInput } from '../gql/graphql.ts';
import { createRandom, type Random } from './random.ts';

export const campaignName = 'Sales_Demo';
export const recordsPerMutation = 5;

export interface Lead {
  /** National digits: as the ledger has them. */
  readonly number: string;
  /** The dialer refuses a whole request for it. */
  readonly isBad: boolean;
  readonly record: CampaignRecordInput;
}

export interface PlannedMutation {
  readonly key: string;
  readonly leads: readonly Lead[];
  /** Whether, and when, the same key is sent again after its answer. */
  readonly replay: 'never' | 'during' | 'after';
  /** Hangs up after so long, and then sends the same again. */
  readonly hangsUpAfterMs: number | null;
  /** Sends it twice at the same time, as an impatient double click does. */
  readonly isDoubled: boolean;
}

const badShare = 0.03;
const hourMs = 3_600_000;

export function planMutations(seed: number, count: number, now: number): PlannedMutation[] {
  const random = createRandom(seed, 'mutations');
  return Array.from({ length: count }, (_, n) => {
    const first = n * recordsPerMutation;
    return {
      key: `soak-${seed}-${n}`,
      leads: Array.from({ length: recordsPerMutation }, (_, at) => createLead(seed, first + at, random, now)),
      replay: (['never', 'never', 'never', 'never', 'during', 'after'] as const)[random.below(6)] ?? 'never',
      hangsUpAfterMs: random.chance(0.03) ? random.below(300) : null,
      isDoubled: random.chance(0.02),
    };
  });
}

/** Leads that were not accepted, under a new key. */
export function planAgain(key: string, leads: readonly Lead[]): PlannedMutation {
  return { key, leads, replay: 'never', hangsUpAfterMs: null, isDoubled: false };
}

function createLead(seed: number, n: number, random: Random, now: number): Lead {
  const number = `98${String(10_000_000 + seed * 100_003 + n)}`;
  const isBad = random.chance(badShare);
  const written = [number, `+91${number}`, `0${number.slice(0, 5)} ${number.slice(5)}`];
  return {
    number,
    isBad,
    record: {
      reference: `lead-${seed}-${n}`,
      phoneNumber: written[random.below(written.length)] ?? number,
      scheduledTime: new Date(now + 24 * hourMs + random.below(600) * hourMs).toISOString(),
      name: isBad ? 'POISON' : `Lead ${n}`,
      ...(random.chance(0.3) && { priority: 1 + random.below(99) }),
      ...(random.chance(0.2) && { customFields: [{ header: 'City', value: 'Pune' }] }),
    },
  };
}
