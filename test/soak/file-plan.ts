// The file of leads that a soak imports: most rows are good, some have a wrong number or time, some repeat the number of an earlier
// row, and a few the dialer refuses. Drawn from the seed alone; each number stands in one row, apart from those that repeat it.

import { poisonName } from '../../src/sandbox/schedule.ts';
import { createRandom, type Random } from './random.ts';

export const fileColumns = ['PhoneNumber', 'ScheduledTime', 'Name'] as const;

/** `refused`: by the dialer, and its whole chunk with it. */
export type RowKind = 'good' | 'invalid' | 'repeated' | 'refused';

export interface PlannedRow {
  readonly kind: RowKind;
  /** As the file has them, in the order of its columns. */
  readonly cells: readonly [phoneNumber: string, scheduledTime: string, name: string];
}

const hourMs = 3_600_000;
/** Of Asia/Kolkata, the account's zone, which has no other. */
const offsetMs = 5.5 * hourMs;
/** Of a thousand rows; the others are good. */
const perThousand: Readonly<Record<Exclude<RowKind, 'good'>, number>> = {
  invalid: 20,
  repeated: 20,
  refused: 0.5,
};

/** Times are written as the dialer has them. */
export function planFile(seed: number, count: number, now: number): PlannedRow[] {
  const random = createRandom(seed, 'file');
  const good: PlannedRow[] = [];
  return Array.from({ length: count }, (_, n) => {
    const kind = good.length === 0 ? 'good' : draw(random);
    const number = `98${10_000_000 + n}`;
    const time = wallClock(now + offsetMs + 24 * hourMs + random.below(600) * hourMs);
    const row: PlannedRow = { kind, cells: cellsOf(kind, n, number, time, good, random) };
    if (kind === 'good') good.push(row);
    return row;
  });
}

export function textOf(rows: readonly PlannedRow[]): string {
  return `${[fileColumns, ...rows.map(({ cells }) => cells)].map((cells) => cells.join(',')).join('\n')}\n`;
}

function draw(random: Random): RowKind {
  let at = random.next() * 1000;
  for (const kind of Object.keys(perThousand) as (keyof typeof perThousand)[]) {
    at -= perThousand[kind];
    if (at < 0) return kind;
  }
  return 'good';
}

function cellsOf(
  kind: RowKind,
  n: number,
  number: string,
  time: string,
  good: readonly PlannedRow[],
  random: Random,
): PlannedRow['cells'] {
  const name = `Lead ${n}`;
  if (kind === 'refused') return [number, time, poisonName];
  if (kind === 'repeated') return [good[random.below(good.length)]?.cells[0] ?? number, time, name];
  if (kind === 'invalid') return random.chance(0.5) ? ['12', time, name] : [number, 'some day', name];
  return [number, time, name];
}

function wallClock(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}
