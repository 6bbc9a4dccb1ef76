// What the soak's callers want: mutations of a few leads and of thousands, and how their callers behave. Drawn from the seed
// alone. Each number occurs once in a run, so that the ledger tells exactly what was accepted of whom, and how often.

import type { CampaignRecordInput } from '../gql/graphql.ts';
import { createRandom, type Random } from './random.ts';

export const campaignName = 'Sales_Demo';

export interface Lead {
  /** National digits: as the ledger has them. */
  readonly number: string;
  readonly record: CampaignRecordInput;
}

export interface PlannedMutation {
  readonly key: string;
  readonly leads: readonly Lead[];
  /** How long its caller waits before it hangs up and sends the same again, try by try; then it is patient. */
  readonly hangsUpAfterMs: readonly number[];
  /** When the same is sent a second time, while the first may be under way: a double click, or a job that starts twice. */
  readonly doubledAfterMs: number | null;
  /** Whether it is sent again some seconds after its answer. */
  readonly isReplayed: boolean;
}

const hourMs = 3_600_000;
/** One in so many mutations is a long list, so that each run has its share of takeovers in mid-list. */
const longListEvery = 25;

interface Kind {
  readonly shortest: number;
  readonly longest: number;
  /** Of its leads that the dialer refuses a whole request for. */
  readonly badShare: number;
  readonly hangUps: number;
  readonly doubles: number;
  /** What a caller waits at most before it hangs up, or sends a second time. */
  readonly patienceMs: number;
}

const few: Kind = { shortest: 1, longest: 20, badShare: 0.03, hangUps: 0.1, doubles: 0.1, patienceMs: 400 };
const some: Kind = {
  shortest: 21,
  longest: 600,
  badShare: 0.005,
  hangUps: 0.2,
  doubles: 0.2,
  patienceMs: 1500,
};
const many: Kind = {
  ...{ shortest: 1000, longest: 10_000, badShare: 0.0003 },
  ...{ hangUps: 0.4, doubles: 0.6, patienceMs: 6000 },
};

export function planMutations(seed: number, count: number, now: number): PlannedMutation[] {
  const random = createRandom(seed, 'mutations');
  let leads = 0;
  let longAt = 0;
  return Array.from({ length: count }, (_, n) => {
    if (n % longListEvery === 0) longAt = n + random.below(longListEvery);
    const kind = n === longAt ? many : random.chance(0.1) ? some : few;
    return {
      key: `soak-${seed}-${n}`,
      leads: Array.from({ length: lengthOf(kind, random) }, () =>
        createLead(seed, leads++, kind, random, now),
      ),
      hangsUpAfterMs: random.chance(kind.hangUps)
        ? Array.from({ length: 1 + random.below(2) }, () => random.below(kind.patienceMs))
        : [],
      doubledAfterMs: random.chance(kind.doubles) ? random.below(2) * random.below(kind.patienceMs) : null,
      isReplayed: random.chance(0.3),
    };
  });
}

/** As many short ones as long ones, by their orders of magnitude. */
function lengthOf({ shortest, longest }: Kind, random: Random): number {
  return Math.round(shortest * (longest / shortest) ** random.next());
}

function createLead(seed: number, n: number, { badShare }: Kind, random: Random, now: number): Lead {
  const number = `98${String(10_000_000 + n)}`;
  const written = [number, `+91${number}`, `0${number.slice(0, 5)} ${number.slice(5)}`];
  return {
    number,
    record: {
      reference: `lead-${seed}-${n}`,
      phoneNumber: written[random.below(written.length)] ?? number,
      scheduledTime: new Date(now + 24 * hourMs + random.below(600) * hourMs).toISOString(),
      name: random.chance(badShare) ? 'POISON' : `Lead ${n}`,
      ...(random.chance(0.3) && { priority: 1 + random.below(99) }),
      ...(random.chance(0.2) && { customFields: [{ header: 'City', value: 'Pune' }] }),
    },
  };
}
