// The table of what Dialgraph must reach. A ratio compares figures of the same round; the median of all rounds counts.

import { contestants, onServerName } from '../load/contestant.ts';
import { leastFifth, quantile, ratios, type Spread, spread } from '../load/statistics.ts';
import type { WallResults, WallSamples } from '../scenarios/wall.ts';
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
  ...[[0, 3.4] as const, [20, 1.18] as const, [100, 1.03] as const].map(([latencyMs, atMost]) => ({
    what: `wall / raw, 10,000 records, ${latencyMs} ms`,
    atMost,
    measure: (results: Results) => wallTo('raw', results, 10_000, latencyMs),
  })),
  ...[
    [1, 0, 1.4] as const,
    [1, 20, 1.05] as const,
    [100, 20, 1.05] as const,
    [1000, 20, 1] as const,
    [10_000, 0, 0.9] as const,
    [10_000, 20, 0.95] as const,
    [50_000, 20, 0.88] as const,
  ].map(([records, latencyMs, atMost]) => ({
    what: `wall / best GraphQL peer, ${records.toLocaleString('en')} records, ${latencyMs} ms`,
    atMost,
    measure: (results: Results) => toBestPeer(wallOf(results, records, latencyMs), ({ wallMs }) => wallMs),
  })),
  {
    what: 'gateway CPU a record / floor, 10,000 records, 0 ms',
    atMost: 1.5,
    measure: cpuTo('floor'),
  },
  {
    what: 'gateway CPU a record / best GraphQL peer, 10,000 records, 0 ms',
    atMost: 0.85,
    measure: (results) => toBestPeer(wallOf(results, 10_000, 0), ({ cpuMicros }) => cpuMicros),
  },
  {
    what: 'p99 of small mutations beside one of 50,000 / idle, 20 ms',
    atMost: 1.25,
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
    atLeast: 9,
    measure: ({ singles }) => {
      const best = Math.max(
        ...peersOf(singles).map((name) => quantile(samplesOf(singles, name).perSecond, 0.5)),
      );
      return spread(samplesOf(singles, ours).perSecond.map((value) => value / best));
    },
  },
  {
    what: 'peak memory after 50,000 records, MB, the embedded database included',
    atMost: 195,
    measure: ({ memory }) => spread(samplesOf(memory, ours)),
  },
  {
    what: 'peak memory after 50,000 records, MB, on a PostgreSQL server',
    atMost: 195,
    measure: ({ memory }) => spread(samplesOf(memory, onServerName)),
  },
  {
    what: 'wall with an idempotency key / without, 10,000 records, 20 ms',
    atMost: 1.1,
    measure: ({ promises }) => spread(ratios(promises.withKeyMs, promises.withoutMs)),
  },
  {
    what: 'p99 of validateCampaignData of one record / of { __typename }, the least fifth of the rounds',
    atMost: 1.3,
    measure: ({ validation: { validationP99, typenameP99 } }) =>
      spread([leastFifth(validationP99) / leastFifth(typenameP99)]),
  },
  {
    what: 'a file of 1,000,000 rows, 20 ms: RUNNING / raw',
    atMost: 1.1,
    measure: ({ imports: { runningMs, rawMs } }) => spread(ratios(runningMs, rawMs)),
  },
  {
    what: 'a file of 1,000,000 rows, 20 ms: CHECKING and RUNNING / raw',
    atMost: 1.25,
    measure: ({ imports: { wholeMs, rawMs } }) => spread(ratios(wholeMs, rawMs)),
  },
  {
    what: 'peak memory after 1,000,000 rows, MB',
    atMost: 250,
    measure: ({ imports: { peakMegabytes } }) => spread(peakMegabytes),
  },
  {
    what: 'p99 of a single lead beside a file / idle, 20 ms',
    atMost: 1.5,
    measure: ({ imports: { singleBesideP99, singleIdleP99 } }) =>
      spread(ratios(singleBesideP99, singleIdleP99)),
  },
  {
    what: 'a workbook of 200,000 rows is checked, s',
    atMost: 4,
    measure: ({ imports: { workbookMs } }) => spread(workbookMs.map((ms) => ms / 1000)),
  },
  {
    what: 'memory more for it, MB',
    atMost: 200,
    measure: ({ imports: { workbookMegabytes } }) => spread(workbookMegabytes),
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

function wallTo(name: string, results: Results, records: number, latencyMs: number): Spread {
  const wall = wallOf(results, records, latencyMs);
  return spread(ratios(samplesOf(wall, ours).wallMs, samplesOf(wall, name).wallMs));
}

/** The best is the one with the least median, and its own rounds are compared with. */
function toBestPeer(wall: WallResults, figure: (samples: WallSamples) => number[]): Spread {
  const peers = peersOf(wall).map((name) => figure(samplesOf(wall, name)));
  const [best = []] = peers.sort((one, other) => quantile(one, 0.5) - quantile(other, 0.5));
  return spread(ratios(figure(samplesOf(wall, ours)), best));
}

function peersOf(results: ReadonlyMap<string, unknown>): string[] {
  return contestants.filter(({ name, role }) => role === 'peer' && results.has(name)).map(({ name }) => name);
}

function cpuTo(floor: string) {
  return (results: Results): Spread => {
    const wall = wallOf(results, 10_000, 0);
    return spread(ratios(samplesOf(wall, ours).cpuMicros, samplesOf(wall, floor).cpuMicros));
  };
}
