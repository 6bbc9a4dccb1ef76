// The table of what Dialgraph must reach. A ratio compares figures of the same round; the median of all rounds counts.

import { contestants } from '../load/contestant.ts';
import { quantile, ratios, type Spread, spread } from '../load/statistics.ts';
import { type Results, samplesOf, wallOf } from './results.ts';

export interface Threshold {
  what: string;
  /** `atMost` if less is better, `atLeast` if more is. */
  atMost?: number;
  atLeast?: number;
  measure(results: Results): Spread;
}

export interface Verdict {
  threshold: Threshold;
  measured: Spread;
  passed: boolean;
}

const ours = 'dialgraph';

export const thresholds: readonly Threshold[] = [
  { what: 'wall / raw, 10,000 records, 0 ms', atMost: 1.9, measure: wallToRaw(0) },
  { what: 'wall / raw, 10,000 records, 20 ms', atMost: 1.25, measure: wallToRaw(20) },
  { what: 'wall / raw, 10,000 records, 100 ms', atMost: 1.06, measure: wallToRaw(100) },
  { what: 'gateway CPU a record / floor, 10,000 records, 0 ms', atMost: 1, measure: cpuTo('floor') },
  {
    what: 'p99 of small mutations beside one of 50,000 / idle, 20 ms',
    atMost: 1.5,
    measure({ fairness }) {
      const { busyP99, idleP99 } = samplesOf(fairness, ours);
      return spread(ratios(busyP99, idleP99));
    },
  },
  {
    what: 'upstream requests for 2,000 concurrent mutations of one record',
    atMost: 25,
    measure: ({ singles }) => spread(samplesOf(singles, ours).upstreamRequests),
  },
  {
    what: 'mutations of one record a second / best GraphQL peer',
    atLeast: 5,
    measure: ({ singles }) => {
      const peers = contestants.filter(({ name, role }) => role === 'peer' && singles.has(name));
      const best = Math.max(...peers.map(({ name }) => quantile(samplesOf(singles, name).perSecond, 0.5)));
      return spread(samplesOf(singles, ours).perSecond.map((value) => value / best));
    },
  },
  {
    what: 'peak memory after 50,000 records, MB',
    atMost: 200,
    measure: ({ memory }) => spread(samplesOf(memory, ours)),
  },
  {
    what: 'wall with an idempotency key / without, 10,000 records, 20 ms',
    atMost: 1.1,
    measure: ({ promises }) => spread(ratios(promises.withKeyMs, promises.withoutMs)),
  },
];

/** Dialgraph compared with a gateway that has the same rules. It is reported with the thresholds, and is not one itself. */
export const cpuToSameRules = cpuTo('floor-same-rules');

export function judge(results: Results): Verdict[] {
  return thresholds.map((threshold) => {
    const measured = threshold.measure(results);
    const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = threshold;
    return { threshold, measured, passed: measured.median <= atMost && measured.median >= atLeast };
  });
}

function wallToRaw(latencyMs: number) {
  return (results: Results): Spread => {
    const wall = wallOf(results, 10_000, latencyMs);
    return spread(ratios(samplesOf(wall, ours).wallMs, samplesOf(wall, 'raw').wallMs));
  };
}

function cpuTo(floor: string) {
  return (results: Results): Spread => {
    const wall = wallOf(results, 10_000, 0);
    return spread(ratios(samplesOf(wall, ours).cpuMicros, samplesOf(wall, floor).cpuMicros));
  };
}
