// What is the same for every contestant, and how much is measured in the full run and in the short one.
// The number of connections to the upstream matters more than any CPU work (twice as many nearly halve the time of a long
// mutation), so it is one constant for all. BENCH_CONNECTIONS sets another.

export const connections = Number(process.env.BENCH_CONNECTIONS ?? 16);
export const chunkSize = 100;
export const campaignName = 'Sales_Demo';
export const apiKey = 'bench-key';
export const userName = 'bench';

/** One mutation of so many records, with an upstream of that latency, measured so many times. */
export interface WallCell {
  records: number;
  latencyMs: number;
  rounds: number;
}

/** Names of contestants, or 'all' that take part. */
export type Some = readonly string[] | 'all';

export interface Plan {
  contestants: Some;
  wall: readonly WallCell[];
  fairness: { contestants: Some; rounds: number; idleMs: number; busyMs: number };
  singles: { rounds: number };
  memory: { contestants: Some; rounds: number };
  promises: { rounds: number };
  compression: { rounds: number };
  validation: { rounds: number };
  imports: { rounds: number; rows: number; workbookRows: number };
}

export const fullPlan: Plan = {
  contestants: 'all',
  wall: [
    ...cells(1, [15, 15, 11]),
    ...cells(100, [15, 15, 11]),
    ...cells(1_000, [11, 11, 9]),
    ...cells(10_000, [11, 9, 7]),
    ...cells(50_000, [3, 3, 2]),
  ],
  fairness: {
    contestants: ['floor', 'floor-same-rules', 'dialgraph', 'mercurius-jit', 'yoga', 'hive'],
    rounds: 2,
    idleMs: 2_000,
    busyMs: 4_000,
  },
  singles: { rounds: 5 },
  memory: { contestants: 'all', rounds: 2 },
  promises: { rounds: 11 },
  compression: { rounds: 11 },
  validation: { rounds: 25 },
  imports: { rounds: 3, rows: 1_000_000, workbookRows: 200_000 },
};

export const shortPlan: Plan = {
  contestants: ['floor', 'floor-same-rules', 'dialgraph', 'apollo', 'mercurius-jit', 'yoga'],
  wall: [
    { records: 1, latencyMs: 0, rounds: 5 },
    { records: 1, latencyMs: 20, rounds: 5 },
    { records: 100, latencyMs: 20, rounds: 5 },
    { records: 1_000, latencyMs: 20, rounds: 5 },
    ...cells(10_000, [5, 5, 3]),
    { records: 50_000, latencyMs: 20, rounds: 2 },
  ],
  fairness: {
    contestants: ['floor', 'floor-same-rules', 'dialgraph'],
    rounds: 1,
    idleMs: 2_000,
    busyMs: 3_000,
  },
  singles: { rounds: 3 },
  memory: { contestants: ['floor', 'floor-same-rules', 'dialgraph', 'mercurius-jit'], rounds: 1 },
  promises: { rounds: 5 },
  compression: { rounds: 5 },
  validation: { rounds: 15 },
  imports: { rounds: 1, rows: 1_000_000, workbookRows: 200_000 },
};

export function isAmong(some: Some, name: string): boolean {
  return some === 'all' || some.includes(name);
}

function cells(records: number, [none, some, much]: [number, number, number]): WallCell[] {
  return [
    { records, latencyMs: 0, rounds: none },
    { records, latencyMs: 20, rounds: some },
    { records, latencyMs: 100, rounds: much },
  ];
}
