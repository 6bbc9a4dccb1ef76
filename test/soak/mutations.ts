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

/** What its caller wants of those of its leads that were scheduled, once all have been told. */
export interface PlannedChange {
  readonly key: string;
  /** `cancel-number`: by number and campaign, for the first of them alone. */
  readonly what: 'cancel' | 'cancel-number' | 'reschedule';
  /** Of all its leads; no other mutation of the run has it. */
  readonly time: string;
  /** To which they are rescheduled. */
  readonly newTime: string;
  readonly hangsUpAfterMs: readonly number[];
  readonly doubledAfterMs: number | null;
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
  readonly change: PlannedChange | null;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;
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

/** Of the short mutations. */
const changedShare = 0.4;

/** `changes`: whether some of what is scheduled is to be cancelled or rescheduled afterwards. */
export function planMutations(seed: number, count: number, now: number, changes = false): PlannedMutation[] {
  const random = createRandom(seed, 'mutations');
  const changing = createRandom(seed, 'changes');
  let leads = 0;
  let longAt = 0;
  return Array.from({ length: count }, (_, n) => {
    if (n % longListEvery === 0) longAt = n + random.below(longListEvery);
    const kind = n === longAt ? many : random.chance(0.1) ? some : few;
    const key = `soak-${seed}-${n}`;
    const change = changes && kind !== many ? planChange(key, n, kind, changing, now) : null;
    return {
      key,
      leads: Array.from({ length: lengthOf(kind, random) }, () =>
        createLead(seed, leads++, kind, random, now, change?.time),
      ),
      change,
      hangsUpAfterMs: random.chance(kind.hangUps)
        ? Array.from({ length: 1 + random.below(2) }, () => random.below(kind.patienceMs))
        : [],
      doubledAfterMs: random.chance(kind.doubles) ? random.below(2) * random.below(kind.patienceMs) : null,
      isReplayed: random.chance(0.3),
    };
  });
}

function planChange(key: string, n: number, kind: Kind, random: Random, now: number): PlannedChange | null {
  const isPlanned = random.chance(changedShare);
  const what =
    (['cancel', 'reschedule', 'reschedule', 'cancel-number'] as const)[random.below(4)] ?? 'cancel';
  const first = Math.floor(now / minuteMs) * minuteMs + (n + 1) * minuteMs;
  const change = {
    key: `${key}-${what}`,
    what,
    time: new Date(first + 2 * 24 * hourMs).toISOString(),
    newTime: new Date(first + 27 * 24 * hourMs).toISOString(),
    hangsUpAfterMs: random.chance(kind.hangUps * 2) ? [random.below(kind.patienceMs)] : [],
    doubledAfterMs: random.chance(kind.doubles * 2) ? random.below(kind.patienceMs) : null,
  };
  return isPlanned ? change : null;
}

/** As many short ones as long ones, by their orders of magnitude. */
function lengthOf({ shortest, longest }: Kind, random: Random): number {
  return Math.round(shortest * (longest / shortest) ** random.next());
}

function createLead(
  seed: number,
  n: number,
  { badShare }: Kind,
  random: Random,
  now: number,
  time?: string,
): Lead {
  const number = `98${String(10_000_000 + n)}`;
  const written = [number, `+91${number}`, `0${number.slice(0, 5)} ${number.slice(5)}`];
  const phoneNumber = written[random.below(written.length)] ?? number;
  const drawn = new Date(now + 24 * hourMs + random.below(600) * hourMs).toISOString();
  return {
    number,
    record: {
      reference: `lead-${seed}-${n}`,
      phoneNumber,
      scheduledTime: time ?? drawn,
      name: random.chance(badShare) ? 'POISON' : `Lead ${n}`,
      ...(random.chance(0.3) && { priority: 1 + random.below(99) }),
      ...(random.chance(0.2) && { customFields: [{ header: 'City', value: 'Pune' }] }),
    },
  };
}
